"""Training steps of seq2seq as a run makes them, timed inside a worker process."""

from __future__ import annotations

import itertools
import platform
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seq2seq.bench.training_batches import Batch, read_batches
from seq2seq.bench.training_cases import CLASSES, FEATURES, Case
from seq2seq.bench.worker_process import Handler
from seq2seq.config.choices import Device, Precision
from seq2seq.config.schema import OptimizerSettings
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.errors import UserError
from seq2seq.model.backend import choose_device, cpu_threads, has_gpu
from seq2seq.model.label_model import Head, build_label_model
from seq2seq.model.recurrent import UseCudnn
from seq2seq.model.recurrent_check import check_fast_path
from seq2seq.model.translation import build_model
from seq2seq.model.weights import initialise_weights
from seq2seq.training.batching_choices import chosen_shares
from seq2seq.training.loop import dropout_seed
from seq2seq.training.optimizer import Optimizer
from seq2seq.training.shares import in_shares
from seq2seq.training.step import TrainStep
from seq2seq.training.tasks.label_objective import LabelObjective
from seq2seq.training.tasks.task import Objective
from seq2seq.training.tasks.translation_objective import TranslationObjective
from seq2seq.training.threads import threads_of_shares

_SMOOTHING = 0.1  # label smoothing


def make_step(
    case: Case, *, use_cudnn: UseCudnn = "auto", shares: int = 1
) -> tuple[TrainStep, int]:
    """Return the training step of a model with initial weights, and the number of weights."""
    make = {"translation": _translation, "classification": _classification}[case.task]
    model, objective = make(case, use_cudnn)
    initialise_weights(model, seed=1)
    settings = OptimizerSettings()
    step = TrainStep(
        in_shares(objective, shares),
        Optimizer(settings, model.trainable_variables),
        clip_norm=settings.clip_norm,
        loss_scaling=False,
    )
    return step, sum(int(variable.shape.num_elements()) for variable in model.trainable_variables)


def _translation(case: Case, use_cudnn: UseCudnn) -> tuple[keras.Model, Objective]:
    model = build_model(
        case.model,
        source_vocab=case.vocab_size,
        target_vocab=case.vocab_size,
        shared_vocabulary=True,
        precision=case.precision,
        use_cudnn=use_cudnn,
    )
    return model, TranslationObjective(model, label_smoothing=_SMOOTHING)


def _classification(case: Case, use_cudnn: UseCudnn) -> tuple[keras.Model, Objective]:
    schema = TargetSchema(
        "classification", per_step=False, several=False, classes=tuple(map(str, range(CLASSES)))
    )
    model = build_label_model(
        case.model,
        Head(CLASSES),
        vocab=0,
        features=FEATURES,
        precision=case.precision,
        use_cudnn=use_cudnn,
    )
    objective = LabelObjective(
        model, schema, features=FEATURES, label_smoothing=_SMOOTHING, class_weights="none"
    )
    return model, objective


def input_of(case: Case, batch: Batch) -> Batch:
    """Return the tensors that a step takes; a classification's lengths become a mask."""
    if case.task == "translation":
        return batch
    values, lengths, classes = batch
    return values, np.arange(values.shape[1]) < lengths[:, np.newaxis], classes


class _Training:
    """Training of a case; each call trains on the next batches, in an endless cycle."""

    def __init__(self, case: Case, batches: Sequence[Batch]) -> None:
        # Same decisions as in a run.
        sound = not has_gpu() or check_fast_path(case.precision).holds
        shares = 1 if has_gpu() else _shares(case, batches)
        self._step, parameters = make_step(
            case, use_cudnn="auto" if sound else False, shares=shares
        )
        self._batches = itertools.cycle([input_of(case, batch) for batch in batches])
        self._number = 0
        self.about = {"parameters": parameters, "note": "" if sound else "without cuDNN"}

    def steps(self, count: int) -> dict[str, Any]:
        """Make `count` updates; return the seconds of each, and the last loss."""
        rate = np.float32(OptimizerSettings().learning_rate)
        seconds, loss = [], 0.0
        for _ in range(count):
            batch, seed = next(self._batches), dropout_seed(1, self._number, 0)
            self._number += 1
            started = time.perf_counter()
            result = self._step.update(batch, seed, rate)
            loss = float(result.loss) / float(result.count)  # waits for the device
            seconds.append(time.perf_counter() - started)
        return {"seconds": seconds, "loss": loss, "device_bytes": _device_bytes()}


def _shares(case: Case, batches: Sequence[Batch]) -> int:
    rows = sum(len(batch[0]) for batch in batches) / len(batches)
    return chosen_shares(rows, units=case.units, threads=cpu_threads())


def products_per_second(precision: Precision, *, size: int, seconds: float) -> float:
    """Return the multiplications and additions per second of square matrix products."""
    device, together = ("GPU:0", 10) if has_gpu() else ("CPU:0", 1)
    rng = np.random.default_rng(0)
    values = rng.standard_normal((2, size, size), np.float32)
    with tf.device(device):
        left, right = (tf.cast(tf.constant(each), precision) for each in values)

        def multiply() -> None:
            products = [tf.matmul(left, right) for _ in range(together)]
            products[-1][0, 0].numpy()  # waits for the device

        multiply()  # wakes threads and fills caches
        count, started = 0, time.perf_counter()
        while (elapsed := time.perf_counter() - started) < seconds:
            multiply()
            count += together
    return count * 2 * size**3 / elapsed


def _device_bytes() -> int | None:
    """Return the peak of the GPU's memory in use; None without a GPU."""
    return int(tf.config.experimental.get_memory_info("GPU:0")["peak"]) if has_gpu() else None


def start(*, device: Device, deterministic: bool) -> tuple[Any, Handler]:
    """Prepare TensorFlow; return its description, and the handler of tasks.

    Raises:
        UserError: TensorFlow sees no GPU.
    """
    if device == "gpu" and not tf.config.list_physical_devices("GPU"):
        raise UserError(
            "--device received gpu, and TensorFlow sees none here; install a driver and "
            "'seq2seq-lstm[gpu]', or leave --device out to measure the processor"
        )
    about = {
        "device": choose_device(
            device, deterministic=deterministic, threads=threads_of_shares("auto")
        ),
        "versions": {"Python": platform.python_version(), "TensorFlow": tf.__version__},
    }
    training: list[_Training] = []

    def train(case: Any, batches: str) -> Any:
        training[:] = [_Training(Case(**case), read_batches(Path(batches)))]
        return training[0].about

    handlers: dict[str, Callable[..., Any]] = {
        "products": products_per_second,
        "train": train,
        "steps": lambda count: training[0].steps(count),
    }
    return about, lambda task: handlers[task.pop("do")](**task)
