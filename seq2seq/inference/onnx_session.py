"""Session of ONNX Runtime over a graph that was built in memory."""

from __future__ import annotations

from typing import Any

import onnxruntime
from numpy.typing import NDArray

from seq2seq.errors import ModelError
from seq2seq.export.onnx.builder import Graph
from seq2seq.export.onnx.parameters import Numbers

Arrays = dict[str, NDArray[Any]]

_ERRORS_ONLY = 3


class Session:
    """Loaded graph; may be run from several threads at once."""

    def __init__(self, graph: Graph, numbers: Numbers, name: str) -> None:
        """Load the graph.

        Args:
            graph: graph to run.
            numbers: numbers of the model, which are not copied.
            name: name of the graph in messages.

        Raises:
            ModelError: ONNX Runtime does not accept the graph.
        """
        options = onnxruntime.SessionOptions()
        # One thread per session: with two on a busy machine a sentence took five times as long.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        names = list(graph.parameters)
        # ONNX Runtime reads these numbers where they are, so they must live as long as the session.
        self._numbers = [onnxruntime.OrtValue.ortvalue_from_numpy(numbers[one]) for one in names]
        try:
            options.add_external_initializers(names, self._numbers)
            self._session = onnxruntime.InferenceSession(
                graph.model(), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # ONNX Runtime's errors have no common class
            reason = str(error).split("\n", 1)[0]
            raise ModelError(
                f"ONNX Runtime does not take the {name} ({reason}); export the model again"
            ) from error
        self.inputs = [value.name for value in self._session.get_inputs()]
        self._options = onnxruntime.RunOptions()
        self._options.log_severity_level = _ERRORS_ONLY

    def run(self, names: list[str], feeds: Arrays) -> list[NDArray[Any]]:
        """Return the outputs with these names.

        Arrays are not copied on their way in or out; values of ONNX Runtime's own types take
        longer.

        Raises:
            ModelError: ONNX Runtime cannot run the graph on these inputs.
        """
        try:
            found: list[NDArray[Any]] = self._session.run(names, feeds, self._options)
            return found
        except Exception as error:  # ONNX Runtime's errors have no common class
            reason = str(error).split("\n", 1)[0]
            raise ModelError(
                f"ONNX Runtime cannot run the model ({reason}); export the model again, or lower "
                "the batch's tokens if memory is short"
            ) from error
