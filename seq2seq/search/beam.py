"""State of a beam search between two steps of the model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.search.alignments import aligned, covered
from seq2seq.search.candidates import Candidates
from seq2seq.search.hypotheses import IMPOSSIBLE, OpenHypotheses, grown
from seq2seq.search.step_model import Floats, Ints, Step, StepModel
from seq2seq.text.tokenizer import BOS


@dataclass(frozen=True)
class Beam:
    """Hypotheses of the sentences that are still in the batch, and the data that belong to them.

    Attributes:
        memory, state: memory and state of the model.
        open_: open hypotheses.
        token_log_probs: log-probabilities of their tokens, `[rows, open, length] float32`.
        coverage: attention that each source token got, `[rows, open, source_len]`; None if not
            needed.
        source_positions: alignment, `[rows, open, length] int32`; None if not requested.
        limits: maximum output length of each row, end symbol included, `[rows] int32`.
        source_lengths: number of tokens of each source, end symbol included, `[rows] int32`.
        done: flags of finished sentences, `[rows] bool`.
    """

    memory: Any
    state: Any
    open_: OpenHypotheses
    token_log_probs: Floats
    coverage: Floats | None
    source_positions: Ints | None
    limits: Ints
    source_lengths: Ints
    done: NDArray[np.bool_]


def first_beam(
    encoded: tuple[Any, Any], mask: NDArray[np.bool_], limits: Ints, *, coverage: bool, align: bool
) -> Beam:
    """Return one empty open hypothesis for each row.

    Args:
        encoded: memory and state of the model.
        mask: true at the tokens of the sources, `[rows, source_len] bool`.
        limits: maximum output length of each row, end symbol included, `[rows] int32`.
        coverage: true to sum the attention that each source token gets.
        align: true to note the most attended source position of each token.
    """
    memory, state = encoded
    rows, width = mask.shape
    return Beam(
        memory=memory,
        state=state,
        open_=OpenHypotheses(
            sentences=np.arange(rows),
            ids=np.zeros([rows, 1, 0], np.int32),
            log_probs=np.zeros([rows, 1], np.float32),
        ),
        token_log_probs=np.zeros([rows, 1, 0], np.float32),
        coverage=np.zeros([rows, 1, width], np.float32) if coverage else None,
        source_positions=np.zeros([rows, 1, 0], np.int32) if align else None,
        limits=limits,
        source_lengths=mask.sum(axis=1).astype(np.int32),
        done=np.zeros([rows], bool),
    )


def next_step(model: StepModel, beam: Beam, origins: NDArray[np.int64], top: int | None) -> Step:
    """Return the model's next step, with the `top` most probable tokens or with all."""
    ids = beam.open_.ids
    rows, open_count, length = ids.shape
    return model.step(
        beam.memory,
        beam.state,
        ids[:, :, -1] if length else np.full([rows, open_count], BOS, np.int32),
        origins,
        top=top,
        attention=beam.coverage is not None or beam.source_positions is not None,
    )


def advanced(step: Step, beam: Beam, kept: Candidates) -> tuple[Beam, NDArray[np.int64]]:
    """Return the beam extended by one token, and the index in `state` of each hypothesis."""
    origins = kept.origins
    rows, open_count = beam.open_.log_probs.shape
    longer = replace(
        beam,
        state=step.state,
        open_=OpenHypotheses(
            sentences=beam.open_.sentences,
            ids=grown(beam.open_.ids, origins, kept.tokens.astype(np.int32)),
            log_probs=kept.totals,
        ),
        token_log_probs=grown(beam.token_log_probs, origins, kept.log_probs),
        coverage=covered(beam.coverage, step.attention, origins),
        source_positions=aligned(
            beam.source_positions, step.attention, beam.source_lengths, origins
        ),
    )
    return longer, (np.arange(rows)[:, np.newaxis] * open_count + origins).reshape(-1)


def without_done(
    model: StepModel, beam: Beam, origins: NDArray[np.int64], *, least: float
) -> tuple[Beam, NDArray[np.int64]]:
    """Return beam and origins without finished sentences if their share is at least `least`."""
    open_ = beam.open_
    if beam.done.mean() < least:
        # Rules ignore hypotheses of finished sentences.
        idle = np.where(beam.done[:, np.newaxis], np.float32(2 * IMPOSSIBLE), open_.log_probs)
        return replace(beam, open_=replace(open_, log_probs=idle)), origins
    kept = np.flatnonzero(~beam.done)
    smaller = replace(
        beam,
        memory=model.keep(beam.memory, kept) if len(kept) else beam.memory,
        open_=OpenHypotheses(open_.sentences[kept], open_.ids[kept], open_.log_probs[kept]),
        token_log_probs=beam.token_log_probs[kept],
        coverage=None if beam.coverage is None else beam.coverage[kept],
        source_positions=None if beam.source_positions is None else beam.source_positions[kept],
        limits=beam.limits[kept],
        source_lengths=beam.source_lengths[kept],
        done=beam.done[kept],
    )
    return smaller, origins.reshape(len(beam.done), -1)[kept].reshape(-1)
