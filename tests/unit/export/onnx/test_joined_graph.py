"""A step and the layer after it give the same numbers as one graph as they do as two."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest

from seq2seq.export.exported_model import LightExportedModel, read_light
from seq2seq.export.onnx.joined_graph import joined_graph


@pytest.fixture(scope="module", params=["float32", "int8"])
def light(
    request: pytest.FixtureRequest,
    write_small_exported_model: Callable[..., Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> LightExportedModel:
    directory = tmp_path_factory.mktemp("joined") / "exported model"
    return read_light(
        write_small_exported_model(directory, precision=request.param, decoder_layers=2)
    )


def run(graph: bytes, feeds: dict[str, Any]) -> dict[str, Any]:
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    names = [value.name for value in session.get_outputs()]
    given = {value.name: feeds[value.name] for value in session.get_inputs()}
    return dict(zip(names, session.run(names, given), strict=True))


def feeds_of(light: LightExportedModel) -> dict[str, Any]:
    source = np.array([[5, 6, 7, 3], [8, 3, 0, 0]], np.int32)
    return {
        **run(light.encoder, {"source_ids": source}),
        "tokens": np.array([[2, 9], [4, 7]], np.int32),
        "origins": np.array([0, 0, 1, 1]),
        "top": np.array([5]),
    }


def test_one_graph_gives_what_two_give(light: LightExportedModel) -> None:
    feeds = feeds_of(light)
    first = run(light.step, feeds)
    second = run(light.output, {**feeds, **first})
    joined = run(joined_graph(light.step, light.output), feeds)
    assert joined.keys() == first.keys() | second.keys()
    for name, expected in {**first, **second}.items():
        np.testing.assert_array_equal(joined[name], expected, err_msg=name)


def test_inputs_that_the_first_does_not_give_remain(light: LightExportedModel) -> None:
    assert light.shortlist is not None
    model = onnx.load_from_string(joined_graph(light.step, light.shortlist.graph))
    onnx.checker.check_model(model)
    inputs = {value.name for value in model.graph.input}
    assert {"tokens", "keys", "table", "places", "bias", "top"} <= inputs
    assert "features" not in inputs
    given = {entry.key for entry in model.metadata_props}
    assert given == {"precision", "decoder_layers", "attention"}
