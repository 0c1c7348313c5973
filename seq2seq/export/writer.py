"""Writing of a complete exported model: plain files, ONNX files and SavedModel.

All of them have the same weights.
"""

from __future__ import annotations

import importlib.util
import logging
from pathlib import Path

from seq2seq.export.exported_model import (
    SAVED_MODEL,
    ExportedModel,
    write_graphs,
    write_plain_files,
    write_weights,
)
from seq2seq.export.manifest import write_manifest
from seq2seq.export.onnx.graphs import build_light_graphs, build_shortlist
from seq2seq.export.replacement import replacing
from seq2seq.export.shortlist import Lexicon, write_shortlist
from seq2seq.model.backend import quiet_tensorflow

_LOG = logging.getLogger("seq2seq")


def write_exported_model(
    exported_model: ExportedModel,
    directory: Path,
    *,
    quantized: bool = False,
    lexicon: Lexicon | None = None,
) -> Path:
    """Write a complete exported model, replacing an existing one; with a lexicon, also a shortlist.

    A quantized exported model holds only the ONNX files, because it should be small and TensorFlow
    cannot use it. If tensorflow-text is missing, the SavedModel is left out with a warning; a
    model of features has none.

    Raises `ModelError` if `directory` exists and is not an exported model, or if the weights do
    not fit the settings. After any error the previous exported model is unchanged.
    """
    model, weights = exported_model.settings.model, exported_model.weights
    features = exported_model.inputs.features
    graphs = build_light_graphs(model, weights, quantized=quantized, features=features)
    with replacing(directory) as partial:
        write_plain_files(partial, exported_model)
        write_graphs(partial, **graphs._asdict())
        if lexicon is not None:
            shortlist = build_shortlist(model, weights, lexicon, quantized=quantized)
            write_shortlist(partial, shortlist)
        if not quantized:
            write_weights(partial, exported_model.weights)
            if not features:
                _add_saved_model(exported_model, partial)
        write_manifest(
            partial,
            version=exported_model.version,
            precision="int8" if quantized else "float32",
            source_vocab=0 if features else exported_model.source_tokenizer.vocab_size,
            target_vocab=exported_model.target_tokenizer.vocab_size,
        )
    return directory


def _add_saved_model(exported_model: ExportedModel, directory: Path) -> None:
    """Write the SavedModel into `directory`, or warn that it is left out."""
    if importlib.util.find_spec("tensorflow_text") is None:
        _LOG.warning(
            "the exported model has no %s/: its graph needs tensorflow-text, which is not "
            "installed; all else is written. To add it, install tensorflow-text and run "
            "`seq2seq export` again",
            SAVED_MODEL,
        )
        return
    quiet_tensorflow()
    from seq2seq.export.saved_model import write_saved_model

    write_saved_model(exported_model, directory / SAVED_MODEL)
