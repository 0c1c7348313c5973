"""Task of classification and regression, over texts or features."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from seq2seq.config.schema import Settings
from seq2seq.data.batching import EpochPlan, plan_epoch
from seq2seq.data.corpus import PreparedCorpus
from seq2seq.data.noise import noised
from seq2seq.data.prepared import Progress
from seq2seq.data.sequences.augmentation import augmented
from seq2seq.data.sequences.batches import SequenceData
from seq2seq.data.sequences.target_schema import TargetSchema
from seq2seq.data.store import CorpusStore
from seq2seq.data.subword_sampling import resampled
from seq2seq.disk import replace_text
from seq2seq.errors import SettingsError
from seq2seq.evaluation.label_evaluation import evaluation
from seq2seq.evaluation.tagged_spans import TagSet
from seq2seq.export.exported_label_model import ExportedLabelModel, write_inputs
from seq2seq.export.writer import write_exported_model
from seq2seq.inference.predictor import Predictor
from seq2seq.model.label_model import Head, build_label_model
from seq2seq.model.recurrent import UseCudnn
from seq2seq.model.weights import initialise_weights
from seq2seq.training.batching_choices import with_batching
from seq2seq.training.epoch_data import Batch, EpochData
from seq2seq.training.label_export_cost import labelled_contents
from seq2seq.training.monitor import with_judgement
from seq2seq.training.run_directory import PREDICTIONS, run_corpus
from seq2seq.training.run_export import portable
from seq2seq.training.tasks.label_objective import LabelObjective
from seq2seq.training.tasks.label_validation import LabelValidator


class LabelTask:
    """Classification or regression task; implements `Task`."""

    def __init__(
        self,
        settings: Settings,
        progress: Progress,
        use_cudnn: UseCudnn = "auto",
        *,
        data: type[SequenceData] = SequenceData,
    ) -> None:
        """Prepare the corpus and build the model.

        Args:
            settings: settings of the run.
            progress: callback for the progress of the preparation.
            use_cudnn: use of cuDNN; see `seq2seq.training.tasks.registry.make_task`.
            data: class that builds the batches.
        """
        settings, judged = with_judgement(settings, ())
        corpus = run_corpus(settings, progress=progress)
        self._corpus, self._data = corpus, data
        self.fingerprint = corpus.fingerprint
        inputs, schema = corpus.inputs, corpus.schema
        _check_monitor(settings.training.monitor, schema)
        self.longest = int(corpus.valid.source.lengths.max())  # steps, of the validation set
        self.vocabulary = schema.outputs
        self.model = build_label_model(
            settings.model,
            Head(schema.outputs, schema.per_step, settings.task.pooling),
            vocab=0 if inputs.tokenizer is None else inputs.tokenizer.vocab_size,
            features=inputs.features,
            precision=settings.training.computed_precision,
            use_cudnn=use_cudnn,
        )
        lengths = corpus.train.source.lengths
        self.settings, batched = with_batching(
            settings,
            (lengths, np.zeros_like(lengths)),
            parameters=self.model.count_params(),
            vocab_size=self.vocabulary,
        )
        self.notes = [*corpus.report.lines(), judged, *batched]
        self.objective = LabelObjective(
            self.model,
            _as_trained(schema, corpus.train),
            features=inputs.features,
            word_starts=inputs.word_starts,
            label_smoothing=settings.loss.label_smoothing,
            class_weights=settings.task.class_weights,
        )
        self.validator = LabelValidator(
            self.model, data(corpus.valid, inputs, schema), corpus.raw("valid")
        )

    def keep_inputs(self, directory: Path) -> None:
        """See `Task`."""
        write_inputs(directory, self._corpus.inputs, self._corpus.schema)

    def first_weights(self) -> None:
        """See `Task`."""
        initialise_weights(self.model, seed=self.settings.seed)

    def epoch_data(self, epoch: int) -> EpochData:
        """See `Task`."""
        settings, corpus = self.settings, self._corpus
        data = self._data(self._resampled(epoch), corpus.inputs, corpus.schema)
        lengths = data.store.source.lengths
        plan = plan_epoch(
            lengths,
            np.zeros_like(lengths),
            settings.batching,
            seed=settings.seed,
            epoch=epoch,
        )

        def build(plan: EpochPlan, first: int) -> Iterator[Batch]:
            return data.batches(plan, first=first, padding=settings.batching.padding)

        return EpochData(plan, lengths, build, self.objective.signature, _in_words)

    def _resampled(self, epoch: int) -> CorpusStore:
        """Return the training set of an epoch: texts have new typing noise, sounds are augmented.

        Texts with a target for each step stay unchanged.
        """
        corpus, settings, tokenizer = self._corpus, self.settings, self._corpus.inputs.tokenizer
        if tokenizer is None:
            sounds = augmented(corpus.train.source, settings.data, seed=settings.seed, epoch=epoch)
            return replace(corpus.train, source=sounds)
        if corpus.schema.per_step:
            return corpus.train
        kind, seed, sampling = settings.tokenizer.kind, settings.seed, settings.tokenizer.sampling
        column = noised(
            corpus.train.source, tokenizer, settings.data, kind=kind, seed=seed, epoch=epoch
        )
        if sampling:
            column = resampled(column, tokenizer, alpha=sampling, seed=2 * seed, epoch=epoch)
        return replace(corpus.train, source=column)

    def finish(
        self, weights: Mapping[str, Any], metrics: Mapping[str, Any], directory: Path
    ) -> dict[str, Any]:
        """See `Task`."""
        corpus, scores = self._corpus, dict(metrics)
        exported_model = ExportedLabelModel(
            portable(self.settings), weights, corpus.inputs, corpus.schema
        )
        if corpus.test is not None:
            scores |= _test(exported_model, corpus, corpus.test, directory)
        write_exported_model(
            replace(exported_model, metrics=scores),
            directory / "export",
            saved_model=self.settings.export.saved_model,
        )
        return scores


def _check_monitor(monitor: str, schema: TargetSchema) -> None:
    """Raise `SettingsError` if the monitored metric cannot be computed for these classes."""
    if monitor != "valid_span_f1" or TagSet.of(schema) is not None:
        return
    shown = ", ".join(schema.classes[:5]) + (", ..." if len(schema.classes) > 5 else "")
    raise SettingsError(
        f"training.monitor received {monitor}, and the classes are {shown}; it is for tags of "
        "spans, such as B-place, I-place and O: set training.monitor=auto"
    )


def _as_trained(schema: TargetSchema, store: CorpusStore) -> TargetSchema:
    """Return the schema with the counts of the classes in the stored training set.

    Each window of a long sequence is counted; a sequence that was dropped is not counted.
    """
    if not schema.one_class:
        return schema
    counts = np.bincount(store.target.values, minlength=schema.outputs)
    return replace(schema, counts=tuple(np.maximum(1, counts).tolist()))


def _test(
    exported_model: ExportedLabelModel,
    corpus: PreparedCorpus,
    store: CorpusStore,
    directory: Path,
) -> dict[str, Any]:
    """Predict the test set, write the predictions and return the scores."""
    raw = corpus.raw("test")
    contents, wanted = labelled_contents(store, raw)
    figures = evaluation(Predictor.from_exported_model(exported_model), contents, wanted)
    lines = [
        json.dumps({**record, "output": output}, ensure_ascii=False)
        for record, output in zip(raw, figures.spelled, strict=True)
    ]
    replace_text(directory / PREDICTIONS, "\n".join(lines) + "\n")
    by_length = [score._asdict() for score in figures.by_length]
    scores = {f"test_{name}": value for name, value in figures.scores.items()}
    return {**scores, "test_by_length": by_length}


def _in_words(batch: Batch) -> str:
    rows, width = batch[1].shape
    return f"{rows} sequences of {width} steps"
