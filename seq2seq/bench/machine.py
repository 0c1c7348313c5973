"""The machine of a measurement: its processor, its memory, and its load from other processes."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Sequence
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")  # unit of /proc, per second


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0))


def processor_name() -> str:
    """Return the model name of the processor."""
    for line in _lines("/proc/cpuinfo"):
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.processor() or platform.machine()


def peak_bytes(process: int) -> int:
    """Return the peak of the resident memory of a running process."""
    return _status_bytes(process, "VmHWM:")


def resident_bytes(process: int) -> int:
    """Return the current resident memory of a running process."""
    return _status_bytes(process, "VmRSS:")


class OtherLoad:
    """Measurement of the cores that all processes but the given ones use during a `with` block.

    Attributes:
        cores: number of cores used on average; None if the system does not report it.
    """

    cores: float | None = None

    def __init__(self, processes: Sequence[int]) -> None:
        """Observe all processes except `processes`, this one, and their ended children."""
        self._processes = [*processes, os.getpid()]

    def __enter__(self) -> OtherLoad:
        self._began, self._before = time.perf_counter(), self._seconds()
        return self

    def __exit__(self, *raised: object) -> None:
        after, elapsed = self._seconds(), time.perf_counter() - self._began
        if self._before is not None and after is not None:
            self.cores = max(0.0, (after - self._before) / elapsed)

    def _seconds(self) -> float | None:
        """Return the processor time of all other processes since the machine started."""
        everything = _machine_seconds()
        if everything is None:
            return None
        return everything - sum(_process_seconds(process) for process in self._processes)


def wait_until_quiet(processes: Sequence[int], *, limit: float, patience: float) -> None:
    """Wait until other processes use at most `limit` cores, for at most `patience` seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with OtherLoad(processes) as load:
            time.sleep(min(0.5, patience))
        if load.cores is None or load.cores <= limit:
            return


def _machine_seconds() -> float | None:
    """Return the processor time of all processes: user, nice, system and interrupts."""
    for line in _lines("/proc/stat"):
        if line.startswith("cpu "):
            ticks = [int(field) for field in line.split()[1:]]
            used = sum(ticks[:3]) + sum(ticks[5:7])
            return used / _TICKS if used else None  # some containers show zeros
    return None


def _process_seconds(process: int) -> float:
    """Return the processor time of a process and of its ended children."""
    for line in _lines(f"/proc/{process}/stat"):
        fields = line.rpartition(")")[2].split()
        return sum(int(field) for field in fields[11:15]) / _TICKS
    return 0.0


def _status_bytes(process: int, field: str) -> int:
    for line in _lines(f"/proc/{process}/status"):
        if line.startswith(field):
            return 1024 * int(line.split()[1])
    return 0


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
