"""What a line of output looks like: columns, as many in every line, or an object."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

from seq2seq.inference.stream.input import InputLines, Line, read_groups
from seq2seq.inference.stream.output import LineFormat, notes
from seq2seq.inference.stream.window import CacheEntry
from seq2seq.inference.translation import Translation
from seq2seq.inference.translation_options import SearchOptions

BEST = Translation(
    "A B", -0.5, -1.0, (-0.25, -0.75), ("a", "b"), ("A", "B"), alignment=((1, 0), (0, 1))
)
OTHER = Translation("x\ty", -0.75, -2.0, (-2.0,), alignment=())


def shown(
    text: str = "a b",
    found: tuple[Translation, ...] = (BEST, OTHER),
    *,
    broken: bool = False,
    format_options: Any = None,
    scores: bool = False,
    as_json: bool = False,
    **search: Any,
) -> bytes:
    chosen = {"scores": scores, "as_json": as_json, **(format_options or {})}
    format_ = LineFormat(SearchOptions(**search), **chosen)
    answer = CacheEntry()
    n_best = search.get("n_best", 1)
    format_.fill(answer, text, found[:n_best] if text.strip() else [Translation("")])
    return format_.line(Line(7, text, broken), answer)


def test_columns() -> None:
    assert shown() == b"A B\n"
    assert shown(n_best=2) == b"A B\tx y\n"
    assert shown(scores=True) == b"A B\t-0.5000\n"
    assert shown(token_scores=True) == b"A B\t-0.2500 -0.7500\n"
    assert shown(n_best=2, scores=True, token_scores=True, alignments=True) == (
        b"A B\t-0.5000\t-0.2500 -0.7500\t1-0 0-1\tx y\t-0.7500\t-2.0000\t\n"
    )


def test_a_tab_stays_where_it_parts_nothing() -> None:
    assert shown(found=(OTHER,)) == b"x\ty\n"


def test_every_line_has_as_many_columns() -> None:
    wide: dict[str, Any] = {"n_best": 2, "scores": True, "alignments": True}
    for text, found in (("a", (BEST, OTHER)), ("a", (BEST,)), ("", ()), (" \t", ())):
        assert shown(text, found, **wide).count(b"\t") == 5
    assert shown("") == b"\n"
    assert shown("", scores=True) == b"\t\n"


def test_an_object() -> None:
    best = {"translation": "A B", "score": -0.5, "log_prob": -1.0, "confidence": None}
    assert json.loads(shown(as_json=True)) == {"line": 7, "source": "a b", "notes": []} | best
    other = {"translation": "x\ty", "score": -0.75, "log_prob": -2.0, "confidence": None}
    assert json.loads(shown(as_json=True, n_best=2))["alternatives"] == [best, other]
    found = json.loads(shown(as_json=True, alignments=True, token_scores=True))
    assert found["alignment"] == [[1, 0], [0, 1]]
    assert (found["source_tokens"], found["tokens"]) == (["a", "b"], ["A", "B"])
    assert found["token_log_probs"] == [-0.25, -0.75]
    assert json.loads(shown("", as_json=True))["translation"] == ""


def test_confidence_is_told_and_a_doubtful_line_may_be_left_empty() -> None:
    found = (replace(BEST, confidence=0.25), OTHER)
    assert shown(found=found, format_options={"confidence": True}, scores=True) == (
        b"A B\t0.2500\t-0.5000\n"
    )
    assert shown(found=found[1:], format_options={"confidence": True}) == b"x y\t\n"
    assert json.loads(shown(found=found, as_json=True))["confidence"] == 0.25
    for least, text in ((0.2, "A B"), (0.3, "")):
        options = {"min_confidence": least}
        assert shown(found=found, format_options=options) == f"{text}\n".encode()
        record = json.loads(shown(found=found, format_options=options, as_json=True))
        assert (record["translation"], record["confidence"]) == (text, 0.25)
        left = ["left empty: confidence 0.25 is below 0.3"]
        assert record["notes"] == ([] if text else left)


def test_an_object_is_one_line_for_every_reader() -> None:
    text = 'a\u2028b\x85c\x0cd\x00e\u2029"\\ü'
    line = shown(text, as_json=True).decode()
    assert len(line.splitlines()) == 1
    assert json.loads(line)["source"] == text
    assert "ü" in line


def test_notes() -> None:
    found = json.loads(shown(as_json=True, broken=True))["notes"]
    assert [note.split(":")[0] for note in found] == ["not UTF-8"]
    split = Translation("A", part_lengths=((2, 1), (3, 1)))
    assert len(json.loads(shown(found=(split,), as_json=True, broken=True))["notes"]) == 2


def test_another_encoding_and_other_line_ends_are_named() -> None:
    answer = Translation("A")
    (first,) = read_groups(io.BytesIO("where is\nthe train\n".encode("utf-16")))
    lines = [line for group, _ in InputLines([first]) for line in group]
    assert [[note.split(":")[0] for note in notes(line, answer)] for line in lines] == [
        ["not UTF-8 but UTF-16"],
        [],
        [],
    ]
    (mac,) = [line for group, _ in InputLines([[b"one\rtwo\r"]]) for line in group]
    assert notes(mac, answer) == [
        "one line: its carriage returns end none; end lines with a newline"
    ]
    (dos,) = [line for group, _ in InputLines([[b"one\r\n"]]) for line in group]
    assert notes(dos, answer) == []
