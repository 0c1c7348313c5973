"""Choice of the part of a text for each required phrase."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from seq2seq.inference.rows import Row
from seq2seq.search.hypotheses import Hypothesis

# Function that returns the row of a part, given the indices of text, part and phrases.
MakeRow = Callable[[int, int, Sequence[int]], Row]
Search = Callable[[Sequence[Row]], list[list[Hypothesis]]]


def phrase_positions(
    parts: Sequence[int], phrases: int, make_row: MakeRow, search: Search
) -> list[list[int]]:
    """Return for each text the part for each required phrase: the one with the lowest cost.

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
