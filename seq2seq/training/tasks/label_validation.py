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
from seq2seq.evaluation.tagged_spans import TagSet
from seq2seq.inference.linear_chain import LinearChain
from seq2seq.inference.predictor import BATCH_STEPS, finished
from seq2seq.model.label_model import LabelModel
from seq2seq.training.reporting.sample import Sample
from seq2seq.training.tasks.label_objective import of_steps, prediction_losses, signature
from seq2seq.training.tasks.task import Validation

Found = tuple[NDArray[Any], NDArray[Any]]  # outputs and targets of a row, or of a sequence
_SHOWN = 2  # number of samples


class LabelValidator:
    """Validator of classification and regression models; implements `Validator`.

    A sequence that is stored in windows counts once, with the mean prediction of its windows. The
    graph is traced once.
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
        """See `Validator`; because of the mask, `width` and `padding` do not change the result."""
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
        outputs, targets = (list(each) for each in zip(*ordered, strict=True))
        chain = self._chain()
        loss = self._mean_loss(outputs, targets, chain)
        decided = self._decided(outputs, chain)
        wanted = np.concatenate(targets)
        if schema.has_numbers:
            wanted = schema.scale.undo(wanted)
        values = {"loss": loss, **scores(np.concatenate(decided), wanted, schema)}
        tags = TagSet.of(schema)
        if tags is not None:
            values["span_f1"] = tags.evaluate(decided, targets).total.f1
        named = {f"valid_{name}": value for name, value in values.items()}
        return Validation(named, self._samples(decided))

    def _predicted(
        self, values: tf.Tensor, mask: tf.Tensor, targets: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        outputs = self._model(values, mask)
        if self._data.schema.per_step:
            batch = values, mask, targets
            outputs, targets = of_steps(outputs, batch, self._data.inputs.word_starts)
        return outputs, targets

    def _of_sequences(self, rows: list[Found]) -> list[Found]:
        """Return the outputs and targets of each sequence, combined from its stored rows."""
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

    def _chain(self) -> LinearChain | None:
        """Return the CRF with the current weights, or None if the model has no CRF."""
        if self._model.chain is None:
            return None
        return LinearChain(*(x.numpy().astype(np.float64) for x in self._model.chain.tensors()))

    def _mean_loss(
        self,
        outputs: list[NDArray[np.float32]],
        targets: list[NDArray[Any]],
        chain: LinearChain | None,
    ) -> float:
        """Return the mean loss of all targets, from the outputs of the head for each sequence."""
        if chain is not None:
            return float(chain.losses(outputs, targets).sum() / sum(map(len, targets)))
        schema = self._data.schema
        losses = prediction_losses(np.concatenate(outputs), np.concatenate(targets), schema)
        return float(losses.numpy().mean(dtype=np.float64))

    def _decided(
        self, outputs: list[NDArray[np.float32]], chain: LinearChain | None
    ) -> list[NDArray[Any]]:
        """Return the predictions for each sequence, in the form that `scores` expects."""
        schema = self._data.schema
        if chain is not None:
            return [one.path for one in chain.decode(outputs)]
        if schema.one_class:
            return [one.argmax(axis=-1) for one in outputs]
        return [finished(one, schema) for one in outputs]

    def _samples(self, decided: list[NDArray[Any]]) -> list[Sample]:
        """Return samples of a few sequences, evenly spread over the split."""
        count = len(decided)
        chosen = sorted({(position + 1) * count // (_SHOWN + 1) for position in range(_SHOWN)})
        samples = []
        firsts = [*self._data.store.first_rows.tolist(), len(self._data.store)]
        for row in chosen:
            raw = self._raw[row]
            windows = firsts[row + 1] - firsts[row]
            size = f"{self._data.store.source.lengths[firsts[row]]} steps"
            if windows > 1:
                size = f"{windows} windows of {size}"
            source = raw["text"] or f"line {raw['line']}, {size}"
            reference = raw["label"]
            if isinstance(reference, list):
                reference = " ".join(str(one) for one in reference)
            samples.append(Sample(source, str(reference), self._spelled(decided[row])))
        return samples

    def _spelled(self, decided: NDArray[Any]) -> str:
        schema = self._data.schema
        if schema.one_class:
            return " ".join(schema.classes[number] for number in decided)
        if not schema.has_numbers:
            marked = [np.flatnonzero(row > 0.5) for row in decided]
            return " ".join(",".join(schema.classes[n] for n in row) or "-" for row in marked)
        return " ".join(",".join(f"{value:.4g}" for value in row) for row in decided)


def mean_output(outputs: NDArray[np.float32], schema: TargetSchema) -> NDArray[np.float32]:
    """Return the output, `[1, outputs]`, whose prediction is the mean prediction of some windows.

    Args:
        outputs: outputs of the windows, `[windows, outputs]`.
        schema: description of the targets.
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
