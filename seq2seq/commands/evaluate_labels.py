"""Evaluation of a classification or regression model."""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seq2seq import __version__
from seq2seq.commands.item_options import file_items, form_of
from seq2seq.commands.report_directory import write_report
from seq2seq.data.sequences.item import Content, Item
from seq2seq.data.sequences.labels import class_word
from seq2seq.data.sequences.target_schema import Targets, TargetSchema
from seq2seq.errors import DataError, SettingsError
from seq2seq.evaluation.label_scores import length_table, score_name

if TYPE_CHECKING:
    from seq2seq.evaluation.judged_predictions import LabelledSet
    from seq2seq.evaluation.label_evaluation import Evaluation
    from seq2seq.inference.predictor import Predictor

log = logging.getLogger("seq2seq")

_SHOWN_CLASSES = 20  # limit for a table in text


def evaluate_labels(options: argparse.Namespace) -> int:
    """Print the scores of the one model in `options.model` on `options.source`.

    Raises:
        DataError: the file cannot be read, or no sequence in it can be used.
        SettingsError: an option is for translation models.
    """
    _check(options)
    from seq2seq import Predictor
    from seq2seq.evaluation.label_evaluation import evaluation
    from seq2seq.evaluation.label_scores import draw_confusion

    predictor = Predictor.load(options.model[0])
    form = form_of(predictor, options)
    labels = options.target[0] if options.target else None
    items = file_items(options.source, form, options, labels=labels)
    data = _labelled_set(items, predictor, options.source)
    found = evaluation(predictor, data.contents, data.targets)
    classes = predictor.schema.classes
    if options.picture is not None and found.confusion is not None:
        draw_confusion(found.confusion.tolist(), classes, options.picture)
    if options.report is not None:
        _report(options, found, data, predictor.schema)
    if options.json:
        figures: dict[str, Any] = {**found.scores, "sequences": len(data.contents)}
        figures["by_length"] = [score._asdict() for score in found.by_length]
        if found.spans is not None:
            figures["spans"] = found.spans.to_json()
        if found.confusion is not None:
            figures |= {"classes": list(classes), "confusion": found.confusion.tolist()}
        print(json.dumps(figures))
    else:
        print("\n".join(_text(found, len(data.contents), predictor.schema)))
    return 0


def _check(options: argparse.Namespace) -> None:
    if options.versus:
        raise SettingsError(
            f"--versus {options.versus[0]} is for translators; evaluate each model of classes or "
            "numbers by itself"
        )
    if options.target and len(options.target) > 1:
        raise SettingsError(
            f"--target received {len(options.target)} files; sequences have one file of labels"
        )


def _labelled_set(items: Iterable[Item], predictor: Predictor, source: Path) -> LabelledSet:
    """Return the readable sequences with their targets; log a warning for each of the others."""
    from seq2seq.evaluation.judged_predictions import LabelledSet

    lines: list[int] = []
    contents: list[Content] = []
    targets: list[Targets] = []
    for item in items:
        content = item.content
        error = item.error
        if content is not None:
            error = predictor.inputs.error_in(content)
        if content is not None and error is None:
            (row,) = predictor.inputs.encode([content])
            steps = int(predictor.inputs.answered(row).sum())
            target, error = predictor.schema.targets(item.label, steps=steps)
            error = error or (None if len(row) else "empty text")
            if error is None:
                lines.append(item.position)
                contents.append(content)
                targets.append(target)
        if error is not None:
            log.warning("%s, line %d: %s; left out", source, item.position, error)
    for line, message in zip(lines, predictor.unread(contents), strict=True):
        if message is not None:
            log.warning("%s, line %d: %s", source, line, message)
    if not contents:
        raise DataError(f"{source} holds no sequence with an answer; give one with labels")
    return LabelledSet(lines, contents, targets)


def _report(
    options: argparse.Namespace, found: Evaluation, data: LabelledSet, schema: TargetSchema
) -> None:
    from seq2seq.evaluation.label_report import label_report

    facts = [("model", str(options.model[0])), ("source", str(options.source))]
    if options.target:
        facts.append(("labels", str(options.target[0])))
    facts.append(("seq2seq", __version__))
    write_report(
        options.report, label_report(found, data, schema, facts=facts, seed=options.seed or 0)
    )


def _text(found: Evaluation, sequences: int, schema: TargetSchema) -> list[str]:
    classes = [class_word(name) for name in schema.classes]
    width = max(map(len, ("sequences", *found.scores)))
    lines = [f"{name:<{width}}  {value:.4f}" for name, value in found.scores.items()]
    lines.append(f"{'sequences':<{width}}  {sequences:,}")
    if found.spans is not None:
        lines += ["", *found.spans.table()]
    lines += ["", *length_table(score_name(schema), found.by_length)]
    if found.confusion is not None and len(classes) <= _SHOWN_CLASSES:
        table = found.confusion.tolist()
        width = max(len(name) for name in (*classes, str(max(map(max, table))))) + 2
        lines += ["", "rows: the right class; columns: the answer"]
        lines.append(" " * width + "".join(f"{name:>{width}}" for name in classes))
        for name, row in zip(classes, table, strict=True):
            lines.append(f"{name:<{width}}" + "".join(f"{count:>{width}}" for count in row))
    return lines
