"""Predictions of sequences from Python: as many as sequences, and read as in training."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from seq2seq.config.data_schema import DataSettings, FeatureSettings
from seq2seq.config.schema import ModelSettings, Settings, TaskSettings, TrainingSettings
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.scaling import Scale
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.errors import DataError, SettingsError
from seq2seq.export.exported_label_model import ExportedLabelModel
from seq2seq.inference.predictor import Predictor
from seq2seq.model.label_model import Head, build_label_model
from seq2seq.model.weights import initialise_weights, weight_arrays

SECONDS = Scale((1.7e9,), (5.0,), "float64")


@pytest.fixture(scope="module")
def exported_model() -> ExportedLabelModel:
    model = ModelSettings(units=4)
    settings = Settings(
        task=TaskSettings("classification"),
        model=model,
        training=TrainingSettings(monitor="valid_accuracy"),
    )
    built = build_label_model(model, Head(2, False, "last"), vocab=0, features=1)
    initialise_weights(built, seed=4)
    weights = {name: 3 * array for name, array in weight_arrays(built).items()}
    answers = TargetSchema("classification", False, False, classes=("a", "b"), counts=(1, 1))
    return ExportedLabelModel(settings, weights, Inputs(scale=Scale((1.0,), (2.0,))), answers)


def probabilities(predictor: Predictor, *sequences: Any) -> list[float]:
    return [
        prediction.answers[0].probabilities["b"]  # type: ignore[index]
        for prediction in predictor.predict(list(sequences))
    ]


def with_features(exported_model: ExportedLabelModel, **features: Any) -> Predictor:
    data = DataSettings(features=FeatureSettings(**features))
    return Predictor.from_exported_model(
        replace(exported_model, settings=replace(exported_model.settings, data=data))
    )


@pytest.mark.parametrize("text", ["good film", b"good film"])
def test_one_text_in_place_of_a_list_is_refused(
    exported_model: ExportedLabelModel, text: Any
) -> None:
    predictor = Predictor.from_exported_model(exported_model)
    with pytest.raises(TypeError, match=r"a list of texts or arrays, not one text: give \[text\]"):
        predictor.predict(text)


def test_arrays_are_read_as_the_files_of_training_were(exported_model: ExportedLabelModel) -> None:
    padded = with_features(exported_model, padding_value="-10", missing="previous")
    (wanted,) = probabilities(padded, [1.0, 1.0, 3.0])
    found = probabilities(
        padded, [1.0, 1.0, 3.0, -10.0], [[-10.0], [1.0], [1.0], [3.0]], [1.0, np.nan, 3.0]
    )
    assert found == pytest.approx([wanted] * 3, abs=1e-7)
    with pytest.raises(DataError, match=r"^sequence 2: a missing value .* at step 2, feature 1"):
        Predictor.from_exported_model(exported_model).predict([[1.0], [1.0, np.nan, 2.0]])
    with pytest.raises(DataError, match=r"^sequence 1 is no text and no array of numbers"):
        padded.predict([["a", "b"]])
    with pytest.raises(DataError, match=r"^sequence 1 is an array of \[0, 1\]; it must be numbers"):
        padded.predict([[]])


def test_seconds_since_1970_are_scaled_in_float64(exported_model: ExportedLabelModel) -> None:
    plain = Predictor.from_exported_model(
        replace(exported_model, inputs=Inputs(scale=Scale((0.0,), (5.0,))))
    )
    timed = Predictor.from_exported_model(replace(exported_model, inputs=Inputs(scale=SECONDS)))
    shifts = np.array([0.5, 1.0, 9.0])
    assert probabilities(timed, 1.7e9 + shifts) == pytest.approx(
        probabilities(plain, shifts), abs=1e-6
    )
    first, second = probabilities(timed, 1.7e9 + shifts, 1.7e9 + shifts + 1)
    assert abs(first - second) > 1e-4


def test_an_old_scale_is_read_as_float32() -> None:
    old = {"mean": [1.7e9], "deviation": [5.0]}
    assert Scale.from_json(old).precision == "float32"
    with pytest.raises(ValueError, match="no precision 'int8'"):
        Scale.from_json({**old, "precision": "int8"})


def with_limit(exported_model: ExportedLabelModel, rule: Any, **options: Any) -> Predictor:
    data = DataSettings(max_length=4, long=rule, **options)
    return Predictor.from_exported_model(
        replace(exported_model, settings=replace(exported_model.settings, data=data))
    )


def test_a_long_sequence_is_read_as_in_training(
    exported_model: ExportedLabelModel, caplog: pytest.LogCaptureFixture
) -> None:
    long, short = np.random.default_rng(0).normal(size=9), np.array([0.5, -0.5])
    plain = Predictor.from_exported_model(exported_model)
    (whole,) = probabilities(plain, long)
    assert probabilities(with_limit(exported_model, "drop"), long, short)[0] == whole
    parts = {
        "head": [long[:4]],
        "tail": [long[-4:]],
        "windows": [long[:4], long[3:7], long[5:]],
    }
    (alone,) = probabilities(plain, short)
    for rule, windows in parts.items():
        options = {"stride": 3} if rule == "windows" else {}
        caplog.clear()
        found = probabilities(with_limit(exported_model, rule, **options), short, long)
        wanted = [alone, float(np.mean(probabilities(plain, *windows)))]
        assert found == pytest.approx(wanted, abs=1e-6)
        assert abs(found[1] - whole) > 1e-4
        end = {"head": "first", "tail": "last"}.get(rule)
        said = f"sequence 2: 9 long and data.max_length is 4: only the {end} 4 are read"
        ours = [each.message for each in caplog.records if each.name == "seq2seq"]
        assert ours == ([said] if end else [])


@pytest.mark.parametrize("rule", ["head", "tail", "windows"])
def test_a_model_that_cuts_cannot_predict_step_by_step(
    exported_model: ExportedLabelModel, rule: Any
) -> None:
    model = replace(exported_model.settings.model, bidirectional=False)
    settings = replace(
        exported_model.settings, model=model, data=DataSettings(max_length=4, long=rule)
    )
    built = build_label_model(model, Head(2, False, "last"), vocab=0, features=1)
    changed = replace(exported_model, settings=settings, weights=weight_arrays(built))
    with pytest.raises(SettingsError, match=f"data.long={rule} reads at most 4 steps at once"):
        Predictor.from_exported_model(changed).stream()
