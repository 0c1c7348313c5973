"""ONNX graphs of a classification or regression model, built from its sizes.

`whole` reads a batch of complete sequences. `step` reads one more step of one sequence and keeps a
state of fixed size; only unidirectional models have it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seq2seq.config.choices import PoolingKind
from seq2seq.config.schema import ModelSettings
from seq2seq.export.onnx.builder import Graph, GraphBuilder
from seq2seq.export.onnx.encoder_nodes import (
    Encoded,
    EncoderInputs,
    State,
    Steps,
    encoder_nodes,
    last_step,
    mean_step,
)
from seq2seq.export.onnx.front_end import front_end
from seq2seq.export.onnx.messages import Kind
from seq2seq.export.onnx.parameters import trained
from seq2seq.export.onnx.step_masks import live_steps

LOWEST = -1e30  # attention score before the first step, and maximum of no values
_MASKED = -1e9
_ROOT = "labelling/"  # prefix of the weights' paths
CHAIN = ("crf/transitions", "crf/start", "crf/end")  # parameters, and paths of the weights


class LabelShape(NamedTuple):
    """Form of the inputs and outputs of a classification or regression model.

    Attributes:
        vocab: number of tokens; 0 if the model reads features.
        features: number of features of a step; 0 if the model reads text.
        outputs: number of outputs of one prediction.
        per_step: true for a prediction at each step.
        pooling: kind of pooling of the steps into one prediction; not used with `per_step`.
    """

    vocab: int
    features: int
    outputs: int
    per_step: bool
    pooling: PoolingKind

    @property
    def pooled_parts(self) -> tuple[str, ...]:
        """Return the names of the parts of the pooling's state."""
        if self.per_step or self.pooling == "last":
            return ()
        if self.pooling == "max":
            return ("pooled",)
        return ("pooled", "weight") if self.pooling == "mean" else ("pooled", "weight", "highest")


class LabelGraphs:
    """Builder of the graphs of a classification or regression model."""

    def __init__(
        self, settings: ModelSettings, shape: LabelShape, *, quantized: bool = False
    ) -> None:
        """Build the graph of whole sequences.

        Args:
            settings: sizes and options of the encoder.
            shape: form of inputs and outputs.
            quantized: true if products are in 8-bit integers. Products with features, and the
                product of the output head, stay in float32.
        """
        self.shape, self._settings, self._quantized = shape, settings, quantized
        self.whole = self._whole()

    @property
    def state_names(self) -> list[str]:
        """Return the names of the states that `step` takes; new states have the prefix `new_`."""
        layers = range(self._settings.encoder_layers)
        states = [f"{part}_{number}" for number in layers for part in ("hidden", "cell")]
        return [*states, *self.shape.pooled_parts]

    def state_width(self, name: str) -> int:
        """Return the width of a part of the state."""
        return 1 if name in ("weight", "highest") else self._settings.units

    def _whole(self) -> Graph:
        """Build the graph: `source_ids` or `features`, and `lengths` → `outputs`.

        With a CRF the graph also returns its potentials: `transitions`, `start` and `end`.
        """
        build, shape = self._builder("whole"), self.shape
        lengths, width = build.input("lengths", Kind.INT32, "rows"), self._settings.embedding_dim
        if shape.vocab:
            values = build.input("source_ids", Kind.INT32, "rows", "time")
            sequence = self._embedded(build, build.node("Transpose", values, perm=[1, 0]))
        else:
            values = build.input("features", Kind.FLOAT, "rows", "time", shape.features)
            values, width, lengths = front_end(
                build, self._settings, values, lengths, root=_ROOT, features=shape.features
            )
            sequence = build.exact(build.node("Transpose", values, perm=[1, 0, 2]))
        live = build.node("Transpose", live_steps(build, values, lengths), perm=[1, 0])
        steps = Steps(lengths, build.node("Unsqueeze", live, build.constant(np.array([2]))))
        stack = self._stack(build, sequence, steps, width=width)
        outputs = self._head(build, self._pooled(build, stack, steps))
        if shape.per_step:
            outputs = build.node("Transpose", outputs, perm=[1, 0, 2])
        middle = ("time",) if shape.per_step else ()
        build.output("outputs", outputs, Kind.FLOAT, "rows", *middle, shape.outputs)
        if self._settings.head == "crf":
            self._add_chain(build)
        return build.graph(self._description)

    def _add_chain(self, build: GraphBuilder) -> None:
        """Declare the potentials of the CRF as outputs of the graph."""
        classes = self.shape.outputs
        for name, shape in zip(CHAIN, ((classes, classes), (classes,), (classes,)), strict=True):
            value = build.node("Identity", build.weight(name, trained(name, *shape)))
            build.output(name.rpartition("/")[2], value, Kind.FLOAT, *shape)

    def step(self) -> Graph:
        """Build the graph: `features` `[1, 1, features]` and a state → `outputs` `[1, outputs]`.

        The graph also returns the new state, with the prefix `new_` before the names of the state.
        """
        build, shape, units = self._builder("step"), self.shape, self._settings.units
        sequence = build.exact(build.input("features", Kind.FLOAT, 1, 1, shape.features))
        state = {
            name: build.input(name, Kind.FLOAT, 1, self.state_width(name))
            for name in self.state_names
        }
        steps = Steps(
            build.constant(np.ones([1], np.int32)), build.constant(np.ones([1, 1, 1], np.bool_))
        )
        before = [
            (state[f"hidden_{number}"], state[f"cell_{number}"])
            for number in range(self._settings.encoder_layers)
        ]
        stack = self._stack(build, sequence, steps, width=shape.features, before=before)
        for number, after in enumerate(stack.states):
            for part, value in zip(("hidden", "cell"), after, strict=True):
                build.output(f"new_{part}_{number}", value, Kind.FLOAT, 1, units)
        output = build.node("Squeeze", stack.sequence, build.constant(np.array([0])))
        features = output
        if shape.pooled_parts:
            features, parts = self._pooled_so_far(build, output, stack.bound, state)
            for name, value in parts.items():
                build.output(f"new_{name}", value, Kind.FLOAT, 1, self.state_width(name))
        elif not shape.per_step:
            features = stack.states[-1][0]
        build.output("outputs", self._head(build, features), Kind.FLOAT, 1, shape.outputs)
        return build.graph(self._description)

    def _embedded(self, build: GraphBuilder, ids: str) -> str:
        shape = (self.shape.vocab, self._settings.embedding_dim)
        table = trained(f"{_ROOT}source_embedding/embeddings", *shape)
        return build.rows_of("source_embedding", table, ids)

    def _stack(
        self,
        build: GraphBuilder,
        sequence: str,
        steps: Steps,
        *,
        width: int,
        before: list[State] | None = None,
    ) -> Encoded:
        inputs = EncoderInputs(sequence, width, steps, before)
        return encoder_nodes(self._settings).add(build, self._settings, inputs, root=_ROOT)

    def _pooled(self, build: GraphBuilder, stack: Encoded, steps: Steps) -> str:
        """Return the input of the head: each step, or one vector of all steps `[rows, units]`."""
        sequence, live, kind = stack.sequence, steps.live, self.shape.pooling
        if self.shape.per_step:
            return sequence
        if kind == "last":
            return stack.states[-1][0] if stack.states else last_step(build, sequence, steps)
        if kind == "mean":
            return mean_step(build, sequence, steps)
        time = build.constant(np.array([0]))
        if kind == "max":
            kept = build.node("Where", live, sequence, build.constant(np.float32(LOWEST)))
            return build.node("ReduceMax", kept, time, keepdims=0)
        kept = build.node("Where", live, sequence, build.constant(np.float32(0.0)))
        scores = self._scores(build, sequence, stack.bound)
        scores = build.node("Where", live, scores, build.constant(np.float32(_MASKED)))
        weighted = build.node("Mul", kept, build.node("Softmax", scores, axis=0))
        return build.node("ReduceSum", weighted, time, keepdims=0)

    def _pooled_so_far(
        self, build: GraphBuilder, output: str, bound: float | None, state: dict[str, str]
    ) -> tuple[str, dict[str, str]]:
        """Return the vector of all steps so far, and the new state of the pooling."""
        if self.shape.pooling == "max":
            pooled = build.node("Max", state["pooled"], output)
            return pooled, {"pooled": pooled}
        one = build.constant(np.float32(1.0))
        if self.shape.pooling == "mean":
            new = {
                "pooled": build.node("Add", state["pooled"], output),
                "weight": build.node("Add", state["weight"], one),
            }
            return build.node("Div", new["pooled"], new["weight"]), new
        # Softmax over a growing row: sums are kept relative to the highest score so far.
        score = self._scores(build, output, bound)
        highest = build.node("Max", state["highest"], score)
        old, fresh = (
            build.node("Exp", build.node("Sub", each, highest))
            for each in (state["highest"], score)
        )
        new = {
            "pooled": build.node(
                "Add",
                build.node("Mul", state["pooled"], old),
                build.node("Mul", output, fresh),
            ),
            "weight": build.node("Add", build.node("Mul", state["weight"], old), fresh),
            "highest": highest,
        }
        return build.node("Div", new["pooled"], new["weight"]), new

    def _scores(self, build: GraphBuilder, output: str, bound: float | None) -> str:
        """Return the attention scores `[..., 1]` of the steps `output` `[..., units]`."""
        units, root = self._settings.units, f"{_ROOT}pooling"
        mixed = build.dense(
            "project",
            output,
            trained(f"{root}/project/kernel", units, units),
            trained(f"{root}/project/bias", units),
            bound=bound,
        )
        kernel = build.weight("score/kernel", trained(f"{root}/score/kernel", units, 1))
        return build.node("MatMul", build.node("Tanh", mixed), kernel)

    def _head(self, build: GraphBuilder, features: str) -> str:
        kernel = trained(f"{_ROOT}output/kernel", self._settings.units, self.shape.outputs)
        bias = trained(f"{_ROOT}output/bias", self.shape.outputs)
        return build.dense("output", build.exact(features), kernel, bias)

    def _builder(self, name: str) -> GraphBuilder:
        return GraphBuilder(name, quantized=self._quantized)

    @property
    def _description(self) -> dict[str, str]:
        return {
            "precision": "int8" if self._quantized else "float32",
            "outputs": str(self.shape.outputs),
        }
