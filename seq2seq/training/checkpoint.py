"""Atomic checkpoints: directories of plain arrays.

A checkpoint is written under a temporary name, flushed to the disk and renamed. Older checkpoints
are removed only after that. Therefore no existing checkpoint is lost if the process is killed or
the disk is full.

    checkpoints/step-00001500/weights.npz optimizer.npz state.json
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.disk import sync, write_synced
from seq2seq.errors import ModelError

_LOG = logging.getLogger("seq2seq")
_UNFINISHED = ".unfinished-"
_WEIGHTS, _OPTIMIZER, _STATE = "weights.npz", "optimizer.npz", "state.json"

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Checkpoint:
    """State that a run needs to resume: weights, optimizer arrays, and plain values."""

    weights: dict[str, NDArray[Any]]
    optimizer: dict[str, NDArray[Any]]
    state: dict[str, Any]


class CheckpointDirectory:
    """Checkpoints of one run, by step."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def save(
        self, step: int, *, weights: Arrays, optimizer: Arrays, state: Mapping[str, Any]
    ) -> Path:
        """Write the checkpoint of `step` atomically and return its directory.

        Raises:
            OSError: the disk is full or not writable; the unfinished checkpoint is removed.
        """
        self._directory.mkdir(parents=True, exist_ok=True)
        self._remove_unfinished()
        final = self._path(step)
        unfinished = self._directory / f"{_UNFINISHED}{final.name}"
        try:
            unfinished.mkdir()
            digests = {
                _WEIGHTS: _write_arrays(unfinished / _WEIGHTS, weights),
                _OPTIMIZER: _write_arrays(unfinished / _OPTIMIZER, optimizer),
            }
            state = {"sha256": digests, **state}
            write_synced(unfinished / _STATE, json.dumps(state, indent=1).encode())
            sync(unfinished)
        except OSError:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        if final.exists():  # left by a run that was killed and resumed from an earlier step
            shutil.rmtree(final)
        unfinished.rename(final)
        sync(self._directory)
        return final

    def steps(self) -> list[int]:
        """Return the steps that have a checkpoint, in ascending order."""
        return sorted(int(path.name[5:]) for path in self._directory.glob("step-*"))

    def latest(self) -> Checkpoint | None:
        """Return the newest valid checkpoint with optimizer arrays, or None.

        A damaged checkpoint is logged and skipped.
        """
        for step in reversed(self.steps()):
            path = self._path(step)
            if not (path / _OPTIMIZER).exists():
                continue
            try:
                return _read(path)
            except ModelError as error:
                _LOG.warning("%s; going back to the checkpoint before it", error)
        return None

    def latest_state(self) -> dict[str, Any] | None:
        """Return the plain values of the newest checkpoint, or None.

        Raises:
            ModelError: the values cannot be read.
        """
        steps = self.steps()
        return _read_state(self._path(steps[-1])) if steps else None

    def weights(self, step: int) -> dict[str, NDArray[Any]]:
        """Return the weights of one checkpoint.

        Raises:
            ModelError: the checkpoint is missing or damaged.
        """
        path = self._path(step)
        state = _read_state(path)
        return read_arrays(path / _WEIGHTS, sha256=state["sha256"][_WEIGHTS])

    def prune(self, *, keep_latest: int, keep_weights: Iterable[int]) -> None:
        """Remove the checkpoints that are neither among the latest nor among the best.

        Args:
            keep_latest: number of the newest checkpoints to keep complete.
            keep_weights: steps of the checkpoints that keep their weights, without optimizer
                arrays.
        """
        best = set(keep_weights)
        for step in self.steps()[:-keep_latest]:
            path = self._path(step)
            if step in best:
                (path / _OPTIMIZER).unlink(missing_ok=True)
            else:
                shutil.rmtree(path)

    def _path(self, step: int) -> Path:
        return self._directory / f"step-{step:08d}"

    def _remove_unfinished(self) -> None:
        for path in self._directory.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(path, ignore_errors=True)


def average(checkpoints: Iterable[Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[np.float32]]:
    """Return the mean of the weights of several checkpoints, summed in float64.

    Source: Junczys-Dowmunt et al. 2016, "The AMU-UEDIN submission to the WMT16 news task".
    """
    totals: dict[str, NDArray[np.float64]] = {}
    count = 0
    for weights in checkpoints:
        count += 1
        for name, value in weights.items():
            totals[name] = totals.get(name, np.zeros(value.shape)) + value
    return {name: (total / count).astype(np.float32) for name, total in totals.items()}


def read_arrays(path: Path, *, sha256: str) -> dict[str, NDArray[Any]]:
    """Return the arrays of an `.npz` file; Python objects are never loaded.

    Raises:
        ModelError: the file is missing or damaged, or its checksum differs.
    """
    try:
        if _digest(path) != sha256:
            raise ModelError(f"{path} is damaged: its checksum is not the one written with it")
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path} cannot be read: {error}") from error


def _read(path: Path) -> Checkpoint:
    state = _read_state(path)
    digests = state.pop("sha256")
    weights = read_arrays(path / _WEIGHTS, sha256=digests[_WEIGHTS])
    optimizer = read_arrays(path / _OPTIMIZER, sha256=digests[_OPTIMIZER])
    return Checkpoint(weights, optimizer, state)


def _read_state(path: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads((path / _STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path / _STATE} cannot be read: {error}") from error
    return state


def _write_arrays(path: Path, arrays: Arrays) -> str:
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **dict(arrays))
        file.flush()
        os.fsync(file.fileno())
    return _digest(path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
