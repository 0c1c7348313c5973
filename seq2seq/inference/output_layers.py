"""Steps of an exported model with its output layer, over the whole vocabulary or a shortlist."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.export.onnx.builder import Graph
from seq2seq.export.onnx.parameters import Numbers
from seq2seq.export.shortlist import Lexicon
from seq2seq.inference.onnx_session import Arrays, Session
from seq2seq.search.step_model import Floats, Ints
from seq2seq.text.tokenizer import EOS, PAD

_MASKED = -1e9
_TOP_OUTPUTS = ("end_log_probs", "top_log_probs", "top_ids")
_SHORTLIST_OUTPUTS = ("log_probs", "top_log_probs", "top_places")


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
            shape: shape of the step's input tokens, `[rows, open]`.
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


class Allowed(NamedTuple):
    """Tokens allowed in the translation of each row of a batch, and their part of the output layer.

    Attributes:
        ids: token ids in ascending order, padded with 0, `[rows, own] int64`.
        indices: index of each of `ids` in `part`, `[rows, own] int32`.
        bias: bias of `ids`, `[rows, own] float32`; at the padding, lower than any score.
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
            graph: graph of a step with the output layer over shortlists.
            numbers: numbers of the model.
            lexicon: lexicon of possible translations of source tokens.
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

        A row may allow fewer than `top` tokens.
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
    """Return the tokens that each source allows, in ascending order, and flags of the valid ones.

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
