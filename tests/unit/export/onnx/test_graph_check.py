"""Every graph that is exported passes; one that could do harm, or fail half-way, does not."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from seq2seq.errors import ModelError
from seq2seq.export.exported_model import LightExportedModel, read_light
from seq2seq.export.onnx.graph_check import (
    check_encoder,
    check_output,
    check_short_output,
    check_step,
)

Change = Callable[[Any], object]


@pytest.fixture(scope="module")
def exported_model(small: Path) -> LightExportedModel:
    return read_light(small)


@pytest.mark.parametrize("precision", ["float32", "int8"])
@pytest.mark.parametrize("attention", ["luong", "bahdanau", "none"])
def test_all_that_is_exported_passes(
    write_small_exported_model: Callable[..., Path], tmp_path: Path, attention: str, precision: str
) -> None:
    for number, (both, residual, layers) in enumerate(
        itertools.product([True, False], [True, False], [(1, 1), (2, 3), (3, 2)])
    ):
        read_light(
            write_small_exported_model(
                tmp_path / str(number),
                precision=precision,
                attention=attention,
                bidirectional=both,
                residual=residual,
                encoder_layers=layers[0],
                decoder_layers=layers[1],
            )
        )


def changed(content: bytes, change: Change) -> bytes:
    model = onnx.load_from_string(content)
    change(model)
    return bytes(model.SerializeToString())


def node(model: Any, operator: str) -> Any:
    return next(node for node in model.graph.node if node.op_type == operator)


def constant(model: Any, name: str) -> Any:
    return next(tensor for tensor in model.graph.initializer if tensor.name == name)


def add(model: Any, operator: str, *inputs: str, **attributes: Any) -> None:
    """A node between the others, whose result nobody needs."""
    outputs = [f"new_{len(model.graph.node)}"]
    model.graph.node.append(helper.make_node(operator, list(inputs), outputs, **attributes))


def add_constant(model: Any, name: str, array: Any) -> None:
    model.graph.initializer.append(numpy_helper.from_array(np.asarray(array), name))


def external(model: Any) -> None:
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../../etc/passwd")


def external_by_location_alone(model: Any) -> None:
    model.graph.initializer[0].data_location = TensorProto.EXTERNAL


def sparse(model: Any) -> None:
    model.graph.sparse_initializer.add()


def functions(model: Any) -> None:
    opset = helper.make_opsetid("", 20)
    model.functions.append(helper.make_function("", "Tanh", ["x"], ["x"], [], [opset]))


def training(model: Any) -> None:
    model.training_info.add()


def inner_shapes(model: Any) -> None:
    model.graph.value_info.add()


def loop(model: Any) -> None:
    add(model, "Loop", "source_ids", body=helper.make_graph([], "body", [], []))


def other_domain(model: Any) -> None:
    node(model, "LSTM").domain = "com.example"


def contributed(model: Any) -> None:
    model.graph.node[0].domain = "com.microsoft"


def more_operators(model: Any) -> None:
    model.opset_import.add(domain="ai.onnx.ml", version=1)


def newer_operators(model: Any) -> None:
    model.opset_import[0].version = 21


def tensor_attribute(model: Any) -> None:
    add(model, "ConstantOfShape", value=numpy_helper.from_array(np.zeros(1)))


def expanded(model: Any) -> None:
    add_constant(model, "huge", np.array([2**40]))
    add(model, "Expand", model.graph.initializer[0].name, "huge")


def dims(*sizes: int) -> Change:
    def change(model: Any) -> None:
        tensor = model.graph.initializer[0]
        del tensor.dims[:]
        tensor.dims.extend(sizes)

    return change


def numbers_that_are_not_raw(model: Any) -> None:
    tensor = model.graph.initializer[0]
    tensor.int64_data.append(1)


def texts(model: Any) -> None:
    model.graph.initializer[0].data_type = TensorProto.STRING


def not_finite(model: Any) -> None:
    tensor = next(t for t in model.graph.initializer if len(t.dims) == 3)
    values = numpy_helper.to_array(tensor).copy()
    values[0, 0, 0] = np.nan
    tensor.raw_data = values.tobytes()


def twice(model: Any) -> None:
    model.graph.initializer.append(model.graph.initializer[0])


def doubled_again_and_again(model: Any) -> None:
    """2 ** 40 numbers from one."""
    name = "source_ids"
    for number in range(40):
        joined = helper.make_node("Concat", [name, name], [f"more_{number}"], axis=0)
        model.graph.node.append(joined)
        name = f"more_{number}"


def widened_again_and_again(model: Any) -> None:
    add_constant(model, "wide", np.ones([2**10, 1], np.float32))
    add_constant(model, "long", np.ones([1, 2**11], np.float32))
    add(model, "MatMul", "wide", "long")


def rows_by_rows(model: Any) -> None:
    """A square of what is already as long as the batch."""
    floats = next(n for n in model.graph.node if n.op_type == "Gather").output[0]
    model.graph.node.append(helper.make_node("Transpose", [floats], ["turned"], perm=[0, 2, 1]))
    add(model, "MatMul", floats, "turned")


def integers_divided(model: Any) -> None:
    """-2 ** 63 / -1 ends the process."""
    add_constant(model, "least", np.array([-(2**63)]))
    add_constant(model, "minus_one", np.array([-1]))
    add(model, "Div", "least", "minus_one")


def beyond_the_table(model: Any) -> None:
    add_constant(model, "table", np.zeros([3, 2], np.float32))
    add(model, "Gather", "table", "source_ids", axis=0)


def beyond_by_number(model: Any) -> None:
    add_constant(model, "table", np.zeros([3, 2], np.float32))
    add_constant(model, "place", np.array([3]))
    add(model, "Gather", "table", "place", axis=0)


def other_lengths(model: Any) -> None:
    add(model, "Cast", "source_ids", to=TensorProto.INT64)
    floats = next(n for n in model.graph.node if n.op_type == "Gather").output[0]
    add(model, "ReverseSequence", floats, model.graph.node[-1].output[0])


def unknown_value(model: Any) -> None:
    node(model, "LSTM").input[0] = "nowhere"


def in_a_circle(model: Any) -> None:
    first = model.graph.node[0]
    first.input[0] = model.graph.node[-1].output[0]


def same_name(model: Any) -> None:
    model.graph.node.append(model.graph.node[0])


def attribute_of_another_kind(model: Any) -> None:
    attribute = node(model, "LSTM").attribute[0]
    attribute.type = onnx.AttributeProto.FLOAT


def more_attributes(model: Any) -> None:
    node(model, "LSTM").attribute.append(helper.make_attribute("layout", 1))


def more_units(model: Any) -> None:
    for attribute in node(model, "LSTM").attribute:
        if attribute.name == "hidden_size":
            attribute.i = 2**31


def another_input(model: Any) -> None:
    model.graph.input.append(helper.make_tensor_value_info("x", TensorProto.FLOAT, [1]))


def renamed_output(model: Any) -> None:
    model.graph.output[0].name = "x"


def other_input_type(model: Any) -> None:
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.INT64


def sequence_input(model: Any) -> None:
    model.graph.input[0].type.sequence_type.SetInParent()


def many_nodes(model: Any) -> None:
    for _ in range(40_000):
        model.graph.node.add(op_type="Tanh", input=["x"], output=["y"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (external, "data in another file"),
        (external_by_location_alone, "whose data lies in another file"),
        (sparse, "a sparse tensor"),
        (functions, "functions"),
        (training, "training information"),
        (inner_shapes, "shapes of inner values"),
        (loop, "the operator Loop is not among"),
        (other_domain, r"com\.example\.LSTM is not among"),
        (contributed, r"com\.microsoft\.\w+ is not among"),
        (more_operators, "uses operators 'ai.onnx.ml'"),
        (newer_operators, "uses operators '' of version 21"),
        (tensor_attribute, "a tensor as attribute"),
        (expanded, "the operator Expand is not among"),
        (dims(2**62, 2**62), "of the shape"),
        (dims(-1), "of the shape"),
        (dims(0, 2**62), "of the shape"),
        (dims(1, 1, 1, 1, 1), "of the shape"),
        (dims(2**31), "of the shape .* bytes of data"),
        (numbers_that_are_not_raw, "data that is not raw"),
        (texts, "a tensor of the type 8"),
        (not_finite, "not finite"),
        (twice, "the same name"),
        (doubled_again_and_again, "in Concat"),
        (widened_again_and_again, r"in MatMul, a computed value has the shape \[1024, 2048\]"),
        (rows_by_rows, "in MatMul, a computed value has the shape"),
        (integers_divided, "in Div, it"),
        (beyond_the_table, "in Gather, it takes from 3 what need not be there"),
        (beyond_by_number, "in Gather, it takes from 3 what need not be there"),
        (other_lengths, "in ReverseSequence, its lengths"),
        (unknown_value, "'nowhere' is not known"),
        (in_a_circle, "is not known"),
        (same_name, "two of its values are called"),
        (attribute_of_another_kind, "does not hold what it says"),
        (more_attributes, "the attribute 'layout'"),
        (more_units, "its weights are not those of 2147483648 units"),
        (another_input, "inputs or outputs are not those of the settings"),
        (renamed_output, "inputs or outputs are not those of the settings"),
        (other_input_type, "'source_ids' has the shape"),
        (sequence_input, "a field 4, which is not allowed"),
        (many_nodes, "more than 100000 fields"),
    ],
    ids=lambda part: getattr(part, "__name__", ""),
)
def test_an_encoder_that_may_do_harm(
    exported_model: LightExportedModel, change: Change, message: str
) -> None:
    content = changed(exported_model.encoder, change)
    size = exported_model.source_tokenizer.vocab_size
    with pytest.raises(ModelError, match=f"^e is no ONNX file of an exported model.*({message})"):
        check_encoder(content, exported_model.settings.model, vocab_size=size, name="e")


def test_a_graph_in_a_graph_in_a_graph(exported_model: LightExportedModel) -> None:
    body = helper.make_graph([], "innermost", [], [])
    for _ in range(2):
        inner = helper.make_node("Scan", ["x"], ["y"], body=body, num_scan_inputs=1)
        body = helper.make_graph([inner], "around", [], [])
    content = changed(exported_model.step, lambda model: model.graph.node.extend(body.node))
    with pytest.raises(ModelError, match="graphs within graphs more than 2 deep"):
        check_step(content, exported_model.settings.model, vocab_size=1)


def test_a_body_that_keeps_another_state(
    write_small_exported_model: Callable[..., Path], tmp_path: Path
) -> None:
    exported_model = read_light(write_small_exported_model(tmp_path / "int8", precision="int8"))
    size = exported_model.source_tokenizer.vocab_size

    def swap(model: Any) -> None:
        (body,) = [attribute.g for attribute in node(model, "Scan").attribute if attribute.g.node]
        body.output[0].type.tensor_type.shape.dim[1].dim_value += 1

    def escape(model: Any) -> None:
        (body,) = [attribute.g for attribute in node(model, "Scan").attribute if attribute.g.node]
        body.node[0].input[0] = "source_ids"

    for change, message in ((swap, "in Scan"), (escape, "'source_ids' is not known")):
        with pytest.raises(ModelError, match=message):
            check_encoder(
                changed(exported_model.encoder, change),
                exported_model.settings.model,
                vocab_size=size,
            )


@pytest.mark.parametrize(
    ("most", "message"),
    [
        (10**6, "in TopK, it takes more than the"),
        (1, "in TopK, it takes more than the"),
        (0, "in Min, it takes at most 0"),
        (-1, "in Min, it takes at most -1"),
    ],
)
def test_more_of_the_likeliest_than_there_are(
    exported_model: LightExportedModel, most: int, message: str
) -> None:
    def change(model: Any) -> None:
        constant(model, node(model, "Min").input[1]).raw_data = np.array([most]).tobytes()

    size = exported_model.target_tokenizer.vocab_size
    with pytest.raises(ModelError, match=message):
        check_output(
            changed(exported_model.output, change), exported_model.settings.model, vocab_size=size
        )


def test_vocabularies_of_another_size(exported_model: LightExportedModel) -> None:
    model = exported_model.settings.model
    sizes = exported_model.source_tokenizer.vocab_size, exported_model.target_tokenizer.vocab_size
    with pytest.raises(ModelError, match="what need not be there"):
        check_encoder(exported_model.encoder, model, vocab_size=sizes[0] + 1)
    with pytest.raises(ModelError, match="what need not be there"):
        check_step(exported_model.step, model, vocab_size=sizes[1] + 1)
    with pytest.raises(ModelError, match="'log_probs' has the shape"):
        check_output(exported_model.output, model, vocab_size=sizes[1] + 64)


def test_a_short_output_that_may_do_harm(exported_model: LightExportedModel) -> None:
    assert exported_model.shortlist is not None
    graph, model = exported_model.shortlist.graph, exported_model.settings.model

    def indices_that_are_not(model: Any) -> None:
        """The best of the batch's pieces in place of the best of a sentence's own."""
        node(model, "LogSoftmax").input[0] = node(model, "MatMul").output[0]

    def added_to(model: Any) -> None:
        add_constant(model, "far", np.array([2**40]))
        top = node(model, "TopK")
        top.output[1] = "places"
        model.graph.node.append(helper.make_node("Add", ["places", "far"], ["top_places"]))

    def beyond(model: Any) -> None:
        """Places among a sentence's own taken for places in the batch's."""
        node(model, "GatherElements").input[0] = "bias"

    def more(model: Any) -> None:
        add_constant(model, "many", np.array([10**6]))
        node(model, "TopK").input[1] = "many"

    for change, message in (
        (indices_that_are_not, "in TopK, it takes more than the pieces"),
        (added_to, "two of its values are called 'places'|may contain out-of-range indices"),
        (beyond, "in GatherElements, it takes from"),
        (more, "in TopK, it does not take as many as are asked for"),
    ):
        with pytest.raises(ModelError, match=message):
            check_short_output(changed(graph, change), model, quantized=False)
    with pytest.raises(ModelError, match="its inputs or outputs are not those"):
        check_short_output(graph, model, quantized=True)


@pytest.mark.parametrize("content", [b"", b"\x00", b"\x3a\x00", b"PK\x03\x04", b"\xff" * 100])
def test_what_is_no_onnx(exported_model: LightExportedModel, content: bytes) -> None:
    with pytest.raises(ModelError, match="is no ONNX file of an exported model"):
        check_step(content, exported_model.settings.model, vocab_size=1)
