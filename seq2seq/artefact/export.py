"""A whole artefact: the plain files, and the SavedModel built from the same weights."""

from __future__ import annotations

from pathlib import Path

from seq2seq.artefact.artefact import (
    SAVED_MODEL,
    Artefact,
    replacing,
    write_manifest,
    write_plain_files,
)
from seq2seq.artefact.saved_model import write_saved_model


def write_artefact(artefact: Artefact, directory: Path) -> Path:
    """Write the whole artefact, SavedModel included, in place of one that may be there.

    Raises `ArtefactError` if something that is no artefact stands at `directory`, or if the
    weights do not fit the settings; whatever goes wrong, a former artefact stays.
    """
    with replacing(directory) as partial:
        write_plain_files(partial, artefact)
        write_saved_model(artefact, partial / SAVED_MODEL)
        write_manifest(partial, artefact)
    return directory
