"""A fast path that computes something else is found out before a run relies on it."""

from __future__ import annotations

from typing import Any

import pytest
import tensorflow as tf

from seq2seq.model import recurrent_check
from seq2seq.model.recurrent import LSTMState, RecurrentLayer
from seq2seq.model.recurrent_check import check_fast_path


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16"])
def test_equal_paths_agree(precision: str) -> None:
    agreement = check_fast_path(precision)
    assert agreement.holds and agreement.difference <= agreement.tolerance / 2


def test_outputs_that_differ_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _with_error(monkeypatch, lambda outputs: outputs * 1.01).holds


def test_gradients_that_differ_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find what was seen on a GPU: the same values, and gradients of two thirds of their size."""

    @tf.custom_gradient
    def smaller(outputs: tf.Tensor) -> tuple[tf.Tensor, Any]:
        return tf.identity(outputs), lambda gradient: gradient * 0.64

    agreement = _with_error(monkeypatch, smaller)
    assert not agreement.holds and 0.1 < agreement.difference < 0.5


def test_not_a_number_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    agreement = _with_error(monkeypatch, lambda outputs: outputs * float("nan"))
    assert not agreement.holds and agreement.difference == float("inf")


def _with_error(monkeypatch: pytest.MonkeyPatch, error: Any) -> recurrent_check.Agreement:
    class Wrong(RecurrentLayer):
        """A layer whose fast path goes through `error`."""

        def call(
            self, inputs: tf.Tensor, mask: tf.Tensor, initial_state: LSTMState | None = None
        ) -> tuple[tf.Tensor, LSTMState]:
            outputs, state = super().call(inputs, mask, initial_state)
            return (error(outputs) if self.lstm.use_cudnn else outputs), state

    monkeypatch.setattr(recurrent_check, "RecurrentLayer", Wrong)
    # Tracing takes longer than the few steps; `test_equal_paths_agree` computes in a graph.
    tf.config.run_functions_eagerly(True)
    try:
        return check_fast_path("float32")
    finally:
        tf.config.run_functions_eagerly(False)
