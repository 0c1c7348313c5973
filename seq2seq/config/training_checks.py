"""Checks that the settings of a run, its task and its training agree with each other.

Each check takes all settings and returns a sentence about an error in them, or None.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

from seq2seq.config import parsing
from seq2seq.config.monitors import AUTO, KINDS_WITH_ERROR_RATES
from seq2seq.config.registry import FORMATS
from seq2seq.config.tasks import TASKS

if TYPE_CHECKING:
    from seq2seq.config.schema import Settings

_ONLY_LABELS = ("labelled", "conll")  # formats of texts whose targets are never texts


def worker_range(text: str) -> tuple[int, int] | None:
    """Return the least and the greatest number of processes that `training.workers` allows.

    `4` is `(4, 4)`, `1..4` is `(1, 4)`; any other text gives None.
    """
    match = re.fullmatch(r"(\d{1,4})(?:\.\.(\d{1,4}))?", text)
    if match is None:
        return None
    fewest, most = int(match[1]), int(match[2] or match[1])
    return (fewest, most) if 1 <= fewest <= most else None


def _name_rule(settings: Settings) -> str | None:
    # Marks are parts of letters, as in Hindi. `corpora` is the directory of prepared corpora,
    # beside the run directories.
    letters = "".join(char for char in settings.name if unicodedata.category(char)[0] != "M")
    safe = re.fullmatch(r"\w[\w.-]*", letters) and len(settings.name) <= 100
    if safe and settings.name != "corpora":
        return None
    source = " Without name= it is data.name." if settings.name == settings.data.name else ""
    return (
        f"name received {parsing.show(settings.name)}; it names the run's directory: letters, "
        "digits, '-', '_' and '.', not starting with '-' or '.', at most 100, and not 'corpora'."
        f"{source}"
    )


def _schedule_rule(settings: Settings) -> str | None:
    optimizer, training = settings.optimizer, settings.training
    if optimizer.schedule in ("cosine", "linear"):
        if optimizer.decay_steps is None and not (training.max_steps or training.max_epochs):
            return (
                f"optimizer.schedule={optimizer.schedule} received no length; set "
                "optimizer.decay_steps, training.max_steps or training.max_epochs."
            )
        if optimizer.decay_steps is not None and optimizer.warmup_steps >= optimizer.decay_steps:
            return (
                f"optimizer.warmup_steps received {optimizer.warmup_steps}; it must be below "
                f"optimizer.decay_steps={optimizer.decay_steps}."
            )
    if optimizer.minimum_learning_rate > optimizer.learning_rate:
        return (
            f"optimizer.minimum_learning_rate received {optimizer.minimum_learning_rate:g}; it "
            f"must be at most optimizer.learning_rate={optimizer.learning_rate:g}."
        )
    return None


def _end_rule(settings: Settings) -> str | None:
    training = settings.training
    if training.max_epochs or training.max_steps or training.max_minutes or training.patience:
        return None
    return (
        "training.patience received 0 and the run would never end; set training.max_epochs, "
        "training.max_steps, training.max_minutes or training.patience above 0."
    )


def _monitor_rule(settings: Settings) -> str | None:
    monitor, task = settings.training.monitor, settings.task.name
    kind = settings.tokenizer.of_target().kind
    if monitor.endswith("_error_rate") and monitor in TASKS[task].monitors:
        if kind in KINDS_WITH_ERROR_RATES:
            return None
        return (
            f"training.monitor received {monitor} with a target tokenizer of the kind {kind}; it "
            f"is for those of the kinds {' and '.join(KINDS_WITH_ERROR_RATES)}: set "
            "training.monitor=auto."
        )
    if monitor == "valid_span_f1" and monitor in TASKS[task].monitors:
        if settings.task.per_step and not settings.task.several_labels:
            return None
        key = "several_labels" if settings.task.several_labels else "per_step"
        value = parsing.show(getattr(settings.task, key))
        return (
            f"training.monitor received {monitor} with task.{key}={value}; it is for one tag at "
            "each step: set training.monitor=auto."
        )
    if monitor == AUTO or monitor in TASKS[task].monitors:
        return None
    hint = parsing.nearest_hint(monitor, TASKS[task].monitors)
    return (
        f"training.monitor received {parsing.show(monitor)}; allowed with task={task}: "
        f"{AUTO}, {', '.join(TASKS[task].monitors)}.{hint}"
    )


def _task_rule(settings: Settings) -> str | None:
    task, data = settings.task, settings.data
    if not task.has_labels:
        default = type(task)()
        keys = ("per_step", "several_labels", "class_weights", "pooling")
        wrong = [key for key in keys if getattr(task, key) != getattr(default, key)]
        if wrong:
            value = parsing.show(getattr(task, wrong[0]))
            return f"task.{wrong[0]} received {value}; it is not for task=translation."
        if data.format in _ONLY_LABELS:
            formats = ", ".join(name for name in FORMATS if name not in _ONLY_LABELS)
            return f"data.format received {data.format}; task=translation reads {formats}."
    if task.has_numbers and task.several_labels:
        return "task.several_labels received true; it is for task=classification."
    if task.has_numbers and task.class_weights != "none":
        return "task.class_weights received balanced; it is for task=classification."
    if task.several_labels and task.class_weights != "none":
        return "task.class_weights received balanced; with task.several_labels=true set it to none."
    return None


def _smoothing_rule(settings: Settings) -> str | None:
    smoothing = settings.loss.label_smoothing
    task = settings.task
    if smoothing == 0.0 or not (task.has_numbers or task.several_labels):
        return None
    return (
        f"loss.label_smoothing received {smoothing:g}; it is for one right answer among several: "
        "set loss.label_smoothing=0."
    )


def _workers_rule(settings: Settings) -> str | None:
    workers = settings.training.workers
    if worker_range(workers) is not None:
        return None
    return (
        f"training.workers received {parsing.show(workers)}; it must be a number of processes "
        "from 1 on, such as 4, or the fewest and the most, such as 1..4."
    )


TRAINING_RULES: tuple[Callable[[Settings], str | None], ...] = (
    _name_rule,
    _schedule_rule,
    _end_rule,
    _monitor_rule,
    _task_rule,
    _smoothing_rule,
    _workers_rule,
)
