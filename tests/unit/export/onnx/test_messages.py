"""The graphs are ONNX as its own package reads it, and hold weights only in files for others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest

from seq2seq.export.exported_model import TranslationInferenceModel, read_inference_model
from seq2seq.export.onnx.messages import node_message
from seq2seq.export.onnx.protobuf import content, integer

VARIANTS: dict[str, dict[str, Any]] = {
    "luong": {"encoder_layers": 2, "decoder_layers": 3},
    "bahdanau": {"attention": "bahdanau", "bidirectional": False},
    "none": {"attention": "none", "tie_embeddings": False},
    "transformer": {"encoder": "transformer", "attention_heads": 2, "encoder_layers": 2},
}


@pytest.fixture(params=["float32", "int8"])
def precision(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=VARIANTS)
def inference_model(
    request: pytest.FixtureRequest,
    precision: str,
    write_small_exported_model: Callable[..., Path],
    tmp_path: Path,
) -> TranslationInferenceModel:
    fields = VARIANTS[request.param]
    return read_inference_model(
        write_small_exported_model(tmp_path / "x", precision=precision, **fields)
    )


def test_integers_and_texts_are_encoded_as_protobuf_does() -> None:
    assert integer(1, 150) == b"\x08\x96\x01"
    assert integer(1, -1) == b"\x08" + b"\xff" * 9 + b"\x01"
    assert content(2, "hi") == b"\x12\x02hi"
    attributes = {"axis": -1, "perm": [1, 0], "direction": "forward", "domain": "com.microsoft"}
    node = onnx.NodeProto.FromString(node_message("Do", ["a", ""], ["b"], attributes))
    assert (node.op_type, list(node.input), list(node.output)) == ("Do", ["a", ""], ["b"])
    found = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
    assert found == {"axis": -1, "perm": [1, 0], "direction": b"forward"}
    assert node.domain == "com.microsoft"


def test_files_pass_the_checks_of_onnx_and_hold_their_numbers(
    inference_model: TranslationInferenceModel,
) -> None:
    for graph in inference_model.files().values():
        model = onnx.load_from_string(graph.model(inference_model.numbers))
        if inference_model.precision == "float32":  # its checks know no operators of other domains
            onnx.checker.check_model(model, full_check=True)
        held = {one.name: onnx.numpy_helper.to_array(one) for one in model.graph.initializer}
        assert held.keys() >= graph.parameters.keys()
        for name in graph.parameters:
            np.testing.assert_array_equal(held[name], inference_model.numbers[name])
        assert {one.key for one in model.metadata_props} >= {"precision", "attention"}


def test_what_is_built_to_load_holds_no_weights(inference_model: TranslationInferenceModel) -> None:
    graphs = inference_model.graphs
    for graph in (graphs.encoder, graphs.step_with_output, graphs.step_with_shortlist()):
        model = onnx.load_from_string(graph.model())
        inside = [one for one in model.graph.initializer if not one.external_data]
        assert max(int(np.prod(one.dims)) for one in inside) <= 8
        assert len(graph.model()) < 20_000


def run(model: bytes, feeds: dict[str, Any]) -> dict[str, Any]:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    names = [value.name for value in session.get_outputs()]
    given = {value.name: feeds[value.name] for value in session.get_inputs()}
    return dict(zip(names, session.run(names, given), strict=True))


def test_step_and_output_give_what_one_graph_gives(
    inference_model: TranslationInferenceModel,
) -> None:
    models = {
        name: graph.model(inference_model.numbers)
        for name, graph in inference_model.files().items()
    }
    source = np.array([[5, 6, 7, 3], [8, 3, 0, 0]], np.int32)
    feeds = {
        **run(models["encoder.onnx"], {"source_ids": source}),
        "tokens": np.array([[2, 9], [4, 7]], np.int32),
        "origins": np.array([0, 0, 1, 1]),
        "top": np.array([5]),
    }
    first = run(models["step.onnx"], feeds)
    second = run(models["output.onnx"], {**feeds, **first})
    together = run(inference_model.graphs.step_with_output.model(inference_model.numbers), feeds)
    assert together.keys() == (first.keys() | second.keys()) - {"features"}
    for name, found in together.items():
        np.testing.assert_array_equal(found, {**first, **second}[name], err_msg=name)
