"""Forms of a model that are measured: implementations, each loaded in a process of its own."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from seq2seq.model.backend import quiet_tensorflow


@dataclass(frozen=True)
class Search:
    """Search options of a measurement.

    Attributes:
        beam_size: number of hypotheses kept for each sentence.
        batched: true if all sentences are given at once; otherwise one after the other.
        shrink_batches: true if finished sentences leave their batch.
    """

    beam_size: int
    batched: bool
    shrink_batches: bool = True


class Form(Protocol):
    """Loaded implementation ("form") of a model."""

    def translate(self, sentences: Sequence[str], search: Search) -> list[str]:
        """Return the translations, in order; an empty list if the form has none."""


@dataclass(frozen=True)
class Loading:
    """Parameters for loading a form.

    Attributes:
        directory: directory of the exported model.
        threads: number of processor threads.
        steps: number of tokens of each output, for a form with random weights, which cannot
            determine the end of an output.
    """

    directory: Path
    threads: int
    steps: int


# Module of each form, with a function `load(loading) -> Form`.
FORMS = {
    "ours": "seq2seq.bench.onnx_form",
    "TensorFlow": "seq2seq.bench.tensorflow_form",
    "PyTorch": "seq2seq.bench.torch_form",
    "CTranslate2": "seq2seq.bench.ctranslate2_form",
    "products": "seq2seq.bench.ceiling",
}


def load_form(name: str, loading: Loading) -> Form:
    """Load the form called `name`, one of `FORMS`."""
    if name == "TensorFlow":
        quiet_tensorflow()  # the module imports TensorFlow
    form: Form = importlib.import_module(FORMS[name]).load(loading)
    return form
