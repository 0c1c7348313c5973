"""Building a prepared corpus of sequences: scales, classes and tokenizer are learned from the
training set alone, then each split is encoded and stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.prepared import Progress
from seq2seq.data.report import SideReport
from seq2seq.data.sequences.answers import AnswerLearner, Answers, read_label
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.item import Content, Item, Label
from seq2seq.data.sequences.moments import Moments, Scale
from seq2seq.data.sequences.reader import ItemReader
from seq2seq.data.sequences.report import SequenceReport, SequenceSplit
from seq2seq.data.sequences.store import SequenceStore, SequenceWriter, Shape
from seq2seq.disk import write_synced
from seq2seq.errors import DataError
from seq2seq.settings import DataSettings, TaskSettings, TokenizerSettings
from seq2seq.text.tokenizer import Tokenizer

REPORT, ANSWERS, SCALE, TOKENIZER, RAW = (
    *("report.json", "answers.json", "scale.json"),
    *("tokenizer.model", "raw.jsonl"),
)
_TELL_EVERY = 1000  # items
_THREADS = 2


@dataclass(frozen=True)
class Split:
    """Where a split comes from: a reader, and which of its items (None: all)."""

    reader: ItemReader
    held_out: bool | None = None


@dataclass(frozen=True)
class SequencePreparation:
    """Everything a preparation needs to know; `fill` does it."""

    data: DataSettings
    task: TaskSettings
    tokenizer: TokenizerSettings
    seed: int
    splits: dict[str, Split]
    progress: Progress

    def fill(self, directory: Path) -> None:
        """Write stores, answers, scale or tokenizer, and report into an empty directory.

        Raises:
            DataError: a file cannot be used, or nothing is left of a split.
        """
        inputs, answers = self._learn()
        write_synced(directory / ANSWERS, json.dumps(answers.to_json()).encode())
        if inputs.scale is not None:
            write_synced(directory / SCALE, json.dumps(asdict(inputs.scale)).encode())
        if inputs.tokenizer is not None:
            write_synced(directory / TOKENIZER, inputs.tokenizer.model_bytes)
        training: frozenset[bytes] = frozenset()
        splits = {}
        for name in self.splits:
            encoder = _SplitEncoder(self, name, inputs, answers)
            encoder.run(directory / name, training)
            training = training or frozenset(encoder.hashes)
            splits[name] = encoder.report
        classes = dict(zip(answers.classes, answers.counts, strict=True))
        report = SequenceReport(splits, classes)
        write_synced(directory / REPORT, json.dumps(report.to_json(), indent=1).encode())

    def items(self, name: str) -> Iterator[Item]:
        """The items of a split, up to `data.max_pairs` of training.

        Raises:
            DataError: a file is damaged; or an item is, with data.on_bad_line=fail.
        """
        split = self.splits[name]
        share, limit = self.data.valid_share, self.data.max_pairs if name == "train" else None
        kept = 0
        for item in split.reader:
            if split.held_out is not None and item.content is not None:
                if is_held_out(item.content, share) != split.held_out:
                    continue
            elif split.held_out and item.fault is not None:
                continue  # told with the training set
            kept += item.fault is None
            yield item
            if kept == limit:
                return

    def refuse(self, name: str, place: int, fault: str) -> None:
        """Stop at a bad item where the settings say so.

        Raises:
            DataError: `data.on_bad_line=fail`.
        """
        if self.data.on_bad_line == "fail":
            raise DataError(
                f"{self.splits[name].reader.where(place)}: {fault}; correct it, or set "
                "data.on_bad_line=drop to go on without such sequences"
            )

    def _learn(self) -> tuple[Inputs, Answers]:
        """What the training set has to teach apart from weights."""
        learner = AnswerLearner(self.task)
        first: Content | None = None
        moments: Moments | None = None
        read, faults = 0, set()
        for item in self.items("train"):
            read += 1
            reading = read_label(item.label, self.task, steps=_steps(item.content))
            fault = item.fault or reading.fault
            if fault is not None or item.content is None:
                self.refuse("train", item.place, str(fault))
                faults.add(str(fault))
                continue
            first = item.content if first is None else first
            learner.add(reading.entries)
            if not isinstance(item.content, str):
                moments = moments or Moments(item.content.shape[1])
                if not isinstance(first, str) and item.content.shape[1] == first.shape[1]:
                    moments.add(item.content)
            if read % _TELL_EVERY == 0:
                self.progress("reading", read, None)
        if first is None:
            raise self.nothing_left("train", read, sorted(faults))
        answers = learner.answers()
        if answers.task == "classification" and answers.outputs < 2 and not answers.several:
            raise DataError(
                f"{self.splits['train'].reader.where(1)}: every sequence has the label "
                f"{answers.classes[0]!r}; a classification needs at least two classes"
            )
        if isinstance(first, str):
            return Inputs(tokenizer=self._train_tokenizer()), answers
        normalise = self.data.features.normalise and moments is not None
        scale = moments.scale() if normalise and moments else Scale.none(first.shape[1])
        return Inputs(scale=scale), answers

    def _train_tokenizer(self) -> Tokenizer:
        self.progress("tokenizer", 0, None)
        texts = (item.content for item in self.items("train") if isinstance(item.content, str))
        model = Tokenizer.train(texts, self.tokenizer, threads=_THREADS, seed=self.seed)
        return Tokenizer.from_bytes(model)

    def nothing_left(self, name: str, read: int, faults: list[str]) -> DataError:
        """The error for a split of which no sequence can be used."""
        files = " and ".join(str(path) for path in self.splits[name].reader.paths)
        if not read:
            return DataError(
                f"{files}: no sequence for {name}; give a file with more, or another "
                "data.valid_share"
            )
        return DataError(
            f"{files}: none of {read:,} sequences can be used for {name} "
            f"({'; '.join(faults[:3])}); see that the file is what data.format says"
        )


class _SplitEncoder:
    """Reads one split, encodes, filters and writes its store."""

    def __init__(
        self, preparation: SequencePreparation, name: str, inputs: Inputs, answers: Answers
    ) -> None:
        self._preparation, self._name = preparation, name
        self._inputs, self._answers = inputs, answers
        paths = preparation.splits[name].reader.paths
        unit = "steps" if inputs.tokenizer is None else "pieces"
        self.report = SequenceSplit(name, [str(path) for path in paths], unit=unit)
        self.hashes: list[bytes] = []

    def run(self, directory: Path, training: frozenset[bytes]) -> None:
        """Write the store; `training` holds the hashes of the training set, once known."""
        answers, inputs = self._answers, self._inputs
        shape = Shape(
            source_kind="<i4" if inputs.tokenizer else "<f4",
            features=inputs.features,
            target_kind="<i4" if answers.one_class else "<f4",
            outputs=0 if answers.one_class else answers.outputs,
            per_step=answers.per_step,
        )
        raw: list[str] = []
        with SequenceWriter(directory, shape) as writer:
            for item in self._preparation.items(self._name):
                self._take(item, writer, raw)
                if self.report.read % _TELL_EVERY == 0:
                    self._preparation.progress(self._name, self.report.read, None)
        if not self.report.kept:
            reasons = list(self.report.dropped.reasons)
            raise self._preparation.nothing_left(self._name, self.report.read, reasons)
        if self._name != "train":
            write_synced(directory / RAW, "".join(raw).encode())
        store = SequenceStore.open(directory)
        self.report.lengths = SideReport.of(store.source.lengths, store.lines)
        self.report.in_training = sum(digest in training for digest in self.hashes)

    def _take(self, item: Item, writer: SequenceWriter, raw: list[str]) -> None:
        self.report.read += 1
        row, targets, fault = self._encoded(item)
        if fault is not None:
            self._preparation.refuse(self._name, item.place, fault)
        limit = self._preparation.data.max_length
        if fault is None and self._name == "train" and len(row) > limit:
            fault = f"longer than data.max_length={limit}"
        if fault is not None or item.content is None:
            self.report.dropped.add(str(fault), item.place)
            return
        writer.append(row, targets, item.place)
        self.report.kept += 1
        self.hashes.append(_digest(item.content))
        if self._name != "train":
            raw.append(_raw_line(item.place, item.content, item.label))

    def _encoded(self, item: Item) -> tuple[NDArray[Any], NDArray[Any], str | None]:
        """The row and the targets of an item, or what is wrong with it."""
        nothing = np.zeros(0)
        fault = item.fault
        if fault is None and item.content is not None:
            fault = self._inputs.fault(item.content)
        if fault is not None or item.content is None:
            return nothing, nothing, fault
        (row,) = self._inputs.encode([item.content])
        if not len(row):
            return nothing, nothing, "empty once it is normalised"
        reading = read_label(item.label, self._preparation.task, steps=len(row))
        if reading.fault is not None:
            return nothing, nothing, reading.fault
        targets, fault = self._answers.targets(reading.entries)
        return row, targets, fault


def is_held_out(content: Content, share: float) -> bool:
    """Whether a sequence of the training file is for validation: the same one always is."""
    number = int.from_bytes(_digest(content), "little")
    return number < share * 2**64


def _digest(content: Content) -> bytes:
    data = content.strip().encode() if isinstance(content, str) else content.tobytes()
    return blake2b(data, digest_size=8).digest()


def _steps(content: Content | None) -> int | None:
    return None if content is None or isinstance(content, str) else len(content)


def _raw_line(place: int, content: Content, label: Label | None) -> str:
    text = content if isinstance(content, str) else None
    return json.dumps({"line": place, "text": text, "label": label}, ensure_ascii=False) + "\n"
