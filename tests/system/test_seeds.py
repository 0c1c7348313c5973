"""Small models that people ask about, built and fitted as they are, and converted.

The examples are those of `shared/seeds/README.md`: three sequences padded with zeros, the same in
batches of their own lengths, a loop over a cell, windows of 60 days of prices, 1,000 sequences of
two features padded with -10, and text. Whatever the padding of a sequence, and whatever stands
beside it in a batch, its answer stays the same.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from seq2seq import SequenceClassifier, SequenceRegressor, convert
from seq2seq.commands.main import main
from seq2seq.errors import ConversionError

THREE = [[1, 2, 3], [4, 5, 6, 7, 8], [9, 10]]
TARGETS = [10.0, 20.0, 30.0]
PADDING = -10.0


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Keras and NumPy warn each other; and dropout needs a seed where operations must repeat."""
    keras.utils.set_random_seed(1)
    with warnings.catch_warnings(action="ignore"):
        yield


def pad(sequences: list[Any], width: int, value: float, *, side: str = "right") -> Any:
    """`[sequences, width, features]`, filled up with a value on either side."""
    arrays = [np.asarray(each, np.float32).reshape(len(each), -1) for each in sequences]
    batch = np.full((len(arrays), width, arrays[0].shape[1]), value, np.float32)
    for row, steps in zip(batch, arrays, strict=True):
        row[slice(len(steps)) if side == "right" else slice(width - len(steps), None)] = steps
    return batch


def converted(model: keras.Model, folder: Path, *options: str) -> keras.Model:
    """What `seq2seq convert` makes of a saved model, as whoever gets it loads it."""
    model.save(folder / "fixed.keras")
    command = ["convert", str(folder / "fixed.keras"), "--output", str(folder / "variable.keras")]
    assert main([*command, *options]) == 0
    return keras.saving.load_model(folder / "variable.keras")


def compiled(model: keras.Model) -> Any:
    """The model with one trace for all shapes; without, Keras' loops take many times as long."""
    import tensorflow as tf

    signature = [tf.TensorSpec(model.inputs[0].shape, tf.float32)]
    return tf.function(model, input_signature=signature, autograph=False)


def check_padding(run: Any, sequences: list[Any], value: float) -> None:
    """Each sequence alone gets the answer that it gets in a batch, however that is padded."""
    alone = [float(run(pad([each], len(each), value))[0, 0]) for each in sequences]
    longest = max(map(len, sequences))
    for width in (longest, longest + 1, 3 * longest):
        for side in ("right", "left"):
            batch = run(pad(sequences, width, value, side=side))
            np.testing.assert_allclose(batch[:, 0], alone, atol=1e-6)


@pytest.fixture(scope="module")
def of_five_steps() -> keras.Model:
    """A fitted model, which a conversion leaves as it is."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [keras.Input((5, 1)), layers.Masking(0.0), layers.LSTM(64), layers.Dense(1)]
    )
    model.compile(optimizer="adam", loss="mse")
    model.fit(pad(THREE, 5, 0.0), np.array(TARGETS), epochs=10, verbose=0)
    return model


def test_five_steps_with_a_mask_become_any_number(
    of_five_steps: keras.Model, tmp_path: Path
) -> None:
    variable = compiled(converted(of_five_steps, tmp_path))
    batch = pad(THREE, 5, 0.0)
    np.testing.assert_allclose(variable(batch), of_five_steps(batch), atol=1e-6)
    check_padding(variable, [*THREE, [3], list(range(1, 13))], 0.0)


def test_the_same_in_memory(of_five_steps: keras.Model) -> None:
    variable = compiled(convert(of_five_steps))
    batch = pad(THREE, 5, 0.0)
    np.testing.assert_allclose(variable(batch), of_five_steps(batch), atol=1e-6)
    check_padding(variable, THREE, 0.0)


def test_batches_of_their_own_lengths_get_a_mask(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import tensorflow as tf

    def examples() -> Iterator[tuple[Any, float]]:
        for steps, target in zip(THREE, TARGETS, strict=True):
            yield np.asarray(steps, np.float32)[:, None], target

    signature = (tf.TensorSpec((None, 1)), tf.TensorSpec(()))
    data = tf.data.Dataset.from_generator(examples, output_signature=signature).padded_batch(2)
    model = keras.Sequential([layers.LSTM(64), layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse")
    model.fit(data, epochs=2, verbose=0)
    variable = compiled(converted(model, tmp_path, "--mask-value", "0"))
    alone = pad(THREE[:1], 3, 0.0)
    np.testing.assert_allclose(variable(alone), model(alone), atol=1e-6)
    check_padding(variable, THREE, 0.0)
    # Without a mask there is nothing to do, and it says so.
    fixed, output = tmp_path / "fixed.keras", tmp_path / "again.keras"
    assert main(["convert", str(fixed), "--output", str(output)]) == 1
    assert "takes sequences of any length already" in capsys.readouterr().err
    assert not output.exists()


class Stepwise(layers.Layer):  # type: ignore[misc]
    """A cell that a loop in Python leads over a list of steps; not registered with Keras."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.units = units
        self.cell = layers.LSTMCell(units)

    def call(self, inputs: Any) -> Any:
        steps = keras.ops.unstack(inputs, axis=1)
        states = [keras.ops.zeros((keras.ops.shape(inputs)[0], self.units))] * 2
        outputs = []
        for step in steps:
            output, states = self.cell(step, states)
            outputs.append(output)
        return keras.ops.stack(outputs, axis=1)


class Careful(Stepwise):
    """The same as Keras can save and load it."""

    def __init__(self, units: int, **settings: Any) -> None:
        layers.Layer.__init__(self, **settings)
        self.units = units
        self.cell = layers.LSTMCell(units)

    def build(self, shape: Any) -> None:
        self.cell.build((shape[0], shape[2]))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units}


def stepwise(layer: Any) -> keras.Model:
    model = keras.Sequential([layer(64), layers.Dense(1)])
    # One batch is sooner learned from than compiled.
    model.compile(optimizer="adam", loss="mse", run_eagerly=True)
    batch = pad(THREE, 5, 0.0)
    model.fit(batch, np.ones((3, 5, 1)), verbose=0)
    return model


def test_a_loop_over_a_cell_is_refused_for_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, output = tmp_path / "stepwise.keras", tmp_path / "variable.keras"
    stepwise(Careful).save(path)
    assert main(["convert", str(path), "--output", str(output)]) == 1
    told = capsys.readouterr().err
    assert "(Careful) is not a plain layer of Keras 3 but of the module" in told
    assert told.count("\n") == 1 and not output.exists()
    with pytest.raises(ConversionError, match=r"\(Careful\) cannot be called without a fixed numb"):
        convert(path, custom_objects={"Careful": Careful})
    with pytest.raises(ConversionError, match=r"cannot make a Stepwise again .* take \*\*kwargs"):
        convert(stepwise(Stepwise))


def prices(count: int, steps: int) -> Any:
    """Random walks between 0 and 1."""
    walks = np.random.default_rng(3).normal(size=(count, steps, 1)).cumsum(axis=1)
    return ((walks - walks.min()) / (walks.max() - walks.min())).astype(np.float32)


def test_windows_of_60_days_take_fewer_and_more(tmp_path: Path) -> None:
    model = keras.Sequential(
        [
            keras.Input((60, 1)),
            layers.LSTM(16, return_sequences=True),
            layers.Dropout(0.2),
            layers.LSTM(16),
            layers.Dropout(0.2),
            layers.Dense(1),
        ]
    )
    model.compile(optimizer="adam", loss="mean_squared_error")
    days = prices(16, 61)
    model.fit(days[:, :60], days[:, 60], epochs=2, verbose=0)
    variable = compiled(converted(model, tmp_path, "--mask-value", "-1"))
    np.testing.assert_allclose(variable(days[:, :60]), compiled(model)(days[:, :60]), atol=1e-6)
    assert variable(prices(2, 250)).shape == (2, 1)
    check_padding(variable, [prices(1, 7)[0], prices(1, 60)[0], prices(1, 90)[0]], -1.0)


def two_classes() -> tuple[list[Any], Any]:
    """1,000 sequences of 1 to 9 steps, half around 0 and half around 1; targets `[1000, 1]`."""
    random = np.random.default_rng(5)
    targets = random.permutation(np.repeat([0, 1], 500))
    sequences = [random.normal(each, 1.0, (random.integers(1, 10), 2)) for each in targets]
    return sequences, targets[:, None]


def small_lstm(*before: Any, **settings: Any) -> keras.Model:
    model = keras.Sequential(
        [keras.Input((None, 2)), *before, layers.LSTM(3), layers.Dense(1, activation="sigmoid")]
    )
    loss = "binary_crossentropy"
    model.compile(optimizer="rmsprop", loss=loss, metrics=["accuracy"], **settings)
    return model


class OneByOne(keras.utils.PyDataset):  # type: ignore[misc]
    """One sequence a batch."""

    def __init__(self, sequences: list[Any], targets: Any) -> None:
        super().__init__()
        self.sequences, self.targets = sequences, targets

    def __len__(self) -> int:
        return len(self.sequences)

    def __getitem__(self, place: int) -> tuple[Any, Any]:
        return self.sequences[place][None], self.targets[place][None]


def one_by_one(sequences: list[Any], targets: Any) -> keras.Model:
    model = small_lstm()
    model.fit(OneByOne(sequences[:100], targets), epochs=1, verbose=0)
    return model


def padded_and_masked(sequences: list[Any], targets: Any) -> keras.Model:
    model = small_lstm(layers.Masking(PADDING))
    model.fit(pad(sequences, 9, PADDING), targets, epochs=2, verbose=0)
    return model


def of_equal_lengths(sequences: list[Any], targets: Any) -> keras.Model:
    # Keras would compile it several times for the lengths; each is one batch.
    model = small_lstm(run_eagerly=True)
    lengths = np.array([len(each) for each in sequences])
    for length in range(1, 10):
        rows = np.flatnonzero(lengths == length)
        batch = np.stack([sequences[row] for row in rows])
        model.fit(batch, targets[rows], batch_size=len(rows), verbose=0)
    return model


def of_almost_equal_lengths(sequences: list[Any], targets: Any) -> keras.Model:
    model = small_lstm(layers.Masking(PADDING), run_eagerly=True)
    order = np.argsort([len(each) for each in sequences], kind="stable")
    for rows in np.array_split(order, 10):
        batch = [sequences[row] for row in rows]
        padded = pad(batch, max(map(len, batch)), PADDING)
        model.fit(padded, targets[rows], batch_size=len(rows), verbose=0)
    return model


@pytest.mark.parametrize(
    "fit", [one_by_one, padded_and_masked, of_equal_lengths, of_almost_equal_lengths]
)
def test_two_classes_of_any_length(fit: Callable[..., keras.Model], tmp_path: Path) -> None:
    sequences, targets = two_classes()
    model = fit(sequences, targets)
    variable = compiled(converted(model, tmp_path, "--mask-value", "-10"))
    alone = sequences[0][None].astype(np.float32)
    np.testing.assert_allclose(variable(alone), model(alone), atol=1e-6)
    check_padding(variable, sequences[:20], PADDING)


def test_text_may_be_padded_on_either_side(tmp_path: Path) -> None:
    texts = [[1], [2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]  # "hello", "how are you doing", ...
    model = keras.Sequential(
        [
            keras.Input((6,)),
            layers.Embedding(12, 8, mask_zero=True),
            layers.LSTM(16),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy", run_eagerly=True)  # three batches in all
    model.fit(pad(texts, 6, 0.0)[:, :, 0], np.array([0, 1, 0]), epochs=3, verbose=0)
    variable = converted(model, tmp_path)
    alone = [float(variable(np.array([text], np.float32))[0, 0]) for text in texts]
    for width in (6, 9):
        for side in ("right", "left"):
            batch = variable(pad(texts, width, 0.0, side=side)[:, :, 0])
            np.testing.assert_allclose(batch[:, 0], alone, atol=1e-6)


def test_the_regressor_learns_the_three_sequences() -> None:
    sequences = [np.asarray(each, np.float32)[:, None] for each in THREE]
    regressor = SequenceRegressor(units=16, dropout=0.0, epochs=50, learning_rate=5e-2)
    answers = regressor.fit(sequences, np.array(TARGETS)[:, None]).predict(sequences)
    assert answers.shape == (3, 1)
    np.testing.assert_allclose(answers[:, 0], TARGETS, atol=2.0)
    alone = [regressor.predict([each])[0, 0] for each in sequences]
    np.testing.assert_allclose(answers[:, 0], alone, atol=1e-5)


def test_the_classifier_tells_the_two_classes_apart() -> None:
    sequences, targets = two_classes()
    classifier = SequenceClassifier(units=16, bidirectional=False, dropout=0.0, epochs=4)
    classifier.fit(sequences[:800], targets[:800, 0])
    # The best decision, from the mean of all numbers, is right in 91.6 % of such sequences.
    assert classifier.score(sequences[800:], targets[800:, 0]) > 0.85
    batch = classifier.predict_proba(sequences[:30])
    alone = [classifier.predict_proba([each])[0] for each in sequences[:30]]
    np.testing.assert_allclose(batch, alone, atol=1e-6)


def test_the_classifier_takes_two_steps_and_more() -> None:
    short, longer = [[1, 1.1], [0.9, 0.95]], [[0.1, -1.0], [0.3, 0.2], [-0.4, 0.0], [1.2, 0.7]]
    classifier = SequenceClassifier(
        units=8, dropout=0.0, epochs=5, learning_rate=5e-2, batch_steps=32
    )
    classifier.fit([np.array(short), np.array(longer)] * 16, ["short", "longer"] * 16)
    assert classifier.predict([np.array(longer), np.array(short)]).tolist() == ["longer", "short"]


def test_the_classifier_takes_texts() -> None:
    english = ["hello", "how are you doing", "good morning my friend", "see you soon"]
    german = ["hallo", "wie geht es dir", "guten Morgen mein Freund", "bis bald"]
    classifier = SequenceClassifier(
        units=16, dropout=0.0, epochs=10, vocab_size=300, learning_rate=4e-2
    )
    classifier.fit([*english, *german], ["en"] * 4 + ["de"] * 4)
    assert classifier.predict(["wie geht es dir", "hello"]).tolist() == ["de", "en"]
    together = classifier.predict_proba(["hello", "how are you doing"])
    np.testing.assert_allclose(together[:1], classifier.predict_proba(["hello"]), atol=1e-6)
