"""Worker of a run: the training of a single process, with its share of each batch."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seq2seq.config.monitors import AUTO
from seq2seq.config.schema import Settings, TrainingSettings, settings_from_mapping
from seq2seq.distributed.mailbox import Outcome
from seq2seq.errors import UserError
from seq2seq.model.backend import quiet_tensorflow

if TYPE_CHECKING:
    from seq2seq.training.replicas import Replicas
    from seq2seq.training.reporting.sample import Sample
    from seq2seq.training.reporting.terminal import Status

_EVERY = 0.5  # seconds between two checks of the mailbox, and between two updates of the bar


def work(config: Mapping[str, Any]) -> None:
    """Train until the run ends. Called by Ray in each worker.

    An error that a person must correct ends the run: it is stored in the mailbox, where the workers
    that Ray restarts find it. Any other error, such as the loss of a worker, restarts all workers
    from the newest checkpoint.

    Args:
        config: mapping with `settings`, `directory` and `mailbox`.
    """
    import ray
    from ray import train

    mailbox, directory = config["mailbox"], Path(config["directory"])
    os.environ.pop("TF_USE_LEGACY_KERAS", None)  # set by Ray; the export would then need Keras 2
    context = train.get_context()
    rank, workers = context.get_world_rank(), context.get_world_size()
    if not ray.get(mailbox.begin.remote(rank, _newest_step(directory), workers)):
        return
    from seq2seq.training.interruption import RunInterrupted

    try:
        _train(settings_from_mapping(config["settings"]), directory, mailbox)
    except RunInterrupted as stopped:
        if rank == 0:  # the other workers do not know whether all state is saved
            number = stopped.exit_status - 128
            ray.get(mailbox.end.remote(Outcome("RunInterrupted", str(stopped), number)))
    except UserError as error:
        ray.get(mailbox.end.remote(Outcome(type(error).__name__, str(error))))
        raise  # other workers may wait for this one
    except Exception as error:  # raised again; the command shows why the workers restart
        text = " ".join(str(error).split())
        ray.get(mailbox.failed.remote(f"{type(error).__name__}: {text[:150]}"))
        raise
    else:
        ray.get(mailbox.end.remote(Outcome()))


def _newest_step(directory: Path) -> int:
    from seq2seq.training.checkpoint import CheckpointDirectory

    return max(CheckpointDirectory(directory / "checkpoints").steps(), default=0)


def _train(settings: Settings, directory: Path, mailbox: Any) -> None:
    quiet_tensorflow()
    from seq2seq.training.interruption import Interruption
    from seq2seq.training.reporting.terminal import SilentReport
    from seq2seq.training.run import Process, train_together

    device, replicas = _device_and_replicas(settings.training)
    if replicas.leads:
        process = Process(device, replicas, MailboxReport(mailbox))
        train_together(settings, directory, process, MailboxStop(mailbox))
    else:  # it stops when the leading worker stops
        process = Process(device, replicas, SilentReport())
        train_together(settings, directory, process, Interruption())


def _device_and_replicas(training: TrainingSettings) -> tuple[str, Replicas]:
    """Set up TensorFlow; return a description of the device, and the replicas of all workers."""
    import tensorflow as tf
    from ray import train

    from seq2seq.model.backend import choose_device
    from seq2seq.training.replicas import StrategyReplicas, replicas_of_this_machine

    context = train.get_context()
    threads = max(1, len(os.sched_getaffinity(0)) // context.get_local_world_size())
    if training.threads != AUTO:
        tf.config.threading.set_intra_op_parallelism_threads(training.threads)
    elif "TF_NUM_INTRAOP_THREADS" not in os.environ:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
    device = choose_device(training.device, deterministic=training.deterministic)
    if context.get_world_size() == 1:
        return device, replicas_of_this_machine()
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    return device, StrategyReplicas(strategy, process=context.get_world_rank())


class MailboxStop:
    """Stop signal of the command, polled in the background; implements `Stop`."""

    def __init__(self, mailbox: Any) -> None:
        self.signal_number: int | None = None
        self._mailbox = mailbox
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        import ray

        while self.signal_number is None:
            time.sleep(_EVERY)
            self.signal_number = ray.get(self._mailbox.signal.remote())


class MailboxReport:
    """Report of the leading worker, shown by the command; implements `Report`."""

    def __init__(self, mailbox: Any) -> None:
        self._post = mailbox.post.remote
        self._shown = 0.0

    def note(self, text: str) -> None:
        """See `Report`."""
        self._post("note", text)

    def preparing(self, stage: str, done: int, total: int | None) -> None:
        """See `Report`."""
        if self._due() or done == total:
            self._post("preparing", stage, done, total)

    def status(self, status: Status, *, logged: bool) -> None:
        """See `Report`."""
        if logged or self._due():
            self._post("status", tuple(status), logged)

    def validated(
        self, step: int, scores: dict[str, float], samples: Sequence[Sample], *, best: bool
    ) -> None:
        """See `Report`."""
        self._post("validated", step, scores, [tuple(sample) for sample in samples], best)

    def close(self) -> None:
        """See `Report`."""
        self._post("close")

    def _due(self) -> bool:
        due = time.monotonic() - self._shown >= _EVERY
        if due:
            self._shown = time.monotonic()
        return due
