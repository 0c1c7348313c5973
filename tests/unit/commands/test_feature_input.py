"""Lines that are made from sequences of features: one for each item, in order, none lost."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq.commands import feature_input
from seq2seq.commands.feature_input import FeatureLines, FeatureSource
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.item import Form
from seq2seq.data.sequences.scaling import Scale
from seq2seq.errors import SettingsError
from seq2seq.inference.translation import Translation
from seq2seq.inference.translation_options import SearchOptions


def options(**values: Any) -> argparse.Namespace:
    return argparse.Namespace(**{"text": [], "input_format": "auto", "encoding": "utf-8", **values})


def lines_of(source: FeatureSource) -> list[str]:
    return [line.decode() for group in source.groups() for line in group]


class Lengths:
    """Translator that writes the number of steps of each sequence."""

    inputs = Inputs(scale=Scale.none(2))

    def hypotheses(self, contents: Any, options: SearchOptions) -> list[list[Translation]]:
        return [[Translation(f"{len(content)} {content.sum():g}")] for content in contents]


def written(source: FeatureSource) -> list[str]:
    translator: Any = Lengths()
    found = FeatureLines(translator, source.read).hypotheses(lines_of(source), SearchOptions())
    return [best.text or f"error: {best.error}" for (best,) in found]


def test_a_file_of_arrays_becomes_lines_with_the_same_numbers(tmp_path: Path) -> None:
    values = np.random.default_rng(0).standard_normal((6, 2)).astype(np.float32)
    path = tmp_path / "a.npz"
    np.savez(path, values=values, lengths=[3, 1, 2])
    source = FeatureSource(path, Form(), options())
    lines = lines_of(source)
    assert len(lines) == 3 and lines == lines_of(source)  # an interrupted file is found again
    content = source.read(lines[0]).content
    assert isinstance(content, np.ndarray)
    assert np.array_equal(content.astype(np.float32), values[:3])


def test_an_item_that_cannot_be_read_keeps_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.ts"
    path.write_text("@problemName x\n@data\n1,2:3,4\n?:1\n5:6\n1:2:3\n")
    found = written(FeatureSource(path, Form(), options()))
    assert found[0] == "2 10" and found[2] == "1 11"
    assert found[1].startswith("error: a missing value") and found[1].endswith(f"({path}, line 4)")
    assert found[3] == "error: 3 features, where 2 are wanted"


def test_json_lines_of_any_encoding_are_read(tmp_path: Path) -> None:
    text = '{"source": [[1, 2]]}\n\n{"source": "words"}\n{"source": [[0, -9], [-9, -9]]}\n'
    for encoding in ("utf-8", "utf-16"):
        path = tmp_path / f"{encoding}.jsonl"
        path.write_bytes(text.encode(encoding))
        form = Form(encoding=encoding, padding_value=-9.0)
        found = written(FeatureSource(path, form, options(encoding=encoding)))
        assert found[0] == "1 3" and found[3] == "1 -9"
        assert found[1].startswith("error: empty line")
        assert found[2] == "error: a text, where sequences of numbers are wanted"


def test_the_lines_in_memory_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feature_input, "WINDOW_BYTES", 100)
    path = tmp_path / "a.npz"
    np.savez(path, values=np.ones((50, 2)), lengths=np.full(10, 5))
    groups = list(FeatureSource(path, Form(), options()).groups())
    assert [len(group) for group in groups] == [2] * 5
    assert all(json.loads(line)["source"] == [[1.0, 1.0]] * 5 for group in groups for line in group)


@pytest.mark.parametrize("given", [{"input_format": "npz"}, {"encoding": "utf-16"}])
def test_standard_input_holds_json_lines(given: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"standard input holds JSON lines .* in UTF-8"):
        FeatureSource(None, Form(), options(**given))
