"""Trial records, one in the directory of each trial, sufficient to resume after any kill.

    runs/<name>/trials/007/trial.json   values, state and scores of the trial
                           log.txt      log of its processes
                           ...          files of its run; with several seeds in seed-1/, ...

Two processes write the record of a trial, atomically and never at the same time: the process of the
trial while it is alive, and the process of the sweep before and after that.
"""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from seq2seq.disk import replace_text
from seq2seq.errors import ModelError, TrainingError
from seq2seq.tuning.space import Value

RECORD, SWEEP = "trial.json", "sweep.json"
State = Literal["waiting", "running", "finished", "stopped", "failed"]


@dataclass(frozen=True)
class Trial:
    """Record of one trial.

    Attributes:
        number: number of the trial, from 0.
        values: values of the keys of the search space.
        state: state of the trial: `waiting`, `running` (also if its process was killed),
            `finished`, `stopped` by the scheduler, or `failed`.
        reason: reason why the trial failed or was stopped.
        scores: final metric of each seed; for an unfinished or stopped trial, the best metric of
            its first seed so far.
        validations: number of validations of the first seed.
        epochs, step, seconds: amount of training, summed over the seeds.
        metrics: metrics of the exported weights of each seed.
    """

    number: int
    values: dict[str, Value]
    state: State = "waiting"
    reason: str = ""
    scores: list[float] = field(default_factory=list)
    validations: int = 0
    epochs: float = 0.0
    step: int = 0
    seconds: float = 0.0
    metrics: list[dict[str, Any]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the name of the directory of the trial."""
        return f"{self.number:03d}"

    @property
    def score(self) -> float | None:
        """Return the mean score of the seeds; None without scores."""
        return statistics.mean(self.scores) if self.scores else None

    @property
    def deviation(self) -> float | None:
        """Return the standard deviation of the seeds' scores; None with fewer than two scores."""
        return statistics.stdev(self.scores) if len(self.scores) > 1 else None

    @property
    def done(self) -> bool:
        """Return whether the trial needs no more work."""
        return self.state in ("finished", "stopped", "failed")


class TrialRecords:
    """Trial records of the sweep in `directory`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def trial_directory(self, number: int) -> Path:
        """Return the directory of a trial."""
        return self.directory / "trials" / f"{number:03d}"

    def write(self, trial: Trial) -> None:
        """Write the record of a trial atomically."""
        directory = self.trial_directory(trial.number)
        directory.mkdir(parents=True, exist_ok=True)
        replace_text(directory / RECORD, json.dumps(asdict(trial), indent=1, ensure_ascii=False))

    def read(self, number: int) -> Trial | None:
        """Return the record of a trial; None if it has no record.

        Raises:
            ModelError: the record is damaged.
        """
        path = self.trial_directory(number) / RECORD
        if not path.exists():
            return None
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            known = {one.name for one in fields(Trial)}
            return Trial(**{key: value for key, value in values.items() if key in known})
        except (OSError, ValueError, TypeError) as error:
            raise ModelError(f"{path} is damaged ({error}); remove its directory") from error

    def trials(self) -> list[Trial]:
        """Return the records of all trials, by number."""
        found = sorted((self.directory / "trials").glob(f"*/{RECORD}"))
        numbers = [int(path.parent.name) for path in found if path.parent.name.isdigit()]
        return [trial for trial in map(self.read, numbers) if trial is not None]

    def update(self, number: int, **changes: Any) -> Trial:
        """Change some values in the record of a trial, keep the others, and return the record.

        Raises:
            ModelError: the record is missing or damaged.
        """
        trial = self.read(number)
        if trial is None:
            raise ModelError(f"{self.trial_directory(number)} has no {RECORD}")
        trial = replace(trial, **changes)
        self.write(trial)
        return trial

    def settle(self, identity: dict[str, Any]) -> None:
        """Store the identity of a new sweep, or check that a resumed sweep has the same identity.

        Raises:
            TrainingError: the sweep began with another identity, or the directory holds a run.
        """
        path = self.directory / SWEEP
        if (self.directory / "settings.yaml").exists():
            raise TrainingError(
                f"{self.directory} holds a training run; give the sweep another name (name=...)"
            )
        if path.exists() and any((self.directory / "trials").glob(f"*/{RECORD}")):
            before = json.loads(path.read_text(encoding="utf-8"))
            changed = [key for key in identity if before.get(key) != identity[key]]
            if changed:
                key = changed[0]
                raise TrainingError(
                    f"the sweep in {self.directory} began with {key} {before.get(key)}; received "
                    f"{identity[key]}: give the new sweep another name (name=...), or remove it"
                )
            identity = {**before, **identity}
        replace_text(path, json.dumps(identity, indent=1, ensure_ascii=False))

    def seconds(self) -> float:
        """Return the time used by the sweep, over all its processes."""
        path = self.directory / SWEEP
        return float(json.loads(path.read_text(encoding="utf-8")).get("seconds", 0.0))

    def keep_seconds(self, seconds: float) -> None:
        """Store the time used."""
        path = self.directory / SWEEP
        known = json.loads(path.read_text(encoding="utf-8"))
        replace_text(path, json.dumps({**known, "seconds": seconds}, indent=1, ensure_ascii=False))


def run_directories(directory: Path, *, seeds: int) -> list[Path]:
    """Return the directories of the runs of a trial, one per seed."""
    if seeds == 1:
        return [directory]
    return [directory / f"seed-{number}" for number in range(1, seeds + 1)]
