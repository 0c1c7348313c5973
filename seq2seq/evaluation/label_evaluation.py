"""Evaluation of a predictor on sequences with known targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.sequences.item import Content
from seq2seq.data.sequences.target_schema import Targets, TargetSchema
from seq2seq.evaluation.label_scores import LengthScore, Scores, confusion, length_scores, scores
from seq2seq.evaluation.tagged_spans import SpanEvaluation, TagSet
from seq2seq.inference.predictor import Decoded, Predictor


class Evaluation(NamedTuple):
    """Result of an evaluation.

    Attributes:
        scores: scores by name: `accuracy` and `macro_f1` for classes, with `loss` if one class is
            predicted, and `span_precision`, `span_recall` and `span_f1` if the classes are tags of
            spans; `mae`, `rmse` and `r2` for numbers.
        confusion: number of predictions of each class (column) for each true class (row); None
            unless one class is predicted.
        spelled: predictions for each sequence as plain values.
        by_length: scores of the predictions in each range of sequence length.
        decoded: outputs and decisions of each sequence.
        losses: negative log-likelihood of the targets of each sequence, `[sequences]`; None unless
            one class is predicted.
        spans: comparison of predicted and target spans; None unless the classes are tags of spans.
        lengths: length of each sequence in steps or tokens, `[sequences]`.
    """

    scores: Scores
    confusion: NDArray[np.int64] | None
    spelled: list[Any]
    by_length: list[LengthScore]
    decoded: list[Decoded]
    losses: NDArray[np.float64] | None
    spans: SpanEvaluation | None
    lengths: NDArray[np.int64]


def evaluation(
    predictor: Predictor, contents: Sequence[Content], targets: Sequence[Targets]
) -> Evaluation:
    """Compare predictions with `targets`, which have the form of `TargetSchema.targets`."""
    schema = predictor.schema
    decoded = predictor.decoded(contents)
    decided = [one.decided for one in decoded]
    predicted, wanted = np.concatenate(decided), np.concatenate(list(targets))
    found = scores(predicted, wanted, schema)
    table: NDArray[np.int64] | None = None
    losses: NDArray[np.float64] | None = None
    if schema.one_class:
        table = confusion(predicted, wanted, schema.outputs)
        losses = predictor.losses(decoded, targets)
        found["loss"] = float(losses.sum() / max(1, len(wanted)))
    tags = TagSet.of(schema)
    spans = None if tags is None else tags.evaluate(decided, targets)
    if spans is not None:
        found |= spans.scores()
    lengths = np.array([len(row) for row in predictor.inputs.encode(list(contents))], np.int64)
    each = np.repeat(lengths, [len(one) for one in targets])
    by_length = length_scores(each, predicted, wanted, schema)
    written = [spelled(one, schema) for one in decoded]
    return Evaluation(found, table, written, by_length, decoded, losses, spans, lengths)


def spelled(decoded: Decoded, schema: TargetSchema) -> Any:
    """Return the predictions of a sequence as plain values for JSON."""
    outputs = decoded.outputs
    if decoded.classes is not None:
        each: list[Any] = [schema.classes[number] for number in decoded.classes]
    elif not schema.has_numbers:
        each = [[schema.classes[number] for number in np.flatnonzero(row > 0.5)] for row in outputs]
    else:
        each = outputs.tolist()
    return each if schema.per_step or not each else each[0]
