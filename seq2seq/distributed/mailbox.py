"""Mailbox between the workers of a run and the command that started them.

It is a Ray actor on the node of the command. It holds plain values only, so that its process loads
no heavy packages.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

Message = Literal["note", "preparing", "status", "validated", "close"]
_ATTEMPTS = 4  # starts from the same checkpoint before the run fails


class Outcome(NamedTuple):
    """Outcome of a run.

    Attributes:
        error: class name of the error; None if the run is finished.
        message: message of the error.
        signal_number: number of the signal that stopped the run.
    """

    error: str | None = None
    message: str = ""
    signal_number: int = 0


class Mailbox:
    """Messages, stop signal and outcome of a run."""

    def __init__(self) -> None:
        self._messages: list[tuple[Any, ...]] = []
        self._signal: int | None = None
        self._outcome: Outcome | None = None
        self._position = (-1, 0)  # first step and number of the workers
        self._times: dict[int, int] = {}  # successive starts of each worker at this position
        self._begun, self._error = False, "one of them died"

    def collect(self) -> list[tuple[Any, ...]]:
        """Return the messages posted since the last call. Called by the command."""
        messages, self._messages = self._messages, []
        return messages

    def stop(self, signal_number: int) -> None:
        """Store the signal that stops the run. Called by the command."""
        self._signal = signal_number

    def signal(self) -> int | None:
        """Return the signal that stops the run, or None. Called by the workers."""
        return self._signal

    def post(self, kind: Message, *values: Any) -> None:
        """Store a message to show. Called by the leading worker."""
        self._messages.append((kind, *values))

    def begin(self, rank: int, step: int, workers: int) -> bool:
        """Register a worker that starts from `step`; return whether it must train.

        It must not train if the run has an outcome. If the same number of workers fails repeatedly
        at the same step, the outcome is an error. All workers get the same reply.
        """
        if self._position != (step, workers):
            self._position, self._times = (step, workers), {}
        times = self._times[rank] = self._times.get(rank, 0) + 1
        if times > _ATTEMPTS:
            message = f"the workers failed {_ATTEMPTS} times at step {step}: {self._error}"
            self.end(Outcome("TrainingError", message))
        if rank == 0 and self._begun and self._outcome is None:
            self.post("note", f"the workers stopped ({self._error}); {workers} begin again")
        self._begun = self._begun or rank == 0
        return self._outcome is None

    def failed(self, error: str) -> None:
        """Store the error of a worker; its cause may be the death of another worker."""
        self._error = error

    def end(self, outcome: Outcome) -> None:
        """Store the outcome of the run; the first one is kept. Called by a worker."""
        self._outcome = self._outcome or outcome

    def outcome(self) -> Outcome | None:
        """Return the outcome of the run, or None while it runs."""
        return self._outcome
