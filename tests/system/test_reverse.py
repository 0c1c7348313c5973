"""The whole path on a task whose answers are known: learn to reverse a sequence of symbols."""

from __future__ import annotations

import random
from pathlib import Path

from seq2seq import load_settings
from seq2seq.inference.translator import Translator
from seq2seq.training.run import train

SYMBOLS = [f"s{number}" for number in range(12)]


def write_pairs(directory: Path, split: str, lines: list[list[str]]) -> None:
    for side, order in (("src", 1), ("tgt", -1)):
        text = "".join(" ".join(line[::order]) + "\n" for line in lines)
        (directory / f"{split}.{side}").write_text(text, encoding="utf-8")


def test_it_learns_to_reverse_sequences_of_any_length(tmp_path: Path) -> None:
    draw = random.Random(1)
    lines = [draw.choices(SYMBOLS, k=draw.randint(1, 9)) for _ in range(2800)]
    for split, part in (("train", lines[:2500]), ("valid", lines[2500:2600])):
        write_pairs(tmp_path, split, part)
    files = [f"data.{s}={{source: {s}.src, target: {s}.tgt}}" for s in ("train", "valid")]
    settings = load_settings(
        [
            "data=parallel",
            f"data.directory={tmp_path}",
            *files,
            f"runs={tmp_path / 'runs'}",
            "name=reverse",
            "tokenizer.kind=symbols",
            "tokenizer.vocab_size=64",
            "model.embedding_dim=32",
            "model.units=64",
            "model.dropout=0.0",
            "batching.max_tokens=500",
            "batching.padding=pre",
            "batching.shares=1",
            "optimizer.learning_rate=1e-2",
            "loss.label_smoothing=0.0",
            "training.max_epochs=8",
            "training.average_best=1",
        ]
    )
    result = train(settings)
    unseen = lines[2600:]
    outputs = Translator.load(result.export).translate([" ".join(line) for line in unseen])
    right = sum(out == " ".join(line[::-1]) for out, line in zip(outputs, unseen, strict=True))
    assert right / len(unseen) > 0.9
