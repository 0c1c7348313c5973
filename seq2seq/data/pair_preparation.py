"""Preparation of a corpus of pairs of texts."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import default_rng
from numpy.typing import NDArray

from seq2seq.config.data_checks import number_only_setting
from seq2seq.config.schema import Settings
from seq2seq.data.corpus_report import CorpusReport, SplitReport
from seq2seq.data.encodings import TOKENIZER_FILES, Encodings
from seq2seq.data.filters import Tally, length_error
from seq2seq.data.noise import probabilities, typing_noise
from seq2seq.data.placeholder_copying import SignCounts, with_placeholders
from seq2seq.data.preparation import SEED, THREADS, Preparation, SplitEncoder
from seq2seq.data.prepared import Progress, file_digest
from seq2seq.data.readers.pairs import PairReader, RawPair
from seq2seq.data.sequences.held_out import content_digest
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.text_targets import TextTargets
from seq2seq.data.store import CorpusStore, StoreWriter
from seq2seq.errors import DataError, SettingsError
from seq2seq.text.normalization import Normalizer
from seq2seq.text.output_tokens import may_be_written
from seq2seq.text.sentence_ends import count_sentences
from seq2seq.text.tokenizer import Tokenizer, shared_placeholders

_NEVER_WRITTEN = "target holds a tab or U+FFFD, which no translation will hold"


@dataclass(frozen=True)
class PairPreparation(Preparation[PairReader]):
    """Preparation of pairs of texts.

    Attributes:
        tokenizer_from: directory of existing tokenizers; None to learn new ones.
    """

    tokenizer_from: Path | None = None

    @staticmethod
    def of(settings: Settings, progress: Progress, tokenizer_from: Path | None) -> PairPreparation:
        """Create the preparation of the files that the settings name.

        Raises:
            DataError: a file does not exist.
            SettingsError: a setting does not fit the files.
        """
        data, error = settings.data, number_only_setting(settings)
        if error is not None:
            raise SettingsError(error)
        if data.valid_share > 0.0:
            raise SettingsError(
                f"data.valid_share received {data.valid_share:g}; no pairs of texts are held out: "
                "set data.valid_share=0, and give data.valid files."
            )
        names = ["train", "valid"]
        if data.test.source is not None or data.test.target is not None:
            names.append("test")
        readers = {
            name: PairReader.find(getattr(data, name), data, key=f"data.{name}") for name in names
        }
        return PairPreparation(settings, readers, progress, tokenizer_from)

    def ingredients(self) -> dict[str, Any]:
        """See `Preparation`."""
        data, tokenizer = self.settings.data, asdict(self.settings.tokenizer)
        del tokenizer["sampling"]  # applied during training, to the tokens of the raw text
        reused = self.tokenizer_from
        return {
            "encoding": self.readers["train"].encoding,
            "fields": [data.source_field, data.target_field],
            "max_pairs": data.max_pairs,
            "max_length": data.max_length,
            "max_ratio": data.max_ratio,
            "on_bad_line": data.on_bad_line,
            "carry": data.carry,
            "noise": asdict(probabilities(data.noise, kind=self.settings.tokenizer.kind)),
            "tokenizer": {"joint": tokenizer["joint"], "reused": _model_digests(reused)}
            if reused
            else tokenizer,
        }

    def write(self, directory: Path) -> CorpusReport:
        """See `Preparation`."""
        splits, totals = {}, {}
        for name, reader in self.readers.items():
            summaries = reader.summarise()
            totals[name] = summaries[0].lines
            notes = [f"{summary.path}: {summary.note}" for summary in summaries if summary.note]
            files = [str(path) for path in reader.paths]
            splits[name] = SplitReport(name, files, file_notes=notes)
        source, target, sentences = self._tokenizers(totals["train"])
        Encodings(Inputs(source), TextTargets(target)).save(directory)
        training: PairEncoder | None = None
        for name, split in splits.items():
            encoder = PairEncoder(self, split, source, target, total=totals[name])
            training = training or encoder
            encoder.describe(encoder.run(directory / name), training)
        return CorpusReport(
            splits,
            source_vocab=source.vocab_size,
            target_vocab=target.vocab_size,
            joint=source.tokens == target.tokens,
            tokenizer_sentences=sentences,
        )

    def invalid_record(self, where: str, position: int, error: str) -> DataError:
        """See `Preparation`."""
        return DataError(
            f"{where}: {error}; correct the line, or set data.on_bad_line=drop to go on without "
            "such pairs"
        )

    def _tokenizers(self, total: int) -> tuple[Tokenizer, Tokenizer, int]:
        """Return a tokenizer for each side, and the number of lines that they are learned from.

        With a joint vocabulary they have the same tokens and may normalise text differently.
        """
        if self.tokenizer_from is not None:
            return *self._reused(self.tokenizer_from), 0
        total = min(total, self.settings.data.max_pairs or total)
        settings = self.settings.tokenizer
        lines = min(2 * total, settings.training_lines * (1 if settings.joint else 2))
        of_source, of_target = Normalizer.of_source(settings), Normalizer.of_target(settings)
        if settings.joint:
            both = ((of_source(source), target) for source, target in self._noised_pairs(total))
            target = self.learned_tokenizer(chain.from_iterable(both), settings, of_target)
            source = of_source.applied_to(target)
        else:
            sources = (source for source, _ in self._noised_pairs(total))
            targets = (target for _, target in self._training_pairs(total))
            source = self.learned_tokenizer(sources, settings, of_source)
            target = self.learned_tokenizer(targets, settings.of_target(), of_target)
        return Tokenizer.from_bytes(source), Tokenizer.from_bytes(target), lines

    def _reused(self, directory: Path) -> tuple[Tokenizer, Tokenizer]:
        """Return the tokenizers of another model.

        Raises:
            SettingsError: they do not fit `tokenizer.joint`.
        """
        source, target = (Tokenizer.load(directory / name) for name in TOKENIZER_FILES)
        joint, wanted = source.tokens == target.tokens, self.settings.tokenizer.joint
        if joint != wanted:
            have = "one vocabulary for both sides" if joint else "two vocabularies"
            raise SettingsError(
                f"tokenizer.joint={str(wanted).lower()}, but {directory} holds {have}; set "
                f"tokenizer.joint={str(joint).lower()}"
            )
        return source, target

    def _noised_pairs(self, total: int) -> Iterator[tuple[str, str]]:
        """Yield the training pairs with typing noise in the sources, as training will see them."""
        settings = self.settings
        noise = typing_noise(settings.data, kind=settings.tokenizer.kind)
        rng = default_rng(SEED)
        for source, target in self._training_pairs(total):
            yield noise.drawn(source, rng), target

    def _training_pairs(self, total: int) -> Iterator[tuple[str, str]]:
        """Yield the usable training pairs, `total` at most, from which tokenizers are learned."""
        reader = self.readers["train"]
        seen = SplitReport("train", [str(path) for path in reader.paths])
        for pair in reader:
            seen.read += 1
            if pair.error is not None:
                self.refuse("train", pair.line, pair.error)
                seen.dropped.add(pair.error, pair.line)
                continue
            yield pair.source, pair.target
            seen.kept += 1
            if seen.kept % PairEncoder.most_records == 0:
                self.progress("reading", seen.kept, total)
            if seen.kept == total:
                break
        if not seen.kept:
            raise _nothing_left(seen)
        self.progress("tokenizer", 0, None)


class PairEncoder(SplitEncoder[RawPair]):
    """Encoder of the pairs of one split."""

    most_records = 20_000
    most_values = 8_000_000

    def __init__(
        self,
        preparation: PairPreparation,
        split: SplitReport,
        source: Tokenizer,
        target: Tokenizer,
        *,
        total: int,
    ) -> None:
        """Create the encoder of a split whose files have `total` lines."""
        encodings = Encodings(Inputs(source), TextTargets(target))
        reader = preparation.readers[split.name]
        super().__init__(preparation, reader, split, encodings, total=total)
        self._data = preparation.settings.data
        self._split, self._source, self._target = split, source, target
        self._pairs = array("Q")  # digest of each kept pair
        self._signs = SignCounts()

    def size(self, record: RawPair) -> int:
        """See `SplitEncoder`."""
        return len(record.source) + len(record.target)

    def original(self, record: RawPair) -> tuple[int, str, str]:
        """See `SplitEncoder`."""
        return record.line, record.source, record.target

    def nothing_left(self) -> DataError:
        """See `SplitEncoder`."""
        return _nothing_left(self._split)

    def append(self, chunk: list[RawPair], writer: StoreWriter) -> list[RawPair]:
        """See `SplitEncoder`."""
        pairs = []
        for pair in chunk:
            if pair.error is not None:
                self.reject(pair.line, pair.error)
                continue
            if pair.note is not None:
                self._split.notes.add(pair.note, pair.line)
            pairs.append(pair)
        sources, targets = self._encoded(pairs)
        rows = [
            row
            for row, pair in enumerate(pairs)
            if self._fits(pair.line, len(sources[row]), len(targets[row]))
        ]
        kept = [pairs[row] for row in rows]
        writer.append(
            [sources[row] for row in rows],
            [targets[row] for row in rows],
            [pair.line for pair in kept],
        )
        self._describe_text(kept)
        return kept

    def _encoded(self, pairs: list[RawPair]) -> tuple[list[list[int]], list[list[int]]]:
        """Return the token ids of both sides."""
        texts = [(pair.source, pair.target) for pair in pairs]
        kinds = self._data.carry
        if self.training and kinds:
            names = shared_placeholders(self._source, self._target)
            texts = [with_placeholders(*pair, kinds=kinds, names=names) for pair in texts]
        return (
            self._source.encode([source for source, _ in texts], threads=THREADS),
            self._target.encode([target for _, target in texts], threads=THREADS),
        )

    def _fits(self, line: int, source: int, target: int) -> bool:
        """Return whether a pair with these numbers of tokens is kept; if not, count the reason."""
        if not source or not target:
            self.reject(line, f"{'target' if source else 'source'} empty once it is normalised")
            return False
        if not self.training:
            return True
        limit = self._data.max_length
        reason = length_error(source, target, max_length=limit, max_ratio=self._data.max_ratio)
        if reason is not None:
            longer = max(source, target)
            self._split.dropped.add(reason, line, length=longer if longer > limit else 0)
        return reason is None

    def _describe_text(self, pairs: list[RawPair]) -> None:
        """Add to the report: sentences, odd characters, normalised texts and tags of kept pairs."""
        sides = (
            (self._split.source, self._source, [pair.source for pair in pairs]),
            (self._split.target, self._target, [pair.target for pair in pairs]),
        )
        for report, tokenizer, texts in sides:
            report.add_sentences(map(count_sentences, texts))
            for pair, text, after in zip(pairs, texts, tokenizer.normalised(texts), strict=True):
                report.add_normalised(text, after, line=pair.line)
                if report is self._split.target and not may_be_written(after):
                    self._split.notes.add(_NEVER_WRITTEN, pair.line)
        for pair in pairs:
            self._pairs.append(content_digest(f"{pair.source.strip()}\n{pair.target.strip()}"))
            self._signs.add(pair.source, pair.target)

    def describe(self, store: CorpusStore, training: PairEncoder) -> None:
        """Add lengths, tags, repeated pairs, and pairs also found in training, to the report."""
        split, pairs = self._split, np.array(self._pairs)
        split.source.add_lengths(store.source.lengths, store.lines)
        split.target.add_lengths(store.target.lengths, store.lines)
        order = np.argsort(pairs, kind="stable")
        again = np.flatnonzero(pairs[order][1:] == pairs[order][:-1]) + 1
        split.repeated = _tally(store.lines[np.sort(order[again])])
        if self.training:
            split.signs = self._signs.signs()
        else:
            known = np.isin(self.digests, training.digests)
            split.sources_in_training = _tally(store.lines[known])
            split.pairs_in_training = _tally(store.lines[np.isin(pairs, training._pairs)])


def _nothing_left(split: SplitReport) -> DataError:
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


def _tally(lines: NDArray[np.int64]) -> Tally:
    tally = Tally(count=len(lines))
    tally.lines = [int(line) for line in lines[:5]]
    return tally


def _model_digests(directory: Path) -> dict[str, str]:
    paths = [directory / name for name in TOKENIZER_FILES]
    if not all(path.exists() for path in paths):
        raise DataError(
            f"{directory} holds no tokenizers ({', '.join(TOKENIZER_FILES)}); "
            "set model.init_from to a run or an exported model"
        )
    return {path.name: file_digest(path) for path in paths}
