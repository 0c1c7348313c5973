"""The options that every command with a trained model has, and the loading of that model."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seq2seq.inference.translator import Translator


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Add `--model`, `--batch-tokens` and `--threads`."""
    add = parser.add_argument
    add("--model", required=True, type=Path, metavar="DIR", help="a run or an exported model")
    add("--batch-tokens", type=positive, metavar="N", help="pieces a batch, padding counted")
    add("--threads", type=positive, metavar="N", help="processor threads; default: all")


def load_translator(options: argparse.Namespace) -> Translator:
    """The translator of `--model`, on `--threads` threads.

    Raises `ArtefactError` if there is no such model or it is damaged.
    """
    # TensorFlow loads here and not before, so that help and mistakes come at once.
    from seq2seq.inference.translator import Translator

    if options.threads is not None:
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(options.threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    return Translator.load(options.model)


def positive(text: str) -> int:
    """A whole number of at least 1, for argparse."""
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 1, not {text!r}")
    return number
