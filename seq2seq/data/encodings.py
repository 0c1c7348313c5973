"""Encodings of both sides of a corpus, and their files in its prepared directory."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.scaling import Scale, stored_kind
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.data.sequences.text_targets import TextTargets
from seq2seq.data.store import Values
from seq2seq.disk import write_synced
from seq2seq.text.tokenizer import Tokenizer

TOKENIZER_FILES = ("source.model", "target.model")  # also those of an exported model
TARGETS, SCALE = "targets.json", "scale.json"


@dataclass(frozen=True)
class Encodings:
    """Encodings of sources and targets, learned from the training set.

    Attributes:
        inputs: tokenizer or scaling of the sources.
        targets: classes, scaling of numbers, or tokenizer of target texts.
    """

    inputs: Inputs
    targets: TargetSchema | TextTargets

    @property
    def text_pairs(self) -> bool:
        """Return whether sources and targets are texts."""
        return self.inputs.tokenizer is not None and isinstance(self.targets, TextTargets)

    @property
    def stored(self) -> tuple[Values, Values]:
        """Return the types of stored sources and targets."""
        tokenizer, scale = self.inputs.tokenizer, self.inputs.scale
        if tokenizer is not None:
            return Values.ids(tokenizer.vocab_size), self.targets.stored
        return Values(stored_kind(scale), self.inputs.features), self.targets.stored

    def save(self, directory: Path) -> None:
        """Write the files that `load` reads."""
        sides = (self.inputs.tokenizer, getattr(self.targets, "tokenizer", None))
        for name, tokenizer in zip(TOKENIZER_FILES, sides, strict=True):
            if tokenizer is not None:
                write_synced(directory / name, tokenizer.model_bytes)
        if self.inputs.scale is not None:
            write_synced(directory / SCALE, json.dumps(asdict(self.inputs.scale)).encode())
        if isinstance(self.targets, TargetSchema):
            write_synced(directory / TARGETS, json.dumps(self.targets.to_json()).encode())

    @staticmethod
    def load(directory: Path) -> Encodings:
        """Read the files of a prepared corpus.

        Raises:
            OSError, KeyError, TypeError, ValueError: a file is missing or damaged.
            UserError: a file is not a tokenizer.
        """
        source, target = (directory / name for name in TOKENIZER_FILES)
        targets: TargetSchema | TextTargets
        if (directory / TARGETS).exists():
            targets = TargetSchema.from_json(_read_json(directory / TARGETS))
        else:
            targets = TextTargets(Tokenizer.load(target))
        if (directory / SCALE).exists():
            return Encodings(Inputs(scale=Scale.from_json(_read_json(directory / SCALE))), targets)
        words = isinstance(targets, TargetSchema) and targets.per_step
        return Encodings(Inputs(tokenizer=Tokenizer.load(source), words=words), targets)


def _read_json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))
