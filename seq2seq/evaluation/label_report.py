"""Report on a classification or regression model as one HTML page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seq2seq.data.corpus_report import HISTOGRAM_BOUNDS
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.evaluation.charts import Bar, bars
from seq2seq.evaluation.classification_sections import classification_sections
from seq2seq.evaluation.html import Content, Html, Section, definitions, page, quoted, table
from seq2seq.evaluation.judged_predictions import JudgedPredictions, LabelledSet
from seq2seq.evaluation.label_evaluation import Evaluation
from seq2seq.evaluation.label_scores import score_name
from seq2seq.evaluation.number_text import interval_explanation, score_text
from seq2seq.evaluation.regression_sections import regression_sections

_NAMES = {
    "accuracy": "accuracy",
    "macro_f1": "macro-F1",
    "span_precision": "precision of spans",
    "span_recall": "recall of spans",
    "span_f1": "F1 of spans",
    "loss": "loss",
    "mae": "mean absolute error",
    "rmse": "root mean squared error",
    "r2": "R²",
}


def label_report(
    found: Evaluation,
    data: LabelledSet,
    schema: TargetSchema,
    *,
    facts: Sequence[tuple[str, str]],
    seed: int,
) -> Html:
    """Return the page.

    Args:
        found: evaluation of the set.
        data: evaluated set.
        schema: classes or numbers of the model.
        facts: names and values that describe the evaluation, for the head of the page.
        seed: seed of all random numbers.
    """
    judged = JudgedPredictions(found, data, schema)
    unit = "tokens" if isinstance(data.contents[0], str) else "steps"
    sections = [
        Section("scores", "Scores", _scores(found, judged, seed)),
        Section("length", "Errors by length", _by_length(judged, unit, seed)),
    ]
    if schema.has_numbers:
        sections += regression_sections(judged, data, seed=seed)
        title = "Regression report"
    else:
        sections += classification_sections(judged, data, found)
        title = "Classification report"
    counts = [("sequences", f"{len(data.lines):,}")]
    if schema.per_step:
        counts.append(("steps", f"{len(judged.targets):,}"))
    shown = definitions((name, quoted(value)) for name, value in [*facts, *counts])
    return page(title, shown, sections)


def _scores(found: Evaluation, judged: JudgedPredictions, seed: int) -> Content:
    intervals = judged.intervals(seed=seed)
    rows = [
        [_NAMES[name], score_text(Bar(value, intervals.get(name)), judged.number_form)]
        for name, value in found.scores.items()
    ]
    return [table(["score", ""], rows, numeric=[1]), interval_explanation("sequences")]


def _by_length(judged: JudgedPredictions, unit: str, seed: int) -> Content:
    """Return the score of the sequences in each range of length."""
    found = np.searchsorted(np.array(HISTOGRAM_BOUNDS), judged.lengths)
    groups = []
    for number in np.unique(found).tolist():
        sequences = np.flatnonzero(found == number)
        chosen = judged.scores[np.isin(judged.sequences, sequences)]
        interval = judged.mean_interval(sequences, seed=seed)
        longest = int(judged.lengths[sequences].max())
        groups.append((longest, len(sequences), Bar(float(chosen.mean()), interval)))
    name = score_name(judged.schema)
    maximum = 1.0
    if name == "mae":
        maximum = max(bar.interval.high if bar.interval else bar.value for _, _, bar in groups)
    rows = [
        [
            f"{longest:,}",
            f"{count:,}",
            score_text(bar, judged.number_form),
            bars([bar], maximum=maximum),
        ]
        for longest, count, bar in groups
    ]
    return table([f"{unit} up to", "sequences", _NAMES[name], ""], rows, numeric=[0, 1, 2])
