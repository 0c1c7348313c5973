"""Prediction of classes or numbers for sequences, with a trained model.

    from seq2seq import Predictor
    Predictor.load("runs/japanese_vowels").predict([steps, other_steps])

The prediction for a sequence depends on that sequence alone, never on others in its batch.

Call `quiet_tensorflow` before the first import of this module; `seq2seq.Predictor` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike, NDArray

from seq2seq.data.batching import order_by_length
from seq2seq.data.sequences.batches import SourceBatch, source_batch
from seq2seq.data.sequences.contents import contents_of
from seq2seq.data.sequences.item import Content, Form, Values
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.export.exported_label_model import ExportedLabelModel, read_label_model
from seq2seq.export.exported_model import find_exported_model
from seq2seq.model.label_model import Head, LabelModel, build_label_model
from seq2seq.model.weights import assign_weights

if TYPE_CHECKING:
    from seq2seq.inference.step_stream import StepStream

BATCH_STEPS = 4000  # maximum number of positions of a batch, padding included


@dataclass(frozen=True)
class SinglePrediction:
    """Single prediction of a model.

    Attributes:
        label: most probable class; None for several classes and for regression.
        labels: classes with a probability above one half, if the model predicts several classes.
        probabilities: probability of each class; None for regression.
        values: predicted numbers of a regression.
    """

    label: str | None = None
    labels: tuple[str, ...] = ()
    probabilities: Mapping[str, float] | None = None
    values: tuple[float, ...] = ()


@dataclass(frozen=True)
class Prediction:
    """Predictions for one sequence: one, or one for each step; empty for blank text."""

    answers: tuple[SinglePrediction, ...]


class Predictor:
    """Classification or regression model with its input encoding and its target description."""

    def __init__(self, model: LabelModel, exported_model: ExportedLabelModel) -> None:
        """Use `load` or `from_exported_model`, or pass a model with the exported weights."""
        self.model, self.exported_model, self.settings = (
            model,
            exported_model,
            exported_model.settings,
        )
        self.inputs, self.schema = exported_model.inputs, exported_model.schema
        values = tf.TensorSpec([None, None], tf.int32)
        if self.inputs.features:
            values = tf.TensorSpec([None, None, self.inputs.features], tf.float32)
        mask = tf.TensorSpec([None, None], tf.bool)
        self._run = tf.function(
            lambda values, mask: model(values, mask), input_signature=[values, mask]
        )

    @classmethod
    def load(cls, path: str | Path) -> Predictor:
        """Return the predictor of an export, or of a run directory with an exported model.

        Raises:
            ModelError: there is no exported model, it is damaged, or it has another task or
                version.
        """
        return cls.from_exported_model(read_label_model(find_exported_model(Path(path))))

    @classmethod
    def from_exported_model(cls, exported_model: ExportedLabelModel) -> Predictor:
        """Return the predictor of an exported model in memory."""
        inputs, schema, settings = (
            exported_model.inputs,
            exported_model.schema,
            exported_model.settings,
        )
        tokenizer = inputs.tokenizer
        model = build_label_model(
            settings.model,
            Head(schema.outputs, schema.per_step, settings.task.pooling),
            vocab=0 if tokenizer is None else tokenizer.vocab_size,
            features=inputs.features,
            use_cudnn=False,
        )
        assign_weights(model, exported_model.weights)
        return cls(model, exported_model)

    def predict(
        self, sequences: Sequence[str | ArrayLike], *, batch_steps: int | None = None
    ) -> list[Prediction]:
        """Return the predictions for each sequence, in order.

        Args:
            sequences: texts, or arrays `[time, features]` (`[time]` for a single feature). Padding
                is removed and missing values are filled as in training.
            batch_steps: maximum number of positions of a batch, padding included.

        Raises:
            TypeError: `sequences` is a single text.
            DataError: a sequence is invalid input for the model; the message gives its number, from
                1.
        """
        outputs = self.outputs(self.contents(sequences), batch_steps=batch_steps)
        return [Prediction(tuple(self.answer(row) for row in rows)) for rows in outputs]

    def contents(self, sequences: Sequence[str | ArrayLike]) -> list[Content]:
        """Return the sequences in the form that the model reads.

        Raises:
            TypeError: `sequences` is a single text.
            DataError: a sequence is invalid; the message gives its number, from 1.
        """
        form = Form.of(self.settings.data, per_step=self.schema.per_step)
        return contents_of(sequences, self.inputs, form)

    def stream(self) -> StepStream:
        """Return a stream that takes a sequence one step at a time.

        Raises:
            SettingsError: the model needs the whole sequence first.
        """
        from seq2seq.inference.step_stream import StepStream

        return StepStream(self)

    def outputs(
        self, contents: Sequence[Content], *, batch_steps: int | None = None
    ) -> list[Values]:
        """Return probabilities or unscaled numbers of each content, `[predictions, outputs]`.

        Blank text has no predictions.
        """
        rows = self.inputs.encode(list(contents))
        results: list[Values] = [np.zeros((0, self.schema.outputs)) for _ in rows]
        lengths = np.array([len(row) for row in rows], np.int32)
        filled = np.flatnonzero(lengths)
        for chosen in order_by_length(lengths[filled], max_tokens=batch_steps or BATCH_STEPS):
            numbers = filled[chosen].tolist()
            batch = source_batch([rows[number] for number in numbers], self.inputs)
            for number, output in zip(numbers, self._batch_outputs(batch), strict=True):
                results[number] = output[: lengths[number]]
                if self.schema.per_step:
                    results[number] = results[number][self.inputs.answered(rows[number])]
        return results

    def answer(self, output: Values) -> SinglePrediction:
        """Return the prediction for one row of `outputs`, `[outputs]`."""
        if self.schema.task == "regression":
            return SinglePrediction(values=tuple(output.tolist()))
        probabilities = dict(zip(self.schema.classes, output.tolist(), strict=True))
        if self.schema.several:
            labels = tuple(name for name, share in probabilities.items() if share > 0.5)
            return SinglePrediction(labels=labels, probabilities=probabilities)
        return SinglePrediction(
            label=self.schema.classes[int(output.argmax())], probabilities=probabilities
        )

    def _batch_outputs(self, batch: SourceBatch) -> Values:
        """Return `[batch, predictions, outputs]`, those of padding included."""
        outputs = finished(self._run(*batch).numpy(), self.schema)
        return outputs if self.schema.per_step else outputs[:, np.newaxis]


def finished(outputs: NDArray[np.float32], schema: TargetSchema) -> Values:
    """Return probabilities or unscaled numbers from the head's `[..., outputs]`."""
    if schema.task == "regression":
        return schema.scale.undo(outputs)
    if schema.several:
        return np.asarray(1.0 / (1.0 + np.exp(-outputs)), np.float32)
    shifted = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), np.float32)
