"""Convolutional front end in ONNX graphs (see `seq2seq.model.front_end`); always in float32."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.schema import ModelSettings
from seq2seq.export.onnx.builder import GraphBuilder
from seq2seq.export.onnx.parameters import Numbers, Weight, trained
from seq2seq.export.onnx.step_masks import live_steps

_KERNEL = 3  # steps and features that a convolution reads at once
_TO_ONNX, _TO_KERAS = (3, 2, 0, 1), (2, 3, 1, 0)  # axes of a kernel


class Shortened(NamedTuple):
    """Sequences that the encoder reads.

    Attributes:
        values: values of the steps, `[rows, time, width]`.
        width: number of values of a step.
        lengths: number of steps of each row, `[rows] int32`.
    """

    values: str
    width: int
    lengths: str


def front_end(
    build: GraphBuilder,
    settings: ModelSettings,
    values: str,
    lengths: str,
    *,
    root: str,
    features: int,
) -> Shortened:
    """Add the front end that the settings name; return the inputs unchanged if it is `none`.

    Args:
        build: builder of the graph.
        settings: sizes and options of the model.
        values: features, `[rows, time, features]`, padded at the end.
        lengths: number of steps of each row, `[rows] int32`.
        root: prefix of the paths of the weights.
        features: number of features.
    """
    if settings.front_end == "none":
        return Shortened(values, features, lengths)
    sequence = build.node("Unsqueeze", values, build.constant(np.array([1])))
    channels, bands = 1, features
    for number in range(settings.front_end_layers):
        live = live_steps(build, sequence, lengths, axis=2)
        live = build.node("Unsqueeze", live, build.constant(np.array([1, 3])))
        sequence = build.node("Where", live, sequence, build.constant(np.float32(0)))
        layer = f"front_end/layer_{number}"
        shape = (_KERNEL, _KERNEL, channels, settings.front_end_channels)
        kernel = trained(f"{root}{layer}/kernel", *shape)
        bias = trained(f"{root}{layer}/bias", settings.front_end_channels)
        sequence = build.node(
            "Conv",
            sequence,
            build.weight(f"{layer}/kernel", _for_onnx(kernel)),
            build.weight(f"{layer}/bias", bias),
            strides=[2, 2],
            pads=[1, 1, 1, 1],
        )
        sequence = build.node("Relu", sequence)
        more = build.node("Add", lengths, build.constant(np.int32(1)))
        lengths = build.node("Div", more, build.constant(np.int32(2)))
        channels, bands = settings.front_end_channels, (bands + 1) // 2
    sequence = build.node("Transpose", sequence, perm=[0, 2, 3, 1])
    width = bands * channels
    return Shortened(build.shaped(sequence, 0, 0, width), width, lengths)


def front_end_weights(settings: ModelSettings, numbers: Numbers) -> dict[str, NDArray[np.float32]]:
    """Return the trained weights of the front end, without the prefix of their paths."""
    found = {}
    for number in range(settings.front_end_layers * (settings.front_end != "none")):
        layer = f"front_end/layer_{number}"
        found[f"{layer}/kernel"] = numbers[f"{layer}/kernel"].transpose(_TO_KERAS)
        found[f"{layer}/bias"] = numbers[f"{layer}/bias"]
    return found


def _for_onnx(kernel: Weight) -> Weight:
    """Return a kernel `[height, width, inputs, outputs]` with its axes in ONNX's order."""
    shape = tuple(kernel.shape[axis] for axis in _TO_ONNX)
    return Weight(shape, lambda weights: kernel.compute(weights).transpose(_TO_ONNX))
