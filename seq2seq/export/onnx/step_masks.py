"""Masks of steps in ONNX graphs, and numbers of steps."""

from __future__ import annotations

import numpy as np

from seq2seq.export.onnx.builder import GraphBuilder
from seq2seq.export.onnx.messages import Kind


def live_steps(build: GraphBuilder, values: str, lengths: str, *, axis: int = 1) -> str:
    """Return flags of the steps of each row, `[rows, time] bool`; `axis` of `values` is time."""
    time = build.node("Gather", build.node("Shape", values), build.constant(np.array(axis)))
    zero, one = (build.constant(np.array(number)) for number in (0, 1))
    positions = build.node("Range", zero, time, one)
    counts = build.node("Unsqueeze", lengths, build.constant(np.array([1])))
    return build.node("Less", positions, build.node("Cast", counts, to=Kind.INT64))


def step_counts(build: GraphBuilder, mask: str) -> str:
    """Return the number of steps `[rows] int32` of each row of a mask `[rows, time]`."""
    counted = build.node("Cast", mask, to=Kind.INT32)
    return build.node("ReduceSum", counted, build.constant(np.array([1])), keepdims=0)
