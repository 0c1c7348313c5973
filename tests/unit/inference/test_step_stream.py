"""Step by step: the last answer is that to the whole sequence."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest

from seq2seq.config.schema import ModelSettings, Settings, TaskSettings, TrainingSettings
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.scaling import Scale
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.errors import DataError, SettingsError
from seq2seq.export.exported_label_model import ExportedLabelModel
from seq2seq.inference.predictor import Predictor
from seq2seq.inference.step_stream import predict_steps
from seq2seq.model.label_model import Head, build_label_model
from seq2seq.model.weights import initialise_weights, weight_arrays


def make_predictor(pooling: str = "last", **fields: Any) -> Predictor:
    per_step = pooling == "steps"
    task = TaskSettings(
        "classification", per_step=per_step, pooling="last" if per_step else pooling
    )
    model = ModelSettings(**{"units": 8, "encoder_layers": 2, "bidirectional": False, **fields})
    settings = Settings(task=task, model=model, training=TrainingSettings(monitor="valid_accuracy"))
    built = build_label_model(model, Head(3, per_step, task.pooling), vocab=0, features=2)
    initialise_weights(built, seed=4)
    answers = TargetSchema(
        "classification", per_step, False, classes=("a", "b", "c"), counts=(1, 1, 1)
    )
    weights = {name: 3 * array for name, array in weight_arrays(built).items()}
    inputs = Inputs(scale=Scale((1.0, -2.0), (2.0, 0.5)))
    return Predictor.from_exported_model(ExportedLabelModel(settings, weights, inputs, answers))


@pytest.mark.parametrize("pooling", ["last", "mean", "max", "attention", "steps"])
def test_after_each_step_the_answer_is_that_to_the_steps_so_far(pooling: str) -> None:
    predictor = make_predictor(pooling)
    steps = np.random.default_rng(0).standard_normal((9, 2)).astype(np.float32)
    stream = predictor.stream()
    for end in range(1, len(steps) + 1):
        given = stream.push(steps[end - 1]).probabilities
        (whole,) = predictor.predict([steps[:end]])
        assert given == pytest.approx(whole.answers[-1].probabilities, abs=1e-6)
    stream.restart()
    (first,) = predictor.predict([steps[:1]])
    again = stream.push(steps[0]).probabilities
    assert again == pytest.approx(first.answers[0].probabilities, abs=1e-6)


def test_a_model_that_reads_both_ways_refuses() -> None:
    with pytest.raises(SettingsError, match=r"bidirectional .* model\.bidirectional=false"):
        make_predictor(bidirectional=True).stream()


def test_a_model_with_a_front_end_refuses() -> None:
    with pytest.raises(SettingsError, match=r"several steps at once, .* model\.front_end=none"):
        make_predictor(front_end="convolution").stream()


def test_an_encoder_without_states_refuses() -> None:
    predictor = make_predictor(encoder="transformer", attention_heads=2, bidirectional=True)
    with pytest.raises(SettingsError, match=r"encoder=transformer reads whole .*encoder=lstm and"):
        predictor.stream()


def test_a_step_must_be_one() -> None:
    stream = make_predictor().stream()
    with pytest.raises(DataError, match="a step received 3 values; it must be 2 finite numbers"):
        stream.push([1.0, 2.0, 3.0])
    with pytest.raises(DataError, match="finite"):
        stream.push([1.0, float("nan")])


def test_lines_of_steps_give_lines_of_answers() -> None:
    predictor = make_predictor("mean")
    output = io.BytesIO()
    lines = b"0.5 -1\n[2, 3]\n\n0.5,-1\n"
    predict_steps(predictor, io.BytesIO(lines), output, as_json=True)
    first, second, blank, again = output.getvalue().decode().split("\n")[:-1]
    assert blank == "" and first != second
    assert json.loads(first)["probabilities"] == json.loads(again)["probabilities"]


BAD_LINES = {
    b"a b": "'a b' is not a step of numbers",
    b"1 2 3": "a step received 3 values; it must be 2 finite numbers",
    b"1 nan": "a step received 2 values; it must be 2 finite numbers",
    b"1 1e39": "a step received 2 values; it must be 2 finite numbers",
    b"[1, null]": "'[1, null]' is not a step of numbers",
    b"[1, " + b"9" * 400 + b"]": "is not a step of numbers",
    b"[" * 100_000: "is not a step of numbers",
    b"1_0 2": "'1_0 2' is not a step of numbers",
    b"1 \xff": "is not a step of numbers",
}


@pytest.mark.parametrize("as_json", [True, False])
def test_a_bad_line_is_an_error_of_that_line(
    as_json: bool, caplog: pytest.LogCaptureFixture
) -> None:
    predictor = make_predictor("last")
    good, mixed = io.BytesIO(), io.BytesIO()
    predict_steps(predictor, io.BytesIO(b"1 2\n3 4\n"), good, as_json=as_json)
    lines = b"\n".join([b"1 2", *BAD_LINES, b"3 4"])
    predict_steps(predictor, io.BytesIO(lines), mixed, as_json=as_json)
    first, *bad, last = mixed.getvalue().decode().splitlines()
    warnings = [record.getMessage() for record in caplog.records if record.name == "seq2seq"]
    assert len(warnings) == len(BAD_LINES) == len(bad)
    for number, (told, error) in enumerate(zip(warnings, BAD_LINES.values(), strict=True)):
        assert told.startswith(f"line {number + 2}: ") and told.endswith(f"{error}; no prediction")
    wanted = good.getvalue().decode().splitlines()
    assert first == wanted[0]
    if as_json:
        assert [json.loads(line)["line"] for line in bad] == list(range(2, len(bad) + 2))
        assert all("fault" in json.loads(line) for line in bad)
        assert {**json.loads(last), "line": 2} == json.loads(wanted[1])
    else:
        assert (set(bad), last) == ({""}, wanted[1])


def test_a_stream_of_steps_may_begin_with_a_byte_order_mark() -> None:
    output = io.BytesIO()
    predict_steps(make_predictor(), io.BytesIO(b"\xef\xbb\xbf1 2\r\n"), output, as_json=False)
    assert len(output.getvalue().split(b"\t")) == 2
