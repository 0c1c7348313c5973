"""Writing of a complete exported model: plain files, ONNX files and SavedModel.

All of them have the same weights.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seq2seq.disk import sync
from seq2seq.errors import ModelError
from seq2seq.export.exported_model import (
    SAVED_MODEL,
    ExportedModel,
    write_graphs,
    write_plain_files,
    write_weights,
)
from seq2seq.export.manifest import MANIFEST, write_manifest
from seq2seq.export.onnx.graphs import build_light_graphs, build_shortlist
from seq2seq.export.shortlist import Lexicon, write_shortlist


@contextmanager
def replacing(directory: Path) -> Iterator[Path]:
    """Yield an empty directory that replaces `directory` once it is filled and synced.

    If an exception is raised, the new directory is removed and the old one stays unchanged.
    """
    directory = Path(os.path.abspath(directory))
    _check_replaceable(directory)
    directory.parent.mkdir(parents=True, exist_ok=True)
    partial = directory.with_name(f".{directory.name}.partial")
    former = directory.with_name(f".{directory.name}.former")
    for leftover in (partial, former):  # left by a process that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    partial.mkdir()
    try:
        yield partial
        _sync_tree(partial)
        if directory.exists():
            directory.rename(former)
        try:
            partial.rename(directory)
        except OSError:
            if former.exists():
                former.rename(directory)
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    sync(directory.parent)
    shutil.rmtree(former, ignore_errors=True)


def _check_replaceable(directory: Path) -> None:
    if directory.is_symlink() or (directory.exists() and not directory.is_dir()):
        raise ModelError(f"{directory} is there and is no directory; choose another --output")
    if directory.is_dir() and any(directory.iterdir()) and not (directory / MANIFEST).is_file():
        raise ModelError(
            f"{directory} is there and holds something else than an exported model; choose "
            "another directory"
        )


def _sync_tree(directory: Path) -> None:
    for path in directory.rglob("*"):
        sync(path)
    sync(directory)


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
    cannot use it. If tensorflow-text is missing, the SavedModel is left out with a warning.

    Raises `ModelError` if `directory` exists and is not an exported model, or if the weights do
    not fit the settings. After any error the previous exported model is unchanged.
    """
    model, weights = exported_model.settings.model, exported_model.weights
    graphs = build_light_graphs(model, weights, quantized=quantized)
    with replacing(directory) as partial:
        write_plain_files(partial, exported_model)
        write_graphs(partial, **graphs._asdict())
        if lexicon is not None:
            shortlist = build_shortlist(model, weights, lexicon, quantized=quantized)
            write_shortlist(partial, shortlist)
        if not quantized:
            write_weights(partial, exported_model.weights)
            _add_saved_model(exported_model, partial)
        write_manifest(
            partial,
            version=exported_model.version,
            precision="int8" if quantized else "float32",
            source_vocab=exported_model.source_tokenizer.vocab_size,
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
    from seq2seq.export.saved_model import write_saved_model  # and TensorFlow

    write_saved_model(exported_model, directory / SAVED_MODEL)
