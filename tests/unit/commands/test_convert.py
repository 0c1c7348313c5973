"""`seq2seq convert`: what it prints and writes, and what it never overwrites."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from seq2seq.commands.main import main

# Keras has them about NumPy when it saves a model.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of six steps. Not to be changed: copy it."""
    path = tmp_path_factory.mktemp("fixed") / "fixed.keras"
    model = keras.Sequential(
        [keras.Input((6, 3)), layers.LSTM(2, return_sequences=True), layers.Dense(1)]
    )
    with warnings.catch_warnings(action="ignore"):
        model.save(path)
    return path


def test_it_writes_a_model_that_takes_any_length(
    fixed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "variable.keras"
    output.write_text("older")
    assert main(["convert", str(fixed), "--output", str(output), "--mask-value", "-1"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.startswith(
        f"{fixed} converted to {output}: takes any number of steps; same answers on 6 steps and "
        "however padded, largest difference "
    )
    assert shown.out.count("\n") == 1
    assert os.listdir(tmp_path) == ["variable.keras"]
    variable, before = keras.saving.load_model(output), keras.saving.load_model(fixed)
    given = np.random.default_rng(0).normal(size=(2, 6, 3)).astype(np.float32)
    np.testing.assert_allclose(before(given), variable(given), atol=1e-6)
    longer = np.pad(given, [(0, 0), (5, 0), (0, 0)], constant_values=-1)
    np.testing.assert_allclose(before(given), variable(longer)[:, 5:], atol=1e-6)


def test_a_refusal_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, output = tmp_path / "flat.keras", tmp_path / "out.keras"
    keras.Sequential([keras.Input((6, 3)), layers.Flatten(name="flat"), layers.Dense(1)]).save(path)
    output.write_text("older")
    assert main(["convert", str(path), "--output", str(output)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("seq2seq: error: Layer 'flat' (Flatten) lays the steps side by s")
    assert shown.err.count("\n") == 1
    assert output.read_text() == "older"
    assert sorted(os.listdir(tmp_path)) == ["flat.keras", "out.keras"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["{fixed}"], "--output"),
        (["--output", "{folder}/a.keras"], "FIXED"),
        (["{fixed}", "--output", "{folder}/a.h5"], "must end in .keras"),
        (["{fixed}", "--output", "{fixed}"], "is the same file as the input"),
        (["{fixed}", "--output", "{folder}/link.keras"], "is the same file as the input"),
        (["{fixed}", "--output", "{folder}/folder.keras"], "is a directory"),
        (["{fixed}", "--output", "{folder}/pipe.keras"], "is not a plain file"),
        (["{fixed}", "--output", "{folder}/none/a.keras"], "there is no directory"),
        (
            ["{fixed}", "--output", "{folder}/a.keras", "--mask-value", "x"],
            "must be a number that is finite, not 'x'",
        ),
        (["{fixed}", "--output", "{folder}/a.keras", "--mask-value", "nan"], "not 'nan'"),
    ],
)
def test_misuse(
    fixed: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    message: str,
) -> None:
    shutil.copy(fixed, tmp_path / "fixed.keras")
    (tmp_path / "link.keras").symlink_to("fixed.keras")
    (tmp_path / "folder.keras").mkdir()
    os.mkfifo(tmp_path / "pipe.keras")
    names = {"fixed": tmp_path / "fixed.keras", "folder": tmp_path}
    assert main(["convert", *(option.format(**names) for option in options)]) == 2
    shown = capsys.readouterr()
    assert message in shown.err and shown.err.count("\n") == 1
    assert (tmp_path / "fixed.keras").read_bytes() == fixed.read_bytes()


def test_a_process_of_its_own_says_no_more(fixed: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "seq2seq", "convert"]
    output = tmp_path / "variable.keras"
    environment = {key: value for key, value in os.environ.items() if "TF_CPP" not in key}
    done = subprocess.run(
        [*command, str(fixed), "--output", str(output)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{fixed} converted to {output}: takes any number of ")
    missing = subprocess.run(
        [*command, str(tmp_path / "none.keras"), "--output", str(output)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr.endswith("no such file; give a .keras or .h5 file.\n")
