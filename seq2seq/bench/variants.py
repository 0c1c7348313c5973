"""Which forms are measured, on how many threads, and how they search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from seq2seq.bench.forms import Search

REFERENCE = "TensorFlow"
OTHERS = ("PyTorch", "CTranslate2")  # random weights; measured where they are installed


@dataclass(frozen=True)
class Variant:
    """One line of the table.

    Attributes:
        form: one of `seq2seq.bench.forms.FORMS`.
        precision: of the weights, one of `seq2seq.artefact.manifest.PRECISIONS`.
        threads: of the processor.
        search: how it is translated.
    """

    form: str
    precision: str
    threads: int
    search: Search

    @property
    def process(self) -> tuple[str, str, int]:
        """What variants of one process have in common."""
        return self.form, self.precision, self.threads

    @property
    def reference(self) -> Variant:
        """What it is compared with: TensorFlow, threads and search alike."""
        search = Search(self.search.beam_size, self.search.batched)
        return Variant(REFERENCE, "float32", self.threads, search)

    @property
    def name(self) -> str:
        """Such as `light int8, 2 threads, beam 4, one by one`."""
        search = self.search
        parts = [
            f"{self.form} {self.precision}",
            f"{self.threads} thread{'s' if self.threads > 1 else ''}",
            "greedy" if search.beam_size == 1 else f"beam {search.beam_size}",
            "batches" if search.batched else "one by one",
        ]
        return ", ".join(parts) + ("" if search.shrink_batches else ", batches not shrunk")


def all_variants(*, threads: int) -> list[Variant]:
    """Every combination that makes sense, on one and on all of `threads`."""
    searches = [Search(beam, batched) for beam in (1, 4) for batched in (True, False)]
    counts = sorted({1, threads})
    others = [
        (form, precision)
        for form, precision, package in (
            ("PyTorch", "float32", "torch"),
            ("CTranslate2", "int8", "ctranslate2"),
        )
        if find_spec(package)
    ]
    variants = [
        Variant(form, precision, count, search)
        for form, precision in ((REFERENCE, "float32"), *others)
        for count in counts
        for search in searches
    ]
    variants += [
        Variant("light", precision, count, search)
        for precision in ("float32", "int8")
        for count in counts
        for search in searches
        # Its threads share sentences: one at a time has one thread.
        if search.batched or count == 1
    ]
    return variants + [
        Variant("light", "float32", 1, Search(beam, batched=True, shrink_batches=False))
        for beam in (1, 4)
    ]


def chosen_variants(variants: Sequence[Variant], pattern: str) -> list[Variant]:
    """Those whose name the regular expression `pattern` finds, and what they are compared with."""
    chosen = [variant for variant in variants if re.search(pattern, variant.name)]
    compared = {variant.reference for variant in chosen}
    return [variant for variant in variants if variant in chosen or variant in compared]
