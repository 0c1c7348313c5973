"""ONNX nodes of the transformer encoder, `seq2seq.model.transformer.TransformerEncoder`.

Each parameter has the path of its weight as its name. In a quantized graph the products with
kernels are in 8-bit integers; the products of the attention, between activations, stay in float32.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.schema import ModelSettings
from seq2seq.export.onnx.builder import GraphBuilder
from seq2seq.export.onnx.encoder_nodes import Encoded, EncoderInputs, Steps, numbers_below
from seq2seq.export.onnx.messages import Kind
from seq2seq.export.onnx.parameters import Numbers, trained
from seq2seq.model.rotary_positions import rotation_frequencies

_MASKED = -1e9
_LARGEST = 1e15


class TransformerNodes:
    """Stack of transformer layers over projected inputs. It implements `EncoderNodes`."""

    has_states = False

    @staticmethod
    def add(
        build: GraphBuilder, settings: ModelSettings, inputs: EncoderInputs, *, root: str
    ) -> Encoded:
        """See `EncoderNodes`."""
        nodes = _Nodes(build, settings, root)
        sequence = nodes.dense("encoder/input", inputs.sequence, inputs.width, settings.units)
        limits = [build.constant(np.float32(sign * _LARGEST)) for sign in (-1, 1)]
        sequence = build.node("Clip", sequence, *limits)
        # Padding may hold values whose products are not finite.
        zero = build.constant(np.float32(0.0))
        sequence = build.node("Where", inputs.steps.live, sequence, zero)
        shared = nodes.shared(inputs.steps)
        for number in range(settings.encoder_layers):
            sequence = nodes.layer(f"encoder/layer_{number}", sequence, shared)
        return Encoded(nodes.norm("encoder/norm", sequence), bound=None)

    @staticmethod
    def trained_weights(
        settings: ModelSettings, numbers: Numbers
    ) -> dict[str, NDArray[np.float32]]:
        """See `EncoderNodes`."""
        return numbers_below("encoder/", numbers)


class _Shared(NamedTuple):
    """Values that all layers use.

    Attributes:
        mask: flags of the steps that may be attended to, `[rows, 1, 1, time] bool`.
        cosine, sine: rotation of each position, `[time, 1, 1, head width]`.
    """

    mask: str
    cosine: str
    sine: str


class _Nodes:
    """Builder of the layers; every value of a sequence is `[time, rows, width]`."""

    def __init__(self, build: GraphBuilder, settings: ModelSettings, root: str) -> None:
        self._build, self._root = build, root
        self._units, self._heads = settings.units, settings.attention_heads
        self._network_width = settings.feed_forward_width

    def dense(self, name: str, value: str, features: int, width: int) -> str:
        """Multiply by the kernel of a layer, and add its bias."""
        kernel = trained(f"{self._root}{name}/kernel", features, width)
        return self._build.dense(name, value, kernel, trained(f"{self._root}{name}/bias", width))

    def norm(self, name: str, value: str) -> str:
        """Normalise each step; the epsilon is ONNX's default."""
        gamma, beta = (
            self._build.weight(f"{name}/{part}", trained(f"{self._root}{name}/{part}", self._units))
            for part in ("gamma", "beta")
        )
        return self._build.node("LayerNormalization", value, gamma, beta, axis=-1)

    def shared(self, steps: Steps) -> _Shared:
        """Add the mask and the rotations that all layers use."""
        build = self._build
        mask = build.node("Transpose", steps.live, perm=[1, 2, 0])
        mask = build.node("Unsqueeze", mask, build.constant(np.array([1])))
        time = build.node("Gather", build.node("Shape", steps.live), build.constant(np.array(0)))
        zero, one = (build.constant(np.array(number)) for number in (0, 1))
        positions = build.node("Cast", build.node("Range", zero, time, one), to=Kind.FLOAT)
        positions = build.node("Unsqueeze", positions, build.constant(np.array([1, 2, 3])))
        frequencies = build.constant(rotation_frequencies(self._units // self._heads))
        angles = build.node("Mul", positions, frequencies)
        return _Shared(mask, build.node("Cos", angles), build.node("Sin", angles))

    def layer(self, name: str, sequence: str, shared: _Shared) -> str:
        """Add a layer."""
        build, units = self._build, self._units
        normed = self.norm(f"{name}/attention_norm", sequence)
        parts = self.dense(f"{name}/attention_input", normed, units, 3 * units)
        attended = self._attended(parts, shared)
        attended = self.dense(f"{name}/attention_output", attended, units, units)
        sequence = build.node("Add", sequence, attended)
        normed = self.norm(f"{name}/network_norm", sequence)
        inner = self.dense(f"{name}/network_input", normed, units, self._network_width)
        inner = build.node("Relu", inner)
        changed = self.dense(f"{name}/network_output", inner, self._network_width, units)
        return build.node("Add", sequence, changed)

    def _attended(self, parts: str, shared: _Shared) -> str:
        """Return the weighted sums of the values of all heads.

        Args:
            parts: queries, keys and values of all heads, `[time, rows, 3 * units]`.
            shared: mask and rotations.
        """
        build, heads, width = self._build, self._heads, self._units // self._heads
        sizes = build.constant(np.array([2 * heads, heads]))
        turned, values = build.nodes(
            "Split", build.shaped(parts, 0, 0, 3 * heads, width), sizes, count=2, axis=2
        )
        turned = self._rotated(turned, shared)
        queries, keys = build.nodes("Split", turned, count=2, axis=2, num_outputs=2)
        queries = build.node("Transpose", queries, perm=[1, 2, 0, 3])
        keys = build.node("Transpose", keys, perm=[1, 2, 3, 0])
        scores = build.node("MatMul", queries, keys)
        scores = build.node("Mul", scores, build.constant(np.float32(width**-0.5)))
        masked = build.constant(np.float32(_MASKED))
        weights = build.node("Softmax", build.node("Where", shared.mask, scores, masked), axis=-1)
        values = build.node("Transpose", values, perm=[1, 2, 0, 3])
        found = build.node("Transpose", build.node("MatMul", weights, values), perm=[2, 0, 1, 3])
        return build.shaped(found, 0, 0, self._units)

    def _rotated(self, values: str, shared: _Shared) -> str:
        """Rotate `values` `[time, rows, heads, head width]` by their positions."""
        build = self._build
        first, second = build.nodes("Split", values, count=2, axis=-1, num_outputs=2)
        turned = build.node("Concat", build.node("Neg", second), first, axis=-1)
        return build.node(
            "Add",
            build.node("Mul", values, shared.cosine),
            build.node("Mul", turned, shared.sine),
        )
