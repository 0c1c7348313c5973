"""Inputs of a model: which are sequences, their length, and their content."""

from __future__ import annotations

from dataclasses import dataclass

from seq2seq.errors import ConversionError
from seq2seq.keras_conversion.graph import (
    Entry,
    input_names,
    layers_of,
    name_of,
    readers,
    reading,
    shapes_in,
    walk,
)


@dataclass(frozen=True)
class ModelInput:
    """Description of one input of a Keras model.

    Attributes:
        name: name of its input layer.
        shape: shape `(batch, steps, ...)`; None is any size.
        dtype: type of its tensors, such as `float32`.
        is_sequence: true if axis 1 is time.
        vocabulary: exclusive upper bound of its ids, if they are the input of an `Embedding`.
        mask_value: value of a step of padding; None if the model has no mask for it.
    """

    name: str
    shape: tuple[int | None, ...]
    dtype: str
    is_sequence: bool
    vocabulary: int | None = None
    mask_value: float | None = None

    @property
    def steps(self) -> int | None:
        """Return the length of its sequences; None for any length, or if it is not a sequence."""
        return self.shape[1] if self.is_sequence else None


def model_inputs(model: Entry) -> list[ModelInput]:
    """Return the inputs of a model, in order.

    Args:
        model: configuration of the model, as Keras 3 writes it.

    Raises:
        ConversionError: it takes no sequence of vectors, ids or images, or takes text.
    """
    for entry in walk(model):
        if entry["class_name"].startswith("ConvLSTM"):
            raise ConversionError(
                f"Layer {name_of(entry)!r} ({entry['class_name']}) reads sequences of grids, "
                "which are not converted."
            )
    layers = {name_of(entry): entry for entry in layers_of(model)}
    inputs = [_model_input(model, layers[name]) for name in input_names(model)]
    if not any(each.is_sequence for each in inputs):
        shapes = ", ".join(f"{each.name!r} {_written(each.shape)}" for each in inputs)
        raise ConversionError(
            f"No input of the model is a sequence: {shapes or 'none'}; a sequence has the shape "
            "(batch, steps, features), or (batch, steps) of ids for an Embedding."
        )
    return inputs


def mask_values(model: Entry) -> dict[str, float | None]:
    """Return the padding value of each input by its name; None for an input without a mask."""
    return {name: _mask_value(list(readers(model, name))) for name in input_names(model)}


def takes_sequence(model: Entry, entry: Entry) -> bool:
    """Return whether axis 1 of an input layer of `model`, which may be nested, is time."""
    rank = len(entry["config"]["batch_shape"])
    doing = list(readers(model, name_of(entry)))
    if rank == 3:
        return True
    if rank == 2:
        return _become_steps(model, entry) or any(_reads_steps(reader) for reader in doing)
    wrapped = ("TimeDistributed", "Conv3D", "Masking")
    return rank > 3 and any(reader["class_name"] in wrapped for reader in doing)


def _model_input(model: Entry, entry: Entry) -> ModelInput:
    name, config = name_of(entry), entry["config"]
    doing = list(readers(model, name))
    if config.get("dtype") == "string":
        raise ConversionError(
            f"Input {name!r} takes text; a model is converted from where its text has become ids."
        )
    embeddings = [each["config"] for each in doing if each["class_name"] == "Embedding"]
    return ModelInput(
        name=name,
        shape=tuple(config["batch_shape"]),
        dtype=str(config.get("dtype") or "float32"),
        is_sequence=takes_sequence(model, entry),
        vocabulary=min((each["input_dim"] for each in embeddings), default=None),
        mask_value=_mask_value(doing),
    )


def _reads_steps(reader: Entry) -> bool:
    if reader["class_name"] == "Reshape":  # (batch, steps) becomes (batch, steps, 1)
        target = reader["config"].get("target_shape", ())
        return len(target) == 2 and target[1] == 1
    return bool(reader["class_name"] == "Embedding")


def _become_steps(model: Entry, entry: Entry) -> bool:
    """Return whether a reader of `(batch, steps)` reshapes it to `(batch, steps, 1)`."""
    steps = entry["config"]["batch_shape"][1]
    for reader, _ in reading(model, name_of(entry)):
        for after, _ in reading(model, name_of(reader)):
            built = after.get("build_config") or {}
            for shape in (built.get("input_shape"), *shapes_in(after.get("inbound_nodes"))):
                if isinstance(shape, list) and shape[1:] == [steps, 1]:
                    return True
    return False


def _mask_value(reading: list[Entry]) -> float | None:
    """Return the padding value of the layers that read an input; for ids Keras allows only 0."""
    values = {
        float(each["config"]["mask_value"]) for each in reading if each["class_name"] == "Masking"
    }
    if any(e["class_name"] == "Embedding" and e["config"].get("mask_zero") for e in reading):
        values.add(0.0)
    return values.pop() if len(values) == 1 else None


def _written(shape: tuple[int | None, ...]) -> str:
    return f"({', '.join('any' if size is None else str(size) for size in shape)})"
