"""A model run by ONNX Runtime: what the search steps through, without TensorFlow."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from seq2seq.errors import ArtefactError
from seq2seq.search.step_model import Ints, Step

_ERRORS_ONLY = 3
_LEAST = -1e8  # no log-probability is lower


class Memory(NamedTuple):
    """What attention needs of a batch of sources; empty for a model without attention."""

    values: dict[str, Any]


class OnnxModel:
    """The encoder and the step of a light artefact.

    Each call runs on the thread that makes it; several threads may call at once, and a call
    lets Python's lock go.
    """

    def __init__(self, encoder: bytes, step: bytes, *, vocab_size: int) -> None:
        """Load both graphs; `vocab_size` is the target's.

        Raises `ArtefactError` if ONNX Runtime does not take them.
        """
        self.vocab_size = vocab_size
        self._encoder, self._step = _session(encoder, "encoder"), _session(step, "step")
        inputs = [value.name for value in self._step.get_inputs()]
        self.has_attention = "keys" in inputs
        self._memory = [name for name in ("keys", "values", "mask") if name in inputs]
        self._states = [name for name in inputs if name.startswith(("hidden_", "cell_"))]
        self._options = onnxruntime.RunOptions()
        self._options.log_severity_level = _ERRORS_ONLY

    def encode(self, source_ids: Ints) -> tuple[Memory, list[Any]]:
        """As `StepModel.encode`."""
        names = [*self._memory, *self._states]
        feeds = {"source_ids": _value(source_ids)}
        found = self._run(self._encoder, names, feeds)
        memory = Memory(dict(zip(self._memory, found, strict=False)))
        return memory, found[len(self._memory) :]

    def step(
        self,
        memory: Memory,
        state: list[Any],
        tokens: Ints,
        origins: NDArray[np.int64],
        *,
        top: int | None,
        attention: bool,
    ) -> Step:
        """As `StepModel.step`."""
        feeds = {
            "tokens": _value(tokens),
            "origins": _value(origins),
            "top": _value(np.array([top or 1])),
            **memory.values,
            **dict(zip(self._states, state, strict=True)),
        }
        names = ["end_log_probs"]
        names += ["log_probs"] if top is None else ["top_log_probs", "top_ids"]
        names += ["attention"] if attention else []
        states = [f"new_{name}" for name in self._states]
        found = self._run(self._step, [*names, *states], feeds)
        arrays = {name: value.numpy() for name, value in zip(names, found, strict=False)}
        log_probs = arrays.get("log_probs")
        if log_probs is not None:
            log_probs = log_probs[:, : self.vocab_size].reshape(*tokens.shape, self.vocab_size)
        step = Step(
            state=found[len(names) :],
            end_log_probs=arrays["end_log_probs"][:, :, 0],
            top_log_probs=arrays.get("top_log_probs"),
            top_ids=arrays.get("top_ids"),
            log_probs=log_probs,
            attention=arrays.get("attention"),
        )
        self._check(step)
        return step

    def keep(self, memory: Memory, rows: NDArray[np.int64]) -> Memory:
        """As `StepModel.keep`."""
        kept = {name: _value(value.numpy()[rows]) for name, value in memory.values.items()}
        return Memory(kept)

    def _run(
        self, session: onnxruntime.InferenceSession, names: list[str], feeds: dict[str, Any]
    ) -> list[Any]:
        try:
            values: list[Any] = session.run_with_ort_values(names, feeds, self._options)
        except Exception as fault:  # ONNX Runtime's errors have no common class
            reason = str(fault).split("\n", 1)[0]
            raise ArtefactError(
                f"ONNX Runtime cannot run the model ({reason}); export the model again, or lower "
                "the batch's pieces if memory is short"
            ) from fault
        return values

    def _check(self, step: Step) -> None:
        """Refuse what no trained model gives, but weights of 1e38 can."""
        ids = step.top_ids
        outside = ids is not None and bool((ids < 0).any() or (ids >= self.vocab_size).any())
        if outside or not (step.end_log_probs > _LEAST).all():
            raise ArtefactError(
                "the model gives what are no pieces or no log-probabilities; its weights are "
                "damaged: export the model again"
            )


def _session(graph: bytes, name: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # One thread a session: with two on a busy machine a sentence took five times as long.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as fault:  # ONNX Runtime's errors have no common class
        reason = str(fault).split("\n", 1)[0]
        raise ArtefactError(
            f"ONNX Runtime does not take the {name} ({reason}); export the model again"
        ) from fault


def _value(array: NDArray[Any]) -> Any:
    return onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(array))
