"""Builder of ONNX graphs, operator by operator; products in float32 or in 8-bit integers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from seq2seq.export.onnx.quantization import (
    ROW_STEPS,
    ROW_ZERO,
    quantized_columns,
    quantized_rows,
)

# Old enough for every runtime of the last two years, new enough for the operators in use.
OPSET = 20
IR_VERSION = 9

# Domain in which ONNX Runtime has the one operator that ONNX lacks: an integer product whose result
# is scaled by columns as it is written. It takes two thirds of the time of two operators.
_CONTRIBUTED = "com.microsoft"

Array = NDArray[Any]


class GraphBuilder:
    """Builder that collects the nodes and constants of a graph.

    Values are named by strings, as in ONNX; each method that computes one returns its name.
    """

    def __init__(self, name: str, *, quantized: bool, prefix: str = "") -> None:
        """Create an empty graph.

        Args:
            name: name of the graph.
            quantized: true if `dense` multiplies in 8-bit integers.
            prefix: text before each generated name, which keeps the names of two graphs apart.
        """
        self.name, self.quantized, self.prefix = name, quantized, prefix
        self.inputs: list[onnx.ValueInfoProto] = []
        self.outputs: list[onnx.ValueInfoProto] = []
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._integers: dict[str, tuple[str, str]] = {}
        self._names: dict[str, str] = {}
        self._count = 0

    def input(self, name: str, kind: int, *shape: int | str) -> str:
        """Declare an input; `kind` is a `TensorProto` type, open dimensions are named."""
        self.inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, name: str, value: str, kind: int, *shape: int | str) -> None:
        """Declare `value`, computed by a node, as the output called `name`."""
        if value in self._names:  # it is already an output, under another name
            value = self.node("Identity", value)
        self._names[value] = name
        self.outputs.append(helper.make_tensor_value_info(name, kind, shape))

    def constant(self, array: Array | np.generic) -> str:
        """Add a constant tensor to the graph; return its name."""
        name = self.fresh("constant")
        self._constants.append(numpy_helper.from_array(np.asarray(array, order="C"), name))
        return name

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add a node; return the name of its only output."""
        return self.nodes(operator, *inputs, count=1, **attributes)[0]

    def nodes(self, operator: str, *inputs: str, count: int, **attributes: Any) -> list[str]:
        """Add a node; return the names of its first `count` outputs."""
        outputs = [self.fresh(operator) for _ in range(count)]
        self._nodes.append(helper.make_node(operator, list(inputs), outputs, **attributes))
        return outputs

    def dense(
        self,
        value: str,
        kernel: Array,
        bias: Array | None = None,
        *,
        bound: float | None = None,
    ) -> str:
        """Multiply `value` `[..., features] float32` by `kernel` `[features, width]`; add `bias`.

        `bound` is the largest magnitude that `value` can have, by construction. In a quantized
        graph it determines the quantization step; without it, the step of each row is computed
        while the graph runs. Neither depends on other rows.
        """
        if not self.quantized:
            product = self.node("MatMul", value, self.constant(kernel.astype(np.float32)))
        elif bound is not None:
            return self._bounded_product(value, kernel, bias, bound)
        else:
            integers, step = self._integer_rows(value)
            product = self.node("Mul", self._integer_product(integers, kernel), step)
        return product if bias is None else self.node("Add", product, self.constant(bias))

    def product_with(self, value: str, kernel: str, steps: str | None) -> str:
        """Multiply `value` `[..., features]` by the graph input `kernel` `[features, width]`.

        In a quantized graph `kernel` holds integers, and `steps` `[width]` are the quantization
        steps of its columns.
        """
        if steps is None:
            return self.node("MatMul", value, kernel)
        integers, step = self._integer_rows(value)
        return self.node("Mul", self._scaled_product(integers, kernel, steps), step)

    def rows_of(self, table: Array, ids: str) -> str:
        """Gather the rows `ids` of `table` `[rows, width]`; the result is only valid in `dense`."""
        if not self.quantized:
            return self.node("Gather", self.constant(table.astype(np.float32)), ids, axis=0)
        rows = quantized_rows(table)
        integers = self.node("Gather", self.constant(rows.integers), ids, axis=0)
        steps = self.node("Gather", self.constant(rows.steps[:, np.newaxis]), ids, axis=0)
        self._integers[integers] = (integers, steps)
        return integers

    def _bounded_product(self, value: str, kernel: Array, bias: Array | None, bound: float) -> str:
        step = self.constant(np.float32(bound / ROW_STEPS))
        integers = self.node("QuantizeLinear", value, step, self.constant(np.uint8(ROW_ZERO)))
        return self._integer_product(integers, kernel, step=step, bias=bias)

    def _integer_product(
        self, integers: str, kernel: Array, *, step: str | None = None, bias: Array | None = None
    ) -> str:
        columns = quantized_columns(kernel)
        names = self.constant(columns.integers), self.constant(columns.steps)
        return self._scaled_product(integers, *names, step=step, bias=bias)

    def _scaled_product(
        self,
        integers: str,
        kernel: str,
        steps: str,
        *,
        step: str | None = None,
        bias: Array | None = None,
    ) -> str:
        inputs = [
            integers,
            kernel,
            step or self.constant(np.float32(1.0)),
            steps,
            self.constant(np.uint8(ROW_ZERO)),
        ]
        if bias is not None:
            inputs += [self.constant(np.int8(0)), self.constant(bias)]
        return self.node("MatMulIntegerToFloat", *inputs, domain=_CONTRIBUTED)

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

    def graph(self) -> onnx.GraphProto:
        """Return the finished graph, which may also be the body of a Scan."""
        for node in self._nodes:
            node.input[:] = [self._names.get(name, name) for name in node.input]
            node.output[:] = [self._names.get(name, name) for name in node.output]
        return helper.make_graph(
            self._nodes, self.name, self.inputs, self.outputs, initializer=self._constants
        )

    def model(self, description: Mapping[str, str]) -> bytes:
        """Return the finished model as the bytes of an ONNX file, checked by `onnx.checker`.

        `description` is stored as the model's metadata.
        """
        model = helper.make_model(
            self.graph(),
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(_CONTRIBUTED, 1)],
            ir_version=IR_VERSION,
            producer_name="seq2seq",
        )
        helper.set_model_props(model, dict(description))
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString())

    def fresh(self, what: str) -> str:
        """Return a name that nothing in the graph has yet."""
        self._count += 1
        return f"{self.prefix}{what}_{self._count}"
