"""Training in `training.workers` processes: in this process, or in several that Ray starts.

If the environment variable `RAY_ADDRESS` is set, the processes that Ray starts run on the cluster
at this address, otherwise on this machine. All of them must have access to the run directory and
the corpus.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seq2seq import errors
from seq2seq.config.schema import Settings, settings_to_mapping
from seq2seq.config.training_checks import worker_range
from seq2seq.distributed.mailbox import Mailbox, Outcome
from seq2seq.distributed.session import connected, gpus
from seq2seq.distributed.worker import work
from seq2seq.errors import TrainingError, UserError
from seq2seq.model.backend import quiet_tensorflow

if TYPE_CHECKING:
    from seq2seq.training.reporting.terminal import Report
    from seq2seq.training.result import TrainingResult

_RAY = ".ray"  # Ray's temporary files in the run directory
_EVERY = 0.5  # polling interval of the mailbox in seconds
_RESIZE_AFTER = 30.0  # seconds between Ray's checks for more workers


def train(
    settings: Settings,
    run_directory: Path | None = None,
    *,
    report: Report | None = None,
    saved: Callable[[], None] = lambda: None,
) -> TrainingResult:
    """Train until the model is exported; resume a run that has begun.

    Args:
        settings: settings of the run; `training.workers` is the number of processes.
        run_directory: directory of the run, by default `<runs>/<name>`.
        report: receiver of the events of the run, by default a report to stderr.
        saved: callback after each checkpoint, if this process trains.

    Raises:
        UserError: its subclass names the kind of error; see `seq2seq.errors`.
    """
    from seq2seq.training.reporting.terminal import make_report
    from seq2seq.training.result import read_result
    from seq2seq.training.stopping import unless_finished

    if settings.training.workers == "1":
        quiet_tensorflow()
        from seq2seq.training.run import train as train_here

        return train_here(settings, run_directory, report=report, saved=saved)
    directory = (run_directory or Path(settings.runs) / settings.name).resolve()
    report = report or make_report()

    def train_now(settings: Settings) -> TrainingResult:
        _check(_Workers(settings, directory, report).outcome())
        return read_result(directory)

    return unless_finished(settings, directory, report, train_now)


def _check(outcome: Outcome) -> None:
    """Raise the error of a worker, if there is one."""
    from seq2seq.training.interruption import RunInterrupted

    if outcome.error == RunInterrupted.__name__:
        raise RunInterrupted(outcome.message, signal_number=outcome.signal_number)
    if outcome.error is not None:
        kind: type[UserError] = getattr(errors, outcome.error, TrainingError)
        raise kind(outcome.message)


class _Workers:
    """Workers of one run, and their messages."""

    def __init__(self, settings: Settings, directory: Path, report: Report) -> None:
        self._settings, self._directory, self._report = settings, directory, report
        self._fewest, self._most = worker_range(settings.training.workers) or (1, 1)
        self._error: Exception | None = None

    def outcome(self) -> Outcome:
        """Start the workers, pass signals on to them, and return the outcome of the run.

        Raises:
            TrainingError: Ray could not start the workers or keep them running.
        """
        from seq2seq.training.interruption import Interruption

        with connected(self._most, self._report):
            import ray  # not earlier: Ray reads its environment at import

            mailbox = _mailbox()
            trainer = self._trainer(mailbox)
            fit = threading.Thread(target=self._fit, args=[trainer], daemon=True)
            fit.start()
            told = False
            with Interruption() as stop:
                while fit.is_alive():
                    self._show(ray.get(mailbox.collect.remote()))
                    if stop.signal_number is not None and not told:
                        ray.get(mailbox.stop.remote(stop.signal_number))
                        told = True
                    fit.join(_EVERY)
            self._show(ray.get(mailbox.collect.remote()))
            outcome: Outcome | None = ray.get(mailbox.outcome.remote())
        shutil.rmtree(self._directory / _RAY, ignore_errors=True)  # it contains nothing to keep
        if outcome is None:
            raise TrainingError(
                f"Ray ended the workers ({' '.join(str(self._error).split())}); the last "
                "checkpoint is kept: the same command goes on"
            )
        return outcome

    def _trainer(self, mailbox: Any) -> Any:
        quiet_tensorflow()  # the trainer imports TensorFlow
        import ray.train
        from ray.train.tensorflow import TensorflowTrainer

        # Ray's type hints describe its former scaling, without a range of workers.
        api: Any = ray.train
        fixed = self._fewest == self._most
        config = {
            "settings": settings_to_mapping(self._settings),
            "directory": str(self._directory),
            "mailbox": mailbox,
        }
        return TensorflowTrainer(
            work,
            train_loop_config=config,
            scaling_config=api.ScalingConfig(
                num_workers=self._most if fixed else (self._fewest, self._most),
                use_gpu=gpus(self._settings.training.device, self._fewest) > 0,
                placement_strategy="SPREAD",
                elastic_resize_monitor_interval_s=_RESIZE_AFTER,
            ),
            run_config=api.RunConfig(
                name=_RAY,
                storage_path=str(self._directory),
                failure_config=api.FailureConfig(max_failures=-1),  # the mailbox counts failures
            ),
        )

    def _fit(self, trainer: Any) -> None:
        try:
            trainer.fit()
        except Exception as error:  # Ray's errors have no common base class
            self._error = error

    def _show(self, messages: list[tuple[Any, ...]]) -> None:
        from seq2seq.training.reporting.sample import Sample
        from seq2seq.training.reporting.terminal import Status

        report = self._report
        for kind, *values in messages:
            if kind == "note":
                report.note(*values)
            elif kind == "preparing":
                report.preparing(*values)
            elif kind == "status":
                report.status(Status(*values[0]), logged=values[1])
            elif kind == "validated":
                step, scores, samples, best = values
                report.validated(step, scores, [Sample(*one) for one in samples], best=best)
            else:
                report.close()


def _mailbox() -> Any:
    """Return a mailbox on the node of this process, so that it is lost only with this process."""
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    actor: Any = ray.remote(Mailbox)
    return actor.options(num_cpus=0, scheduling_strategy=here).remote()
