"""Addresses, tags and numbers carried through a translation untouched.

Each is replaced by a reserved piece of the tokenizer before the model sees the text, and put
back in the place that the model gave to that piece.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from seq2seq.text.spans import find_spans

_OPENING = "([{\u27e8<\u00ab\u201e\u201c\u2018\"'/-\u2013\u2014="
_CLOSING = ".,;:!?)]}\u00bb\u201d\u2026"


@dataclass(frozen=True)
class Carried:
    """What a placeholder stands for, and what stands beside it in the source ("" for an end)."""

    text: str
    kind: str
    before: str
    after: str


@dataclass(frozen=True)
class Masked:
    """A text with placeholders.

    Attributes:
        text: what the model is to translate.
        carried: by placeholder.
        note: what could not be replaced, for the user; "" if nothing.
    """

    text: str
    carried: dict[str, Carried]
    note: str = ""

    def placeholders(self, part: str) -> tuple[str, ...]:
        """Those that stand in a part of `text`."""
        return tuple(name for name in self.carried if name in part)

    def restore(self, output: str) -> str:
        """`output` with what its placeholders stand for, to the byte.

        A space is added or taken away beside it where the source says so: what stood apart is
        not glued to a word, a tag within a word and a full stop after an address are not torn
        off.
        """
        if not self.carried:
            return output
        parts = re.split("(" + "|".join(map(re.escape, self.carried)) + ")", output)
        text = parts[0]
        for name, after in zip(parts[1::2], parts[2::2], strict=True):
            carried = self.carried[name]
            text = _joined_before(text, carried) + carried.text + _joined_after(carried, after)
        return text


def mask(text: str, kinds: Sequence[str], names: Sequence[str]) -> Masked:
    """`text` with its spans of these kinds replaced by placeholders.

    A placeholder that the text itself holds stands for itself, and for nothing else.

    Args:
        text: of the source.
        kinds: of `seq2seq.text.spans.KINDS`; none leaves the text as it is.
        names: the placeholders there are (see `shared_placeholders`).
    """
    free = [name for name in names if name not in text]
    carried: dict[str, Carried] = {}
    pieces: list[str] = []
    end = left = 0
    for span in find_spans(text, kinds, literal=tuple(names)):
        here = text[span.start : span.end]
        own = here in names and here not in carried
        if not own and not free:
            left += 1
            continue
        name = here if own else free.pop(0)
        before, after = text[max(0, span.start - 1) : span.start], text[span.end : span.end + 1]
        carried[name] = Carried(here, span.kind, before, after)
        pieces += [text[end : span.start], name]
        end = span.end
    return Masked("".join([*pieces, text[end:]]), carried, _note(left, len(names)))


def _note(left: int, reserved: int) -> str:
    if not left:
        return ""
    if not reserved:
        return (
            "not carried through as it stands: the model has no reserved pieces for that "
            "(tokenizer.placeholders), so addresses, tags and numbers were translated as text"
        )
    return (
        f"not carried through as it stands: the model has {reserved} reserved pieces, so {left} "
        "of the addresses, tags and numbers were translated as text"
    )


def _joined_before(text: str, carried: Carried) -> str:
    """What stands before a placeholder in the output, with or without a space at its end."""
    if carried.kind == "literal":  # may stand in the text more often than it is carried
        return text
    apart = not carried.before or carried.before.isspace()
    if apart and text and not text[-1].isspace() and text[-1] not in _OPENING:
        return text + " "
    if carried.kind == "tag" and carried.before.isalnum() and re.search(r"\w $", text):
        return text[:-1]
    return text


def _joined_after(carried: Carried, text: str) -> str:
    """What stands after a placeholder in the output, with or without a space at its beginning."""
    if carried.kind == "literal":
        return text
    apart = not carried.after or carried.after.isspace()
    if apart and text and (text[0].isalnum() or text[0] in "\u27e8("):
        return " " + text
    if carried.after in _CLOSING and text.startswith(f" {carried.after}"):
        return text[1:]
    if carried.kind == "tag" and carried.after.isalnum() and re.match(r" \w", text):
        return text[1:]
    return text
