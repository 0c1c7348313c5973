"""A whole artefact: the plain files, the light form and the SavedModel, of the same weights."""

from __future__ import annotations

import importlib.util
import logging
from pathlib import Path

from seq2seq.artefact.artefact import (
    SAVED_MODEL,
    Artefact,
    write_graphs,
    write_plain_files,
    write_weights,
)
from seq2seq.artefact.light_graphs import build_light_graphs, build_shortlist
from seq2seq.artefact.manifest import write_manifest
from seq2seq.artefact.replacement import replacing
from seq2seq.artefact.shortlist import Lexicon, write_shortlist

_LOG = logging.getLogger("seq2seq")


def write_artefact(
    artefact: Artefact,
    directory: Path,
    *,
    quantized: bool = False,
    lexicon: Lexicon | None = None,
) -> Path:
    """Write a whole artefact in place of one that may be there; with a lexicon, a shortlist too.

    A quantized one holds the light form alone: it is to be small, and TensorFlow has no use of it.
    Where tensorflow-text is missing, the SavedModel is left out with a warning.

    Raises `ArtefactError` if something that is no artefact stands at `directory`, or if the
    weights do not fit the settings; whatever goes wrong, a former artefact stays.
    """
    model, weights = artefact.settings.model, artefact.weights
    graphs = build_light_graphs(model, weights, quantized=quantized)
    with replacing(directory) as partial:
        write_plain_files(partial, artefact)
        write_graphs(partial, **graphs._asdict())
        if lexicon is not None:
            shortlist = build_shortlist(model, weights, lexicon, quantized=quantized)
            write_shortlist(partial, shortlist)
        if not quantized:
            write_weights(partial, artefact.weights)
            _add_saved_model(artefact, partial)
        write_manifest(
            partial,
            version=artefact.version,
            precision="int8" if quantized else "float32",
            source_vocab=artefact.source_tokenizer.vocab_size,
            target_vocab=artefact.target_tokenizer.vocab_size,
        )
    return directory


def _add_saved_model(artefact: Artefact, directory: Path) -> None:
    """Write the SavedModel into `directory`, or warn that it is left out."""
    if importlib.util.find_spec("tensorflow_text") is None:
        _LOG.warning(
            "the exported model has no %s/: its graph needs tensorflow-text, which is not "
            "installed; all else is written. To add it, install tensorflow-text and run "
            "`seq2seq export` again",
            SAVED_MODEL,
        )
        return
    from seq2seq.artefact.saved_model import write_saved_model  # and TensorFlow

    write_saved_model(artefact, directory / SAVED_MODEL)
