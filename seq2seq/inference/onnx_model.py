"""Model run by ONNX Runtime, as a `StepModel` without TensorFlow."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.errors import ArtefactError
from seq2seq.export.shortlist import Shortlist
from seq2seq.inference.full_output import Arrays, FullOutput, Predicted
from seq2seq.inference.session import Session
from seq2seq.inference.short_output import Allowed, ShortOutput
from seq2seq.search.step_model import Ints, Step

_LEAST = -1e8  # no log-probability is lower


class Memory(NamedTuple):
    """Encoded batch of sources.

    Attributes:
        values: inputs of the attention; empty for a model without attention.
        allowed: tokens to choose from; None for the whole vocabulary.
    """

    values: Arrays
    allowed: Allowed | None


class OnnxModel:
    """ONNX graphs of an exported model.

    Each call runs on the calling thread and releases Python's lock; several threads may call at
    once.
    """

    def __init__(
        self,
        encoder: bytes,
        step: bytes,
        output: bytes,
        *,
        vocab_size: int,
        shortlist: Shortlist | None = None,
    ) -> None:
        """Load the graphs.

        Args:
            encoder, step, output: serialised graphs.
            vocab_size: size of the target vocabulary.
            shortlist: shortlist of the exported model, if it has one.

        Raises:
            ArtefactError: ONNX Runtime does not accept the graphs.
        """
        self.vocab_size = vocab_size
        self._encoder = Session(encoder, "encoder")
        self._full = FullOutput(step, output, vocab_size=vocab_size)
        self._short = None if shortlist is None else ShortOutput(step, shortlist)
        inputs = self._full.inputs
        self.has_attention = "keys" in inputs
        self._memory = [name for name in ("keys", "values", "mask") if name in inputs]
        self._states = [name for name in inputs if name.startswith(("hidden_", "cell_"))]
        self._new_states = [f"new_{name}" for name in self._states]

    def encode(
        self, source_ids: Ints, *, shortlist: bool = False
    ) -> tuple[Memory, list[NDArray[Any]]]:
        """Encode as in `StepModel.encode`."""
        names = [*self._memory, *self._states]
        found = self._encoder.run(names, {"source_ids": source_ids})
        values = dict(zip(self._memory, found, strict=False))
        short = self._short if shortlist else None
        memory = Memory(values, None if short is None else short.allowed(source_ids))
        return memory, found[len(self._memory) :]

    def step(
        self,
        memory: Memory,
        state: list[NDArray[Any]],
        tokens: Ints,
        origins: NDArray[np.int64],
        *,
        top: int | None,
        attention: bool,
    ) -> Step:
        """Decode one token as in `StepModel.step`."""
        feeds: Arrays = {"tokens": tokens, "origins": origins, **memory.values}
        feeds.update(zip(self._states, state, strict=True))
        names = [*self._new_states, "attention"] if attention else self._new_states
        if self._short is not None and memory.allowed is not None and top is not None:
            found, predicted = self._short.step(memory.allowed, feeds, names, tokens.shape, top)
        else:
            found, predicted = self._full.step(feeds, names, tokens.shape, top)
        self._check(predicted)
        return Step(
            state=found[: len(self._states)],
            attention=found[-1] if attention else None,
            **predicted._asdict(),
        )

    def keep(self, memory: Memory, rows: NDArray[np.int64]) -> Memory:
        """Return the memory of some rows, as in `StepModel.keep`."""
        kept = {name: value[rows] for name, value in memory.values.items()}
        return Memory(kept, None if memory.allowed is None else memory.allowed.keep(rows))

    def _check(self, predicted: Predicted) -> None:
        """Reject outputs that no trained model produces, but that weights of 1e38 can."""
        ids = predicted.top_ids
        # As unsigned numbers, negative ids are beyond the vocabulary too.
        outside = ids is not None and ids.view(np.uint64).max() >= self.vocab_size
        if outside or not (predicted.end_log_probs > _LEAST).all():
            raise ArtefactError(
                "the model gives what are no pieces or no log-probabilities; its weights are "
                "damaged: export the model again"
            )
