"""All formats give the same sequences; what is missing or padded is filled or cut by rule."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from seq2seq.data.sequences.item import Form, Item
from seq2seq.data.sequences.reader import ItemReader, format_of
from seq2seq.errors import DataError, SettingsError

# 0.0 and -10.0 are data here, at both ends too.
SEQUENCES = [
    [[0.0, -10.0], [1.5, 0.0], [0.0, 0.0]],
    [[-10.0, -10.0]],
    [[2.0, 3.0], [-1.0, 4.0], [0.0, 5.0], [7.0, 0.0]],
]
LABELS = ["a", "b", "a"]


def write_jsonl(path: Path) -> None:
    lines = [
        json.dumps({"source": steps, "target": label})
        for steps, label in zip(SEQUENCES, LABELS, strict=True)
    ]
    path.write_text("\n".join(lines) + "\n")


def write_npz(path: Path) -> None:
    values = np.concatenate([np.array(steps) for steps in SEQUENCES])
    np.savez(path, values=values, lengths=[len(s) for s in SEQUENCES], labels=LABELS)


def write_csv(path: Path) -> None:
    rows = ["id,time,x,y,target"]
    for number, (steps, label) in enumerate(zip(SEQUENCES, LABELS, strict=True)):
        rows += [f"s{number},{time},{x},{y},{label}" for time, (x, y) in enumerate(steps)]
    path.write_text("\r\n".join(rows) + "\r\n")


def write_ts(path: Path) -> None:
    lines = ["# a comment", "@problemName x", "@classLabel true a b", "@data"]
    for steps, label in zip(SEQUENCES, LABELS, strict=True):
        columns = [",".join(str(step[feature]) for step in steps) for feature in (0, 1)]
        lines.append(":".join([*columns, label]))
    path.write_text("\n".join(lines) + "\n")


def write_parquet(path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    from pyarrow import parquet

    rows = [
        {"id": f"s{number}", "time": time, "x": x, "y": y, "target": label}
        for number, (steps, label) in enumerate(zip(SEQUENCES, LABELS, strict=True))
        for time, (x, y) in enumerate(steps)
    ]
    # Row groups end within sequences.
    parquet.write_table(pyarrow.Table.from_pylist(rows), path, row_group_size=2)


WRITERS = {
    "jsonl": write_jsonl,
    "npz": write_npz,
    "csv": write_csv,
    "parquet": write_parquet,
    "ts": write_ts,
}


def read(path: Path, form: Form | None = None) -> list[Item]:
    return list(ItemReader(format_of(path), (path,), form or Form()))


def content(item: Item) -> list[list[float]]:
    assert item.fault is None
    assert isinstance(item.content, np.ndarray)
    assert item.content.dtype in (np.float32, np.float64)
    steps: list[list[float]] = item.content.tolist()
    return steps


@pytest.mark.parametrize("kind", WRITERS)
def test_every_format_gives_the_same_sequences(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"data.{kind}"
    WRITERS[kind](path)
    items = read(path)
    assert [content(item) for item in items] == SEQUENCES
    assert [item.label for item in items] == LABELS


@pytest.mark.parametrize("value", [0.0, -10.0, float("nan")])
@pytest.mark.parametrize("pre", [False, True])
@pytest.mark.parametrize("wider", [0, 3])
def test_padding_of_any_value_on_either_side_is_cut(
    value: float, pre: bool, wider: int, tmp_path: Path
) -> None:
    sequences = [[[1.0, 0.0], [0.0, -10.0]], [[3.0, 4.0]], [[1.0, 1.0]] * 3]
    width = 3 + wider
    padded = np.full((3, width, 2), value, np.float32)
    for row, steps in enumerate(sequences):
        padded[row, slice(-len(steps), None) if pre else slice(len(steps))] = steps
    path = tmp_path / "padded.npz"
    np.savez(path, values=padded)
    assert [content(item) for item in read(path, Form(padding_value=value))] == sequences


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("zero", [0.0, 1.0, 0.0, 0.0, 7.0, 0.0]),
        ("previous", [1.0, 1.0, 1.0, 1.0, 7.0, 7.0]),
        ("linear", [1.0, 1.0, 3.0, 5.0, 7.0, 7.0]),
        ("mean", [4.0, 1.0, 4.0, 4.0, 7.0, 4.0]),
    ],
)
def test_what_is_missing_is_filled_by_the_rule(
    rule: str, wanted: list[float], tmp_path: Path
) -> None:
    path = tmp_path / "holes.ts"
    path.write_text("@classLabel true a\n@data\n?,1,?,?,7,?:a\n")
    (item,) = read(path, Form(missing=rule))
    assert [step[0] for step in content(item)] == wanted


def test_a_feature_without_any_value_cannot_be_filled(tmp_path: Path) -> None:
    path = tmp_path / "holes.ts"
    path.write_text("@classLabel true a\n@data\n1,2:?,?:a\n")
    (item,) = read(path, Form(missing="linear"))
    assert item.fault == "feature 2 has no value at all"


def test_labels_of_steps_are_cut_with_their_padding(tmp_path: Path) -> None:
    path = tmp_path / "steps.jsonl"
    path.write_text('{"source": [0, 1, 2, 0], "target": ["p", "a", "b", "p"]}\n')
    (item,) = read(path, Form(padding_value=0.0, per_step=True))
    assert item.label == ["a", "b"]
    np.savez(tmp_path / "s.npz", values=[[1], [2], [3]], lengths=[1, 2], labels=[4, 5, 6])
    labels = [item.label for item in read(tmp_path / "s.npz", Form(per_step=True))]
    assert labels == [[4.0], [5.0, 6.0]]


def test_univariate_json_and_numbers_as_labels(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text('{"source": [1, 2.5], "target": 3}\n{"source": [[1]], "target": [0.5, 2]}\n')
    items = read(path)
    assert [content(item) for item in items] == [[[1.0], [2.5]], [[1.0]]]
    assert [item.label for item in items] == [3.0, [0.5, 2.0]]


def test_texts_with_labels(tmp_path: Path) -> None:
    lines, labels = tmp_path / "lines.txt", tmp_path / "labels.txt"
    lines.write_text("who is it?\nwhen?\n")
    labels.write_text("HUM\nNUM\n")
    wanted = [("who is it?", "HUM"), ("when?", "NUM")]
    reader = ItemReader("text", (lines, labels), Form())
    assert [(item.content, item.label) for item in reader] == wanted
    for kind, text in (
        ("labelled", "HUM who is it?\nNUM when?\n"),
        ("tsv", "who is it?\tHUM\nwhen?\tNUM\n"),
    ):
        path = tmp_path / f"data.{kind}"
        path.write_text(text)
        found = [(item.content, item.label) for item in ItemReader(kind, (path,), Form())]
        assert found == wanted
    labels.write_text("HUM\n")
    with pytest.raises(DataError, match=r"labels\.txt has 1 lines and the other"):
        list(reader)
    labels.write_text("HUM\nNUM\nNUM\n")
    with pytest.raises(DataError, match=r"lines\.txt has 2 lines and the other"):
        list(reader)


def test_a_name_that_tells_no_format_is_asked_about() -> None:
    with pytest.raises(SettingsError, match=r"data\.format to one of labelled, text, tsv"):
        format_of(Path("TREC.train.all"))


def test_japanese_vowels_are_read_whole(shared_data: Path) -> None:
    items = read(shared_data / "japanese_vowels" / "JapaneseVowels_TRAIN.ts")
    lengths = [len(content(item)) for item in items]
    assert (len(items), min(lengths), max(lengths), sum(lengths)) == (270, 7, 26, 4274)
    assert {len(content(item)[0]) for item in items} == {12}
