"""Check for source words that a translation omits, by the attention that they received."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import median

from seq2seq.evaluation.attention_maps import WordCoverage
from seq2seq.evaluation.line_checks import Check, Finding

_LEAST = 0.1  # attention of all target tokens together
_USUAL = 0.5
_SHORTEST_WORD = 4  # letters; many shorter words have no separate translation
_OFTEN = 3  # minimum occurrences of a word whose usual attention is known


def coverage_check(
    coverage: Mapping[int, Sequence[WordCoverage]], *, exact: Sequence[bool]
) -> Check:
    """Return the result of the check.

    Args:
        coverage: source words by line index (from 0), with the attention that each word received.
        exact: true if the translation of each line equals one of its references.
    """
    words = {
        line: [word for word in coverage[line] if _is_judged(word)] for line in sorted(coverage)
    }
    attention: dict[str, list[float]] = defaultdict(list)
    for found in words.values():
        for word in found:
            attention[word.word.casefold()].append(word.attention)
    usual = {word: median(found) for word, found in attention.items() if len(found) >= _OFTEN}
    findings = []
    wrong = 0
    for line, found in words.items():
        left_out = [
            word.word
            for word in found
            if not exact[line]
            and word.attention < _LEAST
            and usual.get(word.word.casefold(), 1.0) >= _USUAL
        ]
        wrong += len(left_out)
        if left_out:
            findings.append(Finding(line + 1, ", ".join(left_out)))
    return Check(
        key="uncovered",
        title="Source words left out",
        rule=f"A word of {_SHORTEST_WORD} or more letters got less attention than {_LEAST:g} of "
        "all target tokens together, in a translation that is no reference; words that usually "
        "get little, such as auxiliary verbs, do not count. This is a hint: see the line's map.",
        unit="words of the sources",
        judged=sum(map(len, words.values())),
        wrong=wrong,
        findings=tuple(findings),
    )


def _is_judged(word: WordCoverage) -> bool:
    return len(word.word) >= _SHORTEST_WORD and word.word.isalpha()
