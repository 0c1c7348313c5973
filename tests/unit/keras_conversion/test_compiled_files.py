"""Compiled models, as nearly every file holds one: what only training needs is not in the way."""

from __future__ import annotations

import functools
import json
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from seq2seq import convert
from seq2seq.keras_conversion.model_file import load_model

STEPS = 5


class Distance(keras.losses.Loss):  # type: ignore[misc]
    def call(self, wanted: Any, given: Any) -> Any:
        return ops.mean(ops.abs(wanted - given), axis=-1)


class Largest(keras.metrics.Metric):  # type: ignore[misc]
    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.largest = self.add_weight(name="largest", initializer="zeros")

    def update_state(self, wanted: Any, given: Any, sample_weight: Any = None) -> None:
        self.largest.assign(ops.max(ops.abs(wanted - given)))

    def result(self) -> Any:
        return self.largest


class Descent(keras.optimizers.SGD):  # type: ignore[misc]
    pass


def quantile(share: float) -> Callable[[Any, Any], Any]:
    def loss(wanted: Any, given: Any) -> Any:
        return ops.mean(ops.maximum(share * (wanted - given), (share - 1) * (wanted - given)))

    return loss


COMPILED: dict[str, dict[str, Any]] = {
    **{
        name: {"optimizer": name} for name in ("sgd", "rmsprop", "adam", "adamw", "adamax", "nadam")
    },
    **{name: {"optimizer": name} for name in ("adagrad", "adadelta", "adafactor", "ftrl", "lion")},
    **{name: {"loss": name} for name in ("mae", "mape", "huber", "log_cosh", "poisson", "hinge")},
    "crossentropy": {"loss": "binary_crossentropy", "metrics": ["accuracy", keras.metrics.AUC()]},
    "metrics": {"metrics": ["mae", "mse", keras.metrics.RootMeanSquaredError()]},
    "weighted metrics": {"weighted_metrics": ["mae"], "loss_weights": [0.5]},
    "own loss": {"loss": Distance()},
    "own function": {"loss": quantile(0.3)},
    "lambda": {"loss": lambda wanted, given: ops.mean(wanted - given)},
    "own metric": {"metrics": [Largest(), quantile(0.3)]},
    "own optimizer": {"optimizer": Descent()},
    "schedule": {
        "optimizer": keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(0.1, 10), clipnorm=1.0, use_ema=True
        )
    },
    "scaled": {"optimizer": keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam())},
    "settings": {"jit_compile": False, "run_eagerly": True, "steps_per_execution": 2},
}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    keras.utils.set_random_seed(1)  # dropout needs one where operations must repeat
    with warnings.catch_warnings(action="ignore"):
        yield


def small() -> keras.Model:
    return keras.Sequential([keras.Input((STEPS, 2)), layers.GRU(3), layers.Dense(1)])


def fitted(**settings: Any) -> keras.Model:
    """A model after one step of training, with what that leaves in its optimizer."""
    model = small()
    model.compile(**{"optimizer": "sgd", "loss": "mse", **settings})
    random = np.random.default_rng(0)
    model.fit(random.normal(size=(2, STEPS, 2)), random.random((2, 1)), verbose=0)
    return model


def same_answers(one: keras.Model, other: keras.Model) -> None:
    given = np.random.default_rng(1).normal(size=(2, STEPS, 2)).astype(np.float32)
    np.testing.assert_allclose(one(given), other(given), atol=1e-6)


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return small()


@pytest.mark.parametrize("name", COMPILED)
def test_a_compiled_file_is_read(name: str, model: keras.Model, tmp_path: Path) -> None:
    model.compile(**{"optimizer": "sgd", "loss": "mse", **COMPILED[name]})
    model.save(tmp_path / "model.keras")
    same_answers(model, load_model(tmp_path / "model.keras"))


def test_a_fitted_file_is_converted(tmp_path: Path) -> None:
    model = fitted(optimizer="adam", loss=Distance(), metrics=[Largest()])
    for suffix in ("keras", "h5"):
        model.save(tmp_path / f"model.{suffix}")
        variable = convert(tmp_path / f"model.{suffix}")
        same_answers(model, variable)
        assert not variable.compiled


def test_a_fitted_model_is_converted_and_stays_compiled() -> None:
    """Also with a loss that Keras does not know to save."""
    inner = keras.Sequential([keras.Input((STEPS, 2)), layers.GRU(3, return_sequences=True)])
    inner.compile("sgd", functools.partial(keras.losses.huber, delta=2.0))
    model = keras.Sequential([keras.Input((STEPS, 2)), inner, layers.GRU(2)])
    model.compile("adam", functools.partial(keras.losses.huber, delta=2.0))
    same_answers(model, convert(model))
    assert model.compiled and inner.compiled


def test_compiled_models_in_a_compiled_model(tmp_path: Path) -> None:
    inner = keras.Sequential([keras.Input((STEPS, 2)), layers.GRU(3, return_sequences=True)])
    inner.compile(Descent(), quantile(0.2), metrics=[Largest()])
    model = keras.Sequential([keras.Input((STEPS, 2)), inner, layers.GRU(2)])
    model.compile("adam", quantile(0.1))
    model.save(tmp_path / "model.keras")
    same_answers(model, convert(tmp_path / "model.keras"))


def test_nothing_of_a_compilation_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trusted or not: a file may name anything there, and it stays a name."""
    monkeypatch.chdir(tmp_path)
    fitted().save("model.keras")
    harm = {"module": "os", "class_name": "function", "config": "mkdir"}
    with zipfile.ZipFile("model.keras") as old, zipfile.ZipFile("harm.keras", "w") as new:
        config = json.loads(old.read("config.json"))
        config["compile_config"] = {
            "optimizer": {"module": "os", "class_name": "mkdir", "config": {"path": "made"}},
            "loss": {"module": "not_there", "class_name": "Loss", "config": {}},
            "metrics": [harm, {"class_name": "__lambda__", "config": {"value": ["x", None, None]}}],
        }
        config["config"]["layers"][1]["compile_config"] = {"loss": harm}
        new.writestr("config.json", json.dumps(config))
        for name in ("metadata.json", "model.weights.h5"):
            new.writestr(name, old.read(name))
    for trust in (False, True):
        same_answers(load_model(Path("model.keras")), load_model(Path("harm.keras"), trust=trust))
    assert not Path("made").exists()
