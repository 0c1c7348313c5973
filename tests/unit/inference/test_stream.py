"""As many lines out as in, in order, each whole and as soon as it is known."""

from __future__ import annotations

import io
import json
import logging
import os
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.inference.stream import WINDOW_LINES, StreamOptions, translate_stream
from seq2seq.inference.translator import Translation, Translator


class Echo:
    """Stands in for a translator: says the text in capitals."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    def hypotheses(self, texts: Sequence[str], **options: Any) -> list[list[Translation]]:
        self.calls.append(len(texts))
        found = []
        for text in texts:
            links = ((1, 0), (0, 1)) if options["alignments"] else None
            said = " ".join(text.upper().split())
            best = Translation(said, -0.5, -1.0, ("A", "B"), ("C", "D"), links)
            other = Translation("x\ty", -0.75, -2.0, (), (), links)
            found.append([best, other][: options["n_best"]] if text.strip() else [Translation("")])
        return found


def run(raw: bytes, translator: Any = None, **options: Any) -> bytes:
    output = io.BytesIO()
    translate_stream(translator or Echo(), io.BytesIO(raw), output, StreamOptions(**options))
    return output.getvalue()


@given(raw=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_one_line_in_one_line_out(raw: bytes) -> None:
    out = run(raw)
    expected = raw.count(b"\n") + (not raw.endswith(b"\n") and raw != b"")
    assert out.count(b"\n") == expected
    assert out == b"" or out.endswith(b"\n")
    for line in run(raw, as_json=True, n_best=2).split(b"\n")[:-1]:
        assert json.loads(line)["line"]


def test_blank_lines_and_a_last_line_without_its_end() -> None:
    assert run(b"a\n\n \r\nb\r\nc") == b"A\n\n\nB\nC\n"
    assert run(b"") == b""
    assert run(b"\n") == b"\n"


def test_real_lines(translator: Translator, hard_texts: list[str]) -> None:
    raw = "\n".join(hard_texts).encode() + b"\nwh\xffere\n"
    out = run(raw, translator).decode().split("\n")
    assert out == [*translator.translate([*hard_texts, "wh\ufffdere"]), ""]


def test_columns() -> None:
    assert run(b"a b\n\n", n_best=2) == b"A B\tx y\n\n"
    assert run(b"a b\n\n", scores=True) == b"A B\t-0.5000\n\n"
    assert (
        run(b"a b\n", n_best=2, scores=True, alignments=True)
        == b"A B\t-0.5000\t1-0 0-1\tx y\t-0.7500\t1-0 0-1\n"
    )


def test_json() -> None:
    best = {"translation": "A", "score": -0.5, "log_prob": -1.0}
    assert json.loads(run(b"a\n", as_json=True)) == {
        **{"line": 1, "source": "a", "notes": []},
        **best,
    }
    found = json.loads(run(b"a\n", as_json=True, n_best=2, alignments=True))
    assert found["alternatives"] == [
        best,
        {"translation": "x\ty", "score": -0.75, "log_prob": -2.0},
    ]
    assert found["alignment"] == [[1, 0], [0, 1]]
    assert (found["source_pieces"], found["pieces"]) == (["A", "B"], ["C", "D"])


def test_warnings_name_the_line(translator: Translator, caplog: pytest.LogCaptureFixture) -> None:
    raw = b"I\n\xff\nI\n" + b"where is the hotel? " * 9
    with caplog.at_level(logging.WARNING, "seq2seq"):
        records = [json.loads(line) for line in run(raw, translator, as_json=True).splitlines()]
    assert [message.split(":")[0] for message in caplog.messages] == [
        "line 2 is not UTF-8",
        "line 4 is longer than the model takes",
    ]
    assert [bool(record["notes"]) for record in records] == [False, True, False, True]


def test_a_file_comes_in_large_windows() -> None:
    echo = Echo()
    count = 2 * WINDOW_LINES + 5
    assert run(b"a\n" * count, echo) == b"A\n" * count
    assert echo.calls == [WINDOW_LINES, WINDOW_LINES, 5]


def test_a_slow_pipe_is_answered_line_by_line() -> None:
    (ask_in, ask_out), (answer_in, answer_out) = os.pipe(), os.pipe()
    with os.fdopen(ask_in, "rb") as source, os.fdopen(answer_out, "wb") as output:
        thread = threading.Thread(
            target=translate_stream, args=(Echo(), source, output, StreamOptions())
        )
        answers = []
        thread.start()
        try:
            for asked in (b"one\n", b"two\nthr", b"ee\n"):
                os.write(ask_out, asked)
                answers.append(os.read(answer_in, 100))
            os.write(ask_out, b"last")
        finally:
            os.close(ask_out)
            thread.join(timeout=10)
        assert os.read(answer_in, 100) == b"LAST\n"
        assert answers == [b"ONE\n", b"TWO\n", b"THREE\n"]
    os.close(answer_in)


def test_lost_lines_are_told() -> None:
    class Forgetful(Echo):
        def hypotheses(self, texts: Sequence[str], **options: Any) -> list[list[Translation]]:
            return super().hypotheses(texts, **options)[:-1]

    with pytest.raises(ValueError, match="zip"):
        run(b"a\nb\n", Forgetful())
