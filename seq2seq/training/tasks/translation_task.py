"""Task of translation: pairs of sentences, an encoder and a decoder, BLEU."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from seq2seq.config.schema import Settings
from seq2seq.data.batch_building import Columns, epoch_batches
from seq2seq.data.batching import EpochPlan, plan_epoch
from seq2seq.data.corpus import PreparedCorpus
from seq2seq.data.noise import noised, typing_noise
from seq2seq.data.prepared import Progress
from seq2seq.data.subword_sampling import resampled
from seq2seq.disk import replace_text
from seq2seq.evaluation.bleu import text_scores
from seq2seq.evaluation.error_rates import error_rates
from seq2seq.export.confidence import Calibration
from seq2seq.export.exported_model import (
    CONFIDENCE,
    ExportedModel,
    find_exported_model,
    read_exported_model,
)
from seq2seq.export.writer import write_exported_model
from seq2seq.inference.translator import Translator
from seq2seq.model.recurrent import UseCudnn
from seq2seq.model.translation import build_model
from seq2seq.model.weights import assign_weights, initialise_weights
from seq2seq.text.sentences import TrainingSources
from seq2seq.text.tokenizer import Tokenizer
from seq2seq.training.batching_choices import with_batching
from seq2seq.training.epoch_data import Batch, EpochData
from seq2seq.training.monitor import with_judgement
from seq2seq.training.run_directory import PREDICTIONS, run_corpus, write_translation_inputs
from seq2seq.training.run_export import portable
from seq2seq.training.tasks.confidence_fit import calibrate
from seq2seq.training.tasks.translation_objective import TranslationObjective
from seq2seq.training.tasks.translation_validation import Decoded, TranslationValidator

_CALIBRATED = 1000  # maximum number of validation pairs that calibrate the confidence


class TranslationTask:
    """Translation task; implements `Task`."""

    def __init__(
        self, settings: Settings, progress: Progress, use_cudnn: UseCudnn = "auto"
    ) -> None:
        """Prepare the corpus and build the model; see `make_task`."""
        corpus = run_corpus(settings, progress=progress)
        sources, targets = corpus.raw_pairs("valid")
        decoded = slice(settings.training.validation_sentences)
        settings, judged = with_judgement(settings, targets[decoded])
        self._corpus, self.fingerprint = corpus, corpus.fingerprint
        self.vocabulary = corpus.target_tokenizer.vocab_size
        self.model = build_model(
            settings.model,
            source_vocab=corpus.source_tokenizer.vocab_size,
            target_vocab=corpus.target_tokenizer.vocab_size,
            shared_vocabulary=settings.tokenizer.joint,
            precision=settings.training.precision,
            use_cudnn=use_cudnn,
        )
        self.settings, batched = with_batching(
            settings,
            Columns(corpus.train.source, corpus.train.target).lengths(),
            parameters=self.model.count_params(),
            vocab_size=self.vocabulary,
        )
        self.notes = [*corpus.report.lines(), judged, *batched]
        self.objective = TranslationObjective(
            self.model, label_smoothing=settings.loss.label_smoothing
        )
        self.validator = TranslationValidator(
            self.model,
            corpus,
            settings.search,
            Decoded(sources[decoded], targets[decoded]),
            target_kind=settings.tokenizer.of_target().kind,
            bleu_tokenizer=settings.training.bleu_tokenizer,
        )

    def keep_inputs(self, directory: Path) -> None:
        """See `Task`."""
        write_translation_inputs(directory, *_inputs(self._corpus))

    def first_weights(self) -> None:
        """See `Task`; the weights are those of `model.init_from`, if it is given."""
        start = self.settings.model.init_from
        if start is None:
            initialise_weights(self.model, seed=self.settings.seed)
        else:
            assign_weights(
                self.model, read_exported_model(find_exported_model(Path(start))).weights
            )

    def epoch_data(self, epoch: int) -> EpochData:
        """See `Task`."""
        settings, corpus = self.settings, self._corpus
        source = noised(
            corpus.train.source,
            corpus.source_tokenizer,
            settings.data,
            kind=settings.tokenizer.kind,
            seed=settings.seed,
            epoch=epoch,
        )
        columns = Columns(source, corpus.train.target)
        if settings.tokenizer.sampling > 0.0:
            alpha, seed = settings.tokenizer.sampling, settings.seed
            source, target = (
                resampled(column, tokenizer, alpha=alpha, seed=2 * seed + side, epoch=epoch)
                for side, (column, tokenizer) in enumerate(
                    zip(columns, (corpus.source_tokenizer, corpus.target_tokenizer), strict=True)
                )
            )
            columns = Columns(source, target)
        sources, targets = columns.lengths()
        plan = plan_epoch(sources, targets, settings.batching, seed=settings.seed, epoch=epoch)

        def build(plan: EpochPlan, first: int) -> Iterator[Batch]:
            return epoch_batches(columns, plan, first=first, padding=settings.batching.padding)

        return EpochData(plan, sources + targets, build, self.objective.signature, _in_words)

    def finish(
        self, weights: Mapping[str, Any], metrics: Mapping[str, Any], directory: Path
    ) -> dict[str, Any]:
        """See `Task`."""
        inputs = _inputs(self._corpus)
        settings, scores = portable(self.settings), dict(metrics)
        translator = Translator.from_exported_model(ExportedModel(settings, weights, *inputs))
        calibration = self._calibration(translator)
        replace_text(directory / CONFIDENCE, json.dumps(calibration.to_json()))
        if self._corpus.test is not None:
            scores |= self._test(translator, directory)
        exported_model = ExportedModel(settings, weights, *inputs, scores, calibration)
        saved_model = settings.export.saved_model
        write_exported_model(exported_model, directory / "export", saved_model=saved_model)
        return scores

    def _calibration(self, translator: Translator) -> Calibration:
        """Return the calibration of the confidence, on sources with and without typing noise."""
        settings = self.settings
        sources, references = (side[:_CALIBRATED] for side in self._corpus.raw_pairs("valid"))
        noise = typing_noise(settings.data, kind=settings.tokenizer.kind)
        rng = np.random.default_rng(settings.seed)
        typed = [noise.drawn(source, rng) for source in sources]
        found = [best[0] for best in translator.hypotheses([*sources, *typed])]
        return calibrate(found, [*references, *references])

    def _test(self, translator: Translator, directory: Path) -> dict[str, Any]:
        """Translate the test set, write the outputs and return the scores."""
        sources, references = self._corpus.raw_pairs("test")
        outputs = translator.translate(sources)
        lines = [
            json.dumps({"source": s, "reference": r, "output": o}, ensure_ascii=False)
            for s, r, o in zip(sources, references, outputs, strict=True)
        ]
        replace_text(directory / PREDICTIONS, "\n".join(lines) + "\n")
        tokenizer = self.settings.training.bleu_tokenizer
        scores = text_scores(outputs, references, bleu_tokenizer=tokenizer)
        kind = self.settings.tokenizer.of_target().kind
        rates = error_rates(sources, outputs, references, kind=kind)
        return {
            **{f"test_{name}": value for name, value in rates.items()},
            "test_bleu": scores.bleu,
            "test_chrf": scores.chrf,
            "bleu_signature": scores.bleu_signature,
            "chrf_signature": scores.chrf_signature,
        }


def _inputs(corpus: PreparedCorpus) -> tuple[Tokenizer, Tokenizer, TrainingSources]:
    """Return the tokenizers and the training sources of an exported model."""
    return corpus.source_tokenizer, corpus.target_tokenizer, corpus.training_sources


def _in_words(batch: Batch) -> str:
    source, target = batch
    return f"{len(source)} pairs of {source.shape[1]} and {target.shape[1]} tokens"
