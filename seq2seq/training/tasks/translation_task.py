"""Task of translation: an encoder and a decoder turn texts or features into texts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from seq2seq.config.schema import Settings
from seq2seq.data.batch_building import epoch_batches
from seq2seq.data.batching import EpochPlan, plan_epoch
from seq2seq.data.prepared import Progress
from seq2seq.data.sequences.scaling import Scale
from seq2seq.disk import replace_text
from seq2seq.evaluation.bleu import text_scores
from seq2seq.evaluation.error_rates import error_rates
from seq2seq.export.confidence import Calibration
from seq2seq.export.exported_files import CONFIDENCE
from seq2seq.export.exported_model import ExportedModel, find_exported_model, read_exported_model
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
from seq2seq.training.run_directory import PREDICTIONS, write_translation_inputs
from seq2seq.training.run_export import portable
from seq2seq.training.tasks.confidence_fit import calibrate
from seq2seq.training.tasks.translation_corpus import TranslationCorpus
from seq2seq.training.tasks.translation_objective import TranslationObjective
from seq2seq.training.tasks.translation_validation import TranslationValidator

_CALIBRATED = 1000  # maximum number of validation pairs that calibrate the confidence


class TranslationTask:
    """Translation task; implements `Task`."""

    def __init__(
        self, settings: Settings, progress: Progress, use_cudnn: UseCudnn = "auto"
    ) -> None:
        """Prepare the corpus and build the model; see `make_task`."""
        corpus = TranslationCorpus(settings, progress)
        decoded = corpus.raw("valid").first(settings.training.validation_sentences)
        settings, judged = with_judgement(settings, decoded.references)
        self._corpus, self.fingerprint = corpus, corpus.fingerprint
        self.vocabulary = corpus.target_tokenizer.vocab_size
        tokenizer, features = corpus.inputs.tokenizer, corpus.inputs.features
        self.model = build_model(
            settings.model,
            source_vocab=0 if tokenizer is None else tokenizer.vocab_size,
            target_vocab=self.vocabulary,
            shared_vocabulary=settings.tokenizer.joint,
            source_features=features,
            precision=settings.training.computed_precision,
            use_cudnn=use_cudnn,
        )
        self.settings, batched = with_batching(
            settings,
            corpus.train.lengths(),
            parameters=self.model.count_params(),
            vocab_size=self.vocabulary,
        )
        self.notes = [*corpus.notes, judged, *batched]
        self.objective = TranslationObjective(
            self.model, label_smoothing=settings.loss.label_smoothing, features=features
        )
        self.validator = TranslationValidator(
            self.model,
            corpus,
            settings.search,
            decoded,
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
        settings, pairs = self.settings, self._corpus.epoch(epoch)
        sources, targets = pairs.lengths()
        plan = plan_epoch(sources, targets, settings.batching, seed=settings.seed, epoch=epoch)

        def build(plan: EpochPlan, first: int) -> Iterator[Batch]:
            return epoch_batches(pairs, plan, first=first, padding=settings.batching.padding)

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
        if self._corpus.has_test:
            scores |= self._test(translator, directory)
        exported_model = ExportedModel(settings, weights, *inputs, scores, calibration)
        saved_model = settings.export.saved_model
        write_exported_model(exported_model, directory / "export", saved_model=saved_model)
        return scores

    def _calibration(self, translator: Translator) -> Calibration:
        """Return the calibration of the confidence, fitted on validation pairs."""
        contents, references = self._corpus.calibration(_CALIBRATED)
        found = [best[0] for best in translator.hypotheses(contents)]
        return calibrate(found, references)

    def _test(self, translator: Translator, directory: Path) -> dict[str, Any]:
        """Translate the test set, write the outputs and return the scores."""
        contents, sources, references = self._corpus.raw("test")
        outputs = translator.translate(contents)
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


def _inputs(corpus: TranslationCorpus) -> tuple[Tokenizer | Scale, Tokenizer, TrainingSources]:
    """Return the tokenizer or scale of sources, the target tokenizer, and the training sources."""
    return corpus.inputs.source, corpus.target_tokenizer, corpus.training_sources


def _in_words(batch: Batch) -> str:
    source, target = batch[0], batch[-1]
    return f"{len(source)} pairs of {source.shape[1]} and {target.shape[1]} tokens"
