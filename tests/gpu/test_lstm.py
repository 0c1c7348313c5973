"""The recurrent layer computes what Keras' LSTM computes on a CPU, on every device."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import keras
import numpy as np
import pytest
import tensorflow as tf

from seq2seq.model.recurrent import LSTMState, RecurrentLayer
from seq2seq.model.recurrent_check import check_fast_path

ROWS, LENGTH, FEATURES, UNITS = 6, 9, 10, 16
POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16", "float16": "mixed_float16"}
# Largest relative difference, as norms. TF32 rounds the factors of a product to 10 bits.
EXACT, TF32, ROUNDED = 1e-5, 2e-3, 5e-2


class Case(NamedTuple):
    """A masked batch, states to begin with, and the gradient that comes from above."""

    inputs: Any
    mask: Any
    states: list[Any]
    pull: Any


class Result(NamedTuple):
    """Outputs at real steps and last states; gradients of inputs, states and weights."""

    values: list[Any]
    gradients: list[Any]


@pytest.fixture(params=[EXACT, pytest.param(TF32, marks=pytest.mark.gpu)], ids=["exact", "TF32"])
def tolerance(request: pytest.FixtureRequest) -> Iterator[float]:
    """Largest difference in float32, without TF32 and with it, which only a GPU has."""
    before = tf.config.experimental.tensor_float_32_execution_enabled()
    tf.config.experimental.enable_tensor_float_32_execution(request.param == TF32)
    yield request.param
    tf.config.experimental.enable_tensor_float_32_execution(before)


def make_case(lengths: list[int]) -> Case:
    rng = np.random.default_rng(1)

    def draw(*shape: int) -> Any:
        return tf.constant(rng.standard_normal(shape).astype(np.float32))

    mask = tf.sequence_mask(lengths, LENGTH)
    states = [draw(len(lengths), UNITS) for _ in range(2)]
    pull = draw(len(lengths), LENGTH, UNITS)
    return Case(draw(len(lengths), LENGTH, FEATURES), mask, states, pull)


def make_weights() -> list[Any]:
    rng = np.random.default_rng(2)
    shapes = [(FEATURES, 4 * UNITS), (UNITS, 4 * UNITS), (4 * UNITS,)]
    return [rng.normal(0.0, 0.3, shape).astype(np.float32) for shape in shapes]


def run(call: Any, weights: list[Any], case: Case) -> Result:
    """Run forwards and backwards; `call` takes inputs, mask and states."""

    @tf.function(autograph=False)
    def graph() -> Any:
        with tf.GradientTape() as tape:
            tape.watch([case.inputs, *case.states])
            outputs, hidden, cell = call(case.inputs, case.mask, case.states)
            real = tf.where(case.mask[:, :, tf.newaxis], tf.cast(outputs, tf.float32), 0.0)
            ends = [tf.cast(end, tf.float32) for end in (hidden, cell)]
            loss = tf.reduce_sum(real * case.pull) + tf.reduce_sum(ends[0] - 2.0 * ends[1])
        gradients = tape.gradient(loss, [case.inputs, *case.states, *weights])
        return [real, *ends], [tf.convert_to_tensor(each) for each in gradients]

    return Result(*graph())


def ours(case: Case, precision: str = "float32") -> Result:
    """Result of our layer on the present device."""
    layer = RecurrentLayer(UNITS, use_cudnn="auto", name="ours", dtype=POLICIES[precision])
    kind = layer.compute_dtype
    layer(tf.zeros([1, 1, FEATURES], kind), tf.ones([1, 1], tf.bool))
    layer.lstm.set_weights(make_weights())

    def call(inputs: Any, mask: Any, states: list[Any]) -> tuple[Any, Any, Any]:
        state = LSTMState(*(tf.cast(each, kind) for each in states))
        outputs, state = layer(tf.cast(inputs, kind), mask, state)
        return outputs, *state

    return run(call, [weight.value for weight in layer.trainable_variables], case)


def keras_on_a_cpu(case: Case) -> Result:
    """Result of Keras' own layer in float32 on a CPU."""
    with tf.device("cpu:0"):
        case = Case(*tf.nest.map_structure(tf.identity, tuple(case)))
        layer = keras.layers.LSTM(UNITS, return_sequences=True, return_state=True, use_cudnn=False)
        layer.build(case.inputs.shape)
        layer.set_weights(make_weights())

        def call(inputs: Any, mask: Any, states: list[Any]) -> Any:
            return layer(inputs, mask=mask, initial_state=states)

        return run(call, [weight.value for weight in layer.trainable_variables], case)


def differences(found: Result, right: Result) -> list[float]:
    """Relative difference of each tensor, as norms."""
    pairs = zip([*found.values, *found.gradients], [*right.values, *right.gradients], strict=True)
    return [float(np.linalg.norm(one - other) / np.linalg.norm(other)) for one, other in pairs]


@pytest.mark.parametrize(
    "lengths", [[LENGTH] * ROWS, [9, 1, 4, 4, 2, 7], [1], [1, 9]], ids=["full", "mixed", "one", "2"]
)
def test_values_and_gradients_are_those_of_keras(
    lengths: list[int], tolerance: float, device: str
) -> None:
    case = make_case(lengths)
    assert max(differences(ours(case), keras_on_a_cpu(case))) < tolerance


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_low_precision_is_close_to_float32(precision: str, device: str) -> None:
    case = make_case([9, 1, 4, 4, 2, 7])
    found = differences(ours(case, precision), keras_on_a_cpu(case))
    assert max(found) < ROUNDED
    assert max(found) > EXACT  # really in low precision


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16"])
def test_steps_give_what_the_whole_sequence_gives(
    precision: str, tolerance: float, device: str
) -> None:
    case = make_case([LENGTH] * ROWS)
    layer = RecurrentLayer(UNITS, use_cudnn="auto", name="steps", dtype=POLICIES[precision])
    inputs = tf.cast(case.inputs, layer.compute_dtype)
    first = LSTMState(*(tf.cast(each, layer.compute_dtype) for each in case.states))
    whole, last = layer(inputs, case.mask, first)
    state, outputs = first, []
    for time in range(LENGTH):
        output, state = layer.step(inputs[:, time], state)
        outputs.append(output)
    allowed = tolerance if precision == "float32" else ROUNDED
    pairs = [(tf.stack(outputs, axis=1), whole), *zip(state, last, strict=True)]
    for one, other in pairs:
        one, other = (np.asarray(each, np.float32) for each in (one, other))
        assert np.linalg.norm(one - other) < allowed * np.linalg.norm(other)


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16"])
def test_the_self_check_finds_the_fast_path_right(precision: str, device: str) -> None:
    agreement = check_fast_path(precision)
    assert agreement.holds, agreement


@pytest.mark.gpu
@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16"])
def test_a_gpu_takes_cudnn(precision: str) -> None:
    layer = RecurrentLayer(UNITS, use_cudnn="auto", name="fast", dtype=POLICIES[precision])
    counts = _operations(layer)
    assert counts["CudnnRNNV3"] == counts["CudnnRNNBackpropV3"] == 1
    assert counts["While"] == counts["StatelessWhile"] == 0
    plain = RecurrentLayer(UNITS, use_cudnn=False, name="plain", dtype=POLICIES[precision])
    assert _operations(plain)["CudnnRNNV3"] == 0


def _operations(layer: RecurrentLayer) -> Counter[str]:
    """Operations of a forward and a backward pass, by name."""
    inputs, mask = tf.zeros([2, 3, FEATURES], layer.compute_dtype), tf.ones([2, 3], tf.bool)
    layer(inputs, mask)

    @tf.function(autograph=False)
    def graph() -> Any:
        with tf.GradientTape() as tape:
            outputs, _ = layer(inputs, mask)
            loss = tf.reduce_sum(outputs)
        return tape.gradient(loss, [weight.value for weight in layer.trainable_variables])

    definition = graph.get_concrete_function().graph.as_graph_def()
    inner = [node for function in definition.library.function for node in function.node_def]
    return Counter(node.op for node in [*definition.node, *inner])
