"""Long input: nothing lost, nothing too long, cut where a reader would."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seq2seq.text.sentences import split_long

TEXTS = st.text(alphabet=st.sampled_from('ab .,;!?\n\u3000。、«»"\U0001f600\u0301'), max_size=80)


def words(text: str) -> int:
    return len(text.split())


def utf8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


@given(text=TEXTS | st.text(max_size=60), limit=st.integers(1, 20))
@example(text="", limit=1)
@example(text="\U0001f600\U0001f600", limit=1)
def test_nothing_lost_and_nothing_too_long(text: str, limit: int) -> None:
    parts = split_long(text, max_pieces=limit, count=utf8)
    assert "".join(parts) == text
    assert all(utf8(part) <= limit or len(part) == 1 for part in parts)


@given(text=TEXTS, limit=st.integers(1, 4))
def test_short_text_is_one_part(text: str, limit: int) -> None:
    if words(text) <= limit:
        assert split_long(text, max_pieces=limit, count=words) == [text]


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("One two. Three four! Five?", 4, ["One two. Three four! ", "Five?"]),
        ("Er sagte: «Nein.» Dann ging er.", 3, ["Er sagte: «Nein.» ", "Dann ging er."]),
        ("Am 3. Mai, kurz vor acht, fuhr er.", 4, ["Am 3. Mai, ", "kurz vor acht, ", "fuhr er."]),
        ("one two three four five", 2, ["one two ", "three four ", "five"]),
        ("  one two  ", 1, ["  one ", "two  "]),
        ("Hi. one two three. Bye.", 2, ["Hi. ", "one two ", "three. ", "Bye."]),
    ],
)
def test_cuts_where_a_reader_would(text: str, limit: int, parts: list[str]) -> None:
    assert split_long(text, max_pieces=limit, count=words) == parts


def test_text_without_spaces() -> None:
    assert split_long("你好。再见。", max_pieces=3, count=len) == ["你好。", "再见。"]
    assert split_long("abcdefgh", max_pieces=3, count=len) == ["abc", "def", "gh"]


@pytest.mark.parametrize("text", ["a" * 100_000, "." * 100_000, " " * 100_000, "a, " * 33_000])
def test_time_grows_with_length_only(text: str) -> None:
    started = time.process_time()
    parts = split_long(text, max_pieces=200, count=len)
    assert "".join(parts) == text
    assert max(map(len, parts)) <= 200
    assert time.process_time() - started < 5


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="Received: 0"):
        split_long("a", max_pieces=0, count=len)
