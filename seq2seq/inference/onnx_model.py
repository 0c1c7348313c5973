"""Model run by ONNX Runtime, as a `StepModel` without TensorFlow."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.sequences.batches import SourceBatch
from seq2seq.errors import ModelError
from seq2seq.export.onnx.parameters import Numbers
from seq2seq.export.onnx.translation_graphs import TranslationGraphs
from seq2seq.export.shortlist import Lexicon
from seq2seq.inference.onnx_session import Arrays, Session
from seq2seq.inference.output_layers import Allowed, FullOutput, Predicted, ShortOutput
from seq2seq.search.sources import Sources
from seq2seq.search.step_model import Ints, Step

_LEAST = -1e8  # no log-probability of the end symbol is lower


class Memory(NamedTuple):
    """Encoded batch of sources.

    Attributes:
        arrays: inputs of the attention; empty for a model without attention.
        allowed: tokens to choose from; None for the whole vocabulary.
    """

    arrays: Arrays
    allowed: Allowed | None


class OnnxModel:
    """ONNX graphs of an exported model.

    Each call runs on the calling thread and releases Python's lock; several threads may call at
    once.
    """

    def __init__(
        self,
        graphs: TranslationGraphs,
        numbers: Numbers,
        *,
        vocab_size: int,
        lexicon: Lexicon | None = None,
    ) -> None:
        """Load the graphs.

        Args:
            graphs: graphs of the model.
            numbers: numbers that the graphs need.
            vocab_size: size of the target vocabulary.
            lexicon: lexicon of the shortlist, if the model has one.

        Raises:
            ModelError: ONNX Runtime does not accept the graphs.
        """
        self.vocab_size = vocab_size
        self._encoder = Session(graphs.encoder, numbers, "encoder")
        self._full = FullOutput(graphs.step_with_output, numbers, vocab_size=self.vocab_size)
        self._short = None
        if lexicon is not None:
            graph = graphs.step_with_shortlist()
            self._short = ShortOutput(graph, numbers, lexicon, vocab_size=vocab_size)
        inputs = self._full.inputs
        self.has_attention = "keys" in inputs
        self._memory = [name for name in ("keys", "values", "mask") if name in inputs]
        self._states = [name for name in inputs if name.startswith(("hidden_", "cell_"))]
        self._new_states = [f"new_{name}" for name in self._states]

    def encode(
        self, sources: Sources, *, shortlist: bool = False
    ) -> tuple[Memory, list[NDArray[Any]]]:
        """Encode as in `StepModel.encode`."""
        names = [*self._memory, *self._states]
        if isinstance(sources, SourceBatch):
            feeds: Arrays = {"source_features": sources.values, "source_mask": sources.mask}
        else:
            feeds = {"source_ids": sources}
        found = self._encoder.run(names, feeds)
        arrays = dict(zip(self._memory, found, strict=False))
        allowed = None
        if shortlist and self._short is not None and not isinstance(sources, SourceBatch):
            allowed = self._short.allowed(sources)
        return Memory(arrays, allowed), found[len(self._memory) :]

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
        feeds: Arrays = {"tokens": tokens, "origins": origins, **memory.arrays}
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
        kept = {name: array[rows] for name, array in memory.arrays.items()}
        return Memory(kept, None if memory.allowed is None else memory.allowed.keep(rows))

    def _check(self, predicted: Predicted) -> None:
        """Reject outputs that no trained model produces, but that weights of 1e38 can produce."""
        ids = predicted.top_ids
        # As unsigned numbers, negative ids are beyond the vocabulary too.
        outside = ids is not None and ids.view(np.uint64).max() >= self.vocab_size
        if outside or not (predicted.end_log_probs > _LEAST).all():
            raise ModelError(
                "the model gives what are no tokens or no log-probabilities; its weights are "
                "damaged: export the model again"
            )
