"""Reports of classes and numbers from given outputs, whose figures are known."""

from __future__ import annotations

import re
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from seq2seq.data.sequences.scaling import Scale
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.evaluation.judged_predictions import JudgedPredictions, LabelledSet
from seq2seq.evaluation.label_evaluation import Evaluation, evaluation
from seq2seq.evaluation.label_report import label_report
from seq2seq.evaluation.resampling import RESAMPLES
from seq2seq.inference.predictor import Decoded, Predictor

TEXTS = ["one", "two", "three", "four", "five", "six"]


def evaluated(
    answers: TargetSchema, outputs: list[Any], targets: list[Any]
) -> tuple[Evaluation, LabelledSet]:
    """Evaluate a model that gives these outputs, one for each text or each of its letters."""
    arrays = [np.array(one, np.float32) for one in outputs]
    classes = [one.argmax(axis=-1) if answers.one_class else None for one in arrays]
    decoded = [Decoded(*pair) for pair in zip(arrays, classes, strict=True)]
    predictor: Any = SimpleNamespace(
        schema=answers,
        decoded=lambda contents: decoded,
        losses=partial(Predictor.losses, SimpleNamespace(chain=None)),
        inputs=SimpleNamespace(encode=lambda contents: [list(text) for text in contents]),
    )
    lines = list(range(1, 2 * len(outputs), 2))
    data = LabelledSet(lines, TEXTS[: len(outputs)], [np.array(one) for one in targets])
    return evaluation(predictor, data.contents, data.targets), data


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition("<body>")[2]).split())


def test_mistakes_are_ordered_by_their_probability() -> None:
    answers = TargetSchema("classification", False, False, ("yes", "", "<b>"), (1, 1, 1))
    outputs = [[[0.65, 0.35, 0]], [[0.05, 0.95, 0]], [[0.15, 0.85, 0]], [[0, 0.25, 0.75]]]
    outputs.append([[1, 0, 0]])
    found, data = evaluated(answers, outputs, [[1], [1], [0], [1], [0]])
    text = text_of(label_report(found, data, answers, facts=[], seed=0))
    mistakes = text.partition("line right class prediction probability sequence ")[2]
    assert mistakes == (
        "5 yes empty 0.850 three 7 empty &lt;b&gt; 0.750 four 1 empty yes 0.650 one"
    )
    assert "accuracy 0.4000 (" in text
    # Three wrong answers have bins of their own; 0.95 and 1.0, both right, share the last one.
    gap = (0.65 + 0.85 + 0.75 + 2 * (1 - 0.975)) / 5
    assert f"Expected calibration error: {gap:.3f}" in text


def test_several_classes_at_once_are_missing_or_too_many() -> None:
    answers = TargetSchema("classification", False, True, ("a", "b"), (1, 1))
    outputs = [[[0.9, 0.2]], [[0.6, 0.1]], [[0.7, 0.8]]]
    found, data = evaluated(answers, outputs, [[[1.0, 0.0]], [[0.0, 1.0]], [[1.0, 1.0]]])
    text = text_of(label_report(found, data, answers, facts=[], seed=0))
    assert text.endswith("3 b missing 0.100 two 3 a too many 0.600 two")
    assert "accuracy 0.6667" in text and "Confusions" not in text


def test_many_classes_have_a_list_of_confusions_and_no_table() -> None:
    names = tuple(f"c{number}" for number in range(40))
    answers = TargetSchema("classification", False, False, names, (1,) * 40)
    outputs = np.eye(40)[[3, 3, 3, 5]][:, np.newaxis].tolist()
    found, data = evaluated(answers, outputs, [[2], [2], [3], [5]])
    text = text_of(label_report(found, data, answers, facts=[], seed=0))
    assert "40 classes are too many for a table." in text
    assert "right class prediction times c2 c3 2 " in text
    assert "37 classes of training do not occur here." in text


@pytest.mark.parametrize("task", ["one class", "classes", "numbers"])
def test_intervals_are_around_the_scores(task: str) -> None:
    rng = np.random.default_rng(1)
    names = ("a", "b", "c")
    answers = {
        "one class": TargetSchema("classification", True, False, names, (1, 1, 1)),
        "classes": TargetSchema("classification", True, True, names, (1, 1, 1)),
        "numbers": TargetSchema("regression", True, False, scale=Scale((0.0,) * 3, (1.0,) * 3)),
    }[task]
    outputs = [rng.dirichlet([1, 1, 1], len(text)) for text in TEXTS]
    targets: list[Any] = [(one > 0.4).astype(np.float32) for one in outputs]
    if task == "one class":
        targets = [one.argmax(axis=-1) for one in outputs]
        targets[0] = (targets[0] + 1) % 3
    found, data = evaluated(answers, outputs, targets)
    intervals = JudgedPredictions(found, data, answers).intervals(seed=0)
    assert intervals.keys() == found.scores.keys()
    for name, score in found.scores.items():
        interval = intervals[name]
        assert interval is not None
        assert interval.low <= score <= interval.high
    assert RESAMPLES == 1000


def test_whole_sums_give_the_scores_of_the_evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = TargetSchema("regression", False, False, scale=Scale((0.0, 0.0), (1.0, 1.0)))
    outputs = [[[1e6 + number, 2.0]] for number in range(6)]
    targets = [[[1e6 + number * 1.5, 2.0]] for number in range(6)]
    found, data = evaluated(answers, outputs, targets)
    monkeypatch.setattr(
        "seq2seq.evaluation.judged_predictions.bootstrap_interval",
        lambda statistics, score, *, seed: score(statistics.sum(axis=0)),
    )
    scores = JudgedPredictions(found, data, answers).intervals(seed=0)
    assert scores == pytest.approx(found.scores)
