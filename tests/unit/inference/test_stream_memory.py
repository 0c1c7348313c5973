"""A stream of any length takes the same memory."""

from __future__ import annotations

import subprocess
import sys

# Every line differs, so that the cache of answers is as full as it gets.
_MEMORY = """
import io, sys
from seq2seq.inference.stream.input import InputLines
from seq2seq.inference.stream.output import StreamOutput
from seq2seq.inference.stream.pipeline import StreamOptions, translate_stream
from seq2seq.inference.translation import Translation

class Echo:
    def hypotheses(self, texts, options):
        return [[Translation(text.upper(), tokens=tuple(text))] for text in texts]

def groups(count):
    for first in range(0, count, 1000):
        yield [b"this is line %d, " % number * 3 + b"\\n" for number in range(first, first + 1000)]

with open("/dev/null", "wb") as output:
    count = int(sys.argv[1])
    lines = InputLines(groups(count))
    options = StreamOptions(threads=2, scores=True)
    assert translate_stream(Echo(), lines, StreamOutput(output), options) == count
(peak,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(peak.split()[1])
"""


def test_memory_does_not_grow_with_the_input() -> None:
    def peak(lines: int) -> float:
        command = [sys.executable, "-c", _MEMORY, str(lines)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return int(done.stdout) / 1024

    assert peak(200_000) - peak(20_000) < 10
