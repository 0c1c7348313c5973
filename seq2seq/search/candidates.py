"""Candidates: single-token extensions of open hypotheses, and the choice of the best."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.search.constraints.written_text import WrittenText
from seq2seq.search.hypotheses import IMPOSSIBLE, OpenHypotheses, Rule
from seq2seq.search.step_model import Floats, Step
from seq2seq.text.tokenizer import EOS


class Candidates(NamedTuple):
    """Extensions of open hypotheses by one token, best first, `[rows, candidates]` each.

    Attributes:
        totals: log-probability with the new token; `IMPOSSIBLE` or less if there is no candidate.
        origins: index of the extended hypothesis among the row's open ones.
        tokens: new token.
        log_probs: log-probability of the new token alone.
    """

    totals: Floats
    origins: NDArray[np.int64]
    tokens: NDArray[np.int64]
    log_probs: Floats


def most_probable(
    step: Step,
    open_: OpenHypotheses,
    count: int,
    *,
    written: WrittenText,
    again: Callable[[int | None], Step],
) -> Candidates:
    """Return the best `count` candidates from the most probable tokens alone (`step.top_ids`).

    All tokens are considered only if too few of the most probable ones are allowed. Allowed tokens
    keep the probability that the model gives them, so that search and scoring agree on an output.

    Args:
        step: step with the most probable tokens.
        open_: open hypotheses.
        count: number of columns of the result.
        written: rule that defines valid text.
        again: function that returns the same step with the given number of most probable tokens;
            with all tokens if it is given None.
    """
    found, complete = _most_probable(step, open_, count, written, again)
    if not complete:
        everything = again(written.tokens.vocab_size)
        found, _ = _most_probable(everything, open_, count, written, again)
    return found


def _most_probable(
    step: Step,
    open_: OpenHypotheses,
    count: int,
    written: WrittenText,
    again: Callable[[int | None], Step],
) -> tuple[Candidates, bool]:
    """Return candidates, and whether they are certainly the best ones."""
    if step.top_log_probs is None or step.top_ids is None:
        raise ValueError("the step gave no top-k tokens")
    ids, log_probs = step.top_ids, step.top_log_probs
    blocked = written.blocked(ids, open_)
    inside = list(written.continuations(open_))
    if inside:
        ids, log_probs = ids.copy(), log_probs.copy()
        _continue(inside, again(None), ids, log_probs)
        for row, position, _ in inside:
            blocked[row, position] = False
    found = _best(np.where(blocked, np.float32(2 * IMPOSSIBLE), log_probs), ids, open_, count)
    scarce = blocked.sum(axis=2) > ids.shape[2] - count
    if not scarce.any() or ids.shape[2] == written.tokens.vocab_size:
        return found, True
    # Tokens that are not listed for a hypothesis are no better than its last listed one.
    unlisted = open_.log_probs + log_probs[:, :, -1]
    better = (unlisted >= found.totals[:, -1:]) & (unlisted > IMPOSSIBLE / 2)
    return found, not (scarce & better).any()


def _continue(
    inside: Sequence[tuple[int, int, NDArray[np.int64]]],
    step: Step,
    ids: NDArray[np.int64],
    log_probs: Floats,
) -> None:
    """Insert tokens that continue a character, for hypotheses that end within a character.

    They come from the whole vocabulary, because a shortlist may hold only the first byte of a
    character.

    Args:
        inside: row, position and allowed tokens of these hypotheses.
        step: step with the log-probabilities of all tokens.
        ids, log_probs: most probable tokens, `[rows, open, count]`; changed in place.
    """
    if step.log_probs is None:
        raise ValueError("the step gave not all log-probabilities")
    for row, position, allowed in inside:
        order = largest(step.log_probs[row, position, allowed], ids.shape[2])
        ids[row, position], log_probs[row, position] = allowed[order[0]], 2 * IMPOSSIBLE
        ids[row, position, : len(order)] = allowed[order]
        log_probs[row, position, : len(order)] = step.log_probs[row, position, allowed[order]]


def of_all(log_probs: Floats, open_: OpenHypotheses, count: int) -> Candidates:
    """Return the best `count` candidates from all tokens `[rows, open, vocab_size]`."""
    return _best(log_probs, np.arange(log_probs.shape[2]), open_, count)


def ruled(step: Step, open_: OpenHypotheses, rules: Sequence[Rule], written: WrittenText) -> Floats:
    """Return `step.log_probs` with invalid text and tokens forbidden by `rules` made impossible."""
    if step.log_probs is None:
        raise ValueError("the step gave not all log-probabilities")
    log_probs = step.log_probs.copy()
    written(log_probs, open_)
    for rule in rules:
        rule(log_probs, open_)
    written.complete(log_probs, step.log_probs, open_)
    return log_probs


def only_ends(end_log_probs: Floats, open_: OpenHypotheses, count: int) -> Candidates:
    """Return candidates that end each open hypothesis, best first, in `count` columns.

    Args:
        end_log_probs: log-probabilities of the end symbol, `[rows, open]`.
        open_: open hypotheses.
        count: number of columns of the result.
    """
    return _best(end_log_probs[:, :, np.newaxis], np.array([EOS]), open_, count)


def where(rows: NDArray[np.bool_], chosen: Candidates, other: Candidates) -> Candidates:
    """Return `chosen` in the `rows` that are true, `other` elsewhere."""
    pairs: Iterable[tuple[Any, Any]] = zip(chosen, other, strict=True)
    return Candidates(*[np.where(rows[:, np.newaxis], one, two) for one, two in pairs])


def take(chosen: Candidates, positions: NDArray[np.int64]) -> Candidates:
    """Return the candidates at `positions` `[rows, taken]`."""
    taken: list[Any] = [np.take_along_axis(part, positions, axis=1) for part in chosen]
    return Candidates(*taken)


def _best(
    log_probs: Floats, tokens: NDArray[np.int64], open_: OpenHypotheses, count: int
) -> Candidates:
    """Return the best `count` pairs of hypothesis and token; equally good pairs keep their order.

    Args:
        log_probs: log-probabilities of the tokens, `[rows, open, tokens]`.
        tokens: token ids, of the same shape or `[tokens]`.
        open_: open hypotheses.
        count: number of columns of the result; columns without a candidate are impossible.
    """
    rows, _, width = log_probs.shape
    totals = (open_.log_probs[:, :, np.newaxis] + log_probs).reshape(rows, -1)
    positions = largest(totals, count)
    found = Candidates(
        totals=np.take_along_axis(totals, positions, axis=1),
        origins=positions // width,
        tokens=np.take_along_axis(
            np.broadcast_to(tokens, log_probs.shape).reshape(rows, -1), positions, axis=1
        ),
        log_probs=np.take_along_axis(log_probs.reshape(rows, -1), positions, axis=1),
    )
    missing = count - positions.shape[1]
    if missing <= 0:
        return found
    fill = (2 * IMPOSSIBLE, 0, EOS, 2 * IMPOSSIBLE)
    parts: Iterable[tuple[Any, float]] = zip(found, fill, strict=True)
    wider = [(0, 0), (0, missing)]
    return Candidates(*[np.pad(part, wider, constant_values=value) for part, value in parts])


def largest(values: Floats, count: int) -> NDArray[np.int64]:
    """Return the indices of the largest values along the last axis, largest first.

    Equal values keep their order.
    """
    if values.shape[-1] > 8 * count:
        # Sorting the whole vocabulary to get a few values would be slow.
        least = np.partition(values, -count, axis=-1)[..., -count]
        values = np.where(values >= least[..., np.newaxis], values, -np.inf)
    return np.argsort(-values, axis=-1, kind="stable")[..., :count]
