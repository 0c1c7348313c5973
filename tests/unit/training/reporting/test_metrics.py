"""`metrics.jsonl`, cut back to what a checkpoint knows, and the picture made of it."""

from __future__ import annotations

from pathlib import Path

from seq2seq.training.reporting.curves import draw_curves
from seq2seq.training.reporting.metrics import MetricsLog
from seq2seq.training.reporting.metrics_file import read_metrics


def test_a_resumed_log_holds_no_step_twice(tmp_path: Path) -> None:
    log = MetricsLog(tmp_path, length=0)
    log.write("train", {"step": 1, "loss": 2.0})
    known = log.length
    log.write("train", {"step": 2, "loss": 1.0})
    resumed = MetricsLog(tmp_path, length=known)
    resumed.write("train", {"step": 2, "loss": 1.5})
    records = read_metrics(tmp_path)
    assert [(r["kind"], r["step"], r["loss"]) for r in records] == [
        ("train", 1, 2.0),
        ("train", 2, 1.5),
    ]
    assert list((tmp_path / "tensorboard").iterdir())


def test_a_line_cut_off_by_a_kill_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"kind": "train", "step": 1}\n{"kind": "tr', encoding="utf-8")
    assert read_metrics(tmp_path) == [{"kind": "train", "step": 1}]


def test_curves_are_a_picture(tmp_path: Path) -> None:
    records = [
        {"kind": "run", "commit": "x"},
        {"kind": "train", "step": 1, "negative_log_likelihood": 4.0},
        {"kind": "valid", "step": 1, "valid_loss": 3.0, "valid_bleu": 5.0, "valid_chrf": 20.0},
    ]
    draw_curves(records, tmp_path / "curves.png")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert [path.name for path in tmp_path.iterdir()] == ["curves.png"]
