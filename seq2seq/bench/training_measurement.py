"""Measuring training steps: ours and PyTorch's forms in turns, each in a process of its own."""

from __future__ import annotations

import json
import logging
import math
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from seq2seq.bench.machine import peak_bytes
from seq2seq.bench.training_batches import Batch, work, write_batches
from seq2seq.bench.training_cases import CLASSES, FEATURES, PRECISIONS, Case
from seq2seq.bench.training_products import step_operations
from seq2seq.bench.turns import Rules, Taken, take_turns
from seq2seq.bench.worker import Worker
from seq2seq.errors import UserError

log = logging.getLogger("seq2seq")

OURS, UNORDERED = "ours", "ours, not deterministic"
TORCH_FORMS = ("packed", "reversed", "compiled")
_TORCH_PROGRAM = Path(__file__).with_name("torch_training.py")
_PRODUCT_SIZES = {"cpu": 2048, "gpu": 8192}
_PRODUCT_SECONDS = 0.5


@dataclass(frozen=True)
class Bench:
    """Settings of a measurement.

    Attributes:
        device: `cpu` or `gpu`.
        threads: number of threads of each process.
        torch: Python that has PyTorch; None: ours alone.
        unordered: whether our step is also measured without determinism.
        rules: number of turns, and what makes one quiet.
        seconds: time that a form trains for in each turn, at least.
    """

    device: str
    threads: int
    torch: Path | None
    unordered: bool
    rules: Rules
    seconds: float

    @property
    def forms(self) -> list[str]:
        """Names of the forms of each case."""
        ours = [OURS, UNORDERED] if self.unordered else [OURS]
        return ours + ([] if self.torch is None else list(TORCH_FORMS))

    def worker(self, form: str) -> Worker:
        """Start the process of a form. Raises `UserError` if that fails."""
        job: dict[str, Any] = {"device": self.device}
        if form not in TORCH_FORMS:
            job["deterministic"] = form == OURS
            command = [sys.executable, "-m", "seq2seq.bench.training_worker", json.dumps(job)]
            return Worker(form, command, threads=self.threads)
        return Worker(
            f"PyTorch {form}",
            [str(self.torch), str(_TORCH_PROGRAM), json.dumps(job)],
            threads=self.threads,
            PYTHONSAFEPATH="1",  # its folder is ours, whose names are not for PyTorch to find
            TORCHINDUCTOR_COMPILE_THREADS="1",  # a pool of processes would look like other work
        )


class Facts(NamedTuple):
    """Figures of a form beside its speed.

    Attributes:
        parameters: number of its weights.
        note: remark on how it computes, such as `without cuDNN`; empty where there is none.
        loss: mean loss of its last batch.
        imported_bytes: peak of its process' resident memory when its libraries were loaded.
        peak_bytes: peak of that memory at the end.
        device_bytes: peak of the memory of the GPU; None on a processor.
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
        case: what was trained.
        work: number of target tokens, or of steps, of an epoch of its batches.
        operations: multiplications and additions of the products of that epoch.
        seconds: seconds of each form for the epoch, in the turns that count.
        facts: other figures of each form.
        failures: error of each form that failed.
        turns, quiet: number of turns that were taken, and of those that were quiet.
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
    """What runs the forms.

    Attributes:
        device: name of the device, as TensorFlow gives it.
        versions: versions of the libraries.
        products: most operations a second that bare products reached, by precision.
    """

    device: str
    versions: Mapping[str, str]
    products: Mapping[str, float]


def measure_machine(bench: Bench) -> Machine:
    """Measure the matrix products of both libraries, in turns, and ask for their versions.

    Raises:
        UserError: one of them cannot be used.
    """
    size = _PRODUCT_SIZES[bench.device]
    with ExitStack() as stack:
        # Any form will do: products are the same.
        names = [OURS] if bench.torch is None else [OURS, TORCH_FORMS[0]]
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
        for worker in reversed(workers.values()):  # our Python's version is the one that is kept
            versions |= worker.ready["versions"]
        return Machine(workers[OURS].ready["device"], versions, reached)


def measure_case(
    bench: Bench, case: Case, batches: Sequence[Batch], directory: Path
) -> MeasuredCase:
    """Measure all forms of a case; one that fails is left out.

    Args:
        bench: settings of the measurement.
        case: what is trained.
        batches: batches of an epoch.
        directory: place for a file.
    """
    path = directory / "batches.npz"
    write_batches(path, list(batches))
    with ExitStack() as stack:
        forms = {name: _Form(bench, name, len(batches)) for name in bench.forms}
        for form in forms.values():
            stack.callback(form.close)
            form.begin(case, path)
        taken = take_turns(
            {name: form.run for name, form in forms.items()},
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
    """One form of a case in its process; an error is kept, and ends it.

    Attributes:
        failure: the error, if there was one.
    """

    def __init__(self, bench: Bench, name: str, batches: int) -> None:
        self._bench, self._name, self._batches = bench, name, batches
        self._worker: Worker | None = None
        self._epochs = 0  # of a turn; how many is seen in the first
        self._about: dict[str, Any] = {}
        self.failure: str | None = None

    @property
    def processes(self) -> list[int]:
        """Id of the process, while there is one."""
        return [] if self._worker is None else [self._worker.process]

    def begin(self, case: Case, batches: Path) -> None:
        """Start the process and have it make the model."""
        log.info("starting %s", self._name)
        try:
            self._worker = self._bench.worker(self._name)
            self._about["imported_bytes"] = peak_bytes(self._worker.process)
            self._about |= self._worker.ask(train_task(self._name, case, batches))
        except UserError as error:
            self._fail(error)

    def run(self) -> float | None:
        """Train for a turn; returns the seconds of an epoch, or None after an error."""
        if self._worker is None:
            return None
        try:
            count = max(1, self._epochs) * self._batches
            found = self._worker.ask({"do": "steps", "count": count})
        except UserError as error:
            self._fail(error)
            return None
        self._about |= {key: found[key] for key in ("loss", "device_bytes")}
        if not self._epochs:  # the fastest step had no graph to trace
            epoch = self._batches * min(found["seconds"])
            self._epochs = math.ceil(self._bench.seconds / epoch)
        return float(sum(found["seconds"])) * self._batches / count

    def facts(self) -> Facts:
        """Return the other figures, after the last turn."""
        about = {"note": "", **self._about, "peak_bytes": peak_bytes(*self.processes)}
        return Facts(**{name: about[name] for name in Facts._fields})

    def close(self) -> None:
        """End the process."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _fail(self, error: UserError) -> None:
        log.warning("%s is left out: %s", self._name, error)
        self.failure = str(error)
        self.close()


def train_task(form: str, case: Case, batches: Path) -> dict[str, Any]:
    """Return the task that makes a model; PyTorch's program knows no `Case`."""
    task = {"do": "train", "case": asdict(case), "batches": str(batches)}
    if form not in TORCH_FORMS:
        return task
    shape = {"dropout": case.model.dropout, "features": FEATURES, "classes": CLASSES}
    return {**task, "case": {**asdict(case), **shape}, "form": form}
