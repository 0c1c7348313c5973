"""Result of a finished run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seq2seq.errors import ModelError
from seq2seq.evaluation.label_scores import LengthScore, length_table
from seq2seq.training.reporting.terminal import clock, counted, scores_text
from seq2seq.training.run_directory import RESULT


@dataclass(frozen=True)
class TrainingResult:
    """Result of a finished run.

    Attributes:
        run_directory, export: directories of the run and of the exported model.
        ended: reason why training stopped.
        steps, epochs, tokens, seconds: amount of training; `tokens` is the number of trained
            targets (in translation: target tokens), and `seconds` includes validation.
        exported_steps: steps of the checkpoints whose average was exported.
        metrics: scores of the exported weights (`valid_bleu`, `test_bleu`, ...).
        unit: name of the targets that `tokens` counts, in the plural.
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
    unit: str = "tokens"

    def summary(self) -> list[str]:
        """Return a short summary for the user as lines."""
        lines = [
            f"{self.ended}: {counted(self.steps, 'step')}, {counted(self.epochs, 'epoch')}, "
            f"{clock(self.seconds)}, "
            f"{self.tokens / max(1e-9, self.seconds):,.0f} {self.unit}/s over the whole run",
        ]
        for split in ("valid", "test"):
            scores = scores_text(self.metrics, split)
            if scores:
                lines.append(f"{split}: {scores}")
        if "bleu_signature" in self.metrics:
            lines.append(f"BLEU signature: {self.metrics['bleu_signature']}")
        by_length = [LengthScore(**each) for each in self.metrics.get("test_by_length", ())]
        if by_length:
            name = "mae" if "test_mae" in self.metrics else "accuracy"
            lines += length_table(name, by_length)
        lines.append(f"run: {self.run_directory}")
        lines.append(f"model: {self.export}")
        return lines


def read_result(directory: Path) -> TrainingResult:
    """Return the result of the finished run in `directory`.

    Raises:
        ModelError: the result file is damaged.
    """
    values = read_result_values(directory)
    try:
        return TrainingResult(**values)
    except TypeError as error:
        raise _damaged(directory, error) from error


def read_result_values(directory: Path) -> dict[str, Any]:
    """Return the content of the result file of a finished run, which has at least `metrics`.

    Raises:
        ModelError: the result file is damaged.
    """
    try:
        values = json.loads((directory / RESULT).read_text(encoding="utf-8"))
        return {**values, "metrics": dict(values["metrics"])}
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(directory, error) from error


def _damaged(directory: Path, error: Exception) -> ModelError:
    return ModelError(
        f"{directory / RESULT} is damaged ({error}); remove it and run the same training again"
    )
