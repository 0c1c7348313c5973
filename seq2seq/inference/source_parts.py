"""Parts of source texts: each is searched as a row of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from seq2seq.inference.constraints import Constraints
from seq2seq.inference.markup import Markup
from seq2seq.inference.placeholders import Masked
from seq2seq.inference.rows import Row
from seq2seq.search.hypotheses import Hypothesis
from seq2seq.text.sentences import SourceLimits, split_source
from seq2seq.text.tokenizer import Tokenizer

# Function that returns the row of a part, given the indices of text, part and phrases.
MakeRow = Callable[[int, int, Sequence[int]], Row]
Search = Callable[[Sequence[Row]], list[list[Hypothesis]]]


class Part(NamedTuple):
    """Part of a source text with its white space, and its tokens."""

    text: str
    ids: list[int]


def split_texts(
    masked: Sequence[Masked], tokenizer: Tokenizer, limits: SourceLimits
) -> list[list[Part]]:
    """Return the parts of each text, an empty list for a text without tokens."""

    def count(text: str) -> int:
        return len(tokenizer.encode([text])[0])

    whole = tokenizer.encode([one.text for one in masked])
    parts: list[list[Part]] = []
    for one, ids in zip(masked, whole, strict=True):
        split = split_source(one.text, limits, tokens=len(ids), count=count)
        encoded = [ids] if len(split) == 1 else tokenizer.encode(split)
        pairs = zip(split, encoded, strict=True)
        parts.append([Part(text, row) for text, row in pairs if row and text.strip()])
    return parts


def rows_of(
    masked: Sequence[Masked],
    parts: Sequence[Sequence[Part]],
    markup: Sequence[Markup],
    constraints: Constraints,
    search: Search,
) -> list[Row]:
    """Return the rows of all parts, with the conditions on their translations.

    If phrases are required of a text in several parts, these are searched to find where each phrase
    costs least.

    Args:
        masked: texts with placeholders for the text that is copied unchanged.
        parts: parts of each text.
        markup: tags of each part, of all texts in one list.
        constraints: conditions on the translation of a text.
        search: function that returns the outputs of rows, best first.
    """

    def row(text: int, position: int, phrases: Iterable[int]) -> Row:
        part = parts[text][position]
        names = masked[text].placeholders(part.text)
        conditions = constraints.of_row(part.text, first=not position, phrases=phrases, names=names)
        return Row(part.ids, conditions)

    counts = [len(text_parts) for text_parts in parts]
    positions = _phrase_positions(counts, constraints.phrases, row, search)
    rows = [
        row(text, part, [phrase for phrase, chosen in enumerate(positions[text]) if chosen == part])
        for text, count in enumerate(counts)
        for part in range(count)
    ]
    return [replace(one, align=bool(tags)) for one, tags in zip(rows, markup, strict=True)]


def _phrase_positions(
    parts: Sequence[int], phrases: int, make_row: MakeRow, search: Search
) -> list[list[int]]:
    """Return, for each text, the part in which each required phrase has the lowest cost.

    The cost is the decrease in log-probability of a part's translation due to the phrase; it is
    zero if the translation holds the phrase anyway. Each phrase is tried alone.

    Args:
        parts: number of parts of each text.
        phrases: number of required phrases.
        make_row: function that returns the row of a part, given the indices of text, part and
            phrases.
        search: function that returns the outputs of rows, best first.

    Returns:
        indices of parts, `[texts][phrases]`.
    """
    positions = [[0] * phrases for _ in parts]
    for text, count in enumerate(parts):
        if count < 2 or not phrases:
            continue
        asked: list[Sequence[int]] = [(), *((phrase,) for phrase in range(phrases))]
        rows = [make_row(text, part, numbers) for numbers in asked for part in range(count)]
        found = [_log_prob(outputs) for outputs in search(rows)]
        plain = found[:count]
        for phrase in range(phrases):
            held = found[count * (phrase + 1) : count * (phrase + 2)]
            losses = [before - after for before, after in zip(plain, held, strict=True)]
            positions[text][phrase] = min(range(count), key=losses.__getitem__)
    return positions


def _log_prob(outputs: Sequence[Hypothesis]) -> float:
    return outputs[0].log_prob if outputs else -math.inf
