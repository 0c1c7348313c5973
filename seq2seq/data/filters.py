"""Filters of pairs: errors of a line, limits on lengths, and a count of each reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from seq2seq.config.choices import Side

MAX_LINES = 5  # line numbers kept for each reason
MAX_CHARACTERS = 1_000_000  # limit of one side; a longer line means a file without line ends

# Tab is ordinary white space. U+0085, U+2028 and U+2029 end a line for some programs and not for
# others; lone surrogates cannot be encoded as UTF-8.
_FORBIDDEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SEPARATORS = "\x85\u2028\u2029"
_VISIBLE = re.compile("[^\\s\u00ad\u200b-\u200f\u2060\ufeff]")


def text_error(text: str, side: Side | Literal["text", "path"]) -> str | None:
    """Return the error in one side's text, or None."""
    found = _FORBIDDEN.search(text)
    if found is not None:
        character = found.group()
        if character in _SEPARATORS:
            kind = "line separator"
        elif "\ud800" <= character <= "\udfff":
            kind = "lone surrogate"
        else:
            kind = "control character"
        return f"{kind} U+{ord(character):04X} in {side}"
    if not _VISIBLE.search(text):
        return f"empty {side}"
    if len(text) > MAX_CHARACTERS:
        return f"more than {MAX_CHARACTERS:,} characters in {side}"
    return None


def length_error(
    source_tokens: int, target_tokens: int, *, max_length: int, max_ratio: float
) -> str | None:
    """Return the reason for dropping a training pair of these lengths, or None."""
    longer, shorter = max(source_tokens, target_tokens), min(source_tokens, target_tokens)
    if longer > max_length:
        return f"longer than data.max_length={max_length} tokens"
    if longer > max_ratio * shorter:
        return f"length ratio above data.max_ratio={max_ratio:g}"
    return None


@dataclass
class Tally:
    """Count of the lines with the same error, and the numbers of the first few of them.

    Attributes:
        count: count of the lines.
        lines: line numbers of the first few.
        longest: length of the longest text if the error is that texts are too long, otherwise 0.
    """

    count: int = 0
    lines: list[int] = field(default_factory=list)
    longest: int = 0

    def add(self, line: int, *, length: int = 0) -> None:
        """Count one more record, found at `line`; `length` is given if its text is too long."""
        self.count += 1
        self.longest = max(self.longest, length)
        if len(self.lines) < MAX_LINES:
            self.lines.append(line)

    def where(self) -> str:
        """Return the lines as text: `line 3`, `lines 3, 8` or `lines 3, 8, 9, 12, 20, …`."""
        if not self.lines:
            return ""
        more = ", …" if self.count > len(self.lines) else ""
        return f"line{'s' if self.count > 1 else ''} {', '.join(map(str, self.lines))}{more}"

    def remedy(self) -> str:
        """Return the text to append to a reason: the limit that keeps all the long texts."""
        return f" ({self.longest} would keep them all)" if self.longest else ""


@dataclass
class Tallies:
    """Counts by reason."""

    reasons: dict[str, Tally] = field(default_factory=dict)

    def add(self, reason: str, line: int, *, length: int = 0) -> None:
        """Count `reason` at `line`; `length` is the length of a text that is too long."""
        self.reasons.setdefault(reason, Tally()).add(line, length=length)

    @property
    def total(self) -> int:
        """Return the number of lines counted for any reason."""
        return sum(tally.count for tally in self.reasons.values())
