"""Corpora on which a measurement trains as a run does: the user's files, or synthetic pairs."""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.bench.training_batches import MULTI30K_PAIRS, Batch, pair_lengths, word_ids
from seq2seq.bench.training_cases import Case
from seq2seq.config.schema import Settings, settings_from_mapping
from seq2seq.data.batch_building import Columns, epoch_batches
from seq2seq.data.batching import plan_epoch
from seq2seq.data.corpus import PreparedCorpus, prepare_corpus
from seq2seq.data.files import open_bytes

_HELD_OUT = 500  # validation pairs of a run
# Every word is in the vocabulary, which holds nothing else.
_WORDS = {"kind": "symbols", "placeholders": 0}


class Files(NamedTuple):
    """Files of a parallel corpus, with one sentence per line.

    Attributes:
        source, target: files of both sides.
        made: true if the corpus holds synthetic words, each of which is a token.
    """

    source: Path
    target: Path
    made: bool = False


@dataclass(frozen=True)
class Corpus:
    """A prepared corpus, and the run that trains on it.

    Attributes:
        prepared: prepared corpus, rows of token ids.
        settings: settings of the run.
        case: case that is trained, with the actual size of the vocabulary.
    """

    prepared: PreparedCorpus
    settings: Settings
    case: Case

    def batches(self) -> Iterator[Batch]:
        """Return an endless iterator over the batches, in the order in which the run uses them."""
        columns = Columns(self.prepared.train.source, self.prepared.train.target)
        lengths, settings = columns.lengths(), self.settings
        plans = (
            plan_epoch(*lengths, settings.batching, seed=settings.seed, epoch=epoch)
            for epoch in count()
        )
        return chain.from_iterable(epoch_batches(columns, plan) for plan in plans)


def made_files(directory: Path, case: Case, *, pairs: int = MULTI30K_PAIRS, seed: int = 1) -> Files:
    """Write pairs of synthetic words, as long as those of multi30k."""
    rng = np.random.default_rng(seed)
    files = Files(directory / "made.source", directory / "made.target", made=True)
    for path, lengths in zip(files[:2], pair_lengths(pairs, rng), strict=True):
        words = lengths - 1  # the end symbol is not a word
        ids = word_ids(int(words.sum()), case.vocab_size, rng)
        path.write_text("".join(_lines(ids, words)), encoding="utf-8")
    return files


def open_corpus(files: Files, case: Case, directory: Path) -> Corpus:
    """Prepare `files` in `directory` for a run with the model of `case`.

    Raises:
        DataError: a file is missing or holds nothing to train on.
    """
    settings = _settings(files, case, directory)
    prepared = prepare_corpus(settings, directory=Path(settings.runs) / "corpora")
    vocabulary = prepared.target_tokenizer.vocab_size
    return Corpus(prepared, settings, replace(case, vocab_size=vocabulary))


def _settings(files: Files, case: Case, directory: Path) -> Settings:
    held_out = {}
    for side, path in (("source", files.source), ("target", files.target)):
        held_out[side] = str(directory / f"valid.{side}")
        _copy_lines(path, Path(held_out[side]))
    recipe: dict[str, Any] = {
        "name": "bench",
        "runs": str(directory / "runs"),
        "data": {
            "name": "bench",
            "train": {"source": str(files.source), "target": str(files.target)},
            "valid": held_out,
        },
        "tokenizer": {"vocab_size": case.vocab_size, **(_WORDS if files.made else {})},
        "model": asdict(case.model),
        "batching": {"max_tokens": case.positions},
        "training": {"precision": case.precision},
    }
    return settings_from_mapping(recipe)


def _copy_lines(path: Path, copy: Path) -> None:
    """Copy the first lines of a file, compressed or not."""
    with open_bytes(path) as stream:
        copy.write_bytes(b"".join(islice(stream, _HELD_OUT)))


def _lines(ids: NDArray[np.int32], lengths: NDArray[np.int32]) -> Iterator[str]:
    words = map(_spelled, ids.tolist())
    for length in lengths.tolist():
        yield " ".join(islice(words, length)) + "\n"


def _spelled(number: int) -> str:
    """Return the word of letters that stands for a number."""
    letters = ""
    while number:
        number, letter = divmod(number, 26)
        letters += string.ascii_lowercase[letter]
    return letters or "a"
