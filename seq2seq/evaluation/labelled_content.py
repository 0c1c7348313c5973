"""Display of the sequences and classes of a labelled set in a report."""

from __future__ import annotations

from seq2seq.data.sequences.item import Content as SequenceContent
from seq2seq.evaluation.charts import MOST_CURVES, curves
from seq2seq.evaluation.html import Content, element, note, quoted
from seq2seq.evaluation.judged_predictions import JudgedPredictions, LabelledSet


def sequence_content(content: SequenceContent) -> Content:
    """Return a text unchanged, or the curves of the features."""
    if isinstance(content, str):
        return quoted(content)
    steps, features = content.shape
    shown = f", {MOST_CURVES} of them shown" if features > MOST_CURVES else ""
    return [
        curves(content),
        element("div", note(f"{steps:,} steps, {features:,} features{shown}")),
    ]


def prediction_position(judged: JudgedPredictions, data: LabelledSet, number: int) -> str:
    """Return the line of a prediction, and its step if each step has a prediction."""
    line = f"{data.lines[judged.sequences[number]]:,}"
    return f"{line}, step {judged.steps[number] + 1:,}" if judged.schema.per_step else line


def class_text(name: str) -> Content:
    """Return the name of a class; a blank name is made visible."""
    return name if name.strip() else quoted(name)
