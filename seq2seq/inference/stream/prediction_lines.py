"""Stream of predictions: one output line for each sequence, in order, window by window."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from seq2seq.data.filters import text_error
from seq2seq.data.readers.json_lines import json_item
from seq2seq.data.readers.sound_manifest import named_sound
from seq2seq.data.sequences.item import Form, Item, broken_item
from seq2seq.data.sequences.labels import class_word
from seq2seq.inference.predictor import Prediction, Predictor, SinglePrediction
from seq2seq.text.lines import decode_line, iter_windows, json_text

Show = Callable[[Item, Prediction, str | None, Predictor], str]

log = logging.getLogger("seq2seq")

WINDOW = 1000  # number of sequences: enough for batches of similar length
WINDOW_VALUES = 20_000_000  # number of values in their steps, which are in memory at once


def line_windows(source: BinaryIO, form: Form, *, as_json: bool) -> Iterator[list[Item]]:
    """Yield the lines of a stream as items, as they arrive (see `line_item`)."""
    number = 0
    for window in iter_windows(source, most=WINDOW):
        yield from windows(_line_items(window, number, form, as_json=as_json))
        number += len(window)


def line_item(number: int, text: str, form: Form, *, as_json: bool) -> Item:
    """Return the item of a line: a JSON object, or else a text or the path of a sound file."""
    if as_json:
        return json_item(number, text, form)
    if form.audio is not None:
        return named_sound(number, text, form.audio)
    error = text_error(text, "text")
    return Item(number, error=error) if error else Item(number, text)


def _line_items(
    window: Sequence[bytes], before: int, form: Form, *, as_json: bool
) -> Iterator[Item]:
    for number, raw in enumerate(window, start=before + 1):
        text, broken = stream_line(raw, number, form.encoding)
        if broken:
            yield broken_item(number, form)
        else:
            yield line_item(number, text, form, as_json=as_json)


def stream_line(raw: bytes, number: int, encoding: str) -> tuple[str, bool]:
    """Return a line without byte order mark, and whether its bytes were invalid."""
    text, broken = decode_line(raw, encoding)
    if number == 1:
        text = text.removeprefix("\ufeff")
    return text.removesuffix("\r"), broken


def windows(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield items in groups that fit into memory."""
    window: list[Item] = []
    values = 0
    for item in items:
        window.append(item)
        values += 0 if item.content is None or isinstance(item.content, str) else item.content.size
        if len(window) == WINDOW or values >= WINDOW_VALUES:
            yield window
            window, values = [], 0
    if window:
        yield window


def write_predictions(
    predictor: Predictor,
    groups: Iterable[Sequence[Item]],
    output: BinaryIO,
    *,
    show: Show,
    batch_steps: int | None = None,
) -> int:
    """Write the line or lines that `show` returns for each item; return the number of items.

    An invalid item is reported in a warning with its line number. Its output line is blank, or in
    JSON an object with `fault`.
    """
    number = 0
    for group in groups:
        errors = [
            item.error
            or predictor.inputs.error_in(item.content if item.content is not None else "")
            for item in group
        ]
        readable = [
            item.content
            for item, error in zip(group, errors, strict=True)
            if error is None and item.content is not None
        ]
        found = iter(predictor.decoded(readable, batch_steps=batch_steps))
        unread = iter(predictor.unread(readable))
        for item, error in zip(group, errors, strict=True):
            number += 1
            if error is not None:
                log.warning("line %d: %s; no prediction", item.position, error)
                prediction = Prediction(())
            else:
                prediction = predictor.prediction(next(found))
                message = next(unread)
                if message is not None:
                    log.warning("line %d: %s", item.position, message)
            output.write(show(item, prediction, error, predictor).encode() + b"\n")
        output.flush()
    return number


def text_line(_: Item, prediction: Prediction, error: str | None, predictor: Predictor) -> str:
    """Return `label<tab>probability`, numbers separated by spaces, or the predictions of all steps.

    A class name that contains a separator or a line break is written as a JSON string.
    """
    each = prediction.answers
    if error is not None or not each:
        return ""
    if predictor.schema.per_step:
        return " ".join(word_text(one, predictor) for one in each)
    word = word_text(each[0], predictor, between=" ")
    if each[0].label is not None and each[0].probabilities is not None:
        return f"{word}\t{each[0].probabilities[each[0].label]:.4f}"
    return word


def json_line(item: Item, prediction: Prediction, error: str | None, predictor: Predictor) -> str:
    """Return an object with `line` and the prediction; if task.per_step=true, a list in `steps`."""
    record: dict[str, Any] = {"line": item.position}
    if error is not None:
        record["fault"] = error
        return json_text(record)
    each = [_record(one, predictor) for one in prediction.answers]
    if predictor.schema.per_step:
        record["steps"] = each
    elif each:
        record |= each[0]
    return json_text(record)


def _record(one: SinglePrediction, predictor: Predictor) -> dict[str, Any]:
    if predictor.schema.has_numbers:
        return {"values": [float(text) for text in _numbers(one, predictor, digits=7)]}
    probabilities = {name: round(p, 6) for name, p in (one.probabilities or {}).items()}
    if predictor.schema.several:
        return {"labels": list(one.labels), "probabilities": probabilities}
    return {"label": one.label, "probabilities": probabilities}


def word_text(one: SinglePrediction, predictor: Predictor, *, between: str = ",") -> str:
    """Return one prediction as text, with `between` between several numbers."""
    if predictor.schema.has_numbers:
        return between.join(_numbers(one, predictor, digits=6))
    separators = " " if predictor.schema.per_step else ""
    if not predictor.schema.several:
        return class_word(str(one.label), separators=separators)
    words = [class_word(name, separators=f"{separators},", reserved="-") for name in one.labels]
    return ",".join(words) or "-"


def _numbers(one: SinglePrediction, predictor: Predictor, *, digits: int) -> list[str]:
    """Return numbers as text with `digits` digits, or more if so few would hide differences."""
    scale = predictor.schema.scale
    words = []
    for value, mean, deviation in zip(one.values, scale.mean, scale.deviation, strict=True):
        size = math.log10(max(1.0, abs(mean) / deviation))
        words.append(f"{value:.{digits + max(0, math.ceil(size) - 3)}g}")
    return words
