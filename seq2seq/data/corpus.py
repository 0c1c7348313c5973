"""The prepared corpus of a run: built once for one set of files and settings, then opened."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from seq2seq.config.choices import Split
from seq2seq.config.schema import Settings
from seq2seq.data.corpus_report import CorpusReport
from seq2seq.data.encodings import Encodings
from seq2seq.data.pair_preparation import PairPreparation
from seq2seq.data.preparation import RAW, REPORT, Preparation
from seq2seq.data.prepared import (
    Building,
    Progress,
    damaged,
    file_digest,
    open_or_build,
    read_json_lines,
    read_record,
    silent,
)
from seq2seq.data.readers.recognition import holds_text_pairs
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.preparation import SequencePreparation
from seq2seq.data.sequences.report import SequenceReport
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.data.sequences.text_targets import TextTargets
from seq2seq.data.store import CorpusStore
from seq2seq.text.sentences import MOST_TOKENS, TrainingSources
from seq2seq.text.tokenizer import Tokenizer

FORMAT_VERSION = 4  # raise it when the same files and settings give another corpus


@dataclass(frozen=True, eq=False)
class PreparedCorpus:
    """A prepared corpus: everything that training needs.

    Attributes:
        path: directory of the corpus.
        fingerprint: hash of everything that the corpus depends on.
        train, valid, test: stored splits; `test` is None if there is none.
        inputs: encoding of the sources.
        targets: encoding of the targets.
        report: report of the preparation; a `CorpusReport` if the corpus holds pairs of texts.
    """

    path: Path
    fingerprint: str
    train: CorpusStore
    valid: CorpusStore
    test: CorpusStore | None
    inputs: Inputs
    targets: TargetSchema | TextTargets
    report: CorpusReport | SequenceReport

    @property
    def schema(self) -> TargetSchema:
        """Return the classes of a corpus with labels, or the scaling of its numbers."""
        if isinstance(self.targets, TextTargets):
            raise TypeError("the targets of this corpus are texts")
        return self.targets

    @property
    def source_tokenizer(self) -> Tokenizer:
        """Return the tokenizer of sources that are texts."""
        return self.inputs.text_tokenizer

    @property
    def target_tokenizer(self) -> Tokenizer:
        """Return the tokenizer of targets that are texts."""
        if not isinstance(self.targets, TextTargets):
            raise TypeError("the targets of this corpus are no texts")
        return self.targets.tokenizer

    @property
    def training_sources(self) -> TrainingSources:
        """Return the extent and the control tags of the training sources."""
        longest = min(int(self.train.source.lengths.max()), MOST_TOKENS)
        if isinstance(self.report, SequenceReport):
            return TrainingSources(1, longest, ())
        train = self.report.train
        return TrainingSources(train.source.usual_sentences(), longest, tuple(train.signs))

    def raw(self, split: Split) -> list[dict[str, Any]]:
        """Return `line`, `text` and `label` of the records of `valid` or `test`, as in the file.

        `text` is null for features; `label` of pairs of texts is the target text.
        """
        return read_json_lines(self.path / split / RAW)

    @staticmethod
    def open(path: Path) -> PreparedCorpus:
        """Open the corpus that `prepare_corpus` wrote into `path`.

        Raises:
            DataError: a file is missing, truncated or of another version.
        """
        record = read_record(path)
        report: CorpusReport | SequenceReport
        try:
            encodings = Encodings.load(path)
            values = json.loads((path / REPORT).read_text(encoding="utf-8"))
            if encodings.text_pairs:
                report = CorpusReport.from_json(values)
            else:
                report = SequenceReport.from_json(values)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise damaged(path, "is not what was written") from error
        stores = {name: CorpusStore.open(path / name) for name in report.splits}
        return PreparedCorpus(
            path=path,
            fingerprint=record["fingerprint"],
            train=stores["train"],
            valid=stores["valid"],
            test=stores.get("test"),
            inputs=encodings.inputs,
            targets=encodings.targets,
            report=report,
        )


def prepare_corpus(
    settings: Settings,
    *,
    directory: Path,
    tokenizer_from: Path | None = None,
    progress: Progress | None = None,
) -> PreparedCorpus:
    """Open the corpus of these settings and their files; build it first if needed.

    Args:
        settings: settings of the run; the task and the training file determine whether the corpus
            holds pairs of texts.
        directory: parent directory of prepared corpora.
        tokenizer_from: directory of existing tokenizers for pairs of texts; None to learn new ones.
        progress: callback that gets the stage (`files`, `waiting`, `reading`, `tokenizer`, `train`,
            `valid`, `test`), the amount done, and the total (None: not known).

    Raises:
        DataError: a corpus file is missing, damaged, or holds unusable data.
        SettingsError: a setting does not fit the files.
    """
    preparation: Preparation[Any]
    if holds_text_pairs(settings):
        preparation = PairPreparation.of(settings, progress or silent, tokenizer_from)
    else:
        preparation = SequencePreparation.of(settings, progress or silent)
    building = Building(
        files=preparation.files,
        made_from=lambda: _ingredients(preparation),
        fill=preparation.fill,
        open=PreparedCorpus.open,
        progress=preparation.progress,
    )
    return open_or_build(directory, building)


def _ingredients(preparation: Preparation[Any]) -> dict[str, Any]:
    """Return everything that the prepared corpus depends on; its hash is the fingerprint."""
    files = {}
    for name, reader in preparation.readers.items():
        preparation.progress("files", 0, None)
        digests = [file_digest(path) for path in reader.paths]
        files[name] = {"format": reader.format, "sha256": digests}
    return {
        "format_version": FORMAT_VERSION,
        "sentencepiece": version("sentencepiece"),
        "files": files,
        "kind": type(preparation).__name__,
        **preparation.ingredients(),
    }
