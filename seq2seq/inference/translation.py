"""Translation of a source, and the joining of the translations of a text's parts into one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from seq2seq.text.sentences import rejoined

Alignment = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Translation:
    """Translation of a text; the translation of blank text is "", with scores of 0 and no tokens.

    Attributes:
        text: translated text, without line breaks.
        score: score that orders alternatives: log-probability divided by the length penalty, plus
            the coverage penalty if it is on. With required phrases, the lowest cost
            of inserting them is not divided, and a penalty for words that they displace is
            subtracted.
        log_prob: sum of the log-probabilities of the tokens, end symbol included.
        token_log_probs: log-probability of each token and, last, of the end symbol; for several
            parts, of the end symbol after each part.
        source_tokens, tokens: tokens of the text and of the translation, as the tokenizers spell
            them; placeholders stand for what is copied unchanged.
        alignment: pairs (source index, target index) that give the most attended source token of
            each token of the translation; None unless requested.
        confidence: calibrated probability that the translation is correct; None if the model was
            exported without calibration, unless the text has no tokens. For several parts it is the
            product.
        part_lengths: numbers of source tokens and of translation tokens of each part, if the text
            was translated in several parts: it has more sentences than the training sources, or is
            far longer. The log-probability is then the sum over the parts, and the score is the
            mean over the parts, weighted by the numbers of tokens of their best translations, end
            symbol included.
        note: further remark for the user, to be read after "the text is"; "" if none.
        error: reason why a line of input is invalid and is left untranslated; "" if it is valid.
        via: texts that the earlier models of a chain wrote, in order; empty without a chain.
    """

    text: str
    score: float = 0.0
    log_prob: float = 0.0
    token_log_probs: tuple[float, ...] = ()
    source_tokens: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    alignment: Alignment | None = None
    confidence: float | None = None
    part_lengths: tuple[tuple[int, int], ...] = ()
    note: str = ""
    error: str = ""
    via: tuple[str, ...] = ()

    @property
    def parts(self) -> int:
        """Number of parts that the text was translated in."""
        return max(1, len(self.part_lengths))

    @property
    def split(self) -> bool:
        """True if the text was translated in several parts."""
        return self.parts > 1


def join_parts(
    parts: list[list[Translation]], sources: Sequence[str], *, readable: bool, drawn: bool
) -> list[Translation]:
    """Return the translations of a text from those of its parts.

    The translations are the combinations of alternatives with the highest scores, best first. Their
    number is the largest number of alternatives that any part has. The translation of a text
    without parts is empty; its confidence is 1 for a blank text, and 0 for one that is not
    `readable`.

    Args:
        parts: alternatives of each part, best first.
        sources: source of each part, white space included.
        readable: false if the text holds characters that are not valid.
        drawn: true if the alternatives are samples, in any order. The samples of a text then join
            sample k of each part, so that one part's sample tells nothing about another's.
    """
    if not parts:
        return [Translation("", confidence=float(readable))]
    if drawn:
        samples = [_joined_sample(one, sources) for one in zip(*parts, strict=True)]
        return sorted(samples, key=lambda sample: -sample.score)
    if len(parts) == 1:
        return parts[0]
    weights = [len(alternatives[0].tokens) + 1 for alternatives in parts]
    return [
        _concatenated(one, sources, score=_weighted_mean(one, weights))
        for one in _best_together(parts, weights)
    ]


def _joined_sample(parts: Sequence[Translation], sources: Sequence[str]) -> Translation:
    """Return the sample of a text; its score is its log-probability, as that of every sample."""
    if len(parts) == 1:
        return parts[0]
    return _concatenated(parts, sources, score=sum(part.log_prob for part in parts))


def _weighted_mean(parts: Sequence[Translation], weights: Sequence[int]) -> float:
    """Return the mean of the scores of parts."""
    return sum(w * p.score for w, p in zip(weights, parts, strict=True)) / sum(weights)


def _best_together(
    parts: Sequence[Sequence[Translation]], weights: Sequence[int]
) -> list[tuple[Translation, ...]]:
    """Return the combinations of alternatives with the highest sums of weighted scores."""
    count = max(len(alternatives) for alternatives in parts)
    # The kept sums after each part: with the position before that they continue.
    kept = [(0.0, 0, parts[0][0])]
    history = []
    for weight, alternatives in zip(weights, parts, strict=True):
        longer = [
            (total + weight * one.score, position, one)
            for position, (total, _, _) in enumerate(kept)
            for one in alternatives
        ]
        kept = sorted(longer, key=lambda found: -found[0])[:count]
        history.append(kept)
    return [_traced(history, position) for position in range(len(kept))]


def _traced(
    history: Sequence[Sequence[tuple[float, int, Translation]]], position: int
) -> tuple[Translation, ...]:
    """Return the alternatives that lead to a position among the last sums."""
    backwards = []
    for kept in reversed(history):
        _, position, one = kept[position]
        backwards.append(one)
    return tuple(reversed(backwards))


def product_of(confidences: Sequence[float | None]) -> float | None:
    """Return the product of confidences; None if one is not known."""
    known = [one for one in confidences if one is not None]
    return math.prod(known) if len(known) == len(confidences) else None


def _concatenated(
    parts: Sequence[Translation], sources: Sequence[str], *, score: float
) -> Translation:
    alignment: list[tuple[int, int]] = []
    source_start, start = 0, 0
    for part in parts:
        alignment += [(source_start + a, start + b) for a, b in part.alignment or ()]
        source_start += len(part.source_tokens)
        start += len(part.tokens)
    whole = Translation(
        text=rejoined([part.text for part in parts], sources),
        score=score,
        log_prob=sum(part.log_prob for part in parts),
        token_log_probs=tuple(one for part in parts for one in part.token_log_probs),
        source_tokens=tuple(token for part in parts for token in part.source_tokens),
        tokens=tuple(token for part in parts for token in part.tokens),
        part_lengths=tuple((len(part.source_tokens), len(part.tokens)) for part in parts),
        confidence=product_of([part.confidence for part in parts]),
    )
    return whole if parts[0].alignment is None else replace(whole, alignment=tuple(alignment))
