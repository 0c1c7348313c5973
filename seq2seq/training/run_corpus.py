"""Corpus of text pairs of a run, prepared in its `runs` directory."""

from __future__ import annotations

from pathlib import Path

from seq2seq.config.schema import Settings
from seq2seq.data.corpus import PreparedCorpus, prepare_corpus
from seq2seq.data.prepared import Progress, silent
from seq2seq.export.exported_model import find_artefact


def run_corpus(settings: Settings, *, progress: Progress = silent) -> PreparedCorpus:
    """Prepare or open the corpus of a run with these settings.

    Raises:
        DataError: the corpus is invalid; see `prepare_corpus`.
        ArtefactError: `model.init_from`, which provides the tokenizers, is not a valid model.
    """
    start = settings.model.init_from
    return prepare_corpus(
        settings.data,
        settings.tokenizer,
        directory=Path(settings.runs) / "corpora",
        seed=settings.seed,
        tokenizer_from=None if start is None else find_artefact(Path(start)),
        progress=progress,
    )
