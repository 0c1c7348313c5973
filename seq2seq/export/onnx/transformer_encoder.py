"""ONNX nodes of the transformer encoder, `seq2seq.model.transformer.TransformerEncoder`.

Each parameter has the path of its weight as its name. In a quantized graph the products with
kernels are in 8-bit integers; the products of the attention, between activations, stay in float32.
The attention of a long sequence is computed for a block of steps at a time, because all scores of
an hour of sound at once would need hundreds of gigabytes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.schema import ModelSettings
from seq2seq.export.onnx.builder import GraphBuilder
from seq2seq.export.onnx.encoder_nodes import Encoded, EncoderInputs, Steps, numbers_below
from seq2seq.export.onnx.messages import Body, Kind
from seq2seq.export.onnx.parameters import Numbers, trained
from seq2seq.model.rotary_positions import rotation_frequencies

_MASKED = -1e9
_LARGEST = 1e15
_AT_ONCE = 1024  # maximum number of steps whose attention is computed at once
_BLOCK = 128  # maximum number of steps of a block, for longer sequences


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
        scale, masked: factor of the scores, and score of a step that may not be attended to.
        blocks: division of the time into blocks.
    """

    mask: str
    cosine: str
    sine: str
    scale: str
    masked: str
    blocks: _Blocks


class _Blocks(NamedTuple):
    """Division of the time into blocks of equal size, of which the last one is padded.

    Attributes:
        time: number of steps, `[1] int64`.
        few: true if the steps are so few that no blocks are needed, `[] bool`.
        padding: argument of `Pad` for `[rows, heads, time, head width]`.
        divided: shape `[rows, heads, blocks, steps, head width]`, with 0 for rows and heads.
        joined: shape `[rows, heads, blocks * steps, head width]`, with -1 for the third size.
        first, axis: first step and axis of the time, for `Slice`.
    """

    time: str
    few: str
    padding: str
    divided: str
    joined: str
    first: str
    axis: str


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
        cosine, sine = build.node("Cos", angles), build.node("Sin", angles)
        scale = build.constant(np.float32((self._units // self._heads) ** -0.5))
        masked = build.constant(np.float32(_MASKED))
        return _Shared(mask, cosine, sine, scale, masked, self._blocks(time))

    def _blocks(self, time: str) -> _Blocks:
        """Divide `time` steps into blocks of at most `_BLOCK` steps."""
        build = self._build

        def numbers(*values: int) -> str:
            return build.constant(np.array(values, np.int64))

        def rounded_up(dividend: str, divisor: str) -> str:
            less = build.node("Sub", build.node("Add", dividend, divisor), numbers(1))
            return build.node("Div", less, divisor)

        few = build.node("LessOrEqual", time, build.constant(np.array(_AT_ONCE)))
        time = build.node("Unsqueeze", time, numbers(0))
        count = rounded_up(time, numbers(_BLOCK))
        steps = rounded_up(time, count)
        added = build.node("Sub", build.node("Mul", count, steps), time)
        width = numbers(self._units // self._heads)
        return _Blocks(
            time,
            few,
            padding=build.node("Concat", numbers(*[0] * 6), added, numbers(0), axis=0),
            divided=build.node("Concat", numbers(0, 0), count, steps, width, axis=0),
            joined=numbers(0, 0, -1, self._units // self._heads),
            first=numbers(0),
            axis=numbers(2),
        )

    def layer(self, name: str, sequence: str, shared: _Shared) -> str:
        """Add an encoder layer to the graph and return its output, `[batch, source_len, units]`."""
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
        values = build.node("Transpose", values, perm=[1, 2, 0, 3])
        attention = _Attention(queries, keys, values, shared, heads, width)
        found = build.node(
            "If",
            shared.blocks.few,
            then_branch=attention.at_once(build),
            else_branch=attention.by_blocks(build),
        )
        found = build.node("Transpose", found, perm=[2, 0, 1, 3])
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


class _Attention(NamedTuple):
    """Attention of all steps to all steps.

    Attributes:
        queries: queries, `[rows, heads, time, head width]`.
        keys: keys, `[rows, heads, head width, time]`.
        values: values, `[rows, heads, time, head width]`.
        shared: values that all layers use.
        heads, width: number and width of the heads.
    """

    queries: str
    keys: str
    values: str
    shared: _Shared
    heads: int
    width: int

    def at_once(self, outer: GraphBuilder) -> Body:
        """Return a graph with the weighted sums of the values, in the shape of the queries."""
        build = GraphBuilder("few", quantized=False, outer=outer)
        return self._branch(build, self._of(build, self.queries))

    def by_blocks(self, outer: GraphBuilder) -> Body:
        """Return a graph with the same sums, computed for one block of queries after another."""
        build = GraphBuilder("all", quantized=False, outer=outer)
        blocks = self.shared.blocks
        queries = build.node("Pad", self.queries, blocks.padding)
        queries = build.node("Reshape", queries, blocks.divided)
        body = GraphBuilder("b", quantized=False, outer=build)
        block = body.input(f"{body.prefix}x", Kind.FLOAT, *self._shape)
        body.output(f"{body.prefix}y", self._of(body, block), Kind.FLOAT, *self._shape)
        axes = {"scan_input_axes": [2], "scan_output_axes": [2]}
        found = build.node("Scan", queries, body=body.body(), num_scan_inputs=1, **axes)
        found = build.node("Reshape", found, blocks.joined)
        found = build.node("Slice", found, blocks.first, blocks.time, blocks.axis)
        return self._branch(build, found)

    @property
    def _shape(self) -> tuple[str | int, ...]:
        """Shape of some queries, and of their sums."""
        return "rows", self.heads, "steps", self.width

    def _of(self, build: GraphBuilder, queries: str) -> str:
        """Return the weighted sums for some queries."""
        scores = build.node("MatMul", queries, self.keys)
        scores = build.node("Mul", scores, self.shared.scale)
        scores = build.node("Where", self.shared.mask, scores, self.shared.masked)
        return build.node("MatMul", build.node("Softmax", scores, axis=-1), self.values)

    def _branch(self, build: GraphBuilder, found: str) -> Body:
        build.output(f"{build.prefix}y", found, Kind.FLOAT, *self._shape)
        return build.body()
