"""The prepared corpus of pairs: built once for one set of files and settings, then opened."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from seq2seq.config.choices import Split
from seq2seq.config.schema import DataSettings, TokenizerSettings
from seq2seq.data.corpus_report import CorpusReport
from seq2seq.data.noise import probabilities
from seq2seq.data.preparation import RAW_FILE, TOKENIZER_FILES, Preparation, Tokenizers
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
from seq2seq.data.readers.pairs import PairReader
from seq2seq.data.store import CorpusStore
from seq2seq.errors import DataError, SettingsError
from seq2seq.text.sentences import MOST_TOKENS, TrainingSources
from seq2seq.text.tokenizer import Tokenizer

FORMAT_VERSION = 4  # raise it when the same files and settings give another corpus


@dataclass(frozen=True, eq=False)
class PreparedCorpus:
    """A prepared corpus: everything that training needs."""

    path: Path
    fingerprint: str
    train: CorpusStore
    valid: CorpusStore
    test: CorpusStore | None
    source_tokenizer: Tokenizer
    target_tokenizer: Tokenizer
    report: CorpusReport

    def raw_pairs(self, split: Split) -> tuple[list[str], list[str]]:
        """Return the sentences of `valid` or `test` as written in the file, row for row."""
        records = read_json_lines(self.path / split / RAW_FILE)
        return [record["source"] for record in records], [record["target"] for record in records]

    @property
    def training_sources(self) -> TrainingSources:
        """Return the limits of the training sources."""
        source = self.report.train.source
        return TrainingSources(
            source.usual_sentences(),
            min(source.max_length, MOST_TOKENS),
            tuple(self.report.train.signs),
        )

    @staticmethod
    def open(path: Path) -> PreparedCorpus:
        """Open the corpus that `prepare_corpus` wrote into `path`.

        Raises:
            DataError: a file is missing, truncated or of another version.
        """
        record = read_record(path)
        try:
            report = CorpusReport.from_json(
                json.loads((path / "report.json").read_text(encoding="utf-8"))
            )
        except (ValueError, KeyError, TypeError) as error:
            raise damaged(path / "report.json", "is not a report") from error
        tokenizers = Tokenizers.load(path)
        stores = {name: CorpusStore.open(path / name) for name in report.splits}
        return PreparedCorpus(
            path=path,
            fingerprint=record["fingerprint"],
            train=stores["train"],
            valid=stores["valid"],
            test=stores.get("test"),
            source_tokenizer=tokenizers.source,
            target_tokenizer=tokenizers.target,
            report=report,
        )


def prepare_corpus(
    settings: DataSettings,
    tokenizer: TokenizerSettings,
    *,
    directory: Path,
    seed: int,
    tokenizer_from: Path | None = None,
    progress: Progress | None = None,
) -> PreparedCorpus:
    """Open the corpus of these files and settings; build it first if needed.

    Args:
        settings: files and limits of the corpus.
        tokenizer: settings of the tokenizers.
        directory: parent directory of prepared corpora.
        seed: seed that draws the sentences from which the tokenizer learns.
        tokenizer_from: directory with the tokenizers to use, instead of learning new ones.
        progress: callback that gets the stage (`files`, `waiting`, `reading`, `tokenizer`, `train`,
            `valid`, `test`), the amount done, and the total (None: not known).

    Raises:
        DataError: a corpus file is missing, damaged, or holds unusable data.
        SettingsError: a setting does not fit the files.
    """
    preparation = Preparation(
        data=settings,
        tokenizer=tokenizer,
        seed=seed,
        readers=_readers(settings),
        tokenizer_from=tokenizer_from,
        progress=progress or silent,
    )
    building = Building(
        files=tuple(path for reader in preparation.readers.values() for path in reader.paths),
        made_from=lambda: _ingredients(preparation),
        fill=preparation.run,
        open=PreparedCorpus.open,
        progress=preparation.progress,
    )
    return open_or_build(directory, building)


def _readers(settings: DataSettings) -> dict[str, PairReader]:
    if settings.valid_share > 0.0:
        raise SettingsError(
            f"data.valid_share received {settings.valid_share:g}; no pairs of texts are held out: "
            "set data.valid_share=0, and give data.valid files."
        )
    readers = {
        name: PairReader.find(getattr(settings, name), settings, key=f"data.{name}")
        for name in ("train", "valid")
    }
    if settings.test.source is not None or settings.test.target is not None:
        readers["test"] = PairReader.find(settings.test, settings, key="data.test")
    return readers


def _ingredients(preparation: Preparation) -> dict[str, Any]:
    """Return everything that the prepared corpus depends on; its hash is the fingerprint."""
    data, tokenizer = preparation.data, asdict(preparation.tokenizer)
    del tokenizer["sampling"]  # applied during training, to the tokens of the raw text
    files: dict[str, Any] = {}
    for name, reader in preparation.readers.items():
        files[name] = {"format": reader.format, "sha256": []}
        for path in reader.paths:
            preparation.progress("files", 0, None)
            files[name]["sha256"].append(file_digest(path))
    reused = preparation.tokenizer_from
    return {
        "format_version": FORMAT_VERSION,
        "sentencepiece": version("sentencepiece"),
        "files": files,
        "data": {
            "encoding": preparation.readers["train"].encoding,
            "fields": [data.source_field, data.target_field],
            "max_pairs": data.max_pairs,
            "max_length": data.max_length,
            "max_ratio": data.max_ratio,
            "on_bad_line": data.on_bad_line,
            "carry": data.carry,
            "noise": asdict(probabilities(data.noise, kind=preparation.tokenizer.kind)),
        },
        "tokenizer": {"joint": tokenizer["joint"], "reused": _model_digests(reused)}
        if reused
        else {**tokenizer, "seed": preparation.seed},
    }


def _model_digests(directory: Path) -> dict[str, str]:
    paths = [directory / name for name in TOKENIZER_FILES]
    if not all(path.exists() for path in paths):
        raise DataError(
            f"{directory} holds no tokenizers ({', '.join(TOKENIZER_FILES)}); "
            "set model.init_from to a run or an exported model"
        )
    return {path.name: file_digest(path) for path in paths}
