"""Weights come back bit for bit, and a file that is not exactly such a file is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq.errors import ModelError
from seq2seq.export.safe_files import read_arrays, write_arrays

ARRAYS = {
    "translation/encoder/forward_0/kernel": np.arange(6, dtype=np.float32).reshape(2, 3),
    "b": np.array([-0.0, 1e-45, 3e38], np.float32),
    "scalar": np.array(2.5, np.float32),
    "empty": np.zeros([0, 4], np.float32),
    "deep": np.ones([1, 2, 1, 3, 1], np.float32).transpose(),
}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_arrays(tmp_path / "weights.npz", ARRAYS)
    found = read_arrays((tmp_path / "weights.npz").read_bytes(), name="x")
    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert found[name].dtype == np.float32
        assert found[name].shape == array.shape
        assert found[name].tobytes() == array.tobytes()
    with np.load(tmp_path / "weights.npz") as others:  # anyone can read them
        assert set(others.files) == set(ARRAYS)


def archive(compression: int = zipfile.ZIP_STORED, **members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as file:
        for name, member in members.items():
            file.writestr(name.replace("_npy", ".npy"), member)
    return content.getvalue()


def saved(array: Any, **options: Any) -> bytes:
    content = io.BytesIO()
    np.save(content, array, **options)
    return content.getvalue()


def with_header(header: bytes, data: bytes) -> bytes:
    header += b" " * (118 - len(header) - 1) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + data


FINE = saved(np.zeros([4], np.float32))


def test_the_hand_made_archive_is_one() -> None:
    assert read_arrays(archive(x_npy=FINE), name="x")["x"].shape == (4,)


def shared_bytes() -> bytes:
    """Twenty members in the directory of an archive whose bytes are those of one."""
    content = bytearray(archive(a_npy=saved(np.zeros([1000], np.float32))))
    start = content.rindex(b"PK\x01\x02")
    end = content.rindex(b"PK\x05\x06")
    entry = bytes(content[start:end])
    entries = b"".join(entry.replace(b"a.npy", b"%c.npy" % (97 + n)) for n in range(20))
    tail = bytearray(content[end:])
    tail[8:12] = (20).to_bytes(2, "little") * 2
    tail[12:16] = len(entries).to_bytes(4, "little")
    return bytes(content[:start]) + entries + bytes(tail)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a zip file"),
        (b"junk", "not a zip file"),
        (archive(x_npy=FINE)[:-30], "not a zip file|Bad"),
        (archive(zipfile.ZIP_DEFLATED, x_npy=saved(np.zeros(10**6, np.float32))), "compressed"),
        (archive(**{"x_npy": FINE, "../y_npy": FINE}), "no name of an array"),
        (archive(**{"/x_npy": FINE}), "no name of an array"),
        (archive(**{"C:x_npy": FINE}), "no name of an array"),
        (archive(x=FINE), "no name of an array"),
        (archive(x_npy=b""), "not an array of float32"),
        (archive(x_npy=FINE[:-1]), "as many numbers as its shape"),
        (archive(x_npy=FINE + b"\0"), "as many numbers as its shape"),
        (archive(x_npy=saved(np.zeros(2))), "not an array of float32"),
        (archive(x_npy=saved(np.zeros(2, ">f4"))), "not an array of float32"),
        (archive(x_npy=saved(np.asfortranarray(np.zeros([2, 3], "f4")))), "not an array of float"),
        (archive(x_npy=saved(np.array([{}], object), allow_pickle=True)), "not an array of float"),
        (archive(x_npy=saved(np.array([np.nan], np.float32))), "not finite"),
        (archive(x_npy=saved(np.array([np.inf], np.float32))), "not finite"),
        (shared_bytes(), "larger than the file|Overlapped"),
    ],
)
def test_what_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ModelError, match=f"^x does not hold plain arrays.*({message})"):
        read_arrays(content, name="x")


@pytest.mark.parametrize(
    "shape", ["(99999999999,)", "(999999999, 999999999)", "(-1,)", "(0x4,)", "4", "[4]", "(4.0,)"]
)
def test_shapes_that_ask_for_more_than_there_is(shape: str) -> None:
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".encode()
    with pytest.raises(ModelError, match="does not hold plain arrays"):
        read_arrays(archive(x_npy=with_header(header, bytes(16))), name="x")


def test_an_array_that_is_there_twice() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as file:
            file.writestr("x.npy", FINE)
            file.writestr("x.npy", FINE)
    with pytest.raises(ModelError, match="an array is there twice"):
        read_arrays(content.getvalue(), name="x")
