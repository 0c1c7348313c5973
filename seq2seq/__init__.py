"""Sequence-to-sequence translation with LSTMs: from pairs of text to a trained translator.

The public names are loaded on first use, so that `import seq2seq` is fast.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seq2seq.config.recipe import load_settings
    from seq2seq.distributed.training import train
    from seq2seq.estimators import SequenceClassifier, SequenceRegressor
    from seq2seq.inference.predictor import Predictor
    from seq2seq.inference.translator import Translator
    from seq2seq.keras_conversion.bucketed_batches import bucketed_batches
    from seq2seq.keras_conversion.converter import convert

__version__ = "0.1.0"
__all__ = [
    "Predictor",
    "SequenceClassifier",
    "SequenceRegressor",
    "Translator",
    "__version__",
    "bucketed_batches",
    "convert",
    "load_settings",
    "train",
]

_HOMES = {
    "SequenceClassifier": "seq2seq.estimators",
    "SequenceRegressor": "seq2seq.estimators",
    "Predictor": "seq2seq.inference.predictor",
    "Translator": "seq2seq.inference.translator",
    "bucketed_batches": "seq2seq.keras_conversion.bucketed_batches",
    "convert": "seq2seq.keras_conversion.converter",
    "load_settings": "seq2seq.config.recipe",
    "train": "seq2seq.distributed.training",
}
_ON_TENSORFLOW = ("bucketed_batches", "SequenceClassifier", "SequenceRegressor")


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'seq2seq' has no attribute {name!r}")
    if name in _ON_TENSORFLOW:
        importlib.import_module("seq2seq.model.backend").quiet_tensorflow()
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
