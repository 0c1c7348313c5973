"""Report sections of a classification: confusions, calibration and mistakes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seq2seq.evaluation.calibration import calibration_bins, calibration_error
from seq2seq.evaluation.charts import reliability_diagram
from seq2seq.evaluation.html import (
    Content,
    Section,
    element,
    paragraph,
    scrolling,
    table,
)
from seq2seq.evaluation.judged_predictions import JudgedPredictions, LabelledSet
from seq2seq.evaluation.label_evaluation import Evaluation
from seq2seq.evaluation.labelled_content import class_text, prediction_position, sequence_content
from seq2seq.evaluation.tagged_spans import SpanEvaluation

_MOST_CLASSES = 25  # limit of a table of confusions
_SHOWN = 20  # mistakes, and pairs of classes
_SHOWN_CLASSES = 50  # limit of the table of scores


def classification_sections(
    judged: JudgedPredictions, data: LabelledSet, found: Evaluation
) -> list[Section]:
    """Return the sections; with several classes per prediction there are no confusions."""
    confusion = found.confusion
    mistakes = _mistakes if judged.schema.one_class else _mark_mistakes
    sections = [
        Section("classes", "Classes", _classes(judged)),
        Section("calibration", "Calibration", _calibration(judged)),
        Section("mistakes", "The most certain mistakes", mistakes(judged, data)),
    ]
    if confusion is not None:
        content = _confusion(confusion, judged.schema.classes)
        sections.insert(0, Section("confusion", "Confusions", content))
    if found.spans is not None:
        sections.insert(0, Section("spans", "Spans", _spans(found.spans)))
    return sections


def _spans(spans: SpanEvaluation) -> Content:
    """Return precision, recall and F1 of each type of span, the lowest F1 first."""
    ordered = sorted(spans.types.items(), key=lambda item: item[1].f1)
    rows = [
        [
            class_text(name),
            f"{one.wanted:,}",
            f"{one.predicted:,}",
            _share(one.right, one.predicted),
            _share(one.right, one.wanted),
            f"{one.f1:.3f}",
        ]
        for name, one in ordered[:_SHOWN_CLASSES]
    ]
    rest = len(ordered) - len(rows)
    head = ["type", "targets", "predictions", "precision", "recall", "F1"]
    return [
        paragraph(
            "A span is right if its first and last step and its type are. The targets are tagged "
            f"in {spans.scheme}, which {spans.invalid:,} predicted spans break; they count "
            "as conlleval reads them: a step that cannot continue a span begins one."
        ),
        table(head, rows, numeric=range(1, 6)),
        paragraph(f"and {rest:,} types with a higher F1") if rest else None,
    ]


def _confusion(table_: NDArray[np.int64], classes: tuple[str, ...]) -> Content:
    """Return the confusions between classes, as a table and as a list."""
    content: list[Content] = []
    if len(classes) <= _MOST_CLASSES:
        content = [
            paragraph("Rows: the right class; columns: the prediction."),
            scrolling(_confusion_table(table_, classes)),
        ]
    else:
        content = [paragraph(f"{len(classes):,} classes are too many for a table.")]
    wrong = np.where(np.eye(len(classes), dtype=bool), 0, table_)
    order = np.argsort(-wrong, axis=None, kind="stable")[:_SHOWN].tolist()
    pairs = [divmod(position, len(classes)) for position in order]
    rows = [
        [class_text(classes[right]), class_text(classes[taken]), f"{wrong[right, taken]:,}"]
        for right, taken in pairs
        if wrong[right, taken]
    ]
    if rows:
        content.append(element("h3", "Most frequent confusions"))
        content.append(table(["right class", "prediction", "times"], rows, numeric=[2]))
    return content


def _confusion_table(table_: NDArray[np.int64], classes: tuple[str, ...]) -> Content:
    shares = table_ / np.maximum(1, table_.sum(axis=1, keepdims=True))
    body = [
        element(
            "tr",
            element("th", class_text(name), scope="row"),
            (
                element(
                    "td",
                    f"{count:,}" if count else "",
                    class_="right" if column == row else None,
                    style=f"--share: {shares[row, column]:.3f}",
                )
                for column, count in enumerate(table_[row].tolist())
            ),
        )
        for row, name in enumerate(classes)
    ]
    head = element(
        "tr", element("th"), (element("th", class_text(name), scope="col") for name in classes)
    )
    return element("table", element("thead", head), element("tbody", body), class_="cells")


def _classes(judged: JudgedPredictions) -> Content:
    """Return precision, recall and F1 of each class, the lowest F1 first."""
    predicted, wanted = judged.marks()
    right = (predicted & wanted).sum(axis=0)
    ours, theirs = predicted.sum(axis=0), wanted.sum(axis=0)
    f1 = 2.0 * right / np.maximum(1, ours + theirs)
    present = np.flatnonzero(ours + theirs)
    order = present[np.argsort(f1[present], kind="stable")]
    rows = [
        [
            class_text(judged.schema.classes[number]),
            f"{theirs[number]:,}",
            f"{ours[number]:,}",
            _share(right[number], ours[number]),
            _share(right[number], theirs[number]),
            f"{f1[number]:.3f}",
        ]
        for number in order[:_SHOWN_CLASSES].tolist()
    ]
    rest, absent = len(order) - len(rows), len(f1) - len(present)
    head = ["class", "targets", "predictions", "precision", "recall", "F1"]
    return [
        table(head, rows, numeric=range(1, 6)),
        paragraph(f"and {rest:,} classes with a higher F1") if rest else None,
        paragraph(f"{absent:,} classes of training do not occur here.") if absent else None,
    ]


def _calibration(judged: JudgedPredictions) -> Content:
    """Return the reliability diagram of the predictions; of all classes if there are several."""
    if judged.schema.one_class:
        probabilities = judged.certainty()
        right = judged.scores.astype(bool)
        what = "The probability of each predicted class, and whether it is right."
    else:
        probabilities, right = judged.outputs.ravel(), judged.marks()[1].ravel()
        what = "The probability of each class of each prediction, and whether it is a target."
    bins = calibration_bins(probabilities, right)
    rows = [
        [
            f"{one.low:.1f} to {one.high:.1f}",
            f"{one.answers:,}",
            f"{one.confidence:.3f}",
            f"{one.accuracy:.3f}",
        ]
        for one in bins
    ]
    head = ["probability", "predictions", "mean probability", "right"]
    return [
        paragraph(
            f"{what} Of a calibrated model the dots lie on the diagonal; below it, the model is "
            "too certain."
        ),
        paragraph(f"Expected calibration error: {calibration_error(bins):.3f}"),
        scrolling(reliability_diagram(bins)),
        table(head, rows, numeric=range(1, 4)),
    ]


def _mistakes(judged: JudgedPredictions, data: LabelledSet) -> Content:
    """Return the wrong predictions with the highest probabilities."""
    wrong = np.flatnonzero(judged.scores == 0)
    probabilities = judged.certainty()
    order = wrong[np.argsort(-probabilities[wrong], kind="stable")]
    classes = judged.schema.classes
    rows = [
        [
            prediction_position(judged, data, number),
            class_text(classes[judged.targets[number]]),
            class_text(classes[judged.predicted[number]]),
            f"{probabilities[number]:.3f}",
            sequence_content(data.contents[judged.sequences[number]]),
        ]
        for number in order[:_SHOWN].tolist()
    ]
    return _mistake_table(
        ["line", "right class", "prediction", "probability", "sequence"], rows, len(order)
    )


def _mark_mistakes(judged: JudgedPredictions, data: LabelledSet) -> Content:
    """Return the most certain errors of predictions with several classes: extra or missing ones."""
    taken, wanted = judged.marks()
    certainty = np.where(taken != wanted, np.abs(judged.outputs - 0.5), 0.0)
    order = np.argsort(-certainty, axis=None, kind="stable")[:_SHOWN]
    positions = [divmod(position, judged.schema.outputs) for position in order.tolist()]
    rows = [
        [
            prediction_position(judged, data, number),
            class_text(judged.schema.classes[mark]),
            "missing" if wanted[number, mark] else "too many",
            f"{judged.outputs[number, mark]:.3f}",
            sequence_content(data.contents[judged.sequences[number]]),
        ]
        for number, mark in positions
        if certainty[number, mark]
    ]
    return _mistake_table(
        ["line", "class", "error", "probability", "sequence"], rows, int((taken != wanted).sum())
    )


def _mistake_table(head: list[str], rows: list[list[Content]], count: int) -> Content:
    if not rows:
        return paragraph("Every prediction is right.")
    rest = count - len(rows)
    more = paragraph(f"and {rest:,} more mistakes") if rest else None
    return [table(head, rows, numeric=[0, 3]), more]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "–"
