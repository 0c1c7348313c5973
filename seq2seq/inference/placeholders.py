"""Placeholder copying: addresses, tags and numbers that a translation keeps unchanged.

Each is replaced by a reserved token before the model sees the text, and restored at the position
where the model writes that token. Markup is removed from the text instead (see `markup`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from seq2seq.inference.markup import Markup, Run
from seq2seq.text.spans import Span, find_spans
from seq2seq.text.tags import are_markup, is_language

_OPENING = "([{\u27e8<\u00ab\u201e\u201c\u2018\"'/-\u2013\u2014="
_CLOSING = ".,;:!?)]}\u00bb\u201d\u2026"
_MARKUP = "markup"
_WHOLE = ("url", "email")  # kinds that must not touch a word


@dataclass(frozen=True)
class Carried:
    """Text that a placeholder replaces, and the source characters beside it ("" if none)."""

    text: str
    kind: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Masked:
    """Text with placeholders and without markup.

    Attributes:
        text: text for the model to translate.
        carried: original text of each placeholder.
        runs: tags that were removed from the text.
        note: remark for the user on text that could not be replaced; "" if none.
    """

    text: str
    carried: dict[str, Carried]
    runs: tuple[Run, ...] = ()
    note: str = ""

    def placeholders(self, part: str) -> tuple[str, ...]:
        """Return the placeholders in a part of `text`."""
        return tuple(name for name in self.carried if name in part)

    def markup(
        self, parts: Sequence[str], spans: Callable[[str], Sequence[tuple[int, int]]]
    ) -> list[Markup]:
        """Return the tags that were removed from each of the successive parts of `text`.

        Args:
            parts: successive parts of `text`.
            spans: function that returns the positions of the source tokens of a part.
        """
        return [
            Markup(part, runs, tuple(spans(part)), self.spaced) if runs else Markup()
            for part, runs in zip(parts, self._runs_of(parts), strict=True)
        ]

    def _runs_of(self, parts: Sequence[str]) -> list[tuple[Run, ...]]:
        """Return the runs of each part, with their positions in it."""
        starts: list[int] = []
        for part in parts:
            end = starts[-1] + len(parts[len(starts) - 1]) if starts else 0
            starts.append(self.text.index(part, end))
        found: list[list[Run]] = [[] for _ in parts]
        for run in self.runs if parts else ():
            number = max(0, bisect_right(starts, run.position) - 1)
            end = starts[number] + len(parts[number].rstrip())
            if run.position < end or number + 1 == len(parts):
                position = max(0, run.position - starts[number])
                found[number].append(replace(run, position=position))
            else:  # between two parts
                closing, others = run.halves()
                found[number] += [replace(one, position=end - starts[number]) for one in closing]
                found[number + 1] += [replace(one, position=0) for one in others]
        return [tuple(runs) for runs in found]

    def spaced(self, output: str) -> str:
        """Return `output` with the white space beside its placeholders as in the source.

        A placeholder that is separate from its neighbours stays separate. A tag within a word, and
        a full stop after an address, stay attached.
        """
        parts = self._split(output)
        text = parts[0]
        for name, after in zip(parts[1::2], parts[2::2], strict=True):
            carried = self.carried[name]
            text = _joined_before(text, carried) + name + _joined_after(carried, after)
        return text

    def restored(self, output: str) -> str:
        """Return `output` with each placeholder replaced by its exact original text.

        In a text with markup, the white space beside placeholders was set before the tags were
        inserted.
        """
        if self.runs and not self.text.strip():  # only tags
            return "".join(run.text for run in self.runs).strip()
        parts = self._split(output if self.runs else self.spaced(output))
        return "".join(
            self.carried[part].text if position % 2 else part for position, part in enumerate(parts)
        )

    def _split(self, output: str) -> list[str]:
        """Return text and placeholders in alternation."""
        if not self.carried:
            return [output]
        return re.split("(" + "|".join(map(re.escape, self.carried)) + ")", output)


def mask(
    text: str, kinds: Sequence[str], names: Sequence[str], *, signs: Collection[str] = ()
) -> Masked:
    """Replace the spans of some kinds in `text` by placeholders, and remove its markup.

    A placeholder that the text itself holds stands for itself, and for nothing else.

    Args:
        text: source text.
        kinds: kinds of spans, from `seq2seq.text.spans.KINDS`; with none the text stays unchanged.
        names: available placeholders (see `shared_placeholders`).
        signs: control tags that the model reads itself and that stay in the text.
    """
    free = [name for name in names if name not in text]
    carried: dict[str, Carried] = {}
    positions: dict[str, int] = {}
    runs: list[Run] = []
    masked, end, left = "", 0, 0
    for group in _groups(text, find_spans(text, kinds, literal=tuple(names)), signs):
        before = text[end : group[0].start]
        if group[0].kind == _MARKUP:
            run, end = _run(text, group, before, len(masked) + len(before.rstrip()))
            masked += before.rstrip()
            runs.append(run)
            masked += run.replacement if masked.strip() and text[end:].strip() else ""
            continue
        here = text[group[0].start : group[0].end]
        own = here in names and here not in carried
        if not own and not free:
            left += 1
            continue
        name = here if own else free.pop(0)
        carried[name] = Carried(here, group[0].kind)
        masked += before
        positions[name], end = len(masked), group[0].end
        masked += name
    masked += text[end:]
    for name, position in positions.items():
        beside = masked[max(0, position - 1) : position], masked[position + len(name) :][:1]
        carried[name] = replace(carried[name], before=beside[0], after=beside[1])
    return Masked(masked, carried, tuple(runs), _note(left, len(names)))


def _groups(text: str, spans: Sequence[Span], signs: Collection[str]) -> Iterator[list[Span]]:
    """Yield the spans in groups; markup tags with only white space between them form one group.

    Control tags of the model are left out. A tag at the beginning of the text that looks like a
    control tag, but is unknown to this model, counts as markup.
    """
    tags = [span for span in spans if span.kind == "tag"]
    texts = [text[tag.start : tag.end] for tag in tags]
    markup = {tag for tag, yes in zip(tags, are_markup(texts, signs=signs), strict=True) if yes}
    if tags and is_language(texts[0]) and texts[0] not in signs:
        markup.update(tags[:1] if not text[: tags[0].start].strip() else [])
    group: list[Span] = []
    for span in spans:
        if span in markup:
            if group and text[group[-1].end : span.start].strip():
                yield group
                group = []
            group.append(replace(span, kind=_MARKUP))
        elif span.kind != "tag" or text[span.start : span.end] not in signs:
            if group:
                yield group
                group = []
            yield [span]
    if group:
        yield group


def _run(text: str, group: Sequence[Span], before: str, position: int) -> tuple[Run, int]:
    """Return the run of a group of tags, and the position where the text continues after it."""
    after = text[group[-1].end :]
    end = len(text) - len(after.lstrip())
    edges = [group[0].start - (len(before) - len(before.rstrip()))]
    edges += [edge for span in group for edge in (span.start, span.end)]
    edges += [end]
    spaces = tuple(text[edges[n] : edges[n + 1]] for n in range(0, len(edges), 2))
    tags = tuple(text[span.start : span.end] for span in group)
    return Run(position, tags, spaces), end


def _note(left: int, reserved: int) -> str:
    if not left:
        return ""
    if not reserved:
        return (
            "not carried through as it stands: the model has no reserved tokens for that "
            "(tokenizer.placeholders), so addresses, tags and numbers were translated as text"
        )
    return (
        f"not carried through as it stands: the model has {reserved} reserved tokens, so {left} "
        "of the addresses, tags and numbers were translated as text"
    )


def _joined_before(text: str, carried: Carried) -> str:
    """Return the text before a placeholder in the output, with its trailing space corrected."""
    if carried.kind == "literal":  # may occur in the text more often than it was replaced
        return text
    apart = not carried.before or carried.before.isspace()
    if apart and text and not text[-1].isspace() and text[-1] not in _OPENING:
        return text + " "
    if carried.kind in _WHOLE and text[-1:].isalnum() and not carried.before.isalnum():
        return text + " "
    if carried.kind == "tag" and carried.before.isalnum() and re.search(r"\w $", text):
        return text[:-1]
    return text


def _joined_after(carried: Carried, text: str) -> str:
    """Return the text after a placeholder in the output, with its leading space corrected."""
    if carried.kind == "literal":
        return text
    apart = not carried.after or carried.after.isspace()
    if apart and text and (text[0].isalnum() or text[0] in "\u27e8("):
        return " " + text
    if carried.kind in _WHOLE and text[:1].isalnum() and not carried.after.isalnum():
        return " " + text
    if carried.after in _CLOSING and text.startswith(f" {carried.after}"):
        return text[1:]
    if carried.kind == "tag" and carried.after.isalnum() and re.match(r" \w", text):
        return text[1:]
    return text
