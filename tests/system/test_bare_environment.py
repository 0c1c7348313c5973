"""A new environment that holds nothing but what a plain install brings: translating works there."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

EXTRAS = ["tensorflow", "tensorflow_text", "keras", "hydra", "ray", "onnx", "sacrebleu", "yaml"]
TEXTS = ["the train is late", "", "a hotel", "is the hotel late?"]
# What pip says where it finds no package index.
OFFLINE = ("No matching distribution", "Could not find a version", "Connection", "resolution")
MOST_SECONDS = 2.5  # to the first sentence; a fifth of that where nothing else runs


def completed(
    python: Path | str, *arguments: str, cwd: Path, text: str = ""
) -> subprocess.CompletedProcess[str]:
    """A process of `python` that does not see the checkout."""
    return subprocess.run(
        [str(python), *arguments],
        input=text,
        capture_output=True,
        text=True,
        cwd=cwd,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        check=False,
    )


@pytest.fixture(scope="module")
def bare(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment with the wheel of this checkout, without extras."""
    directory = tmp_path_factory.mktemp("bare")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory)]
    subprocess.run(build, cwd=repository, check=True, capture_output=True)
    [wheel] = directory.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", directory / "venv"], check=True)
    python = directory / "venv" / "bin" / "python"
    pip = ["-m", "pip", "--python", str(python), "install", "--quiet"]
    versions = ["--constraint", str(repository / "constraints.txt")]
    done = completed(sys.executable, *pip, *versions, str(wheel), cwd=directory)
    if done.returncode != 0 and any(words in done.stderr for words in OFFLINE):
        pytest.skip(f"pip reaches no package index: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    return python


@pytest.fixture(scope="module")
def model(
    write_small_artefact: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return write_small_artefact(tmp_path_factory.mktemp("exported") / "model", decoder_layers=2)


def same_everywhere(
    bare: Path, repository: Path, *arguments: str, cwd: Path, text: str = ""
) -> str:
    """What the bare environment prints, once it is seen that the full one prints the same."""
    there = completed(bare, *arguments, cwd=cwd, text=text)
    assert there.returncode == 0, there.stderr
    assert there.stderr == ""
    here = completed(sys.executable, *arguments, cwd=repository, text=text)
    assert there.stdout == here.stdout
    return there.stdout


def test_what_is_installed_is_small(bare: Path, tmp_path: Path) -> None:
    code = "import importlib.util as u, sys; print([n for n in sys.argv[1:] if u.find_spec(n)])"
    assert completed(bare, "-c", code, *EXTRAS, cwd=tmp_path).stdout == "[]\n"


def test_translating(bare: Path, model: Path, repository: Path, tmp_path: Path) -> None:
    command = ["-m", "seq2seq", "translate", "--model", str(model)]
    text = "".join(f"{line}\n" for line in TEXTS)
    found = same_everywhere(bare, repository, *command, cwd=tmp_path, text=text).split("\n")
    assert len(found) == len(TEXTS) + 1
    assert found[0] and not found[1]
    code = (
        "import sys; from seq2seq import Translator\n"
        "print(*Translator.load(sys.argv[1]).translate(sys.argv[2:]), sep='\\n')"
    )
    python = same_everywhere(bare, repository, "-c", code, str(model), *TEXTS, cwd=tmp_path)
    assert python.split("\n") == found


def test_scoring_and_inspecting(bare: Path, model: Path, repository: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_text("the train\na hotel\n")
    target.write_text("der Zug\nein Hotel\n")
    files = ["--source", str(source), "--target", str(target)]
    command = ["-m", "seq2seq", "score", "--model", str(model), *files]
    lines = same_everywhere(bare, repository, *command, cwd=tmp_path).splitlines()
    assert [float(line) < 0 for line in lines] == [True, True]
    facts = same_everywhere(
        bare, repository, "-m", "seq2seq", "inspect", "--json", str(model), cwd=tmp_path
    )
    assert json.loads(facts)["kind"] == "artefact"
    assert "translate" in same_everywhere(bare, repository, "-m", "seq2seq", "--help", cwd=tmp_path)


@pytest.mark.parametrize(
    ("command", "package", "extra"),
    [
        (["train"], "hydra", "train"),
        (["evaluate", "--model", "{model}", "--source", "a", "--target", "a"], "sacrebleu", "eval"),
        (["export", "{model}", "--output", "b"], "onnx", "train"),
    ],
)
def test_what_needs_an_extra_names_it(
    bare: Path, model: Path, tmp_path: Path, command: list[str], package: str, extra: str
) -> None:
    (tmp_path / "a").write_text("a hotel\n")
    command = [part.format(model=model) for part in command]
    done = completed(bare, "-m", "seq2seq", *command, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"seq2seq: error: This command needs the package {package}")
    assert f"pip install 'seq2seq-lstm[{extra}" in done.stderr
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_the_first_sentence_is_there_at_once(
    bare: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        done = completed(
            bare, "-m", "seq2seq", "translate", "--model", str(model), "a hotel", cwd=tmp_path
        )
        seconds.append(time.perf_counter() - start)
        assert done.returncode == 0, done.stderr
    with capsys.disabled():
        print(f"\nfirst sentence after {statistics.median(seconds):.2f} s (median of 5)")
    assert statistics.median(seconds) < MOST_SECONDS
