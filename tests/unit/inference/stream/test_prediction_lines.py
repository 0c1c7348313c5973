"""One line of output for a sequence, with as many columns, whatever its labels hold."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from seq2seq.data.long_sequences import LengthLimit
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.item import Form, Item
from seq2seq.data.sequences.scaling import Scale
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.inference.predictor import Decoded, Predictor
from seq2seq.inference.stream.prediction_lines import (
    Show,
    json_line,
    line_windows,
    text_line,
    write_predictions,
)

CLASSES = ("New York, NY", "tab\tin", "new\nline", "a\u2028b", "-", "plain")


class Fixed(Predictor):
    """A predictor whose outputs are given, one sequence after the other."""

    def __init__(self, answers: TargetSchema, outputs: Sequence[Any]) -> None:
        self.inputs, self.schema = Inputs(scale=Scale((0.0,), (1.0,))), answers
        self.length_limit = LengthLimit(1000, "drop")
        self._outputs = [np.array(rows) for rows in outputs]

    def decoded(self, contents: Any, *, batch_steps: int | None = None) -> list[Decoded]:
        return [
            Decoded(rows, rows.argmax(axis=-1) if self.schema.one_class else None)
            for rows in self._outputs[: len(contents)]
        ]


def written(predictor: Predictor, show: Show = text_line) -> list[str]:
    output = io.BytesIO()
    count = len(predictor._outputs)  # type: ignore[attr-defined]
    items = [Item(n + 1, np.zeros((1, 1))) for n in range(count)]
    assert write_predictions(predictor, [items], output, show=show) == count
    lines = output.getvalue().decode().splitlines()
    assert len(lines) == count
    return lines


def test_a_class_gives_two_columns_whatever_it_holds() -> None:
    answers = TargetSchema("classification", False, False, CLASSES, (1,) * 6)
    predictor = Fixed(answers, np.eye(6)[:, np.newaxis])
    lines = written(predictor)
    assert [line.count("\t") for line in lines] == [1] * 6
    labels = [line.split("\t")[0] for line in lines]
    assert (labels[0], labels[4], labels[5]) == (CLASSES[0], CLASSES[4], CLASSES[5])
    assert tuple(json.loads(label) for label in labels[1:4]) == CLASSES[1:4]
    records = [json.loads(line) for line in written(predictor, json_line)]
    assert tuple(record["label"] for record in records) == CLASSES


def test_several_classes_and_classes_of_steps_stay_apart() -> None:
    several = TargetSchema("classification", False, True, CLASSES, (1,) * 6)
    (line, alone, none) = written(
        Fixed(several, [np.ones((1, 6)), [np.eye(6)[4]], np.zeros((1, 6))])
    )
    assert line.split(",")[-1] == "plain" and len(line.split(",")) == 6
    assert json.loads(line.split(",")[0]) == CLASSES[0]
    assert (alone, none) == ('"-"', "-")
    steps = TargetSchema("classification", True, False, CLASSES, (1,) * 6)
    (line,) = written(Fixed(steps, [np.eye(6)]))
    assert len(line.split(" ")) == 6
    assert json.loads(line.split(" ")[0]) == CLASSES[0]


@pytest.mark.parametrize(
    ("scale", "value", "text"),
    [
        (Scale((2.5,), (1.0,)), 2.4895412, "2.48954"),
        (Scale((1.7e9,), (20.0,), "float64"), 1_700_000_012.345678, "1700000012.3"),
        (Scale((-5e5,), (1.0,)), -500_000.25, "-500000.25"),
    ],
)
def test_numbers_show_what_differs(scale: Scale, value: float, text: str) -> None:
    answers = TargetSchema("regression", False, False, scale=scale)
    predictor = Fixed(answers, [[[value]]])
    assert written(predictor) == [text]
    (record,) = map(json.loads, written(predictor, json_line))
    assert record["values"][0] == pytest.approx(value, abs=scale.deviation[0] * 1e-3)


def windows(content: bytes, *, as_json: bool, encoding: str = "utf-8") -> Iterator[Item]:
    for window in line_windows(io.BytesIO(content), Form(encoding=encoding), as_json=as_json):
        yield from window


def test_a_stream_is_read_in_its_encoding_without_byte_order_mark() -> None:
    items = list(windows("\ufeffsüß\n\ufeffb\n".encode(), as_json=False))
    assert [item.content for item in items] == ["süß", "\ufeffb"]
    (item,) = windows('\ufeff{"source": [1]}\n'.encode(), as_json=True)
    assert item.error is None
    (item,) = windows("süß\n".encode("latin-1"), as_json=False, encoding="iso8859-1")
    assert item.content == "süß"
    (item,) = windows("süß\n".encode("latin-1"), as_json=False)
    assert item.error == "not valid UTF-8"


def test_what_cannot_be_read_is_named_by_its_line(caplog: pytest.LogCaptureFixture) -> None:
    answers = TargetSchema("classification", False, False, ("a", "b"), (1, 1))
    predictor, output = Fixed(answers, [[[0.25, 0.75]]]), io.BytesIO()
    items = [Item(1, error="empty text"), Item(2, np.zeros((1, 1)))]
    with caplog.at_level(logging.WARNING):
        write_predictions(predictor, [items], output, show=text_line)
    assert output.getvalue() == b"\nb\t0.7500\n"
    assert caplog.messages == ["line 1: empty text; no prediction"]
