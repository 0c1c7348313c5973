"""Selection of training sequences that are held out for validation, by their content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from seq2seq.config.schema import TaskSettings
from seq2seq.data.sequences.item import Content, Item
from seq2seq.data.sequences.labels import read_classes, read_numbers, split_label
from seq2seq.data.sequences.text_targets import target_text

_EXACT = 2.0**24  # beyond it float32 does not hold every integer


@dataclass(frozen=True)
class HeldOut:
    """Choice of the held-out sequences; the same sequence always goes to the same side.

    Attributes:
        share: share of all possible digests whose sequences are held out.
        moved: digest of the sequence that goes to the other side, so that neither side is empty.
    """

    share: float
    moved: int | None = None

    def __contains__(self, content: Content) -> bool:
        """Return whether a sequence is for validation."""
        digest = content_digest(content)
        return (digest < self.share * 2**64) != (digest == self.moved)

    @staticmethod
    def choose(items: Iterable[Item], share: float, task: TaskSettings) -> HeldOut:
        """Return the choice for a file: `share` of it, but at least one sequence.

        A sequence is useful for validation if training has all of its classes. If no held-out
        sequence is useful, a useful one is moved from training, if there is one.
        """
        plain = HeldOut(share)
        held: dict[int, frozenset[str]] = {}
        kept: dict[int, frozenset[str]] = {}
        known: Counter[str] = Counter()
        for item in items:
            classes = None if item.content is None else _classes(item, task)
            if classes is None or item.content is None:
                continue
            digest = content_digest(item.content)
            if item.content in plain:
                held[digest] = classes
            elif digest not in kept:
                kept[digest] = classes
                known.update(classes)
            if kept and held and classes <= known.keys() and digest in held:
                return plain  # as in every large file, after a few sequences
        if not kept:
            return HeldOut(share, max(held, default=None))
        if any(classes <= known.keys() for classes in held.values()):
            return plain
        spare = [one for one in kept if all(known[name] > 1 for name in kept[one])]
        return HeldOut(share, min(spare) if spare and len(kept) > 1 else None)


def content_digest(content: Content) -> int:
    """Return a digest of 64 bits that is the same for equal sequences."""
    if isinstance(content, str):
        data = content.strip().encode()
    elif np.abs(content).max() < _EXACT:
        data = content.astype(np.float32).tobytes()
    else:
        data = content.astype(np.float64).tobytes()
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little")


def _classes(item: Item, task: TaskSettings) -> frozenset[str] | None:
    """Return the classes of an item, empty for numbers or texts; None if its label is invalid."""
    if not task.has_labels:
        return None if target_text(item.label)[1] else frozenset()
    steps = None if isinstance(item.content, str) or item.content is None else len(item.content)
    labels, error = split_label(item.label, per_step=task.per_step, steps=steps)
    if error is not None:
        return None
    if task.has_numbers:
        return None if any(read_numbers(label)[1] for label in labels) else frozenset()
    read = [read_classes(label, several=task.several_labels) for label in labels]
    if any(error for _, error in read):
        return None
    return frozenset(name for names, _ in read for name in names)
