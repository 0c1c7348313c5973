"""Damaged exported models: reading ends well or in one sentence, never by a signal.

A process of its own damages exported models at random, mends the checksums so that its reader
goes all the way, and uses what was read. Where it dies or hangs the seed is kept and another one
goes on.
"""

from __future__ import annotations

import hashlib
import json
import os
import select
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

READER = Path(__file__).with_name("hostile") / "reader.py"
SECONDS = 20.0  # for one exported model; it takes a hundredth
MUTATIONS = 400


@pytest.fixture(scope="module")
def exported_models(
    write_small_exported_model: Callable[..., Path],
    write_small_label_model: Callable[..., Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    directory = tmp_path_factory.mktemp("whole")
    write_small_exported_model(directory / "float32", encoder_layers=2)
    write_small_exported_model(directory / "int8", precision="int8", decoder_layers=2)
    write_small_exported_model(directory / "additive", attention="bahdanau", bidirectional=False)
    write_small_label_model(directory / "features", pooling="attention", bidirectional=False)
    write_small_label_model(directory / "texts", text=True, quantized=True)
    return directory


def mend(directory: Path, name: str) -> None:
    """Make the manifest say of a file what it is now."""
    content = (directory / name).read_bytes()
    manifest = json.loads((directory / "manifest.json").read_text())
    said = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    manifest["files"][name] = said
    (directory / "manifest.json").write_text(json.dumps(manifest))


def lines_of(process: subprocess.Popen[bytes], seconds: float) -> Iterator[str]:
    """What it writes, line by line, until it ends or is silent for so long."""
    if process.stdout is None:
        return
    descriptor, rest = process.stdout.fileno(), b""
    while select.select([descriptor], [], [], seconds)[0]:
        content = os.read(descriptor, 2**16)
        *lines, rest = (rest + content).split(b"\n")
        yield from (line.decode() for line in lines)
        if not content:
            return
    process.kill()
    yield "hangs"


def outcomes(
    reader: list[str], first: int, last: int, *, errors: Path, seconds: float = SECONDS
) -> dict[int, str]:
    """How each seed ended."""
    ends: dict[int, str] = {}
    while first < last:
        command = [sys.executable, *reader, str(first), str(last)]
        with (
            errors.open("ab") as stderr,
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr) as process,
        ):
            doing = ""
            for line in lines_of(process, seconds):
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
    [(0, MUTATIONS), pytest.param(10**6, 15 * MUTATIONS, marks=pytest.mark.slow)],
    ids=["some", "thousands"],
)
def test_no_damage_does_harm(exported_models: Path, tmp_path: Path, first: int, count: int) -> None:
    errors = tmp_path / "stderr"
    reader = [str(READER), str(exported_models)]
    ends = outcomes(reader, first, first + count, errors=errors)
    harm = {seed: end for seed, end in ends.items() if not end.startswith(("read", "refused"))}
    assert harm == {}
    assert sorted(ends) == list(range(first, first + count))
    counts = Counter(end.split()[0] for end in ends.values())
    print(dict(counts))
    # The damage is neither harmless nor all caught at the door.
    assert min(counts["read"], counts["refused"]) > count // 20
    assert errors.read_text() == ""


DYING = """
import os, signal, sys, time
for seed in range(int(sys.argv[1]), int(sys.argv[2])):
    print(seed, "begun", flush=True)
    if seed == 1:
        os.kill(os.getpid(), signal.SIGSEGV)
    if seed == 3:
        time.sleep(60)
    print(seed, "read", flush=True)
"""


def test_a_death_and_a_hang_are_seen(tmp_path: Path) -> None:
    ends = outcomes(["-c", DYING], 0, 5, errors=tmp_path / "stderr", seconds=2.0)
    assert ends == {
        0: "read (begun)",
        1: "dies with -11: begun",
        2: "read (begun)",
        3: "hangs: begun",
        4: "read (begun)",
    }


def hostile_numbers(directory: Path) -> None:
    with np.load(directory / "weights.npz") as file:
        arrays = {name: file[name] for name in file.files}
    arrays["keys/kernel"] = np.full_like(arrays["keys/kernel"], np.nan)
    np.savez(directory / "weights.npz", **arrays)
    mend(directory, "weights.npz")


def hostile_settings(directory: Path) -> None:
    settings = json.loads((directory / "settings.json").read_text())
    settings["model"] |= {"units": 16_384, "encoder_layers": 64, "decoder_layers": 64}
    (directory / "settings.json").write_text(json.dumps(settings))
    mend(directory, "settings.json")


def hostile_tokenizer(directory: Path) -> None:
    (directory / "source.model").write_bytes(b"\xff" * 1000)
    mend(directory, "source.model")


def hostile_manifest(directory: Path) -> None:
    path = directory / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"]["../../x"] = manifest["files"]["settings.json"]
    path.write_text(json.dumps(manifest))


def pipe(directory: Path) -> None:
    (directory / "settings.json").unlink()
    os.mkfifo(directory / "settings.json")


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (hostile_numbers, "weights.npz does not hold plain arrays (keys/kernel.npy holds numbers"),
        (hostile_settings, "weights.npz does not fit settings.json: the settings ask for"),
        (hostile_tokenizer, "source.model is not a SentencePiece model"),
        (hostile_manifest, "'../../x', which is no file name inside the exported model"),
        (pipe, "settings.json is no plain file"),
    ],
)
def test_the_command_ends_in_one_line(
    exported_models: Path,
    tmp_path: Path,
    seq2seq: Callable[..., tuple[int, str, str]],
    harm: Callable[[Path], None],
    message: str,
) -> None:
    directory = Path(shutil.copytree(exported_models / "float32", tmp_path / "copy"))
    harm(directory)
    status, stdout, stderr = seq2seq("translate", "--model", str(directory), "a", cwd=tmp_path)
    assert (status, stdout) == (1, "")
    assert message in stderr
    assert stderr.startswith("seq2seq: error: ") and stderr.count("\n") == 1
