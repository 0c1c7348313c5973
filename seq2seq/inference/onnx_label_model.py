"""Classification or regression model run by ONNX Runtime, without TensorFlow."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.errors import ModelError
from seq2seq.export.exported_label_model import LabelInferenceModel
from seq2seq.export.onnx.label_graphs import LOWEST
from seq2seq.inference.onnx_session import Arrays, Session

# Scaled features beyond this saturate every gate; products with still larger ones may overflow.
_LARGEST = np.float32(1e30)


class OnnxLabelModel:
    """ONNX model that reads whole sequences; several threads may call it at once."""

    def __init__(self, exported_model: LabelInferenceModel) -> None:
        """Load the graph of an exported model.

        Raises:
            ModelError: ONNX Runtime does not accept the graph.
        """
        graphs = exported_model.graphs()
        self._values = "source_ids" if graphs.shape.vocab else "features"
        self._session = Session(graphs.whole, exported_model.numbers, "model")

    def __call__(self, values: NDArray[Any], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Return the outputs of the head.

        Args:
            values: token ids `[batch, length] int32` or features `[batch, length, features]
                float32`.
            mask: flags of steps, `[batch, length] bool`, at least one in each row; padding may be
                on either side.

        Returns:
            outputs, `[batch, outputs]`; for a model with a prediction at each step, `[batch,
            length, outputs]` with padding always on the right.

        Raises:
            ModelError: the outputs are not finite numbers.
        """
        lengths = mask.sum(axis=1, dtype=np.int32)
        here = np.arange(mask.shape[1]) < lengths[:, np.newaxis]
        right = np.zeros_like(values)
        right[here] = values[mask]
        feeds = {self._values: _bounded(right), "lengths": lengths}
        return _checked(self._session.run(["outputs"], feeds)[0])


class OnnxLabelStep:
    """ONNX graph of one step of a sequence of features, with the state of that sequence."""

    def __init__(self, exported_model: LabelInferenceModel) -> None:
        """Load the graph of a unidirectional exported model, before the first step.

        Raises:
            ModelError: ONNX Runtime does not accept the graph.
        """
        graphs = exported_model.graphs()
        self._names = graphs.state_names
        self._first: Arrays = {
            name: np.zeros([1, graphs.state_width(name)], np.float32) for name in self._names
        }
        highest = "pooled" if graphs.shape.pooling == "max" else "highest"
        if highest in self._first:
            self._first[highest] += np.float32(LOWEST)
        self._session = Session(graphs.step(), exported_model.numbers, "step")
        self.restart()

    def restart(self) -> None:
        """Begin another sequence."""
        self._state = self._first

    def push(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Read a step `[features]`; return the outputs of the head after it, `[outputs]`.

        Raises:
            ModelError: the outputs are not finite numbers.
        """
        feeds = {**self._state, "features": _bounded(values)[np.newaxis, np.newaxis]}
        names = ["outputs", *(f"new_{name}" for name in self._names)]
        outputs, *state = self._session.run(names, feeds)
        self._state = dict(zip(self._names, state, strict=True))
        return _checked(outputs)[0]


def _bounded(values: NDArray[Any]) -> NDArray[Any]:
    if values.dtype != np.float32:
        return values
    return np.clip(values, -_LARGEST, _LARGEST)


def _checked(outputs: NDArray[np.float32]) -> NDArray[np.float32]:
    if not np.isfinite(outputs).all():
        raise ModelError(
            "the model gives outputs that are not finite numbers; its weights are damaged: export "
            "the model again"
        )
    return outputs
