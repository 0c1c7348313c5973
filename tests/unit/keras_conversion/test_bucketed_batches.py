"""Batches of ragged sequences for models that Keras trains."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from seq2seq import bucketed_batches
from seq2seq.errors import DataError, SettingsError

STRATEGIES = ("bucket", "dynamic", "fixed", "equal_length", "single")


def made_sequences(count: int = 60) -> tuple[list[Any], Any]:
    """Return sequences of 1 to 9 steps of two features around 0 or around 1, and their classes."""
    rng = np.random.default_rng(0)
    classes = rng.integers(0, 2, count)
    lengths = rng.integers(1, 10, count)
    pairs = zip(lengths, classes, strict=True)
    return [rng.normal(mean, 0.5, (length, 2)) for length, mean in pairs], classes[:, np.newaxis]


def contents(batches: Any, padding_value: float = -10.0) -> dict[bytes, float]:
    """Return the target of each sequence of an epoch, by its values."""
    found = {}
    for index in range(len(batches)):
        inputs, targets = batches[index]
        for row, target in zip(inputs, targets, strict=True):
            real = row[(row != padding_value).all(axis=-1)]
            found[real.tobytes()] = float(target[0])
    return found


@pytest.mark.parametrize("padding", ["post", "pre"])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_an_epoch_holds_each_sequence_once(strategy: Any, padding: Any) -> None:
    sequences, classes = made_sequences()
    batches = bucketed_batches(
        sequences,
        classes,
        strategy=strategy,
        padding=padding,
        padding_value=-10.0,
        max_steps=40,
    )
    right = {
        np.float32(one).tobytes(): float(target[0])
        for one, target in zip(sequences, classes, strict=True)
    }
    assert contents(batches) == right
    assert sum(len(batches[i][0]) for i in range(len(batches))) == len(sequences)
    largest = max(batches[i][0][:, :, 0].size for i in range(len(batches)))
    assert largest <= 40
    positions = sum(batches[i][0][:, :, 0].size for i in range(len(batches)))
    assert batches.padding == pytest.approx(1 - sum(map(len, sequences)) / positions)
    first = batches[0][0]
    at_edge = first[:, 0 if padding == "post" else -1]
    assert (at_edge != -10.0).all()


def test_batches_follow_from_seed_and_epoch() -> None:
    sequences, classes = made_sequences()

    def epochs(**options: Any) -> list[list[Any]]:
        batches = bucketed_batches(sequences, classes, padding_value=-10.0, max_steps=40, **options)
        found = []
        for _ in range(2):
            batches.on_epoch_begin()
            found.append([batches[index][0].tolist() for index in range(len(batches))])
        return found

    first, second = epochs(seed=3)
    assert first != second
    assert epochs(seed=3) == [first, second]
    assert epochs(seed=3, epoch=1)[0] == second
    assert epochs(seed=4)[0] != first


def test_a_dataset_goes_on_by_epochs() -> None:
    sequences, classes = made_sequences()
    options: dict[str, Any] = {"padding_value": -10.0, "max_steps": 40}
    dataset = bucketed_batches(sequences, classes, **options).as_dataset()
    assert dataset.options().autotune.enabled is False
    batches = bucketed_batches(sequences, classes, **options)
    for _ in range(2):
        batches.on_epoch_begin()
        found = [inputs.numpy() for inputs, _ in dataset]
        assert len(found) == len(batches)
        for index, inputs in enumerate(found):
            np.testing.assert_array_equal(inputs, batches[index][0])


def test_fit_learns_two_classes() -> None:
    keras.utils.set_random_seed(1)
    sequences, classes = made_sequences(600)
    model = keras.Sequential(
        [
            keras.Input((None, 2)),
            keras.layers.Masking(-10.0),
            keras.layers.LSTM(3),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    model.optimizer.learning_rate = 0.03
    batches = bucketed_batches(sequences, classes, padding_value=-10.0, max_steps=100)
    fitted = model.fit(batches, epochs=3, shuffle=False, verbose=0)
    assert batches.epoch == 2
    assert fitted.history["accuracy"][-1] > 0.9


def test_keras_accepts_batches_whose_first_widths_are_equal() -> None:
    layers = [keras.layers.GlobalAveragePooling1D(), keras.layers.Dense(2)]
    model = keras.Sequential([keras.Input((None, 1)), *layers])
    model.compile("adam", "mse")
    for lengths in ([5, 5, 5, 5, 2], [5, 5, 5, 4, 4, 4]):
        sequences = [np.ones((length, 1)) for length in lengths]
        for strategy in STRATEGIES:
            options: dict[str, Any] = {"strategy": strategy, "max_steps": 10, "bucket_width": 1}
            batches = bucketed_batches(sequences, np.zeros((len(lengths), 2)), **options)
            model.fit(batches, epochs=4, shuffle=False, verbose=0)


@pytest.mark.parametrize("strategy", ["bucket", "dynamic"])
def test_every_epoch_has_as_many_batches_and_all_sequences(strategy: Any) -> None:
    sequences, classes = made_sequences(200)
    options: dict[str, Any] = {"padding_value": -10.0, "max_steps": 50, "bucket_width": 3}
    batches = bucketed_batches(sequences, classes, strategy=strategy, **options)
    count, first = len(batches), contents(batches)
    for _ in range(30):
        batches.on_epoch_begin()
        assert len(batches) == count
        assert contents(batches) == first
        assert batches[0][0].shape[1] != batches[1][0].shape[1]


def test_targets_of_steps_have_weights() -> None:
    sequences = [[1, 2, 3], [4, 5]]
    batches = bucketed_batches(sequences, sequences, per_step=True, strategy="fixed")
    inputs, targets, weights = batches[0]
    assert inputs.dtype == np.int32
    np.testing.assert_array_equal(inputs, targets)
    np.testing.assert_array_equal(weights, inputs > 0)
    assert sorted(inputs.tolist()) == [[1, 2, 3], [4, 5, 0]]


def test_windows_have_the_target_of_their_sequence() -> None:
    prices = np.arange(1.0, 151.0)
    batches = bucketed_batches([prices], [7.0], longest=60, long="windows", stride=30)
    inputs, targets = batches[0]
    assert sorted(inputs[:, 0].tolist()) == [1, 31, 61, 91]
    assert targets.tolist() == [7.0] * 4
    whole = bucketed_batches([prices], [prices], longest=60, long="tail", per_step=True)
    np.testing.assert_array_equal(whole[0][0], whole[0][1])


@pytest.mark.parametrize(
    ("sequences", "targets", "message"),
    [
        ([], [], "there are no sequences"),
        ([[1.0], []], [1, 2], "sequence 2 has the shape"),
        ([[1.0], [[1.0, 2.0]]], [1, 2], "sequence 2 has steps of shape"),
        ([[1.0, 0.0, 2.0]], [1], "sequence 1, step 2, holds only the padding value 0"),
        ([[1.0, float("nan")]], [1], "sequence 1 holds a value that is not finite"),
        ([["a"]], [1], "sequence 1 holds <U1, not numbers"),
        ([[[1.0, 2.0], [3.0]]], [1], "sequence 1 is ragged inside"),
        ([[1.0], [2.0]], [1], "there are 2 sequences and 1 targets"),
        ([[1.0], [2.0]], [1, [2, 3]], "target 2 has the shape"),
        ([[1.0] * 9], [1], "sequence 1 has 9 steps and 1 of 1 sequences have more than 8"),
    ],
)
def test_bad_sequences_are_named(sequences: Any, targets: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        bucketed_batches(sequences, targets, longest=8)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"strategy": "buckets"}, "strategy received 'buckets'"),
        ({"padding": "left"}, "padding received 'left'"),
        ({"long": "cut"}, "long received 'cut'"),
        ({"max_steps": 0}, "max_steps received 0"),
        ({"stride": 3}, "stride received 3"),
        ({"longest": 4, "long": "windows", "stride": 5}, "from 1 to longest, which is 4"),
    ],
)
def test_bad_options_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        bucketed_batches([[1.0]], [1], **options)
