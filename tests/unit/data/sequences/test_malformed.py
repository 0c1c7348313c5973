"""Every reader says of every broken file what is wrong with it, in these words."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq.data.readers.sequences import ItemReader
from seq2seq.data.sequences.item import Form
from seq2seq.errors import DataError

HEADER = "@problemName x\n@timeStamps false\n@classLabel true a b\n@data\n"
CSV = "id,time,x,y,target\n"
MISSING = (
    "a missing value (NaN or ?) at step 2, feature 1, which data.features.missing=previous (or "
    "zero, linear, mean) fills"
)
AT_THE_END = (
    f"{MISSING}; if the missing steps at its end are padding, data.features.padding_value=nan"
)


def npz(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def values(*shape: int) -> Any:
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


def error(directory: Path, kind: str, content: bytes | str, form: Form) -> str:
    """The first thing that is wrong, the file's own name left out."""
    path = directory / f"f.{kind}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        errors = [item.error for item in ItemReader(kind, (path,), form) if item.error]
    except DataError as error:
        return str(error).replace(str(path), "f")
    assert errors, "nothing was found wrong"
    return errors[0]


NPZ = [
    (b"no zip", "f is not an .npz file of plain arrays (*); write it with numpy.savez(*"),
    (npz(x=values(2)), "f holds x and no array `values`"),
    (
        npz(values=np.array(["a", "b"])),
        "f: `values` is [2] <U1; it must be numbers of [steps, features] or "
        "[sequences, time, features]",
    ),
    (npz(values=np.array([{}, 1], object)), "f holds an array of Python objects, which is *"),
    (npz(values=values(4, 2)), "f holds no array `lengths`; add it, or *"),
    (
        npz(values=values(4, 2), lengths=np.array([2, 3])),
        "f: `lengths` add up to 5 steps and `values` has 4",
    ),
    (
        npz(values=values(2, 3, 1), lengths=np.array([2, 4])),
        "f: `lengths` has 2 entries up to 4 and `values` has 2 sequences of 3 steps",
    ),
    (
        npz(values=values(4, 2), lengths=np.array([2.0, 2.0])),
        "f: `lengths` must be a row of whole numbers of at least 0",
    ),
    (
        npz(values=values(4, 2), lengths=np.array([2, 2]), labels=np.array([1, 2, 3])),
        "f: `labels` is [3] and must begin with [2]",
    ),
    (npz(values=values(4, 2), lengths=np.array([0, 4])), "holds no step"),
    (
        npz(values=np.array([[1.0], [np.nan], [2.0]]), lengths=np.array([3])),
        MISSING,
    ),
    (
        npz(values=np.array([[1.0], [np.inf]]), lengths=np.array([2])),
        "not a finite number at step 2, feature 1",
    ),
]
JSON = [
    ("{", "not a JSON object"),
    ("", None),
    ("\n", "empty line"),
    ("[1, 2]", "not a JSON object"),
    ('{"steps": [1]}', "no field 'source'"),
    ('{"source": 3}', "field 'source' is no text and no list of steps"),
    ('{"source": [[1], [2, 3]]}', "step 2 has 2 values and step 1 has 1"),
    ('{"source": [[1], ["x"]]}', "step 2 is not a list of numbers"),
    ('{"source": []}', "holds no step"),
    ('{"source": [[], []]}', "its steps hold no values"),
    ('{"source": [1, null]}', AT_THE_END),
    ('{"source": [1, Infinity]}', "not a finite number at step 2, feature 1"),
    ('{"source": [1], "target": {"a": 1}}', "field 'target' is no text, number or list of them"),
    ('{"source": "  "}', "empty text"),
    (b'{"source": "\xff"}', "not valid UTF-8"),
]
TS = [
    ("1,2:3,4:a\n", "f, line 1: '1,2:3,4:a' stands before @data; a .ts file begins with *"),
    ("@problemName x\n", "f has no line @data; it is not a .ts file, or it is cut off"),
    ("@wrong x\n@data\n", "f, line 1: @wrong is no header of a .ts file"),
    ("@timeStamps true\n@data\n", "f has @timeStamps true, which is not read; write its *"),
    ("@classLabel true\n@data\n", "f has @classLabel true and names no class after it"),
    (HEADER + "1,2:3:a\n", "dimension 2 has 1 values and dimension 1 has 2"),
    (HEADER + "1,2:c\n", "class 'c' is not among those of @classLabel"),
    (HEADER + "1,x:a\n", "dimension 1 holds what is no number"),
    (HEADER + "1,?:a\n", AT_THE_END),
    (HEADER + "1,NaN,2:a\n", MISSING),
    (HEADER + "1,,2:a\n", MISSING),
    (HEADER + "1,1_0:a\n", "dimension 1 holds what is no number"),
    ("@dimensions 2\n" + HEADER + "1,2:a\n", "1 dimensions, and @dimensions says 2"),
    ("@targetLabel true\n@data\n1,2:high\n", "'high' is no number to end a line with"),
    (HEADER + ":a\n", "holds no step"),
    (HEADER.encode() + b"1\xff:a\n", "not valid UTF-8"),
]
TABLE = [
    ("", "f has no column 'id' (its columns: ); name them with data.features.id_field and *"),
    ("id,x\n1,2\n", "f has no column 'time' (its columns: id, x); name them with *"),
    ("id,time,target\n", "f has no column of a feature beside id, time, target"),
    ("id,time,x,x\n", "f has a column twice: id, time, x, x"),
    (CSV + "1,0,2\n", "f, line 2: 3 columns, and the header has 5"),
    (CSV + "1,0,2,3,a\n2,0,2,3,a\n1,1,2,3,a\n", "f, line 4: sequence '1' comes again after *"),
    (CSV + "1,5,2,3,a\n1,5,2,3,a\n", "time 5 in line 3 does not come after 5"),
    (CSV + "1,0,2,3,a\n1,1,2,3,b\n", "column 'target' says 'a' and 'b'"),
    (CSV + "1,0,2,x,a\n", "line 2: 'x' is no number"),
    (CSV + "1,0,2,,a\n", "a missing value (NaN or ?) at step 1, feature 2, *"),
    (CSV + '1,0,"2,3,a\n', "f, line 2: not CSV (unexpected end of data)"),
]
TEXT = [
    ("labelled", "HUM\n", "only a label and no text after it"),
    ("labelled", "\n", "empty text"),
    ("labelled", b"HUM \xff\n", "not valid UTF-8"),
    ("tsv", "a\tb\tc\n", "3 columns"),
    ("tsv", "\tb\n", "empty text"),
    ("tsv", "a\x00\tb\n", "control character U+0000 in text"),
]
CASES = [
    *(("npz", content, wanted) for content, wanted in NPZ),
    *(("jsonl", content, wanted) for content, wanted in JSON if wanted),
    *(("ts", content, wanted) for content, wanted in TS),
    *(("csv", content, wanted) for content, wanted in TABLE),
    *TEXT,
]


@pytest.mark.parametrize(
    ("kind", "content", "wanted"), CASES, ids=[f"{case[0]}-{n}" for n, case in enumerate(CASES)]
)
def test_a_broken_file_is_told(
    kind: str, content: bytes | str, wanted: str, tmp_path: Path
) -> None:
    message = error(tmp_path, kind, content, Form())
    assert "\n" not in message
    beginning, cut, _ = wanted.partition("*")
    if cut:
        assert message.startswith(beginning)
    else:
        assert message == wanted


def test_a_row_of_padding_alone_is_told(tmp_path: Path) -> None:
    padded = np.array([[[1.0], [-10.0]], [[-10.0], [-10.0]]])
    message = error(tmp_path, "npz", npz(values=padded), Form(padding_value=-10.0))
    assert message == "holds nothing but padding (-10)"


def test_without_the_values_of_padding_its_nan_is_an_error(tmp_path: Path) -> None:
    content = '{"source": [1, 2, null, null]}'
    assert "step 3" in error(tmp_path, "jsonl", content, Form())
    path = tmp_path / "f.jsonl"
    (item,) = ItemReader("jsonl", (path,), Form(padding_value=float("nan")))
    assert item.content is not None and item.content.tolist() == [[1.0], [2.0]]  # type: ignore[union-attr]


def parquet(**columns: list[Any]) -> bytes:
    """A table as Parquet; the columns `id` and `time` number one sequence unless they are given."""
    pyarrow = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    from pyarrow import parquet as file

    count = len(next(iter(columns.values())))
    table = {"id": [1] * count, "time": list(range(count)), **columns}
    written = io.BytesIO()
    file.write_table(
        pyarrow.table({name: column for name, column in table.items() if column}), written
    )
    return written.getvalue()


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ({"x": [1.0], "id": []}, "f has no column 'id' (its columns: time, x); name them with *"),
        ({"x": [1.0], "time": []}, "f has no column 'time' (its columns: id, x); name them with *"),
        ({"target": ["a"]}, "f has no column of a feature beside id, time, target"),
        ({"x": [1.0, None]}, AT_THE_END),
        ({"x": [1.0, float("nan")]}, AT_THE_END),
        ({"x": [1.0, float("inf")]}, "not a finite number at step 2, feature 1"),
        ({"x": ["1", "one"]}, "line 3: 'one' is no number"),
        ({"x": [[1.0], [2.0]]}, "line 2: '[1.0]' is no number"),
        ({"x": [1, 2], "target": ["a", "b"]}, "column 'target' says 'a' and 'b'"),
        ({"x": [1, 2], "time": [2, 1]}, "time 1 in line 3 does not come after 2"),
        (
            {"x": [1, 2, 3], "id": [1, 2, 1]},
            "f, line 4: sequence '1' comes again after others; sort the rows by id and time",
        ),
    ],
)
def test_a_broken_parquet_file_is_told(
    columns: dict[str, list[Any]], wanted: str, tmp_path: Path
) -> None:
    message = error(tmp_path, "parquet", parquet(**columns), Form())
    beginning, cut, _ = wanted.partition("*")
    assert message.startswith(beginning) if cut else message == wanted


@pytest.mark.parametrize("cut", [0, 3, -1, -9])
def test_a_parquet_file_cut_off_is_told(cut: int, tmp_path: Path) -> None:
    message = error(tmp_path, "parquet", parquet(x=[1.0, 2.0])[:cut], Form())
    assert message.startswith("f cannot be read as Parquet: ")
    assert "\n" not in message


def test_parquet_without_its_package_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert error(tmp_path, "parquet", b"", Form()) == (
        "f: Parquet files need the package `pyarrow`, which is not installed: pip install "
        "'seq2seq-lstm[parquet]', or write the table as CSV"
    )
