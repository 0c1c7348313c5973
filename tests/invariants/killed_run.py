"""A training run in a process of its own that kills itself with SIGKILL at a given place.

    python killed_run.py RUNS DEVICE NAME [PLACE COUNT]

DEVICE is `cpu` or `gpu`. RUNS/overrides.json holds the settings as a JSON list; without it a NAME
that begins with `classes` is a classification of the sequences in RUNS/sequences.npz, any other a
translation, with a transformer if the NAME begins so. PLACE is one of `step`, `write`, `rename`,
`renamed`, `validation`; the process dies there the COUNT-th time it comes by. Without a place it
runs to its end.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from seq2seq import load_settings
from seq2seq.model.backend import operation_threads
from seq2seq.training import checkpoint, loop
from seq2seq.training.run import train
from seq2seq.training.tasks import translation_validation

OVERRIDES = [
    "data=phrasebook",
    "data.max_pairs=300",
    "tokenizer.vocab_size=500",
    "tokenizer.sampling=0.2",
    "model.units=16",
    "model.embedding_dim=8",
    "batching.max_tokens=300",
    "optimizer.plateau_patience=1",
    "training.accumulate=2",
    "training.max_epochs=3",
    "training.validation_sentences=20",
    "training.monitor=valid_loss",
    "training.log_steps=2",
    "training.checkpoint_steps=3",
    "search.max_length_factor=1.0",
    "data.test={source: null, target: null}",
]

TRANSFORMER = [
    *OVERRIDES,
    "model.encoder=transformer",
    "model.attention_heads=2",
    "model.encoder_layers=2",
    "model.feed_forward=32",
    "batching.shares=2",
]

CLASSES = [
    "task=classification",
    "data=sequences",
    "data.train.source=sequences.npz",
    "data.valid_share=0.3",
    "data.test.source=sequences.npz",
    "task.pooling=attention",
    "task.class_weights=balanced",
    "model.units=8",
    "model.dropout=0.3",
    "batching.max_tokens=60",
    "batching.shares=2",
    "optimizer.plateau_patience=1",
    "training.accumulate=2",
    "training.max_epochs=3",
    "training.log_steps=2",
    "training.checkpoint_steps=3",
]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def on_call(count: int, action: Callable[..., Any], then: Callable[..., Any]) -> Callable[..., Any]:
    """`action`, but the `count`-th call of it is `then`."""
    calls = 0

    def counted(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        return (then if calls == count else action)(*arguments, **options)

    return counted


def arm(place: str, count: int) -> None:
    if place == "step":
        update = loop.TrainingLoop._update
        counted = on_call(count, update, lambda *_: die())
        loop.TrainingLoop._update = lambda *arguments: counted(*arguments)  # type: ignore[method-assign]
    elif place == "write":

        def half(path: Path, arrays: Any) -> str:
            checkpoint_write(path, arrays)
            os.truncate(path, path.stat().st_size // 2)
            die()
            return ""

        checkpoint_write = checkpoint._write_arrays
        checkpoint._write_arrays = on_call(count, checkpoint_write, half)
    elif place in ("rename", "renamed"):
        rename = Path.rename

        def dying(self: Path, target: Path) -> Path:
            if place == "renamed":
                rename(self, target)
            die()
            return target

        counted = on_call(count, rename, dying)
        Path.rename = lambda self, target: counted(self, target)  # type: ignore[method-assign, assignment]
    else:
        translate = translation_validation.TranslationValidator._translations
        counted = on_call(count, translate, lambda self: die())
        translation_validation.TranslationValidator._translations = lambda self: counted(self)  # type: ignore[method-assign]


if __name__ == "__main__":
    runs, device, name, *kill = sys.argv[1:]
    if kill:
        arm(kill[0], int(kill[1]))
    own, given = OVERRIDES, Path(runs) / "overrides.json"
    if given.exists():
        own = json.loads(given.read_text())
    elif name.startswith("classes"):
        own = [*CLASSES, f"data.directory={runs}"]
    elif name.startswith("transformer"):
        own = TRANSFORMER
    place = [f"runs={runs}", f"name={name}", f"training.device={device}"]
    train(load_settings([*place, *own]))
    print(f"computed with threads: {operation_threads()}", file=sys.stderr)
