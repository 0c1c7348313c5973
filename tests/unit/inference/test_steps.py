"""Step by step: the last answer is that to the whole sequence."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest

from seq2seq.artefact.labelling import LabellingArtefact
from seq2seq.data.sequences.answers import Answers
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.moments import Scale
from seq2seq.errors import DataError, SettingsError
from seq2seq.inference.predictor import Predictor
from seq2seq.inference.steps import answer_steps
from seq2seq.model.labelling import Head, build_labelling_model
from seq2seq.model.weights import initialise_weights, weight_arrays
from seq2seq.settings import ModelSettings, Settings, TaskSettings, TrainingSettings


def make_predictor(pooling: str = "last", **fields: Any) -> Predictor:
    per_step = pooling == "steps"
    task = TaskSettings(
        "classification", per_step=per_step, pooling="last" if per_step else pooling
    )
    model = ModelSettings(**{"units": 8, "encoder_layers": 2, "bidirectional": False, **fields})
    settings = Settings(task=task, model=model, training=TrainingSettings(monitor="valid_accuracy"))
    built = build_labelling_model(model, Head(3, per_step, task.pooling), vocab=0, features=2)
    initialise_weights(built, seed=4)
    answers = Answers("classification", per_step, False, classes=("a", "b", "c"), counts=(1, 1, 1))
    weights = {name: 3 * array for name, array in weight_arrays(built).items()}
    inputs = Inputs(scale=Scale((1.0, -2.0), (2.0, 0.5)))
    return Predictor.from_artefact(LabellingArtefact(settings, weights, inputs, answers))


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
    answer_steps(predictor, io.BytesIO(lines), output, as_json=True)
    first, second, blank, again = output.getvalue().decode().split("\n")[:-1]
    assert blank == "" and first != second
    assert json.loads(first)["probabilities"] == json.loads(again)["probabilities"]
    with pytest.raises(DataError, match="line 1: 'a b' is not a step of numbers"):
        answer_steps(predictor, io.BytesIO(b"a b\n"), io.BytesIO(), as_json=False)
