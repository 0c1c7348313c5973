"""Spans of a text that are the same in every language: addresses, tags, numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from seq2seq.config.choices import KINDS_OF_SPANS as KINDS
from seq2seq.errors import SettingsError
from seq2seq.text.words import UNSPACED

# A sentence end or closing bracket at the end of an address is not part of it, unless the address
# has the opening bracket: https://en.wikipedia.org/wiki/Station_(band)
_OTHER = rf"\s{UNSPACED}\u3000-\u303f\uff00-\uff65<>\"\u27e8\u27e9()"
_ADDRESS = rf"(?:[^{_OTHER}]|\([^\s<>()]*\))*"
_ADDRESS_END = rf"(?:[^{_OTHER}.,;:!?'\u2019\u201c\u201d\u00bb\]]|\([^\s<>()]*\))"
_INSIDE = r"[^{}\x00-\x1f\x85\u2028\u2029]"
_PATTERNS = {
    "url": rf"(?:\b(?:https?|ftp)://|\bwww\.){_ADDRESS}{_ADDRESS_END}",
    # No pattern may scan a long run of characters twice: a line may have millions.
    "email": r"(?<![A-Za-z0-9_.+%-])[A-Za-z0-9_.+%-]++@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}",
    "tag": "|".join(
        [
            r"</?[A-Za-z][^<>\x00-\x1f\x85\u2028\u2029]*>",  # <b>, </a>, <img src="...">
            rf"\{{\{{{_INSIDE}+\}}\}}",  # {{x}}
            rf"\$\{{{_INSIDE}+\}}",  # ${x}
            r"\{[^{}\s]*\}",  # {name}, {0:>5}, {}
            r"(?<![\w%])%(?:\(\w+\)|\d+\$)?[-+#0]*\d*(?:\.\d+)?[sdiufgGxXoeEc@](?!\w)",  # %s, %(n)d
            r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]\w*);",  # &nbsp;
        ]
    ),
    # 1,234.5 or 14:30, not 21st or v1.2. Python 3.11.2 ends a possessive `(...)*+` in the middle of
    # a repetition, so the end is looked at instead.
    "number": r"(?<!\w)(?<!\d[.,:/-])\d++(?:[.,:/-]\d++)*(?!\w|[.,:/-]\d)",
}
# Every span holds one of these; most texts hold none and need no search.
_HINT = re.compile(r"[\d@<{%&\u27e8]|://|www\.")


@dataclass(frozen=True)
class Span:
    """Span of a text: its kind and its position, in characters."""

    kind: str
    start: int
    end: int


def check_kinds(kinds: Sequence[str], *, key: str) -> None:
    """Raise `SettingsError`, naming `key`, for an unknown kind."""
    for kind in kinds:
        if kind not in KINDS:
            raise SettingsError(
                f"{key} received {kind!r}; allowed are any of: {', '.join(KINDS)}, or none"
            )


def find_spans(text: str, kinds: Sequence[str], *, literal: Sequence[str] = ()) -> list[Span]:
    """Return the spans of these kinds in `text` from left to right, without overlaps.

    Occurrences of the `literal` strings are included with the kind `literal`, unless `kinds` is
    empty.
    """
    if not kinds or not _HINT.search(text):
        return []
    found = _pattern(tuple(kinds), tuple(literal)).finditer(text)
    return [Span(str(match.lastgroup), *match.span()) for match in found]


@lru_cache
def _pattern(kinds: tuple[str, ...], literal: tuple[str, ...]) -> re.Pattern[str]:
    # In the order of KINDS, because an address may contain a number.
    patterns: dict[str, str] = {kind: _PATTERNS[kind] for kind in KINDS if kind in kinds}
    if literal:
        patterns = {"literal": "|".join(map(re.escape, literal)), **patterns}
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in patterns.items()))
