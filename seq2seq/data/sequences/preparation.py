"""Preparation of a corpus of sequences.

Scaling, classes and tokenizer are learned from the training set only; then each split is encoded
and stored.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.schema import DataSettings, TaskSettings, TokenizerSettings
from seq2seq.data.corpus_report import SideReport
from seq2seq.data.filters import Tallies
from seq2seq.data.long_sequences import LengthLimit
from seq2seq.data.prepared import Progress
from seq2seq.data.readers.sequences import READERS, ItemReader
from seq2seq.data.sequences.held_out import HeldOut, content_digest
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.item import Content, Item, Label
from seq2seq.data.sequences.learning import SequenceLearner
from seq2seq.data.sequences.report import SequenceReport, SequenceSplit
from seq2seq.data.sequences.scaling import LostChanges, stored_kind
from seq2seq.data.sequences.sound_cache import CachedReader, SoundCache
from seq2seq.data.sequences.sound_report import SoundReport
from seq2seq.data.sequences.store import SequenceStore, SequenceWriter
from seq2seq.data.sequences.target_schema import TargetLearner, TargetSchema
from seq2seq.data.sequences.text_targets import TargetTexts, TextTargets, target_text
from seq2seq.disk import write_synced
from seq2seq.errors import DataError
from seq2seq.text.normalization import Normalizer
from seq2seq.text.tokenizer import Tokenizer
from seq2seq.text.tokenizer_training import train_tokenizer

REPORT, SCHEMA, SCALE, TOKENIZER, RAW = (
    *("report.json", "answers.json", "scale.json"),
    *("tokenizer.model", "raw.jsonl"),
)
TARGET_TOKENIZER = "target.model"
_TELL_EVERY = 1000  # items between two progress reports
_THREADS = 2
_LOOKED_AT = 1000  # sequences that are examined for lost changes


SequenceTargets = TargetSchema | TextTargets


@dataclass(frozen=True)
class Split:
    """Origin of a split: a reader, and the selection of its items (None: all)."""

    reader: ItemReader
    held_out: bool | None = None


@dataclass(frozen=True)
class SequencePreparation:
    """Settings and readers of a preparation; `fill` performs it."""

    data: DataSettings
    task: TaskSettings
    tokenizer: TokenizerSettings
    seed: int
    splits: dict[str, Split]
    progress: Progress

    def fill(self, directory: Path) -> None:
        """Write stores, targets, scaling or tokenizers, and report into an empty directory.

        Raises:
            DataError: a file cannot be used, or no sequence of a split is left.
        """
        with contextlib.closing(SoundCache(directory)) as cache:
            splits = {
                name: replace(split, reader=CachedReader.of(split.reader, cache))
                for name, split in self.splits.items()
            }
            replace(self, splits=splits)._fill(directory)

    def _fill(self, directory: Path) -> None:
        inputs, targets, doubts = self._learn()
        write_synced(directory / SCHEMA, json.dumps(targets.to_json()).encode())
        if isinstance(targets, TextTargets):
            write_synced(directory / TARGET_TOKENIZER, targets.tokenizer.model_bytes)
        if inputs.scale is not None:
            write_synced(directory / SCALE, json.dumps(asdict(inputs.scale)).encode())
        if inputs.tokenizer is not None:
            write_synced(directory / TOKENIZER, inputs.tokenizer.model_bytes)
        training: frozenset[bytes] = frozenset()
        splits = {}
        for name in self.splits:
            encoder = _SplitEncoder(self, name, inputs, targets, doubts)
            encoder.run(directory / name, training)
            training = training or frozenset(encoder.hashes)
            splits[name] = encoder.report
        report = SequenceReport(splits, **_described(targets))
        write_synced(directory / REPORT, json.dumps(report.to_json(), indent=1).encode())

    @property
    def length_limit(self) -> LengthLimit:
        """Return the limit of the length of a sequence."""
        return LengthLimit.of(self.data)

    @cached_property
    def _held_out(self) -> HeldOut:
        return HeldOut.choose(self.splits["train"].reader, self.data.valid_share, self.task)

    def items(self, name: str) -> Iterator[Item]:
        """Yield the items of a split, for training up to `data.max_pairs`.

        Raises:
            DataError: a file is damaged; or an item is, with data.on_bad_line=fail.
        """
        split = self.splits[name]
        limit = self.data.max_pairs if name == "train" else None
        kept = 0
        for item in split.reader:
            if split.held_out is not None and item.content is not None:
                if (item.content in self._held_out) != split.held_out:
                    continue
            elif split.held_out and item.error is not None:
                continue  # reported with the training set
            kept += item.error is None
            yield item
            if kept == limit:
                return

    def refuse(self, name: str, position: int, error: str) -> None:
        """Raise an error for a bad item if the settings require it.

        Raises:
            DataError: `data.on_bad_line=fail`.
        """
        if self.data.on_bad_line == "fail":
            raise BadSequenceError(self.splits[name].reader.where(position), position, error)

    def _learn(self) -> tuple[Inputs, SequenceTargets, list[str]]:
        """Return inputs and targets learned from the training set, and doubts about it."""
        reader = self.splits["train"].reader
        labels = TargetLearner(self.task) if self.task.has_labels else TargetTexts()
        lines = READERS[reader.format].lines
        learner = SequenceLearner(labels, self.length_limit, lines=lines)
        for item in self.items("train"):
            error = learner.add(item)
            if error is not None:
                self.refuse("train", item.position, error)
            if learner.read % _TELL_EVERY == 0:
                self.progress("reading", learner.read, None)
        normalise = self.data.features.normalise
        doubts = learner.doubts(normalise=normalise)
        if learner.first is None:
            raise self.nothing_left("train", learner.read, learner.errors, doubts)
        if isinstance(labels, TargetTexts):
            if isinstance(learner.first, str):
                raise DataError(
                    f"{reader.paths[0]}: the first sequence that can be used is a text, where "
                    "sequences of numbers are wanted; give texts as pairs of lines, TSV or JSON "
                    "lines in a file of their own"
                )
            scale = learner.scale(normalise=normalise)
            return Inputs(scale=scale), TextTargets(self._target_tokenizer()), doubts
        schema = labels.schema()
        self._check_classes(schema, learner.errors)
        if isinstance(learner.first, str):
            inputs = Inputs(tokenizer=self._source_tokenizer(), words=schema.per_step)
            return inputs, schema, doubts
        return Inputs(scale=learner.scale(normalise=normalise)), schema, doubts

    def _check_classes(self, schema: TargetSchema, errors: Tallies) -> None:
        """Raise an error for a classification with a single class.

        Raises:
            DataError: there are fewer than two classes.
        """
        if schema.has_numbers or schema.outputs >= 2 or schema.several:
            return
        found = f"every sequence has the label {schema.classes[0]!r}"
        if errors.total:
            found += f" (left out: {_shown(errors)})"
        where = self.splits["train"].reader.where(1)
        raise DataError(f"{where}: {found}; a classification needs at least two classes")

    def _source_tokenizer(self) -> Tokenizer:
        texts = (item.content for item in self.items("train") if isinstance(item.content, str))
        return self._train_tokenizer(texts, self.tokenizer, Normalizer.of_source(self.tokenizer))

    def _target_tokenizer(self) -> Tokenizer:
        read = (target_text(item.label) for item in self.items("train") if item.error is None)
        texts = (text for text, error in read if error is None)
        normalizer = Normalizer.of_target(self.tokenizer)
        return self._train_tokenizer(texts, self.tokenizer.of_target(), normalizer)

    def _train_tokenizer(
        self, texts: Iterable[str], settings: TokenizerSettings, normalizer: Normalizer
    ) -> Tokenizer:
        self.progress("tokenizer", 0, None)
        model = train_tokenizer(
            texts, settings, normalizer=normalizer, threads=_THREADS, seed=self.seed
        )
        return Tokenizer.from_bytes(model)

    def nothing_left(self, name: str, read: int, errors: Tallies, doubts: list[str]) -> DataError:
        """Return the error for a split of which no sequence can be used."""
        files = " and ".join(str(path) for path in self.splits[name].reader.paths)
        if not read:
            hint = f"give more sequences of each class, or a file as data.{name}.source"
            return DataError(f"{files}: no sequence for {name}; {doubts[0] if doubts else hint}")
        hint = "correct the file, or see that data.format, encoding and target_field say what it is"
        return DataError(
            f"{files}: none of {read:,} sequences can be used for {name}: {_shown(errors)}; "
            f"{doubts[0] if doubts else hint}"
        )


class BadSequenceError(DataError):
    """A sequence that cannot be used, if the settings ask to stop at one.

    Attributes:
        position: position of the sequence in its file.
        error: description of the error in it.
    """

    def __init__(self, where: str, position: int, error: str) -> None:
        """Create the error; `where` names file and line."""
        super().__init__(
            f"{where}: {error}; correct it, or set data.on_bad_line=drop to go on without such "
            "sequences"
        )
        self.position, self.error = position, error


class _SplitEncoder:
    """Encoder of one split: reads, encodes and filters its items, and writes its store."""

    def __init__(
        self,
        preparation: SequencePreparation,
        name: str,
        inputs: Inputs,
        targets: SequenceTargets,
        doubts: list[str],
    ) -> None:
        self._preparation, self._name = preparation, name
        self._inputs, self._targets, self._doubts = inputs, targets, doubts
        paths = preparation.splits[name].reader.paths
        unit = "steps" if inputs.tokenizer is None else "tokens"
        notes = list(doubts) if name == "train" else []
        self.report = SequenceSplit(name, [str(path) for path in paths], unit=unit, notes=notes)
        self.hashes: list[bytes] = []
        self._lost = LostChanges(inputs.features)
        self._limit = preparation.length_limit

    def run(self, directory: Path, training: frozenset[bytes]) -> None:
        """Write the store; `training` holds the hashes of the training set, once known."""
        inputs = self._inputs
        shape = self._targets.shape(source_kind=stored_kind(inputs.scale), features=inputs.features)
        raw: list[str] = []
        with SequenceWriter(directory, shape) as writer:
            for item in self._preparation.items(self._name):
                self._take(item, writer, raw)
                if self.report.read % _TELL_EVERY == 0:
                    self._preparation.progress(self._name, self.report.read, None)
        if not self.report.kept:
            raise self._preparation.nothing_left(
                self._name, self.report.read, self.report.dropped, self._doubts
            )
        if self._name != "train":
            write_synced(directory / RAW, "".join(raw).encode())
        store = SequenceStore.open(directory)
        self.report.notes += self._lost.doubts()
        self.report.lengths = SideReport.of(store.source.lengths, store.lines)
        self.report.parts = len(store)
        if isinstance(self._targets, TextTargets):
            self.report.targets = SideReport.of(store.target_rows.lengths, store.lines)
        self.report.in_training = sum(digest in training for digest in self.hashes)

    def _take(self, item: Item, writer: SequenceWriter, raw: list[str]) -> None:
        self.report.read += 1
        row, targets, error = self._encoded(item)
        if error is not None:
            self._preparation.refuse(self._name, item.position, error)
        if error is not None or item.content is None:
            self.report.dropped.add(str(error), item.position)
            return
        limit = self._limit
        reason = f"longer than data.max_length={limit.longest}"
        length = max(len(row), len(targets))
        if length > limit.longest and limit.rule != "drop":
            self.report.long.add(f"{reason}: {limit.reading()}", item.position, length=length)
        elif length > limit.longest and self._name == "train":
            self.report.dropped.add(reason, item.position, length=length)
            return
        if self._name == "train":
            scale = self._inputs.scale
            if scale and not isinstance(item.content, str) and self.report.kept < _LOOKED_AT:
                self._lost.add(limit.shortened(item.content), scale)
        # The test set stays whole: the exported model, which predicts it, divides by itself.
        for part in [row] if self._name == "test" else limit.cut(row):
            writer.append(part, targets, item.position)
        self.report.kept += 1
        if item.sound is not None:
            self.report.sounds = self.report.sounds or SoundReport()
            self.report.sounds.add(item.sound, item.position)
        self.hashes.append(content_digest(item.content))
        if self._name != "train":
            raw.append(_raw_line(item.position, item.content, item.label))

    def _encoded(self, item: Item) -> tuple[NDArray[Any], NDArray[Any], str | None]:
        """Return the row and the targets of an item, or the error in it."""
        nothing = np.zeros(0)
        error = item.error
        if error is None and item.content is not None:
            error = self._inputs.error_in(item.content)
        if error is not None or item.content is None:
            return nothing, nothing, error
        (row,) = self._inputs.encode([item.content])
        if not len(row):
            return nothing, nothing, "empty once it is normalised"
        targets, error = self._targets.targets(
            item.label, steps=int(self._inputs.answered(row).sum())
        )
        return row, targets, error


def _shown(errors: Tallies) -> str:
    """Return the first reasons why items are left out, and their positions."""
    first = list(errors.reasons.items())[:3]
    return "; ".join(f"{error}{tally.remedy()} ({tally.where()})" for error, tally in first)


def _described(targets: SequenceTargets) -> dict[str, Any]:
    """Return the attributes of a report that describe the targets."""
    if isinstance(targets, TextTargets):
        return {"target_vocab": targets.tokenizer.vocab_size}
    numbers = zip(targets.scale.mean, targets.scale.deviation, strict=True)
    return {
        "classes": dict(zip(targets.classes, targets.counts, strict=True)),
        "numbers": list(numbers),
    }


def _raw_line(position: int, content: Content, label: Label | None) -> str:
    text = content if isinstance(content, str) else None
    return json.dumps({"line": position, "text": text, "label": label}, ensure_ascii=False) + "\n"
