"""Markup is told from tags that stand for words and from signs to a model."""

from __future__ import annotations

import pytest

from seq2seq.text.tags import are_markup, is_language, partners


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["<b>", "</b>"], [1, 0]),
        (["<b>", "<i>", "</i>", "</b>"], [3, 2, 1, 0]),
        (["<b>", "<b>", "</b>", "</b>"], [3, 2, 1, 0]),
        (["<B class='x'>", "</b>"], [1, 0]),
        (["<b>", "</i>", "<br>", "<x/>"], [None] * 4),
        (["</b>", "<b>"], [None, None]),
        (["{a}", "%s", "<b>", "</b>"], [None, None, 3, 2]),
    ],
)
def test_each_closing_tag_goes_with_the_nearest_open_one(
    tags: list[str], expected: list[int | None]
) -> None:
    assert partners(tags) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["<b>", "</b>"], [True, True]),
        (["<name>", "</name>"], [True, True]),
        (["<name>"], [False]),
        (["</name>"], [True]),
        (["<b>"], [True]),
        (["<br/>", "<br>", '<img src="a.png">'], [True, True, True]),
        (["<x id='1'/>", "{name}", "%d", "&nbsp;"], [False] * 4),
        (["<a@b.de>", "<de>"], [False, False]),
    ],
)
def test_which_tags_are_markup(tags: list[str], expected: list[bool]) -> None:
    assert are_markup(tags) == expected


def test_signs_are_markup_in_pairs_only() -> None:
    assert are_markup(["<de>"], signs=["<de>"]) == [False]
    assert are_markup(["<b>", "<de>", "</de>"], signs=["<de>", "<b>"]) == [False, True, True]
    assert are_markup(["</s>"], signs=["</s>"]) == [False]


def test_what_looks_like_a_language() -> None:
    found = [tag for tag in ("<de>", "<en-GB>", "<zh_Hans>", "<deu>", "<name>", "<h1>", "{de}")]
    assert [is_language(tag) for tag in found] == [True, True, True, True, False, False, False]
