"""Beam search over batches of sources, in NumPy between the steps of a model.

Rules that hold for every sentence, whatever other sentences are in its batch:
- A sentence is finished when `beam_size` hypotheses have ended, unless required phrases make it go
  on. Nothing that happens later changes its outputs; it leaves the batch together with others that
  are finished.
- The maximum output length of a sentence depends only on its own source; an output that reaches
  this length ends there.
- Before that, only hypotheses among the best `beam_size` candidates may end. Therefore greedy
  search, which is beam search with a beam size of 1, ends when the end symbol is the best token.

`model.graph_search` implements the same rules as a TensorFlow graph; tests compare the two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from seq2seq.search import candidates
from seq2seq.search.beam import Beam, advanced, first_beam, next_step, without_done
from seq2seq.search.candidates import Candidates
from seq2seq.search.constraints.written_text import WrittenText
from seq2seq.search.greedy_search import greedy_search
from seq2seq.search.hypotheses import IMPOSSIBLE, Hypothesis, Rule
from seq2seq.search.penalties import coverage_penalty, length_penalty
from seq2seq.search.selection import Chosen, Growing, Selection, best
from seq2seq.search.sources import Sources, source_mask
from seq2seq.search.step_model import Floats, Ints, Step, StepModel
from seq2seq.text.output_tokens import OutputTokens
from seq2seq.text.tokenizer import EOS

# Number of most probable tokens requested in addition, because some are not allowed in outputs.
_SPARE = 8

# Share of finished sentences at which the batch is reduced; each reduction copies the memory.
_WORTH_DROPPING = 0.2


@dataclass(frozen=True)
class BeamSettings:
    """Width and scoring of a beam search.

    Attributes:
        beam_size: number of hypotheses kept for each sentence; 1 is greedy search.
        length_penalty: exponent of the length penalty; 0 compares plain log-probabilities.
        coverage_penalty: weight of the coverage penalty; 0 turns it off.
        align: true to return the alignment, the most attended source position of each token.
        shrink_batches: true to remove finished sentences from the batch. Otherwise they wait for
            the last sentence, which is slower and only useful for measurements.
        shortlist: true to restrict outputs to the model's shortlist, if it has one and no rule
            needs the log-probabilities of all tokens.
    """

    beam_size: int = 4
    length_penalty: float = 1.0
    coverage_penalty: float = 0.0
    align: bool = False
    shrink_batches: bool = True
    shortlist: bool = True

    @property
    def least_dropped(self) -> float:
        """Smallest share of finished sentences in a batch for which they are removed from it."""
        return _WORTH_DROPPING if self.shrink_batches else 1.0


def beam_search(
    model: StepModel,
    sources: Sources,
    limits: Ints,
    *,
    settings: BeamSettings,
    written: WrittenText | None = None,
    rules: Sequence[Rule] = (),
    selection: Selection | None = None,
) -> list[list[Hypothesis]]:
    """Search for the best outputs of a batch.

    Args:
        model: model to search with.
        sources: sources of the batch.
        limits: maximum output length of each row, end symbol included, `[rows] int32`.
        settings: settings of the search.
        written: rule that defines valid text; None if nothing is known about the vocabulary.
        rules: conditions on the outputs. An output ends where they forbid every continuation.
        selection: strategy to choose among candidates; None takes the best ones.

    Returns:
        for each row at most `beam_size` outputs, best first, and at least one.
    """
    written = written or WrittenText(OutputTokens.of_ids(model.vocab_size), limits)
    ruled = bool(rules) or selection is not None or written.allows_placeholders
    attentive = settings.align or settings.coverage_penalty > 0
    if settings.beam_size == 1 and not ruled and not attentive:
        greedy = greedy_search(
            model,
            sources,
            limits,
            written=written,
            shortlist=settings.shortlist,
            penalty=settings.length_penalty,
            least_dropped=settings.least_dropped,
        )
        return [[output] for output in greedy]
    encoded = model.encode(sources, shortlist=settings.shortlist and not ruled)
    beam = first_beam(
        encoded,
        source_mask(sources),
        limits,
        coverage=settings.coverage_penalty > 0,
        align=settings.align,
    )
    origins = np.arange(len(limits))
    ended: list[list[Hypothesis]] = [[] for _ in limits]
    while len(beam.done):
        step_with = partial(next_step, model, beam, origins)
        if ruled:
            step = step_with(None)
            log_probs = candidates.ruled(step, beam.open_, rules, written)
            chosen, ends = _of_all(log_probs, beam, settings, selection), log_probs[:, :, EOS]
        else:
            step = step_with(min(2 * settings.beam_size + _SPARE, model.vocab_size))
            chosen, ends = (
                _most_probable(step, beam, settings, written, step_with),
                step.end_log_probs,
            )
        chosen, last = _with_forced_ends(chosen, ends, step, beam)
        _collect_ended(step, beam, chosen.ended, ended, settings)
        beam, origins = advanced(step, beam, chosen.kept)
        done = beam.done | last | _full(beam, ended, settings, selection)
        beam, origins = without_done(
            model,
            replace(beam, done=done),
            origins,
            least=settings.least_dropped,
        )
    return [_best_ended(*found, settings, selection) for found in enumerate(ended)]


def _of_all(
    log_probs: Floats, beam: Beam, settings: BeamSettings, selection: Selection | None
) -> Chosen:
    """Choose among all tokens `[rows, open, vocab_size]`."""
    if selection is not None:
        return selection(log_probs, beam.open_)
    size = settings.beam_size
    return best(candidates.of_all(log_probs, beam.open_, 2 * size), size)


def _most_probable(
    step: Step,
    beam: Beam,
    settings: BeamSettings,
    written: WrittenText,
    again: Callable[[int | None], Step],
) -> Chosen:
    """Choose among the best `2 * beam_size` extensions by each hypothesis's most probable tokens.

    With twice the beam size, the beam stays full even if the best `beam_size` extensions end.
    """
    size = settings.beam_size
    found = candidates.most_probable(step, beam.open_, 2 * size, written=written, again=again)
    return best(found, size)


def _with_forced_ends(
    chosen: Chosen, ends: Floats, step: Step, beam: Beam
) -> tuple[Chosen, NDArray[np.bool_]]:
    """End all hypotheses of the rows where only the end symbol can follow.

    Args:
        chosen: choice made without this rule.
        ends: log-probabilities of the end symbol after the rules were applied, `[rows, open]`.
        step: step of the model.
        beam: state of the search.

    Returns:
        the new choice, and the affected rows as flags `[rows] bool`: rows at their last position,
        and rows where no other token is allowed.
    """
    last = beam.open_.ids.shape[2] + 1 >= beam.limits
    last |= chosen.kept.totals.max(axis=1) < IMPOSSIBLE / 2
    if not last.any():
        return chosen, last
    # An output that breaks a rule is better than no output.
    broken = (beam.open_.log_probs + ends).max(axis=1) < IMPOSSIBLE / 2
    ends = np.where(broken[:, np.newaxis], step.end_log_probs, ends)
    ended = candidates.only_ends(ends, beam.open_, chosen.ended.totals.shape[1])
    return chosen._replace(ended=candidates.where(last, ended, chosen.ended)), last


def _full(
    beam: Beam,
    ended: Sequence[Sequence[Hypothesis]],
    settings: BeamSettings,
    selection: Selection | None,
) -> NDArray[np.bool_]:
    """Return the rows with enough ended hypotheses, `[rows] bool`."""
    sentences = beam.open_.sentences.tolist()
    full = np.array([len(ended[s]) >= settings.beam_size for s in sentences], dtype=bool)
    if selection is None:
        return full
    divisor = length_penalty(beam.open_.ids.shape[2], settings.length_penalty)
    for row in np.flatnonzero(full & ~beam.done):
        positions = np.flatnonzero(beam.open_.log_probs[row] > IMPOSSIBLE / 2)
        ids = [tuple(tokens) for tokens in beam.open_.ids[row, positions].tolist()]
        growing = Growing(ids, beam.token_log_probs[row, positions].tolist(), divisor)
        best_of_row = _best_ended(sentences[row], ended[sentences[row]], settings, selection)
        full[row] = not selection.goes_on(sentences[row], best_of_row, growing)
    return full


def _best_ended(
    sentence: int,
    ended: Sequence[Hypothesis],
    settings: BeamSettings,
    selection: Selection | None,
) -> list[Hypothesis]:
    """Return at most `beam_size` outputs of a sentence, best first."""
    scored = list(ended)
    if selection is not None:
        price = selection.price(sentence, ended)
        for position, one in enumerate(ended):
            divisor = length_penalty(len(one.ids) + 1, settings.length_penalty)
            scored[position] = replace(one, score=one.score + price * (1.0 - 1.0 / divisor))
    return sorted(scored, key=lambda one: -one.score)[: settings.beam_size]


def _collect_ended(
    step: Step,
    beam: Beam,
    chosen: Candidates,
    ended: list[list[Hypothesis]],
    settings: BeamSettings,
) -> None:
    """Add the hypotheses that end at this step to `ended`, by sentence."""
    ends = (chosen.totals > IMPOSSIBLE / 2) & ~beam.done[:, np.newaxis]
    divisor = length_penalty(beam.open_.ids.shape[2] + 1, settings.length_penalty)
    coverage = _coverage_scores(step, beam, settings.coverage_penalty)
    for row, position in np.argwhere(ends):
        origin = chosen.origins[row, position]
        total = float(chosen.totals[row, position])
        tokens = beam.token_log_probs[row, origin].tolist()
        hypothesis = Hypothesis(
            ids=tuple(beam.open_.ids[row, origin].tolist()),
            score=total / divisor + (0.0 if coverage is None else float(coverage[row, origin])),
            log_prob=total,
            token_log_probs=(*tokens, float(chosen.log_probs[row, position])),
            source_positions=()
            if beam.source_positions is None
            else tuple(beam.source_positions[row, origin].tolist()),
        )
        ended[beam.open_.sentences[row]].append(hypothesis)


def _coverage_scores(step: Step, beam: Beam, weight: float) -> Floats | None:
    """Return the coverage penalty of each open hypothesis if it ends now, `[rows, open]`."""
    if beam.coverage is None or step.attention is None:
        return None
    return coverage_penalty(beam.coverage + step.attention, beam.source_lengths, weight)
