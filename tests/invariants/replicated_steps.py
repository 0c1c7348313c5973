"""Fifty updates by one, two or three replicas on devices that one processor is divided into.

    python replicated_steps.py REPLICAS OUTPUT.npz

Rows and their lengths are unequal; of three replicas the last has no row in every step. Written
are the losses of all steps and the weights after them. A process serves one number of replicas:
TensorFlow lets no device join a second group of another size.
"""

from __future__ import annotations

import sys
from typing import Any

from seq2seq.model.backend import quiet_tensorflow

quiet_tensorflow()

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from seq2seq.config.schema import ModelSettings, OptimizerSettings  # noqa: E402
from seq2seq.model.translation import build_model  # noqa: E402
from seq2seq.model.weights import initialise_weights  # noqa: E402
from seq2seq.training.optimizer import Optimizer  # noqa: E402
from seq2seq.training.replicas import OneReplica, Replicas, StrategyReplicas  # noqa: E402
from seq2seq.training.step import TrainStep  # noqa: E402
from seq2seq.training.tasks.translation_objective import TranslationObjective  # noqa: E402

STEPS, ROWS, WIDTH = 50, 5, 9
CUTS = {1: [0, 5], 2: [0, 1, 5], 3: [0, 1, 5, 5]}
SEED, RATE = np.array([1, 2], np.int32), np.float32(1e-2)


def batches() -> list[list[Any]]:
    random = np.random.default_rng(0)
    made = []
    for _ in range(STEPS):
        batch = [np.zeros((ROWS, WIDTH), np.int32) for _ in range(2)]
        for side in batch:
            for row in side:
                length = random.integers(1, WIDTH + 1)
                row[:length] = random.integers(4, 30, length)
                row[length - 1] = 3
        made.append(batch)
    return made


def train(count: int) -> dict[str, Any]:
    replicas: Replicas = OneReplica()
    if count > 1:
        devices = [f"CPU:{number}" for number in range(count)]
        replicas = StrategyReplicas(tf.distribute.MirroredStrategy(devices))
    with replicas.scope():
        model = build_model(
            ModelSettings(embedding_dim=8, units=12, dropout=0.0),
            source_vocab=30,
            target_vocab=30,
            shared_vocabulary=True,
            precision="float32",
        )
        initialise_weights(model, seed=3)
        step = TrainStep(
            TranslationObjective(model, label_smoothing=0.1),
            Optimizer(OptimizerSettings(name="adamw"), model.trainable_variables),
            clip_norm=1.0,
            loss_scaling=False,
            replicas=replicas,
        )
    results = []
    for batch in batches():
        shares = tuple(
            tuple(side[first:end] for side in batch)
            for first, end in zip(CUTS[count], CUTS[count][1:], strict=False)
        )
        given = shares[0] if count == 1 else shares
        if len(results) < STEPS - 2:
            result = step.update(given, SEED, RATE)
        else:
            result = step.update_accumulated([(given, SEED), (given, SEED)], RATE)
        results.append([float(value) for value in result])
    copies = [[part.numpy() for part in parts(v.value)] for v in model.trainable_variables]
    return {
        "results": np.array(results),
        "weights": np.concatenate([values[0].ravel() for values in copies]),
        "same": all((value == values[0]).all() for values in copies for value in values),
    }


def parts(variable: Any) -> list[Any]:
    return list(getattr(variable, "values", [variable]))


if __name__ == "__main__":
    processor = tf.config.list_physical_devices("CPU")[0]
    part = tf.config.LogicalDeviceConfiguration()
    tf.config.set_logical_device_configuration(processor, [part] * 3)
    tf.config.experimental.enable_op_determinism()
    np.savez(sys.argv[2], **train(int(sys.argv[1])))
