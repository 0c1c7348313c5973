"""Measurement of training steps: seq2seq and forms in PyTorch in turns, each in its own process."""

from __future__ import annotations

import json
import logging
import math
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

from seq2seq.bench.machine import peak_bytes
from seq2seq.bench.training_batches import Batch, work, write_batches
from seq2seq.bench.training_cases import CLASSES, FEATURES, PRECISIONS, TORCH_FORMS, Case
from seq2seq.bench.training_products import step_operations
from seq2seq.bench.turns import Rules, Taken, take_turns
from seq2seq.bench.worker_process import Worker
from seq2seq.errors import UserError

log = logging.getLogger("seq2seq")

OURS, UNORDERED = "ours", "ours, not deterministic"
_TORCH_PROGRAM = Path(__file__).with_name("torch_training.py")
_PRODUCT_SIZES = {"cpu": 2048, "gpu": 8192}
_PRODUCT_SECONDS = 0.5
_MUCH_SLOWER = 5.0  # times the seconds of the fastest form in PyTorch


@dataclass(frozen=True)
class Bench:
    """Settings of a measurement of training steps.

    Attributes:
        device: `cpu` or `gpu`.
        threads: number of threads of each process.
        torch: path of a Python that has PyTorch; None to measure seq2seq only.
        torch_forms: forms in PyTorch, some of `TORCH_FORMS`.
        unordered: true if the step of seq2seq is also measured without determinism.
        rules: number of turns, and definition of a quiet turn.
        seconds: minimum training time of a form in each turn.
    """

    device: Literal["cpu", "gpu"]
    threads: int
    torch: Path | None
    torch_forms: Sequence[str]
    unordered: bool
    rules: Rules
    seconds: float

    @property
    def forms(self) -> list[str]:
        """Return the names of the forms of each case."""
        ours = [OURS, UNORDERED] if self.unordered else [OURS]
        return ours + ([] if self.torch is None else list(self.torch_forms))

    def worker(self, form: str) -> Worker:
        """Start the process of a form; raise `UserError` if that fails."""
        job: dict[str, Any] = {"device": self.device}
        if form not in TORCH_FORMS:
            job["deterministic"] = form == OURS
            command = [sys.executable, "-m", "seq2seq.bench.training_worker", json.dumps(job)]
            return Worker(form, command, threads=self.threads)
        return Worker(
            f"PyTorch {form}",
            [str(self.torch), str(_TORCH_PROGRAM), json.dumps(job)],
            threads=self.threads,
            PYTHONSAFEPATH="1",  # its folder must not be on the import path
            TORCHINDUCTOR_COMPILE_THREADS="1",  # a pool of processes would look like other load
        )


class Facts(NamedTuple):
    """Figures of a form in addition to its speed.

    Attributes:
        parameters: number of its weights.
        note: remark on its computation, such as `without cuDNN`; empty if there is none.
        loss: mean loss of its last batch.
        imported_bytes: peak of the resident memory of its process after the libraries were loaded.
        peak_bytes: peak of that memory at the end.
        device_bytes: peak of the GPU memory; None on a processor.
    """

    parameters: int
    note: str
    loss: float
    imported_bytes: int
    peak_bytes: int
    device_bytes: int | None


@dataclass(frozen=True)
class MeasuredCase:
    """Measurement of one case.

    Attributes:
        case: case that was trained.
        work: number of target tokens, or of steps, in an epoch of its batches.
        operations: multiplications and additions of the products of that epoch.
        seconds: seconds of each form for the epoch, in the turns that count.
        facts: other figures of each form.
        failures: error of each form that failed.
        turns, quiet: number of turns, and number of quiet turns.
    """

    case: Case
    work: int
    operations: int
    seconds: Mapping[str, Sequence[float]]
    facts: Mapping[str, Facts]
    failures: Mapping[str, str]
    turns: int
    quiet: int


class Machine(NamedTuple):
    """Device and libraries that run the forms.

    Attributes:
        device: name of the device, as TensorFlow reports it.
        versions: versions of the libraries.
        products: highest number of operations per second that bare products reached, by precision.
    """

    device: str
    versions: Mapping[str, str]
    products: Mapping[str, float]


def measure_machine(bench: Bench) -> Machine:
    """Measure the matrix products of both libraries, in turns, and ask for their versions.

    Raises:
        UserError: a library cannot be used.
    """
    size = _PRODUCT_SIZES[bench.device]
    with ExitStack() as stack:
        # Any form is suitable, because the products are the same.
        names = [OURS] if bench.torch is None else [OURS, bench.torch_forms[0]]
        workers = {name: bench.worker(name) for name in names}
        for worker in workers.values():
            stack.callback(worker.close)
        reached: dict[str, float] = {}

        def multiply() -> None:
            for precision in PRECISIONS:
                task = {"do": "products", "precision": precision, "size": size}
                for worker in workers.values():
                    figure = worker.ask({**task, "seconds": _PRODUCT_SECONDS})
                    reached[precision] = max(reached.get(precision, 0.0), figure)

        rules = replace(bench.rules, most=bench.rules.repeat)
        take_turns(
            {"matrix products": multiply},
            rules=rules,
            processes=lambda: [worker.process for worker in workers.values()],
        )
        versions: dict[str, str] = {}
        for worker in reversed(workers.values()):  # the last update is this Python's version
            versions |= worker.ready["versions"]
        return Machine(workers[OURS].ready["device"], versions, reached)


def measure_case(
    bench: Bench, case: Case, batches: Sequence[Batch], directory: Path
) -> MeasuredCase:
    """Measure all forms of a case; a form that fails is left out.

    Args:
        bench: settings of the measurement.
        case: case that is trained.
        batches: batches of an epoch.
        directory: directory in which a file with the batches is written.
    """
    path = directory / "batches.npz"
    write_batches(path, list(batches))
    with ExitStack() as stack:
        forms = {name: _Form(bench, name, len(batches)) for name in bench.forms}
        for form in forms.values():
            stack.callback(form.close)
            form.begin(case, path)
        torch = {name: form for name, form in forms.items() if name in TORCH_FORMS}
        taken = take_turns(
            {
                name: partial(form.run, [*torch.values()] if name in torch else [])
                for name, form in forms.items()
            },
            rules=bench.rules,
            processes=lambda: [each for form in forms.values() for each in form.processes],
        )
        good = {name: form for name, form in forms.items() if form.failure is None}
        return MeasuredCase(
            case=case,
            work=sum(work(case, batch) for batch in batches),
            operations=sum(step_operations(case, batch) for batch in batches),
            seconds={name: _seconds(taken, name) for name in good},
            facts={name: form.facts() for name, form in good.items()},
            failures={name: form.failure for name, form in forms.items() if form.failure},
            turns=len(taken.turns),
            quiet=taken.quiet,
        )


def _seconds(taken: Taken[float | None], form: str) -> list[float]:
    return [seconds for seconds in taken.results(form) if seconds is not None]


class _Form:
    """One form of a case in its process; an error is kept, and ends the process.

    Attributes:
        failure: text of the error, None if there is none.
    """

    def __init__(self, bench: Bench, name: str, batches: int) -> None:
        self._bench, self._name, self._batches = bench, name, batches
        self._worker: Worker | None = None
        self._epochs = 0  # epochs of a turn; determined in the first turn
        self._epoch_seconds = 0.0  # by the fastest step of the first turn; 0.0 before that turn
        self._about: dict[str, Any] = {}
        self.failure: str | None = None

    @property
    def processes(self) -> list[int]:
        """Return the id of the process, if there is one."""
        return [] if self._worker is None else [self._worker.process]

    def begin(self, case: Case, batches: Path) -> None:
        """Start the process and let it create the model."""
        log.info("starting %s", self._name)
        try:
            self._worker = self._bench.worker(self._name)
            self._about["imported_bytes"] = peak_bytes(self._worker.process)
            self._about |= self._worker.ask(train_task(self._name, case, batches))
        except UserError as error:
            self._fail(error)

    def run(self, rivals: Sequence[_Form]) -> float | None:
        """Measure some training steps; return the seconds of an epoch, or None after an error.

        Only the fastest of several forms is reported. A form whose first measurement took more than
        five times as long as that of the fastest form is not measured again.

        Args:
            rivals: the forms to compare, this form included.
        """
        self._leave_out_if_slower(rivals)
        if self._worker is None:
            return None
        try:
            count = max(1, self._epochs) * self._batches
            found = self._worker.ask({"do": "steps", "count": count})
        except UserError as error:
            self._fail(error)
            return None
        self._about |= {key: found[key] for key in ("loss", "device_bytes")}
        if not self._epochs:  # the fastest step did not trace a graph
            self._epoch_seconds = self._batches * min(found["seconds"])
            self._epochs = math.ceil(self._bench.seconds / self._epoch_seconds)
        return float(sum(found["seconds"])) * self._batches / count

    def facts(self) -> Facts:
        """Return the figures other than the speed; call it after the last turn."""
        about = {"note": "", **self._about, "peak_bytes": peak_bytes(*self.processes)}
        return Facts(**{name: about[name] for name in Facts._fields})

    def close(self) -> None:
        """End the process."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _leave_out_if_slower(self, rivals: Sequence[_Form]) -> None:
        fastest = min((form._epoch_seconds for form in rivals if form._epoch_seconds), default=0.0)
        if self._worker is not None and self._epoch_seconds > _MUCH_SLOWER * fastest > 0.0:
            ratio = self._epoch_seconds / fastest
            self._fail(UserError(f"in its first turn it was {ratio:.0f} times as slow as another"))

    def _fail(self, error: UserError) -> None:
        log.warning("%s is left out: %s", self._name, error)
        self.failure = str(error)
        self.close()


def train_task(form: str, case: Case, batches: Path) -> dict[str, Any]:
    """Return the task that creates a model; the PyTorch program does not know `Case`."""
    task = {"do": "train", "case": asdict(case), "batches": str(batches)}
    if form not in TORCH_FORMS:
        return task
    shape = {"dropout": case.model.dropout, "features": FEATURES, "classes": CLASSES}
    return {**task, "case": {**asdict(case), **shape}, "form": form}
