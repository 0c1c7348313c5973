"""What is known of each trial, in its own directory: enough to go on after any kill.

    runs/<name>/trials/007/trial.json   its values, state and scores
                           log.txt      what its processes said
                           ...          the run's own files; with several seeds in seed-1/, ...

A trial's process and the sweep's write the same file, whole, and never at the same time: the
process while it lives, the sweep before and after.
"""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from seq2seq.disk import replace_text
from seq2seq.errors import ArtefactError, TrainingError
from seq2seq.tuning.space import Value

RECORD, SWEEP = "trial.json", "sweep.json"
WAITING, RUNNING, FINISHED, STOPPED, FAILED = "waiting", "running", "finished", "stopped", "failed"


@dataclass(frozen=True)
class Trial:
    """One trial.

    Attributes:
        number: from 0.
        values: of the keys of the space.
        state: `waiting`, `running` (also where its process was killed), `finished`, `stopped` by
            the scheduler, or `failed`.
        reason: why it failed or was stopped.
        scores: the metric of each seed that has ended; of a stopped trial its best so far.
        validations: of its first seed.
        epochs, step, seconds: how far it went, all seeds together.
        metrics: of each seed's exported weights.
    """

    number: int
    values: dict[str, Value]
    state: str = WAITING
    reason: str = ""
    scores: list[float] = field(default_factory=list)
    validations: int = 0
    epochs: float = 0.0
    step: int = 0
    seconds: float = 0.0
    metrics: list[dict[str, Any]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Of its directory."""
        return f"{self.number:03d}"

    @property
    def score(self) -> float | None:
        """Mean of the seeds' scores; None while there is none."""
        return statistics.mean(self.scores) if self.scores else None

    @property
    def deviation(self) -> float | None:
        """Of the seeds' scores, where there are several."""
        return statistics.stdev(self.scores) if len(self.scores) > 1 else None

    @property
    def done(self) -> bool:
        """Whether nothing is left to do for it."""
        return self.state in (FINISHED, STOPPED, FAILED)


class Ledger:
    """The trials of the sweep in `directory`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def trial_directory(self, number: int) -> Path:
        """Where a trial keeps everything."""
        return self.directory / "trials" / f"{number:03d}"

    def write(self, trial: Trial) -> None:
        """Keep a trial's record, whole or not at all."""
        directory = self.trial_directory(trial.number)
        directory.mkdir(parents=True, exist_ok=True)
        replace_text(directory / RECORD, json.dumps(asdict(trial), indent=1, ensure_ascii=False))

    def read(self, number: int) -> Trial | None:
        """A trial's record, or None.

        Raises:
            ArtefactError: it is damaged.
        """
        path = self.trial_directory(number) / RECORD
        if not path.exists():
            return None
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            known = {one.name for one in fields(Trial)}
            return Trial(**{key: value for key, value in values.items() if key in known})
        except (OSError, ValueError, TypeError) as error:
            raise ArtefactError(f"{path} is damaged ({error}); remove its directory") from error

    def trials(self) -> list[Trial]:
        """All of them, by number."""
        found = sorted((self.directory / "trials").glob(f"*/{RECORD}"))
        numbers = [int(path.parent.name) for path in found if path.parent.name.isdigit()]
        return [trial for trial in map(self.read, numbers) if trial is not None]

    def update(self, number: int, **changes: Any) -> Trial:
        """Change a trial's record; what its process wrote since stays."""
        trial = self.read(number)
        if trial is None:
            raise ArtefactError(f"{self.trial_directory(number)} has no {RECORD}")
        trial = replace(trial, **changes)
        self.write(trial)
        return trial

    def settle(self, identity: dict[str, Any]) -> None:
        """Write what a new sweep is, or check that a begun one goes on as the same.

        Raises:
            TrainingError: it began as another, or an ordinary run lies there.
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
        """Time that the sweep has used, over all its processes."""
        path = self.directory / SWEEP
        return float(json.loads(path.read_text(encoding="utf-8")).get("seconds", 0.0))

    def keep_seconds(self, seconds: float) -> None:
        """Remember the time used."""
        path = self.directory / SWEEP
        known = json.loads(path.read_text(encoding="utf-8"))
        replace_text(path, json.dumps({**known, "seconds": seconds}, indent=1, ensure_ascii=False))


def run_directories(directory: Path, *, seeds: int) -> list[Path]:
    """Of the runs of a trial, one for each seed."""
    if seeds == 1:
        return [directory]
    return [directory / f"seed-{number}" for number in range(1, seeds + 1)]
