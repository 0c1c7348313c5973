"""Registry of tasks. A new task needs a class that implements `Task`, and a line here."""

from __future__ import annotations

from collections.abc import Callable

from seq2seq.config.registry import ENCODER_NODES
from seq2seq.config.schema import Settings
from seq2seq.data.prepared import Progress
from seq2seq.errors import SettingsError
from seq2seq.model.recurrent import UseCudnn
from seq2seq.training.tasks.label_task import LabelTask
from seq2seq.training.tasks.task import Task
from seq2seq.training.tasks.translation_task import TranslationTask

_TASKS: dict[str, Callable[[Settings, Progress, UseCudnn], Task]] = {
    "translation": TranslationTask,
    "classification": LabelTask,
    "regression": LabelTask,
}


def make_task(settings: Settings, progress: Progress, use_cudnn: UseCudnn = "auto") -> Task:
    """Return the task of these settings, with its corpus and its model.

    Args:
        settings: settings of the run.
        progress: callback for the progress of the preparation of the corpus.
        use_cudnn: `auto`, or False if the results of cuDNN were found to be wrong.

    Raises:
        UserError: the corpus or the settings are invalid; its subclass names the kind of error.
    """
    if settings.model.encoder not in ENCODER_NODES:
        raise SettingsError(
            f"model.encoder received {settings.model.encoder}, which has no ONNX nodes, so the run "
            f"could not be exported; set it to {', '.join(ENCODER_NODES)}"
        )
    return _TASKS[settings.task.name](settings, progress, use_cudnn)
