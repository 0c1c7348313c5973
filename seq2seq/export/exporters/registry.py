"""Registry of export formats; a new format needs an `Exporter` and a line in `_EXPORTERS`."""

from __future__ import annotations

from pathlib import Path

from seq2seq.errors import SettingsError
from seq2seq.export.exportable import Exportable
from seq2seq.export.exporters.exporter import Exporter, ExportOptions
from seq2seq.export.exporters.onnx_files import OnnxExporter
from seq2seq.export.exporters.own_format import OwnExporter
from seq2seq.export.exporters.saved_model import SavedModelExporter
from seq2seq.export.manifest import MANIFEST, write_foreign_manifest
from seq2seq.export.replacement import replacing

OWN_FORMAT = "seq2seq"

_EXPORTERS: dict[str, Exporter] = {
    OWN_FORMAT: OwnExporter(),
    "onnx": OnnxExporter(),
    "saved_model": SavedModelExporter(),
}


def register_exporter(name: str, exporter: Exporter) -> None:
    """Add a format under the name that `seq2seq export --format` takes.

    Raises:
        ValueError: there is a format of this name.
    """
    if name in _EXPORTERS:
        raise ValueError(f"there is an exporter {name!r} already; choose another name")
    _EXPORTERS[name] = exporter


def exporter_named(name: str, *, quantized: bool, shortlist: bool) -> Exporter:
    """Return the exporter of a format.

    Raises:
        SettingsError: there is none of this name, or the format cannot have these options.
    """
    exporter = _EXPORTERS.get(name)
    if exporter is None:
        raise SettingsError(
            f"--format received {name!r}; it must be one of {', '.join(_EXPORTERS)}"
        )
    refusal = exporter.refusal(quantized=quantized, shortlist=shortlist)
    if refusal is not None:
        raise SettingsError(f"--format {name}: {refusal}")
    return exporter


def write_export(model: Exportable, directory: Path, name: str, options: ExportOptions) -> Path:
    """Write an export atomically, replacing an existing one.

    Args:
        model: model to write.
        directory: directory of the export.
        name: name of the format.
        options: options of the export.

    Raises:
        SettingsError: there is no such format, or it cannot have these options.
        ModelError: `directory` exists and is no export, or the weights do not fit the settings.
    """
    exporter = exporter_named(
        name, quantized=options.quantized, shortlist=options.lexicon is not None
    )
    with replacing(directory) as partial:
        exporter.write(model, partial, options)
        if not (partial / MANIFEST).exists():
            write_foreign_manifest(partial, name=name, version=model.version)
    return directory
