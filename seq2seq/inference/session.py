"""ONNX Runtime sessions with the same options everywhere."""

from __future__ import annotations

from typing import Any

import onnxruntime
from numpy.typing import NDArray

from seq2seq.errors import ArtefactError

_ERRORS_ONLY = 3


class Session:
    """Loaded graph; may be run from several threads at once."""

    def __init__(self, graph: bytes, name: str) -> None:
        """Load the graph; raise `ArtefactError` with `name` if ONNX Runtime does not accept it."""
        options = onnxruntime.SessionOptions()
        # One thread per session: with two on a busy machine a sentence took five times as long.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        providers = ["CPUExecutionProvider"]
        try:
            self._session = onnxruntime.InferenceSession(graph, options, providers=providers)
        except Exception as fault:  # ONNX Runtime's errors have no common class
            reason = str(fault).split("\n", 1)[0]
            raise ArtefactError(
                f"ONNX Runtime does not take the {name} ({reason}); export the model again"
            ) from fault
        self.inputs = [value.name for value in self._session.get_inputs()]
        self._options = onnxruntime.RunOptions()
        self._options.log_severity_level = _ERRORS_ONLY

    def run(self, names: list[str], feeds: dict[str, NDArray[Any]]) -> list[NDArray[Any]]:
        """Return the outputs with these names.

        Arrays are not copied on their way in or out; values of ONNX Runtime's own types take
        longer.

        Raises:
            ArtefactError: ONNX Runtime cannot run the graph on these inputs.
        """
        try:
            found: list[NDArray[Any]] = self._session.run(names, feeds, self._options)
            return found
        except Exception as fault:  # ONNX Runtime's errors have no common class
            reason = str(fault).split("\n", 1)[0]
            raise ArtefactError(
                f"ONNX Runtime cannot run the model ({reason}); export the model again, or lower "
                "the batch's pieces if memory is short"
            ) from fault
