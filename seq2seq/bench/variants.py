"""Variants that are measured: forms, numbers of threads, and search options."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from seq2seq.bench.forms import Search
from seq2seq.export.manifest import ExportPrecision

REFERENCE = "TensorFlow"
OTHERS = ("PyTorch", "CTranslate2")  # random weights; measured if they are installed


@dataclass(frozen=True)
class Variant:
    """One row of the table.

    Attributes:
        form: one of `seq2seq.bench.forms.FORMS`.
        precision: precision of the weights, see `ExportPrecision`.
        threads: number of processor threads.
        search: search options.
    """

    form: str
    precision: ExportPrecision
    threads: int
    search: Search

    @property
    def process(self) -> tuple[str, str, int]:
        """Return the key that is equal for variants that share a process."""
        return self.form, self.precision, self.threads

    @property
    def reference(self) -> Variant:
        """Return the variant to compare with: TensorFlow with the same threads and search."""
        search = Search(self.search.beam_size, self.search.batched)
        return Variant(REFERENCE, "float32", self.threads, search)

    @property
    def name(self) -> str:
        """Return a name such as `ours int8, 2 threads, beam 4, one by one`."""
        search = self.search
        parts = [
            f"{self.form} {self.precision}",
            f"{self.threads} thread{'s' if self.threads > 1 else ''}",
            "greedy" if search.beam_size == 1 else f"beam {search.beam_size}",
            "batches" if search.batched else "one by one",
        ]
        return ", ".join(parts) + ("" if search.shrink_batches else ", batches not shrunk")


def all_variants(*, threads: int) -> list[Variant]:
    """Return every useful combination, with one thread and with `threads`."""
    searches = [Search(beam, batched) for beam in (1, 4) for batched in (True, False)]
    counts = sorted({1, threads})
    packages: list[tuple[str, ExportPrecision, str]] = [
        ("PyTorch", "float32", "torch"),
        ("CTranslate2", "int8", "ctranslate2"),
    ]
    others = [(form, precision) for form, precision, package in packages if find_spec(package)]
    variants = [
        Variant(form, precision, count, search)
        for form, precision in ((REFERENCE, "float32"), *others)
        for count in counts
        for search in searches
    ]
    variants += [
        Variant("ours", precision, count, search)
        for precision in ("float32", "int8")
        for count in counts
        for search in searches
        # Threads divide the sentences among them; one sentence at a time uses only one thread.
        if search.batched or count == 1
    ]
    return variants + [
        Variant("ours", "float32", 1, Search(beam, batched=True, shrink_batches=False))
        for beam in (1, 4)
    ]


def chosen_variants(variants: Sequence[Variant], pattern: str) -> list[Variant]:
    """Return the variants whose name matches `pattern` anywhere, and their references."""
    chosen = [variant for variant in variants if re.search(pattern, variant.name)]
    compared = {variant.reference for variant in chosen}
    return [variant for variant in variants if variant in chosen or variant in compared]
