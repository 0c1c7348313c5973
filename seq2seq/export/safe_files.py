"""Safe reading of untrusted files of an exported model: JSON, text and plain arrays.

NumPy writes the arrays, but its own reader trusts the sizes that a file states. The reader in this
module accepts only one uncompressed member for each array, with a header exactly as NumPy writes
it, followed by the numbers.

Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

from __future__ import annotations

import io
import json
import math
import os
import re
import stat
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.errors import ModelError

MOST_JSON = 4 * 2**20  # bytes
_LONGEST_NUMBER = 25  # characters; 64 bits and the digits of any float fit


def plain_size(path: Path) -> int:
    """Return the size of a plain file in bytes.

    Raises `ModelError` if it is missing, or is a link, a directory, a pipe or a device.
    """
    try:
        status = path.lstat()
    except OSError as error:
        raise ModelError(
            f"{path} is missing or cannot be read ({error.strerror}); export the model again"
        ) from error
    if stat.S_ISLNK(status.st_mode):
        raise ModelError(f"{path} is a link; an exported model holds plain files only")
    if not stat.S_ISREG(status.st_mode):
        raise ModelError(f"{path} is no plain file, and an exported model holds nothing else")
    return status.st_size


def read_plain(path: Path, *, most: int) -> bytes:
    """Return the content of a plain file, read once and without blocking.

    Raises `ModelError` as `plain_size` does, or if it has more than `most` bytes.
    """
    size = plain_size(path)
    if size > most:
        raise ModelError(f"{path} has {size} bytes; at most {most} are read: it is damaged")
    try:
        # The file may have been replaced by something else since the check.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb") as stream:
            content = stream.read(size + 1)
            same = stat.S_ISREG(os.fstat(descriptor).st_mode) and len(content) == size
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from error
    if not same:
        raise ModelError(f"{path} changed while it was read; try again")
    return content


def parse_json(content: bytes, path: Path) -> dict[str, Any]:
    """Return the JSON object in `content`, which comes from `path`.

    Raises `ModelError` if `content` is not an object, has a key twice, or holds a float that is not
    finite, an integer of more than 64 bits or text that cannot be encoded again.
    """
    try:
        found = json.loads(
            content,
            object_pairs_hook=_once_each,
            parse_int=_integer,
            parse_float=_real,
            parse_constant=_real,
        )
        json.dumps(found, ensure_ascii=False).encode("utf-8")  # half a surrogate pair has no bytes
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} is not JSON ({error}); export the model again") from error
    if not isinstance(found, dict):
        raise ModelError(f"{path} holds no JSON object; export the model again")
    return found


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write an object as indented JSON."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def _integer(text: str) -> int:
    if len(text) > _LONGEST_NUMBER or not -(2**63) <= int(text) < 2**63:
        raise ValueError(f"the number {text[:_LONGEST_NUMBER]} is too large")
    return int(text)


def _real(text: str) -> float:
    number = float(text)
    if not abs(number) < float("inf"):
        raise ValueError(f"the number {text[:_LONGEST_NUMBER]} is not finite")
    return number


Weights = Mapping[str, NDArray[np.float32]]

FLOAT, INT32, INT8, UINT8 = "<f4", "<i4", "|i1", "|u1"

_SUFFIX = ".npy"
_MAGIC = b"\x93NUMPY\x01\x00"
_HEADER = re.compile(
    rb"\{'descr': '(<f4|<i4|\|i1|\|u1)', 'fortran_order': False, "
    rb"'shape': \(((?:\d{1,9}, ?)*(?:\d{1,9})?)\), \} *\n"
)
_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*", re.ASCII)
_ENCRYPTED = 0x1
_LONGEST_REASON = 200  # characters


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write `arrays`, of float32, int32, int8 or uint8, sorted by name."""
    plain: dict[str, Any] = {
        name: np.asarray(array, order="C") for name, array in sorted(arrays.items())
    }
    np.savez(path, **plain)


def read_arrays(
    content: bytes, *, name: str, types: Collection[str] = (FLOAT,)
) -> dict[str, NDArray[Any]]:
    """Return the arrays in `content`; the arrays are read-only.

    Raises `ModelError` if `content` is not a file of arrays of these types as `write_arrays` writes
    it, or if a number is not finite. `name` is the name of the file in the message.
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
    except (ValueError, EOFError, NotImplementedError, zipfile.BadZipFile) as error:
        reason = str(error)[:_LONGEST_REASON]  # zipfile quotes names of any length
        raise ModelError(
            f"{name} does not hold plain arrays ({reason}); export the model again"
        ) from error


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
