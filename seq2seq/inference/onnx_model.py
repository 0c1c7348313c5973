"""Model run by ONNX Runtime, as a `StepModel` without TensorFlow."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from seq2seq.data.sequences.batches import SourceBatch
from seq2seq.errors import ModelError
from seq2seq.export.onnx.builder import Graph
from seq2seq.export.onnx.parameters import Numbers
from seq2seq.export.onnx.translation_graphs import TranslationGraphs
from seq2seq.export.shortlist import Lexicon
from seq2seq.search.sources import Sources
from seq2seq.search.step_model import Floats, Ints, Step
from seq2seq.text.tokenizer import EOS, PAD

_MASKED = -1e9
_SHORTLIST_OUTPUTS = ("log_probs", "top_log_probs", "top_places")


class Allowed(NamedTuple):
    """Tokens that each row of a batch may be translated with, and their part of the output layer.

    Attributes:
        ids: token ids in ascending order, padded with 0, `[rows, own] int64`.
        indices: indices of `ids` in the part, `[rows, own] int32`.
        bias: bias of `ids`, `[rows, own] float32`; lower than any score at the padding.
        part: vectors of all tokens in `ids`, as inputs of the graph.
    """

    ids: NDArray[np.int64]
    indices: NDArray[np.int32]
    bias: NDArray[np.float32]
    part: Arrays

    def keep(self, rows: NDArray[np.int64]) -> Allowed:
        """Return some of the rows."""
        return Allowed(self.ids[rows], self.indices[rows], self.bias[rows], self.part)


class ShortOutput:
    """Runner of a step with the output layer over shortlists; may be used from several threads."""

    def __init__(
        self, graph: Graph, numbers: Numbers, lexicon: Lexicon, *, vocab_size: int
    ) -> None:
        """Load the graph.

        Args:
            graph: step and output layer over shortlists.
            numbers: numbers of the model.
            lexicon: tokens that sources allow.
            vocab_size: size of the target vocabulary.

        Raises:
            ModelError: ONNX Runtime does not accept the graph.
        """
        self._lexicon, self._vocab_size = lexicon, vocab_size
        self._table, self._bias = numbers["output/kernel"], numbers["output/bias"]
        self._steps = numbers.get("output/steps")
        self._session = Session(graph, numbers, "step with a shortlist")

    def allowed(self, source_ids: Ints) -> Allowed:
        """Return the tokens that each source `[rows, source_len]` allows."""
        ids, there = allowed_tokens(self._lexicon, source_ids, self._vocab_size)
        bias = np.where(there, self._bias[ids], np.float32(_MASKED))
        tokens, indices = np.unique(ids, return_inverse=True)
        part = {"table": self._table.take(tokens, axis=1)}
        if self._steps is not None:
            part["steps"] = self._steps[tokens]
        return Allowed(ids, indices.reshape(ids.shape).astype(np.int32), bias, part)

    def step(
        self,
        allowed: Allowed,
        feeds: Arrays,
        names: list[str],
        shape: tuple[int, ...],
        top: int,
    ) -> tuple[list[NDArray[Any]], Predicted]:
        """Run a step as in `FullOutput.step`, over the allowed tokens.

        A row may have fewer than `top` of them.
        """
        own = allowed.ids.shape[1]
        feeds = {
            **feeds,
            **allowed.part,
            "places": np.broadcast_to(allowed.indices[:, np.newaxis], (*shape, own)),
            "bias": allowed.bias[:, np.newaxis],
            "top": np.array([min(top, own)]),
        }
        log_probs, top_log_probs, indices, *found = self._session.run(
            [*_SHORTLIST_OUTPUTS, *names], feeds
        )
        predicted = Predicted(
            # The first tokens of the vocabulary are in every list, each at its own index.
            end_log_probs=log_probs[:, :, EOS],
            top_log_probs=top_log_probs,
            top_ids=np.take_along_axis(allowed.ids[:, np.newaxis], indices, axis=2),
        )
        return found, predicted


def allowed_tokens(
    lexicon: Lexicon, source_ids: Ints, vocab_size: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the tokens that each source allows in ascending order, and flags of valid columns.

    Args:
        lexicon: lexicon of possible translations of source tokens.
        source_ids: source tokens, `[rows, source_len]`.
        vocab_size: size of the target vocabulary.

    Returns:
        tokens `[rows, tokens] int64`, padded with 0, and flags `[rows, tokens] bool`, false at
        padding.
    """
    rows = len(source_ids)
    allowed = np.zeros([rows, vocab_size], np.bool_)
    allowed[:, lexicon.always] = True
    # Padding must add no tokens, because the amount of padding depends on the batch.
    is_token = (source_ids != PAD)[:, :, np.newaxis]
    translations = np.where(is_token, lexicon.translations[source_ids], PAD)
    allowed[np.arange(rows)[:, np.newaxis, np.newaxis], translations] = True
    counts = allowed.sum(axis=1)
    there = np.arange(counts.max()) < counts[:, np.newaxis]
    ids = np.full(there.shape, PAD, np.int64)
    ids[there] = np.nonzero(allowed)[1]
    return ids, there


_TOP_OUTPUTS = ("end_log_probs", "top_log_probs", "top_ids")

Arrays = dict[str, NDArray[Any]]


class Predicted(NamedTuple):
    """Log-probabilities of the next token; the fields are those of `Step`."""

    end_log_probs: Floats
    top_log_probs: Floats | None = None
    top_ids: NDArray[np.int64] | None = None
    log_probs: Floats | None = None


class FullOutput:
    """Runner of a step with the whole output layer; may be used from several threads at once."""

    def __init__(self, graph: Graph, numbers: Numbers, *, vocab_size: int) -> None:
        """Load the graph; raise `ModelError` if ONNX Runtime does not accept it."""
        self._vocab_size = vocab_size
        self._session = Session(graph, numbers, "step")
        self.inputs = [name for name in self._session.inputs if name != "top"]

    def step(
        self, feeds: Arrays, names: list[str], shape: tuple[int, ...], top: int | None
    ) -> tuple[list[NDArray[Any]], Predicted]:
        """Run a step.

        Args:
            feeds: inputs of the step.
            names: names of the requested outputs of the step.
            shape: shape `[rows, open]` of its tokens.
            top: number of most probable tokens to return; None for all.

        Returns:
            the outputs `names`, and the prediction.
        """
        feeds = {**feeds, "top": np.array([top or 1])}
        if top is None:
            ends, log_probs, *found = self._session.run(
                ["end_log_probs", "log_probs", *names], feeds
            )
            log_probs = log_probs[:, : self._vocab_size].reshape(*shape, self._vocab_size)
            return found, Predicted(ends.reshape(shape), log_probs=log_probs)
        ends, best, ids, *found = self._session.run([*_TOP_OUTPUTS, *names], feeds)
        shape_of_top = (*shape, top)
        return found, Predicted(
            ends.reshape(shape), best.reshape(shape_of_top), ids.reshape(shape_of_top)
        )


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

    def run(self, names: list[str], feeds: dict[str, NDArray[Any]]) -> list[NDArray[Any]]:
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
        self._full = FullOutput(graphs.joined, numbers, vocab_size=self.vocab_size)
        self._short = None
        if lexicon is not None:
            graph = graphs.joined_with_shortlist()
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
        values = dict(zip(self._memory, found, strict=False))
        allowed = None
        if shortlist and self._short is not None and not isinstance(sources, SourceBatch):
            allowed = self._short.allowed(sources)
        return Memory(values, allowed), found[len(self._memory) :]

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
            raise ModelError(
                "the model gives what are no tokens or no log-probabilities; its weights are "
                "damaged: export the model again"
            )
