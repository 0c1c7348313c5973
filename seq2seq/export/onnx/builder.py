"""Builder of ONNX graphs, operator by operator; products in float32 or in 8-bit integers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.export.onnx.messages import (
    CONTRIBUTED,
    Body,
    Kind,
    external_tensor_message,
    graph_message,
    model_message,
    node_message,
    tensor_message,
    value_message,
    with_tensors,
)
from seq2seq.export.onnx.parameters import Compute, Numbers, Parameter, Parameters, Weight
from seq2seq.export.onnx.quantization import (
    ROW_STEPS,
    ROW_ZERO,
    quantized_columns,
    quantized_rows,
)

Array = NDArray[Any]


@dataclass(frozen=True)
class Graph:
    """A built graph, which holds small constants but no weights.

    Attributes:
        body: bytes of the graph.
        parameters: numbers that it needs, by name.
        description: metadata of a model with this graph.
    """

    body: Body
    parameters: Parameters
    description: Mapping[str, str]

    def model(self, numbers: Numbers | None = None) -> bytes:
        """Return an ONNX model with this graph.

        Args:
            numbers: numbers by name, at least those of `parameters`; None for a model that gets
                the numbers only when ONNX Runtime loads it.
        """
        if numbers is None:
            tensors = [
                external_tensor_message(name, one.kind, one.shape)
                for name, one in self.parameters.items()
            ]
        else:
            tensors = [tensor_message(name, numbers[name]) for name in self.parameters]
        return model_message(with_tensors(self.body, tensors), self.description)


@dataclass(frozen=True)
class _Node:
    """A node whose names may still change."""

    operator: str
    inputs: list[str]
    outputs: list[str]
    attributes: Mapping[str, Any]


class GraphBuilder:
    """Builder that collects the nodes, constants and parameters of a graph.

    Values are named by strings, as in ONNX; each method that computes one returns its name.
    """

    def __init__(self, name: str, *, quantized: bool, outer: GraphBuilder | None = None) -> None:
        """Create an empty graph.

        Args:
            name: name of the graph.
            quantized: true if `dense` multiplies in 8-bit integers.
            outer: builder of the graph that holds this one as the body of a Scan; it also holds
                the parameters, because ONNX Runtime takes none inside a body.
        """
        self.name, self.quantized = name, quantized
        self.prefix = "" if outer is None else f"{outer.fresh(name)}_"
        self._parameters: dict[str, Parameter] = {} if outer is None else outer._parameters
        self._inputs: list[bytes] = []
        self._outputs: list[bytes] = []
        self._nodes: list[_Node] = []
        self._constants: list[bytes] = []
        self._integers: dict[str, tuple[str, str]] = {}
        self._exact: set[str] = set()
        self._names: dict[str, str] = {}
        self._count = 0

    def input(self, name: str, kind: Kind, *shape: int | str) -> str:
        """Declare an input; a string in `shape` names an open dimension."""
        self._inputs.append(value_message(name, kind, shape))
        return name

    def output(self, name: str, value: str, kind: Kind, *shape: int | str) -> None:
        """Declare `value`, computed by a node, as the output called `name`."""
        if value in self._names:  # it is already an output, under another name
            value = self.node("Identity", value)
        self._names[value] = name
        self._outputs.append(value_message(name, kind, shape))

    def constant(self, array: Array | np.generic) -> str:
        """Add a small constant tensor to the graph; return its name."""
        name = self.fresh("constant")
        self._constants.append(tensor_message(name, np.asarray(array, order="C")))
        return name

    def parameter(self, name: str, kind: Kind, shape: tuple[int, ...], compute: Compute) -> str:
        """Declare numbers of the model; return their name, which is valid in the whole graph.

        Args:
            name: name of the parameter; a graph may use it several times.
            kind: element type.
            shape: shape of the numbers.
            compute: function that returns them from the trained weights.
        """
        self._parameters[name] = Parameter(kind, shape, compute)
        return name

    def weight(self, name: str, weight: Weight) -> str:
        """Declare a parameter that is a weight in float32."""
        return self.parameter(name, Kind.FLOAT, weight.shape, weight.compute)

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add a node; return the name of its only output."""
        return self.nodes(operator, *inputs, count=1, **attributes)[0]

    def nodes(self, operator: str, *inputs: str, count: int, **attributes: Any) -> list[str]:
        """Add a node; return the names of its first `count` outputs."""
        outputs = [self.fresh(operator) for _ in range(count)]
        self._nodes.append(_Node(operator, list(inputs), outputs, attributes))
        return outputs

    def dense(
        self,
        name: str,
        value: str,
        kernel: Weight,
        bias: Weight | None = None,
        *,
        bound: float | None = None,
    ) -> str:
        """Multiply `value` `[..., features] float32` by `kernel` `[features, width]`; add `bias`.

        Args:
            name: name of the layer; the names of its parameters begin with it.
            value: value to multiply.
            kernel: kernel of the layer.
            bias: bias of the layer, `[width]`.
            bound: largest magnitude that `value` can have, by construction. In a quantized graph
                it determines the quantization step; without it, the step of each row is computed
                while the graph runs. In both cases no row depends on other rows.
        """
        shift = None if bias is None else self.weight(f"{name}/bias", bias)
        if not self.quantized or value in self._exact:
            product = self.node("MatMul", value, self.weight(f"{name}/kernel", kernel))
        elif bound is not None:
            step = self.constant(np.float32(bound / ROW_STEPS))
            integers = self.node("QuantizeLinear", value, step, self.constant(np.uint8(ROW_ZERO)))
            return self._scaled_product(
                integers, *self._quantized_kernel(name, kernel), step=step, bias=shift
            )
        else:
            integers, step = self._integer_rows(value)
            product = self._scaled_product(integers, *self._quantized_kernel(name, kernel))
            product = self.node("Mul", product, step)
        return product if shift is None else self.node("Add", product, shift)

    def exact(self, value: str) -> str:
        """Mark `value`: `dense` computes its products in float32 in any graph; return `value`."""
        self._exact.add(value)
        return value

    def product_with(self, value: str, kernel: str, steps: str | None) -> str:
        """Multiply `value` `[..., features]` by the graph input `kernel` `[features, width]`.

        In a quantized graph `kernel` holds integers, and `steps` `[width]` are the quantization
        steps of its columns.
        """
        if steps is None:
            return self.node("MatMul", value, kernel)
        integers, step = self._integer_rows(value)
        return self.node("Mul", self._scaled_product(integers, kernel, steps), step)

    def rows_of(self, name: str, table: Weight, ids: str) -> str:
        """Gather the rows `ids` of `table` `[rows, width]`; the result is only valid in `dense`."""
        if not self.quantized:
            return self.node("Gather", self.weight(f"{name}/table", table), ids, axis=0)
        whole = self.parameter(
            f"{name}/table",
            Kind.UINT8,
            table.shape,
            lambda weights: quantized_rows(table.compute(weights)).integers,
        )
        all_steps = self.parameter(
            f"{name}/steps",
            Kind.FLOAT,
            (table.shape[0], 1),
            lambda weights: quantized_rows(table.compute(weights)).steps[:, np.newaxis],
        )
        integers = self.node("Gather", whole, ids, axis=0)
        self._integers[integers] = (integers, self.node("Gather", all_steps, ids, axis=0))
        return integers

    def _quantized_kernel(self, name: str, kernel: Weight) -> tuple[str, str]:
        """Declare the integers and the steps of a kernel."""
        return (
            self.parameter(
                f"{name}/kernel",
                Kind.INT8,
                kernel.shape,
                lambda weights: quantized_columns(kernel.compute(weights)).integers,
            ),
            self.parameter(
                f"{name}/steps",
                Kind.FLOAT,
                kernel.shape[1:],
                lambda weights: quantized_columns(kernel.compute(weights)).steps,
            ),
        )

    def _scaled_product(
        self,
        integers: str,
        kernel: str,
        steps: str,
        *,
        step: str | None = None,
        bias: str | None = None,
    ) -> str:
        inputs = [
            integers,
            kernel,
            step or self.constant(np.float32(1.0)),
            steps,
            self.constant(np.uint8(ROW_ZERO)),
        ]
        if bias is not None:
            inputs += [self.constant(np.int8(0)), bias]
        return self.node("MatMulIntegerToFloat", *inputs, domain=CONTRIBUTED)

    def _integer_rows(self, value: str) -> tuple[str, str]:
        """Return each row of `value` quantized by its largest magnitude, and the steps.

        The integers are `uint8` around 128.
        """
        if value not in self._integers:
            largest = self.node(
                "ReduceMax", self.node("Abs", value), self.constant(np.array([-1])), keepdims=1
            )
            # The maximum prevents a division by zero for a row of zeros.
            largest = self.node("Max", largest, self.constant(np.float32(1e-30)))
            step = self.node("Mul", largest, self.constant(np.float32(1.0 / ROW_STEPS)))
            integers = self.node(
                "QuantizeLinear",
                self.node("Div", value, step),
                self.constant(np.float32(1.0)),
                self.constant(np.uint8(ROW_ZERO)),
            )
            self._integers[value] = (integers, step)
        return self._integers[value]

    def shaped(self, value: str, *shape: int) -> str:
        """Reshape `value`; a 0 in `shape` keeps a dimension and a -1 takes the remaining size."""
        return self.node("Reshape", value, self.constant(np.array(shape, dtype=np.int64)))

    def body(self) -> Body:
        """Return the finished graph, which may also be the body of a Scan."""
        return graph_message(
            self.name,
            nodes=[
                node_message(
                    one.operator,
                    [self._names.get(name, name) for name in one.inputs],
                    [self._names.get(name, name) for name in one.outputs],
                    one.attributes,
                )
                for one in self._nodes
            ],
            tensors=self._constants,
            inputs=self._inputs,
            outputs=self._outputs,
        )

    def graph(self, description: Mapping[str, str]) -> Graph:
        """Return the finished graph with its parameters and the metadata of its model."""
        return Graph(self.body(), self._parameters, description)

    def fresh(self, what: str) -> str:
        """Return a name that nothing in the graph has yet."""
        self._count += 1
        return f"{self.prefix}{what}_{self._count}"
