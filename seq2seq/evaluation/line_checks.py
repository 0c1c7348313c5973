"""Checks of single translations for errors that corpus scores hide.

Each check compares an output with its source and its references, by words and without a word list
of any language. The references decide: a copied word, a number or a repeated phrase that a
reference has too is not an error.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from seq2seq.text.spans import find_spans
from seq2seq.text.words import tokens, uncapitalised

_SHORTEST_COPY = 4  # letters; shorter words often have the same spelling in two languages
_SHORTEST_NAME = 2
_LONG = 2.0  # factor of length compared with a reference
_LENGTH_SLACK = 8  # characters; short texts differ more
_LONGEST_PHRASE = 8  # maximum number of words of a phrase that follows itself
_APART = 3  # number of words of a phrase that occurs twice anywhere in a text
_APART_LETTERS = 8  # three words of a script without spaces have fewer


class LineTexts(NamedTuple):
    """Texts of one line of a test set."""

    source: str
    output: str
    references: tuple[str, ...]


class Finding(NamedTuple):
    """Error in one line, and its details; lines are counted from 1."""

    line: int
    detail: str


@dataclass(frozen=True)
class Check:
    """Result of one check over a test set.

    Attributes:
        key: identifier of the check.
        title: displayed name.
        rule: explanation of what counts as an error.
        unit: name of the judged items: lines, words or numbers.
        judged: number of judged items.
        wrong: number of wrong items.
        findings: lines with errors, ascending.
    """

    key: str
    title: str
    rule: str
    unit: str
    judged: int
    wrong: int
    findings: tuple[Finding, ...]


def check_lines(lines: Sequence[LineTexts]) -> list[Check]:
    """Return the results of all checks; lines with a blank source are not judged."""
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.source.strip()]
    uncapitals = {word for line in lines for word in _words(line.source) if word[0].islower()}

    def names(line: LineTexts) -> Iterable[str]:
        return (word for word in source_names(line) if uncapitalised(word) not in uncapitals)

    return [
        _line_check(
            *("empty", "Empty translations"),
            "The source has text, the translation has none.",
            numbered,
            lambda line: "" if line.output.strip() else "no translation",
        ),
        _item_check(
            *("copied", "Source words left untranslated"),
            f"A word of {_SHORTEST_COPY} or more letters stands in source and translation and in "
            "no reference.",
            "words of the translations",
            numbered,
            lambda line: (len(_words(line.output)), copied_words(line)),
        ),
        _item_check(
            *("numbers", "Numbers lost or changed"),
            "A number that source and every reference have is missing in the translation. Numbers "
            "are compared by their digits.",
            "numbers",
            numbered,
            lambda line: _lost(expected_numbers(line), _numbers(line.output)),
        ),
        _item_check(
            *("invented", "Numbers that nobody wrote"),
            "The translation has a number that neither its source nor a reference has.",
            "numbers of the translations",
            numbered,
            lambda line: (_numbers(line.output).total(), _invented(line)),
        ),
        _item_check(
            *("names", "Names lost or changed"),
            "A capitalised word that source and every reference spell alike, and that no source "
            "writes with a small letter, is missing in the translation.",
            "names",
            numbered,
            lambda line: _lost(Counter(names(line)), Counter(_words(line.output))),
        ),
        _line_check(
            *("short", "Under-translation: much too short"),
            f"The translation is less than 1/{_LONG:g} as long as its nearest reference, and over "
            f"{_LENGTH_SLACK} characters shorter.",
            numbered,
            lambda line: _ratio_text(line) if length_ratio(line) < 1 else "",
        ),
        _line_check(
            *("long", "Over-translation: much too long"),
            f"The translation is more than {_LONG:g} times as long as its nearest reference, and "
            f"over {_LENGTH_SLACK} characters longer.",
            numbered,
            lambda line: _ratio_text(line) if length_ratio(line) > 1 else "",
        ),
        _line_check(
            *("repeated", "Repeated phrases"),
            f"A phrase of up to {_LONGEST_PHRASE} words follows itself, or one of {_APART} words "
            f"with {_APART_LETTERS} letters occurs twice, more often than in any reference.",
            numbered,
            repeated_phrase,
        ),
    ]


def copied_words(line: LineTexts) -> list[str]:
    """Return the words that were copied from the source, in the spelling of the output."""
    sources = {word.casefold() for word in _words(line.source)}
    wanted = {word.casefold() for reference in line.references for word in _words(reference)}
    return [
        word
        for word in _words(line.output)
        if len(word) >= _SHORTEST_COPY
        and word.casefold() in sources
        and word.casefold() not in wanted
    ]


def expected_numbers(line: LineTexts) -> Counter[str]:
    """Return the digits of the numbers that the source and every reference have."""
    common = _numbers(line.source)
    for reference in line.references:
        common &= _numbers(reference)
    return common


def source_names(line: LineTexts) -> Iterator[str]:
    """Yield the capitalised words of the source that every reference has in the same spelling."""
    common = Counter(_words(line.source))
    for reference in line.references:
        common &= Counter(_words(reference))
    for word in common.elements():
        if len(word) >= _SHORTEST_NAME and word[0].isupper():
            yield word


def length_ratio(line: LineTexts) -> float:
    """Return the length of the output relative to that of the reference with the nearest length.

    It is 1.0 if the lengths differ by few characters or at most by a factor of two, or if the
    output or every reference is blank.
    """
    ours = len(line.output.strip())
    theirs = [len(reference.strip()) for reference in line.references if reference.strip()]
    if not ours or not theirs:
        return 1.0
    nearest = min(theirs, key=lambda length: max(ours / length, length / ours))
    if abs(ours - nearest) <= _LENGTH_SLACK or 1 / _LONG <= ours / nearest <= _LONG:
        return 1.0
    return ours / nearest


def repeated_phrase(line: LineTexts) -> str:
    """Return a phrase that the output repeats more often than any reference; "" if there is none.

    If there are several, it is the phrase that covers the most words of the output. The
    returned text also holds its number of occurrences.
    """
    found = _repetitions(line.output)
    for reference in line.references:
        allowed = _repetitions(reference)
        found = {phrase: times for phrase, times in found.items() if times > allowed.get(phrase, 1)}
    if not found:
        return ""
    phrase, times = max(found.items(), key=lambda item: (len(item[0]) * item[1], item[0]))
    return f"{' '.join(phrase)} × {times}"


def _repetitions(text: str) -> dict[tuple[str, ...], int]:
    """Return the phrases that follow themselves or occur twice, and the count of each."""
    row = [token for token in tokens(text.casefold()) if token.strip()]
    found: dict[tuple[str, ...], int] = {}
    start = 0
    while start < len(row):
        phrase, times = _loop(row, start)
        if words := tuple(filter(_is_word, phrase)):
            found[words] = max(times, found.get(words, 0))
        start += max(1, len(phrase) * times)
    for words, times in Counter(_phrases([*filter(_is_word, row)])).items():
        if times > 1:
            found[words] = max(times, found.get(words, 0))
    return found


def _loop(row: list[str], start: int) -> tuple[tuple[str, ...], int]:
    """Return the shortest phrase at `start` that follows itself, and its number of occurrences.

    Words with punctuation between them do not follow each other: in German, a comma between two
    equal verbs is usual, as in "wenn er Zeit hat, hat er Geld".
    """
    for length in range(1, _LONGEST_PHRASE + 1):
        phrase = row[start : start + length]
        times = 1
        while row[start + times * length : start + (times + 1) * length] == phrase:
            times += 1
        # In a script without spaces a "word" is a character, and two equal ones are usual.
        if times > (1 if len("".join(phrase)) > 1 else 2):
            return tuple(phrase), times
    return (), 0


def _phrases(words: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the phrases whose repetition is checked."""
    for start in range(len(words) - _APART + 1):
        phrase = tuple(words[start : start + _APART])
        if len("".join(phrase)) >= _APART_LETTERS:
            yield phrase


def _line_check(
    key: str,
    title: str,
    rule: str,
    lines: Sequence[tuple[int, LineTexts]],
    judge: Callable[[LineTexts], str],
) -> Check:
    """Return the result of a check that finds at most one error in each line."""
    details = [(number, judge(line)) for number, line in lines]
    findings = tuple(Finding(number, detail) for number, detail in details if detail)
    return Check(key, title, rule, "lines", len(lines), len(findings), findings)


def _item_check(
    key: str,
    title: str,
    rule: str,
    unit: str,
    lines: Sequence[tuple[int, LineTexts]],
    judge: Callable[[LineTexts], tuple[int, list[str]]],
) -> Check:
    """Return the result of a check that counts the items of each line and lists the wrong items."""
    judged = wrong = 0
    findings = []
    for number, line in lines:
        count, items = judge(line)
        judged, wrong = judged + count, wrong + len(items)
        if items:
            findings.append(Finding(number, ", ".join(items)))
    return Check(key, title, rule, unit, judged, wrong, tuple(findings))


def _lost(expected: Counter[str], found: Counter[str]) -> tuple[int, list[str]]:
    return expected.total(), sorted((expected - found).elements())


def _invented(line: LineTexts) -> list[str]:
    known = _numbers(line.source)
    for reference in line.references:
        known |= _numbers(reference)
    return sorted((_numbers(line.output) - known).elements())


def _ratio_text(line: LineTexts) -> str:
    return f"{length_ratio(line):.2f} times as long"


def _words(text: str) -> list[str]:
    """Return the words of a text, without spaces, punctuation and numbers."""
    return [*filter(_is_word, tokens(text))]


def _is_word(token: str) -> bool:
    return any(letter.isalpha() for letter in token)


def _numbers(text: str) -> Counter[str]:
    """Return the digits of each number in a text, without separators."""
    return Counter(
        "".join(
            str(unicodedata.decimal(character))
            for character in text[span.start : span.end]
            if character.isdecimal()
        )
        for span in find_spans(text, ("number",))
    )
