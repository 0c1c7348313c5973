"""Graphs are traced once, whatever lengths and batch sizes come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seq2seq.config.schema import OptimizerSettings
from seq2seq.training.optimizer import Optimizer
from seq2seq.training.step import TrainStep
from seq2seq.training.tasks.translation_objective import TranslationObjective


def test_training_traces_one_graph_for_all_shapes(
    make_model: Callable[..., Any], ragged: Callable[..., Any]
) -> None:
    model = make_model()
    optimizer = Optimizer(OptimizerSettings(), model.trainable_variables)
    step = TrainStep(
        TranslationObjective(model, label_smoothing=0.1),
        optimizer,
        clip_norm=1.0,
        loss_scaling=False,
    )
    for rows in range(1, 5):
        for length in (1, 3, 8):
            batch = ragged([length] * rows), ragged([length + 1] * rows)
            step.update(batch, np.array([rows, length], np.int32), np.float32(1e-3))
    assert step._update_once.experimental_get_tracing_count() == 1
