"""Reading of untrusted files: only plain files, and only up to a size limit."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

from seq2seq.errors import ArtefactError

MOST_JSON = 4 * 2**20  # bytes
_LONGEST_NUMBER = 25  # characters; 64 bits and the digits of any float fit


def plain_size(path: Path) -> int:
    """Return the size of a plain file in bytes.

    Raises `ArtefactError` if it is missing, or is a link, a directory, a pipe or a device.
    """
    try:
        status = path.lstat()
    except OSError as fault:
        raise ArtefactError(
            f"{path} is missing or cannot be read ({fault.strerror}); export the model again"
        ) from fault
    if stat.S_ISLNK(status.st_mode):
        raise ArtefactError(f"{path} is a link; an artefact holds plain files only")
    if not stat.S_ISREG(status.st_mode):
        raise ArtefactError(f"{path} is no plain file, and an artefact holds nothing else")
    return status.st_size


def read_plain(path: Path, *, most: int) -> bytes:
    """Return the content of a plain file, read once and without blocking.

    Raises `ArtefactError` as `plain_size` does, or if it has more than `most` bytes.
    """
    size = plain_size(path)
    if size > most:
        raise ArtefactError(f"{path} has {size} bytes; at most {most} are read: it is damaged")
    try:
        # The file may have been replaced by something else since the check.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb") as stream:
            content = stream.read(size + 1)
            same = stat.S_ISREG(os.fstat(descriptor).st_mode) and len(content) == size
    except OSError as fault:
        raise ArtefactError(f"cannot read {path}: {fault.strerror}") from fault
    if not same:
        raise ArtefactError(f"{path} changed while it was read; try again")
    return content


def parse_json(content: bytes, path: Path) -> dict[str, Any]:
    """Return the JSON object in `content`, which comes from `path`.

    Raises `ArtefactError` if it is no object, has a key twice, numbers that no float or 64-bit
    integer can hold, or text that cannot be encoded again.
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
    except (ValueError, RecursionError) as fault:
        raise ArtefactError(f"{path} is not JSON ({fault}); export the model again") from fault
    if not isinstance(found, dict):
        raise ArtefactError(f"{path} holds no JSON object; export the model again")
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
