"""That a GPU would train through cuDNN, and that an exported model never asks for it.

Needs no GPU: Keras is told that there is one, and the graph that it then traces is read.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from seq2seq.config.schema import ModelSettings, OptimizerSettings
from seq2seq.model.cudnn_lstm import freeze_at_marks, mark_padding
from seq2seq.model.lstm_loop import Weights, run_lstm, swap_batch_and_time
from seq2seq.model.translation import build_model
from seq2seq.training.optimizer import Optimizer
from seq2seq.training.step import TrainStep
from seq2seq.training.tasks.translation_objective import TranslationObjective


def operations(function: Any) -> Counter[str]:
    graph = function.get_concrete_function().graph.as_graph_def()
    counts = Counter(node.op for node in graph.node)
    for inner in graph.library.function:
        counts.update(node.op for node in inner.node_def)
    return counts


def traced_step(use_cudnn: str | bool) -> Counter[str]:
    settings = ModelSettings(embedding_dim=8, units=16, encoder_layers=1, decoder_layers=2)
    model = build_model(
        settings, source_vocab=20, target_vocab=20, shared_vocabulary=True, use_cudnn=use_cudnn
    )
    optimizer = Optimizer(OptimizerSettings(), model.trainable_variables)
    step = TrainStep(
        TranslationObjective(model, label_smoothing=0.1),
        optimizer,
        clip_norm=1.0,
        loss_scaling=False,
    )
    return operations(step._update_once)


@pytest.fixture
def pretended_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["keras.src.backend.tensorflow.rnn"]
    # Layers are made, and run once eagerly, before the pretence: eager cuDNN needs a real GPU.
    real = module._is_gpu_available

    def pretended() -> bool:
        return not tf.executing_eagerly() or bool(real())

    monkeypatch.setattr(module, "_is_gpu_available", pretended)
    monkeypatch.setattr("seq2seq.model.recurrent.has_gpu", pretended)


def test_the_step_of_a_gpu_runs_every_lstm_through_cudnn(pretended_gpu: None) -> None:
    counts = traced_step("auto")
    # Both directions of the encoder together, and two layers of the decoder.
    assert counts["CudnnRNNV3"] == 3
    assert counts["CudnnRNNBackpropV3"] == 3
    assert counts["While"] + counts["StatelessWhile"] <= 1  # the blocks of the loss


def test_use_cudnn_false_keeps_it_out(pretended_gpu: None) -> None:
    counts = traced_step(False)
    assert not [name for name in counts if "Cudnn" in name]


@pytest.mark.parametrize("lengths", [[5, 5], [1, 5], [0, 3]])
def test_marked_padding_keeps_the_state(lengths: list[int]) -> None:
    """Run an LSTM without a mask over marked padding, as cuDNN does, on a CPU."""
    rng = np.random.default_rng(0)
    draw = [(2, 5, 3), (3, 16), (4, 16), (16,), (2, 4), (2, 4)]
    inputs, *weights, hidden, cell = (
        tf.constant(rng.normal(size=shape).astype(np.float32)) for shape in draw
    )
    mask, every = tf.sequence_mask(lengths, 5), tf.ones([2, 5], tf.bool)

    def results(marked: bool) -> list[Any]:
        with tf.GradientTape() as tape:
            tape.watch([inputs, *weights, hidden, cell])
            if marked:
                by_time = mark_padding(swap_batch_and_time(inputs), tf.transpose(mask))
                widened = Weights(freeze_at_marks(weights[0]), *weights[1:])
                found = run_lstm(swap_batch_and_time(by_time), every, hidden, cell, widened)
            else:
                found = run_lstm(inputs, mask, hidden, cell, Weights(*weights))
            real = tf.where(mask[:, :, tf.newaxis], found[0], 0.0)
            if marked:
                np.testing.assert_array_equal(found[0], real)  # zero at padding
            loss = tf.reduce_sum(tf.sin(real)) + tf.reduce_sum(found[2] ** 2)
        return [real, found[2], *tape.gradient(loss, [inputs, *weights, hidden, cell])]

    for marked, right in zip(results(True), results(False), strict=True):
        np.testing.assert_allclose(marked, right, atol=2e-6)
