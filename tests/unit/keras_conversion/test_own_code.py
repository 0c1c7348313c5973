"""Code of the user's own in a model: in memory, in a file, trusted or not, and when it fails."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from seq2seq import convert
from seq2seq.errors import ConversionError

STEPS = 5


class Loop(layers.Layer):  # type: ignore[misc]
    """A cell run over the steps by a loop in Python, which needs their number; not registered."""

    def __init__(self, units: int, **settings: Any) -> None:
        super().__init__(**settings)
        self.units = units
        self.cell = layers.LSTMCell(units)

    def build(self, shape: Any) -> None:
        self.cell.build((shape[0], shape[2]))

    def call(self, inputs: Any) -> Any:
        states = [ops.zeros((ops.shape(inputs)[0], self.units))] * 2
        outputs = []
        for step in range(inputs.shape[1]):
            output, states = self.cell(inputs[:, step], states)
            outputs.append(output)
        return ops.stack(outputs, axis=1)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units}


class Scale(layers.Layer):  # type: ignore[misc]
    """A layer without need of a length; not registered."""

    def __init__(self, factor: float = 1.0, **settings: Any) -> None:
        super().__init__(**settings)
        self.supports_masking = True
        self.factor = factor

    def call(self, inputs: Any) -> Any:
        return inputs * self.factor

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor}


class Forgetful(Scale):
    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["factor"]
        return config


class Closed(layers.Layer):  # type: ignore[misc]
    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def call(self, inputs: Any) -> Any:
        return inputs * self.factor


@keras.saving.register_keras_serializable(package="tests")
class Registered(Scale):
    pass


class Cell(layers.GRUCell):  # type: ignore[misc]
    pass


class Weighing(keras.regularizers.Regularizer):  # type: ignore[misc]
    def __call__(self, weight: Any) -> Any:
        return ops.sum(weight)

    def get_config(self) -> dict[str, Any]:
        return {}


class Tenths(keras.initializers.Initializer):  # type: ignore[misc]
    def __call__(self, shape: Any, dtype: Any = None, **settings: Any) -> Any:
        return 0.1 * ops.ones(shape, dtype)

    def get_config(self) -> dict[str, Any]:
        return {}


def third(inputs: Any) -> Any:
    return inputs / 3


def of_factor(factor: float) -> Any:
    def scaled(inputs: Any) -> Any:
        return factor * inputs

    return scaled


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with warnings.catch_warnings(action="ignore"):
        yield


def chain(*each: Any) -> keras.Model:
    return keras.Sequential([keras.Input((STEPS, 2)), *each])


def same_answers(one: keras.Model, other: keras.Model) -> None:
    given = np.random.default_rng(0).normal(size=(2, STEPS, 2)).astype(np.float32)
    np.testing.assert_allclose(one(given), other(given), atol=1e-6)


@pytest.mark.parametrize("suffix", ["keras", "h5"])
def test_a_layer_that_is_not_registered_is_refused_for_that(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"loop.{suffix}"
    model = chain(Loop(3, name="loop"), layers.Dense(1))
    model.compile("adam", "mse")
    model.save(path)
    with pytest.raises(ConversionError) as caught:
        convert(path)
    told = "Layer 'loop' (Loop) is not a plain layer of Keras 3"
    if suffix == "keras":  # it names the module of a class, where there is one
        told += (
            f" but of the module {__name__!r}, and code of someone's own is not run unasked; if "
            "you trust where the file comes from and have that module, add --trust (in Python: "
            "trust=True)."
        )
    else:
        told += (
            ", and the file says neither its code nor its module; in Python, where Loop is "
            "defined, call seq2seq.convert(FILE, custom_objects={'Loop': Loop})."
        )
    assert str(caught.value) == told
    with pytest.raises(ConversionError) as caught:
        convert(path, custom_objects={"Loop": Loop})
    assert str(caught.value) == (
        "Layer 'loop' (Loop) cannot be called without a fixed number of steps: 'NoneType' object "
        "cannot be interpreted as an integer; let its code do without the number of steps "
        "(keras.layers.RNN runs a cell over any)."
    )


@pytest.mark.parametrize("suffix", ["keras", "h5"])
def test_a_file_is_read_with_the_code_that_it_is_given(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"scale.{suffix}"
    model = chain(Scale(2.0), layers.GRU(3, activation=third))
    model.save(path)
    variable = convert(path, custom_objects={"Scale": Scale, "third": third}, mask_value=0.0)
    same_answers(model, variable)
    assert variable.inputs[0].shape == (None, None, 2)


@pytest.mark.parametrize("suffix", ["keras", "h5"])
def test_a_registered_layer_needs_nothing_more(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"registered.{suffix}"
    model = chain(Registered(2.0), layers.GRU(3))
    model.save(path)
    same_answers(model, convert(path))


def test_own_cells_regularizers_initializers_and_functions_in_memory() -> None:
    model = chain(
        layers.Dense(2, activation=lambda x: x * 0.2, kernel_regularizer=Weighing()),
        layers.RNN([Cell(3), layers.LSTMCell(2)], return_sequences=True),
        layers.GRU(2, activation=third, recurrent_initializer=Tenths()),
    )
    variable = convert(model)
    same_answers(model, variable)
    assert isinstance(variable.layers[0].kernel_regularizer, Weighing)


def test_what_only_training_needs_is_not_missed_in_a_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = chain(
        layers.GRU(3, kernel_regularizer=Weighing(), recurrent_initializer=Tenths(), name="gru"),
        layers.Dense(1, kernel_regularizer="l2", bias_constraint=lambda w: w, name="dense"),
    )
    model.save(tmp_path / "own.keras")
    variable = convert(tmp_path / "own.keras")
    same_answers(model, variable)
    assert variable.layers[0].kernel_regularizer is None
    assert isinstance(variable.layers[1].kernel_regularizer, keras.regularizers.L2)
    for part in (
        "layer 'gru' (GRU) is without its kernel_regularizer 'Weighing'",
        "layer 'gru' (GRU) is without its recurrent_initializer 'Tenths'",
        "layer 'dense' (Dense) is without its bias_constraint",
    ):
        assert part in caplog.text


def test_an_error_in_trusted_code_names_the_layer(tmp_path: Path) -> None:
    path = tmp_path / "code.keras"
    last = layers.Lambda(lambda x: missing(x), output_shape=(3,), name="last")  # noqa: F821
    chain(layers.GRU(3), last).save(path)
    with pytest.raises(ConversionError) as caught:
        convert(path, trust=True)
    assert str(caught.value) == (
        "Layer 'last' (Lambda) raises an error in its own code, NameError: name 'missing' is not "
        "defined; a file holds its code without what that refers to, so convert the model in "
        "Python, where it is made, with seq2seq.convert(MODEL)."
    )


def test_an_error_while_shapes_are_found_out_names_the_layer(tmp_path: Path) -> None:
    path = tmp_path / "code.h5"
    chain(layers.GRU(3), layers.Lambda(lambda x: np.asarray([0])[7], name="seventh")).save(path)
    reason = r"^Layer 'seventh' \(Lambda\) raises an error in its own code, NameError: name 'np' is"
    with pytest.raises(ConversionError, match=reason):
        convert(path, trust=True)
    model = chain(layers.GRU(3), layers.Lambda(lambda x: np.asarray([0])[7], name="seventh"))
    with pytest.raises(ConversionError, match=r"^Layer 'seventh' .*IndexError: index 7 is out of"):
        convert(model)


def test_a_layer_that_does_not_save_all_that_it_answers_by_is_found() -> None:
    with pytest.raises(
        ConversionError, match=r"answers differently, .*let 'forgetful' \(Forgetful"
    ):
        convert(chain(Forgetful(3.0), layers.GRU(2)))


def test_a_layer_that_keras_cannot_make_again_is_told() -> None:
    with pytest.raises(
        ConversionError, match=r"cannot make a Closed again .*let its __init__ take"
    ):
        convert(chain(Closed(3.0), layers.GRU(2)))


def test_two_functions_of_one_name_are_refused() -> None:
    model = chain(
        layers.Dense(2, activation=of_factor(2.0)), layers.GRU(2, activation=of_factor(0.3))
    )
    with pytest.raises(ConversionError, match="two functions of the name 'scaled'"):
        convert(model)


def test_a_lambda_without_a_length_says_what_went_wrong() -> None:
    model = chain(layers.Lambda(lambda x: ops.sum(x, axis=1) / x.shape[1], name="mean"))
    with pytest.raises(ConversionError, match=r"^Layer 'mean' \(Lambda\) cannot be called without"):
        convert(model)


def test_a_model_of_an_own_class_is_refused_unread(tmp_path: Path) -> None:
    class Own(keras.Model):  # type: ignore[misc]
        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self.gru = layers.GRU(2)

        def call(self, inputs: Any) -> Any:
            return self.gru(inputs)

    model = Own()
    model(np.zeros((1, STEPS, 2), np.float32))
    model.save(tmp_path / "own.keras")
    for trust in (False, True):
        with pytest.raises(ConversionError, match="The model is of the class Own, and a file s"):
            convert(tmp_path / "own.keras", trust=trust)


def test_a_module_is_imported_only_for_what_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loss is not needed to answer, so that its module is not imported, trusted or not."""
    (tmp_path / "own_losses.py").write_text(
        "import keras\n"
        "class Distance(keras.losses.Loss):\n"
        "    def call(self, wanted, given):\n"
        "        return keras.ops.abs(wanted - given)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    model = chain(layers.GRU(3), layers.Dense(1))
    model.compile("adam", __import__("own_losses").Distance())
    model.save(tmp_path / "model.keras")
    monkeypatch.delitem(sys.modules, "own_losses")
    for trust in (False, True):
        same_answers(model, convert(tmp_path / "model.keras", trust=trust))
        assert "own_losses" not in sys.modules
