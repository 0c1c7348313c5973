"""Options of every command with a trained model, and the loading of that model."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.commands.options import named_path, whole
from seq2seq.config.tasks import TASKS
from seq2seq.errors import ModelError

if TYPE_CHECKING:
    from seq2seq.inference.translator import Translator

positive = whole(1)


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Add `--model` and `--batch-tokens`."""
    add = parser.add_argument
    add(
        *("--model",),
        required=True,
        type=named_path,
        action="append",
        metavar="DIR",
        help="a run or an exported model; several together are an ensemble, the first one's "
        "tokenizers serving all",
    )
    add("--batch-tokens", type=positive, metavar="N", help="tokens a batch, padding counted")


def load_following(paths: Sequence[Path]) -> list[Translator]:
    """Return the translators of `--then`, each of which reads the texts of the model before it.

    Raises:
        ModelError: a model does not exist, is damaged or does not read texts.
    """
    translators = [load_models([path]) for path in paths]
    for path, translator in zip(paths, translators, strict=True):
        if translator.inputs.features:
            what = "sequences of numbers" if translator.form.audio is None else "sound"
            raise ModelError(
                f"--then {path} reads {what}, and the model before it writes texts; give it as "
                "--model, and as --then a model that reads texts"
            )
    return translators


def load_translator(options: argparse.Namespace) -> Translator:
    """Return the translator of `--model`; several models form an ensemble.

    Raises `ModelError` if there is no such model or it is damaged.
    """
    return load_models(options.model)


def load_models(paths: Sequence[Path]) -> Translator:
    """Return the translator of a model; several models form an ensemble.

    Raises:
        ModelError: a model does not exist, is damaged or is of another task.
    """
    # Loaded only here, so that help and errors appear at once.
    from seq2seq.export.exported_model import find_exported_model, task_of
    from seq2seq.inference.translator import Translator

    for path in paths:
        task = task_of(find_exported_model(path))
        if task.has_labels:
            command = TASKS[task.name].command
            raise ModelError(f"{path} is a model of {task.name}; use `seq2seq {command}`")
    return Translator.load(*paths)


def model_fingerprint(paths: Sequence[Path]) -> list[str]:
    """Return for each model the checksum of its manifest, which covers all of its files.

    Raises `ModelError` if a model does not exist or cannot be read by this version.
    """
    from seq2seq.export.exported_model import find_exported_model
    from seq2seq.export.manifest import MANIFEST, read_manifest

    manifests = [read_manifest(find_exported_model(path)) for path in paths]
    files = [manifest.directory / MANIFEST for manifest in manifests]
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
