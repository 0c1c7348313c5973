"""Export in the format that seq2seq reads."""

from __future__ import annotations

from pathlib import Path

from seq2seq.export.exportable import Exportable
from seq2seq.export.exporters.exporter import ExportOptions
from seq2seq.export.writer import fill


class OwnExporter:
    """Format of seq2seq: settings, tokenizers and numbers; implements `Exporter`."""

    def refusal(self, *, quantized: bool, shortlist: bool) -> str | None:
        """See `Exporter`."""
        return None

    def write(self, model: Exportable, directory: Path, options: ExportOptions) -> None:
        """See `Exporter`."""
        fill(model, directory, quantized=options.quantized, lexicon=options.lexicon)
