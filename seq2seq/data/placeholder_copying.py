"""Placeholder copying in training: spans that both sides of a pair share become placeholders.

Translation copies addresses, tags and numbers with placeholders: reserved tokens that occur in no
corpus. A model learns to use them only if some training pairs contain them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b

from seq2seq.text.sentences import MOST_SIGNS
from seq2seq.text.spans import find_spans
from seq2seq.text.tags import partners

_TAG_BEGINS = re.compile(r"[<{%&]")
_MOST_COUNTED = 100_000  # limit of different tags

# A tag is a control tag only if it occurs at least 3 times, and at least once in 10,000 pairs; a
# rarer one may be an error in the corpus.
_FEWEST, _RARE = 3, 10_000
_MOST_IN_TARGETS = 0.1


def with_placeholders(
    source: str, target: str, *, kinds: Sequence[str], names: Sequence[str]
) -> tuple[str, str]:
    """Return a training pair in which placeholders replace spans that are equal on both sides.

    This is done to half of the pairs, always the same ones, so that the model learns both to copy
    and to read such spans.

    Args:
        source, target: texts of the pair.
        kinds: kinds of spans, as in `seq2seq.text.spans.KINDS`.
        names: available placeholders.

    Returns:
        the pair, changed or not.
    """
    spans = _spans(source, kinds)
    if not spans:
        return source, target
    there = Counter(_spans(target, kinds))
    shared = {text for text, count in Counter(spans).items() if there[text] == count}
    held = any(name in source or name in target for name in names)
    if not shared or not names or held:
        return source, target
    draw = int.from_bytes(blake2b(f"{source}\n{target}".encode(), digest_size=8).digest(), "little")
    if draw % 2:
        return source, target
    # A text to translate uses the placeholders in order, from the first one; half of these pairs do
    # the same. The others begin with any placeholder, so that each placeholder is learned.
    first = 0 if draw % 4 else draw // 4 % len(names)
    free = [*names[first:], *names[:first]]
    seen: Counter[str] = Counter()
    chosen: dict[tuple[str, int], str] = {}
    for text in spans:
        if text in shared and free:
            chosen[text, seen[text]] = free.pop(0)
            seen[text] += 1
    return _replaced(source, kinds, chosen), _replaced(target, kinds, chosen)


class SignCounts:
    """Counts of unpaired tags in sources, and of those that their targets have too.

    A tag that most targets lack is a control tag, such as `<de>` for the target language: a text to
    translate must keep it, and its translation must not have it.
    """

    def __init__(self) -> None:
        self._pairs = 0
        self._sources: Counter[str] = Counter()
        self._targets: Counter[str] = Counter()

    def add(self, source: str, target: str) -> None:
        """Count the tags of a training pair."""
        self._pairs += 1
        if not _TAG_BEGINS.search(source):
            return
        tags = _spans(source, ("tag",))
        alone = {tag for tag, other in zip(tags, partners(tags), strict=True) if other is None}
        if len(self._sources) >= _MOST_COUNTED:
            alone = {tag for tag in alone if tag in self._sources}
        self._sources.update(alone)
        self._targets.update(tag for tag in alone if tag in target)

    def signs(self) -> list[str]:
        """Return the control tags, the most frequent first."""
        least = max(_FEWEST, self._pairs // _RARE)
        return [
            tag
            for tag, count in self._sources.most_common(MOST_SIGNS)
            if count >= least and self._targets[tag] <= _MOST_IN_TARGETS * count
        ]


def _spans(text: str, kinds: Sequence[str]) -> list[str]:
    return [text[span.start : span.end] for span in find_spans(text, kinds)]


def _replaced(text: str, kinds: Sequence[str], chosen: dict[tuple[str, int], str]) -> str:
    """Return `text` with placeholders for the chosen spans; equal spans are numbered in order."""
    seen: Counter[str] = Counter()
    parts: list[str] = []
    end = 0
    for span in find_spans(text, kinds):
        here = text[span.start : span.end]
        name = chosen.get((here, seen[here]))
        seen[here] += 1
        if name is not None:
            parts += [text[end : span.start], name]
            end = span.end
    return "".join([*parts, text[end:]])
