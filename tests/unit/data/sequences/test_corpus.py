"""A prepared corpus of sequences: what is learned comes from training alone, every drop is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq.data.sequences.corpus import PreparedSequences, prepare_sequences
from seq2seq.data.sequences.moments import Moments
from seq2seq.errors import DataError, SettingsError
from seq2seq.settings import Settings, settings_from_mapping


def settings(directory: Path, *, task: Any = "classification", **data: Any) -> Settings:
    monitor = "valid_accuracy" if "classification" in str(task) else "valid_loss"
    files = {"train": {"source": "train.jsonl"}, "valid": {"source": "valid.jsonl"}}
    return settings_from_mapping(
        {
            "task": task,
            "training": {"monitor": monitor},
            "loss": {"label_smoothing": 0.0},
            "tokenizer": {"vocab_size": 300},
            "data": {"directory": str(directory), **files, **data},
        }
    )


def write(directory: Path, name: str, rows: list[tuple[Any, Any]]) -> None:
    lines = [json.dumps({"source": source, "target": target}) for source, target in rows]
    (directory / f"{name}.jsonl").write_text("\n".join(lines) + "\n")


def prepare(directory: Path, **options: Any) -> PreparedSequences:
    return prepare_sequences(settings(directory, **options), directory=directory / "corpora")


TRAIN = [([[0.0, 5.0], [2.0, 5.0]], "b"), ([[4.0, 5.0]], "a"), ([[0.0, 5.0]], "a")]
VALID = [([[9.0, 9.0]], "a"), ([[1.0, 1.0]], "z"), ([[1.0]], "a"), ([[2.0, 2.0]], None)]


def test_scales_and_classes_are_those_of_training(tmp_path: Path) -> None:
    write(tmp_path, "train", TRAIN)
    write(tmp_path, "valid", VALID)
    corpus = prepare(tmp_path)
    assert corpus.answers.classes == ("a", "b") and corpus.answers.counts == (2, 1)
    scale = corpus.inputs.scale
    assert scale is not None
    assert scale.mean == (1.5, 5.0)  # of steps, not of sequences
    assert scale.deviation == (pytest.approx(np.std([0, 2, 4, 0])), 1.0)  # constant: as it is
    assert corpus.train.source[0].tolist() == [[0.0, 5.0], [2.0, 5.0]]
    assert isinstance(corpus.train.source.values.base.base, np.memmap)  # type: ignore[union-attr]
    assert np.asarray(corpus.train.targets).tolist() == [1, 0, 0]
    dropped = corpus.report.splits["valid"].dropped.reasons
    assert {reason: tally.lines for reason, tally in dropped.items()} == {
        "label 'z' was never seen in training": [2],
        "1 features, where 2 are wanted": [3],
        "no label": [4],
    }
    assert corpus.raw("valid") == [{"line": 1, "text": None, "label": "a"}]


def test_a_bad_item_stops_the_preparation_where_that_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, "train", TRAIN)
    write(tmp_path, "valid", VALID)
    with pytest.raises(DataError, match=r"valid\.jsonl, line 2: label 'z' was never seen"):
        prepare(tmp_path, on_bad_line="fail")
    assert [path.name for path in (tmp_path / "corpora").glob("[!.]*")] == []


def test_one_class_is_none(tmp_path: Path) -> None:
    write(tmp_path, "train", TRAIN[1:])
    write(tmp_path, "valid", VALID)
    with pytest.raises(DataError, match="every sequence has the label 'a'"):
        prepare(tmp_path)


def test_a_share_is_held_out_by_content(tmp_path: Path) -> None:
    rows = [([[float(n), 1.0]], "ab"[n % 2]) for n in range(200)]
    write(tmp_path, "train", [*rows, *rows])
    corpus = prepare(tmp_path, valid={"source": None}, valid_share=0.25)
    assert len(corpus.train) + len(corpus.valid) == 400
    assert 60 < len(corpus.valid) < 140
    held = {float(row[0, 0]) for row in map(corpus.valid.source.__getitem__, range(50))}
    assert not held & {float(corpus.train.source[row][0, 0]) for row in range(len(corpus.train))}
    with pytest.raises(SettingsError, match=r"data\.valid_share=0\.1"):
        prepare(tmp_path, valid={"source": None})


def test_texts_are_cut_into_pieces(tmp_path: Path) -> None:
    rows = [("who wrote it ?", "HUM"), ("when was it ?", "NUM"), ("who ?", "HUM")]
    write(tmp_path, "train", rows)
    write(tmp_path, "valid", [("who ?", "HUM"), ("\ufffd", "HUM")])
    corpus = prepare(tmp_path)
    tokenizer = corpus.inputs.tokenizer
    assert tokenizer is not None
    assert corpus.train.source[0].tolist() == tokenizer.encode(["who wrote it ?"])[0]
    assert "valid: 1 of the 1 inputs also occur in training" in corpus.report.lines()
    assert "empty once it is normalised" in corpus.report.splits["valid"].dropped.reasons


def test_several_classes_and_several_numbers(tmp_path: Path) -> None:
    write(tmp_path, "train", [([1.0], ["a", "b"]), ([2.0], []), ([3.0], "b")])
    write(tmp_path, "valid", [([1.0], ["a"])])
    task = {"name": "classification", "several_labels": True}
    corpus = prepare(tmp_path, task=task)
    assert np.asarray(corpus.train.targets).tolist() == [[1, 1], [0, 0], [0, 1]]
    write(tmp_path, "train", [([1.0], [1.0, 10.0]), ([2.0], [3.0, 10.0]), ([2.0], [3.0])])
    write(tmp_path, "valid", [([1.0], [0.5, 0.5])])
    corpus = prepare(tmp_path, task="regression")
    assert corpus.answers.scale.mean == (2.0, 10.0)
    assert corpus.answers.scale.deviation == (1.0, 1.0)
    (reason,) = corpus.report.splits["train"].dropped.reasons
    assert reason == "1 numbers as label, and the first has 2"


def test_an_answer_for_each_step(tmp_path: Path) -> None:
    write(tmp_path, "train", [([1.0, 2.0], ["a", "b"]), ([3.0], ["a"]), ([3.0], ["a", "b"])])
    write(tmp_path, "valid", [([1.0], ["a"]), ([1.0], "a")])
    corpus = prepare(tmp_path, task={"name": "classification", "per_step": True})
    assert np.asarray(corpus.train.targets).tolist() == [0, 1, 0]
    assert corpus.train.answers[0].tolist() == [0, 1]
    assert list(corpus.report.splits["train"].dropped.reasons) == ["2 labels for 1 steps"]
    (reason,) = corpus.report.splits["valid"].dropped.reasons
    assert reason == "one label, where task.per_step=true needs one for each step"


def test_the_same_files_and_settings_are_prepared_once(tmp_path: Path) -> None:
    write(tmp_path, "train", TRAIN)
    write(tmp_path, "valid", VALID)
    first = prepare(tmp_path)
    made = (first.path / "report.json").stat().st_mtime_ns
    again = prepare(tmp_path)
    assert again.fingerprint == first.fingerprint
    assert (again.path / "report.json").stat().st_mtime_ns == made
    assert prepare(tmp_path, features={"normalise": False}).fingerprint != first.fingerprint
    (first.path / "train" / "source.values").write_bytes(b"")
    assert len(prepare(tmp_path).train) == 3  # damaged: built again


def test_moments_in_parts_are_those_of_the_whole() -> None:
    values = np.random.default_rng(0).normal(1e4, 0.5, (500, 3)).astype(np.float32)
    moments = Moments(3)
    for part in np.array_split(values, [1, 40, 300]):
        moments.add(part)
    scale = moments.scale()
    exact = values.astype(np.float64)
    assert np.allclose(scale.mean, exact.mean(axis=0), rtol=1e-9)
    assert np.allclose(scale.deviation, exact.std(axis=0), rtol=1e-6)
    assert np.allclose(scale.undo(scale.apply(values)), values, rtol=1e-5)
