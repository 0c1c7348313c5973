"""Properties of the tasks; other code asks for these instead of comparing task names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from seq2seq.config.choices import Task


@dataclass(frozen=True)
class TaskTraits:
    """Properties of a task.

    Attributes:
        writes_text: true if targets are texts, false if they are labels (classes or numbers).
        command: name of the command that runs its models.
        monitors: metrics by which a run can be judged (`training.monitor`); the first is the
            default.
        classes: true if labels are classes.
    """

    writes_text: bool
    command: Literal["translate", "predict"]
    monitors: tuple[str, ...]
    classes: bool = False


TASKS: dict[Task, TaskTraits] = {
    "translation": TaskTraits(
        writes_text=True,
        command="translate",
        monitors=(
            "valid_bleu",
            "valid_chrf",
            "valid_loss",
            "valid_perplexity",
            "valid_symbol_error_rate",
            "valid_sequence_error_rate",
        ),
    ),
    "classification": TaskTraits(
        writes_text=False,
        command="predict",
        monitors=("valid_accuracy", "valid_macro_f1", "valid_span_f1", "valid_loss"),
        classes=True,
    ),
    "regression": TaskTraits(
        writes_text=False,
        command="predict",
        monitors=("valid_loss", "valid_mae", "valid_rmse", "valid_r2"),
    ),
}
