"""Where the workers of a run and the command that started them leave word for each other.

A Ray actor on the node of the command. It holds plain values only, so that its process loads
nothing heavy.
"""

from __future__ import annotations

from typing import Any, NamedTuple

_ATTEMPTS = 4  # from the same checkpoint, before a run is given up


class Outcome(NamedTuple):
    """How a run ended.

    Attributes:
        error: name of the kind of error; None: it is finished.
        message: of the error.
        signal_number: of the signal that stopped it.
    """

    error: str | None = None
    message: str = ""
    signal_number: int = 0


class Mailbox:
    """Messages, a signal to stop, and the outcome."""

    def __init__(self) -> None:
        self._messages: list[tuple[Any, ...]] = []
        self._signal: int | None = None
        self._outcome: Outcome | None = None
        self._place = (-1, 0)  # the step from which workers began, and how many
        self._times: dict[int, int] = {}  # how often each of them did so in a row
        self._begun, self._fault = False, "one of them died"

    def collect(self) -> list[tuple[Any, ...]]:
        """For the command: what has been posted since the last time."""
        messages, self._messages = self._messages, []
        return messages

    def stop(self, signal_number: int) -> None:
        """For the command: the run shall stop."""
        self._signal = signal_number

    def signal(self) -> int | None:
        """For the workers: the signal to stop, if one came."""
        return self._signal

    def post(self, kind: str, *values: Any) -> None:
        """For the leading worker: something to show."""
        self._messages.append((kind, *values))

    def begin(self, rank: int, step: int, workers: int) -> bool:
        """For each worker: it begins from the checkpoint of `step`; whether there is work to do.

        There is none in a run that is over, and a run is over whose workers, as many as before,
        keep failing without getting further. All of them are told the same.
        """
        if self._place != (step, workers):
            self._place, self._times = (step, workers), {}
        times = self._times[rank] = self._times.get(rank, 0) + 1
        if times > _ATTEMPTS:
            message = f"the workers failed {_ATTEMPTS} times at step {step}: {self._fault}"
            self.end(Outcome("TrainingError", message))
        if rank == 0 and self._begun and self._outcome is None:
            self.post("note", f"the workers stopped ({self._fault}); {workers} begin again")
        self._begun = self._begun or rank == 0
        return self._outcome is None

    def failed(self, fault: str) -> None:
        """For a worker: what it fails with; perhaps only because another one died."""
        self._fault = fault

    def end(self, outcome: Outcome) -> None:
        """For a worker: how the run ended; the first to say so is right."""
        self._outcome = self._outcome or outcome

    def outcome(self) -> Outcome | None:
        """How the run ended, if it has."""
        return self._outcome
