"""The ways a search may go on from its open hypotheses, and which of them are best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.search.hypotheses import IMPOSSIBLE, OpenHypotheses, Rule
from seq2seq.search.step_model import Floats, Step
from seq2seq.text.tokenizer import BOS, EOS, PAD, UNK

# No output holds them. The others keep their probability as the model gives it, so that search
# and scoring give an output the same number.
NEVER_WRITTEN = (PAD, UNK, BOS)  # the first of all ids


class Candidates(NamedTuple):
    """Ways to go on, best first, `[rows, candidates]` each.

    Attributes:
        totals: log-probability with the new piece; `IMPOSSIBLE` or less where there is none.
        origins: which of the row's open hypotheses it goes on from.
        tokens: the new piece.
        log_probs: of the new piece alone.
    """

    totals: Floats
    origins: NDArray[np.int64]
    tokens: NDArray[np.int64]
    log_probs: Floats


def likeliest(step: Step, open_: OpenHypotheses, count: int) -> Candidates:
    """The best `count` ways to go on, from the likeliest pieces alone (`step.top_ids`)."""
    if step.top_log_probs is None or step.top_ids is None:
        raise ValueError("the step gave no likeliest pieces")
    written = step.top_ids > max(NEVER_WRITTEN)
    log_probs = np.where(written, step.top_log_probs, np.float32(2 * IMPOSSIBLE))
    return _best(log_probs, step.top_ids, open_, count)


def of_all(log_probs: Floats, open_: OpenHypotheses, count: int) -> Candidates:
    """The best `count` ways to go on, from all pieces `[rows, open, vocab_size]`."""
    return _best(log_probs, np.arange(log_probs.shape[2]), open_, count)


def ruled(step: Step, open_: OpenHypotheses, rules: Sequence[Rule]) -> Floats:
    """`step.log_probs` with what no output holds and what the rules forbid made impossible."""
    if step.log_probs is None:
        raise ValueError("the step gave not all log-probabilities")
    log_probs = step.log_probs.copy()
    log_probs[:, :, NEVER_WRITTEN] = 2 * IMPOSSIBLE
    for rule in rules:
        rule(log_probs, open_)
    return log_probs


def only_ends(end_log_probs: Floats, open_: OpenHypotheses, count: int) -> Candidates:
    """Every open hypothesis ended now, best first; `count` columns.

    `end_log_probs` `[rows, open]` are those of the end symbol.
    """
    return _best(end_log_probs[:, :, np.newaxis], np.array([EOS]), open_, count)


def where(rows: NDArray[np.bool_], chosen: Candidates, other: Candidates) -> Candidates:
    """`chosen` in the `rows` that are true, `other` elsewhere."""
    pairs: Iterable[tuple[Any, Any]] = zip(chosen, other, strict=True)
    return Candidates(*[np.where(rows[:, np.newaxis], one, two) for one, two in pairs])


def take(chosen: Candidates, places: NDArray[np.int64]) -> Candidates:
    """The candidates at `places` `[rows, taken]`."""
    taken: list[Any] = [np.take_along_axis(part, places, axis=1) for part in chosen]
    return Candidates(*taken)


def _best(
    log_probs: Floats, tokens: NDArray[np.int64], open_: OpenHypotheses, count: int
) -> Candidates:
    """The best `count` of all hypotheses with all pieces; of equal ones the first.

    Args:
        log_probs: `[rows, open, pieces]`.
        tokens: which pieces these are, of the same shape or `[pieces]`.
        open_: the hypotheses.
        count: columns of the result; where there are fewer candidates the rest is impossible.
    """
    rows, _, pieces = log_probs.shape
    totals = (open_.log_probs[:, :, np.newaxis] + log_probs).reshape(rows, -1)
    places = largest(totals, count)
    found = Candidates(
        totals=np.take_along_axis(totals, places, axis=1),
        origins=places // pieces,
        tokens=np.take_along_axis(
            np.broadcast_to(tokens, log_probs.shape).reshape(rows, -1), places, axis=1
        ),
        log_probs=np.take_along_axis(log_probs.reshape(rows, -1), places, axis=1),
    )
    missing = count - places.shape[1]
    if missing <= 0:
        return found
    fill = (2 * IMPOSSIBLE, 0, EOS, 2 * IMPOSSIBLE)
    parts: Iterable[tuple[Any, float]] = zip(found, fill, strict=True)
    wider = [(0, 0), (0, missing)]
    return Candidates(*[np.pad(part, wider, constant_values=value) for part, value in parts])


def largest(values: Floats, count: int) -> NDArray[np.int64]:
    """Places of the largest along the last axis, largest first, of equal ones the first."""
    if values.shape[-1] > 8 * count:
        # Sorting a whole vocabulary for the sake of a few is what takes the time.
        least = np.partition(values, -count, axis=-1)[..., -count]
        values = np.where(values >= least[..., np.newaxis], values, -np.inf)
    return np.argsort(-values, axis=-1, kind="stable")[..., :count]
