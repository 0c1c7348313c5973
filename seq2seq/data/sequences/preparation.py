"""Preparation of a corpus of sequences with labels or target texts.

Scaling, classes and tokenizers are learned from the training set only.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from seq2seq.config.data_checks import number_only_setting, received_conll, text_only_setting
from seq2seq.config.data_schema import AudioSettings
from seq2seq.config.schema import Settings, TokenizerSettings
from seq2seq.data.corpus_report import SplitCounts
from seq2seq.data.encodings import Encodings
from seq2seq.data.filters import Tallies
from seq2seq.data.long_sequences import LengthLimit
from seq2seq.data.preparation import Preparation
from seq2seq.data.prepared import Progress, file_digest
from seq2seq.data.readers.sequences import ItemReader, reader_of
from seq2seq.data.sequences.held_out import HeldOut
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.item import Item
from seq2seq.data.sequences.item_encoder import ItemEncoder, nothing_left, shown_errors
from seq2seq.data.sequences.learning import SequenceLearner
from seq2seq.data.sequences.report import SequenceReport
from seq2seq.data.sequences.scaling import Scale
from seq2seq.data.sequences.sound_cache import CachedReader, SoundCache
from seq2seq.data.sequences.target_schema import TargetLearner, TargetSchema
from seq2seq.data.sequences.text_targets import TargetTexts, TextTargets, target_text
from seq2seq.data.sounds import check_audio, library_versions
from seq2seq.errors import DataError, SettingsError
from seq2seq.text.normalization import Normalizer
from seq2seq.text.tokenizer import Tokenizer

_TELL_EVERY = 1000  # items between two progress reports


@dataclass(frozen=True)
class SequencePreparation(Preparation[ItemReader]):
    """Preparation of sequences; a share of the training data may be held out for validation."""

    @staticmethod
    def of(settings: Settings, progress: Progress) -> SequencePreparation:
        """Return the preparation of the files that the settings name.

        Raises:
            DataError: a file does not exist.
            SettingsError: a setting does not fit the files.
        """
        data, per_step = settings.data, settings.task.per_step
        error = None if settings.task.has_labels else text_only_setting(settings)
        if error is not None:
            raise SettingsError(error)
        if data.valid.source is None and data.valid_share == 0.0:
            raise SettingsError(
                "data.valid.source is not set and data.valid_share is 0; give a validation file, "
                "or the share of the training file to hold out, such as data.valid_share=0.1"
            )

        def find(name: str) -> ItemReader:
            files, key = getattr(data, name), f"data.{name}"
            reader = ItemReader.find(files, data, key=key, per_step=per_step)
            if reader.format == "conll" and not per_step:
                raise SettingsError(
                    f"{key}.source received {files.source}, a CoNLL file with a class of each "
                    "word, and task.per_step=false; set task.per_step=true"
                )
            reader.check_labels()
            return reader

        train = find("train")
        readers = {"train": train, "valid": train if data.valid.source is None else find("valid")}
        if data.test.source is not None:
            readers["test"] = find("test")
        received = received_conll(data.conll)
        if received is not None and all(one.format != "conll" for one in readers.values()):
            raise SettingsError(
                f"{received}, and {train.paths[0]} is no CoNLL file; leave it out, or set "
                "data.format=conll"
            )
        return SequencePreparation(settings, readers, progress)

    @property
    def files(self) -> tuple[Path, ...]:
        """Return the files of the corpus, including those that a manifest lists."""
        listed = [path for one in self.readers.values() for path in one.listed().values()]
        return tuple(dict.fromkeys([*super().files, *listed]))

    def ingredients(self) -> dict[str, Any]:
        """See `Preparation`."""
        data, task = self.settings.data, self.settings.task
        tokenizer = asdict(self.settings.tokenizer)
        del tokenizer["sampling"]  # applied during training
        audio = {
            name: _audio_ingredients(reader, reader.form.audio)
            for name, reader in self.readers.items()
            if reader.form.audio is not None
        }
        return {
            "form": repr(self.readers["train"].form),
            "audio": audio,
            "normalise": data.features.normalise,
            "max_pairs": data.max_pairs,
            "length_limit": repr(LengthLimit.of(data)),
            "valid_share": data.valid_share,
            "held_out": self._is_held_out,
            "on_bad_line": data.on_bad_line,
            "task": [task.name, "words" if task.per_step else False, task.several_labels],
            "tokenizer": tokenizer,
        }

    def write(self, directory: Path) -> SequenceReport:
        """See `Preparation`; sounds are decoded once."""
        with contextlib.closing(SoundCache(directory)) as cache:
            readers = {
                name: CachedReader.of(reader, cache) for name, reader in self.readers.items()
            }
            return replace(self, readers=readers)._write(directory)

    def _write(self, directory: Path) -> SequenceReport:
        encodings, doubts = self._learn()
        encodings.save(directory)
        training: ItemEncoder | None = None
        splits = {}
        for name in self.readers:
            encoder = ItemEncoder(self, name, self.items(name), encodings, doubts)
            training = training or encoder
            encoder.describe(encoder.run(directory / name), training)
            splits[name] = encoder.split
        return SequenceReport(splits, **_described(encodings.targets))

    @property
    def _is_held_out(self) -> bool:
        return self.settings.data.valid.source is None

    @cached_property
    def _held_out(self) -> HeldOut:
        settings = self.settings
        return HeldOut.choose(self.readers["train"], settings.data.valid_share, settings.task)

    def items(self, name: str) -> Iterator[Item]:
        """Yield the items of a split; of the training split, at most `data.max_pairs` valid ones.

        Raises:
            DataError: a file is damaged.
        """
        limit = self.settings.data.max_pairs if name == "train" else None
        held_out = name == "valid" if self._is_held_out and name != "test" else None
        kept = 0
        for item in self.readers[name]:
            if held_out is not None and item.content is not None:
                if (item.content in self._held_out) != held_out:
                    continue
            elif held_out and item.error is not None:
                continue  # reported with the training set
            kept += item.error is None
            yield item
            if kept == limit:
                return

    def invalid_record(self, where: str, position: int, error: str) -> DataError:
        """See `Preparation`."""
        return BadSequenceError(where, position, error)

    def _learn(self) -> tuple[Encodings, list[str]]:
        """Return encodings learned from the training set, and doubts about it."""
        reader, task = self.readers["train"], self.settings.task
        labels = TargetLearner(task) if task.has_labels else TargetTexts()
        lines, limit = reader_of(reader.format).lines, LengthLimit.of(self.settings.data)
        learner = SequenceLearner(labels, limit, lines=lines)
        for item in self.items("train"):
            error = learner.add(item)
            if error is not None:
                self.refuse("train", item.position, error)
            if learner.read % _TELL_EVERY == 0:
                self.progress("reading", learner.read, None)
        normalise = self.settings.data.features.normalise
        doubts = learner.doubts(normalise=normalise)
        if learner.first is None:
            files = [str(path) for path in reader.paths]
            counts = SplitCounts("train", files, learner.read, dropped=learner.errors)
            raise nothing_left(counts, doubts)
        if isinstance(labels, TargetTexts):
            if isinstance(learner.first, str):
                raise DataError(
                    f"{reader.paths[0]}: the first sequence that can be used is a text, where "
                    "sequences of numbers are wanted; give texts as pairs of lines, TSV or JSON "
                    "lines in a file of their own"
                )
            scale = self._scale(learner, doubts)
            return Encodings(Inputs(scale=scale), TextTargets(self._target_tokenizer())), doubts
        schema = labels.schema()
        self._check_classes(schema, learner.errors)
        if isinstance(learner.first, str):
            inputs = Inputs(tokenizer=self._source_tokenizer(), words=schema.per_step)
            return Encodings(inputs, schema), doubts
        return Encodings(Inputs(scale=self._scale(learner, doubts)), schema), doubts

    def _scale(self, learner: SequenceLearner, doubts: list[str]) -> Scale | None:
        """Return the scaling, in the precision set for sounds; add to `doubts` if it is too low."""
        scale = learner.scale(normalise=self.settings.data.features.normalise)
        audio = self.readers["train"].form.audio
        if scale is None or audio is None or audio.precision == "float32":
            return scale
        rounded = scale.in_float16()
        if rounded is None:
            doubts.append(
                "data.audio.precision=float16 would round a feature by more than a tenth of its "
                f"standard deviation; they are kept in {scale.precision}"
            )
        return rounded or scale

    def _check_classes(self, schema: TargetSchema, errors: Tallies) -> None:
        """Raise an error for a classification with a single class.

        Raises:
            DataError: there are fewer than two classes.
        """
        if schema.has_numbers or schema.outputs >= 2 or schema.several:
            return
        found = f"every sequence has the label {schema.classes[0]!r}"
        if errors.total:
            found += f" (left out: {shown_errors(errors)})"
        where = self.readers["train"].where(1)
        raise DataError(f"{where}: {found}; a classification needs at least two classes")

    def _source_tokenizer(self) -> Tokenizer:
        error = number_only_setting(self.settings)
        if error is not None:
            raise SettingsError(error)
        texts = (item.content for item in self.items("train") if isinstance(item.content, str))
        settings = self.settings.tokenizer
        return self._tokenizer(texts, settings, Normalizer.of_source(settings))

    def _target_tokenizer(self) -> Tokenizer:
        read = (target_text(item.label) for item in self.items("train") if item.error is None)
        texts = (text for text, error in read if error is None)
        settings = self.settings.tokenizer
        return self._tokenizer(texts, settings.of_target(), Normalizer.of_target(settings))

    def _tokenizer(
        self, texts: Iterable[str], settings: TokenizerSettings, normalizer: Normalizer
    ) -> Tokenizer:
        self.progress("tokenizer", 0, None)
        return Tokenizer.from_bytes(self.learned_tokenizer(texts, settings, normalizer))


class BadSequenceError(DataError):
    """Error for a sequence that cannot be used, raised with `data.on_bad_line=fail`.

    Attributes:
        position: position of the sequence in its file.
        error: description of the error in it.
    """

    def __init__(self, where: str, position: int, error: str) -> None:
        """Create the error; `where` names file and line."""
        super().__init__(
            f"{where}: {error}; correct it, or set data.on_bad_line=drop to go on without such "
            "sequences"
        )
        self.position, self.error = position, error


def _described(targets: TargetSchema | TextTargets) -> dict[str, Any]:
    """Return the attributes of a report that describe the targets."""
    if isinstance(targets, TextTargets):
        return {"target_vocab": targets.tokenizer.vocab_size}
    numbers = zip(targets.scale.mean, targets.scale.deviation, strict=True)
    return {
        "classes": dict(zip(targets.classes, targets.counts, strict=True)),
        "numbers": list(numbers),
    }


def _audio_ingredients(reader: ItemReader, audio: AudioSettings) -> dict[str, Any]:
    """Return everything that determines the features of a manifest's sounds except the manifest."""
    check_audio(audio)
    sounds = {name: file_digest(path) for name, path in reader.listed().items()}
    digest = sha256(json.dumps(sounds).encode()).hexdigest()
    return {**asdict(audio), "packages": library_versions(), "sha256": digest}
