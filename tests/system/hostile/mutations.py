"""Damage of all kinds to one file of an exported model, drawn by a seed, checksums mended."""

from __future__ import annotations

import functools
import hashlib
import io
import json
import random
import warnings
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np

MANIFEST = "manifest.json"
# How often each is damaged.
FILES = {
    "weights.npz": 10,
    "shortlist.npz": 3,
    "source.model": 3,
    "target.model": 1,
    "settings.json": 3,
    "metrics.json": 1,
    "sources.json": 1,
    "answers.json": 2,
    "scale.json": 2,
    MANIFEST: 2,
}
ODD_NUMBERS = [0, 1, -1, 2, 3, 4, 7, 8, 2**31 - 1, 2**31, -(2**31), 2**62, -(2**63), 2**63 - 1]
ODD_VALUES: list[Any] = [
    *ODD_NUMBERS,
    *(
        None,
        True,
        [],
        {},
        "",
        "x",
        "../x",
        "/etc/passwd",
        "a\x00b",
        "\ud800",
        "\x1b[31m",
        "9" * 9000,
    ),
    *(0.0, -1.5, 1e308, float("nan"), float("inf"), 10**400, [[[[1]]]], {"a": {"b": 1}}),
]
Arrays = dict[str, Any]
Change = Callable[[random.Random, Arrays, str], None]


def damage(directory: Path, seed: int) -> tuple[str, str]:
    """Damage a file in `directory`; returns its name and what was done."""
    draw = random.Random(seed)
    there = {name: often for name, often in FILES.items() if (directory / name).exists()}
    name = draw.choices(list(there), list(there.values()))[0]
    path = directory / name
    ways = {".json": _damaged_json, ".npz": damaged_arrays}
    way = ways.get(path.suffix, damaged_bytes)
    if draw.random() < 0.4:
        way = damaged_bytes
    how, content = way(draw, path.read_bytes())
    path.write_bytes(content)
    if name != MANIFEST:
        mend(directory, name)
    return name, how


def mend(directory: Path, name: str) -> None:
    """Make the manifest say of a file what it is now."""
    content = (directory / name).read_bytes()
    manifest = json.loads((directory / MANIFEST).read_text())
    digest = hashlib.sha256(content).hexdigest()
    manifest["files"][name] = {"bytes": len(content), "sha256": digest}
    (directory / MANIFEST).write_text(json.dumps(manifest))


def damaged_bytes(draw: random.Random, content: bytes) -> tuple[str, bytes]:
    damaged = bytearray(content)
    how = draw.choice(["flip", "set", "delete", "insert", "zero", "copy", "truncate"])
    for _ in range(draw.choice([1, 1, 2, 10, 100])):
        start = draw.randrange(len(damaged) + 1)
        if draw.random() < 0.3:  # where a file says what it is
            start = min(start, draw.randrange(200))
        end = min(len(damaged), start + draw.choice([1, 1, 2, 8, 100, 5000]))
        if how == "flip" and start < end:
            damaged[start] ^= 1 << draw.randrange(8)
        elif how == "set" and start < end:
            damaged[start] = draw.randrange(256)
        elif how == "delete":
            del damaged[start:end]
        elif how == "insert":
            damaged[start:start] = draw.randbytes(end - start)
        elif how == "zero":
            damaged[start:end] = bytes(end - start)
        elif how == "copy":
            other = draw.randrange(len(damaged) + 1)
            damaged[start:end] = damaged[other : other + end - start]
        elif how == "truncate":
            del damaged[start:]
            break
    return how, bytes(damaged)


def _damaged_json(draw: random.Random, content: bytes) -> tuple[str, bytes]:
    whole = json.loads(content)
    for _ in range(draw.choice([1, 1, 3])):
        group: Any = whole
        while True:
            keys = list(group) if isinstance(group, dict) else list(range(len(group)))
            if not keys:
                break
            key = draw.choice(keys)
            if not isinstance(group[key], dict | list) or draw.random() < 0.2:
                break
            group = group[key]
        if not keys:
            continue
        if draw.random() < 0.15:
            del group[key]
        elif draw.random() < 0.1 and isinstance(group, dict):
            group[str(draw.choice(ODD_VALUES))[:300]] = group.pop(key)
        else:
            group[key] = deepcopy(draw.choice(ODD_VALUES))
    text = json.dumps(whole)
    if draw.random() < 0.05:
        text = "[" * 200_000
    return f"other JSON {text[:200]!r}", text.encode("utf-8", "surrogatepass")


@functools.lru_cache(maxsize=8)
def _loaded(content: bytes) -> Arrays:
    """Load the arrays of a file, which nobody may change."""
    with np.load(io.BytesIO(content)) as file:
        arrays = {name: file[name] for name in file.files}
    for array in arrays.values():
        array.flags.writeable = False
    return arrays


def damaged_arrays(draw: random.Random, content: bytes) -> tuple[str, bytes]:
    """Other names, types, shapes and numbers, in a file as NumPy writes it."""
    arrays = dict(_loaded(content))
    told = []
    for _ in range(draw.choice([1, 1, 1, 2, 4])):
        if arrays:
            change = draw.choice(CHANGES)
            told.append(change.__name__.strip("_"))
            change(draw, arrays, draw.choice(list(arrays)))
    found = io.BytesIO()
    save = np.savez_compressed if draw.random() < 0.05 else np.savez
    save(found, **arrays)
    return ", ".join(told), found.getvalue()


def _change_some(draw: random.Random, arrays: Arrays, name: str) -> None:
    odd = [0, 1, -1, 127, 1e-45, 1e4, 1e9, 3e38, np.nan, np.inf, -np.inf]
    array = arrays[name].copy()
    if array.dtype.kind in "SV":
        return
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = np.array(draw.choice(odd)).astype(array.dtype)
    chosen = np.random.default_rng(draw.randrange(2**31)).random(array.shape) < draw.random()
    array[chosen] = value
    arrays[name] = array


def _change_scale(draw: random.Random, arrays: Arrays, name: str) -> None:
    array = arrays[name]
    if array.dtype.kind in "SV":
        return
    factor = draw.choice([0, -1, 1e3, 1e10, 1e30, 3e38])
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        arrays[name] = (array.astype("f4") * np.float32(factor)).astype(array.dtype)


def _change_shape(draw: random.Random, arrays: Arrays, name: str) -> None:
    array = arrays[name]
    what = draw.randrange(6)
    if what == 0:
        array = array.T
    elif what == 1:
        array = array.reshape(-1)
    elif what == 2:
        array = array[np.newaxis]
    elif what == 3 and array.ndim:
        array = array[: draw.randrange(len(array) + 1)]
    elif what == 4 and array.ndim:
        array = np.concatenate([array, array])
    else:
        array = np.asfortranarray(array)
    arrays[name] = array


def _change_type(draw: random.Random, arrays: Arrays, name: str) -> None:
    kind = draw.choice(["f4", "f8", "f2", "i1", "u1", "i4", "i8", ">f4", "?", "S4", "c8", "V4"])
    array = arrays[name]
    if kind in ("S4", "V4") or array.dtype.kind in "SV":
        arrays[name] = np.zeros(array.shape, kind)
        return
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        arrays[name] = array.astype(kind)


def _change_name(draw: random.Random, arrays: Arrays, name: str) -> None:
    others = [*arrays, "x", "../x", "a/b", "encoder/0/kernel", "output/steps", "a" * 300]
    array = arrays.pop(name)
    if draw.random() < 0.7:
        arrays[draw.choice(others)] = array


def _swap(draw: random.Random, arrays: Arrays, name: str) -> None:
    other = draw.choice(list(arrays))
    arrays[name], arrays[other] = arrays[other], arrays[name]


def _add(draw: random.Random, arrays: Arrays, name: str) -> None:
    arrays[draw.choice(["x", "a/b", f"{name}/x"])] = arrays[name]


CHANGES: list[Change] = [
    *(_change_some, _change_some, _change_some, _change_scale, _change_scale),
    *(_change_shape, _change_type, _change_name, _swap, _add),
]
