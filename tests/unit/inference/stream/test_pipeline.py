"""As many lines out as in, in order, each whole and as soon as it is known; and always an end."""

from __future__ import annotations

import io
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.errors import DataError, UserError
from seq2seq.inference.stream.input import WINDOW_LINES, InputLines, Position, read_groups
from seq2seq.inference.stream.output import StreamOutput
from seq2seq.inference.stream.pipeline import MOST_WINDOWS, StreamOptions, translate_stream
from seq2seq.inference.stream.threads import StreamThread
from seq2seq.inference.translation import Translation
from seq2seq.inference.translation_options import SearchOptions
from seq2seq.inference.translator import Translator


class Echo:
    """Stands in for a translator: says the text in capitals."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.calls = 0

    def hypotheses(self, texts: Sequence[str], options: SearchOptions) -> list[list[Translation]]:
        self.calls += 1
        self.texts += texts
        return [[Translation(" ".join(text.upper().split()))] for text in texts]


def translate(
    source: BinaryIO | Iterator[list[bytes]],
    output: BinaryIO,
    translator: Any = None,
    *,
    threads: int = 2,
    **options: Any,
) -> int:
    groups = read_groups(source) if isinstance(source, io.IOBase) else source
    return translate_stream(
        translator or Echo(),
        InputLines(groups),
        StreamOutput(output),
        StreamOptions(threads=threads, **options),
    )


def run(raw: bytes, translator: Any = None, **options: Any) -> bytes:
    output = io.BytesIO()
    count = translate(io.BytesIO(raw), output, translator, **options)
    assert count == output.getvalue().count(b"\n")
    return output.getvalue()


def stream_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if isinstance(thread, StreamThread)]


def numbers(count: int) -> bytes:
    return b"".join(b"line %d\n" % number for number in range(count))


@given(raw=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_one_line_in_one_line_out(raw: bytes) -> None:
    out = run(raw)
    expected = raw.count(b"\n") + (not raw.endswith(b"\n") and raw != b"")
    assert out.count(b"\n") == expected
    assert out == b"" or out.endswith(b"\n")
    for number, line in enumerate(run(raw, as_json=True).split(b"\n")[:-1], start=1):
        assert json.loads(line)["line"] == number


class Unsure(Echo):
    """Echo that is the less sure the longer a text is."""

    def hypotheses(self, texts: Sequence[str], options: SearchOptions) -> list[list[Translation]]:
        found = super().hypotheses(texts, options)
        return [[replace(one[0], confidence=1 / (1 + len(one[0].text)))] for one in found]


def test_doubtful_lines_are_named_where_that_is_asked(caplog: pytest.LogCaptureFixture) -> None:
    raw = b"a\nabc\n\nabcdefghi\n"
    assert run(raw, Unsure(), name_doubtful=True) == run(raw, Unsure())
    assert caplog.messages == [
        "line 2 is doubtful: confidence 0.25",
        "line 4 is doubtful: confidence 0.10",
    ]


def test_blank_lines_and_a_last_line_without_its_end() -> None:
    assert run(b"a\n\n \r\nb\r\nc") == b"A\n\n\nB\nC\n"
    assert run(b"") == b""
    assert run(b"\n") == b"\n"


def test_real_lines(translator: Translator, hard_texts: list[str]) -> None:
    raw = "\n".join(hard_texts).encode() + b"\nwh\xffere\n"
    out = run(raw, translator).decode().split("\n")
    assert out == [*translator.translate([*hard_texts, "wh\ufffdere"]), ""]


def test_warnings_name_the_line(translator: Translator, caplog: pytest.LogCaptureFixture) -> None:
    raw = b"I\n\xff\nI\n" + b"where is the hotel? " * 9
    with caplog.at_level(logging.WARNING, "seq2seq"):
        records = [json.loads(line) for line in run(raw, translator, as_json=True).splitlines()]
    assert [message.split(":")[0] for message in caplog.messages] == [
        "line 2 is not UTF-8",
        "line 4 is translated in 9 parts",
    ]
    assert [bool(record["notes"]) for record in records] == [False, True, False, True]


def test_order_does_not_depend_on_who_is_first() -> None:
    class Uneven(Echo):
        def hypotheses(self, texts: Sequence[str], options: Any) -> list[list[Translation]]:
            time.sleep(0.001 * (hash(texts[0]) % 7))
            return super().hypotheses(texts, options)

    raw = numbers(3 * WINDOW_LINES + 5)
    assert run(raw, Uneven(), threads=4) == raw.upper()


def test_workers_work_at_once_and_across_windows() -> None:
    """Each call waits for another; the last line of a window and the first of the next can meet."""

    class Meeting(Echo):
        def __init__(self) -> None:
            super().__init__()
            self.barrier = threading.Barrier(2, timeout=10)

        def hypotheses(self, texts: Sequence[str], options: Any) -> list[list[Translation]]:
            self.barrier.wait()
            return super().hypotheses(texts, options)

    assert run(numbers(16), Meeting()) == numbers(16).upper()

    def one_by_one() -> Iterator[list[bytes]]:
        yield [b"first\n"]
        yield [b"second\n"]

    output = io.BytesIO()
    translate(one_by_one(), output, Meeting())
    assert output.getvalue() == b"FIRST\nSECOND\n"


def test_equal_lines_are_translated_once() -> None:
    echo = Echo()
    raw = (b"a\nb\n" * 5 + b"c\n") * WINDOW_LINES
    assert run(raw, echo, threads=4) == raw.upper()
    assert sorted(echo.texts) == ["a", "b", "c"]


def test_reading_is_only_so_far_ahead() -> None:
    read, free = [0], threading.Event()

    def groups() -> Iterator[list[bytes]]:
        for number in range(50):
            read[0] += 1
            yield [b"%d %d\n" % (number, line) for line in range(WINDOW_LINES)]

    class Waiting(Echo):
        def hypotheses(self, texts: Sequence[str], options: Any) -> list[list[Translation]]:
            free.wait(10)
            return super().hypotheses(texts, options)

    output = io.BytesIO()
    thread = threading.Thread(target=translate, args=(groups(), output, Waiting()))
    thread.start()
    time.sleep(0.2)
    assert read[0] <= MOST_WINDOWS + 1
    free.set()
    thread.join(10)
    assert output.getvalue().count(b"\n") == 50 * WINDOW_LINES


def test_a_slow_pipe_is_answered_line_by_line() -> None:
    (ask_in, ask_out), (answer_in, answer_out) = os.pipe(), os.pipe()
    with os.fdopen(ask_in, "rb") as source, os.fdopen(answer_out, "wb") as output:
        thread = threading.Thread(target=translate, args=(source, output))
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


class Raising(Echo):
    """Raises when it meets the text `bad`, or at a call of a given number."""

    def __init__(self, error: BaseException, *, at_call: int = 0) -> None:
        super().__init__()
        self.error, self.at_call = error, at_call

    def hypotheses(self, texts: Sequence[str], options: Any) -> list[list[Translation]]:
        found = super().hypotheses(texts, options)
        if "bad" in texts or self.calls == self.at_call:
            raise self.error
        return found


def ends_with(error: type[BaseException], match: str, job: Callable[[], object]) -> None:
    """`job` raises that error, soon, and leaves no thread."""
    start = time.monotonic()
    with pytest.raises(error, match=match):
        job()
    assert time.monotonic() - start < 5
    for thread in stream_threads():
        thread.join(5)
    assert stream_threads() == []


@pytest.mark.parametrize("threads", [1, 4])
def test_a_users_error_names_its_line_alone(threads: int) -> None:
    output = io.BytesIO()
    raw = numbers(5000).replace(b"line 4710\n", b"bad\n")
    ends_with(
        DataError,
        "^line 4711: no such word$",
        lambda: translate(
            io.BytesIO(raw), output, Raising(DataError("no such word")), threads=threads
        ),
    )
    written = output.getvalue()
    assert written.endswith(b"\n") and raw.upper().startswith(written)
    assert written.count(b"\n") >= 64


def test_what_takes_too_much_memory_together_is_translated_alone() -> None:
    class Small(Echo):
        def hypotheses(self, texts: Sequence[str], options: Any) -> list[list[Translation]]:
            if len(texts) > 1 or texts == ["bad"]:
                raise MemoryError
            return super().hypotheses(texts, options)

    raw = numbers(100)
    assert run(raw, Small()) == raw.upper()
    ends_with(UserError, "^line 101: the memory is not", lambda: run(raw + b"bad\n", Small()))


@pytest.mark.parametrize("call", [1, 2, 30])
def test_an_error_at_any_call_ends_all(call: int) -> None:
    translator = Raising(RuntimeError("a defect"), at_call=call)
    ends_with(RuntimeError, "a defect", lambda: run(numbers(9000), translator))


def test_a_defect_is_told_with_its_lines() -> None:
    with pytest.raises(RuntimeError) as raised:
        run(b"a\nbad\n", Raising(RuntimeError("a defect")))
    assert raised.value.__notes__ == ["while translating one of lines 1, 2"]


def test_a_reader_that_raises() -> None:
    def groups() -> Iterator[list[bytes]]:
        yield [b"a\n"]
        raise DataError("damaged")

    ends_with(DataError, "damaged", lambda: translate(groups(), io.BytesIO()))


def test_a_closed_output() -> None:
    output = io.BytesIO()
    output.close()
    ends_with(ValueError, "closed", lambda: translate(io.BytesIO(numbers(9000)), output))


def test_an_output_that_nobody_reads_ends_all_without_being_written_to() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ask_in, ask_out = os.pipe()
    with os.fdopen(writing, "wb") as output, os.fdopen(ask_in, "rb", buffering=0) as source:
        ends_later = threading.Timer(8, os.close, (ask_out,))
        ends_later.start()  # or a failure would not end
        with pytest.raises(BrokenPipeError):
            translate(source, output)  # type: ignore[arg-type]
        assert ends_later.is_alive()
        ends_later.cancel()
        os.close(ask_out)
    for thread in stream_threads():
        thread.join(5)


def test_a_watcher_that_raises() -> None:
    def watch(done: int) -> None:
        raise KeyboardInterrupt("stop")

    class Slow(Echo):
        def hypotheses(self, texts: Sequence[str], options: Any) -> list[list[Translation]]:
            time.sleep(0.3)
            return super().hypotheses(texts, options)

    lines = InputLines(iter([[b"a\n"], [b"b\n"]]))
    output = io.BytesIO()
    ends_with(
        KeyboardInterrupt,
        "stop",
        lambda: translate_stream(Slow(), lines, StreamOutput(output), StreamOptions(), watch=watch),
    )
    assert output.getvalue() in (b"", b"A\n")


def test_lost_lines_and_broken_ones_are_told() -> None:
    class Forgetful(Echo):
        def hypotheses(self, texts: Sequence[str], options: Any) -> list[list[Translation]]:
            return super().hypotheses(texts, options)[:-1]

    class Breaking(Echo):
        def hypotheses(self, texts: Sequence[str], options: Any) -> list[list[Translation]]:
            return [[Translation("a\nb")] for _ in texts]

    ends_with(ValueError, "zip", lambda: run(b"a\nb\n", Forgetful()))
    ends_with(RuntimeError, "1 lines came in and 2 went out", lambda: run(b"a\n", Breaking()))


def test_the_output_is_told_how_far_it_is() -> None:
    marks: list[Position] = []

    class Marked(StreamOutput):
        def mark(self, position: Position) -> None:
            marks.append(position)

    raw = numbers(3 * WINDOW_LINES)
    lines = InputLines(read_groups(io.BytesIO(raw)))
    translate_stream(Echo(), lines, Marked(io.BytesIO()), StreamOptions())
    assert [mark.lines for mark in marks][:3] == [64, 192, 448]
    assert marks[-1] == lines.position
    for mark in marks:
        again = InputLines(read_groups(io.BytesIO(raw)))
        assert again.skip(mark)
