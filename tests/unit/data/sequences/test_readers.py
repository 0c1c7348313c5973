"""All formats give the same sequences; what is missing or padded is filled or cut by rule."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from seq2seq.data.readers.sequences import ItemReader, format_of
from seq2seq.data.readers.text_file import text_encoding
from seq2seq.data.sequences.item import Form, Item
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
    assert item.error is None
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
    assert item.error == "feature 2 has no value at all"


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
    with pytest.raises(SettingsError, match=r"data\.format to one of text, tsv, jsonl, labelled"):
        format_of(Path("TREC.train.all"))


def test_japanese_vowels_are_read_whole(shared_data: Path) -> None:
    items = read(shared_data / "japanese_vowels" / "JapaneseVowels_TRAIN.ts")
    lengths = [len(content(item)) for item in items]
    assert (len(items), min(lengths), max(lengths), sum(lengths)) == (270, 7, 26, 4274)
    assert {len(content(item)[0]) for item in items} == {12}


def read_text(path: Path, content: bytes | str, form: Form | None = None) -> list[Item]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(path, form)


def labels_and_lengths(items: list[Item]) -> list[tuple[object, int]]:
    return [(item.label, len(content(item))) for item in items]


@pytest.mark.parametrize("word", ["True", "TRUE", "true"])
def test_true_is_true_in_any_case(word: str, tmp_path: Path) -> None:
    header = f"@problemName x\n@timeStamps False\n@classLabel {word} idle busy\n@data\n"
    items = read_text(tmp_path / "a.ts", header + "1,2,3:idle\n4:busy\n")
    assert labels_and_lengths(items) == [("idle", 3), ("busy", 1)]
    (item,) = read_text(tmp_path / "b.ts", f"@targetLabel {word}\n@data\n1,2:0.5\n")
    assert item.label == 0.5


def test_comments_of_both_kinds_are_passed_over(tmp_path: Path) -> None:
    text = "% made by hand\n# too\n@classLabel true a\n% x\n@data\n%1,2:a\n#1:a\n1,2:a\n"
    (item,) = read_text(tmp_path / "a.ts", text)
    assert (item.position, item.label, content(item)) == (8, "a", [[1.0], [2.0]])


@pytest.mark.parametrize("gap", ["", " ", "?", "NaN", "nan", "NA"])
def test_an_empty_value_is_a_missing_one(gap: str, tmp_path: Path) -> None:
    text = f"@classLabel true a\n@data\n1,{gap},3:a\n{gap},2,{gap}:a\n"
    assert [item.error is None for item in read_text(tmp_path / "a.ts", text)] == [False, False]
    items = read_text(tmp_path / "a.ts", text, Form(missing="zero"))
    assert [content(item) for item in items] == [[[1.0], [0.0], [3.0]], [[0.0], [2.0], [0.0]]]


def test_classes_of_a_ts_header_may_be_written_as_floats(tmp_path: Path) -> None:
    items = read_text(tmp_path / "a.ts", "@classLabel true 0 1\n@data\n1,2:1.0\n1,2:0\n")
    assert [item.error for item in items] == [None, None]


TABLE = [
    ("id", "time", "x", "y", "target"),
    ("s", "0", "1.5", "-2", "a"),
    ("s", "1", "0", "3", "a"),
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
@pytest.mark.parametrize("quoted", [False, True])
def test_every_dialect_of_csv_is_read(
    delimiter: str, end: str, encoding: str, quoted: bool, tmp_path: Path
) -> None:
    mark = '"' if quoted else ""
    lines = [delimiter.join(f"{mark}{cell}{mark}" for cell in row) for row in TABLE]
    text = end.join([*lines, ""])
    form = Form(encoding=text_encoding(encoding))
    (item,) = read_text(tmp_path / "a.csv", text.encode(encoding), form)
    assert content(item) == [[1.5, -2.0], [0.0, 3.0]]
    assert item.label == "a"


@pytest.mark.parametrize("first", ["", "sep=;\n"])
def test_a_decimal_comma_is_read_where_commas_separate_nothing(first: str, tmp_path: Path) -> None:
    text = f"{first}id;time;x;target\ns;0,5;-1,633;b\ns;1,5;12;b\n"
    (item,) = read_text(tmp_path / "a.csv", text)
    assert content(item) == [[-1.633], [12.0]]
    assert item.position == text.count("\n") - 1


def test_spaces_after_a_delimiter_are_no_part_of_a_cell(tmp_path: Path) -> None:
    text = (
        '"id", "time", "x", "target"\n"s", 0, "1.5", "New York, NY"\n"s", 1, n/a, "New York, NY"\n'
    )
    (item,) = read_text(tmp_path / "a.csv", text, Form(missing="previous"))
    assert (content(item), item.label) == ([[1.5], [1.5]], "New York, NY")


def test_two_decimal_marks_in_a_table_are_refused(tmp_path: Path) -> None:
    text = "id;time;x\ns;0;0,5\ns;1;1.234\n"
    with pytest.raises(DataError, match=r"decimal comma \(line 2\) and with a point \(line 3\)"):
        read_text(tmp_path / "a.csv", text)
    (item,) = read_text(tmp_path / "a.csv", 'id,time,x\ns,0,"0,5"\n')
    assert item.error == "line 2: '0,5' is no number"


def test_bytes_of_another_encoding_are_an_error_of_their_sequence(tmp_path: Path) -> None:
    text = "id,time,x,target\na,0,1,süß\nb,0,1,x\nb,1,2,x\n"
    items = read_text(tmp_path / "a.csv", text.encode("latin-1"))
    assert [item.error for item in items] == ["line 2: not valid UTF-8", None]
    items = read_text(tmp_path / "a.csv", text.encode("latin-1"), Form(encoding="latin-1"))
    assert [item.label for item in items] == ["süß", "x"]
    for broken in ("id,time,ü\na,0,1\n", "id,time,x\nü,0,1\n"):
        with pytest.raises(DataError, match=r"line \d: not valid UTF-8; set data\.encoding"):
            read_text(tmp_path / "a.csv", broken.encode("latin-1"))


def test_a_quoted_cell_with_a_line_end_is_one_cell(tmp_path: Path) -> None:
    text = b'id,time,x,target\na,0,1,"two\nl\xefnes"\nb,0,1,c\n'
    items = read_text(tmp_path / "a.csv", text, Form(encoding="latin-1"))
    assert [(item.position, item.label) for item in items] == [(2, "two\nlïnes"), (4, "c")]
    items = read_text(tmp_path / "a.csv", text)
    assert [item.error for item in items] == ["line 3: not valid UTF-8", None]


def test_parquet_bytes_are_text_in_utf_8_or_an_error(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    from pyarrow import parquet

    columns = {
        "id": [b"s", b"t", b"u"],
        "time": [1, 1, 1],
        "x": [1.0, 2.0, 3.0],
        "target": [b"s\xc3\xbc", b"\xff", None],
    }
    parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    items = read(tmp_path / "a.parquet")
    assert [item.label for item in items] == ["sü", None, None]
    assert [item.error for item in items] == [None, "line 3: not valid UTF-8", None]


def test_parquet_times_are_compared_by_what_they_mean(tmp_path: Path) -> None:
    from datetime import datetime, time, timedelta

    pyarrow = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    from pyarrow import parquet

    for times in (
        [datetime(2024, 1, 30, 23, 59), datetime(2024, 1, 31), datetime(2024, 1, 31, 0, 0, 0, 5)],
        [time(9, 30), time(10, 0), time(10, 0, 0, 5)],
        [timedelta(hours=9), timedelta(hours=30), timedelta(days=2)],
    ):
        columns = {"id": ["s"] * 3, "time": times, "x": [1.0, 2.0, 3.0]}
        parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
        assert [len(content(item)) for item in read(tmp_path / "a.parquet")] == [3]


def test_json_lines_are_read_in_their_encoding(tmp_path: Path) -> None:
    line = json.dumps({"source": [1, 2], "target": "süß"}, ensure_ascii=False) + "\n"
    for encoding in ("utf-8", "latin-1", "utf-16"):
        path = tmp_path / "a.jsonl"
        (item,) = read_text(path, line.encode(encoding), Form(encoding=encoding))
        assert item.label == "süß"
    (item,) = read_text(path, line.encode("latin-1"))
    assert item.error == "not valid UTF-8"


def test_a_label_ends_at_the_first_white_space(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("bad\ta dull film\ngood   \t great\tacting\nbad a\u00a0film\n")
    items = list(ItemReader("labelled", (path,), Form()))
    assert [(item.label, item.content) for item in items] == [
        *(("bad", "a dull film"), ("good", "great\tacting"), ("bad", "a\u00a0film")),
    ]


@pytest.mark.parametrize("labels", [["a", "b"], [b"a", b"b"], [0, 1], [0.5, 1.5], [True, False]])
def test_npz_labels_may_have_an_axis_of_length_one(labels: list[object], tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    arrays = {"values": np.ones((3, 1)), "lengths": [2, 1]}
    np.savez(path, **arrays, labels=np.array(labels))
    flat = [item.label for item in read(path)]
    arrays["lengths"] = [[2], [1]]
    np.savez(path, **arrays, labels=np.array(labels)[:, np.newaxis])
    assert [item.label for item in read(path)] == flat
    np.savez(path, **arrays, labels=np.array([[labels[0]], [labels[0]], [labels[1]]]))
    found = [item.label for item in read(path, Form(per_step=True))]
    assert found == [[flat[0], flat[0]], [flat[1]]]


def test_npz_labels_in_another_encoding_are_an_error_of_their_sequence(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    labels = np.array(["süß".encode("latin-1"), b"plain"])
    np.savez(path, values=np.ones((3, 1)), lengths=[2, 1], labels=labels)
    items = read(path)
    assert [(item.label, item.error) for item in items] == [
        (None, "its label is not valid UTF-8"),
        ("plain", None),
    ]
    assert read(path, Form(encoding="latin-1"))[0].label == "süß"


def test_whole_numbers_that_no_float_holds_stay_two_labels(tmp_path: Path) -> None:
    path, big = tmp_path / "a.npz", 2**53
    np.savez(path, values=np.ones((2, 1)), lengths=[1, 1], labels=[big + 1, big + 2])
    assert [item.label for item in read(path)] == [str(big + 1), str(big + 2)]
    lines = "".join(f'{{"source": [1], "target": {big + n}}}\n' for n in (1, 2))
    assert [item.label for item in read_text(tmp_path / "a.jsonl", lines)] == [
        *(str(big + 1), str(big + 2)),
    ]
    huge = "9" * 400
    text = f'{{"source": [{huge}], "target": 1}}\n{{"source": [1], "target": {huge}}}\n'
    first, second = read_text(tmp_path / "a.jsonl", text)
    assert first.error == "not a finite number at step 1, feature 1"
    assert second.label == huge


@pytest.mark.parametrize("kind", ["jsonl", "csv", "ts", "npz", "parquet"])
def test_seconds_since_1970_stay_apart(kind: str, tmp_path: Path) -> None:
    seconds = [1_700_000_000.0, 1_700_000_001.5, 1_700_000_002.0]
    path = tmp_path / f"a.{kind}"
    if kind == "jsonl":
        path.write_text(json.dumps({"source": seconds}) + "\n")
    elif kind == "csv":
        rows = "".join(f"s,{n},{value}\n" for n, value in enumerate(seconds))
        path.write_text(f"id,time,x\n{rows}")
    elif kind == "ts":
        path.write_text(f"@problemName x\n@data\n{','.join(map(str, seconds))}\n")
    elif kind == "npz":
        np.savez(path, values=np.array(seconds)[:, np.newaxis], lengths=[3])
    else:
        pyarrow = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
        from pyarrow import parquet

        columns = {"id": ["s"] * 3, "time": [1, 2, 3], "x": seconds}
        parquet.write_table(pyarrow.table(columns), path)
    (item,) = read(path)
    assert [step[0] for step in content(item)] == seconds
