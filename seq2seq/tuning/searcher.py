"""Optuna's TPE through Ray Tune, warm-started with the done trials.

Source: Bergstra et al. 2011, "Algorithms for Hyper-Parameter Optimization".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import optuna
from ray.tune.search import Searcher
from ray.tune.search.optuna import OptunaSearch

from seq2seq.tuning.space import Value
from seq2seq.tuning.study import distributions, escaped, unescaped
from seq2seq.tuning.sweep import Sweep
from seq2seq.tuning.trial_records import Trial, TrialRecords

_STARTUP = 6  # random trials before the first one chosen by TPE
_ATTEMPTS = 50  # choices of TPE for a trial before it is drawn at random


class TreeParzenSearch(Searcher):
    """Search that first returns the waiting trials, then new ones chosen by TPE."""

    def __init__(self, sweep: Sweep, records: TrialRecords, *, waiting: Sequence[Trial]) -> None:
        mode = "max" if sweep.higher_is_better else "min"
        super().__init__(metric=sweep.metric, mode=mode)
        self._sweep, self._records, self._waiting = sweep, records, list(waiting)
        known = records.trials()
        self._next = 1 + max((trial.number for trial in known), default=-1)
        sampler = optuna.samplers.TPESampler(
            seed=sweep.tune.seed + len(known), n_startup_trials=_STARTUP
        )
        self._optuna = OptunaSearch(
            distributions(sweep.space), metric=sweep.metric, mode=mode, sampler=sampler
        )
        self._from_optuna: dict[str, str] = {}  # Optuna's name of each trial that it chose
        for trial in known:
            if trial.done and trial.score is not None:
                self._optuna.add_evaluated_point(escaped(trial.values), trial.score)

    def suggest(self, trial_id: str) -> Any:
        """Return the next trial. Called by Tune."""
        if self._waiting:
            trial = self._waiting.pop(0)
        elif self._next < self._sweep.trials:
            values = self._new_values(trial_id)
            if values is None:
                return None
            trial = Trial(self._next, values)
            self._records.write(trial)
            self._next += 1
        else:
            return Searcher.FINISHED
        return {"number": trial.number, "values": trial.values}

    def _new_values(self, trial_id: str) -> dict[str, Value] | None:
        """Return values that no trial had, chosen by TPE; None if TPE wants to wait.

        If TPE chooses known values, it receives their known score and chooses again. If all of
        `_ATTEMPTS` choices are known, which is likely only in a small space, the values are drawn
        at random.
        """
        scores = {_key(trial.values): trial.score for trial in self._records.trials()}
        for attempt in range(_ATTEMPTS):
            name = trial_id if attempt == 0 else f"{trial_id}-{attempt}"
            found = self._optuna.suggest(name)
            if found is None:
                return None
            values = unescaped(found)
            if _key(values) not in scores:
                self._from_optuna[trial_id] = name
                return values
            score = scores[_key(values)]
            known = None if score is None else {self._sweep.metric: score}
            self._optuna.on_trial_complete(name, known, error=known is None)
        points = self._sweep.space.points(len(scores) + 1, seed=self._sweep.tune.seed)
        return next(point for point in points if _key(point) not in scores)

    def on_trial_result(self, trial_id: str, result: dict[str, Any]) -> None:
        """Pass the result of a trial to Optuna. Called by Tune."""
        if trial_id in self._from_optuna:
            self._optuna.on_trial_result(self._from_optuna[trial_id], result)

    def on_trial_complete(
        self, trial_id: str, result: dict[str, Any] | None = None, error: bool = False
    ) -> None:
        """Pass the end of a trial to Optuna. Called by Tune."""
        if trial_id in self._from_optuna:
            self._optuna.on_trial_complete(self._from_optuna[trial_id], result, error)

    def save(self, checkpoint_path: str) -> None:
        """Create an empty file, because Ray requires a file; all state is in the trial records."""
        Path(checkpoint_path).touch()

    def restore(self, checkpoint_path: str) -> None:
        """Do nothing; see `save`."""


def _key(values: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(values.items()))
