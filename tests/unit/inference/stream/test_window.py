"""A window's work: each new text once, in chunks of even length and bounded size."""

from __future__ import annotations

from seq2seq.inference.stream.input import Line, Position
from seq2seq.inference.stream.window import (
    CHUNK_CHARACTERS,
    CHUNK_TEXTS,
    Chunk,
    LineCache,
    Window,
    open_window,
)

END = Position(0, "")


def opened(
    texts: list[str], *, threads: int = 1, cache: LineCache | None = None
) -> tuple[Window, list[Chunk]]:
    lines = [Line(number, text, False) for number, text in enumerate(texts, start=1)]
    return open_window(lines, END, cache=cache or LineCache(), threads=threads)


def test_equal_texts_share_an_answer() -> None:
    cache = LineCache()
    window, chunks = opened(["a", "b", "a"], cache=cache)
    assert window.entries[0] is window.entries[2] is not window.entries[1]
    assert (window.chunks_left, window.repeated) == (1, 1)
    later, none = opened(["b", "a"], cache=cache)
    assert later.entries == [window.entries[1], window.entries[0]]
    assert (none, later.chunks_left, later.repeated) == ([], 0, 2)
    assert sorted(text for chunk in chunks for text in chunk.texts) == ["a", "b"]


def test_chunks_hold_texts_of_about_one_length() -> None:
    texts = [f"{number:04}" + "x" * (number % 50) for number in range(1000)]
    window, chunks = opened(texts)
    assert window.chunks_left == len(chunks)
    assert sorted(text for chunk in chunks for text in chunk.texts) == sorted(texts)
    assert max(len(chunk.texts) for chunk in chunks) == CHUNK_TEXTS
    lengths = [len(text) for chunk in chunks for text in chunk.texts]
    assert lengths == sorted(lengths, reverse=True)


def test_long_texts_come_in_small_chunks() -> None:
    texts = [str(number) * 2000 for number in range(10)] + ["x" * (2 * CHUNK_CHARACTERS)]
    _, chunks = opened(texts)
    assert len(chunks[0].texts) == 1
    for chunk in chunks[1:]:
        assert len(chunk.texts) * max(map(len, chunk.texts)) <= CHUNK_CHARACTERS


def test_a_small_window_is_shared_among_threads() -> None:
    _, chunks = opened([str(number) for number in range(64)], threads=4)
    assert [len(chunk.texts) for chunk in chunks] == [16] * 4


def test_lines_are_named() -> None:
    assert opened(["a"])[1][0].where() == "line 1"
    assert opened(["a", "b", "a"])[1][0].where() == "one of lines 1, 2, 3"
    many = opened([str(number) for number in range(20)])[1][0]
    assert many.where() == "one of lines 1, 2, 3, 4, 5 and 15 more up to 20"
