"""Thousands of damaged files of numbers: each is refused, or its numbers are as declared."""

from __future__ import annotations

import contextlib
import io
import random
import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from seq2seq.errors import ModelError
from seq2seq.export.exported_files import read_numbers
from seq2seq.export.exported_label_model import read_label_model
from seq2seq.export.exported_model import read_inference_model
from seq2seq.export.manifest import Manifest
from seq2seq.export.onnx.parameters import Parameters
from seq2seq.inference.onnx_model import OnnxModel

COUNT = 2000  # of each model


class Held(Manifest):
    """Manifest whose file of numbers is in memory, with the right checksum."""

    content = b""

    def read(self, name: str) -> bytes:
        return self.content


def held(content: bytes) -> Held:
    manifest = Held(Path("model"), "1", "float32", {}, {})
    object.__setattr__(manifest, "content", content)
    return manifest


@pytest.fixture(scope="module")
def mutations(repository: Path) -> Any:
    sys.path.insert(0, str(repository / "tests" / "system" / "hostile"))
    try:
        import mutations  # type: ignore[import-not-found]
    finally:
        sys.path.pop(0)
    assert isinstance(mutations, ModuleType)
    return mutations


@pytest.fixture(scope="module")
def models(
    write_small_exported_model: Callable[..., Path],
    write_small_label_model: Callable[..., Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> list[tuple[bytes, Parameters]]:
    """The numbers of whole models, and what their graphs need."""
    place = tmp_path_factory.mktemp("models")
    exact = write_small_exported_model(place / "exact")
    small = write_small_exported_model(place / "small", precision="int8", attention="bahdanau")
    label = write_small_label_model(place / "label", pooling="attention", text=True)
    return [
        ((exact / "weights.npz").read_bytes(), read_inference_model(exact).graphs.parameters),
        ((small / "weights.npz").read_bytes(), read_inference_model(small).graphs.parameters),
        ((label / "weights.npz").read_bytes(), read_label_model(label).graphs().whole.parameters),
    ]


def test_damaged_numbers_are_refused_or_as_declared(
    mutations: Any, models: list[tuple[bytes, Parameters]]
) -> None:
    ends: Counter[str] = Counter()
    for seed in range(COUNT * len(models)):
        content, parameters = models[seed % len(models)]
        draw = random.Random(seed)
        way = mutations.damaged_bytes if draw.random() < 0.4 else mutations.damaged_arrays
        how, damaged = way(draw, content)
        try:
            numbers = read_numbers(held(damaged), parameters)
        except ModelError as error:
            assert len(str(error)) < 400 and "\n" not in str(error), (seed, how)
            ends["refused"] += 1
            continue
        ends["read"] += 1
        assert numbers.keys() == parameters.keys(), (seed, how)
        for name, parameter in parameters.items():
            assert numbers[name].shape == parameter.shape, (seed, how)
            assert np.isfinite(numbers[name]).all(), (seed, how)
    assert sum(ends.values()) >= 5000
    assert min(ends["read"], ends["refused"]) > 500


def test_refusing_takes_no_more_memory_than_reading(
    mutations: Any, models: list[tuple[bytes, Parameters]]
) -> None:
    content, parameters = models[0]
    for seed in range(100):
        _, damaged = mutations.damaged_arrays(random.Random(seed), content)
        tracemalloc.start()
        with contextlib.suppress(ModelError):
            read_numbers(held(damaged), parameters)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 4 * len(damaged) + 2**20


def test_numbers_beyond_all_reason_are_an_error_and_no_translation(
    write_small_exported_model: Callable[..., Path], tmp_path: Path
) -> None:
    inference_model = read_inference_model(write_small_exported_model(tmp_path / "model"))
    numbers = dict(inference_model.numbers)
    numbers["output/kernel"] = np.full_like(numbers["output/kernel"], 3e38)
    numbers["output/kernel"][::2] *= -1
    numbers["narrow/bias"] = np.full_like(numbers["narrow/bias"], 3e38)
    model = OnnxModel(
        inference_model.graphs, numbers, vocab_size=inference_model.target_tokenizer.vocab_size
    )
    memory, state = model.encode(np.array([[5, 3]], np.int32))
    with pytest.raises(ModelError, match="its weights are damaged: export the model again"):
        tokens = np.array([[2]], np.int32)
        model.step(memory, state, tokens, np.arange(1), top=3, attention=False)


@pytest.mark.parametrize("name", ["x", "keys/kernel", "keys/kernel2"])
def test_a_parameter_too_few_or_too_many_is_named(
    models: list[tuple[bytes, Parameters]], name: str
) -> None:
    content, parameters = models[0]
    with np.load(io.BytesIO(content)) as file:
        arrays = {each: file[each] for each in file.files}
    where = "the settings ask for" if arrays.pop(name, None) is not None else "only the file holds"
    if where == "only the file holds":
        arrays[name] = np.zeros(3, np.float32)
    changed = io.BytesIO()
    np.savez(changed, **arrays)
    with pytest.raises(ModelError, match=f"{where} '{name}'; the two come from different runs"):
        read_numbers(held(changed.getvalue()), parameters)
