"""The prepared corpus of sequences with labels: built once, then opened."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from seq2seq.config.choices import Split as SplitName
from seq2seq.config.schema import AudioSettings, Settings
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
from seq2seq.data.readers.sequences import ItemReader
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.preparation import (
    RAW,
    REPORT,
    SCALE,
    SCHEMA,
    TARGET_TOKENIZER,
    TOKENIZER,
    SequencePreparation,
    SequenceTargets,
    Split,
)
from seq2seq.data.sequences.report import SequenceReport
from seq2seq.data.sequences.scaling import Scale
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.data.sequences.text_targets import TextTargets
from seq2seq.data.sounds import check_audio, library_versions
from seq2seq.data.store import CorpusStore
from seq2seq.errors import SettingsError
from seq2seq.text.tokenizer import Tokenizer

FORMAT_VERSION = 4  # raise it when the same files and settings give another corpus


@dataclass(frozen=True, eq=False)
class PreparedSequences:
    """A prepared corpus of sequences, with labels or target texts."""

    path: Path
    fingerprint: str
    train: CorpusStore
    valid: CorpusStore
    test: CorpusStore | None
    inputs: Inputs
    targets: SequenceTargets
    report: SequenceReport

    @property
    def schema(self) -> TargetSchema:
        """Return the classes, or the scaling of the numbers, of a corpus with labels."""
        if isinstance(self.targets, TextTargets):
            raise TypeError("the targets of this corpus are texts")
        return self.targets

    @property
    def target_tokenizer(self) -> Tokenizer:
        """Return the tokenizer of targets that are texts."""
        if not isinstance(self.targets, TextTargets):
            raise TypeError("the targets of this corpus are no texts")
        return self.targets.tokenizer

    def raw(self, split: SplitName) -> list[dict[str, Any]]:
        """Return `line`, `text` (null: features) and `label` of the rows of `valid` or `test`."""
        return read_json_lines(self.path / split / RAW)

    @staticmethod
    def open(path: Path) -> PreparedSequences:
        """Open the corpus that `prepare_sequences` wrote into `path`.

        Raises:
            DataError: a file is missing, truncated or of another version.
        """
        record = read_record(path)
        try:
            report = SequenceReport.from_json(_read_json(path / REPORT))
            targets = _targets(path)
            words = isinstance(targets, TargetSchema) and targets.per_step
            inputs = _inputs(path, words=words)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise damaged(path, "is not what was written") from error
        stores = {name: CorpusStore.open(path / name) for name in report.splits}
        return PreparedSequences(
            path=path,
            fingerprint=record["fingerprint"],
            train=stores["train"],
            valid=stores["valid"],
            test=stores.get("test"),
            inputs=inputs,
            targets=targets,
            report=report,
        )


def prepare_sequences(
    settings: Settings, *, directory: Path, progress: Progress | None = None
) -> PreparedSequences:
    """Open the corpus of these settings and their files; build it first if needed.

    Args:
        settings: settings of the run.
        directory: parent directory of prepared corpora.
        progress: callback, see `seq2seq.data.corpus.prepare_corpus`.

    Raises:
        DataError: a file is missing, damaged, or holds unusable data.
        SettingsError: a setting does not fit the files.
    """
    preparation = SequencePreparation(
        data=settings.data,
        task=settings.task,
        tokenizer=settings.tokenizer,
        seed=settings.seed,
        splits=_splits(settings),
        progress=progress or silent,
    )
    readers = [split.reader for split in preparation.splits.values()]
    files = [path for reader in readers for path in (*reader.paths, *reader.listed().values())]
    building = Building(
        files=tuple(dict.fromkeys(files)),
        made_from=lambda: _ingredients(preparation),
        fill=preparation.fill,
        open=PreparedSequences.open,
        progress=preparation.progress,
    )
    return open_or_build(directory, building)


def _splits(settings: Settings) -> dict[str, Split]:
    """Return the readers of the splits; without a validation file, some of training is held out."""
    data, per_step = settings.data, settings.task.per_step

    def find(name: str) -> ItemReader:
        return ItemReader.find(getattr(data, name), data, key=f"data.{name}", per_step=per_step)

    if data.valid.source is not None:
        splits = {"train": Split(find("train")), "valid": Split(find("valid"))}
    elif data.valid_share > 0.0:
        reader = find("train")
        splits = {"train": Split(reader, False), "valid": Split(reader, True)}
    else:
        raise SettingsError(
            "data.valid.source is not set and data.valid_share is 0; give a validation file, or "
            "the share of the training file to hold out, such as data.valid_share=0.1"
        )
    if data.test.source is not None:
        splits["test"] = Split(find("test"))
    return splits


def _ingredients(preparation: SequencePreparation) -> dict[str, Any]:
    """Return everything that the prepared corpus depends on; its hash is the fingerprint."""
    data, tokenizer = preparation.data, asdict(preparation.tokenizer)
    del tokenizer["sampling"]  # applied during training
    files: dict[str, Any] = {}
    for name, split in preparation.splits.items():
        preparation.progress("files", 0, None)
        files[name] = {
            "format": split.reader.format,
            "held_out": split.held_out,
            "sha256": [file_digest(path) for path in split.reader.paths],
        }
        if split.reader.form.audio is not None:
            files[name]["audio"] = _audio_ingredients(split.reader, split.reader.form.audio)
    task = preparation.task
    return {
        "sequences_version": FORMAT_VERSION,
        "sentencepiece": version("sentencepiece"),
        "files": files,
        "data": {
            "form": repr(preparation.splits["train"].reader.form),
            "normalise": data.features.normalise,
            "max_pairs": data.max_pairs,
            "length_limit": repr(preparation.length_limit),
            "valid_share": data.valid_share,
            "on_bad_line": data.on_bad_line,
        },
        "task": [task.name, "words" if task.per_step else False, task.several_labels],
        "tokenizer": {**tokenizer, "seed": preparation.seed},
    }


def _audio_ingredients(reader: ItemReader, audio: AudioSettings) -> dict[str, Any]:
    """Return what the features of the sounds of a manifest depend on, beside the manifest."""
    check_audio(audio)
    sounds = {name: file_digest(path) for name, path in reader.listed().items()}
    digest = sha256(json.dumps(sounds).encode()).hexdigest()
    return {**asdict(audio), "packages": library_versions(), "sha256": digest}


def _inputs(path: Path, *, words: bool) -> Inputs:
    if (path / TOKENIZER).exists():
        return Inputs(tokenizer=Tokenizer.load(path / TOKENIZER), words=words)
    return Inputs(scale=Scale.from_json(_read_json(path / SCALE)))


def _targets(path: Path) -> SequenceTargets:
    if (path / TARGET_TOKENIZER).exists():
        return TextTargets(Tokenizer.load(path / TARGET_TOKENIZER))
    return TargetSchema.from_json(_read_json(path / SCHEMA))


def _read_json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))
