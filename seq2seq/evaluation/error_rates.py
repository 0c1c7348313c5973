"""Error rates of outputs that are sequences of symbols, such as the sounds of a word.

A source that occurs in several pairs has several correct references. An output that equals one of
them is correct; otherwise its symbol errors are counted against the nearest reference.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.choices import TokenizerKind
from seq2seq.config.monitors import KINDS_WITH_ERROR_RATES


def error_rates(
    sources: Sequence[str],
    outputs: Sequence[str],
    references: Sequence[str],
    *,
    kind: TokenizerKind,
) -> dict[str, float]:
    """Return `symbol_error_rate` and `sequence_error_rate` in percent; empty if `kind` has none.

    Args:
        sources: source of each pair; pairs of the same source form one item.
        outputs, references: output and reference of each pair; all outputs of an item are equal.
        kind: kind of the target tokenizer. With `symbols`, symbols are separated by spaces; with
            `char`, each character is a symbol; other kinds have no error rates.

    Returns:
        `symbol_error_rate`: number of insertions, deletions and substitutions between each output
        and its nearest reference, divided by the number of symbols of these references;
        `sequence_error_rate`: share of items whose output equals none of their references.
    """
    if kind not in KINDS_WITH_ERROR_RATES or not sources:
        return {}
    items: dict[str, tuple[str, list[str]]] = {}
    for source, output, reference in zip(sources, outputs, references, strict=True):
        items.setdefault(source, (output, []))[1].append(reference)
    wrong = edits = symbols = 0
    for output, expected in items.values():
        written = _symbols(output, kind)
        compared = [_symbols(one, kind) for one in expected]
        fewest, length = min((edit_distance(written, one), len(one)) for one in compared)
        wrong, edits, symbols = wrong + (fewest > 0), edits + fewest, symbols + length
    return {
        "symbol_error_rate": 100.0 * edits / max(1, symbols),
        "sequence_error_rate": 100.0 * wrong / len(items),
    }


def edit_distance(left: Sequence[str], right: Sequence[str]) -> int:
    """Return the minimum number of insertions, deletions and substitutions from `left` to `right`.

    Source: Levenshtein 1966; Wagner and Fischer 1974 for the table, here computed row by row.
    """
    numbers = {symbol: number for number, symbol in enumerate(dict.fromkeys([*left, *right]))}
    across: NDArray[np.int64] = np.array([numbers[symbol] for symbol in right], np.int64)
    positions = np.arange(len(right) + 1)
    row = positions.copy()
    for symbol in left:
        cheapest = row + 1  # deletion of the symbol
        np.minimum(cheapest[1:], row[:-1] + (across != numbers[symbol]), out=cheapest[1:])
        # An insertion costs 1 per position, so its cheapest start is a running minimum.
        row = np.minimum.accumulate(cheapest - positions) + positions
    return int(row[-1])


def _symbols(text: str, kind: TokenizerKind) -> list[str]:
    return text.split() if kind == "symbols" else list(text)
