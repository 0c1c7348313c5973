"""The corpus of pairs that a run trains on, prepared where the run keeps it."""

from __future__ import annotations

from pathlib import Path

from seq2seq.artefact.artefact import find_artefact
from seq2seq.data.corpus import PreparedCorpus, prepare_corpus
from seq2seq.data.prepared import Progress, silent
from seq2seq.settings import Settings


def run_corpus(settings: Settings, *, progress: Progress = silent) -> PreparedCorpus:
    """Prepare or open the corpus of a run with these settings.

    Raises `DataError` as `prepare_corpus` does, and `ArtefactError` where `model.init_from`, whose
    tokenizers would be used, is no model.
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
