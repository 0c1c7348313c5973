"""What is written comes back, by row and by many rows; what is cut off is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.data.store import HEADER, CorpusStore, StoreWriter, Values
from seq2seq.errors import DataError

Rows = list[list[int]]


def write(directory: Path, source: Rows, target: Rows, *, vocab: int = 100) -> CorpusStore:
    with StoreWriter(directory, Values.ids(vocab), Values.ids(vocab)) as writer:
        for start in range(0, len(source), 2):
            part = slice(start, start + 2)
            lines = list(range(start + 1, start + 1 + len(source[part])))
            writer.append(source[part], target[part], lines)
    return CorpusStore.open(directory)


rows = st.lists(st.lists(st.integers(0, 99), max_size=7), max_size=9)


@settings(deadline=None)
@given(rows, st.data())
def test_rows_come_back(
    tmp_path_factory: pytest.TempPathFactory, source: Rows, data: st.DataObject
) -> None:
    target = [[*row[::-1], 1] for row in source]
    store = write(tmp_path_factory.mktemp("s") / "train", source, target)
    assert len(store) == len(store.source) == len(store.target) == len(source)
    assert [row.tolist() for row in store.source] == source
    assert [row.tolist() for row in store.target] == target
    assert store.source.lengths.tolist() == [len(row) for row in source]
    assert store.lines.tolist() == list(range(1, len(source) + 1))
    picked = data.draw(st.lists(st.integers(0, len(source) - 1), max_size=12)) if source else []
    ids, lengths = store.target.gather(picked)
    assert ids.tolist() == [token for row in picked for token in target[row]]
    assert lengths.tolist() == [len(target[row]) for row in picked]
    assert lengths.dtype == store.target.lengths.dtype == np.int32


def test_rows_are_counted_from_the_end_too_and_no_further(tmp_path: Path) -> None:
    column = write(tmp_path / "s", [[1, 2], [3]], [[4], [5]]).source
    assert column[-1].tolist() == [3] and column[-2].tolist() == [1, 2]
    for row in (2, -3):
        with pytest.raises(IndexError):
            column[row]


@pytest.mark.parametrize(("vocab", "kind"), [(65_536, np.uint16), (65_537, np.uint32)])
def test_ids_are_as_wide_as_the_vocabulary_needs(tmp_path: Path, vocab: int, kind: type) -> None:
    store = write(tmp_path / "s", [[vocab - 1]], [[0]], vocab=vocab)
    assert store.source.values.dtype == kind
    assert store.source[0].tolist() == [vocab - 1]


def test_arrays_of_features_and_numbers_come_back(tmp_path: Path) -> None:
    features = [np.array([[0.5, 2.0], [1.5, -1.0]]), np.zeros((0, 2)), np.array([[3.0, 4.0]])]
    targets = [np.array([7], np.int32), np.array([8, 9], np.int32), np.array([2], np.int32)]
    with StoreWriter(tmp_path / "s", Values("<f4", 2), Values("<i4")) as writer:
        writer.append(features[:2], targets[:2], [3, 5])
        writer.append([], [], [])
        writer.append(features[2:], targets[2:], [5])
    store = CorpusStore.open(tmp_path / "s")
    assert store.source.values.dtype == np.float32 and store.target.values.dtype == np.int32
    assert [row.tolist() for row in store.source] == [row.tolist() for row in features]
    assert [row.tolist() for row in store.target] == [[7], [8, 9], [2]]
    assert store.first_rows.tolist() == [0, 1]


def test_the_ids_stay_on_disk_and_cannot_be_written(tmp_path: Path) -> None:
    store = write(tmp_path / "s", [[1, 2]], [[3]])
    assert isinstance(store.source.values.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        store.source.values[0] = 5


@pytest.mark.parametrize(
    "name",
    ["source.values", "target.values", "source.offsets", "target.offsets", "lines.numbers", HEADER],
)
def test_a_file_that_is_cut_off_or_missing_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path / "s", [[1, 2], [3]], [[3], [4, 5]])
    path = tmp_path / "s" / name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DataError, match=f"{name}.*damaged"):
        CorpusStore.open(tmp_path / "s")
    path.unlink()
    with pytest.raises(DataError, match=f"{name}.*damaged"):
        CorpusStore.open(tmp_path / "s")


@pytest.mark.parametrize(
    "change",
    [
        *({"version": 99}, {"format": "x"}, {"rows": -1}, {"rows": "x"}),
        *({"types": {}}, {"types": {"source": ["<u2", -1], "target": ["<u2", 0]}}),
        *({"types": {"source": ["|O", 0], "target": ["<u2", 0]}}, {"sizes": 3}),
    ],
)
def test_a_header_that_is_not_ours_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    write(tmp_path / "s", [[1, 2]], [[3]])
    path = tmp_path / "s" / HEADER
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(DataError, match=HEADER):
        CorpusStore.open(tmp_path / "s")


def test_offsets_that_do_not_fit_the_values_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "s", [[1, 2]], [[3]])
    np.array([0, 1], "<i8").tofile(tmp_path / "s" / "source.offsets")
    with pytest.raises(DataError, match="does not fit the values"):
        CorpusStore.open(tmp_path / "s")


def test_a_store_whose_writing_broke_off_cannot_be_opened(tmp_path: Path) -> None:
    writer = StoreWriter(tmp_path / "s", Values.ids(9), Values.ids(9))
    with pytest.raises(KeyboardInterrupt), writer:
        writer.append([[1]], [[2]], [1])
        raise KeyboardInterrupt
    with pytest.raises(DataError):
        CorpusStore.open(tmp_path / "s")


def test_sides_of_unequal_number_are_refused(tmp_path: Path) -> None:
    writer = StoreWriter(tmp_path / "s", Values.ids(9), Values.ids(9))
    with writer, pytest.raises(ValueError, match="1 sources, 0 targets"):
        writer.append([[1]], [], [1])
