"""Removal of the parts of a saved model that only its training uses.

Optimizers, losses and metrics do not change outputs; therefore they are removed, and not vetted,
imported or created. Regularizers, constraints and initial values of weights do not change outputs
either, but further training of the converted model uses them: they are kept if their code is
available, and removed otherwise.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from seq2seq.keras_conversion.graph import Entry, name_of, objects_of
from seq2seq.keras_conversion.layers import every_layer

_ENDINGS = ("_regularizer", "_constraint", "_initializer")
_DROPPED = (
    "layer {layer!r} ({kind}) is without its {setting} {name!r} now, whose code is not there; that "
    "changes no answer, only further training"
)


@contextlib.contextmanager
def left_uncompiled(model: Any) -> Iterator[None]:
    """Mark a model as not compiled during the block.

    It is then saved without optimizer, losses and metrics, which Keras may be unable to write.
    """
    compiled = [each for each in (model, *every_layer(model)) if getattr(each, "compiled", False)]
    for each in compiled:
        each.compiled = False
    try:
        yield
    finally:
        for each in compiled:
            each.compiled = True


def drop_compilation(config: Any) -> None:
    """Remove the optimizer, losses and metrics of a model and of the models in it; in place."""
    for entry in objects_of(config):
        entry.pop("compile_config", None)


def drop_unknown(config: Any, is_known: Callable[[Any], bool]) -> list[str]:
    """Remove unknown regularizers and constraints, and make unknown initializers zeros; in place.

    Args:
        config: configuration of a model.
        is_known: function that returns whether the class or function of a setting is available.

    Returns:
        a note for the user about each removed setting.
    """
    notes = []
    for entry in objects_of(config):
        settings = entry.get("config")
        if not isinstance(settings, dict):
            continue
        for setting, value in settings.items():
            if not setting.endswith(_ENDINGS) or is_known(value):
                continue
            settings[setting] = "zeros" if setting.endswith("_initializer") else None
            notes.append(_note(entry, setting, value))
    return notes


def _note(entry: Entry, setting: str, value: Any) -> str:
    name = str(value)
    if isinstance(value, dict):
        name = str(value["config"] if value["class_name"] == "function" else value["class_name"])
    name = name.strip("_")  # of `__lambda__`
    return _DROPPED.format(
        layer=name_of(entry), kind=entry["class_name"], setting=setting, name=name
    )
