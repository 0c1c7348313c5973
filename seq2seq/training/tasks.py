"""The tasks by name. A new one is a class that fits `Task`, and a line here."""

from __future__ import annotations

from collections.abc import Callable

from seq2seq.data.prepared import Progress
from seq2seq.settings import Settings
from seq2seq.training.labelling import LabellingTask
from seq2seq.training.task import Task
from seq2seq.training.translation import TranslationTask

_TASKS: dict[str, Callable[[Settings, Progress], Task]] = {
    "translation": TranslationTask,
    "classification": LabellingTask,
    "regression": LabellingTask,
}


def make_task(settings: Settings, progress: Progress) -> Task:
    """The corpus and the model of these settings; `progress` is told of the preparation.

    Raises:
        UserError: of the kind that says what is wrong with the corpus or the settings.
    """
    return _TASKS[settings.task.name](settings, progress)
