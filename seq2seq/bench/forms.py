"""The ways to run a model that are measured, each loaded in a process of its own."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Search:
    """How sentences are translated in a measurement.

    Attributes:
        beam_size: hypotheses kept a sentence.
        batched: all sentences are given at once; else each when the one before is done.
        shrink_batches: sentences that are done leave their batch.
    """

    beam_size: int
    batched: bool
    shrink_batches: bool = True


class Form(Protocol):
    """A way to run a model, loaded."""

    def translate(self, sentences: Sequence[str], search: Search) -> list[str]:
        """The translations, in order; none where a form cannot tell any."""


@dataclass(frozen=True)
class Loading:
    """What a form is loaded from.

    Attributes:
        directory: of the artefact.
        threads: of the processor.
        steps: pieces a form writes that has no weights to end by.
    """

    directory: Path
    threads: int
    steps: int


# The module of each form, with `load(loading) -> Form`.
FORMS = {
    "light": "seq2seq.bench.light_form",
    "TensorFlow": "seq2seq.bench.tensorflow_form",
    "PyTorch": "seq2seq.bench.torch_form",
    "CTranslate2": "seq2seq.bench.ctranslate2_form",
    "products": "seq2seq.bench.ceiling",
}


def load_form(name: str, loading: Loading) -> Form:
    """Load the form called `name`, one of `FORMS`."""
    form: Form = importlib.import_module(FORMS[name]).load(loading)
    return form
