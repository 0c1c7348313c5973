"""Encoding of the sequences of one split."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.corpus_report import SideReport, SplitCounts
from seq2seq.data.encodings import Encodings
from seq2seq.data.filters import Tallies
from seq2seq.data.long_sequences import LengthLimit
from seq2seq.data.preparation import Preparation, SplitEncoder
from seq2seq.data.readers.sequences import ItemReader
from seq2seq.data.sequences.item import Content, Item, Label
from seq2seq.data.sequences.report import SequenceSplit
from seq2seq.data.sequences.scaling import LostChanges
from seq2seq.data.sequences.sound_report import SoundReport
from seq2seq.data.sequences.text_targets import TextTargets
from seq2seq.data.store import CorpusStore, StoreWriter
from seq2seq.errors import DataError

_LOOKED_AT = 1000  # sequences that are examined for lost changes

Row = NDArray[Any]


class ItemEncoder(SplitEncoder[Item]):
    """Encoder of the sequences of one split.

    Attributes:
        split: report of the split.
    """

    most_records = 1000
    most_values = 1_000_000

    def __init__(
        self,
        preparation: Preparation[ItemReader],
        name: str,
        items: Iterable[Item],
        encodings: Encodings,
        doubts: list[str],
    ) -> None:
        """Create the encoder of a split; `doubts` are those about the training set."""
        files = [str(path) for path in preparation.readers[name].paths]
        unit = "steps" if encodings.inputs.tokenizer is None else "tokens"
        notes = list(doubts) if name == "train" else []
        self.split = SequenceSplit(name, files, unit=unit, notes=notes)
        super().__init__(preparation, items, self.split, encodings)
        self._doubts = doubts
        self._inputs, self._targets = encodings.inputs, encodings.targets
        self._lost = LostChanges(encodings.inputs.features)
        self._limit = LengthLimit.of(preparation.settings.data)

    def size(self, record: Item) -> int:
        """See `SplitEncoder`."""
        content = record.content
        if content is None:
            return 0
        return len(content) if isinstance(content, str) else content.size

    def original(self, record: Item) -> tuple[int, Content, Label | None]:
        """See `SplitEncoder`."""
        if record.content is None:
            raise ValueError("a sequence without content is not kept")
        return record.position, record.content, record.label

    def nothing_left(self) -> DataError:
        """See `SplitEncoder`."""
        return nothing_left(self.split, self._doubts)

    def append(self, chunk: list[Item], writer: StoreWriter) -> list[Item]:
        """See `SplitEncoder`."""
        kept: list[Item] = []
        rows: list[Row] = []
        targets: list[Row] = []
        lines: list[int] = []
        for item in chunk:
            encoded = self._encoded(item)
            if isinstance(encoded, str):
                self.reject(item.position, encoded)
                continue
            row, target = encoded
            if not self._fits(item.position, max(len(row), len(target))):
                continue
            # Test sequences stay whole: the exported model splits them itself when it predicts.
            parts = [row] if self.split.name == "test" else self._limit.cut(row)
            rows += parts
            targets += [target] * len(parts)
            lines += [item.position] * len(parts)
            self._look_at(item, first=self.split.kept + len(kept) < _LOOKED_AT)
            kept.append(item)
        writer.append(rows, targets, lines)
        return kept

    def _encoded(self, item: Item) -> tuple[Row, Row] | str:
        """Return the row and the targets of an item, or the error in it."""
        if item.error is not None or item.content is None:
            return str(item.error)
        error = self._inputs.error_in(item.content)
        if error is not None:
            return error
        (row,) = self._inputs.encode([item.content])
        if not len(row):
            return "empty once it is normalised"
        steps = int(self._inputs.answered(row).sum())
        targets, error = self._targets.targets(item.label, steps=steps)
        return (row, targets) if error is None else error

    def _fits(self, position: int, length: int) -> bool:
        """Return whether a sequence of this length is kept; if it is too long, record it."""
        limit, split = self._limit, self.split
        if length <= limit.longest:
            return True
        reason = f"longer than data.max_length={limit.longest}"
        if limit.rule != "drop":
            split.long.add(f"{reason}: {limit.reading()}", position, length=length)
        elif self.training:
            split.dropped.add(reason, position, length=length)
        return limit.rule != "drop" or not self.training

    def _look_at(self, item: Item, *, first: bool) -> None:
        """Record facts about sound; if `first` is true, also count the changes lost by scaling."""
        scale, content = self._inputs.scale, item.content
        if self.training and first and scale and isinstance(content, np.ndarray):
            self._lost.add(self._limit.shortened(content), scale)
        if item.sound is not None:
            self.split.sounds = self.split.sounds or SoundReport()
            self.split.sounds.add(item.sound, item.position)

    def describe(self, store: CorpusStore, training: ItemEncoder) -> None:
        """Add to the report: lengths, lost changes, and sequences that also occur in training."""
        split = self.split
        split.notes += self._lost.doubts()
        split.lengths = SideReport.of(store.source.lengths, store.lines)
        split.parts = len(store)
        if isinstance(self._targets, TextTargets):
            split.targets = SideReport.of(store.target.lengths, store.lines)
        if not self.training:
            split.in_training = int(np.isin(self.digests, training.digests).sum())


def nothing_left(split: SplitCounts, doubts: list[str]) -> DataError:
    """Return the error for a split of which no sequence can be used."""
    files = " and ".join(split.files)
    if not split.read:
        hint = f"give more sequences of each class, or a file as data.{split.name}.source"
        return DataError(f"{files}: no sequence for {split.name}; {doubts[0] if doubts else hint}")
    hint = "correct the file, or see that data.format, encoding and target_field say what it is"
    return DataError(
        f"{files}: none of {split.read:,} sequences can be used for {split.name}: "
        f"{shown_errors(split.dropped)}; {doubts[0] if doubts else hint}"
    )


def shown_errors(errors: Tallies) -> str:
    """Return the first reasons why items are left out, and their positions."""
    first = list(errors.reasons.items())[:3]
    return "; ".join(f"{error}{tally.remedy()} ({tally.where()})" for error, tally in first)
