"""Inputs that people have: every folder of `shared/cases` gives what its second line says.

Each `run.sh` runs in a process of its own, with the commands of this environment, and writes below
a directory of the test. Where a second line allows a reading or a refusal, either is right here.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

NUMBERS = (
    *("01", "02", "04", "07", "08", "11", "13", "14", "16", "19", "22", "25", "28", "44", "46i"),
    *("47b", "61", "62", "64", "65", "67", "70", "71", "73", "74", "76", "77", "79"),
)


@dataclass(frozen=True)
class Case:
    """One folder, as it was run.

    Attributes:
        folder: the folder with its inputs.
        runs: the directory that everything was written to.
        output: stdout and stderr, in the order in which they came.
    """

    folder: Path
    runs: Path
    output: str

    @property
    def lines(self) -> list[str]:
        return self.output.splitlines()

    @property
    def errors(self) -> list[str]:
        return [line for line in self.lines if line.startswith("seq2seq: error:")]


@pytest.fixture(scope="session")
def shared_cases(repository: Path) -> Path:
    """The directory of the cases, which are not part of the repository."""
    directory = Path(os.environ.get("SEQ2SEQ_SHARED_CASES", repository.parent / "shared" / "cases"))
    if not directory.is_dir():
        pytest.skip(f"no cases in {directory}; set SEQ2SEQ_SHARED_CASES")
    return directory


@pytest.fixture
def environment() -> dict[str, str]:
    """The variables of a process that finds the commands of this environment."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONIOENCODING": "utf-8"}


@pytest.fixture
def run_case(
    shared_cases: Path, environment: dict[str, str], tmp_path: Path
) -> Callable[..., Case]:
    """Runs the `run.sh` of a folder; no case ends in a traceback."""

    def run(number: str, *, phrasebook: Path | None = None) -> Case:
        folder = shared_cases / number
        variables = {**environment, "RUNS": str(tmp_path)}
        if phrasebook is not None:
            variables["PHRASEBOOK"] = str(phrasebook)
        done = subprocess.run(
            ["sh", str(folder / "run.sh")],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=variables,
            check=False,
        )
        return Case(folder, tmp_path, done.stdout.decode())

    return run


Run = Callable[..., Case]


def classes(case: Case) -> list[int]:
    """How many classes each inspection found."""
    return [int(count) for count in re.findall(r"^(\d+) classes in training", case.output, re.M)]


def sequences(case: Case, part: str) -> list[int]:
    """How many sequences each inspection found in `train`, `valid` or `test`."""
    return [int(n) for n in re.findall(rf"^{part}: ([\d,]+) sequences", case.output, re.M)]


def test_every_case_is_asserted(shared_cases: Path) -> None:
    assert sorted(path.parent.name for path in shared_cases.glob("*/run.sh")) == sorted(NUMBERS)


def test_01_true_in_a_ts_header_is_true_in_either_case(run_case: Run) -> None:
    case = run_case("01")
    assert classes(case) == [2, 2] and not case.errors


def test_02_an_empty_value_shortens_no_sequence(run_case: Run) -> None:
    case = run_case("02")
    rows = (case.folder / "gaps.ts").read_text().partition("@data\n")[2].split()
    steps = sum(len(row.rpartition(":")[0].split(",")) for row in rows)
    found = re.findall(r"^(?:train|valid): .*; ([\d,]+) steps", case.output, re.M)
    read = sum(int(count.replace(",", "")) for count in found) == steps
    assert read or ("missing" in case.output and re.search(r"line \d+|step \d+", case.output))


def test_04_missing_values_name_the_setting_that_helps(run_case: Run) -> None:
    case = run_case("04")
    (error,) = case.errors
    assert "data.features.missing=previous" in error


def test_07_a_byte_order_mark_before_a_quoted_name_is_passed_over(run_case: Run) -> None:
    case = run_case("07")
    assert classes(case) == [2] and not case.errors


def test_08_a_semicolon_between_columns_is_read_or_named(run_case: Run) -> None:
    case = run_case("08")
    named = [error for error in case.errors if "separated" in error and ";" in error]
    assert classes(case) == [2] or len(named) == 1


def test_11_a_class_written_as_a_whole_or_a_decimal_number_is_one(run_case: Run) -> None:
    case = run_case("11")
    told = [error for error in case.errors if "1.0" in error and "'1'" in error]
    assert (classes(case) == [2] and sequences(case, "test") == [40]) or len(told) == 1


def test_13_label_tab_text_gives_the_labels(run_case: Run) -> None:
    case = run_case("13")
    read = re.search(r"^2 classes in training: bad \d+, good \d+$", case.output, re.M)
    refused = [error for error in case.errors if "tab" in error.lower()]
    assert read or len(refused) == 1


def test_14_a_class_of_the_first_line_alone_is_told(run_case: Run) -> None:
    case = run_case("14")
    told = [line for line in case.lines if re.search(r"(?i)header|first line|line 1\b", line)]
    assert any("label" in line for line in told)


def test_16_a_decimal_comma_is_no_two_numbers_in_silence(run_case: Run) -> None:
    case = run_case("16")
    answers = [line.split() for line in case.lines[-3:]]
    if all(len(numbers) == 1 for numbers in answers):
        assert all(0 < float(numbers[0]) < 6 for numbers in answers)
    else:
        assert re.search(r"decimal comma|2 (outputs|numbers)", case.output)


def test_19_a_small_file_holds_out_at_least_one_sequence(run_case: Run) -> None:
    case = run_case("19")
    trained, held = sequences(case, "train"), sequences(case, "valid")
    assert [one + other for one, other in zip(trained, held, strict=True)] == [
        *(4, 6, 8, 10, 12, 14, 16, 20)
    ]
    assert min(trained + held) >= 1 and not case.errors


def test_22_labels_with_tabs_and_line_ends_keep_a_line_a_sequence(run_case: Run) -> None:
    case = run_case("22")
    log = (case.runs / "log").read_text()
    if "seq2seq: error:" in log:  # refused when the corpus is prepared
        assert re.search(r"error: .*(tab|line)", log)
        return
    output = (case.runs / "out").read_text()
    assert output.count("\n") == 40
    assert all(line.count("\t") == 1 for line in output.split("\n")[:-1])
    start = next(i for i, line in enumerate(case.lines) if line.startswith("rows: the right class"))
    assert len(case.lines) == start + 1 + 5  # the names of four classes, and a row for each


def test_25_lines_that_end_in_a_carriage_return_are_named(run_case: Run) -> None:
    case = run_case("25")
    assert case.output.lower().count("carriage return") >= 2
    assert "train: 1 pairs" not in case.output


def test_28_a_csv_of_pairs_is_read_or_named(run_case: Run) -> None:
    case = run_case("28")
    read = len(re.findall(r"\b8[01] pairs", case.output)) >= 2 and not case.errors
    named = [error for error in case.errors if "CSV" in error and "tsv" in error.lower()]
    assert read or len(named) == 2


def test_44_null_in_a_space_is_null(run_case: Run) -> None:
    case = run_case("44")
    assert "training.max_steps=null" in case.output
    assert "None" not in case.output and "failed" not in case.output


def test_46i_the_last_step_of_keras_2_is_read(run_case: Run) -> None:
    import keras
    import numpy as np

    case = run_case("46i")
    assert re.search(r"takes any number of steps; same answers on 10 steps", case.output)
    model = keras.saving.load_model(case.runs / "out.keras")
    answers = [model(np.ones((1, steps, 3), np.float32)) for steps in (4, 10, 25)]
    assert all(answer.shape == (1, 1) for answer in answers)


def test_47b_an_error_in_trusted_code_names_the_layer(run_case: Run) -> None:
    case = run_case("47b")
    (line,) = case.lines
    assert line.startswith(
        "seq2seq: error: Layer 'lambda' (Lambda) raises an error in its own code"
    )
    assert "name 'ops' is not defined" in line
    assert not (case.runs / "out.keras").exists()


def test_61_every_random_state_is_taken(run_case: Run) -> None:
    case = run_case("61")
    assert len(re.findall(r"^(?:None|RandomState\(.*\)|0) \[[01] [01]\]$", case.output, re.M)) == 3
    assert "Error" not in case.output


def test_62_steps_of_nan_at_the_end_are_padding_or_named(run_case: Run) -> None:
    case = run_case("62")
    read = re.fullmatch(r"\[[01] [01]\]", case.lines[-1])
    named = re.search(r"^ValueError: .*(sequence 0|X\[0\]).*NaN.*cut", case.output, re.M)
    assert read or named


def test_64_a_dash_is_standard_input_and_the_option_is_named(run_case: Run, short_run: Any) -> None:
    case = run_case("64", phrasebook=short_run.directory)
    assert "No such file" not in case.output
    first = case.lines[0]
    assert not first.startswith("seq2seq: error:") or "leave" in first
    assert len([error for error in case.errors if "--input-format" in error]) == 2
    assert "data.format" not in case.output


def test_65_the_source_is_not_replaced_by_its_translation(run_case: Run, short_run: Any) -> None:
    case = run_case("65", phrasebook=short_run.directory)
    assert case.lines[-1] == "Where is the train station?"
    assert (case.runs / "a.txt").read_text() == "Where is the train station?\n"
    assert len(case.errors) == 1


def test_67_a_target_without_spaces_is_judged_by_what_it_holds(run_case: Run) -> None:
    case = run_case("67")
    (bleu,) = (line.split() for line in case.lines if line.startswith("BLEU "))
    assert float(bleu[1]) > 50
    assert "tok:zh" in bleu[2] or "tok:char" in bleu[2]
    # Chosen is the validation with the highest BLEU, which the export has; the first has none.
    validations = [line for line in case.lines if line.startswith("validation")]
    scores = [float(line.split("valid_bleu ")[1].split()[0]) for line in validations]
    chosen = max(at for at, line in enumerate(validations) if line.endswith("(best)"))
    assert chosen > 0 and scores[chosen] == max(scores)
    assert float(bleu[1]) >= max(scores) - 10


def test_70_punctuation_of_the_target_is_kept(run_case: Run) -> None:
    import sentencepiece

    case = run_case("70")
    wanted = (case.folder / "pairs.zh").read_text(encoding="utf-8").splitlines()

    def keeps(path: Path) -> bool:
        tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(path))
        return all(tokenizer.decode(tokenizer.encode(line)) == line for line in wanted)

    models = sorted((case.runs / "zh").glob("*.model"))
    assert models and any(keeps(path) for path in models)


def test_71_inspect_takes_the_settings_that_train_takes(run_case: Run) -> None:
    case = run_case("71")
    assert classes(case) == [2] and not case.errors


def test_73_names_that_are_numbers_work_or_are_refused(run_case: Run) -> None:
    case = run_case("73")
    *named, null_group, number_group = case.lines
    assert len(named) == 8
    for written, inspected in zip(named[::2], named[1::2], strict=True):
        refused = [line.startswith("seq2seq: error:") for line in (written, inspected)]
        assert refused in ([False, False], [True, True]), (written, inspected)
    for line in (null_group, number_group):
        assert line.startswith("seq2seq: error:")


def test_74_the_command_that_init_prints_works(run_case: Run, environment: dict[str, str]) -> None:
    case = run_case("74")
    printed = case.lines[0]
    if printed.startswith("seq2seq: error:"):  # the name is refused, and no command printed
        return
    command = shlex.split(printed.partition("seq2seq train ")[2])
    done = subprocess.run(
        ["seq2seq", "inspect", *command],
        cwd=case.runs,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "train: " in done.stdout.decode()


def test_76_no_placeholder_is_written_that_the_source_lacks(run_case: Run, short_run: Any) -> None:
    case = run_case("76", phrasebook=short_run.directory)
    assert "⟨" not in case.output and not case.errors
    assert len(case.lines) == 2  # the two lines of letters, and none of the 200 outputs


def test_77_options_may_stand_between_arguments(run_case: Run, short_run: Any) -> None:
    case = run_case("77", phrasebook=short_run.directory)
    assert "unrecognized" not in case.output
    assert re.search(r"model\.units=16", case.output) and "model.units=32" in case.output
    assert not [error for error in case.errors if "translate" in error]


def test_79_a_single_text_is_refused(run_case: Run) -> None:
    case = run_case("79")
    last = case.lines[-1]
    assert re.match(r"(ValueError|TypeError): ", last), last
    assert "list" in last
