"""Which pairs are kept: faults of a line, limits on lengths, and a count of each reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_LINES = 5  # line numbers remembered for each reason
MAX_CHARACTERS = 1_000_000  # of one side; a longer line is a file without line ends

# Tab is white space like any other. U+0085, U+2028 and U+2029 end a line for some programs
# and not for others; lone surrogates cannot be written as UTF-8.
_FORBIDDEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SEPARATORS = "\x85\u2028\u2029"
_VISIBLE = re.compile("[^\\s\u00ad\u200b-\u200f\u2060\ufeff]")


def text_fault(text: str, side: str) -> str | None:
    """What is wrong with one side's text, or None."""
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


def length_fault(
    source_pieces: int, target_pieces: int, *, max_length: int, max_ratio: float
) -> str | None:
    """Why a training pair of these lengths is dropped, or None."""
    longer, shorter = max(source_pieces, target_pieces), min(source_pieces, target_pieces)
    if longer > max_length:
        return f"longer than data.max_length={max_length} pieces"
    if longer > max_ratio * shorter:
        return f"length ratio above data.max_ratio={max_ratio:g}"
    return None


@dataclass
class Tally:
    """How often something was met, and the first lines where.

    Attributes:
        count: number of lines.
        lines: the first of them.
        longest: length of the longest one where they are too long, otherwise 0.
    """

    count: int = 0
    lines: list[int] = field(default_factory=list)
    longest: int = 0

    def add(self, line: int, *, length: int = 0) -> None:
        """Count one more, at `line`; `length` is that of what is too long."""
        self.count += 1
        self.longest = max(self.longest, length)
        if len(self.lines) < MAX_LINES:
            self.lines.append(line)

    def where(self) -> str:
        """`line 3`, `lines 3, 8` or `lines 3, 8, 9, 12, 20, …`."""
        if not self.lines:
            return ""
        more = ", …" if self.count > len(self.lines) else ""
        return f"line{'s' if self.count > 1 else ''} {', '.join(map(str, self.lines))}{more}"

    def remedy(self) -> str:
        """Return what to append to a reason: the limit that would keep all that was too long."""
        return f" ({self.longest} would keep them all)" if self.longest else ""


@dataclass
class Tallies:
    """Counts by reason."""

    reasons: dict[str, Tally] = field(default_factory=dict)

    def add(self, reason: str, line: int, *, length: int = 0) -> None:
        """Count `reason` at `line`; `length` is that of what is too long."""
        self.reasons.setdefault(reason, Tally()).add(line, length=length)

    @property
    def total(self) -> int:
        """How many were counted for any reason."""
        return sum(tally.count for tally in self.reasons.values())
