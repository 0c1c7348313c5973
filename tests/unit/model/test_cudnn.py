"""That a GPU would train through cuDNN, and that an exported model never asks for it.

Needs no GPU: Keras is told that there is one, and the graph that it then traces is read.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

import pytest
import tensorflow as tf

from seq2seq.config.schema import ModelSettings, OptimizerSettings
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
    return operations(step.update)


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
    # Two directions of the encoder and two layers of the decoder.
    assert counts["CudnnRNNV3"] == 4
    assert counts["CudnnRNNBackpropV3"] == 4
    assert counts["While"] + counts["StatelessWhile"] <= 1  # the blocks of the loss


def test_use_cudnn_false_keeps_it_out(pretended_gpu: None) -> None:
    counts = traced_step(False)
    assert not [name for name in counts if "Cudnn" in name]
