"""Masks in the graph of a model in memory, as Keras 3 passes them from layer to layer."""

from __future__ import annotations

from typing import Any

from seq2seq.keras_conversion.layers import every_layer, operations_of


def losing_masks(model: Any) -> set[str]:
    """Return the names of layers and operations that read steps with a mask and lose the mask."""
    from keras.src.backend import get_keras_mask

    found = set()
    for layer in (*every_layer(model), *operations_of(model)):
        for node in layer._inbound_nodes:
            read = [get_keras_mask(tensor) is not None for tensor in node.input_tensors]
            steps = [tensor for tensor in node.output_tensors if None in tensor.shape[1:]]
            lost = any(get_keras_mask(tensor) is None for tensor in steps)
            # Keras 3 treats a step as real if it is real in any concatenated tensor.
            lost = lost or (type(layer).__name__ == "Concatenate" and not all(read))
            if any(read) and lost:
                found.add(str(layer.name))
    return found


def masked_by_keras(model: Any) -> set[str]:
    """Return the names of the layers of a functional model that get only their inputs' own masks.

    Keras writes these masks into the saved model, as if the user had passed them.
    """
    from keras.src.backend import get_keras_mask

    number = _Numbering()
    found = set()
    for layer in model.layers:
        given = set()
        own = set()
        for node in layer._inbound_nodes:
            masks = {k: v for k, v in node.arguments.kwargs.items() if k.endswith("mask")}
            given |= {number.of(mask) for mask in _flat(masks)}
            own |= {number.of(get_keras_mask(tensor)) for tensor in node.input_tensors}
        if given <= own:
            found.add(str(layer.name))
    return found


class _Numbering:
    """Numbering of tensors; tensors from the same computation have the same number."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}
        self._known: dict[int, int] = {}  # by the id of a tensor, which the graph keeps alive

    def of(self, tensor: Any) -> int:
        """Return the number of a tensor, or of an argument that is not a tensor."""
        import keras

        if not isinstance(tensor, keras.KerasTensor):
            return self._number(repr(tensor))
        if id(tensor) not in self._known:
            self._known[id(tensor)] = self._number(self._origin(tensor))
        return self._known[id(tensor)]

    def _number(self, origin: Any) -> int:
        return self._numbers.setdefault(origin, len(self._numbers))

    def _origin(self, tensor: Any) -> tuple[Any, ...]:
        import keras

        operation, index, output = tensor._keras_history
        if isinstance(operation, keras.layers.Layer):
            return operation.name, index, output
        settings = {key: value for key, value in operation.get_config().items() if key != "name"}
        arguments = operation._inbound_nodes[index].arguments
        given = [self.of(each) for each in _flat([arguments.args, arguments.kwargs])]
        return type(operation).__name__, repr(settings), tuple(given), output


def _flat(value: Any) -> list[Any]:
    import keras

    return list(keras.tree.flatten(value))
