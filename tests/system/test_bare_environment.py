"""A new environment that holds nothing but what a plain install brings: translating works there.

It is made by the lines of the image for translation, from the files that the image is made of.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
def image(repository: Path, read_dockerfile: Callable[[Path], list[Any]]) -> list[Any]:
    """The instructions of the image for translation."""
    return read_dockerfile(repository / "docker" / "translate.Dockerfile")


@pytest.fixture(scope="module")
def bare(image: list[Any], repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment with the wheel of this checkout, without extras.

    The image's COPY and RUN lines make it, with directories of ours for the image's, and pip from
    here, so that the wheel is built with the tools that are here.
    """
    build, installed = tmp_path_factory.mktemp("build"), tmp_path_factory.mktemp("installed")
    python = tmp_path_factory.mktemp("bare") / "venv" / "bin" / "python"
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", python.parent.parent], check=True
    )
    places = {"/build/": f"{build}/", "/opt/seq2seq/": f"{installed}/"}
    for step in image:
        text = step.text.removeprefix("--from=build ")
        for theirs, ours in places.items():
            text = text.replace(theirs, ours)
        if step.name == "COPY":
            _copy(text.split(), source=repository, target=build)
        elif step.name == "RUN" and text.startswith("python -m pip wheel"):
            here = f"{sys.executable} -m pip wheel --no-build-isolation"
            _pip(text.replace("python -m pip wheel", here), cwd=build)
        elif step.name == "RUN" and text.startswith("python -m pip install"):
            here = f"{sys.executable} -m pip --python {python} install"
            _pip(text.replace("python -m pip install", here), cwd=build)
    return python


def _pip(command: str, *, cwd: Path) -> None:
    """Run it; skip the test where there is no package index."""
    done = subprocess.run(["sh", "-c", command], cwd=cwd, capture_output=True, text=True)
    errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
    if done.returncode != 0 and any(words in line for words in OFFLINE for line in errors):
        pytest.skip(f"pip reaches no package index: {errors[-1]}")
    assert done.returncode == 0, done.stderr


def _copy(words: list[str], *, source: Path, target: Path) -> None:
    """What COPY does: files into a directory, and of a directory what is in it."""
    *names, place = words
    for name in names:
        found = source / name
        if found.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(found, target / place, ignore=ignored, dirs_exist_ok=True)
        else:
            shutil.copy(found, target / place)


@pytest.fixture(scope="module")
def model(
    write_small_exported_model: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return write_small_exported_model(
        tmp_path_factory.mktemp("exported") / "model", decoder_layers=2
    )


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
    assert json.loads(facts)["kind"] == "exported model"
    assert "translate" in same_everywhere(bare, repository, "-m", "seq2seq", "--help", cwd=tmp_path)


@pytest.mark.parametrize(
    ("command", "package", "extra"),
    [
        (["train"], "hydra", "train"),
        (["evaluate", "--model", "{model}", "--source", "a", "--target", "a"], "sacrebleu", "eval"),
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


def words_of(image: list[Any], name: str, *, model: Path) -> list[str]:
    """The words of an instruction, the image's /model being `model`."""
    [found] = [each for each in image if each.name == name]
    return [str(model) if word == "/model" else word for word in found.words]


def test_the_entry_point_of_the_image_translates_standard_input(
    bare: Path, image: list[Any], model: Path, tmp_path: Path
) -> None:
    program, *arguments = words_of(image, "ENTRYPOINT", model=model)
    text = "".join(f"{line}\n" for line in TEXTS)
    there = completed(bare.with_name(program), *arguments, cwd=tmp_path, text=text)
    assert there.returncode == 0, there.stderr
    module = ["-m", "seq2seq", "translate", "--model", str(model)]
    assert there.stdout == completed(sys.executable, *module, cwd=tmp_path, text=text).stdout
    assert there.stdout.count("\n") == len(TEXTS)
    options = completed(bare.with_name(program), *arguments, "--beam", "1", cwd=tmp_path, text=text)
    assert options.returncode == 0, options.stderr


def test_the_image_is_healthy_with_a_model_and_not_without(
    bare: Path, image: list[Any], model: Path, tmp_path: Path
) -> None:
    for place, status in ((model, 0), (tmp_path / "nothing", 2)):
        program, *arguments = words_of(image, "HEALTHCHECK", model=place)
        done = completed(bare.with_name(program), *arguments, cwd=tmp_path)
        assert done.returncode == status, done.stderr
