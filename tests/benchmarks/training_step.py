"""A training step in float32 and bfloat16, with one and with two layers: target tokens a second.

    python tests/benchmarks/training_step.py

One process, the forms taken in turns on the same batch (the multi30k recipe's sizes), medians;
ratios are to float32 of the same depth.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

from seq2seq.model.backend import quiet_tensorflow

quiet_tensorflow()

import numpy as np  # noqa: E402

from seq2seq.model.translation import build_model  # noqa: E402
from seq2seq.model.weights import initialise_weights  # noqa: E402
from seq2seq.settings import ModelSettings, OptimizerSettings  # noqa: E402
from seq2seq.training.optimizer import Optimizer  # noqa: E402
from seq2seq.training.step import TrainStep  # noqa: E402
from seq2seq.training.translation_objective import TranslationObjective  # noqa: E402

VOCAB, ROWS, LENGTH, ROUNDS = 6000, 130, 15, 15
SEED, RATE = np.array([1, 2], np.int32), np.float32(1e-3)


def main() -> None:
    random = np.random.default_rng(0)
    source, target = random.integers(4, VOCAB, (2, ROWS, LENGTH)).astype(np.int32)
    batch = (source, target)
    for layers in (1, 2):
        steps = {name: make_step(layers, name) for name in ("float32", "bfloat16")}
        seconds: dict[str, list[float]] = {name: [] for name in steps}
        for turn in range(ROUNDS + 2):
            for name, step in steps.items():
                started = time.perf_counter()
                float(step.update(batch, SEED, RATE).loss)
                if turn >= 2:  # the first ones trace and warm up
                    seconds[name].append(time.perf_counter() - started)
        base = statistics.median(seconds["float32"])
        for name, times in seconds.items():
            median = statistics.median(times)
            print(
                f"{layers} layer(s)  {name:9} {1000 * median:6.0f} ms  "
                f"{ROWS * LENGTH / median:7,.0f} target tokens/s  x{base / median:.2f}"
            )


def make_step(layers: int, precision: str) -> Any:
    settings = ModelSettings(encoder_layers=layers, decoder_layers=layers, dropout=0.3)
    model = build_model(
        settings,
        source_vocab=VOCAB,
        target_vocab=VOCAB,
        shared_vocabulary=True,
        precision=precision,
    )
    initialise_weights(model, seed=1)
    optimizer = Optimizer(OptimizerSettings(), model.trainable_variables)
    return TrainStep(
        TranslationObjective(model, label_smoothing=0.1),
        optimizer,
        clip_norm=1.0,
        loss_scaling=False,
    )


if __name__ == "__main__":
    main()
