"""Error rates of outputs that are strings of symbols, such as the sounds of a word.

A source that stands in several pairs has several right answers: an output that is any of them
is right, and its wrong symbols are counted against the one that is nearest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from seq2seq.rules import KINDS_WITH_ERROR_RATES


def error_rates(
    sources: Sequence[str], outputs: Sequence[str], references: Sequence[str], *, kind: str
) -> dict[str, float]:
    """`symbol_error_rate` and `sequence_error_rate` in percent; empty for text of words.

    Args:
        sources: one a pair; pairs of the same source are one item.
        outputs, references: of each pair; the outputs of one item are all the same.
        kind: of the target tokenizer: `symbols` are separated by spaces, with `char` each
            character is one; other kinds have no error rates.

    Returns:
        Of all items: how many are not answered by any of their references, and how many
        insertions, deletions and substitutions make the nearest reference of the output, by the
        symbols of these references.
    """
    if kind not in KINDS_WITH_ERROR_RATES or not sources:
        return {}
    items: dict[str, tuple[str, list[str]]] = {}
    for source, output, reference in zip(sources, outputs, references, strict=True):
        items.setdefault(source, (output, []))[1].append(reference)
    wrong = edits = symbols = 0
    for output, answers in items.values():
        written = _symbols(output, kind)
        compared = [_symbols(answer, kind) for answer in answers]
        fewest, length = min((edit_distance(written, one), len(one)) for one in compared)
        wrong, edits, symbols = wrong + (fewest > 0), edits + fewest, symbols + length
    return {
        "symbol_error_rate": 100.0 * edits / max(1, symbols),
        "sequence_error_rate": 100.0 * wrong / len(items),
    }


def edit_distance(left: Sequence[str], right: Sequence[str]) -> int:
    """The fewest insertions, deletions and substitutions that make `right` of `left`.

    Source: Levenshtein 1966; Wagner and Fischer 1974 for the table, here a row at a time.
    """
    numbers = {symbol: number for number, symbol in enumerate(dict.fromkeys([*left, *right]))}
    across: NDArray[np.int64] = np.array([numbers[symbol] for symbol in right], np.int64)
    places = np.arange(len(right) + 1)
    row = places.copy()
    for symbol in left:
        cheapest = row + 1  # the symbol is deleted
        np.minimum(cheapest[1:], row[:-1] + (across != numbers[symbol]), out=cheapest[1:])
        # An insertion costs one a place, so its cheapest start is a running minimum.
        row = np.minimum.accumulate(cheapest - places) + places
    return int(row[-1])


def _symbols(text: str, kind: str) -> list[str]:
    return text.split() if kind == "symbols" else list(text)
