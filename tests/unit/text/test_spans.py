"""Addresses, tags and numbers are found whole, and hostile lines take no time."""

from __future__ import annotations

import time

import pytest

from seq2seq.errors import SettingsError
from seq2seq.text.spans import KINDS, check_kinds, find_spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Visit https://example.org/a?b=1 tomorrow.", ["https://example.org/a?b=1"]),
        ("(see https://x.org/Station_(band)).", ["https://x.org/Station_(band)"]),
        ("\u201ehttps://x.org/a\u201c, www.x.de!", ["https://x.org/a", "www.x.de"]),
        ("https://x.org\u3002ok http:// ftp://a/{id}#x", ["https://x.org", "ftp://a/{id}#x"]),
        ("a.b+c@foo.example.com. @me a@b x@", ["a.b+c@foo.example.com"]),
        (
            "Hi {name}, %s and %(n)d ${x} {{ y }} {}",
            ["{name}", "%s", "%(n)d", "${x}", "{{ y }}", "{}"],
        ),
        ("<b>bold</b> <br/> 3 < 5 > 2 <3", ["<b>", "</b>", "<br/>", "3", "5", "2", "3"]),
        ('<a href="https://x.org/">x</a>&nbsp;', ['<a href="https://x.org/">', "</a>", "&nbsp;"]),
        ("100% sure %.2f %1$s 5%d", ["100", "%.2f", "%1$s", "5"]),
        ("1,234.5 at 14:30, 2024-05-01. x86 21st 3.", ["1,234.5", "14:30", "2024-05-01", "3"]),
        ("v1.2 1.2x 3.x 1..2, 10/11.", ["3", "1", "2", "10/11"]),
    ],
)
def test_what_is_found(text: str, expected: list[str]) -> None:
    assert [text[span.start : span.end] for span in find_spans(text, KINDS)] == expected


def test_only_what_is_asked_for() -> None:
    text = "{n} a@b.de 5 www.x.de"
    assert find_spans(text, ()) == []
    for kind in KINDS:
        assert {span.kind for span in find_spans(text, [kind])} == {kind}


def test_long_lines_take_no_time() -> None:
    size = 100_000
    start = time.process_time()
    for unit in ("x", "1", "a@", "<a", "{", "%(", "&a", "www.", "https://(", "1.", "(", "a@a.a-"):
        find_spans(unit * size, KINDS)
        find_spans("https://" + unit * size, KINDS)
    assert find_spans("1.1" * size + "x", KINDS) == []
    assert time.process_time() - start < 20


def test_an_unknown_kind() -> None:
    check_kinds(("url",), key="placeholders")
    with pytest.raises(SettingsError, match=r"placeholders received 'uri'; allowed .* url, email"):
        check_kinds(("uri",), key="placeholders")
