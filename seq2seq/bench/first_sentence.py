"""Start-up cost of a new process: time to the first translated sentence, and memory."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from seq2seq.bench.machine import peak_bytes
from seq2seq.errors import UserError

# Program that a user of the SavedModel would write.
_SAVED_MODEL = """
import sys
import tensorflow as tf
import tensorflow_text
translate = tf.saved_model.load(sys.argv[1]).signatures["serving_default"]
for line in sys.stdin:
    found = translate(text=tf.constant([line.removesuffix("\\n")]))
    print(found["translation"].numpy()[0].decode(), flush=True)
"""


class Start(NamedTuple):
    """Start-up cost of one new process.

    Attributes:
        seconds: time from the start of the process to its first translation.
        peak_bytes: peak of its resident memory during that time.
    """

    seconds: float
    peak_bytes: int


def translate_command(directory: Path) -> list[str]:
    """Return the `seq2seq translate` command for the exported model in `directory`."""
    return [sys.executable, "-m", "seq2seq", "translate", "--model", str(directory)]


def saved_model_command(directory: Path) -> list[str]:
    """Return a command that translates with the SavedModel in `directory`, line by line."""
    return [sys.executable, "-c", _SAVED_MODEL, str(directory)]


def first_sentence(command: Sequence[str], sentence: str) -> Start:
    """Start `command`, which translates lines, and wait for the translation of `sentence`.

    Raises `UserError` if the command prints no translation.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise ValueError("the process has no input or output")
        process.stdin.write(f"{sentence}\n".encode())
        process.stdin.flush()
        line = process.stdout.readline()
        seconds = time.perf_counter() - start
        peak = peak_bytes(process.pid) if line else 0
    if not line:
        raise UserError(f"{' '.join(command)!r} translated nothing (status {process.returncode})")
    return Start(seconds, peak)
