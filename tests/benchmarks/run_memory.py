"""Memory of a training run after some of its updates, and what of it is still in use.

    python tests/benchmarks/run_memory.py [--layers 2] [--units 512] [--steps 25,50,150,400]

The run trains on made pairs as long as those of multi30k, in a vocabulary of 6,000, with its
validations and checkpoints (one epoch is 268 updates). `resident` and `peak` are those of the
process; `heap` is what glibc's allocator holds in its heaps, used or free; `blocks` are what it
took from the system one by one, such as the regions in which oneDNN's allocator keeps tensors.
`trimmed` is `resident` after glibc was asked to return what is free.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from seq2seq.bench.machine import peak_bytes, resident_bytes
from seq2seq.bench.training_cases import Case
from seq2seq.bench.training_corpus import made_files, open_corpus
from seq2seq.training.reporting.terminal import SilentReport, Status

_FIELDS = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"


class _Heap(ctypes.Structure):
    """Figures of glibc's allocator (`struct mallinfo2`)."""

    _fields_ = [(name, ctypes.c_size_t) for name in _FIELDS.split()]


class _Enough(Exception):
    """The last update to be shown was made."""


class _Memory(SilentReport):
    """Report that prints the memory of the process after the updates of these numbers."""

    def __init__(self, steps: Sequence[int]) -> None:
        self._steps = steps
        self._libc = ctypes.CDLL("libc.so.6")
        self._libc.mallinfo2.restype = _Heap

    def show(self, when: str) -> None:
        """Print a line."""
        heap, process = self._libc.mallinfo2(), os.getpid()
        figures = {
            "resident": resident_bytes(process),
            "peak": peak_bytes(process),
            "heap used": heap.uordblks,
            "heap free": heap.fordblks,
            "blocks": heap.hblkhd,
        }
        shown = "  ".join(f"{name} {value / 1e9:.3f}" for name, value in figures.items())
        print(f"{when:10}  {shown} GB", flush=True)

    def status(self, status: Status, *, logged: bool) -> None:
        """Print a line after some updates, and end the run after the last of them."""
        if status.step in self._steps:
            self.show(f"step {status.step}")
        if status.step >= max(self._steps):
            self._libc.malloc_trim(0)
            self.show("trimmed")
            raise _Enough


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--units", type=int, default=512)
    parser.add_argument("--precision", default="float32")
    parser.add_argument("--steps", default="25,50,150,400")
    options = parser.parse_args()
    case = Case(layers=options.layers, units=options.units, precision=options.precision)
    report = _Memory([int(step) for step in options.steps.split(",")])
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        settings = open_corpus(made_files(directory, case), case, directory).settings
        from seq2seq.training.run import train

        report.show("imported")
        training = replace(settings.training, device="cpu", max_epochs=None, max_steps=10**6)
        try:
            train(replace(settings, training=training), report=report)
        except _Enough:
            return


if __name__ == "__main__":
    main()
