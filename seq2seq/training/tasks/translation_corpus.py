"""The prepared corpus of a translation: sources are texts or features, targets are texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from seq2seq.config.choices import Split
from seq2seq.config.schema import Settings
from seq2seq.data.batch_building import Columns, Pairs
from seq2seq.data.noise import noised, typing_noise
from seq2seq.data.prepared import Progress
from seq2seq.data.sequences.augmentation import augmented
from seq2seq.data.sequences.batches import FeatureTexts
from seq2seq.data.sequences.item import Content
from seq2seq.data.sequences.text_targets import target_text
from seq2seq.data.store import Column
from seq2seq.data.subword_sampling import resampled
from seq2seq.text.tokenizer import Tokenizer
from seq2seq.training.run_directory import run_corpus


class RawPairs(NamedTuple):
    """Pairs of a split before they are encoded.

    Attributes:
        contents: sources, which are texts as written in the file, or unscaled features.
        names: descriptions of the sources for people; for a text, the text itself.
        references: target texts as written in the file.
    """

    contents: Sequence[Content]
    names: Sequence[str]
    references: Sequence[str]

    def first(self, count: int) -> RawPairs:
        """Return the first `count` pairs."""
        contents, names, references = self
        return RawPairs(contents[:count], names[:count], references[:count])


class TranslationCorpus:
    """Pairs of a translation, as they are stored and as each epoch sees them.

    Attributes:
        inputs: encoding of the sources.
        target_tokenizer: tokenizer of the targets.
        training_sources: extent of the training sources.
        notes: lines about the corpus for the user.
        train, valid: pairs as they are stored.
        has_test: true if there is a test split.
    """

    def __init__(self, settings: Settings, progress: Progress) -> None:
        """Prepare or open the corpus of a run.

        Raises:
            DataError: a file is missing, damaged, or holds unusable data.
            SettingsError: a setting does not fit the files.
        """
        self._corpus, self._settings = run_corpus(settings, progress=progress), settings
        corpus = self._corpus
        self.fingerprint = corpus.fingerprint
        self.inputs, self.target_tokenizer = corpus.inputs, corpus.target_tokenizer
        self.training_sources = corpus.training_sources
        self.notes = corpus.report.lines()
        self.train, self.valid = (
            self._pairs(store.source, store.target) for store in (corpus.train, corpus.valid)
        )
        self.has_test = corpus.test is not None

    def epoch(self, epoch: int) -> Pairs:
        """Return the training pairs of an epoch: noisy or augmented sources, and sampled tokens."""
        settings, tokenizer = self._settings, self.inputs.tokenizer
        source, target = self._corpus.train.source, self._corpus.train.target
        if tokenizer is not None:
            kind, seed = settings.tokenizer.kind, settings.seed
            source = noised(source, tokenizer, settings.data, kind=kind, seed=seed, epoch=epoch)
            source = self._sampled(source, tokenizer, side=0, epoch=epoch)
        else:
            source = augmented(source, settings.data, seed=settings.seed, epoch=epoch)
        target = self._sampled(target, self.target_tokenizer, side=1, epoch=epoch)
        return self._pairs(source, target)

    def raw(self, split: Split) -> RawPairs:
        """Return the pairs of `valid` or `test` before they are encoded."""
        store = self._corpus.valid if split == "valid" else self._corpus.test
        if store is None:
            raise ValueError("there is no test split")
        contents, names, references = list[Content](), list[str](), list[str]()
        for row, record in enumerate(self._corpus.raw(split)):
            content = record["text"]
            name = content
            if content is None:
                content = np.asarray(store.source[row])
                name = f"line {record['line']}, {len(content)} steps"
            contents.append(content)
            names.append(name)
            references.append(target_text(record["label"])[0])
        return RawPairs(contents, names, references)

    def calibration(self, count: int) -> tuple[list[Content], list[str]]:
        """Return the sources and references of `count` pairs, which calibrate the confidence.

        Each text occurs a second time, with typing noise.
        """
        pairs, settings = self.raw("valid").first(count), self._settings
        contents, references = list(pairs.contents), list(pairs.references)
        texts = [content for content in contents if isinstance(content, str)]
        if not texts:
            return contents, references
        noise = typing_noise(settings.data, kind=settings.tokenizer.kind)
        rng = np.random.default_rng(settings.seed)
        typed = [noise.drawn(text, rng) for text in texts]
        return [*contents, *typed], [*references, *references]

    def _pairs(self, source: Column, target: Column) -> Pairs:
        if self.inputs.tokenizer is not None:
            return Columns(source, target)
        return FeatureTexts(source, target, self.inputs)

    def _sampled(self, column: Column, tokenizer: Tokenizer, *, side: int, epoch: int) -> Column:
        """Return a column, segmented for an epoch; side 0 is the source, side 1 the target."""
        alpha, seed = self._settings.tokenizer.sampling, self._settings.seed
        if alpha == 0.0:
            return column
        return resampled(column, tokenizer, alpha=alpha, seed=2 * seed + side, epoch=epoch)
