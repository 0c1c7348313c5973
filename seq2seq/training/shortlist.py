"""A run's shortlist: learned from the pairs it was trained on, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seq2seq.artefact.shortlist import Lexicon
from seq2seq.data.lexicon import Pair, likeliest_translations
from seq2seq.data.store import CorpusStore
from seq2seq.settings import Settings
from seq2seq.text.tokenizer import EOS, Tokenizer
from seq2seq.training.run_corpus import run_corpus
from seq2seq.training.run_directory import settle_corpus

# With these the translations of multi30k's test set score as they do without a shortlist.
TRANSLATIONS = 60  # of each source piece
FREQUENT = 200  # pieces that every source allows

# Pairs of a source and a target piece that are learned from; together some 500 MB.
_MOST_CELLS = 10_000_000


def learn_lexicon(settings: Settings, run_directory: Path) -> Lexicon:
    """The lexicon of a run's training pairs, of which as many are read as fit into memory.

    Raises `DataError` if the corpus files are not there, `TrainingError` if they have changed.
    """
    corpus = run_corpus(settings)
    settle_corpus(run_directory, corpus.fingerprint, begun=True)
    source, target = corpus.source_tokenizer, corpus.target_tokenizer
    learned = likeliest_translations(
        _pairs(corpus.train),
        source_vocab=source.vocab_size,
        target_vocab=target.vocab_size,
        count=min(TRANSLATIONS, target.vocab_size),
    )
    same = _spelled_alike(source, target)
    return Lexicon(
        translations=np.concatenate([same[:, np.newaxis], learned], axis=1),
        always=_frequent(corpus.train.target.values, target.vocab_size),
    )


def _pairs(store: CorpusStore) -> Iterator[Pair]:
    """The pairs of a corpus, evenly spread where there are too many."""
    cells = int(store.source.lengths.astype(np.int64) @ store.target.lengths)
    step = -(-cells // _MOST_CELLS) or 1
    for row in range(0, len(store), step):
        yield store.source[row], store.target[row]


def _spelled_alike(source: Tokenizer, target: Tokenizer) -> NDArray[np.int32]:
    """For each source piece the target piece that is spelled as it is, or 0: names, numbers."""
    places = {target.piece(index): index for index in range(target.vocab_size)}
    same = [places.get(source.piece(index), 0) for index in range(source.vocab_size)]
    return np.array(same, np.int32)


def _frequent(ids: NDArray[np.integer], vocab_size: int) -> NDArray[np.int32]:
    """The most frequent pieces, and those that are no text; rising."""
    counts = np.bincount(ids, minlength=vocab_size)
    counts[: EOS + 1] = counts.max() + 1
    most = np.argsort(-counts, kind="stable")[: EOS + 1 + FREQUENT]
    return np.sort(most).astype(np.int32)
