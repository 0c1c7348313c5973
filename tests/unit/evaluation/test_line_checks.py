"""Checks of single lines: each finds its error, and nothing in good translations."""

from __future__ import annotations

import pytest

from seq2seq.evaluation.attention_maps import WordCoverage
from seq2seq.evaluation.coverage_check import coverage_check
from seq2seq.evaluation.line_checks import Check, LineTexts, check_lines

GOOD = [
    LineTexts("Where is Karen?", "Wo ist Karen?", ("Wo ist Karen?",)),
    LineTexts(
        "The hotel costs €1,200.", "Das Hotel kostet 1.200 €.", ("Das Hotel kostet 1.200 €.",)
    ),
    LineTexts("", "", ("",)),
    LineTexts("no, no, no", "nein, nein, nein", ("nein, nein, nein",)),
]


def found(*lines: LineTexts) -> dict[str, Check]:
    return {check.key: check for check in check_lines([*GOOD, *lines])}


def errors(source: str, output: str, *references: str) -> dict[str, str]:
    """The errors of one line, by the key of the check."""
    checks = found(LineTexts(source, output, references))
    line = len(GOOD) + 1
    for check in checks.values():
        assert all(finding.line == line for finding in check.findings), check
    return {key: check.findings[0].detail for key, check in checks.items() if check.findings}


def test_good_translations_have_no_errors() -> None:
    checks = found()
    assert not any(check.findings for check in checks.values())
    assert checks["empty"].judged == 3  # the blank line is not judged
    assert (checks["numbers"].judged, checks["names"].judged) == (1, 1)


@pytest.mark.parametrize(
    ("source", "output", "reference", "expected"),
    [
        ("the bill please", "", "die Rechnung bitte", {"empty": "no translation"}),
        ("the bill please", "die bill bitte", "die Rechnung bitte", {"copied": "bill"}),
        ("my camera", "meine Camera", "meine Kamera", {"copied": "Camera"}),
        ("at 6 PM", "um 18 Uhr", "um 18 Uhr", {}),
        ("room 12", "Zimmer 21", "Zimmer 12", {"numbers": "12", "invented": "21"}),
        ("€1,500", "1.500 €", "1500 €", {}),
        ("Karen is late", "Sophie ist spät", "Karen ist spät", {"names": "Karen"}),
        ("one two three four", "eins", "eins zwei drei vier", {"short": "0.21 times as long"}),
        (
            "a b",
            "ein langer Satz über alles",
            "ein kurzer",
            {"long": "2.60 times as long"},
        ),
        ("tonight", "heute Abend Abend", "heute Abend", {"repeated": "abend × 2"}),
        (
            "if he has time",
            "hat er Zeit, hat er, hat er,",
            "hat er Zeit und Geld, ja",
            {"repeated": "hat er × 2"},
        ),
        ("if he has", "wenn er hat, hat er", "wenn er es hat", {}),
        (
            "x",
            "wir gehen heute und wir gehen heute",
            "wir gehen heute, und dann wieder",
            {"repeated": "wir gehen heute × 2"},
        ),
        ("ja", "ja! ja!", "ja! ja!", {}),
        ("好", "好好", "很好", {}),  # a word of two equal characters
        ("好", "好好好好", "很好", {"repeated": "好 × 4"}),
    ],
)
def test_each_error_is_named(
    source: str, output: str, reference: str, expected: dict[str, str]
) -> None:
    assert errors(source, output, reference) == expected


def test_one_of_several_references_justifies_a_translation() -> None:
    assert errors("my handy", "mein Handy", "mein Telefon") == {"copied": "Handy"}
    assert errors("my handy", "mein Handy", "mein Telefon", "mein Handy") == {}
    assert errors("room 12", "Zimmer", "Zimmer 12", "Zimmer zwölf") == {}


def test_capitals_of_words_that_are_also_written_small_are_no_names() -> None:
    small = LineTexts("a rose", "eine Rose", ("eine Rose",))
    lost = LineTexts("Rose or not", "Haus oder nicht", ("Rose oder nicht",))
    assert found(lost)["names"].wrong == 1
    assert found(small, lost)["names"].wrong == 0


def test_source_words_without_attention_are_found_unless_they_usually_have_none() -> None:
    coverage = {
        0: [WordCoverage("night", 0.9), WordCoverage("does", 0.02), WordCoverage("to", 0.0)],
        1: [WordCoverage("night", 0.8), WordCoverage("does", 0.03)],
        2: [WordCoverage("Night", 0.05), WordCoverage("does", 0.04), WordCoverage("train", 0.09)],
        3: [WordCoverage("station", 0.0)],  # a translation that is a reference
    }
    check = coverage_check(coverage, exact=[False, False, False, True])
    assert [tuple(one) for one in check.findings] == [(3, "Night, train")]
    assert (check.judged, check.wrong) == (8, 2)
