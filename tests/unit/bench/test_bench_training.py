"""`seq2seq bench training` from end to end, on small models."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from forked_process import popen_that_forks

from seq2seq.bench import training_measurement
from seq2seq.bench.run_measurement import measure_run
from seq2seq.bench.training_cases import TORCH_FORMS, Case
from seq2seq.bench.training_corpus import made_files, open_corpus
from seq2seq.bench.training_measurement import Bench
from seq2seq.bench.turns import Rules
from seq2seq.commands import bench_training
from seq2seq.commands.main import main

SMALL = ["bench", "training", "--widths", "8", "--lengths", "6", "--max-tokens", "24"]
SMALL += ["--vocab-size", "40", "--batches", "2", "--seconds", "0.01", "--patience", "0"]
SMALL += ["--repeat", "1", "--limit", "100", "--threads", "1"]

STAND_IN = '''#!{python}
"""Stand-in of a Python with PyTorch: every step takes a second; compiling fails."""
import json, sys

if sys.argv[1] == "-c":
    sys.exit()
print(json.dumps({{"versions": {{"PyTorch": "0.0"}}}}), flush=True)
form = None
for line in sys.stdin:
    task = json.loads(line)
    form = task.get("form", form)
    if task["do"] == "products":
        reply = 1e20
    elif form == "compiled":
        reply = {{"error": "no compiler"}}
    elif task["do"] == "train":
        assert task["case"]["classes"] == 4
        reply = {{"parameters": 7}}
    else:
        seconds = [2.0 if form == "packed" else 1.0] * task["count"]
        reply = {{"seconds": seconds, "loss": 1.0, "device_bytes": None}}
    print(json.dumps(reply), flush=True)
'''


@pytest.fixture(autouse=True)
def short_products(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bare products of a fraction of a second."""
    monkeypatch.setattr(training_measurement, "_PRODUCT_SIZES", {"cpu": 128, "gpu": 128})
    monkeypatch.setattr(training_measurement, "_PRODUCT_SECONDS", 0.05)


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    path = tmp_path / "python"
    path.write_text(STAND_IN.format(python=sys.executable))
    path.chmod(0o755)
    return path


@pytest.fixture
def forked(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork the processes of our steps from one that has imported TensorFlow.

    That spares each the seconds of that; a whole run and its bare steps are new ones all the same.
    """
    place = tmp_path_factory.mktemp("forked")
    start = popen_that_forks("seq2seq.bench.training_worker", place=place)
    monkeypatch.setattr(subprocess, "Popen", start)


def measured(capfd: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    assert main([*SMALL, *options, "--json"]) == 0
    shown = capfd.readouterr()
    found: dict[str, Any] = json.loads(shown.out)
    assert "turn 1 of 1" in shown.err
    return found


@pytest.mark.usefixtures("forked")
def test_ours_alone_in_both_tasks(capfd: pytest.CaptureFixture[str]) -> None:
    found = measured(capfd, "--torch-python", "none", "--precisions", "float32")
    assert [row["case"]["task"] for row in found["rows"]] == ["translation", "classification"]
    for row in found["rows"]:
        assert row["forms"].keys() == {"ours"}
        ours = row["forms"]["ours"]
        assert ours["peak_bytes"] >= ours["imported_bytes"] > 1e8
        assert 0 < ours["share"] < 1
        assert ours["rate"][0] == pytest.approx(row["work"] / ours["seconds"][0])
        assert row["ratio"] is None
    assert found["machine"]["versions"].keys() == {"Python", "TensorFlow"}
    assert found["machine"]["products"]["bfloat16"] > 0


@pytest.mark.usefixtures("forked")
def test_pytorch_is_measured_by_its_own_python(
    stand_in: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    one = ["--precisions", "bfloat16", "--tasks", "translation"]
    found = measured(capfd, *one, "--torch-python", str(stand_in), "--without-determinism")
    (row,) = found["rows"]
    assert row["forms"].keys() == {"ours", "ours, not deterministic", "packed", "reversed"}
    assert row["failures"] == {"compiled": "PyTorch compiled cannot be measured: no compiler"}
    assert row["best_torch"] == "reversed"
    assert row["forms"]["packed"]["seconds"] == [4.0]  # two batches
    assert row["ratio"][0] == pytest.approx(2.0 / row["forms"]["ours"]["seconds"][0])
    assert row["without_determinism"][0] > 0
    assert found["machine"]["products"] == {"float32": 1e20, "bfloat16": 1e20}  # of either
    assert found["machine"]["versions"]["PyTorch"] == "0.0"


@pytest.mark.usefixtures("forked")
def test_real_pairs_as_a_table(
    repository: Path,
    stand_in: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = [Case(units=16, vocab_size=500), Case(units=16, vocab_size=500, precision="bfloat16")]
    monkeypatch.setattr(bench_training, "cpu_cases", lambda: cases)
    pairs = []
    for side, language in (("source", "en"), ("target", "de")):
        lines = (repository / "data" / "phrasebook" / f"valid.{language}").read_text("utf-8")
        (tmp_path / side).write_text("".join(lines.splitlines(keepends=True)[:100]), "utf-8")
        pairs.append(f"--{side}={tmp_path / side}")
    options = ["--torch-python", str(stand_in), "--repeat", "1", "--limit", "100", "--patience=0"]
    options += ["--seconds", "0.01", "--only", "^1 layer of 16, float32$"]
    assert main(["bench", "training", *pairs, *options]) == 0
    shown = capfd.readouterr()
    assert "\n| 1 layer of 16, float32 | " in shown.out
    assert "compiled is left out: PyTorch compiled cannot be measured: no compiler" in shown.err
    assert "compiled failed, 1 layer of 16, float32" in shown.out


def test_a_whole_run_and_its_bare_steps_train_on_the_same_batches(tmp_path: Path) -> None:
    case = Case(units=8, vocab_size=100, positions=200)
    corpus = open_corpus(made_files(tmp_path, case, pairs=300), case, tmp_path)
    bench = Bench("cpu", 1, None, TORCH_FORMS, False, Rules(1, 1), 0.01)
    found = measure_run(bench, corpus, tmp_path, turns=2, steps=4)
    assert [turn.step for turn in found.turns] == [4, 8, 12]
    assert not found.turns[0].counted
    assert found.case.vocab_size == corpus.case.vocab_size
    for turn in found.turns:
        for sample in (turn.run, turn.bare):
            assert sample.rate > 0
            assert sample.bytes_peak >= sample.bytes_now > 1e8


def test_the_program_for_pytorch_needs_nothing_of_this_package(repository: Path) -> None:
    program = repository / "seq2seq" / "bench" / "torch_training.py"
    tree = ast.parse(program.read_text(encoding="utf-8"))
    names = {
        str(getattr(node, "module", None) or alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert names - set(sys.stdlib_module_names) == {"numpy", "torch"}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--device", "tpu"], "invalid choice: 'tpu'"),
        (
            ["--torch-python", "/no/python"],
            "'/no/python', which cannot import PyTorch and NumPy (No",
        ),
        (["--torch-python", "false"], "(status 1); give a Python that can, or none"),
        (["--source", "a"], "--source and --target come together"),
        (["--source", "a", "--target", "b", "--all"], "--all and --lengths make sequences of"),
        (["--max-tokens", "100"], "are of a grid or of --whole-run; give one of --tasks"),
        (["--widths", "7"], "must be an even number, not '7'"),
        (["--lengths", "10,x"], "must be a whole number of at least 2, not 'x'"),
        (["--tasks", "parsing"], "must be of translation, classification, not 'parsing'"),
        (["--only", "("], "must be a regular expression, not '('"),
        (["--only", "abacus"], "--only received 'abacus', which fits none of the rows"),
        (["--whole-run", "50"], "must be a whole number of at least 100, not '50'"),
        (["--whole-run", "100", "--lengths", "10"], "--whole-run received --lengths"),
        (["--repeat", "0"], "must be a whole number of at least 1, not '0'"),
    ],
)
def test_misuse_is_told_in_a_sentence(
    options: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "training", *options]) == 2
    shown = capsys.readouterr()
    assert says in shown.err
    assert (shown.out, shown.err.count("\n")) == ("", 1)


@pytest.mark.usefixtures("forked")
def test_a_missing_gpu_is_told_in_a_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    from seq2seq.model.backend import has_gpu

    if has_gpu():
        pytest.skip("there is a GPU here")
    assert main(["bench", "training", "--device", "gpu", "--torch-python", "none"]) == 1
    shown = capfd.readouterr()
    assert "ours cannot be measured: --device received gpu, and TensorFlow sees none" in shown.err
    assert shown.out == ""
