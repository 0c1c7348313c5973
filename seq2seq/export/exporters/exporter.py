"""Interface of a format in which models are exported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from seq2seq.export.exportable import Exportable
from seq2seq.export.shortlist import Lexicon


@dataclass(frozen=True)
class ExportOptions:
    """Options of an export.

    Attributes:
        quantized: true for numbers in 8-bit integers.
        lexicon: lexicon of a shortlist, if there is one.
    """

    quantized: bool = False
    lexicon: Lexicon | None = None


class Exporter(Protocol):
    """Format in which models are exported."""

    def refusal(self, *, quantized: bool, shortlist: bool) -> str | None:
        """Return the reason why the format cannot have these options, or None."""

    def write(self, model: Exportable, directory: Path, options: ExportOptions) -> None:
        """Write the files of a model into an empty directory.

        If the format writes no manifest, one with the checksums of the files is added afterwards.
        """
