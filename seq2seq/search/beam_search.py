"""Greedy and beam search, a batch of sentences at a time, in NumPy between a model's steps.

Rules that hold for every sentence, whatever others are in its batch:
- a sentence is done when as many hypotheses have ended as the beam is wide, and leaves the batch;
- its longest output is set by its own source; what reaches it ends there;
- only what is among the best `beam_size` candidates may end, so that greedy search, which is beam
  search with one beam, ends when the end symbol is best.

`model.beam_search` holds the same rules as a TensorFlow graph; tests compare the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.search import candidates
from seq2seq.search.candidates import NEVER_WRITTEN, Candidates
from seq2seq.search.hypotheses import IMPOSSIBLE, Hypothesis, OpenHypotheses, Rule
from seq2seq.search.penalties import coverage_penalty, length_penalty
from seq2seq.search.step_model import Floats, Ints, Step, StepModel
from seq2seq.text.tokenizer import BOS, EOS, PAD

# A batch is made smaller when so much of it is done: each time costs a copy of the memory.
_WORTH_DROPPING = 0.2


@dataclass(frozen=True)
class BeamSettings:
    """How wide to search and what to prefer.

    Attributes:
        beam_size: hypotheses kept a sentence; 1 is greedy search.
        length_penalty: exponent of the length penalty; 0 compares plain log-probabilities.
        coverage_penalty: weight of the coverage penalty; 0 is off.
        links: tell the source position that each piece looked at most.
        shrink_batches: sentences that are done leave the batch; without it they wait for the
            last one, which is slower and for measurements only.
    """

    beam_size: int = 4
    length_penalty: float = 1.0
    coverage_penalty: float = 0.0
    links: bool = False
    shrink_batches: bool = True


@dataclass(frozen=True)
class _Beam:
    """A search in progress, over the sentences that still share the batch.

    Attributes:
        memory, state: the model's.
        open_: hypotheses that may grow.
        token_log_probs: of each of their pieces, `[rows, open, length] float32`.
        coverage: attention each source piece got, `[rows, open, source_len]`; None if not needed.
        links: `[rows, open, length] int32`; None if not asked for.
        limits: longest output of each row, end symbol counted, `[rows] int32`.
        source_lengths: with the end symbol, `[rows] int32`.
        done: `[rows] bool`.
    """

    memory: Any
    state: Any
    open_: OpenHypotheses
    token_log_probs: Floats
    coverage: Floats | None
    links: Ints | None
    limits: Ints
    source_lengths: Ints
    done: NDArray[np.bool_]


def beam_search(
    model: StepModel,
    source_ids: Ints,
    limits: Ints,
    *,
    settings: BeamSettings,
    rules: Sequence[Rule] = (),
) -> list[list[Hypothesis]]:
    """Search for the best outputs of a batch.

    Args:
        model: the model.
        source_ids: `[rows, source_len] int32`, each row ending with the end symbol, then padding.
        limits: the longest output of each row, end symbol counted, `[rows] int32`.
        settings: how to search.
        rules: conditions on the outputs. Where they leave no way to go on, the output ends.

    Returns:
        for each row at most `beam_size` outputs, best first, and at least one.
    """
    beam = _first_beam(model, source_ids, limits, settings)
    origins = np.arange(len(source_ids))
    ended: list[list[Hypothesis]] = [[] for _ in source_ids]
    while len(beam.done):
        step = _step(model, beam, origins, settings, bool(rules))
        chosen, last = _choose(step, beam, settings.beam_size, rules)
        _collect_ended(step, beam, chosen, ended, settings)
        full = [len(ended[sentence]) >= settings.beam_size for sentence in beam.open_.sentences]
        done = beam.done | last | np.array(full)
        beam, origins = _advanced(step, beam, chosen, settings.beam_size)
        beam, origins = _without_done(
            model,
            replace(beam, done=done),
            origins,
            least=_WORTH_DROPPING if settings.shrink_batches else 1.0,
        )
    ordered = (sorted(found, key=lambda hypothesis: -hypothesis.score) for found in ended)
    return [found[: settings.beam_size] for found in ordered]


def _first_beam(model: StepModel, source_ids: Ints, limits: Ints, settings: BeamSettings) -> _Beam:
    """One open hypothesis a row, empty."""
    memory, state = model.encode(source_ids)
    rows, width = source_ids.shape
    coverage = np.zeros([rows, 1, width], np.float32)
    return _Beam(
        memory=memory,
        state=state,
        open_=OpenHypotheses(
            sentences=np.arange(rows),
            ids=np.zeros([rows, 1, 0], np.int32),
            log_probs=np.zeros([rows, 1], np.float32),
        ),
        token_log_probs=np.zeros([rows, 1, 0], np.float32),
        coverage=coverage if settings.coverage_penalty > 0 else None,
        links=np.zeros([rows, 1, 0], np.int32) if settings.links else None,
        limits=limits,
        source_lengths=(source_ids != PAD).sum(axis=1).astype(np.int32),
        done=np.zeros([rows], bool),
    )


def _step(
    model: StepModel, beam: _Beam, origins: NDArray[np.int64], settings: BeamSettings, ruled: bool
) -> Step:
    """The model's next step, and of it no more than this search needs."""
    ids = beam.open_.ids
    rows, open_count, length = ids.shape
    tokens = ids[:, :, -1] if length else np.full([rows, open_count], BOS, np.int32)
    # Enough that a full beam remains when all hypotheses end and the best are never written.
    top = min(2 * settings.beam_size + len(NEVER_WRITTEN), model.vocab_size)
    return model.step(
        beam.memory,
        beam.state,
        tokens,
        origins,
        top=None if ruled else top,
        attention=beam.coverage is not None or beam.links is not None,
    )


def _choose(
    step: Step, beam: _Beam, beam_size: int, rules: Sequence[Rule]
) -> tuple[Candidates, NDArray[np.bool_]]:
    """Twice as many ways to go on as the beam is wide: if all hypotheses end, it stays full.

    Returns:
        the ways, and the rows `[rows] bool` where there is only the end: at a row's last
        position, and where nothing else is allowed.
    """
    count = 2 * beam_size
    if rules:
        found = candidates.allowed(step, beam.open_, count, rules)
    else:
        found = candidates.likeliest(step, beam.open_, count)
    last = beam.open_.ids.shape[2] + 1 >= beam.limits
    last |= found.totals[:, 0] < IMPOSSIBLE / 2
    if not last.any():
        return found, last
    return candidates.where(last, candidates.only_ends(step, beam.open_, count), found), last


def _collect_ended(
    step: Step,
    beam: _Beam,
    chosen: Candidates,
    ended: list[list[Hypothesis]],
    settings: BeamSettings,
) -> None:
    """Add what ends now to `ended`, by sentence."""
    ends = (chosen.tokens == EOS) & (chosen.totals > IMPOSSIBLE / 2)
    ends[:, settings.beam_size :] = False
    ends &= ~beam.done[:, np.newaxis]
    divisor = length_penalty(beam.open_.ids.shape[2] + 1, settings.length_penalty)
    coverage = _coverage_scores(step, beam, settings.coverage_penalty)
    for row, place in np.argwhere(ends):
        origin = chosen.origins[row, place]
        total = float(chosen.totals[row, place])
        tokens = beam.token_log_probs[row, origin].tolist()
        hypothesis = Hypothesis(
            ids=tuple(beam.open_.ids[row, origin].tolist()),
            score=total / divisor + (0.0 if coverage is None else float(coverage[row, origin])),
            log_prob=total,
            token_log_probs=(*tokens, float(chosen.log_probs[row, place])),
            links=() if beam.links is None else tuple(beam.links[row, origin].tolist()),
        )
        ended[beam.open_.sentences[row]].append(hypothesis)


def _coverage_scores(step: Step, beam: _Beam, weight: float) -> Floats | None:
    """What each open hypothesis' score loses if it ends now, `[rows, open]`."""
    if beam.coverage is None or step.attention is None:
        return None
    return coverage_penalty(beam.coverage + step.attention, beam.source_lengths, weight)


def _advanced(
    step: Step, beam: _Beam, chosen: Candidates, beam_size: int
) -> tuple[_Beam, NDArray[np.int64]]:
    """The beam one piece further, and the number of the state each hypothesis goes on from."""
    # Candidates are sorted, so the first that do not end are the best of these.
    places = np.argsort(chosen.tokens == EOS, axis=1, kind="stable")[:, :beam_size]
    kept = candidates.take(chosen, places)
    origins = kept.origins
    rows, open_count = beam.open_.log_probs.shape
    advanced = replace(
        beam,
        state=step.state,
        open_=OpenHypotheses(
            sentences=beam.open_.sentences,
            ids=_grown(beam.open_.ids, origins, kept.tokens.astype(np.int32)),
            log_probs=kept.totals,
        ),
        token_log_probs=_grown(beam.token_log_probs, origins, kept.log_probs),
        coverage=_covered(beam.coverage, step.attention, origins),
        links=_linked(beam, step.attention, origins),
    )
    return advanced, (np.arange(rows)[:, np.newaxis] * open_count + origins).reshape(-1)


def _grown(history: NDArray[Any], origins: NDArray[np.int64], new: NDArray[Any]) -> NDArray[Any]:
    """`history` `[rows, open, length]` of the chosen hypotheses, one longer by `new`."""
    kept = np.take_along_axis(history, origins[:, :, np.newaxis], axis=1)
    return np.concatenate([kept, new[:, :, np.newaxis]], axis=2)


def _covered(
    coverage: Floats | None, attention: Floats | None, origins: NDArray[np.int64]
) -> Floats | None:
    if coverage is None or attention is None:
        return None
    return np.take_along_axis(coverage + attention, origins[:, :, np.newaxis], axis=1)


def _linked(beam: _Beam, attention: Floats | None, origins: NDArray[np.int64]) -> Ints | None:
    """The source position each new piece looked at most, added to the others."""
    if beam.links is None or attention is None:
        return None
    # The end symbol often takes what belongs nowhere; a piece is linked to a piece.
    positions = np.arange(attention.shape[2])
    is_piece = positions[np.newaxis, :] < beam.source_lengths[:, np.newaxis] - 1
    looked_at = np.where(is_piece[:, np.newaxis, :], attention, -1.0).argmax(axis=2)
    return _grown(beam.links, origins, np.take_along_axis(looked_at, origins, axis=1))


def _without_done(
    model: StepModel, beam: _Beam, origins: NDArray[np.int64], *, least: float
) -> tuple[_Beam, NDArray[np.int64]]:
    """The batch without the sentences that are done, once these are the share `least` of it."""
    if beam.done.mean() < least:
        return beam, origins
    kept = np.flatnonzero(~beam.done)
    open_ = beam.open_
    smaller = replace(
        beam,
        memory=model.keep(beam.memory, kept) if len(kept) else beam.memory,
        open_=OpenHypotheses(open_.sentences[kept], open_.ids[kept], open_.log_probs[kept]),
        token_log_probs=beam.token_log_probs[kept],
        coverage=None if beam.coverage is None else beam.coverage[kept],
        links=None if beam.links is None else beam.links[kept],
        limits=beam.limits[kept],
        source_lengths=beam.source_lengths[kept],
        done=beam.done[kept],
    )
    return smaller, origins.reshape(len(beam.done), -1)[kept].reshape(-1)
