"""Writes `keras2.zip`: model files as Keras 2 leaves them, and what Keras 2 answers with them.

Keras 2 and Keras 3 do not live in one environment, so the files are kept. To write them again:

    python3.11 -m venv /tmp/keras2
    /tmp/keras2/bin/pip install "tensorflow-cpu==2.15.*"
    /tmp/keras2/bin/python tests/unit/keras_conversion/files/write.py

`answers.npz` holds for each file `<name>/in<i>` and `<name>/out<i>`, and for one that masks also
`<name>/short_in<i>` and `<name>/short_out<i>`: sequences with two steps of padding before them, and
what was answered.
"""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import backend as K
from tensorflow.keras import layers

ARCHIVE = Path(__file__).resolve().parent / "keras2.zip"


def tagger():
    """LSTM over fixed steps, an answer a step; its h5 holds `time_major`."""
    return keras.Sequential(
        [
            layers.LSTM(4, return_sequences=True, input_shape=(6, 3), name="lstm"),
            layers.TimeDistributed(layers.Dense(2), name="answers"),
        ],
        name="tagger",
    )


def classifier():
    """Embedding with `input_length` and a mask, a bidirectional GRU, a class."""
    return keras.Sequential(
        [
            layers.Embedding(12, 4, input_length=7, mask_zero=True, name="embedding"),
            layers.Bidirectional(layers.GRU(3), name="both"),
            layers.Dropout(0.5, name="dropout"),
            layers.Dense(3, activation="softmax", name="classes"),
        ],
        name="classifier",
    )


def stateful():
    """Stateful and unrolled, with an explicit batch."""
    return keras.Sequential(
        [
            layers.LSTM(
                3,
                batch_input_shape=(2, 5, 2),
                stateful=True,
                unroll=True,
                return_sequences=True,
                name="lstm",
            ),
            layers.SimpleRNN(3, stateful=True, name="rnn"),
            layers.Dense(1, name="dense"),
        ],
        name="stateful",
    )


def translator():
    """Encoder and decoder: two inputs of different length, states handed over."""
    source = keras.Input((6, 3), name="source")
    target = keras.Input((4, 2), name="target")
    _, hidden, cell = layers.LSTM(4, return_state=True, name="encoder")(source)
    steps = layers.LSTM(4, return_sequences=True, name="decoder")(
        target, initial_state=[hidden, cell]
    )
    return keras.Model([source, target], layers.Dense(2, name="dense")(steps), name="translator")


def siamese():
    """A nested model called twice, and go_backwards."""
    part = keras.Input((5, 3), name="part")
    reader = keras.Model(part, layers.GRU(4, go_backwards=True, name="gru")(part), name="reader")
    left, right = keras.Input((5, 3), name="left"), keras.Input((5, 3), name="right")
    both = layers.Concatenate(name="both")([reader(left), reader(right)])
    return keras.Model([left, right], layers.Dense(1, name="dense")(both), name="siamese")


def stacked():
    """Bidirectional layers in a nested Sequential, batch normalisation between."""
    inner = keras.Sequential(
        [
            layers.Bidirectional(layers.LSTM(2, return_sequences=True), name="low"),
            layers.BatchNormalization(name="norm"),
            layers.Bidirectional(layers.LSTM(2), merge_mode="sum", name="high"),
        ],
        name="inner",
    )
    steps = keras.Input((6, 3), name="steps")
    masked = layers.Masking(-1.0, name="masking")(steps)
    return keras.Model(steps, layers.Dense(2, name="dense")(inner(masked)), name="stacked")


def interpreter():
    """Encoder and decoder over ids, both with a mask, which a decoder with states needs too."""
    heard = keras.Input((6,), name="heard")
    said = keras.Input((5,), name="said")
    _, state = layers.GRU(4, return_state=True, name="encoder")(
        layers.Embedding(12, 3, mask_zero=True, name="of_heard")(heard)
    )
    words = layers.Dropout(0.1, name="dropout")(
        layers.Embedding(12, 3, mask_zero=True, name="of_said")(said)
    )
    steps, last = layers.GRU(4, return_sequences=True, return_state=True, name="decoder")(
        words, initial_state=state
    )
    scores = layers.Attention(name="attention")([steps, steps])
    return keras.Model([heard, said], [scores, last], name="interpreter")


def old_gates():
    """`hard_sigmoid`, the gates of Keras before 2.3: another function in Keras 3."""
    hard = {"recurrent_activation": "hard_sigmoid", "return_sequences": True}
    return keras.Sequential(
        [
            layers.LSTM(3, input_shape=(5, 2), name="lstm", **hard),
            layers.Bidirectional(layers.GRU(3, reset_after=False, **hard), name="both"),
            layers.GRU(2, recurrent_activation="hard_sigmoid", name="gru"),
        ],
        name="old_gates",
    )


def code():
    """A Lambda layer: Python code in the file."""
    return keras.Sequential(
        [
            layers.LSTM(3, return_sequences=True, input_shape=(5, 2), name="lstm"),
            layers.Lambda(lambda steps: steps * 2.0, name="double"),
        ],
        name="code",
    )


FUNCTIONS = [
    *(lambda x: x[:, -1], lambda x: x[:, -1, :], lambda x: x[:, 0], lambda x: x[:, -3:]),
    *(lambda x: x[:, ::-1], lambda x: x[:, None], lambda x: x[:, :, 1], lambda x: x[:, 2:5]),
    *(lambda x: x * 2, lambda x: 2 - x, lambda x: x / 2.0, lambda x: x + x[:, :1], lambda x: -x),
    *(lambda x: x**2, lambda x: x // 2.0, lambda x: x % 2.0, lambda x: abs(x)),
    *(
        lambda x: tf.add(x, [1.0, 2.0, 3.0]),
        lambda x: tf.subtract(1.0, x),
        lambda x: tf.pow(x, 2.0),
    ),
    *(lambda x: tf.maximum(x, 0.0), lambda x: tf.minimum(x, x * 2), lambda x: tf.negative(x)),
    *(lambda x: tf.math.divide_no_nan(x, x), lambda x: tf.nn.bias_add(x, [1.0, 2.0, 3.0])),
    *(lambda x: tf.cast(x > 0, tf.float32), lambda x: tf.cast(x <= 0, tf.float32)),
    *(lambda x: tf.cast(tf.not_equal(x, 0.0), tf.float32), lambda x: tf.cast(x, tf.float64)),
    lambda x: tf.cast(tf.logical_and(x > 0, tf.logical_not(x > 1)), tf.float32),
    lambda x: tf.where(tf.math.is_nan(x), tf.zeros_like(x), tf.ones_like(x) + x),
    *(lambda x: tf.reduce_mean(x, axis=1), lambda x: tf.reduce_mean(x, 1, keepdims=True)),
    *(lambda x: tf.reduce_sum(x, axis=[1]), lambda x: tf.reduce_max(x, axis=1)),
    *(lambda x: tf.reduce_min(x, axis=1), lambda x: tf.reduce_prod(x, axis=1)),
    *(lambda x: tf.math.reduce_std(x, axis=1), lambda x: tf.math.reduce_variance(x, axis=1)),
    *(lambda x: tf.reduce_logsumexp(x, axis=1), lambda x: K.mean(x, axis=1), lambda x: K.std(x, 1)),
    lambda x: tf.cast(tf.reduce_any(x > 0, axis=1), tf.float32),
    lambda x: tf.cast(tf.reduce_all(x > 0, axis=1), tf.float32),
    *(
        lambda x: tf.nn.softmax(x, axis=1),
        lambda x: tf.nn.softmax(x),
        lambda x: tf.nn.log_softmax(x),
    ),
    *(lambda x: tf.math.l2_normalize(x, axis=-1), lambda x: tf.norm(x, axis=-1)),
    *(lambda x: tf.cast(tf.argmax(x, axis=1), tf.float32), lambda x: tf.cumsum(x, axis=1)),
    *(lambda x: tf.math.cumprod(x, axis=1), lambda x: tf.one_hot(tf.argmax(x, axis=-1), 3)),
    *(
        lambda x: tf.sort(x, axis=1),
        lambda x: tf.math.top_k(x, 2)[0],
        lambda x: tf.roll(x, 1, axis=1),
    ),
    *(lambda x: tf.concat([x, x * 2], axis=-1), lambda x: K.concatenate([x, x], axis=-1)),
    *(lambda x: tf.stack([x, x], axis=2), lambda x: tf.unstack(x, axis=1)[-1]),
    *(lambda x: tf.split(x, 3, axis=2)[1], lambda x: tf.gather(x, [0, 2], axis=2)),
    *(lambda x: tf.expand_dims(x, -1), lambda x: tf.squeeze(x[:, :, :1], -1)),
    *(lambda x: tf.transpose(x, [0, 2, 1]), lambda x: K.permute_dimensions(x, (0, 2, 1))),
    *(lambda x: tf.reshape(x, [-1, 6, 3]), lambda x: tf.reverse(x, axis=[1])),
    *(lambda x: tf.tile(x, [1, 1, 2]), lambda x: tf.repeat(x, 2, axis=2)),
    lambda x: tf.pad(x, [[0, 0], [1, 0], [0, 0]]),
    *(lambda x: tf.matmul(x, x, transpose_b=True), lambda x: tf.matmul(x, x, transpose_a=True)),
    lambda x: tf.matmul(x, tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])),
    *(lambda x: tf.clip_by_value(x, -1.0, 1.0), lambda x: K.clip(x, -1, 1)),
    *(
        lambda x: tf.tanh(x),
        lambda x: tf.sigmoid(x),
        lambda x: tf.nn.relu(x),
        lambda x: tf.nn.relu6(x),
    ),
    *(lambda x: tf.nn.leaky_relu(x), lambda x: tf.nn.leaky_relu(x, 0.1), lambda x: tf.nn.elu(x)),
    *(lambda x: tf.nn.selu(x), lambda x: tf.nn.gelu(x), lambda x: tf.nn.gelu(x, approximate=True)),
    *(lambda x: tf.nn.silu(x), lambda x: tf.nn.softplus(x), lambda x: tf.nn.softsign(x)),
    *(lambda x: tf.exp(x), lambda x: tf.math.log(x * x + 1), lambda x: tf.sqrt(x * x)),
    *(lambda x: tf.math.rsqrt(x * x + 1), lambda x: tf.square(x), lambda x: tf.math.erf(x)),
    *(lambda x: tf.sin(x), lambda x: tf.cos(x), lambda x: tf.sign(x), lambda x: tf.floor(x)),
    *(lambda x: tf.math.ceil(x), lambda x: tf.math.log1p(x * x), lambda x: tf.math.expm1(x)),
    *(lambda x: tf.math.reciprocal(x), lambda x: tf.identity(x), lambda x: tf.stop_gradient(x)),
    *(lambda x: tf.math.add_n([x, x]), lambda x: K.batch_flatten(x), lambda x: K.hard_sigmoid(x)),
]


def functions():
    """An answer of each function that has an operation of the same meaning in Keras 3."""
    steps = keras.Input((6, 3), name="steps")
    return keras.Model(steps, [function(steps) for function in FUNCTIONS], name="functions")


def own_loss(wanted, answers):
    return tf.reduce_mean(tf.abs(wanted - answers) ** 1.5)


def last_step():
    """The last step of an LSTM by its index; compiled with a loss of its own."""
    steps = keras.Input((6, 3), name="steps")
    last = layers.LSTM(4, return_sequences=True, name="lstm")(steps)[:, -1]
    model = keras.Model(steps, layers.Dense(1, name="dense")(last), name="last_step")
    model.compile(keras.optimizers.Nadam(), loss=own_loss, metrics=[own_loss, "mae"])
    return model


def attention():
    """Attention over ids with a mask, both of Keras' and one written with functions."""
    ids = keras.Input((6,), name="ids")
    words = layers.Embedding(12, 3, mask_zero=True, name="embedding")(ids)
    steps = layers.LSTM(4, return_sequences=True, name="lstm")(words)
    seen = layers.AdditiveAttention(name="additive")([steps, steps])
    pooled = layers.GlobalAveragePooling1D(name="pooled")(seen)
    mask = tf.cast(tf.not_equal(ids, 0), tf.float32)
    scores = tf.reduce_sum(tf.tanh(steps), axis=-1) - 1e9 * (1.0 - mask)
    weights = tf.expand_dims(tf.nn.softmax(scores, axis=1), -1)
    own = tf.reduce_sum(weights * steps, axis=1)
    both = layers.Concatenate(name="concatenate")([pooled, own])
    model = keras.Model(ids, layers.Dense(2, name="dense")(both), name="attention")
    model.compile("rmsprop", loss=keras.losses.Huber())
    return model


def rounded():
    """A function without an operation of the same meaning in Keras 3."""
    steps = keras.Input((6, 3), name="steps")
    return keras.Model(steps, tf.round(layers.LSTM(4, name="lstm")(steps)), name="rounded")


MODELS = {
    "tagger": (tagger, "h5"),
    "classifier": (classifier, "h5"),
    "stateful": (stateful, "h5"),
    "translator": (translator, "h5"),
    "siamese": (siamese, "keras"),
    "stacked": (stacked, "keras"),
    "interpreter": (interpreter, "h5"),
    "old_gates": (old_gates, "h5"),
    "code": (code, "h5"),
    "functions": (functions, "h5"),
    "last_step": (last_step, "h5"),
    "attention": (attention, "keras"),
    "rounded": (rounded, "h5"),
}


PADDING = {"classifier": 0.0, "stacked": -1.0, "interpreter": 0.0, "attention": 0.0}


def random_inputs(model, random):
    inputs = []
    for tensor in model.inputs:
        shape = [tensor.shape[0] or 3, *tensor.shape[1:]]
        if len(shape) == 2:
            inputs.append(random.integers(1, 12, shape).astype(np.float32))
        else:
            inputs.append(random.normal(size=shape).astype(np.float32))
    return inputs


def answers_to(model, inputs):
    outputs = model(inputs if len(inputs) > 1 else inputs[0], training=False)
    return [np.asarray(each) for each in tf.nest.flatten(outputs)]


def note(kept, name, kind, arrays):
    kept.update({f"{name}/{kind}{i}": array for i, array in enumerate(arrays)})


def write(folder):
    answers = {}
    for name, (build, suffix) in MODELS.items():
        keras.utils.set_random_seed(1)
        model = build()
        random = np.random.default_rng(1)
        # Weights as a training would leave them: none of them zero, gates wide open or shut.
        model.set_weights([w + random.random(w.shape) for w in model.get_weights()])
        inputs = random_inputs(model, random)
        model.save(folder / f"{name}.{suffix}")
        note(answers, name, "in", inputs)
        note(answers, name, "out", answers_to(model, inputs))
        if name in PADDING:
            short = [each.copy() for each in inputs]
            for each in short:
                each[:, :2] = PADDING[name]  # on the left, where it matters most
            note(answers, name, "short_in", short)
            note(answers, name, "short_out", answers_to(model, short))
    np.savez_compressed(folder / "answers.npz", **answers)


def main():
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        with zipfile.ZipFile(ARCHIVE, "w", zipfile.ZIP_LZMA) as archive:
            for path in sorted(Path(folder).iterdir()):
                archive.write(path, path.name)
    print(f"{ARCHIVE}: TensorFlow {tf.__version__}")


if __name__ == "__main__":
    main()
