"""Small corpora of every combination of an input side and a target side, and their settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

WORDS = ["red", "green", "blue", "small", "large", "old", "new", "house", "tree", "river"]
_SMALL = [
    "model.units=8",
    "model.embedding_dim=6",
    "model.dropout=0.2",
    "model.bidirectional=false",
    "batching.shares=1",
    "batching.max_tokens=60",
    "optimizer.plateau_patience=1",
    "training.max_epochs=2",
    "training.log_steps=2",
    "training.checkpoint_steps=3",
    "training.validation_sentences=10",
    "search.max_length_factor=1.0",
]
_LABELS = ["data=sequences", "data.valid_share=0.2", "tokenizer.placeholders=0"]
_SUBWORDS = ["tokenizer.kind=bpe", "tokenizer.vocab_size=40", "tokenizer.byte_fallback=false"]
_PAIRS = [
    "data=parallel",
    "tokenizer.vocab_size=60",
    "tokenizer.byte_fallback=false",
    "data.valid.source=data.jsonl",
]
_FEATURES_TO_TEXT = [
    "task=translation",
    *_LABELS,
    "tokenizer.kind=char",
    "search.max_length_offset=12",
]
_TRANSFORMER = ["model.encoder=transformer", "model.attention_heads=2", "model.bidirectional=true"]


@dataclass(frozen=True)
class Combination:
    """Settings of a combination, and its target for a source.

    Attributes:
        overrides: settings beside the small sizes.
        target: function of the words of a text, or of the steps of a sequence, and its class.
        features: true if sources are numbers over time.
    """

    overrides: list[str]
    target: Callable[[Any, int], Any]
    features: bool = False

    @property
    def writes_text(self) -> bool:
        return "task=translation" in self.overrides

    def write(self, directory: Path, count: int = 60) -> Path:
        """Write a file of JSON lines, and the overrides that train from it; return the file."""
        random = np.random.default_rng(7)
        records = []
        for _ in range(count):
            length, kind = int(random.integers(1, 7)), int(random.integers(3))
            if self.features:
                source: Any = (random.normal(0, 0.5, (length, 3)) + kind).round(3).tolist()
                records.append({"source": source, "target": self.target(source, kind)})
            else:
                words = [WORDS[n] for n in random.integers(0, len(WORDS), length)]
                records.append({"source": " ".join(words), "target": self.target(words, kind)})
        path = directory / "data.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
        files = [f"data.directory={directory}", "data.train.source=data.jsonl"]
        files += ["data.test.source=data.jsonl"]
        overrides = [*files, *_SMALL, *self.overrides]
        (directory / "overrides.json").write_text(json.dumps(overrides))
        return path


def _long(word: str) -> str:
    return "long" if len(word) > 4 else "short"


def _repeated(steps: Any, kind: int) -> str:
    return " ".join([WORDS[kind]] * (1 + len(steps) // 3))


COMBINATIONS = {
    "text-text": Combination(
        ["task=translation", *_PAIRS], lambda words, _: " ".join(reversed(words))
    ),
    "text-class": Combination(["task=classification", *_LABELS], lambda words, _: _long(words[0])),
    "text-classes": Combination(
        ["task=classification", "task.several_labels=true", *_LABELS],
        lambda words, _: sorted({_long(word) for word in words}),
    ),
    "text-number": Combination(["task=regression", *_LABELS], lambda words, _: len(words) / 2),
    "word-class": Combination(
        ["task=classification", "task.per_step=true", *_LABELS, *_SUBWORDS],
        lambda words, _: [_long(word) for word in words],
    ),
    "word-class-crf": Combination(
        ["task=classification", "task.per_step=true", "model.head=crf", *_LABELS, *_SUBWORDS],
        lambda words, _: [_long(word) for word in words],
    ),
    "word-number": Combination(
        ["task=regression", "task.per_step=true", *_LABELS, *_SUBWORDS],
        lambda words, _: [len(word) / 2 for word in words],
    ),
    "features-class": Combination(
        ["task=classification", *_LABELS], lambda _, kind: "abc"[kind], features=True
    ),
    "features-classes": Combination(
        ["task=classification", "task.several_labels=true", *_LABELS],
        lambda steps, kind: ["abc"[kind]] + ["long"] * (len(steps) > 3),
        features=True,
    ),
    "features-number": Combination(
        ["task=regression", *_LABELS], lambda steps, kind: kind + 0.5 * len(steps), features=True
    ),
    "step-class": Combination(
        ["task=classification", "task.per_step=true", *_LABELS],
        lambda steps, _: ["up" if step[0] > 1 else "down" for step in steps],
        features=True,
    ),
    "step-number": Combination(
        ["task=regression", "task.per_step=true", *_LABELS],
        lambda steps, _: [2 * step[0] + 1 for step in steps],
        features=True,
    ),
    "features-text": Combination(_FEATURES_TO_TEXT, _repeated, features=True),
    "features-text-transformer": Combination(
        [*_FEATURES_TO_TEXT, *_TRANSFORMER], _repeated, features=True
    ),
}
