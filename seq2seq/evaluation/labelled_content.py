"""Sequences and classes of a labelled set as a report shows them."""

from __future__ import annotations

from seq2seq.data.sequences.item import Content as SequenceContent
from seq2seq.evaluation.charts import MOST_CURVES, curves
from seq2seq.evaluation.html import Content, element, note, quoted
from seq2seq.evaluation.judged_predictions import JudgedPredictions, LabelledSet


def sequence_content(content: SequenceContent) -> Content:
    """Return a text as it is, or the curves of the features."""
    if isinstance(content, str):
        return quoted(content)
    steps, features = content.shape
    shown = f", {MOST_CURVES} of them shown" if features > MOST_CURVES else ""
    return [
        curves(content),
        element("div", note(f"{steps:,} steps, {features:,} features{shown}")),
    ]


def prediction_place(judged: JudgedPredictions, data: LabelledSet, number: int) -> str:
    """Return the line of a prediction, and its step where each step has one."""
    line = f"{data.lines[judged.sequences[number]]:,}"
    return f"{line}, step {judged.steps[number] + 1:,}" if judged.answers.per_step else line


def class_text(name: str) -> Content:
    """Return the name of a class, which may be blank."""
    return name if name.strip() else quoted(name)
