"""Report sections of a regression: residuals and worst predictions."""

from __future__ import annotations

import numpy as np

from seq2seq.evaluation.charts import Point, scatter
from seq2seq.evaluation.html import Content, Section, element, paragraph, scrolling, table
from seq2seq.evaluation.judged_predictions import JudgedPredictions, LabelledSet
from seq2seq.evaluation.labelled_content import prediction_position, sequence_content
from seq2seq.evaluation.number_text import signed

_MOST_OUTPUTS = 6  # outputs that are plotted
_MOST_POINTS = 1000  # maximum number of points of a plot; more points are sampled
_SHOWN = 20  # worst predictions


def regression_sections(
    judged: JudgedPredictions, data: LabelledSet, *, seed: int
) -> list[Section]:
    """Return the sections; `seed` is for sampling the points of large plots."""
    return [
        Section("residuals", "Residuals", _residuals(judged, data, seed)),
        Section("worst", "The worst predictions", _worst(judged, data)),
    ]


def _residuals(judged: JudgedPredictions, data: LabelledSet, seed: int) -> Content:
    """Return the differences between predictions and targets, by output."""
    residuals = judged.outputs.astype(np.float64) - judged.targets
    low, middle, high = np.percentile(residuals, [5, 50, 95], axis=0)
    rows = [
        [
            f"{output + 1}",
            f"{judged.targets[:, output].mean(dtype=np.float64):.6g}",
            f"{judged.targets[:, output].std(dtype=np.float64):.4g}",
            signed(residuals[:, output].mean(), ".4g"),
            *(signed(part[output], ".4g") for part in (low, middle, high)),
        ]
        for output in range(judged.schema.outputs)
    ]
    head = [
        "output",
        "mean target",
        "deviation of targets",
        "mean residual",
        "5 %",
        "median",
        "95 %",
    ]
    count, drawn = len(residuals), np.arange(len(residuals))
    if count > _MOST_POINTS:
        rng = np.random.default_rng([seed, count])
        drawn = np.sort(rng.choice(count, _MOST_POINTS, replace=False))
    plots = []
    for output in range(min(_MOST_OUTPUTS, judged.schema.outputs)):
        points = [
            Point(
                float(judged.outputs[number, output]),
                float(residuals[number, output]),
                f"line {prediction_position(judged, data, number)}",
            )
            for number in drawn.tolist()
        ]
        plots.append(element("h3", f"Output {output + 1}") if judged.schema.outputs > 1 else None)
        plots.append(scrolling(scatter(points, x_title="prediction", y_title="residual")))
    notes = ["A residual is the prediction less its target."]
    if count > _MOST_POINTS:
        notes.append(f"The plots show {_MOST_POINTS:,} drawn predictions of {count:,}.")
    if judged.schema.outputs > _MOST_OUTPUTS:
        notes.append(f"The first {_MOST_OUTPUTS} outputs are plotted.")
    return [paragraph(" ".join(notes)), table(head, rows, numeric=range(1, 7)), plots]


def _worst(judged: JudgedPredictions, data: LabelledSet) -> Content:
    """Return the predictions with the largest errors, in standard deviations of the targets."""
    errors = np.abs(judged.outputs.astype(np.float64) - judged.targets)
    spread = judged.targets.std(axis=0, dtype=np.float64)
    sizes = (errors / np.where(spread > 0, spread, 1.0)).mean(axis=1)
    order = np.argsort(-sizes, kind="stable")[:_SHOWN]
    rows = [
        [
            prediction_position(judged, data, number),
            _numbers(judged.targets[number].tolist()),
            _numbers(judged.outputs[number].tolist()),
            f"{sizes[number]:.2f}",
            sequence_content(data.contents[judged.sequences[number]]),
        ]
        for number in order.tolist()
    ]
    head = ["line", "target", "prediction", "error", "sequence"]
    return [
        paragraph("Errors are in standard deviations of the targets, the mean over all outputs."),
        table(head, rows, numeric=range(4)),
    ]


def _numbers(values: list[float]) -> str:
    return ", ".join(f"{value:.6g}" for value in values)
