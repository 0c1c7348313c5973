"""TargetSchema are kept within bounds, those used last."""

from __future__ import annotations

from seq2seq.inference.stream.window import CacheEntry, LineCache


def filled(content: bytes = b"") -> CacheEntry:
    answer = CacheEntry()
    answer.content = content
    return answer


def test_what_was_used_last_is_kept() -> None:
    cache = LineCache(most=2)
    first, second, third = filled(), filled(), filled()
    cache.add("a", first)
    cache.add("b", second)
    assert cache.get("a") is first
    cache.add("c", third)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (first, None, third)


def test_bytes_are_counted_when_they_are_known() -> None:
    cache = LineCache(most_bytes=100)
    answers = {text: filled() for text in ("a", "b", "ü")}
    for text, answer in answers.items():
        cache.add(text, answer)
    answers["a"].content = b"x" * 60
    cache.weigh("a")
    assert cache.get("a") and cache.get("b") and cache.get("ü")
    answers["b"].content = b"x" * 60
    cache.weigh("b")
    assert cache.get("a") is None
    assert cache.get("b") and cache.get("ü")
    cache.weigh("a")  # no longer kept


def test_what_is_too_large_is_not_kept() -> None:
    cache = LineCache(most_bytes=100)
    cache.add("x" * 101, filled())
    assert cache.get("x" * 101) is None
    cache.add("x", filled())
    assert cache.get("x") is not None
