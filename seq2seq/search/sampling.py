"""Sampling of outputs by their probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.errors import SettingsError
from seq2seq.search.alignments import most_attended
from seq2seq.search.candidates import ruled
from seq2seq.search.constraints.written_text import WrittenText
from seq2seq.search.hypotheses import IMPOSSIBLE, Hypothesis, OpenHypotheses, Rule
from seq2seq.search.sources import Sources, source_bytes, source_lengths
from seq2seq.search.step_model import Floats, Ints, Step, StepModel
from seq2seq.text.output_tokens import OutputTokens
from seq2seq.text.tokenizer import BOS, EOS

# Share of finished samples at which they are dropped; each removal copies the memory.
_WORTH_DROPPING = 0.2


@dataclass(frozen=True)
class Sampling:
    """Settings for drawing tokens by their probability, instead of searching for the best output.

    Attributes:
        temperature: divisor of the logits; values below 1 sharpen the distribution, values above 1
            flatten it.
        top_k: number of most probable tokens to draw from; 0 for all.
        top_p: minimum total probability of the most probable tokens to draw from.
        seed: seed of the random numbers; with the same seed a text gives the same samples, whatever
            the batch.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    seed: int = 0

    def check(self) -> None:
        """Raise `SettingsError` for invalid values."""
        for name, good, allowed in (
            ("temperature", 0.01 <= self.temperature <= 100.0, "from 0.01 to 100"),
            ("top_k", self.top_k >= 0, "at least 0, which is all"),
            ("top_p", 0.0 < self.top_p <= 1.0, "above 0 and at most 1"),
            ("seed", self.seed >= 0, "at least 0"),
        ):
            if not good:
                raise SettingsError(f"{name} must be {allowed}; received {getattr(self, name)}")


@dataclass(frozen=True)
class _Drawings:
    """Samples in progress, each in a row of its own.

    Attributes:
        memory, state: memory and state of the model.
        numbers: number of each row's sample among those of its sentence, `[rows] int64`.
        origins: index in `state` that each row continues, `[rows] int64`.
        open_: tokens drawn so far; one hypothesis in each row.
        token_log_probs: log-probability of each token, `[rows, 1, length] float32`.
        source_positions: alignment, `[rows, 1, length] int32`; None if not requested.
        rng: random generator (rng) of each row.
        done: flags of finished rows, `[rows] bool`.
    """

    memory: Any
    state: Any
    numbers: NDArray[np.int64]
    origins: NDArray[np.int64]
    open_: OpenHypotheses
    token_log_probs: Floats
    source_positions: Ints | None
    rng: list[np.random.Generator]
    done: NDArray[np.bool_]


def sample(
    model: StepModel,
    sources: Sources,
    limits: Ints,
    *,
    sampling: Sampling,
    drawings: int,
    written: WrittenText | None = None,
    rules: Sequence[Rule] = (),
    align: bool = False,
) -> list[list[Hypothesis]]:
    """Draw outputs for a batch.

    Args:
        model: model to sample from.
        sources: sources of the batch.
        limits: maximum output length of each row, end symbol included, `[rows] int32`.
        sampling: settings of the sampling.
        drawings: number of independent samples for each row.
        written: rule that defines valid text; None if nothing is known about the vocabulary.
        rules: conditions on the outputs. An output ends where they forbid every continuation.
        align: true to return the alignment, the most attended source position of each token.

    Returns:
        for each row its samples, in an order that does not depend on what was drawn. Scores are
        log-probabilities under the model itself, whatever the temperature and the rules.
    """
    lengths = source_lengths(sources)
    written = written or WrittenText(OutputTokens.of_ids(model.vocab_size), limits)
    going = _first(model, sources, sampling.seed, drawings, align)
    drawn: dict[tuple[int, int], Hypothesis] = {}
    while len(going.done):
        sentences, ids = going.open_.sentences, going.open_.ids
        step = model.step(
            going.memory,
            going.state,
            ids[:, :, -1] if ids.shape[2] else np.full([len(ids), 1], BOS, np.int32),
            going.origins,
            top=None,
            attention=align,
        )
        allowed = ruled(step, going.open_, rules, written)[:, 0]
        only_end = (allowed.max(axis=1) < IMPOSSIBLE / 2) | (ids.shape[2] + 1 >= limits[sentences])
        tokens = np.where(only_end, EOS, _draw(allowed, sampling, going.rng))
        grown = _grown(going, step, tokens, lengths[sentences])
        for row in np.flatnonzero((tokens == EOS) & ~going.done):
            drawn[int(sentences[row]), int(going.numbers[row])] = _ended(grown, int(row))
        going = _without_done(model, replace(grown, done=going.done | (tokens == EOS)))
    return [[drawn[sentence, n] for n in range(drawings)] for sentence in range(len(lengths))]


def _first(model: StepModel, sources: Sources, seed: int, drawings: int, align: bool) -> _Drawings:
    memory, state = model.encode(sources)
    rows = len(source_lengths(sources))
    sentences = np.arange(rows).repeat(drawings)
    numbers = np.tile(np.arange(drawings), rows)
    nothing = np.zeros([len(sentences), 1, 0])
    return _Drawings(
        memory=model.keep(memory, sentences),
        state=state,
        numbers=numbers,
        origins=sentences,
        open_=OpenHypotheses(
            sentences, nothing.astype(np.int32), np.zeros([len(sentences), 1], np.float32)
        ),
        token_log_probs=nothing.astype(np.float32),
        source_positions=nothing.astype(np.int32) if align else None,
        rng=[
            _rng(source_bytes(sources, s), seed, n)
            for s, n in zip(sentences.tolist(), numbers.tolist(), strict=True)
        ],
        done=np.zeros([len(sentences)], bool),
    )


def _rng(source: bytes, seed: int, number: int) -> np.random.Generator:
    """Return the random generator of one sample; it depends on these three arguments only."""
    key = blake2b(f"{seed} {number} ".encode() + source, digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(key, "little")))


def _draw(
    log_probs: Floats, sampling: Sampling, rng: Sequence[np.random.Generator]
) -> NDArray[np.int64]:
    """Draw a token for each row of `log_probs` `[rows, vocab_size]`.

    The index of the largest sum of log-probability and Gumbel noise is a sample of the
    distribution. The probabilities are not normalised or summed, because the order of a sum would
    affect rounding.
    """
    scaled = _narrowed(log_probs.astype(np.float64) / sampling.temperature, sampling)
    even = np.stack([generator.random(log_probs.shape[1]) for generator in rng])
    noise = -np.log(-np.log(np.maximum(even, np.finfo(np.float64).tiny)))
    chosen: NDArray[np.int64] = (scaled + noise).argmax(axis=1)
    return chosen


def _narrowed(log_probs: NDArray[np.float64], sampling: Sampling) -> NDArray[np.float64]:
    """Return `log_probs` with tokens outside top-k and top-p made impossible.

    Source: Holtzman et al. 2020, "The curious case of neural text degeneration", for `top_p`.
    """
    if sampling.top_k == 0 and sampling.top_p == 1.0:
        return log_probs
    order = np.argsort(-log_probs, axis=1, kind="stable")
    ranked = np.take_along_axis(log_probs, order, axis=1)
    if sampling.top_k:
        ranked[:, sampling.top_k :] = -np.inf
    shares = np.exp(ranked - ranked[:, :1])
    shares /= shares.sum(axis=1, keepdims=True)
    # The token that reaches `top_p` is kept, so at least one token remains.
    ranked[shares.cumsum(axis=1) - shares >= sampling.top_p] = -np.inf
    narrowed = np.empty_like(ranked)
    np.put_along_axis(narrowed, order, ranked, axis=1)
    return narrowed


def _grown(going: _Drawings, step: Step, tokens: NDArray[np.int64], lengths: Ints) -> _Drawings:
    """Return the samples with one more token each, `tokens` `[rows]`, and its log-probability."""
    if step.log_probs is None:
        raise ValueError("the step gave not all log-probabilities")
    new = np.take_along_axis(step.log_probs[:, 0], tokens[:, np.newaxis], axis=1)
    source_positions = going.source_positions
    if source_positions is not None and step.attention is not None:
        source_positions = _longer(source_positions, most_attended(step.attention, lengths))
    return replace(
        going,
        state=step.state,
        origins=np.arange(len(tokens)),
        open_=OpenHypotheses(
            going.open_.sentences,
            _longer(going.open_.ids, tokens[:, np.newaxis].astype(np.int32)),
            going.open_.log_probs + new,
        ),
        token_log_probs=_longer(going.token_log_probs, new),
        source_positions=source_positions,
    )


def _longer(history: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([history, new[:, :, np.newaxis]], axis=2)


def _ended(grown: _Drawings, row: int) -> Hypothesis:
    token_log_probs = grown.token_log_probs[row, 0].tolist()
    total = float(sum(token_log_probs))
    return Hypothesis(
        ids=tuple(grown.open_.ids[row, 0, :-1].tolist()),
        score=total,
        log_prob=total,
        token_log_probs=tuple(token_log_probs),
        source_positions=()
        if grown.source_positions is None
        else tuple(grown.source_positions[row, 0, :-1].tolist()),
    )


def _without_done(model: StepModel, going: _Drawings) -> _Drawings:
    """Return the samples in progress, without the finished rows if removing them saves time."""
    open_ = going.open_
    if going.done.mean() < _WORTH_DROPPING:
        # Rules ignore finished rows.
        idle = np.where(going.done[:, np.newaxis], np.float32(2 * IMPOSSIBLE), open_.log_probs)
        return replace(going, open_=replace(open_, log_probs=idle))
    kept = np.flatnonzero(~going.done)
    return replace(
        going,
        memory=model.keep(going.memory, kept) if len(kept) else going.memory,
        numbers=going.numbers[kept],
        origins=going.origins[kept],
        open_=OpenHypotheses(open_.sentences[kept], open_.ids[kept], open_.log_probs[kept]),
        token_log_probs=going.token_log_probs[kept],
        source_positions=None if going.source_positions is None else going.source_positions[kept],
        rng=[going.rng[row] for row in kept],
        done=going.done[kept],
    )
