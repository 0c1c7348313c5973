"""What a run does when it cannot go on, and how one starts from another."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Command = Callable[..., tuple[int, str, str]]

TINY = [
    "data.max_pairs=300",
    "tokenizer.vocab_size=500",
    "model.units=16",
    "model.embedding_dim=8",
    "batching.max_tokens=300",
    "training.validation_sentences=10",
    "data.test={source: null, target: null}",
]


def test_an_exploding_loss_names_its_step_and_keeps_the_last_checkpoint(
    seq2seq: Command, tmp_path: Path
) -> None:
    status, out, err = seq2seq(
        "train",
        "name=wild",
        *TINY,
        "optimizer.learning_rate=50",
        "optimizer.warmup_steps=0",
        "optimizer.clip_norm=0",
        "training.checkpoint_steps=1",
        cwd=tmp_path,
    )
    assert status == 1 and out == ""
    last = err.splitlines()[-1]
    assert last.startswith("seq2seq: error: the loss") and "at step" in last
    assert "optimizer.learning_rate" in last and "Traceback" not in err
    assert list((tmp_path / "runs" / "wild" / "checkpoints").glob("step-*/weights.npz"))


def test_a_run_can_start_from_anothers_weights(
    seq2seq: Command, short_run: Any, tmp_path: Path
) -> None:
    first = json.loads((short_run.directory / "result.json").read_text())["metrics"]
    status, _, err = seq2seq(
        "train",
        "name=next",
        f"model.init_from={short_run.directory}",
        "data.max_pairs=200",
        "model.units=128",
        "model.embedding_dim=64",
        "optimizer.learning_rate=1e-6",
        "optimizer.schedule=constant",
        "optimizer.minimum_learning_rate=0",
        "training.max_steps=1",
        "training.max_epochs=null",
        "training.validation_sentences=100",
        "data.test={source: null, target: null}",
        cwd=tmp_path,
    )
    assert status == 0, err
    run = tmp_path / "runs" / "next"
    for tokenizer in ("source.model", "target.model"):
        assert (run / tokenizer).read_bytes() == (short_run.directory / tokenizer).read_bytes()
    metrics = json.loads((run / "result.json").read_text())["metrics"]
    assert abs(metrics["valid_loss"] - first["valid_loss"]) < 0.01


def test_a_model_of_another_shape_is_refused(
    seq2seq: Command, short_run: Any, tmp_path: Path
) -> None:
    status, _, err = seq2seq(
        "train", *TINY, "name=other", f"model.init_from={short_run.directory}", cwd=tmp_path
    )
    assert status == 1
    assert "do not fit the model" in err.splitlines()[-1] and "Traceback" not in err


def test_a_finished_run_goes_on_when_its_limit_is_raised(seq2seq: Command, tmp_path: Path) -> None:
    steps = []
    for limit in (4, 9):
        status, _, err = seq2seq(
            "train",
            *TINY,
            "name=longer",
            "optimizer.schedule=constant",
            "training.max_epochs=null",
            f"training.max_steps={limit}",
            cwd=tmp_path,
        )
        assert status == 0, err
        result = json.loads((tmp_path / "runs" / "longer" / "result.json").read_text())
        steps.append(result["steps"])
    assert steps == [4, 9]
    assert "going on from step 4" in err
