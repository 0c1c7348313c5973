"""Shortlist of a run, learned from its training pairs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.schema import Settings
from seq2seq.data.lexicon import Pair, likeliest_translations
from seq2seq.data.store import CorpusStore
from seq2seq.export.shortlist import Lexicon
from seq2seq.text.tokenizer import EOS, Tokenizer
from seq2seq.training.run_directory import check_resumed_corpus, run_corpus

# With these values, multi30k's test set scores the same as without a shortlist.
TRANSLATIONS = 60  # per source token
FREQUENT = 200  # number of frequent tokens, which are allowed for every source

# Maximum number of pairs of a source and a target token to learn from; about 500 MB.
_MOST_CELLS = 10_000_000


def learn_lexicon(settings: Settings, run_directory: Path) -> Lexicon:
    """Return the lexicon of a run's training pairs, which are sampled if there are too many.

    Raises:
        DataError: the corpus files are missing.
        TrainingError: the corpus files have changed.
    """
    corpus = run_corpus(settings)
    check_resumed_corpus(run_directory, corpus.fingerprint, begun=True)
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
    """Yield the pairs of a corpus, evenly sampled if there are too many."""
    cells = int(store.source.lengths.astype(np.int64) @ store.target.lengths)
    step = -(-cells // _MOST_CELLS) or 1
    for row in range(0, len(store), step):
        yield store.source[row], store.target[row]


def _spelled_alike(source: Tokenizer, target: Tokenizer) -> NDArray[np.int32]:
    """Return, for each source token, the target token of the same spelling; 0 if there is none.

    Typical examples are names and numbers.
    """
    positions = {target.token(index): index for index in range(target.vocab_size)}
    same = [positions.get(source.token(index), 0) for index in range(source.vocab_size)]
    return np.array(same, np.int32)


def _frequent(ids: NDArray[np.integer], vocab_size: int) -> NDArray[np.int32]:
    """Return the ids of the most frequent and of the special tokens, in ascending order."""
    counts = np.bincount(ids, minlength=vocab_size)
    counts[: EOS + 1] = counts.max() + 1
    most = np.argsort(-counts, kind="stable")[: EOS + 1 + FREQUENT]
    return np.sort(most).astype(np.int32)
