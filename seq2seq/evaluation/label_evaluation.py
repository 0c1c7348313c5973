"""Evaluation of a predictor on sequences with known targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.sequences.item import Content, Values
from seq2seq.data.sequences.target_schema import Targets, TargetSchema
from seq2seq.evaluation.label_scores import LengthScore, Scores, confusion, length_scores, scores
from seq2seq.inference.predictor import Predictor


class Evaluation(NamedTuple):
    """Result of an evaluation.

    Attributes:
        scores: scores by name (`accuracy`, `macro_f1`, `loss`; `mae`, `rmse`, `r2`).
        confusion: number of predictions of each class (column) for each true class (row); None
            unless one class is predicted.
        spelled: predictions for each sequence as plain values.
        by_length: scores of the predictions in each range of sequence length.
        outputs: probabilities or numbers of each sequence, `[predictions, outputs]`.
        lengths: length of each sequence in steps or tokens, `[sequences]`.
    """

    scores: Scores
    confusion: NDArray[np.int64] | None
    spelled: list[Any]
    by_length: list[LengthScore]
    outputs: list[Values]
    lengths: NDArray[np.int64]


def evaluation(
    predictor: Predictor, contents: Sequence[Content], targets: Sequence[Targets]
) -> Evaluation:
    """Compare predictions with `targets`, which have the form of `TargetSchema.targets`."""
    schema = predictor.schema
    outputs = predictor.outputs(contents)
    decided = [output.argmax(axis=-1) if schema.one_class else output for output in outputs]
    predicted, wanted = np.concatenate(decided), np.concatenate(list(targets))
    found = scores(predicted, wanted, schema)
    table: NDArray[np.int64] | None = None
    if schema.one_class:
        table = confusion(predicted, wanted, schema.outputs)
        likelihood = np.concatenate(outputs)[np.arange(len(wanted)), wanted]
        found["loss"] = float(-np.log(np.maximum(likelihood, 1e-30)).mean())
    lengths = np.array([len(row) for row in predictor.inputs.encode(list(contents))], np.int64)
    each = np.repeat(lengths, [len(one) for one in targets])
    by_length = length_scores(each, predicted, wanted, schema)
    written = [spelled(output, schema) for output in outputs]
    return Evaluation(found, table, written, by_length, outputs, lengths)


def spelled(output: NDArray[np.float32], schema: TargetSchema) -> Any:
    """Return the predictions of a sequence, `[predictions, outputs]`, as plain values for JSON."""
    if schema.one_class:
        each: list[Any] = [schema.classes[number] for number in output.argmax(axis=-1)]
    elif not schema.has_numbers:
        each = [[schema.classes[number] for number in np.flatnonzero(row > 0.5)] for row in output]
    else:
        each = output.tolist()
    return each if schema.per_step or not each else each[0]
