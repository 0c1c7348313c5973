"""The transformer's ONNX nodes: attention block by block, equal to all of it at once."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from seq2seq.config.schema import ModelSettings
from seq2seq.export.onnx import transformer_encoder
from seq2seq.export.onnx.label_graphs import LabelGraphs, LabelShape
from seq2seq.inference.onnx_session import Session

SETTINGS = ModelSettings(encoder="transformer", units=8, attention_heads=2, encoder_layers=2)
LONG = """
import numpy as np
from test_transformer_encoder import outputs
values = np.random.default_rng(1).standard_normal((1, 12_000, 3), dtype=np.float32)
assert np.isfinite(outputs(values, np.array([12_000]))).all()
(peak,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(peak.split()[1])
"""


def outputs(features: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The outputs of a model with random weights, `[rows, time, 2]`."""
    shape = LabelShape(vocab=0, features=3, outputs=2, per_step=True, pooling="last")
    graph = LabelGraphs(SETTINGS, shape).whole
    random = np.random.default_rng(0)
    numbers = {
        name: random.standard_normal(one.shape).astype(np.float32)
        for name, one in sorted(graph.parameters.items())
    }
    feeds = {"features": features, "lengths": lengths.astype(np.int32)}
    found: np.ndarray = Session(graph, numbers, "model").run(["outputs"], feeds)[0]
    return found


@pytest.mark.parametrize("block", [1, 3, 4, 11])
def test_blocks_of_any_size_give_the_same(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    features = np.random.default_rng(1).standard_normal((3, 11, 3), dtype=np.float32)
    lengths = np.array([11, 4, 1])
    whole = outputs(features, lengths)
    monkeypatch.setattr(transformer_encoder, "_AT_ONCE", 0)
    monkeypatch.setattr(transformer_encoder, "_BLOCK", block)
    found = outputs(features, lengths)
    for row, length in enumerate(lengths):
        np.testing.assert_allclose(found[row, :length], whole[row, :length], rtol=1e-5, atol=1e-5)


def test_a_long_sequence_needs_little_memory() -> None:
    """All scores of its two heads at once would be 1 GiB."""
    command = [sys.executable, "-c", LONG]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=__file__.rpartition("/")[0]
    )
    assert int(done.stdout) < 500 * 1024
