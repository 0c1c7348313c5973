"""Every combination of an input side and a target side, through the whole life of a model."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from combinations import COMBINATIONS, Combination
from forked_process import ForkedProcess

from seq2seq.commands.main import main

DRIVER = Path(__file__).parents[1] / "invariants" / "killed_run.py"


def start(directory: Path, name: str, *kill: str) -> ForkedProcess:
    command = [str(DRIVER), str(directory), "cpu", name, *kill]
    return ForkedProcess(command, output=Path(os.devnull), errors=directory / f"{name}.log")


def finish(process: ForkedProcess) -> None:
    assert process.wait(300) == 0, process.errors.read_text()


# The others differ from these in one side or in the encoder only; all of them take minutes.
FAST = ("word-class-crf", "step-number", "features-text", "features-text-transformer")


@pytest.fixture(
    scope="module",
    params=[
        name if name in FAST else pytest.param(name, marks=pytest.mark.slow)
        for name in COMBINATIONS
    ],
)
def trained(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Combination, Path]:
    """A combination, and a directory with its data, a whole run, and one that was killed."""
    combination = COMBINATIONS[request.param]
    directory = tmp_path_factory.mktemp(request.param)
    combination.write(directory)
    whole, killed = start(directory, "whole"), start(directory, "killed", "step", "5")
    assert killed.wait(300) == -signal.SIGKILL, killed.errors.read_text()
    finish(whole)
    finish(start(directory, "killed"))
    return combination, directory


def records_of(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def metrics(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / "export" / "metrics.json").read_text())
    return found


def test_a_killed_run_ends_with_the_same_weights_and_predictions(
    trained: tuple[Combination, Path],
) -> None:
    _, directory = trained
    whole, killed = directory / "whole", directory / "killed"
    assert "going on from step" in (directory / "killed.log").read_text()
    last = sorted((whole / "checkpoints").glob("*/weights.npz"))
    assert last
    for path in last:
        other = killed / path.relative_to(whole)
        with np.load(path) as one, np.load(other) as two:
            assert one.files == two.files
            assert all(one[name].tobytes() == two[name].tobytes() for name in one.files)
    names = ["test_predictions.jsonl"]
    assert all((whole / n).read_bytes() == (killed / n).read_bytes() for n in names)
    assert metrics(whole) == metrics(killed)


def run_command(capsysbinary: Any, *arguments: str) -> list[str]:
    assert main(list(arguments)) == 0
    return str(capsysbinary.readouterr().out.decode()).split("\n")[:-1]


def test_the_export_is_evaluated_as_the_run_was(
    trained: tuple[Combination, Path], capsysbinary: Any
) -> None:
    combination, directory = trained
    run = directory / "whole"
    source = ["--source", str(directory / "data.jsonl")]
    if combination.writes_text and not combination.features:
        records = records_of(directory / "data.jsonl")
        for side in ("source", "target"):
            text = "".join(record[side] + "\n" for record in records)
            (directory / f"data.{side}").write_text(text)
        source = ["--source", str(directory / "data.source")]
        source += ["--target", str(directory / "data.target")]
    (line,) = run_command(capsysbinary, "evaluate", "--model", str(run), *source, "--json")
    figures, stored = json.loads(line), metrics(run)
    compared = [name for name in figures if f"test_{name}" in stored]
    assert compared
    for name in compared:
        if isinstance(figures[name], float):
            assert figures[name] == pytest.approx(stored[f"test_{name}"], abs=1e-5), name


def test_a_line_in_is_a_line_out_as_the_run_predicted(
    trained: tuple[Combination, Path], capsysbinary: Any
) -> None:
    combination, directory = trained
    run, path = directory / "whole", directory / "data.jsonl"
    records = records_of(path)
    if combination.writes_text:
        given = path
        if not combination.features:
            given = directory / "source.txt"
            given.write_text("".join(record["source"] + "\n" for record in records))
        found = run_command(capsysbinary, "translate", "--model", str(run), "--input", str(given))
    else:
        found = run_command(capsysbinary, "predict", "--model", str(run), "--input", str(path))
    assert len(found) == len(records)
    stored = records_of(run / "test_predictions.jsonl")
    if combination.writes_text:
        assert found == [record["output"] for record in stored]
    elif "task.per_step=true" in combination.overrides:
        lengths = [len(record["target"]) for record in records]
        assert [len(line.split()) for line in found] == lengths
        assert [len(record["output"]) for record in stored] == lengths
