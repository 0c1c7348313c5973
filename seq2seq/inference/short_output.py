"""Decoder step with the output layer over the possible translations of each sentence only."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.export.onnx.joined_graph import joined_graph
from seq2seq.export.shortlist import Lexicon, Shortlist
from seq2seq.inference.full_output import Arrays, Predicted
from seq2seq.inference.session import Session
from seq2seq.search.step_model import Ints
from seq2seq.text.tokenizer import EOS, PAD

_MASKED = -1e9
_TOP = ("log_probs", "top_log_probs", "top_places")


class Allowed(NamedTuple):
    """Tokens that each row of a batch may be translated with, and their part of the output layer.

    Attributes:
        ids: token ids in ascending order, padded with 0, `[rows, own] int64`.
        places: indices of `ids` in the part, `[rows, own] int32`.
        bias: bias of `ids`, `[rows, own] float32`; lower than any score at the padding.
        part: vectors of all tokens in `ids`, as inputs of the graph.
    """

    ids: NDArray[np.int64]
    places: NDArray[np.int32]
    bias: NDArray[np.float32]
    part: Arrays

    def keep(self, rows: NDArray[np.int64]) -> Allowed:
        """Return some of the rows."""
        return Allowed(self.ids[rows], self.places[rows], self.bias[rows], self.part)


class ShortOutput:
    """Runner of a step with the output layer over shortlists; may be used from several threads."""

    def __init__(self, step: bytes, shortlist: Shortlist) -> None:
        """Load the graphs; raise `ArtefactError` if ONNX Runtime does not accept them."""
        self._shortlist = shortlist
        self._session = Session(joined_graph(step, shortlist.graph), "step with a shortlist")

    def allowed(self, source_ids: Ints) -> Allowed:
        """Return the tokens that each source `[rows, source_len]` allows."""
        shortlist = self._shortlist
        ids, there = allowed_pieces(shortlist.lexicon, source_ids, len(shortlist.bias))
        bias = np.where(there, shortlist.bias[ids], np.float32(_MASKED))
        pieces, places = np.unique(ids, return_inverse=True)
        part = {"table": shortlist.table.take(pieces, axis=1)}
        if shortlist.steps is not None:
            part["steps"] = shortlist.steps[pieces]
        return Allowed(ids, places.reshape(ids.shape).astype(np.int32), bias, part)

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
            "places": np.broadcast_to(allowed.places[:, np.newaxis], (*shape, own)),
            "bias": allowed.bias[:, np.newaxis],
            "top": np.array([min(top, own)]),
        }
        log_probs, top_log_probs, places, *found = self._session.run([*_TOP, *names], feeds)
        predicted = Predicted(
            # The first tokens of the vocabulary are in every list, each at its own index.
            end_log_probs=log_probs[:, :, EOS],
            top_log_probs=top_log_probs,
            top_ids=np.take_along_axis(allowed.ids[:, np.newaxis], places, axis=2),
        )
        return found, predicted


def allowed_pieces(
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
    is_piece = (source_ids != PAD)[:, :, np.newaxis]
    translations = np.where(is_piece, lexicon.translations[source_ids], PAD)
    allowed[np.arange(rows)[:, np.newaxis, np.newaxis], translations] = True
    counts = allowed.sum(axis=1)
    there = np.arange(counts.max()) < counts[:, np.newaxis]
    ids = np.full(there.shape, PAD, np.int64)
    ids[there] = np.nonzero(allowed)[1]
    return ids, there
