"""Reading and writing of plain arrays in one file, such as `weights.npz`.

NumPy writes the file, but NumPy's own reader trusts the sizes that a file states. The reader of
this module accepts only one uncompressed member for each array, with a header exactly as NumPy
writes it, followed by the numbers.

Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.errors import ArtefactError

Weights = Mapping[str, NDArray[np.float32]]

FLOAT, INT32, INT8 = "<f4", "<i4", "|i1"

_SUFFIX = ".npy"
_MAGIC = b"\x93NUMPY\x01\x00"
_HEADER = re.compile(
    rb"\{'descr': '(<f4|<i4|\|i1)', 'fortran_order': False, "
    rb"'shape': \(((?:\d{1,9}, ?)*(?:\d{1,9})?)\), \} *\n"
)
_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*", re.ASCII)
_ENCRYPTED = 0x1


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write `arrays`, of float32, int32 or int8, sorted by name."""
    plain: dict[str, Any] = {
        name: np.asarray(array, order="C") for name, array in sorted(arrays.items())
    }
    np.savez(path, **plain)


def read_arrays(
    content: bytes, *, name: str, types: Collection[str] = (FLOAT,)
) -> dict[str, NDArray[Any]]:
    """Return the arrays in these bytes; they are read-only.

    Raises `ArtefactError`, with `name` for the file, if the bytes are anything else than finite
    arrays of these types as `write_arrays` writes them.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_members(members, len(content))
            return {
                member.filename.removesuffix(_SUFFIX): _array(
                    archive.read(member), member.filename, types
                )
                for member in members
            }
    except (ValueError, EOFError, NotImplementedError, zipfile.BadZipFile) as fault:
        raise ArtefactError(
            f"{name} does not hold plain arrays ({fault}); export the model again"
        ) from fault


def _check_members(members: list[zipfile.ZipInfo], size: int) -> None:
    names = [member.filename for member in members]
    if len(set(names)) < len(names):
        raise ValueError("an array is there twice")
    for member in members:
        stem = member.filename.removesuffix(_SUFFIX)
        if stem == member.filename or not _NAME.fullmatch(stem):
            raise ValueError(f"{member.filename[:80]!r} is no name of an array")
        plain = member.compress_type == zipfile.ZIP_STORED and not member.flag_bits & _ENCRYPTED
        if not plain or member.file_size != member.compress_size:
            raise ValueError(f"{member.filename} is compressed or encrypted")
    # Members that share their bytes could fill the memory from a small file.
    if sum(member.file_size for member in members) > size:
        raise ValueError("its members are larger than the file")


def _array(content: bytes, name: str, types: Collection[str]) -> NDArray[Any]:
    start = len(_MAGIC) + 2
    length = int.from_bytes(content[len(_MAGIC) : start], "little")
    header = _HEADER.fullmatch(content[start : start + length])
    kind = None if header is None else header[1].decode()
    if not content.startswith(_MAGIC) or header is None or kind not in types:
        allowed = " or ".join(np.dtype(one).name for one in types)
        raise ValueError(f"{name} is not an array of {allowed} in C order")
    shape = [int(size) for size in header[2].replace(b" ", b"").split(b",") if size]
    if math.prod(shape) * np.dtype(kind).itemsize != len(content) - start - length:
        raise ValueError(f"{name} does not have as many numbers as its shape {shape} asks for")
    array = np.frombuffer(content, dtype=kind, offset=start + length).reshape(shape)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds numbers that are not finite")
    return array
