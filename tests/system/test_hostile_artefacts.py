"""Whatever an artefact's files hold, reading it ends: well, or in one sentence; never by a signal.

A process of its own damages artefacts at random, mends the checksums so that its reader goes all
the way, and uses what was read. Where it dies or hangs the seed is kept and another one goes on.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

READER = Path(__file__).with_name("hostile") / "reader.py"
SECONDS = 20.0  # for one artefact; it takes a hundredth
MUTATIONS = 150


@pytest.fixture(scope="module")
def artefacts(
    write_small_artefact: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    directory = tmp_path_factory.mktemp("whole")
    write_small_artefact(directory / "float32", encoder_layers=2)
    write_small_artefact(directory / "int8", precision="int8", decoder_layers=2)
    write_small_artefact(directory / "additive", attention="bahdanau", bidirectional=False)
    return directory


def lines_of(process: subprocess.Popen[bytes]) -> Iterator[str]:
    """What it writes, line by line, until it ends or is silent for too long."""
    if process.stdout is None:
        return
    descriptor, rest = process.stdout.fileno(), b""
    while select.select([descriptor], [], [], SECONDS)[0]:
        content = os.read(descriptor, 2**16)
        *lines, rest = (rest + content).split(b"\n")
        yield from (line.decode() for line in lines)
        if not content:
            return
    process.kill()
    yield "hangs"


def outcomes(artefacts: Path, first: int, last: int, errors: Path) -> dict[int, str]:
    """How each seed ended."""
    ends: dict[int, str] = {}
    while first < last:
        command = [sys.executable, str(READER), str(artefacts), str(first), str(last)]
        with (
            errors.open("ab") as stderr,
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr) as process,
        ):
            doing = ""
            for line in lines_of(process):
                seed, _, outcome = line.partition(" ")
                if line == "hangs":
                    ends[first] = f"hangs: {doing}"
                elif outcome.startswith(("begun", "damaged")):
                    first, doing = int(seed), outcome
                else:
                    ends[int(seed)] = f"{outcome} ({doing})"
                    first = int(seed) + 1
        if process.returncode and first not in ends:
            ends[first] = f"dies with {process.returncode}: {doing}"
        if process.returncode:
            first += 1
    return ends


@pytest.mark.parametrize(
    ("first", "count"),
    [(0, MUTATIONS), pytest.param(10**6, 6000, marks=pytest.mark.slow)],
    ids=["some", "thousands"],
)
def test_no_damage_does_harm(artefacts: Path, tmp_path: Path, first: int, count: int) -> None:
    errors = tmp_path / "stderr"
    ends = outcomes(artefacts, first, first + count, errors)
    harm = {
        s: end for s, end in ends.items() if not end.startswith(("'read", "'refused", '"refused'))
    }
    assert harm == {}
    assert sorted(ends) == list(range(first, first + count))
    counts = Counter(end.strip("'\"").split()[0] for end in ends.values())
    print(dict(counts))
    # The damage is neither harmless nor all caught at the door.
    assert min(counts["read"], counts["refused"]) > count // 20
    assert errors.read_text() == ""
