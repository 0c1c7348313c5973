"""A prepared corpus of sequences: what is learned comes from training alone, every drop is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq.config.schema import Settings, settings_from_mapping
from seq2seq.data.corpus import PreparedCorpus, prepare_corpus
from seq2seq.data.filters import Tally
from seq2seq.data.sequences.batches import SequenceData, source_batch
from seq2seq.data.sequences.scaling import ScalingStatistics
from seq2seq.errors import DataError, SettingsError


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


def prepare(directory: Path, **options: Any) -> PreparedCorpus:
    return prepare_corpus(settings(directory, **options), directory=directory / "corpora")


TRAIN = [([[0.0, 5.0], [2.0, 5.0]], "b"), ([[4.0, 5.0]], "a"), ([[0.0, 5.0]], "a")]
VALID = [([[9.0, 9.0]], "a"), ([[1.0, 1.0]], "z"), ([[1.0]], "a"), ([[2.0, 2.0]], None)]


def test_scales_and_classes_are_those_of_training(tmp_path: Path) -> None:
    write(tmp_path, "train", TRAIN)
    write(tmp_path, "valid", VALID)
    corpus = prepare(tmp_path)
    assert corpus.schema.classes == ("a", "b") and corpus.schema.counts == (2, 1)
    scale = corpus.inputs.scale
    assert scale is not None
    assert scale.mean == (1.5, 5.0)  # of steps, not of sequences
    assert scale.deviation == (pytest.approx(np.std([0, 2, 4, 0])), 1.0)  # constant: as it is
    assert corpus.train.source[0].tolist() == [[0.0, 5.0], [2.0, 5.0]]
    assert isinstance(corpus.train.source.values.base.base, np.memmap)  # type: ignore[union-attr]
    assert np.asarray(corpus.train.target.values).tolist() == [1, 0, 0]
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


def test_one_class_alone_says_what_was_left_out(tmp_path: Path) -> None:
    lines = [f"text {n}\t{'süß' if n % 2 else 'sauer'}" for n in range(8)]
    (tmp_path / "train.tsv").write_bytes("\n".join(lines).encode("latin-1"))
    with pytest.raises(DataError, match=r"label 'sauer' \(left out: not valid UTF-8 \(lines 2, 4"):
        prepare(tmp_path, train={"source": "train.tsv"}, valid={"source": "train.tsv"})


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


def test_texts_are_cut_into_tokens(tmp_path: Path) -> None:
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
    assert np.asarray(corpus.train.target.values).tolist() == [[1, 1], [0, 0], [0, 1]]
    write(tmp_path, "train", [([1.0], [1.0, 10.0]), ([2.0], [3.0, 10.0]), ([2.0], [3.0])])
    write(tmp_path, "valid", [([1.0], [0.5, 0.5])])
    corpus = prepare(tmp_path, task="regression")
    assert corpus.schema.scale.mean == (2.0, 10.0)
    assert corpus.schema.scale.deviation == (1.0, 1.0)
    (reason,) = corpus.report.splits["train"].dropped.reasons
    assert reason == "1 numbers as label, and the first has 2"


def test_an_answer_for_each_step(tmp_path: Path) -> None:
    write(tmp_path, "train", [([1.0, 2.0], ["a", "b"]), ([3.0], ["a"]), ([3.0], ["a", "b"])])
    write(tmp_path, "valid", [([1.0], ["a"]), ([1.0], "a")])
    corpus = prepare(tmp_path, task={"name": "classification", "per_step": True})
    assert np.asarray(corpus.train.target.values).tolist() == [0, 1, 0]
    assert corpus.train.target[0].tolist() == [0, 1]
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


def test_one_sequence_at_least_is_held_out_of_a_small_file(tmp_path: Path) -> None:
    for count in range(2, 12):
        rows = [([[float(n), 1.0 * count]], "ab"[n % 2]) for n in range(2 * count)]
        write(tmp_path, "train", rows)
        corpus = prepare(tmp_path, valid={"source": None}, valid_share=0.1)
        assert len(corpus.valid) >= 1
        assert len(corpus.train) + len(corpus.valid) == 2 * count


def test_a_length_that_would_keep_what_is_too_long_is_named(tmp_path: Path) -> None:
    rows = [([[1.0]] * steps, "ab"[steps % 2]) for steps in (3, 4, 7, 9)]
    write(tmp_path, "train", rows)
    write(tmp_path, "valid", rows)
    corpus = prepare(tmp_path, max_length=4)
    assert corpus.report.splits["train"].dropped.reasons == {
        "longer than data.max_length=4": Tally(2, [3, 4], longest=9)
    }
    assert corpus.report.lines()[1].endswith(
        "train.jsonl: 2 (lines 3, 4) dropped: longer than data.max_length=4 (9 would keep them all)"
    )
    assert len(prepare(tmp_path, max_length=9).train) == 4
    with pytest.raises(DataError, match=r"longer than data\.max_length=2 \(9 would keep them"):
        prepare(tmp_path, max_length=2)


def test_doubts_about_the_file_follow_the_line_of_training(tmp_path: Path) -> None:
    lines = ["sentence\tlabel", *(f"text {n}\t{'good' if n % 2 else 'bad'}" for n in range(8))]
    (tmp_path / "train.tsv").write_text("\n".join(lines) + "\n")
    corpus = prepare(tmp_path, train={"source": "train.tsv"}, valid={"source": "train.tsv"})
    first, second, *_ = corpus.report.lines()
    assert first.startswith("train: 9 sequences of 9")
    assert second.startswith("warning: ") and "line 1 is the only one with the label" in second


def test_a_column_of_numbers_as_text_is_doubted(tmp_path: Path) -> None:
    lines = ["id\tbad", *(f"{n}\t{'good' if n % 2 else 'bad'}" for n in range(8))]
    (tmp_path / "train.tsv").write_text("\n".join(lines) + "\n")
    corpus = prepare(tmp_path, train={"source": "train.tsv"}, valid={"source": "train.tsv"})
    assert any("every text is a number" in note for note in corpus.report.splits["train"].notes)


def test_text_taken_for_the_label_is_told_where_nothing_can_be_held_out(tmp_path: Path) -> None:
    lines = [f"{'good' if n % 2 else 'bad'}\ttext {n}" for n in range(40)]
    (tmp_path / "train.tsv").write_text("\n".join(lines) + "\n")
    files = {"train": {"source": "train.tsv"}, "valid": {"source": None}, "valid_share": 0.1}
    with pytest.raises(DataError, match=r"valid.*there are as many classes as sequences \(\d+\)"):
        prepare(tmp_path, **files)


def test_the_numbers_of_a_target_are_counted(tmp_path: Path) -> None:
    write(tmp_path, "train", [([1.0], "3,5"), ([2.0], "1,5"), ([3.0], "2,5")])
    write(tmp_path, "valid", [([1.0], "2.5")])
    corpus = prepare(tmp_path, task="regression")
    assert np.asarray(corpus.train.target.values).tolist() == [[3.5], [1.5], [2.5]]
    assert corpus.report.lines()[-1] == "1 number as target in training: mean 2.5 (±0.816)"
    assert any("decimal comma" in line for line in corpus.report.lines())


def test_labels_that_break_lines_are_shown_on_one(tmp_path: Path) -> None:
    rows = [([[1.0]], "new\nline"), ([[2.0]], "tab\tin"), ([[3.0]], "tab\tin")]
    write(tmp_path, "train", rows)
    write(tmp_path, "valid", rows)
    corpus = prepare(tmp_path)
    assert corpus.schema.classes == ("new\nline", "tab\tin")
    assert corpus.report.lines()[-1] == '2 classes in training: "new\\nline" 1, "tab\\tin" 2'


SECONDS = [1_700_000_000.0 + shift for shift in (0.0, 0.5, 1.0, 1.5, 2.0, 7.0)]


def test_numbers_that_float32_cannot_hold_apart_are_scaled_in_float64(tmp_path: Path) -> None:
    rows = [
        ([[second, 1.0], [second + 0.25, 2.0]], "ab"[n % 2]) for n, second in enumerate(SECONDS)
    ]
    write(tmp_path, "train", rows)
    write(tmp_path, "valid", rows)
    corpus = prepare(tmp_path)
    scale = corpus.inputs.scale
    assert scale is not None and scale.precision == "float64"
    assert corpus.train.source[1].tolist() == rows[1][0]
    exact = np.array([row for steps, _ in rows for row in steps])
    batch = SequenceData(corpus.train, corpus.inputs, corpus.schema).batch(np.arange(6))
    assert batch.values.dtype == np.float32
    wanted = (exact - exact.mean(axis=0)) / exact.std(axis=0)
    assert np.allclose(batch.values.reshape(-1, 2), wanted, atol=1e-6)
    alone = source_batch(corpus.inputs.encode([np.array(rows[1][0])]), corpus.inputs)
    assert np.array_equal(alone.values[0], batch.values[1])
    unscaled = prepare(tmp_path, features={"normalise": False}).report.splits["train"]
    assert unscaled.notes[0] == (
        "differences between its numbers are lost in float32; set data.features.normalise=true, "
        "which scales them in float64"
    )


def test_ordinary_numbers_are_stored_in_float32(tmp_path: Path) -> None:
    write(tmp_path, "train", TRAIN)
    write(tmp_path, "valid", VALID)
    corpus = prepare(tmp_path)
    assert corpus.inputs.scale is not None and corpus.inputs.scale.precision == "float32"
    assert corpus.train.source.values.dtype == np.float32


def test_changes_that_scaling_cannot_show_are_told_by_feature(tmp_path: Path) -> None:
    year = 365 * 86400.0
    rows = [
        ([[1.6e9 + n * year / 4 + step, float(step)] for step in range(5)], "ab"[n % 2])
        for n in range(8)
    ]
    write(tmp_path, "train", rows)
    write(tmp_path, "valid", rows)
    (note,) = prepare(tmp_path).report.splits["train"].notes
    assert note.startswith("feature 1: 97% of its changes from step to step are lost in float32")


def test_moments_in_parts_are_those_of_the_whole() -> None:
    values = np.random.default_rng(0).normal(1e4, 0.5, (500, 3)).astype(np.float32)
    statistics = ScalingStatistics(3)
    for part in np.array_split(values, [1, 40, 300]):
        statistics.add(part)
    scale = statistics.scale()
    exact = values.astype(np.float64)
    assert np.allclose(scale.mean, exact.mean(axis=0), rtol=1e-9)
    assert np.allclose(scale.deviation, exact.std(axis=0), rtol=1e-6)
    assert np.allclose(scale.undo(scale.apply(values)), values, rtol=1e-5)


LONG = [
    ([[float(step)] for step in range(length)], label)
    for length, label in ((3, "a"), (9, "b"), (7, "a"))
]
READING = {
    "head": "only the first 4 are read",
    "tail": "only the last 4 are read",
    "windows": "read in windows of 4, one every 3",
}


@pytest.mark.parametrize(
    ("rule", "starts"),
    [("head", [0, 0, 0]), ("tail", [0, 5, 3]), ("windows", [0, 0, 3, 5, 0, 3])],
)
def test_long_sequences_are_cut_and_named(tmp_path: Path, rule: str, starts: list[int]) -> None:
    write(tmp_path, "train", LONG)
    files = {split: {"source": "train.jsonl"} for split in ("valid", "test")}
    stride = 3 if rule == "windows" else None
    corpus = prepare(tmp_path, max_length=4, long=rule, stride=stride, **files)
    for store in (corpus.train, corpus.valid):
        rows = [store.source[row][:, 0].tolist() for row in range(len(store))]
        assert [int(row[0]) for row in rows] == starts
        assert all(row == list(range(int(row[0]), int(row[0]) + len(row))) for row in rows)
        assert [len(row) for row in rows] == [3] + [4] * (len(starts) - 1)
        lines = [1, 2, 2, 2, 3, 3] if rule == "windows" else [1, 2, 3]
        assert store.lines.tolist() == lines
        assert store.target.values.tolist() == [int(line == 2) for line in lines]
        assert [lines[row] for row in store.first_rows] == [1, 2, 3]
    assert corpus.test is not None and corpus.test.source.lengths.tolist() == [3, 9, 7]
    assert [record["line"] for record in corpus.raw("valid")] == [1, 2, 3]
    for split in corpus.report.splits.values():
        assert (split.read, split.kept, split.dropped.total) == (3, 3, 0)
        reason = f"longer than data.max_length=4: {READING[rule]}"
        assert split.long.reasons == {reason: Tally(2, [2, 3], longest=9)}
        message = f"train.jsonl: 2 (lines 2, 3) {reason}; the longest has 9 steps"
        assert any(message in line for line in split.lines())
    said = "train: 3 sequences of 3 in 6 parts; 23 steps"
    assert any(line.startswith(said) for line in corpus.report.lines()) == (rule == "windows")
    assert PreparedCorpus.open(corpus.path).report == corpus.report


def test_features_are_scaled_by_the_steps_that_are_read(tmp_path: Path) -> None:
    write(tmp_path, "train", [([[1.0], [3.0], [1e6]], "a"), ([[1.0], [3.0]], "b")])
    write(tmp_path, "valid", [([[1.0]], "a")])
    scale = prepare(tmp_path, max_length=2, long="head").inputs.scale
    assert scale is not None and (scale.mean, scale.deviation) == ((2.0,), (1.0,))


def test_no_sequence_has_windows_in_training_and_validation(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = [(rng.normal(size=(30, 1)).tolist(), "ab"[n % 2]) for n in range(60)]
    write(tmp_path, "train", rows)
    options = {"valid": {"source": None}, "valid_share": 0.3, "max_length": 10, "stride": 4}
    corpus = prepare(tmp_path, long="windows", **options)
    held, trained = set(corpus.valid.lines.tolist()), set(corpus.train.lines.tolist())
    assert held | trained == set(range(1, 61)) and not held & trained
    assert len(corpus.valid) == 6 * len(held) and len(corpus.train) == 6 * len(trained)


def test_texts_are_cut_by_tokens(tmp_path: Path) -> None:
    rows = [("who wrote it ?", "HUM"), ("when was it ?", "NUM"), ("who ?", "HUM")]
    write(tmp_path, "train", rows)
    write(tmp_path, "valid", rows)
    corpus = prepare(tmp_path, max_length=3, long="tail")
    assert corpus.inputs.tokenizer is not None
    ids = corpus.inputs.tokenizer.encode([text for text, _ in rows])
    assert [corpus.train.source[row].tolist() for row in range(3)] == [one[-3:] for one in ids]
