"""The life of a model of classes and of one of numbers, by the commands a user has."""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq import Predictor, load_settings, train
from seq2seq.commands.main import main
from seq2seq.training.reporting.terminal import SilentReport

RECIPE = [
    "data=sequences",
    "data.valid_share=0.2",
    "model.units=8",
    "model.dropout=0",
    "batching.max_tokens=100",
    "batching.shares=1",
    "optimizer.learning_rate=2e-2",
    "training.max_epochs=6",
    "training.patience=0",
]


def sequences() -> tuple[list[Any], Any]:
    random = np.random.default_rng(0)
    labels = random.integers(0, 2, 150)
    made = [
        random.normal(2 * label - 1, 0.5, (random.integers(1, 8), 2)).round(3) for label in labels
    ]
    return made, labels


def write_files(directory: Path) -> None:
    made, labels = sequences()
    lengths = [len(steps) for steps in made]
    values = np.concatenate(made)
    np.savez(directory / "data.npz", values=values, lengths=lengths, labels=labels)
    lines = [
        {"source": steps.tolist(), "target": int(n)} for steps, n in zip(made, labels, strict=True)
    ]
    (directory / "data.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    rows = ["@classLabel true 0 1", "@data"]
    for steps, label in zip(made, labels, strict=True):
        rows.append(":".join(",".join(map(str, column)) for column in steps.T) + f":{label}")
    (directory / "data.ts").write_text("\n".join(rows) + "\n")
    numbers = [{"source": s.tolist(), "target": [100 + s.sum(), s.mean()]} for s in made]
    (directory / "numbers.jsonl").write_text("".join(json.dumps(n) + "\n" for n in numbers))
    steps = [{"source": s.tolist(), "target": (s > 0).astype(int)[:, 0].tolist()} for s in made]
    (directory / "steps.jsonl").write_text("".join(json.dumps(one) + "\n" for one in steps))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("labelling")
    write_files(directory)
    return directory


def learn(place: Path, name: str, *overrides: str) -> Path:
    places = [f"name={name}", f"runs={place}/runs", f"data.directory={place}"]
    result = train(load_settings([*RECIPE, *places, *overrides]), report=SilentReport())
    return Path(result.run_directory)


@pytest.fixture(scope="module")
def classes(place: Path) -> Path:
    """A run of classification, whose test set is its training file."""
    files = ["data.train.source=data.npz", "data.test.source=data.npz"]
    return learn(place, "classes", "task=classification", *files)


@pytest.fixture(scope="module")
def numbers(place: Path) -> Path:
    return learn(place, "numbers", "task=regression", "data.train.source=numbers.jsonl")


@pytest.fixture(scope="module")
def steps(place: Path) -> Path:
    """A run with an answer for each step, from left to right."""
    return learn(
        place,
        "steps",
        *("task=classification", "task.per_step=true", "data.train.source=steps.jsonl"),
        "model.bidirectional=false",
    )


def lines(capsysbinary: Any, *arguments: str) -> list[str]:
    """What a command that went well wrote."""
    assert main(list(arguments)) == 0
    return str(capsysbinary.readouterr().out.decode()).split("\n")[:-1]


def feed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_a_run_ends_with_scores_and_a_model(classes: Path) -> None:
    result = json.loads((classes / "result.json").read_text())
    assert result["metrics"]["test_accuracy"] > 0.95
    assert result["unit"] == "sequences"
    kinds = [json.loads(line) for line in (classes / "metrics.jsonl").read_text().splitlines()]
    assert {"valid_loss", "valid_accuracy", "valid_macro_f1"} <= kinds[-2].keys() | kinds[-3].keys()
    predictions = (classes / "test_predictions.jsonl").read_text().splitlines()
    assert len(predictions) == 150
    assert (classes / "curves.png").stat().st_size > 0


def test_every_format_gets_the_same_answers_in_order(
    classes: Path, place: Path, capsysbinary: Any
) -> None:
    model = ["--model", str(classes)]
    found = [
        lines(capsysbinary, "predict", *model, "--input", str(place / f"data.{kind}"))
        for kind in ("npz", "jsonl", "ts")
    ]
    assert len(found[0]) == 150
    assert found[0] == found[1] == found[2]
    made, _ = sequences()
    predictor = Predictor.load(classes)
    for line, steps in zip(found[0][:20], made, strict=False):
        label, share = line.split("\t")
        (alone,) = predictor.predict([steps])
        answer = alone.answers[0]
        assert answer.label == label and answer.probabilities is not None
        assert float(share) == pytest.approx(answer.probabilities[label], abs=1e-4)


def test_one_item_in_is_one_line_out(
    classes: Path, capsysbinary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = '{"source": [[1, 1]]}\nnot json\n\n{"source": [[1]]}\n{"source": [[-1, -1]]}'
    feed(monkeypatch, given)
    first, *bad, last = lines(capsysbinary, "predict", "--model", str(classes))
    assert (first[0], last[0], bad) == ("1", "0", ["", "", ""])
    arguments = given.split("\n")
    found = lines(capsysbinary, "predict", "--model", str(classes), *arguments)
    assert found == [first, *bad, last]
    feed(monkeypatch, given)
    found = lines(capsysbinary, "predict", "--model", str(classes), "--format", "jsonl")
    records = [json.loads(line) for line in found]
    assert [record["line"] for record in records] == [1, 2, 3, 4, 5]
    assert records[3]["fault"] == "1 features, where 2 are wanted"
    assert sum(records[0]["probabilities"].values()) == pytest.approx(1.0, abs=1e-4)


def test_evaluate_reads_the_answers_from_the_source(
    classes: Path, place: Path, capsysbinary: Any, tmp_path: Path
) -> None:
    options = ["--model", str(classes), "--source", str(place / "data.ts")]
    picture = tmp_path / "confusion.png"
    (line,) = lines(capsysbinary, "evaluate", *options, "--json", "--picture", str(picture))
    figures = json.loads(line)
    stored = json.loads((classes / "export" / "metrics.json").read_text())
    assert figures["accuracy"] == stored["test_accuracy"]
    assert figures["macro_f1"] == stored["test_macro_f1"]
    assert sum(map(sum, figures["confusion"])) == 150
    assert picture.stat().st_size > 0
    text = lines(capsysbinary, "evaluate", *options)
    assert "rows: the right class; columns: the answer" in text
    by_length = figures["by_length"]
    assert sum(each["answers"] for each in by_length) == 150
    right = sum(each["answers"] * each["score"] for each in by_length)
    assert right / 150 == pytest.approx(figures["accuracy"])
    assert by_length == stored["test_by_length"]
    assert any(line.startswith("up to length   answers   accuracy") for line in text)


def report(capsysbinary: Any, directory: Path, *options: str) -> str:
    """Return the text of the report that `evaluate` writes, without its elements."""
    lines(capsysbinary, "evaluate", *options, "--report", str(directory))
    page = (directory / "report.html").read_text()
    assert not re.search(r"https?:|<script|src=", page)
    body = re.sub(r"<title>.*?</title>", "", page.partition("<body>")[2])
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def test_a_report_of_classes_shows_confusions_calibration_and_mistakes(
    classes: Path, place: Path, capsysbinary: Any, tmp_path: Path
) -> None:
    made = [json.loads(line) for line in (place / "data.jsonl").read_text().splitlines()]
    made[4]["target"] = 1 - made[4]["target"]  # a mistake that the model is certain of
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in made))
    options = ["--model", str(classes), "--source", str(path)]
    (line,) = lines(capsysbinary, "evaluate", *options, "--json")
    figures = json.loads(line)
    text = report(capsysbinary, tmp_path / "report", *options)
    for heading in ("Scores", "Errors by length", "Confusions", "Calibration", "Classes"):
        assert text.count(heading) == 2  # in the table of contents, and above the section
    for name, label in (("accuracy", "accuracy"), ("macro_f1", "macro-F1"), ("loss", "loss")):
        assert f"{label} {figures[name]:.4f} (" in text
    wrong = 150 - sum(figures["confusion"][i][i] for i in range(2))
    mistakes = text.partition("line right class prediction probability sequence ")[2]
    assert mistakes.count(" steps, 2 features") == wrong >= 1
    first = re.match(r"(\d+) ([01]) ([01]) (0\.\d+|1\.000) ", mistakes)
    assert first and first[2] != first[3]
    assert f" 5 {made[4]['target']} {1 - made[4]['target']} " in f" {mistakes}"
    assert float(first[4]) > 0.7


def test_a_report_of_numbers_shows_residuals_and_the_worst(
    numbers: Path, place: Path, capsysbinary: Any, tmp_path: Path
) -> None:
    made = [json.loads(line) for line in (place / "numbers.jsonl").read_text().splitlines()]
    made[6]["target"][0] += 1000
    path = tmp_path / "numbers.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in made))
    options = ["--model", str(numbers), "--source", str(path)]
    (line,) = lines(capsysbinary, "evaluate", *options, "--json")
    figures = json.loads(line)
    text = report(capsysbinary, tmp_path / "report", *options)
    assert f"mean absolute error {figures['mae']:.4g} (" in text
    assert f"root mean squared error {figures['rmse']:.4g} (" in text
    assert "Output 2" in text and "Confusions" not in text
    worst = text.partition("line target prediction error sequence ")[2]
    assert worst.startswith(f"7 {made[6]['target'][0]:.6g}, ")


def test_a_report_of_steps_names_the_steps(
    steps: Path, place: Path, capsysbinary: Any, tmp_path: Path
) -> None:
    options = ["--model", str(steps), "--source", str(place / "steps.jsonl")]
    text = report(capsysbinary, tmp_path / "report", *options)
    made, _ = sequences()
    assert f"sequences 150 steps {sum(map(len, made)):,} " in text
    assert re.search(r"sequence \d+, step \d+ [01] [01] 0\.", text)


def test_several_models_or_files_of_labels_are_refused(
    classes: Path, place: Path, capsysbinary: Any
) -> None:
    options = ["evaluate", "--model", str(classes), "--source", str(place / "data.npz")]
    assert main([*options, "--versus", str(classes)]) == 2
    assert b"--versus" in capsysbinary.readouterr().err
    assert main([*options, "--target", "a", "--target", "b"]) == 2
    assert b"--target received 2 files" in capsysbinary.readouterr().err


def test_numbers_come_in_their_own_scale(numbers: Path, place: Path, capsysbinary: Any) -> None:
    source = str(place / "numbers.jsonl")
    found = lines(capsysbinary, "predict", "--model", str(numbers), "--input", source)
    assert len(found) == 150
    assert all(len(line.split()) == 2 for line in found)
    assert 90 < float(found[0].split()[0]) < 110
    (line,) = lines(capsysbinary, "evaluate", "--model", str(numbers), "--source", source, "--json")
    figures = json.loads(line)
    assert figures.keys() == {"mae", "rmse", "r2", "sequences", "by_length"}
    answers = [(each["answers"], each["score"]) for each in figures["by_length"]]
    assert sum(count * score for count, score in answers) / 150 == pytest.approx(figures["mae"])
    assert figures["r2"] > 0.3


def test_each_step_gets_an_answer_at_once_or_as_it_comes(
    steps: Path, place: Path, capsysbinary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = ["--model", str(steps)]
    whole = lines(capsysbinary, "predict", *model, "--input", str(place / "steps.jsonl"))
    made, _ = sequences()
    assert [len(line.split()) for line in whole] == [len(one) for one in made]
    text = "\n".join(" ".join(map(str, row)) for row in made[0])
    feed(monkeypatch, text)
    assert lines(capsysbinary, "predict", *model, "--stream") == whole[0].split()


def test_a_model_of_another_task_is_told(classes: Path, capsysbinary: Any, tmp_path: Path) -> None:
    assert main(["translate", "--model", str(classes), "a"]) == 1
    error = capsysbinary.readouterr().err.decode()
    assert error.endswith("is a model of classification; use `seq2seq predict`\n")
    assert main(["predict", "--model", str(classes), "--stream", "--input", "x"]) == 2
    assert main(["predict", "--model", str(classes), "--stream", "--padding-value", "0"]) == 2
    damaged = tmp_path / "damaged"
    shutil.copytree(classes / "export", damaged)
    (damaged / "answers.json").write_text("{}")
    capsysbinary.readouterr()
    assert main(["predict", "--model", str(damaged)]) == 1
    assert "answers.json is damaged" in capsysbinary.readouterr().err.decode()


def test_export_writes_the_same_model_again(classes: Path, tmp_path: Path) -> None:
    output = tmp_path / "again"
    assert main(["export", str(classes), "--output", str(output)]) == 0
    for name in ("weights.npz", "answers.json", "scale.json", "settings.json"):
        assert (output / name).read_bytes() == (classes / "export" / name).read_bytes()
    assert main(["inspect", str(output), "--json"]) == 0


def test_other_formats_are_written_from_the_same_run(
    classes: Path, tmp_path: Path, capsysbinary: Any
) -> None:
    for name, file in (("onnx", "model.onnx"), ("saved_model", "1/saved_model.pb")):
        assert main(["export", str(classes), "--format", name]) == 0
        printed = Path(capsysbinary.readouterr().out.decode().strip())
        assert printed == classes / f"export-{name}"
        assert (printed / file).is_file()
        shutil.rmtree(printed)
    assert main(["export", str(classes), "--format", "saved_model", "--quantize", "int8"]) == 2
    assert main(["export", str(classes), "--format", "x"]) == 2
    assert "it must be one of seq2seq, onnx" in capsysbinary.readouterr().err.decode()
    assert main(["export", str(classes), "--shortlist"]) == 1
    assert "leave --shortlist out" in capsysbinary.readouterr().err.decode()


def test_integers_cost_what_is_said(classes: Path, place: Path, capsysbinary: Any) -> None:
    assert main(["export", str(classes), "--quantize", "int8"]) == 0
    output = Path(capsysbinary.readouterr().out.decode().strip())
    assert output == classes / "export-int8"
    metrics = json.loads((output / "metrics.json").read_text())
    cost = metrics["quantization"]
    assert cost["sequences"] == 150 and cost["same_predictions"] > 140
    before, after = cost["float32_test_accuracy"], metrics["test_accuracy"]
    assert after - before == pytest.approx(cost["accuracy_difference"])
    assert before == json.loads((classes / "result.json").read_text())["metrics"]["test_accuracy"]
    source = ["--source", str(place / "data.npz"), "--json"]
    (line,) = lines(capsysbinary, "evaluate", "--model", str(output), *source)
    assert json.loads(line)["accuracy"] == pytest.approx(after)
    exact, integers = (Predictor.load(path) for path in (classes, output))
    assert (exact.exported_model.precision, integers.exported_model.precision) == (
        "float32",
        "int8",
    )
    made, _ = sequences()
    found = zip(exact.outputs(made), integers.outputs(made), strict=True)
    assert 0 < max(np.abs(a - b).max() for a, b in found) < 0.05
    shutil.rmtree(output)


@pytest.fixture(scope="module")
def padded(place: Path) -> list[str]:
    """Files with the sequences of `data.npz` filled up with -10; their labels are [150, 1]."""
    made, labels = sequences()
    values = np.full((150, 9, 2), -10.0)
    for row, steps in enumerate(made):
        values[row, : len(steps)] = steps
    np.savez(place / "padded.npz", values=values, labels=labels[:, np.newaxis])
    lines = [
        json.dumps({"source": steps.tolist(), "target": int(label)}) + "\n"
        for steps, label in zip(values, labels, strict=True)
    ]
    (place / "padded.jsonl").write_text("".join(lines))
    return [str(place / "padded.npz"), str(place / "padded.jsonl")]


def test_a_padding_value_of_another_file_can_be_given(
    classes: Path, place: Path, padded: list[str], capsysbinary: Any
) -> None:
    model = ["--model", str(classes)]
    plain = lines(capsysbinary, "predict", *model, "--input", str(place / "data.npz"))
    scores = lines(capsysbinary, "evaluate", *model, "--source", str(place / "data.npz"), "--json")
    padding = ["--padding-value", "-10"]
    for path in padded:
        assert lines(capsysbinary, "predict", *model, *padding, "--input", path) == plain
        found = lines(capsysbinary, "evaluate", *model, *padding, "--source", path, "--json")
        assert found == scores
    assert lines(capsysbinary, "predict", *model, "--input", padded[1]) != plain
    for wrong in ("x", "inf", "1_0"):
        arguments = ["predict", *model, "--padding-value", wrong, "--input", padded[0]]
        assert main(arguments) == 2
        error = capsysbinary.readouterr().err.decode()
        assert f"argument --padding-value: must be a number or nan, not {wrong!r}" in error


def test_standard_input_is_padded_and_encoded_as_said(
    classes: Path, place: Path, padded: list[str], capsysbinary: Any, monkeypatch: Any
) -> None:
    model = ["--model", str(classes)]
    plain = lines(capsysbinary, "predict", *model, "--input", str(place / "data.npz"))
    feed(monkeypatch, "\ufeff" + Path(padded[1]).read_text())
    assert lines(capsysbinary, "predict", *model, "--padding-value", "-10") == plain
    assert main(["predict", *model, "--encoding", "utf-16"]) == 2
    error = capsysbinary.readouterr().err.decode()
    assert error.endswith("--encoding utf-16 is for a file; give --input FILE\n")


def test_files_in_another_encoding_are_read_or_named(
    classes: Path, place: Path, capsysbinary: Any, tmp_path: Path
) -> None:
    model = ["--model", str(classes)]
    path = tmp_path / "data.jsonl"
    path.write_bytes((place / "data.jsonl").read_text().encode("utf-16"))
    plain = lines(capsysbinary, "predict", *model, "--input", str(place / "data.npz"))
    given = ["--input", str(path)]
    assert lines(capsysbinary, "predict", *model, *given, "--encoding", "utf-16") == plain
    assert main(["predict", *model, *given]) == 1
    error = capsysbinary.readouterr().err.decode()
    assert f"{path} is UTF-16-LE and would be read as UTF-8" in error


def test_labels_of_any_content_keep_the_columns(place: Path, capsysbinary: Any) -> None:
    names = ["New York, NY", "tab\tin", "new\nline", "plain"]
    made, _ = sequences()
    rows = [
        json.dumps({"source": steps.tolist(), "target": names[number % 4]}) + "\n"
        for number, steps in enumerate(made)
    ]
    (place / "names.jsonl").write_text("".join(rows))
    source = "data.train.source=names.jsonl"
    run = learn(place, "names", "task=classification", source, "training.max_epochs=1")
    given = str(place / "names.jsonl")
    found = lines(capsysbinary, "predict", "--model", str(run), "--input", given)
    assert len(found) == 150
    assert {line.count("\t") for line in found} == {1}
    table = lines(capsysbinary, "evaluate", "--model", str(run), "--source", given)[-5:]
    assert {len(line) for line in table} == {len(table[0])}
    assert [row.split()[0] for row in table[1:]] == ["New", '"new\\nline"', "plain", '"tab\\tin"']


def test_a_bad_line_of_a_stream_is_not_its_end(
    steps: Path, capsysbinary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, "1 1\n?\n-1 -1\n")
    arguments = ["predict", "--model", str(steps), "--stream"]
    assert main(arguments) == 0
    shown = capsysbinary.readouterr()
    first, bad, last = shown.out.decode().split("\n")[:-1]
    assert first and last and bad == ""
    assert "line 2: '?' is not a step of numbers; no prediction" in shown.err.decode()
