"""Preparation of a corpus: encodings are learned, then each split is encoded and stored.

Subclasses prepare pairs of texts or sequences; a record is one pair or sequence, as it was read.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.schema import Settings, TokenizerSettings
from seq2seq.data.corpus_report import CorpusReport, SplitCounts
from seq2seq.data.encodings import Encodings
from seq2seq.data.prepared import Progress
from seq2seq.data.sequences.held_out import content_digest
from seq2seq.data.sequences.item import Content, Label
from seq2seq.data.sequences.report import SequenceReport
from seq2seq.data.store import CorpusStore, StoreWriter
from seq2seq.disk import write_synced
from seq2seq.errors import DataError
from seq2seq.text.normalization import Normalizer
from seq2seq.text.tokenizer_training import train_tokenizer

REPORT, RAW = "report.json", "raw.jsonl"
THREADS = 2
# Seed of all random choices of a preparation. The seed of the run would give each run its own
# tokens, and models of several seeds could not translate together.
SEED = 1


class SplitReader(Protocol):
    """Reader of the files of one split."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """Return the files."""

    @property
    def format(self) -> str:
        """Return the format of the files."""

    def where(self, position: int, /) -> str:
        """Return the position of a record as text: file and line."""


Reader = TypeVar("Reader", bound=SplitReader)
Record = TypeVar("Record")


@dataclass(frozen=True)
class Preparation(ABC, Generic[Reader]):
    """Settings and readers of a preparation; `fill` performs it.

    Attributes:
        settings: settings of the run.
        readers: readers of the splits: train, valid and, if there is one, test.
        progress: callback for the progress.
    """

    settings: Settings
    readers: Mapping[str, Reader]
    progress: Progress

    @property
    def files(self) -> tuple[Path, ...]:
        """Return all files that are read."""
        return tuple(path for reader in self.readers.values() for path in reader.paths)

    @abstractmethod
    def ingredients(self) -> dict[str, Any]:
        """Return everything that the corpus depends on, except the content of `files`."""

    def fill(self, directory: Path) -> None:
        """Write encodings, stores and report into an empty directory.

        Raises:
            DataError: a file cannot be used, or no record of a split is left.
        """
        report = self.write(directory)
        write_synced(directory / REPORT, json.dumps(report.to_json(), indent=1).encode())

    @abstractmethod
    def write(self, directory: Path) -> CorpusReport | SequenceReport:
        """Write encodings and stores, and return the report."""

    @abstractmethod
    def invalid_record(self, where: str, position: int, error: str) -> DataError:
        """Return the error that stops the preparation at an invalid record."""

    def refuse(self, name: str, position: int, error: str) -> None:
        """Raise an error for an invalid record of a split if the settings require it.

        Raises:
            DataError: `data.on_bad_line=fail`.
        """
        if self.settings.data.on_bad_line == "fail":
            raise self.invalid_record(self.readers[name].where(position), position, error)

    def learned_tokenizer(
        self, texts: Iterable[str], settings: TokenizerSettings, normalizer: Normalizer
    ) -> bytes:
        """Return the model of a tokenizer that is learned from some texts."""
        return train_tokenizer(texts, settings, normalizer=normalizer, threads=THREADS, seed=SEED)


class SplitEncoder(ABC, Generic[Record]):
    """Encoder of one split: reads chunks of records, encodes and filters them, and stores them.

    Attributes:
        most_records: maximum number of records in a chunk.
        most_values: total size of its records (see `size`) at which a chunk ends.
    """

    most_records: int
    most_values: int

    def __init__(
        self,
        preparation: Preparation[Any],
        records: Iterable[Record],
        counts: SplitCounts,
        encodings: Encodings,
        *,
        total: int | None = None,
    ) -> None:
        """Create the encoder of a split.

        Args:
            preparation: preparation of the corpus.
            records: records of the split in order, invalid ones included.
            counts: report of the split.
            encodings: encodings learned from the training set.
            total: number of records in the files, if it is known.
        """
        self._preparation, self._counts, self._encodings = preparation, counts, encodings
        self._records, self._total = records, total
        self._digests = array("Q")

    @abstractmethod
    def size(self, record: Record) -> int:
        """Return the number of characters or values of a record."""

    @abstractmethod
    def append(self, chunk: list[Record], writer: StoreWriter) -> list[Record]:
        """Encode a chunk, store the records that can be used, and return these."""

    @abstractmethod
    def original(self, record: Record) -> tuple[int, Content, Label | None]:
        """Return line, source and target of a kept record as they were read."""

    @abstractmethod
    def nothing_left(self) -> DataError:
        """Return the error for a split of which no record can be used."""

    @property
    def training(self) -> bool:
        """Return whether the split is the training set."""
        return self._counts.name == "train"

    @property
    def digests(self) -> NDArray[np.uint64]:
        """Return a 64-bit digest of the source of each kept record, `[kept]`."""
        return np.array(self._digests, np.uint64)

    def run(self, directory: Path) -> CorpusStore:
        """Write the store of the split and, unless it is the training set, its original records.

        Raises:
            DataError: a file cannot be used, or no record is left.
        """
        counts, raw = self._counts, list[str]()
        with StoreWriter(directory, *self._encodings.stored) as writer:
            for chunk in self._chunks():
                originals = [self.original(record) for record in self.append(chunk, writer)]
                counts.kept += len(originals)
                self._digests.extend(content_digest(source) for _, source, _ in originals)
                if not self.training:
                    raw += [_raw_line(*original) for original in originals]
                self._preparation.progress(counts.name, counts.read, self._total)
        if not counts.kept:
            raise self.nothing_left()
        if self._total is not None:
            self._preparation.progress(counts.name, self._total, self._total)
        if not self.training:
            write_synced(directory / RAW, "".join(raw).encode())
        return CorpusStore.open(directory)

    def reject(self, position: int, error: str) -> None:
        """Count an invalid record, or stop at it.

        Raises:
            DataError: `data.on_bad_line=fail`.
        """
        self._preparation.refuse(self._counts.name, position, error)
        self._counts.dropped.add(error, position)

    def _chunks(self) -> Iterator[list[Record]]:
        """Yield the records in chunks; stop once `data.max_pairs` training records are kept."""
        limit = self._preparation.settings.data.max_pairs if self.training else None
        chunk, size = list[Record](), 0
        for record in self._records:
            self._counts.read += 1
            chunk.append(record)
            size += self.size(record)
            room = self.most_records
            if limit is not None:
                room = min(room, limit - self._counts.kept)
            if len(chunk) >= room or size >= self.most_values:
                yield chunk
                chunk, size = [], 0
                if self._counts.kept == limit:
                    return
        if chunk:
            yield chunk


def _raw_line(line: int, source: Content, target: Label | None) -> str:
    text = source if isinstance(source, str) else None
    return json.dumps({"line": line, "text": text, "label": target}, ensure_ascii=False) + "\n"
