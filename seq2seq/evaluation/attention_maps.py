"""Attention weights of finished translations, and source words that received little attention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.batch_building import padded_sequences
from seq2seq.data.batching import order_by_length
from seq2seq.inference.translation import Translation
from seq2seq.inference.translator import Translator
from seq2seq.search.scoring import token_attention

_SPACE = "\u2581"  # marks a space before a token

Weights = NDArray[np.float32]


class AttentionMap(NamedTuple):
    """Attention of one translation, or of a part that was translated separately.

    Attributes:
        line: index of the translation among all translations, from 0.
        part: index of the part in the translation, from 0.
        source: source tokens; the last column of the weights belongs to the end symbol.
        target: tokens of the translation; the last row belongs to the end symbol.
        weights: attention weights, `[target + 1, source + 1]`; each row sums to 1.
    """

    line: int
    part: int
    source: tuple[str, ...]
    target: tuple[str, ...]
    weights: Weights


class WordCoverage(NamedTuple):
    """Source word, and the attention that its tokens received from all target tokens together."""

    word: str
    attention: float


class _Part(NamedTuple):
    line: int
    part: int
    source: tuple[str, ...]
    target: tuple[str, ...]


def attention_maps(
    translator: Translator, translations: Sequence[Translation], *, batch_tokens: int
) -> Iterator[AttentionMap]:
    """Yield a map for each part of each translation, in the order in which they are computed.

    Blank texts have no map.

    Args:
        translator: translator whose model has attention.
        translations: translations by this translator.
        batch_tokens: maximum number of positions in a batch, padding included.
    """
    parts = [part for line, one in enumerate(translations) for part in _parts(line, one)]
    if not parts:
        return
    source_ids = {token: i for i, token in enumerate(translator.source_tokenizer.tokens)}
    target_ids = {token: i for i, token in enumerate(translator.target_tokenizer.tokens)}
    longer = np.array([max(len(part.source), len(part.target)) + 1 for part in parts], np.int32)
    for rows in order_by_length(longer, max_tokens=batch_tokens):
        batch = [parts[row] for row in rows.tolist()]
        weights = token_attention(
            translator.model,
            padded_sequences([[source_ids[token] for token in part.source] for part in batch]),
            padded_sequences([[target_ids[token] for token in part.target] for part in batch]),
        )
        for part, one in zip(batch, weights, strict=True):
            shown = one[: len(part.target) + 1, : len(part.source) + 1]
            yield AttentionMap(part.line, part.part, part.source, part.target, shown)


def word_coverage(one: AttentionMap) -> list[WordCoverage]:
    """Return the words of the source with the attention that each received."""
    covered = one.weights.sum(axis=0).tolist()
    words: list[WordCoverage] = []
    for token, attention in zip(one.source, covered, strict=False):
        if words and not token.startswith(_SPACE):
            word, before = words.pop()
            words.append(WordCoverage(word + token, before + attention))
        else:
            words.append(WordCoverage(token.removeprefix(_SPACE), attention))
    return words


def _parts(line: int, translation: Translation) -> Iterator[_Part]:
    whole = (len(translation.source_tokens), len(translation.tokens))
    source = target = 0
    lengths = translation.part_lengths or ((whole,) if whole[0] else ())
    for part, (sources, targets) in enumerate(lengths):
        yield _Part(
            *(line, part),
            translation.source_tokens[source : source + sources],
            translation.tokens[target : target + targets],
        )
        source, target = source + sources, target + targets
