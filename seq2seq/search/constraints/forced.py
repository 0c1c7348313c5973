"""Teacher forcing: a model run along given outputs, several for each sentence of a batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.search.alignments import most_attended
from seq2seq.search.beam_search import BeamSettings
from seq2seq.search.candidates import ruled
from seq2seq.search.constraints.written_text import WrittenText
from seq2seq.search.hypotheses import IMPOSSIBLE, Hypothesis, OpenHypotheses, Rule
from seq2seq.search.penalties import coverage_penalty, length_penalty
from seq2seq.search.sources import Sources, source_lengths
from seq2seq.search.step_model import Floats, Ints, Step, StepModel
from seq2seq.text.tokenizer import BOS, EOS

# Outputs processed at once: each takes a row as wide as the vocabulary.
_AT_ONCE = 128


class Given(NamedTuple):
    """Given output of a sentence, as tokens without end symbol."""

    sentence: int
    ids: tuple[int, ...]


class Along(NamedTuple):
    """Predictions of a model at each position of an output, and after it.

    Attributes:
        log_probs: log-probabilities of all tokens, `[length + 1, vocab_size] float32`.
        source_positions: most attended source position, `[length + 1]`; -1 without attention.
    """

    log_probs: Floats
    source_positions: list[int]


class Forced:
    """Teacher forcing of a model along outputs of a batch of sources."""

    def __init__(
        self,
        model: StepModel,
        sources: Sources,
        *,
        settings: BeamSettings,
        written: WrittenText,
        rules: Sequence[Rule],
    ) -> None:
        """Encode the sources.

        Args:
            model: model to run.
            sources: sources of the batch.
            settings: settings for scoring the outputs.
            written, rules: conditions that outputs must meet.
        """
        self._model, self._settings = model, settings
        self._written, self._rules = written, tuple(rules)
        self._memory, self._state = model.encode(sources)
        self._lengths = source_lengths(sources)

    def along(self, outputs: Sequence[Given]) -> list[Along]:
        """Return the model's predictions at each position of each output."""
        found: list[list[tuple[Floats, int]]] = [[] for _ in outputs]
        for numbers, open_, step in self._walk(outputs, attention=self._model.has_attention):
            log_probs = _known(step.log_probs)
            positions = self._most_attended(open_, step)
            for row, number in enumerate(numbers):
                if len(found[number]) <= len(outputs[number].ids):
                    found[number].append((log_probs[row, 0], positions[row]))
        return [
            Along(np.stack([log_probs for log_probs, _ in one]), [position for _, position in one])
            for one in found
        ]

    def hypotheses(self, outputs: Sequence[Given]) -> list[Hypothesis | None]:
        """Return the outputs with scores as in a search; None for outputs that break a rule."""
        weight = self._settings.coverage_penalty
        log_probs: list[list[float]] = [[] for _ in outputs]
        source_positions: list[list[int]] = [[] for _ in outputs]
        covered: list[Any] = [0.0] * len(outputs)
        kept = [True] * len(outputs)
        attention = self._settings.align or weight > 0
        for numbers, open_, step in self._walk(outputs, attention=attention):
            allowed = ruled(step, open_, self._rules, self._written)[:, 0]
            positions = self._most_attended(open_, step)
            for row, number in enumerate(numbers):
                ids, time = outputs[number].ids, open_.ids.shape[2]
                if time > len(ids):
                    continue
                token = EOS if time == len(ids) else ids[time]
                kept[number] &= bool(allowed[row, token] > IMPOSSIBLE / 2)
                log_probs[number].append(float(_known(step.log_probs)[row, 0, token]))
                source_positions[number].append(positions[row])
                if weight > 0:
                    covered[number] = covered[number] + _known(step.attention)[row, 0]
        return [
            self._hypothesis(given, log_probs[number], source_positions[number], covered[number])
            if kept[number]
            else None
            for number, given in enumerate(outputs)
        ]

    def _hypothesis(
        self,
        given: Given,
        log_probs: Sequence[float],
        source_positions: Sequence[int],
        covered: Any,
    ) -> Hypothesis:
        settings, total = self._settings, sum(log_probs)
        score = total / length_penalty(len(log_probs), settings.length_penalty)
        if settings.coverage_penalty > 0:
            lengths = self._lengths[given.sentence, np.newaxis]
            coverage = np.asarray(covered, np.float32)[np.newaxis, np.newaxis]
            score += float(coverage_penalty(coverage, lengths, settings.coverage_penalty)[0, 0])
        return Hypothesis(
            ids=given.ids,
            score=score,
            log_prob=total,
            token_log_probs=tuple(log_probs),
            source_positions=tuple(source_positions[:-1]) if settings.align else (),
        )

    def _most_attended(self, open_: OpenHypotheses, step: Step) -> list[int]:
        """Return the most attended source position of each row; -1 if attention is not known."""
        if step.attention is None:
            return [-1] * len(open_.sentences)
        positions = most_attended(step.attention, self._lengths[open_.sentences])
        return [int(position) for position in positions[:, 0]]

    def _walk(
        self, outputs: Sequence[Given], *, attention: bool
    ) -> Iterator[tuple[list[int], OpenHypotheses, Step]]:
        """Yield, for each prefix length, indices of outputs, their prefixes and the next step.

        Outputs that have ended are not among the live hypotheses (see `OpenHypotheses.live`).
        """
        order = sorted(range(len(outputs)), key=lambda number: len(outputs[number].ids))
        for start in range(0, len(order), _AT_ONCE):
            numbers = order[start : start + _AT_ONCE]
            sentences = np.array([outputs[number].sentence for number in numbers])
            lengths = np.array([len(outputs[number].ids) for number in numbers])
            ids = _padded([outputs[number].ids for number in numbers])
            memory, state = self._model.keep(self._memory, sentences), self._state
            tokens, origins = np.full([len(numbers), 1], BOS, np.int32), sentences
            for time in range(ids.shape[1] + 1):
                step = self._model.step(
                    memory, state, tokens, origins, top=None, attention=attention
                )
                ended = np.where(lengths < time, np.float32(2 * IMPOSSIBLE), np.float32(0.0))
                written = OpenHypotheses(sentences, ids[:, np.newaxis, :time], ended[:, np.newaxis])
                yield numbers, written, step
                state, origins = step.state, np.arange(len(numbers))
                tokens = ids[:, time : time + 1]


def _padded(outputs: Sequence[tuple[int, ...]]) -> Ints:
    ids = np.full([len(outputs), max(map(len, outputs))], EOS, np.int32)
    for row, output in zip(ids, outputs, strict=True):
        row[: len(output)] = output
    return ids


def _known(values: Any) -> NDArray[Any]:
    if values is None:
        raise ValueError("the step gave not what it was asked for")
    return np.asarray(values)
