"""Export as a SavedModel for TensorFlow Serving and other programs that run SavedModels."""

from __future__ import annotations

from pathlib import Path

from seq2seq.export.exportable import Exportable
from seq2seq.export.exporters.exporter import ExportOptions


class SavedModelExporter:
    """SavedModel in a version directory, float32; implements `Exporter`."""

    def refusal(self, *, quantized: bool, shortlist: bool) -> str | None:
        """See `Exporter`."""
        if quantized or shortlist:
            option = "--quantize" if quantized else "--shortlist"
            return f"a SavedModel is in float32 and has the whole vocabulary; leave {option} out"
        return None

    def write(self, model: Exportable, directory: Path, options: ExportOptions) -> None:
        """See `Exporter`."""
        model.write_plain_files(directory)
        model.write_saved_model(directory)
