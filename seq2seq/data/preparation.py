"""Preparation of a corpus: the tokenizer is learned, then each split is encoded and stored."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.random import default_rng
from numpy.typing import NDArray

from seq2seq.config.schema import DataSettings, TokenizerSettings
from seq2seq.data.corpus_report import CorpusReport, SplitReport
from seq2seq.data.filters import Tally, length_error
from seq2seq.data.noise import typing_noise
from seq2seq.data.placeholder_copying import SignCounts, with_placeholders
from seq2seq.data.prepared import Progress
from seq2seq.data.readers.pairs import PairReader, RawPair
from seq2seq.data.store import CorpusStore, StoreWriter
from seq2seq.disk import write_synced
from seq2seq.errors import DataError, SettingsError
from seq2seq.text.normalization import Normalizer
from seq2seq.text.output_tokens import may_be_written
from seq2seq.text.sentence_ends import count_sentences
from seq2seq.text.tokenizer import Tokenizer, shared_placeholders
from seq2seq.text.tokenizer_training import train_tokenizer

CHUNK = 20_000  # pairs encoded at once, fewer when they are long
CHUNK_CHARACTERS = 8_000_000
THREADS = 2
RAW_FILE = "raw.jsonl"
_NEVER_WRITTEN = "target holds a tab or U+FFFD, which no translation will hold"
TOKENIZER_FILES = ("source.model", "target.model")

Hashes = tuple[NDArray[np.uint64], NDArray[np.uint64]]  # hashes of the sources, and of the pairs


@dataclass(frozen=True)
class Tokenizers:
    """A tokenizer for each side.

    With a joint vocabulary they have the same tokens and may normalise text differently.
    """

    source: Tokenizer
    target: Tokenizer

    @property
    def joint(self) -> bool:
        """Return whether both sides share one vocabulary, whatever their normalisation."""
        return self.source.tokens == self.target.tokens

    @staticmethod
    def load(directory: Path) -> Tokenizers:
        """Read `source.model` and `target.model`.

        Raises:
            UserError: a file is missing or not a tokenizer.
        """
        return Tokenizers(*(Tokenizer.load(directory / name) for name in TOKENIZER_FILES))

    def save(self, directory: Path) -> None:
        """Write the files that `load` reads."""
        for name, tokenizer in zip(TOKENIZER_FILES, (self.source, self.target), strict=True):
            write_synced(directory / name, tokenizer.model_bytes)


@dataclass(frozen=True)
class Preparation:
    """Settings and readers of a preparation; `run` performs it."""

    data: DataSettings
    tokenizer: TokenizerSettings
    seed: int
    readers: Mapping[str, PairReader]  # train, valid and, if there is one, test
    tokenizer_from: Path | None
    progress: Progress

    def run(self, directory: Path) -> None:
        """Write stores, tokenizers and report into an empty directory.

        Raises:
            DataError: a file cannot be used, or no pair of a split is left.
        """
        totals = {}
        splits = {}
        for name, reader in self.readers.items():
            summaries = reader.summarise()
            totals[name] = summaries[0].lines
            notes = [f"{summary.path}: {summary.note}" for summary in summaries if summary.note]
            files = [str(path) for path in reader.paths]
            splits[name] = SplitReport(name, files, file_notes=notes)
        tokenizers, sentences = self._tokenizers(totals["train"])
        tokenizers.save(directory)
        hashes = {}
        for name, split in splits.items():
            encoder = _SplitEncoder(self, split, tokenizers, totals[name])
            hashes[name] = encoder.run(directory / name)
            _describe(split, CorpusStore.open(directory / name), hashes[name], hashes["train"])
        report = CorpusReport(
            splits,
            source_vocab=tokenizers.source.vocab_size,
            target_vocab=tokenizers.target.vocab_size,
            joint=tokenizers.joint,
            tokenizer_sentences=sentences,
        )
        write_synced(directory / "report.json", json.dumps(report.to_json(), indent=1).encode())

    def _tokenizers(self, total: int) -> tuple[Tokenizers, int]:
        if self.tokenizer_from is not None:
            return self._reused(self.tokenizer_from), 0
        total = min(total, self.data.max_pairs or total)
        settings = self.tokenizer
        lines = min(2 * total, settings.training_lines * (1 if settings.joint else 2))
        of_source, of_target = Normalizer.of_source(settings), Normalizer.of_target(settings)
        if settings.joint:
            both = ((of_source(source), target) for source, target in self._noised_pairs(total))
            target = self._learn(chain.from_iterable(both), settings, of_target)
            source = of_source.applied_to(target)
        else:
            sources = (source for source, _ in self._noised_pairs(total))
            targets = (target for _, target in self._training_pairs(total))
            source = self._learn(sources, settings, of_source)
            target = self._learn(targets, settings.of_target(), of_target)
        return Tokenizers(Tokenizer.from_bytes(source), Tokenizer.from_bytes(target)), lines

    def _reused(self, directory: Path) -> Tokenizers:
        """Return the tokenizers of another model.

        Raises:
            SettingsError: they do not fit `tokenizer.joint`.
        """
        found = Tokenizers.load(directory)
        if found.joint != self.tokenizer.joint:
            have = "one vocabulary for both sides" if found.joint else "two vocabularies"
            raise SettingsError(
                f"tokenizer.joint={str(self.tokenizer.joint).lower()}, but {directory} holds "
                f"{have}; set tokenizer.joint={str(found.joint).lower()}"
            )
        return found

    def _learn(
        self, lines: Iterator[str], settings: TokenizerSettings, normalizer: Normalizer
    ) -> bytes:
        """Return the model of a tokenizer that is learned from some lines."""
        return train_tokenizer(
            lines, settings, normalizer=normalizer, threads=THREADS, seed=self.seed
        )

    def _noised_pairs(self, total: int) -> Iterator[tuple[str, str]]:
        """Yield the training pairs with typing noise in the sources, as training will see them."""
        noise, rng = typing_noise(self.data, kind=self.tokenizer.kind), default_rng(self.seed)
        for source, target in self._training_pairs(total):
            yield noise.drawn(source, rng), target

    def _training_pairs(self, total: int) -> Iterator[tuple[str, str]]:
        """Yield the texts from which tokenizers learn: all usable training pairs, and no others."""
        reader = self.readers["train"]
        seen = SplitReport("train", [str(path) for path in reader.paths])
        for pair in reader:
            seen.read += 1
            if pair.error is not None:
                self.refuse(reader, pair.line, pair.error)
                seen.dropped.add(pair.error, pair.line)
                continue
            yield pair.source, pair.target
            seen.kept += 1
            if seen.kept % CHUNK == 0:
                self.progress("reading", seen.kept, total)
            if seen.kept == total:
                break
        if not seen.kept:
            raise nothing_left(seen)
        self.progress("tokenizer", 0, None)

    def refuse(self, reader: PairReader, line: int, error: str) -> None:
        """Raise an error for a bad line if the settings require it.

        Raises:
            DataError: `data.on_bad_line=fail`.
        """
        if self.data.on_bad_line == "fail":
            raise DataError(
                f"{reader.where(line)}: {error}; correct the line, or set data.on_bad_line=drop "
                "to go on without such pairs"
            )


@dataclass
class _SplitEncoder:
    """Encoder of one split: reads chunks, encodes and filters them, and stores them."""

    preparation: Preparation
    split: SplitReport
    tokenizers: Tokenizers
    total: int

    def run(self, directory: Path) -> Hashes:
        """Write the split's store; return 64-bit hashes of its kept sources and pairs, `[n]`."""
        name = self.split.name
        limit = self.preparation.data.max_pairs if name == "train" else None
        hashes = array("Q"), array("Q")
        signs = SignCounts()
        raw_lines: list[str] = []
        pairs = self._good_pairs()
        writer = StoreWriter(
            directory,
            source_vocab=self.tokenizers.source.vocab_size,
            target_vocab=self.tokenizers.target.vocab_size,
        )
        with writer:
            while True:
                room = CHUNK if limit is None else min(CHUNK, limit - self.split.kept)
                chunk = _next_chunk(pairs, room)
                if not chunk:
                    break
                kept = self._append(chunk, writer)
                self.split.kept += len(kept)
                for pair in kept:
                    hashes[0].append(_hash(pair.source.strip()))
                    hashes[1].append(_hash(f"{pair.source.strip()}\n{pair.target.strip()}"))
                    signs.add(pair.source, pair.target)
                if name != "train":
                    raw_lines += map(_raw_line, kept)
                self.preparation.progress(name, self.split.read, self.total)
        if not self.split.kept:
            raise nothing_left(self.split)
        if name == "train":
            self.split.signs = signs.signs()
        else:
            write_synced(directory / RAW_FILE, "".join(raw_lines).encode())
        self.preparation.progress(name, self.total, self.total)
        return np.array(hashes[0], np.uint64), np.array(hashes[1], np.uint64)

    def _good_pairs(self) -> Iterator[RawPair]:
        for pair in self.preparation.readers[self.split.name]:
            self.split.read += 1
            if pair.error is not None:
                self._bad_line(pair.line, pair.error)
                continue
            if pair.note is not None:
                self.split.notes.add(pair.note, pair.line)
            yield pair

    def _bad_line(self, line: int, error: str) -> None:
        self.preparation.refuse(self.preparation.readers[self.split.name], line, error)
        self.split.dropped.add(error, line)

    def _encoded(self, chunk: list[RawPair]) -> tuple[list[list[int]], list[list[int]]]:
        """Return the token ids of both sides."""
        pairs = [(pair.source, pair.target) for pair in chunk]
        kinds = self.preparation.data.carry
        if self.split.name == "train" and kinds:
            names = shared_placeholders(self.tokenizers.source, self.tokenizers.target)
            pairs = [with_placeholders(*pair, kinds=kinds, names=names) for pair in pairs]
        return (
            self.tokenizers.source.encode([source for source, _ in pairs], threads=THREADS),
            self.tokenizers.target.encode([target for _, target in pairs], threads=THREADS),
        )

    def _append(self, chunk: list[RawPair], writer: StoreWriter) -> list[RawPair]:
        sources, targets = self._encoded(chunk)
        data = self.preparation.data
        kept = []
        for row, (pair, source, target) in enumerate(zip(chunk, sources, targets, strict=True)):
            if not source or not target:
                side = "target" if source else "source"
                self._bad_line(pair.line, f"{side} empty once it is normalised")
                continue
            if self.split.name == "train":
                reason = length_error(
                    len(source), len(target), max_length=data.max_length, max_ratio=data.max_ratio
                )
                if reason is not None:
                    longer = max(len(source), len(target))
                    length = longer if longer > data.max_length else 0
                    self.split.dropped.add(reason, pair.line, length=length)
                    continue
            kept.append(row)
        writer.append(
            [sources[row] for row in kept],
            [targets[row] for row in kept],
            [chunk[row].line for row in kept],
        )
        found = [chunk[row] for row in kept]
        self._describe_text(found)
        return found

    def _describe_text(self, pairs: list[RawPair]) -> None:
        """Add to the report: sentences, odd characters and normalised texts of the kept pairs."""
        sides = (
            (self.split.source, self.tokenizers.source, [pair.source for pair in pairs]),
            (self.split.target, self.tokenizers.target, [pair.target for pair in pairs]),
        )
        for report, tokenizer, texts in sides:
            report.add_sentences(map(count_sentences, texts))
            for pair, text, after in zip(pairs, texts, tokenizer.normalised(texts), strict=True):
                report.add_normalised(text, after, line=pair.line)
                if report is self.split.target and not may_be_written(after):
                    self.split.notes.add(_NEVER_WRITTEN, pair.line)


def nothing_left(split: SplitReport) -> DataError:
    """Return the error for a split of which no pair can be used."""
    files = " and ".join(split.files)
    if not split.read:
        return DataError(f"{files}: the {split.name} corpus is empty; give files with sentences")
    reasons = ", ".join(
        f"{tally.count:,} {reason}{tally.remedy()}"
        for reason, tally in split.dropped.reasons.items()
    )
    return DataError(
        f"{files}: none of {split.read:,} lines can be used for {split.name} ({reasons}); "
        "see that the files are what data.format and data.encoding say"
    )


def _next_chunk(pairs: Iterator[RawPair], room: int) -> list[RawPair]:
    chunk: list[RawPair] = []
    characters = 0
    while len(chunk) < room and characters < CHUNK_CHARACTERS:
        pair = next(pairs, None)
        if pair is None:
            break
        chunk.append(pair)
        characters += len(pair.source) + len(pair.target)
    return chunk


def _raw_line(pair: RawPair) -> str:
    record = {"line": pair.line, "source": pair.source, "target": pair.target}
    return json.dumps(record, ensure_ascii=False) + "\n"


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def _describe(split: SplitReport, store: CorpusStore, hashes: Hashes, train: Hashes) -> None:
    split.source.add_lengths(store.source.lengths, store.lines)
    split.target.add_lengths(store.target.lengths, store.lines)
    order = np.argsort(hashes[1], kind="stable")
    again = np.flatnonzero(hashes[1][order][1:] == hashes[1][order][:-1]) + 1
    split.repeated = _tally(store.lines[np.sort(order[again])])
    if split.name != "train":
        split.sources_in_training = _tally(store.lines[np.isin(hashes[0], train[0])])
        split.pairs_in_training = _tally(store.lines[np.isin(hashes[1], train[1])])


def _tally(lines: NDArray[np.int64]) -> Tally:
    tally = Tally(count=len(lines))
    tally.lines = [int(line) for line in lines[:5]]
    return tally
