"""A decoder step with the last layer over the tokens that may translate each sentence."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.artefact.joined_graph import joined_graph
from seq2seq.artefact.shortlist import Lexicon, Shortlist
from seq2seq.inference.full_output import Arrays, Predicted
from seq2seq.inference.session import Session
from seq2seq.search.step_model import Ints
from seq2seq.text.tokenizer import EOS, PAD

_MASKED = -1e9
_TOP = ("log_probs", "top_log_probs", "top_places")


class Allowed(NamedTuple):
    """The pieces that each row of a batch may be translated with, and their part of the layer.

    Attributes:
        ids: rising, then 0, the padding, `[rows, own] int64`.
        places: of `ids` in the part, `[rows, own] int32`.
        bias: of `ids`, `[rows, own] float32`; lower than any score at the padding.
        part: the vectors of all pieces in `ids`, as inputs of the graph.
    """

    ids: NDArray[np.int64]
    places: NDArray[np.int32]
    bias: NDArray[np.float32]
    part: Arrays

    def keep(self, rows: NDArray[np.int64]) -> Allowed:
        """Some of the rows."""
        return Allowed(self.ids[rows], self.places[rows], self.bias[rows], self.part)


class ShortOutput:
    """Runs the step and the last layer over shortlists, from several threads at once if need be."""

    def __init__(self, step: bytes, shortlist: Shortlist) -> None:
        """Raises `ArtefactError` if ONNX Runtime does not take the graphs."""
        self._shortlist = shortlist
        self._session = Session(joined_graph(step, shortlist.graph), "step with a shortlist")

    def allowed(self, source_ids: Ints) -> Allowed:
        """What each source `[rows, source_len]` allows."""
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
        """As `FullOutput.step`, among what is allowed, of which a row may have fewer tokens."""
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
            # The first tokens are in every list, each at its own place.
            end_log_probs=log_probs[:, :, EOS],
            top_log_probs=top_log_probs,
            top_ids=np.take_along_axis(allowed.ids[:, np.newaxis], places, axis=2),
        )
        return found, predicted


def allowed_pieces(
    lexicon: Lexicon, source_ids: Ints, vocab_size: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The pieces that each source allows, rising, and where they are.

    Args:
        lexicon: what source pieces allow.
        source_ids: `[rows, source_len]`.
        vocab_size: of the target.

    Returns:
        `[rows, pieces] int64`, filled up with 0, and `[rows, pieces] bool`, false where filled.
    """
    rows = len(source_ids)
    allowed = np.zeros([rows, vocab_size], np.bool_)
    allowed[:, lexicon.always] = True
    # Padding adds nothing, whatever the lexicon says of it: how much there is, the batch decides.
    is_piece = (source_ids != PAD)[:, :, np.newaxis]
    translations = np.where(is_piece, lexicon.translations[source_ids], PAD)
    allowed[np.arange(rows)[:, np.newaxis, np.newaxis], translations] = True
    counts = allowed.sum(axis=1)
    there = np.arange(counts.max()) < counts[:, np.newaxis]
    ids = np.full(there.shape, PAD, np.int64)
    ids[there] = np.nonzero(allowed)[1]
    return ids, there
