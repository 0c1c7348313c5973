"""One training run from settings to an exported and tested model.

The stages: settle what the run is, prepare the corpus, build or restore, train, choose the
weights, test, export. Each leaves the run directory so that the same command can go on.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from seq2seq.model.backend import choose_device, quiet_tensorflow

quiet_tensorflow()

from seq2seq.artefact.artefact import Artefact, find_artefact, read_artefact  # noqa: E402
from seq2seq.artefact.export import write_artefact  # noqa: E402
from seq2seq.data.batching import plan_epoch  # noqa: E402
from seq2seq.data.corpus import PreparedCorpus, prepare_corpus  # noqa: E402
from seq2seq.data.pipeline import Columns, padded_rows  # noqa: E402
from seq2seq.data.sampling import resampled  # noqa: E402
from seq2seq.inference.translator import Translator  # noqa: E402
from seq2seq.model.translation import build_model  # noqa: E402
from seq2seq.model.weights import assign_weights, initialise_weights  # noqa: E402
from seq2seq.rules import HIGHER_IS_BETTER  # noqa: E402
from seq2seq.settings import Settings  # noqa: E402
from seq2seq.training.checkpoint import CheckpointDirectory  # noqa: E402
from seq2seq.training.curves import draw_curves  # noqa: E402
from seq2seq.training.export import Choice, averaged_weights, choose_steps, portable  # noqa: E402
from seq2seq.training.interruption import Interruption  # noqa: E402
from seq2seq.training.loop import (  # noqa: E402
    EpochData,
    Parts,
    TrainingLoop,
    dropout_seed,
    end_reason,
)
from seq2seq.training.memory import (  # noqa: E402
    available_bytes,
    check_memory,
    estimated_bytes,
)
from seq2seq.training.metrics import text_scores  # noqa: E402
from seq2seq.training.metrics_log import MetricsLog, read_metrics  # noqa: E402
from seq2seq.training.optimizer import Optimizer  # noqa: E402
from seq2seq.training.progress import Progress  # noqa: E402
from seq2seq.training.report import Report, clock, make_report  # noqa: E402
from seq2seq.training.run_directory import (  # noqa: E402
    PREDICTIONS,
    RESULT,
    locked,
    provenance,
    replace_text,
    settle_corpus,
    settle_settings,
    write_tokenizers,
)
from seq2seq.training.step import TrainStep  # noqa: E402
from seq2seq.training.validation import Validator  # noqa: E402

_LOG = logging.getLogger("seq2seq")


@dataclass(frozen=True)
class TrainingResult:
    """What a finished run came to.

    Attributes:
        run_directory, export: where it lies.
        ended: why training ended.
        steps, epochs, tokens, seconds: how far it went; `tokens` are target tokens, and
            `seconds` the whole time used, validation included.
        exported_steps: checkpoints whose average was exported.
        metrics: scores of the exported weights (`valid_bleu`, `test_bleu`, ...).
    """

    run_directory: str
    export: str
    ended: str
    steps: int
    epochs: int
    tokens: float
    seconds: float
    exported_steps: list[int]
    metrics: dict[str, Any]

    def summary(self) -> list[str]:
        """A few lines for a person."""
        lines = [
            f"{self.ended}: {self.steps:,} steps, {self.epochs} epochs, {clock(self.seconds)}, "
            f"{self.tokens / max(1e-9, self.seconds):,.0f} target tokens/s over the whole run",
        ]
        for split in ("valid", "test"):
            if f"{split}_bleu" in self.metrics:
                bleu, chrf = self.metrics[f"{split}_bleu"], self.metrics[f"{split}_chrf"]
                lines.append(f"{split}: BLEU {bleu:.2f}  chrF {chrf:.2f}")
        lines.append(f"run: {self.run_directory}")
        lines.append(f"model: {self.export}")
        return lines


def train(
    settings: Settings, run_directory: Path | None = None, *, report: Report | None = None
) -> TrainingResult:
    """Train, or go on with the run in `run_directory`, to an exported model.

    Args:
        settings: of the run.
        run_directory: by default `<runs>/<name>`.
        report: is told what happens; by default stderr.

    Raises:
        UserError: of the kind that says what went wrong; see `seq2seq.errors`.
    """
    directory = run_directory or Path(settings.runs) / settings.name
    report = report or make_report()
    try:
        with locked(directory):
            return _Run(settings, directory, report).result()
    finally:
        report.close()


class _Run:
    """The stages of a run and what they hand on."""

    def __init__(self, settings: Settings, directory: Path, report: Report) -> None:
        self._settings, self._directory, self._report = settings, directory, report
        self._checkpoints = CheckpointDirectory(directory / "checkpoints")
        self._begun = bool(self._checkpoints.steps())
        settle_settings(directory, settings, begun=self._begun)

    def result(self) -> TrainingResult:
        """Do what is left to do."""
        finished = self._finished()
        if finished is not None:
            self._report.note("this run is finished; nothing is left to do")
            return finished
        training = self._settings.training
        self._device = choose_device(training.device, deterministic=training.deterministic)
        self._corpus = self._prepared_corpus()
        loop = self._restored_loop()
        self._announce(loop.progress)
        with Interruption() as interruption:
            loop.run(interruption)
        self._report.close()
        return self._finish(loop.progress)

    def _finished(self) -> TrainingResult | None:
        """What an earlier process came to, unless the limits have been raised since."""
        path = self._directory / RESULT
        state = self._checkpoints.latest_state() if path.exists() else None
        if state is None:
            return None
        progress = Progress.from_mapping(state)
        if end_reason(self._settings.training, progress, seconds=progress.seconds) is None:
            path.unlink()
            return None
        return TrainingResult(**json.loads(path.read_text(encoding="utf-8")))

    def _prepared_corpus(self) -> PreparedCorpus:
        settings = self._settings
        start = settings.model.init_from
        corpus = prepare_corpus(
            settings.data,
            settings.tokenizer,
            directory=Path(settings.runs) / "corpora",
            seed=settings.seed,
            tokenizer_from=None if start is None else find_artefact(Path(start)),
            progress=self._report.preparing,
        )
        settle_corpus(self._directory, corpus.fingerprint, begun=self._begun)
        write_tokenizers(self._directory, corpus.source_tokenizer, corpus.target_tokenizer)
        for line in corpus.report.lines():
            self._report.note(line)
        return corpus

    def _restored_loop(self) -> TrainingLoop:
        """Model, optimizer and loop, as the newest checkpoint left them."""
        settings, corpus = self._settings, self._corpus
        self._model = build_model(
            settings.model,
            source_vocab=corpus.source_tokenizer.vocab_size,
            target_vocab=corpus.target_tokenizer.vocab_size,
            shared_vocabulary=settings.tokenizer.joint,
            precision=settings.training.precision,
        )
        optimizer = Optimizer(settings.optimizer, self._model.trainable_variables)
        self._step = TrainStep(
            self._model,
            optimizer,
            label_smoothing=settings.loss.label_smoothing,
            clip_norm=settings.optimizer.clip_norm,
            loss_scaling=settings.training.precision == "float16",
        )
        progress = self._restore(optimizer)
        self._metrics = MetricsLog(self._directory, length=progress.metrics_bytes)
        self._validator = Validator(
            self._model,
            corpus,
            settings.search,
            sentences=settings.training.validation_sentences,
        )
        parts = Parts(
            step=self._step,
            optimizer=optimizer,
            validator=self._validator,
            checkpoints=self._checkpoints,
            metrics=self._metrics,
            report=self._report,
            epoch_data=self._epoch_data,
            model=self._model,
        )
        return TrainingLoop(settings, parts, progress)

    def _restore(self, optimizer: Optimizer) -> Progress:
        checkpoint = self._checkpoints.latest()
        if checkpoint is not None:
            assign_weights(self._model, checkpoint.weights)
            optimizer.restore(checkpoint.optimizer)
            self._step.restore(checkpoint.optimizer)
            return Progress.from_mapping(checkpoint.state)
        start = self._settings.model.init_from
        if start is None:
            initialise_weights(self._model, seed=self._settings.seed)
        else:
            assign_weights(self._model, read_artefact(find_artefact(Path(start))).weights)
        return Progress()

    def _epoch_data(self, epoch: int) -> EpochData:
        """Pairs and plan of an epoch, a pure function of (settings, corpus, epoch)."""
        settings, corpus = self._settings, self._corpus
        columns = Columns(corpus.train.source, corpus.train.target)
        if settings.tokenizer.sampling > 0.0:
            alpha, seed = settings.tokenizer.sampling, settings.seed
            source, target = (
                resampled(column, tokenizer, alpha=alpha, seed=2 * seed + side, epoch=epoch)
                for side, (column, tokenizer) in enumerate(
                    zip(columns, (corpus.source_tokenizer, corpus.target_tokenizer), strict=True)
                )
            )
            columns = Columns(source, target)
        batching = settings.batching
        plan = plan_epoch(
            *columns.lengths(),
            strategy=batching.strategy,
            max_tokens=batching.max_tokens,
            pad_to=batching.pad_to,
            bucket_width=batching.bucket_width,
            seed=settings.seed,
            epoch=epoch,
        )
        return EpochData(columns, plan)

    def _announce(self, progress: Progress) -> None:
        """Say and record what the run is, and try its largest batch before the first step."""
        settings, report = self._settings, self._report
        parameters = sum(v.shape.num_elements() for v in self._model.trainable_variables)
        report.note(
            f"{settings.name}: {parameters / 1e6:.1f} M parameters, {self._device}, "
            f"{settings.training.precision}"
        )
        self._metrics.write(
            "run",
            {
                "from_step": progress.step,
                "parameters": parameters,
                "device": self._device,
                **provenance(),
            },
        )
        data = self._epoch_data(progress.epoch)
        need = estimated_bytes(
            data.plan,
            settings.model,
            parameters=parameters,
            vocab_size=self._corpus.target_tokenizer.vocab_size,
        )
        if self._device.startswith("CPU"):
            check_memory(need, available_bytes(), data.plan)
        rows = data.plan.batch(data.plan.largest())
        source, target = (padded_rows(column, rows) for column in data.columns)
        self._step.gradient_norm(source, target, dropout_seed(settings.seed, 0, 0))
        report.note(
            f"epoch of {len(data.plan):,} batches, padding {data.plan.padding:.1%}; largest batch "
            f"{len(rows)} pairs of {source.shape[1]} and {target.shape[1]} pieces fits"
        )
        if progress.step:
            report.note(f"going on from step {progress.step:,}")

    def _finish(self, progress: Progress) -> TrainingResult:
        """Choose the weights, test them, export, and mark the run as finished."""
        choice = self._choose(progress)
        artefact = Artefact(
            portable(self._settings),
            averaged_weights(self._checkpoints, choice.steps),
            self._corpus.source_tokenizer,
            self._corpus.target_tokenizer,
        )
        metrics: dict[str, Any] = {"step": progress.step, **choice.scores}
        if self._corpus.test is not None:
            metrics.update(self._test(Translator.from_artefact(artefact)))
        artefact = replace(artefact, metrics=metrics)
        export = write_artefact(artefact, self._directory / "export")
        result = TrainingResult(
            run_directory=str(self._directory),
            export=str(export),
            ended=progress.ended or "",
            steps=progress.step,
            epochs=progress.epoch,
            tokens=progress.tokens,
            seconds=progress.seconds,
            exported_steps=choice.steps,
            metrics=metrics,
        )
        self._metrics.write("result", asdict(result))
        draw_curves(read_metrics(self._directory / "metrics.jsonl"), self._directory / "curves.png")
        replace_text(self._directory / RESULT, json.dumps(asdict(result), indent=1))
        return result

    def _choose(self, progress: Progress) -> Choice:
        training = self._settings.training

        def validate(steps: Sequence[int]) -> dict[str, float]:
            assign_weights(self._model, averaged_weights(self._checkpoints, steps))
            return self._validator.run().scores

        return choose_steps(
            progress.best_steps(),
            validate,
            monitor=training.monitor,
            higher_is_better=HIGHER_IS_BETTER[training.monitor],
        )

    def _test(self, translator: Translator) -> dict[str, Any]:
        """Translate the test set as the exported model will, and keep what came out."""
        sources, references = self._corpus.raw_pairs("test")
        self._report.note(f"translating {len(sources):,} test sentences")
        outputs = translator.translate(sources)
        lines = [
            json.dumps({"source": s, "reference": r, "output": o}, ensure_ascii=False)
            for s, r, o in zip(sources, references, outputs, strict=True)
        ]
        replace_text(self._directory / PREDICTIONS, "\n".join(lines) + "\n")
        scores = text_scores(outputs, references)
        return {
            "test_bleu": scores.bleu,
            "test_chrf": scores.chrf,
            "bleu_signature": scores.bleu_signature,
            "chrf_signature": scores.chrf_signature,
        }
