"""Corpora that a translation learns from: pairs of texts, or features with target texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from seq2seq.config.checks import text_only_setting
from seq2seq.config.choices import Split
from seq2seq.config.schema import Settings
from seq2seq.data.batch_building import Columns, Pairs
from seq2seq.data.corpus import PreparedCorpus
from seq2seq.data.noise import noised, typing_noise
from seq2seq.data.prepared import Progress
from seq2seq.data.readers.recognition import holds_text_pairs
from seq2seq.data.sequences.augmentation import augmented
from seq2seq.data.sequences.batches import FeatureTexts
from seq2seq.data.sequences.corpus import PreparedSequences, prepare_sequences
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.item import Content
from seq2seq.data.sequences.store import SequenceStore
from seq2seq.data.sequences.text_targets import target_text
from seq2seq.data.store import Column, CorpusStore
from seq2seq.data.subword_sampling import resampled
from seq2seq.errors import SettingsError
from seq2seq.text.sentences import MOST_TOKENS, TrainingSources
from seq2seq.text.tokenizer import Tokenizer
from seq2seq.training.run_directory import run_corpus


class RawPairs(NamedTuple):
    """Pairs of a split before they are encoded.

    Attributes:
        contents: sources: texts as written in the file, or unscaled features.
        names: descriptions of the sources for people; of a text the text itself.
        references: target texts as written in the file.
    """

    contents: Sequence[Content]
    names: Sequence[str]
    references: Sequence[str]

    def first(self, count: int) -> RawPairs:
        """Return the first `count` pairs."""
        contents, names, references = self
        return RawPairs(contents[:count], names[:count], references[:count])


class TranslationCorpus(Protocol):
    """Prepared corpus of a translation."""

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint of the corpus."""

    @property
    def inputs(self) -> Inputs:
        """Return the encoding of the sources."""

    @property
    def target_tokenizer(self) -> Tokenizer:
        """Return the tokenizer of the targets."""

    @property
    def training_sources(self) -> TrainingSources:
        """Return the extent of the training sources."""

    @property
    def notes(self) -> list[str]:
        """Return lines about the corpus for the user."""

    @property
    def train(self) -> Pairs:
        """Return the training pairs as they are stored."""

    @property
    def valid(self) -> Pairs:
        """Return the validation pairs."""

    @property
    def has_test(self) -> bool:
        """Return whether there is a test split."""

    def epoch(self, epoch: int) -> Pairs:
        """Return the training pairs of an epoch, with its noise and its sampled tokens."""

    def raw(self, split: Split) -> RawPairs:
        """Return the pairs of `valid` or `test` before they are encoded."""

    def calibration(self, count: int) -> tuple[list[Content], list[str]]:
        """Return sources that calibrate the confidence, from `count` pairs, and references."""


def translation_corpus(settings: Settings, progress: Progress) -> TranslationCorpus:
    """Prepare or open the corpus of a translation; its training file says what the sources are.

    Raises:
        DataError: a file is missing, damaged, or holds unusable data.
        SettingsError: a setting does not fit the files.
    """
    if holds_text_pairs(settings):
        return TextPairs(run_corpus(settings, progress=progress), settings)
    error = text_only_setting(settings)
    if error is not None:
        raise SettingsError(error)
    directory = Path(settings.runs) / "corpora"
    return FeaturePairs(
        prepare_sequences(settings, directory=directory, progress=progress), settings
    )


class TextPairs:
    """Pairs of texts; implements `TranslationCorpus`."""

    def __init__(self, corpus: PreparedCorpus, settings: Settings) -> None:
        """Use a prepared corpus with the settings of its run."""
        self._corpus, self._settings = corpus, settings
        self.fingerprint = corpus.fingerprint
        self.inputs = Inputs(tokenizer=corpus.source_tokenizer)
        self.target_tokenizer = corpus.target_tokenizer
        self.training_sources = corpus.training_sources
        self.notes = corpus.report.lines()
        self.train, self.valid = _columns(corpus.train), _columns(corpus.valid)
        self.has_test = corpus.test is not None

    def epoch(self, epoch: int) -> Pairs:
        """See `TranslationCorpus`."""
        corpus, settings = self._corpus, self._settings
        source = noised(
            corpus.train.source,
            corpus.source_tokenizer,
            settings.data,
            kind=settings.tokenizer.kind,
            seed=settings.seed,
            epoch=epoch,
        )
        source = _sampled(source, corpus.source_tokenizer, settings, side=0, epoch=epoch)
        target = _sampled(
            corpus.train.target, corpus.target_tokenizer, settings, side=1, epoch=epoch
        )
        return Columns(source, target)

    def raw(self, split: Split) -> RawPairs:
        """See `TranslationCorpus`."""
        sources, references = self._corpus.raw_pairs(split)
        return RawPairs(sources, sources, references)

    def calibration(self, count: int) -> tuple[list[Content], list[str]]:
        """See `TranslationCorpus`; each source also occurs with typing noise."""
        settings = self._settings
        sources, references = (side[:count] for side in self._corpus.raw_pairs("valid"))
        noise = typing_noise(settings.data, kind=settings.tokenizer.kind)
        rng = np.random.default_rng(settings.seed)
        typed = [noise.drawn(source, rng) for source in sources]
        return [*sources, *typed], [*references, *references]


class FeaturePairs:
    """Sequences of features with target texts; implements `TranslationCorpus`."""

    def __init__(self, corpus: PreparedSequences, settings: Settings) -> None:
        """Use a prepared corpus with the settings of its run."""
        self._corpus, self._settings = corpus, settings
        self.fingerprint = corpus.fingerprint
        self.inputs, self.target_tokenizer = corpus.inputs, corpus.target_tokenizer
        longest = int(corpus.train.source.lengths.max())
        self.training_sources = TrainingSources(1, min(longest, MOST_TOKENS), ())
        self.notes = corpus.report.lines()
        self.train, self.valid = (self._pairs(one) for one in (corpus.train, corpus.valid))
        self.has_test = corpus.test is not None

    def epoch(self, epoch: int) -> Pairs:
        """See `TranslationCorpus`; sounds are augmented, and tokens of the targets sampled."""
        tokenizer, store, settings = self.target_tokenizer, self._corpus.train, self._settings
        target = _sampled(store.target_rows, tokenizer, settings, side=1, epoch=epoch)
        source = augmented(store.source, settings.data, seed=settings.seed, epoch=epoch)
        return FeatureTexts(source, target, self.inputs)

    def raw(self, split: Split) -> RawPairs:
        """See `TranslationCorpus`."""
        store = self._corpus.valid if split == "valid" else self._corpus.test
        if store is None:
            raise ValueError("there is no test split")
        records = self._corpus.raw(split)
        contents = [np.asarray(store.source[row]) for row in range(len(store))]
        names = [
            f"line {record['line']}, {len(content)} steps"
            for record, content in zip(records, contents, strict=True)
        ]
        return RawPairs(contents, names, [target_text(record["label"])[0] for record in records])

    def calibration(self, count: int) -> tuple[list[Content], list[str]]:
        """See `TranslationCorpus`."""
        pairs = self.raw("valid").first(count)
        return list(pairs.contents), list(pairs.references)

    def _pairs(self, store: SequenceStore) -> FeatureTexts:
        return FeatureTexts(store.source, store.target_rows, self.inputs)


def _columns(store: CorpusStore) -> Columns:
    return Columns(store.source, store.target)


def _sampled(
    column: Column, tokenizer: Tokenizer, settings: Settings, *, side: int, epoch: int
) -> Column:
    """Return a column in the segmentation of an epoch; side 0 is the source, 1 the target."""
    alpha = settings.tokenizer.sampling
    if alpha == 0.0:
        return column
    return resampled(column, tokenizer, alpha=alpha, seed=2 * settings.seed + side, epoch=epoch)
