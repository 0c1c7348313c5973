"""Validation of classification and regression: loss and scores over all real targets."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from seq2seq.config.choices import Padding
from seq2seq.data.batching import order_by_length
from seq2seq.data.sequences.batches import SequenceData
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.evaluation.label_scores import scores
from seq2seq.inference.predictor import BATCH_STEPS, finished
from seq2seq.model.label_model import LabelModel
from seq2seq.training.reporting.sample import Sample
from seq2seq.training.tasks.label_objective import of_steps, prediction_losses, signature
from seq2seq.training.tasks.task import Validation

Found = tuple[NDArray[Any], NDArray[Any]]  # outputs and targets of a row, or of a sequence
_SHOWN = 2  # number of samples


class LabelValidator:
    """Validator of classification and regression models; implements `Validator`.

    A sequence that is stored in windows counts once, with the mean of their predictions. The graph
    is traced once.
    """

    def __init__(self, model: LabelModel, data: SequenceData, raw: list[dict[str, Any]]) -> None:
        """Create the validator of the split `data`; `raw` holds its rows as read from the file."""
        self._model, self._data, self._raw = model, data, raw
        self._evaluate = tf.function(
            self._predicted,
            input_signature=signature(data.schema, data.inputs.features),
            autograph=False,
        )

    def run(self, *, width: int | None = None, padding: Padding = "post") -> Validation:
        """See `Validator`; with a mask, `width` and `padding` of the batches change no result."""
        schema = self._data.schema
        found: dict[int, Found] = {}
        for rows in order_by_length(self._data.store.source.lengths, max_tokens=BATCH_STEPS):
            batch = self._data.batch(rows, width=width, padding=padding)
            outputs, targets = self._evaluate(*batch)
            counts = self._data.store.target.lengths[rows]
            ends = np.cumsum(counts)[:-1]
            parts = np.split(outputs.numpy(), ends), np.split(targets.numpy(), ends)
            found.update(zip(rows.tolist(), zip(*parts, strict=True), strict=True))
        ordered = self._of_sequences([found[row] for row in range(len(found))])
        outputs = np.concatenate([outputs for outputs, _ in ordered])
        wanted = np.concatenate([targets for _, targets in ordered])
        losses = prediction_losses(outputs, wanted, schema).numpy()
        predicted = self._decided(outputs)
        if schema.has_numbers:
            wanted = schema.scale.undo(wanted)
        values = {"valid_loss": float(losses.mean(dtype=np.float64))}
        for name, value in scores(predicted, wanted, schema).items():
            values[f"valid_{name}"] = value
        return Validation(values, self._samples(ordered))

    def _predicted(
        self, values: tf.Tensor, mask: tf.Tensor, targets: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        outputs = self._model(values, mask)
        if self._data.schema.per_step:
            batch = values, mask, targets
            outputs, targets = of_steps(outputs, batch, self._data.inputs.word_starts)
        return outputs, targets

    def _of_sequences(self, rows: list[Found]) -> list[Found]:
        """Return the outputs and targets of each sequence from those of the stored rows."""
        firsts = self._data.store.first_rows.tolist()
        return [
            rows[first]
            if stop == first + 1
            else (
                mean_output(
                    np.concatenate([outputs for outputs, _ in rows[first:stop]]), self._data.schema
                ),
                rows[first][1],
            )
            for first, stop in pairwise([*firsts, len(rows)])
        ]

    def _decided(self, outputs: NDArray[np.float32]) -> NDArray[Any]:
        """Return the predictions that `scores` compares, from head outputs `[targets, outputs]`."""
        schema = self._data.schema
        if schema.one_class:
            return outputs.argmax(axis=-1)
        return finished(outputs, schema)

    def _samples(self, found: list[Found]) -> list[Sample]:
        """Return samples of a few rows, evenly spread over the split."""
        count = len(found)
        chosen = sorted({(position + 1) * count // (_SHOWN + 1) for position in range(_SHOWN)})
        samples = []
        firsts = [*self._data.store.first_rows.tolist(), len(self._data.store)]
        for row in chosen:
            raw, outputs = self._raw[row], found[row][0]
            windows = firsts[row + 1] - firsts[row]
            size = f"{self._data.store.source.lengths[firsts[row]]} steps"
            if windows > 1:
                size = f"{windows} windows of {size}"
            source = raw["text"] or f"line {raw['line']}, {size}"
            reference = raw["label"]
            if isinstance(reference, list):
                reference = " ".join(str(one) for one in reference)
            samples.append(Sample(source, str(reference), self._spelled(outputs)))
        return samples

    def _spelled(self, outputs: NDArray[np.float32]) -> str:
        schema = self._data.schema
        decided = self._decided(outputs)
        if schema.one_class:
            return " ".join(schema.classes[number] for number in decided)
        if not schema.has_numbers:
            marked = [np.flatnonzero(row > 0.5) for row in decided]
            return " ".join(",".join(schema.classes[n] for n in row) or "-" for row in marked)
        return " ".join(",".join(f"{value:.4g}" for value in row) for row in decided)


def mean_output(outputs: NDArray[np.float32], schema: TargetSchema) -> NDArray[np.float32]:
    """Return the output, `[1, outputs]`, whose prediction is the mean of those of some windows.

    Args:
        outputs: outputs of the windows, `[windows, outputs]`.
        schema: targets of the model.
    """
    if schema.has_numbers:
        return outputs.mean(axis=0, keepdims=True)
    least = np.finfo(np.float32).tiny
    probabilities = finished(outputs, schema).mean(axis=0, keepdims=True)
    logits = np.log(np.maximum(probabilities, least))
    if schema.several:
        others = finished(-outputs, schema).mean(axis=0, keepdims=True)
        logits -= np.log(np.maximum(others, least))
    return np.asarray(logits, np.float32)
