"""Writing of a complete exported model, in the format of seq2seq."""

from __future__ import annotations

import logging
from pathlib import Path

from seq2seq.errors import ModelError
from seq2seq.export.exportable import Exportable
from seq2seq.export.exported_files import SAVED_MODEL, write_numbers
from seq2seq.export.manifest import write_manifest
from seq2seq.export.replacement import replacing
from seq2seq.export.shortlist import Lexicon, write_lexicon

_LOG = logging.getLogger("seq2seq")


def write_exported_model(
    exported_model: Exportable,
    directory: Path,
    *,
    quantized: bool = False,
    lexicon: Lexicon | None = None,
    saved_model: bool = False,
) -> Path:
    """Write a complete exported model atomically, replacing an existing one.

    Args:
        exported_model: model to write.
        directory: directory of the exported model.
        quantized: true for numbers in 8-bit integers.
        lexicon: lexicon of the shortlist; None for a model without a shortlist.
        saved_model: true to add a SavedModel. It is left out, with a warning, if it needs
            tensorflow-text and this is not installed, or if the model is a translator of features.

    Raises:
        ModelError: `directory` exists and is not an exported model, or the weights do not fit the
            settings. After any error the previous exported model is unchanged.
    """
    with replacing(directory) as partial:
        fill(exported_model, partial, quantized=quantized, lexicon=lexicon, saved_model=saved_model)
    return directory


def fill(
    exported_model: Exportable,
    directory: Path,
    *,
    quantized: bool,
    lexicon: Lexicon | None,
    saved_model: bool = False,
) -> None:
    """Write the files of an exported model into an empty directory; see `write_exported_model`."""
    exported_model.write_plain_files(directory)
    write_numbers(directory, exported_model.for_inference(quantized=quantized).numbers)
    if lexicon is not None:
        write_lexicon(directory, lexicon)
    if saved_model:
        _add_saved_model(exported_model, directory / SAVED_MODEL)
    write_manifest(
        directory,
        version=exported_model.version,
        precision="int8" if quantized else "float32",
        vocabulary=exported_model.vocabulary,
    )


def _add_saved_model(exported_model: Exportable, directory: Path) -> None:
    """Write the SavedModel, or warn that it is left out."""
    try:
        exported_model.write_saved_model(directory)
    except ModelError as error:
        _LOG.warning("the exported model has no %s/: %s", SAVED_MODEL, error)
    except ModuleNotFoundError as error:
        if error.name != "tensorflow_text":
            raise
        _LOG.warning(
            "the exported model has no %s/: its graph needs tensorflow-text, which is not "
            "installed; all else is written. To write one, install tensorflow-text and run "
            "`seq2seq export --format saved_model`",
            SAVED_MODEL,
        )
