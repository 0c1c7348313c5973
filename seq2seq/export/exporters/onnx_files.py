"""Export as ONNX files that hold their weights, for other runtimes."""

from __future__ import annotations

from pathlib import Path

from seq2seq.export.exportable import Exportable
from seq2seq.export.exporters.exporter import ExportOptions


class OnnxExporter:
    """ONNX files beside settings and tokenizers; implements `Exporter`."""

    def refusal(self, *, quantized: bool, shortlist: bool) -> str | None:
        """See `Exporter`."""
        return "an ONNX file has no shortlist; leave --shortlist out" if shortlist else None

    def write(self, model: Exportable, directory: Path, options: ExportOptions) -> None:
        """See `Exporter`."""
        model.write_plain_files(directory)
        found = model.for_inference(quantized=options.quantized)
        for name, graph in found.files().items():
            (directory / name).write_bytes(graph.model(found.numbers))
