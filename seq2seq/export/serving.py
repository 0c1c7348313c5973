"""Writing of SavedModels in the form that TensorFlow Serving takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import tensorflow as tf

from seq2seq.export.exportable import SERVED_VERSION


class Servable(Protocol):
    """TensorFlow module with a function that TensorFlow Serving offers."""

    def signature(self) -> Any:
        """Return the concrete function that takes and returns named tensors."""


def write_saved_model(module: Servable, directory: Path) -> None:
    """Save a module below `directory` as version 1 of a model, with the default signature."""
    signatures = {"serving_default": module.signature()}
    tf.saved_model.save(module, str(directory / SERVED_VERSION), signatures=signatures)
