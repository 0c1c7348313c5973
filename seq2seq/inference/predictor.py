"""Prediction of classes or numbers for sequences, with a trained model.

    from seq2seq import Predictor
    Predictor.load("runs/japanese_vowels").predict([steps, other_steps])

The prediction for a sequence depends on that sequence alone, never on others in its batch.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seq2seq.data.batching import order_by_length
from seq2seq.data.long_sequences import LengthLimit
from seq2seq.data.sequences.batches import source_batch
from seq2seq.data.sequences.contents import contents_of
from seq2seq.data.sequences.item import Content, Form, Values
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.errors import ModelError
from seq2seq.export.exported_label_model import (
    ExportedLabelModel,
    LabelInferenceModel,
    read_label_model,
)
from seq2seq.export.exported_model import find_exported_model
from seq2seq.inference.linear_chain import LinearChain
from seq2seq.inference.onnx_label_model import OnnxLabelModel

if TYPE_CHECKING:
    from seq2seq.inference.step_stream import StepStream

log = logging.getLogger("seq2seq")

BATCH_STEPS = 4000  # maximum number of positions of a batch, padding included


@dataclass(frozen=True)
class SinglePrediction:
    """Single prediction of a model.

    Attributes:
        label: most probable class, or with a CRF the class on the most probable path; None for
            several classes and for regression.
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


class Decoded(NamedTuple):
    """Outputs of a model for one sequence, and its decisions.

    Attributes:
        outputs: probabilities or unscaled numbers, `[predictions, outputs]`.
        classes: index of the predicted class, `[predictions]`; None unless one class is predicted.
        scores: outputs of the head before a CRF, `[predictions, classes]`; None without a CRF.
    """

    outputs: Values
    classes: NDArray[np.int64] | None
    scores: NDArray[np.float32] | None = None

    @property
    def decided(self) -> NDArray[Any]:
        """Return the predictions that are scored: classes, or else the outputs."""
        return self.outputs if self.classes is None else self.classes


class Predictor:
    """Classification or regression model with its input encoding and its target description.

    It may be used from several threads at once.
    """

    def __init__(self, exported_model: LabelInferenceModel, *, threads: int = 1) -> None:
        """Create a predictor of an exported model; see also `load` and `from_exported_model`.

        Args:
            exported_model: content of an exported model.
            threads: number of batches that `outputs` computes at the same time.

        Raises:
            ModelError: ONNX Runtime does not accept the model.
        """
        self.exported_model, self.settings = exported_model, exported_model.settings
        self.inputs, self.schema = exported_model.inputs, exported_model.schema
        self.length_limit = LengthLimit.of(self.settings.data)
        self.chain = LinearChain.of(exported_model.numbers)
        self._model, self._threads = OnnxLabelModel(exported_model), threads

    @classmethod
    def load(cls, path: str | Path, *, threads: int = 1) -> Predictor:
        """Return the predictor of an export, or of a run directory with an exported model.

        Args:
            path: directory of the export or of the run.
            threads: number of batches that are computed at the same time.

        Raises:
            ModelError: there is no exported model, it is damaged, or it has another task or
                version.
        """
        directory = find_exported_model(Path(path))
        exported_model = read_label_model(directory)
        try:
            return cls(exported_model, threads=threads)
        except ModelError as error:
            raise ModelError(f"{directory}: {error}") from error

    @classmethod
    def from_exported_model(
        cls, exported_model: ExportedLabelModel, *, quantized: bool = False
    ) -> Predictor:
        """Return the predictor of a model in memory, in 8-bit integers if `quantized`.

        Raises:
            ModelError: the weights do not fit the settings.
        """
        return cls(exported_model.for_inference(quantized=quantized))

    def predict(
        self, sequences: Sequence[str | ArrayLike], *, batch_steps: int | None = None
    ) -> list[Prediction]:
        """Return the predictions for each sequence, in order.

        The training setting `data.long` determines how a sequence longer than `data.max_length` is
        read; a warning names each sequence that is not read completely.

        Args:
            sequences: texts, or arrays `[time, features]` (`[time]` for a single feature). Padding
                is removed and missing values are filled as in training.
            batch_steps: maximum number of positions of a batch, padding included.

        Raises:
            TypeError: `sequences` is a single text.
            DataError: a sequence is invalid input for the model; the message gives its number, from
                1.
        """
        contents = self.contents(sequences)
        for number, message in enumerate(self.unread(contents), start=1):
            if message is not None:
                log.warning("sequence %d: %s", number, message)
        return [self.prediction(one) for one in self.decoded(contents, batch_steps=batch_steps)]

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

    def unread(self, contents: Sequence[Content]) -> list[str | None]:
        """Return for each content the message about steps that are not read, or None."""
        if self.length_limit.rule not in ("head", "tail"):
            return [None] * len(contents)
        return [self.length_limit.unread(len(row)) for row in self.inputs.encode(list(contents))]

    def outputs(
        self, contents: Sequence[Content], *, batch_steps: int | None = None
    ) -> list[Values]:
        """Return probabilities or unscaled numbers of each content, `[predictions, outputs]`.

        The outputs of a content that is read in windows are the mean over its windows. Blank text
        has no predictions.
        """
        return [one.outputs for one in self.decoded(contents, batch_steps=batch_steps)]

    def decoded(
        self, contents: Sequence[Content], *, batch_steps: int | None = None
    ) -> list[Decoded]:
        """Return outputs and decisions of each content (see `outputs`).

        With a CRF, the classes of a sequence are its most probable path, and probabilities are the
        marginals of each step.
        """
        rows = self.inputs.encode(list(contents))
        parts = self.length_limit.parts([len(row) for row in rows])
        found = self._row_outputs(parts.cut(rows), batch_steps)
        if self.chain is not None:
            paths = self.chain.decode(found)
            return [Decoded(*path, scores) for path, scores in zip(paths, found, strict=True)]
        one_class = self.schema.one_class
        return [
            Decoded(outputs, outputs.argmax(axis=-1) if one_class else None)
            for outputs in parts.averaged(found)
        ]

    def losses(
        self, decoded: Sequence[Decoded], targets: Sequence[NDArray[Any]]
    ) -> NDArray[np.float64]:
        """Return the negative log-likelihood of the classes of each sequence, `[sequences]`.

        Args:
            decoded: results of `decoded` for the sequences.
            targets: target classes of each sequence, `[predictions]`.
        """
        if self.chain is not None:
            scores = [one.scores for one in decoded if one.scores is not None]
            return self.chain.losses(scores, targets)
        likelihoods = (
            one.outputs[np.arange(len(wanted)), wanted]
            for one, wanted in zip(decoded, targets, strict=True)
        )
        return np.array([-np.log(np.maximum(each, 1e-30)).sum() for each in likelihoods])

    def _row_outputs(self, rows: list[NDArray[Any]], batch_steps: int | None) -> list[Values]:
        """Return the outputs of encoded rows (see `outputs`); for a CRF those of the head."""
        results: list[Values] = [np.zeros((0, self.schema.outputs)) for _ in rows]
        lengths = np.array([len(row) for row in rows], np.int32)
        filled = np.flatnonzero(lengths)
        batches = [
            filled[chosen].tolist()
            for chosen in order_by_length(lengths[filled], max_tokens=batch_steps or BATCH_STEPS)
        ]

        def run(numbers: list[int]) -> Values:
            batch = source_batch([rows[number] for number in numbers], self.inputs)
            outputs = self._model(*batch)
            if self.chain is None:
                outputs = finished(outputs, self.schema)
            return outputs if self.schema.per_step else outputs[:, np.newaxis]

        for numbers, found in zip(batches, self._mapped(run, batches), strict=True):
            for number, output in zip(numbers, found, strict=True):
                results[number] = output[: lengths[number]]
                if self.schema.per_step:
                    results[number] = results[number][self.inputs.answered(rows[number])]
        return results

    def _mapped(
        self, run: Callable[[list[int]], Values], batches: list[list[int]]
    ) -> Iterable[Values]:
        """Return the results of `run` in order, several computed at the same time."""
        if self._threads == 1 or len(batches) < 2:
            return map(run, batches)
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(run, batches))

    def prediction(self, decoded: Decoded) -> Prediction:
        """Return the predictions for one sequence, given its outputs and decisions."""
        classes = decoded.classes
        if classes is None:
            return Prediction(tuple(self.single(row) for row in decoded.outputs))
        pairs = zip(decoded.outputs, classes.tolist(), strict=True)
        return Prediction(tuple(self.single(row, number) for row, number in pairs))

    def single(self, output: Values, number: int | None = None) -> SinglePrediction:
        """Return one prediction.

        Args:
            output: probabilities or unscaled numbers, `[outputs]`.
            number: index of the predicted class; by default the most probable one.
        """
        if self.schema.has_numbers:
            return SinglePrediction(values=tuple(output.tolist()))
        probabilities = dict(zip(self.schema.classes, output.tolist(), strict=True))
        if self.schema.several:
            labels = tuple(name for name, share in probabilities.items() if share > 0.5)
            return SinglePrediction(labels=labels, probabilities=probabilities)
        label = self.schema.classes[int(output.argmax()) if number is None else number]
        return SinglePrediction(label=label, probabilities=probabilities)


def finished(outputs: NDArray[np.float32], schema: TargetSchema) -> Values:
    """Return the head's outputs `[..., outputs]` as probabilities or unscaled numbers."""
    if schema.has_numbers:
        return schema.scale.undo(outputs)
    if schema.several:
        return np.asarray(1.0 / (1.0 + np.exp(-outputs)), np.float32)
    shifted = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), np.float32)
