"""Writes `keras2.zip`: model files as Keras 2 leaves them, and what Keras 2 answers with them.

Keras 2 and Keras 3 do not live in one environment, so the files are kept. To write them again:

    python3.11 -m venv /tmp/keras2
    /tmp/keras2/bin/pip install "tensorflow-cpu==2.15.*"
    /tmp/keras2/bin/python tests/unit/conversion/files/write.py

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
}


PADDING = {"classifier": 0.0, "stacked": -1.0, "interpreter": 0.0}


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
