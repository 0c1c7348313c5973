"""Optuna's TPE through Ray Tune, warm-started with the trials that are done.

Source: Bergstra et al. 2011, "Algorithms for Hyper-Parameter Optimization".
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from ray.tune.search import Searcher
from ray.tune.search.optuna import OptunaSearch

from seq2seq.tuning.ledger import Ledger, Trial
from seq2seq.tuning.space import Choice, Dimension, Space, Value
from seq2seq.tuning.sweep import Sweep

_STARTUP = 6  # trials drawn at random before the first is chosen


class TreeParzenSearch(Searcher):
    """Hands out the trials that are to go on, then new ones chosen by TPE."""

    def __init__(self, sweep: Sweep, ledger: Ledger, *, waiting: Sequence[Trial]) -> None:
        mode = "max" if sweep.higher_is_better else "min"
        super().__init__(metric=sweep.metric, mode=mode)
        self._sweep, self._ledger, self._waiting = sweep, ledger, list(waiting)
        known = ledger.trials()
        self._next = 1 + max((trial.number for trial in known), default=-1)
        sampler = optuna.samplers.TPESampler(
            seed=sweep.tune.seed + len(known), n_startup_trials=_STARTUP
        )
        self._optuna = OptunaSearch(
            distributions(sweep.space), metric=sweep.metric, mode=mode, sampler=sampler
        )
        self._from_optuna: set[str] = set()
        for trial in known:
            if trial.done and trial.score is not None:
                self._optuna.add_evaluated_point(escaped(trial.values), trial.score)

    def suggest(self, trial_id: str) -> Any:
        """Called by Tune: the next trial."""
        if self._waiting:
            trial = self._waiting.pop(0)
        elif self._next < self._sweep.trials:
            values = self._optuna.suggest(trial_id)
            if values is None:
                return None
            self._from_optuna.add(trial_id)
            trial = Trial(self._next, unescaped(values))
            self._ledger.write(trial)
            self._next += 1
        else:
            return Searcher.FINISHED
        return {"number": trial.number, "values": trial.values}

    def on_trial_result(self, trial_id: str, result: dict[str, Any]) -> None:
        """Called by Tune."""
        if trial_id in self._from_optuna:
            self._optuna.on_trial_result(trial_id, result)

    def on_trial_complete(
        self, trial_id: str, result: dict[str, Any] | None = None, error: bool = False
    ) -> None:
        """Called by Tune."""
        if trial_id in self._from_optuna:
            self._optuna.on_trial_complete(trial_id, result, error)

    def save(self, checkpoint_path: str) -> None:
        """An empty file, which Ray asks for: the trials' own records say all."""
        Path(checkpoint_path).touch()

    def restore(self, checkpoint_path: str) -> None:
        """Nothing: see `save`."""


def distributions(space: Space) -> dict[str, BaseDistribution]:
    """The space as Optuna has it, by escaped key."""
    return {quote(key, safe=""): _distribution(one) for key, one in space.dimensions.items()}


def escaped(values: dict[str, Value]) -> dict[str, Value]:
    """With keys that Ray does not take apart at their `/`."""
    return {quote(key, safe=""): value for key, value in values.items()}


def unescaped(values: dict[str, Any]) -> dict[str, Value]:
    """What `escaped` was given."""
    return {unquote(key): value for key, value in values.items()}


def _distribution(dimension: Dimension) -> BaseDistribution:
    if isinstance(dimension, Choice):
        return CategoricalDistribution(dimension.values)
    if dimension.whole:
        return IntDistribution(int(dimension.low), int(dimension.high), log=dimension.log)
    return FloatDistribution(dimension.low, dimension.high, log=dimension.log)
