"""Schedulers of a sweep: those of Ray Tune, with the results of earlier processes.

Ray loses the state of a scheduler when its process is killed. Here the trial records are replayed
into a new scheduler: done trials at once, resumed trials when they are added.

Sources: Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning" (ASHA);
Golovin et al. 2017, "Google Vizier" (median stopping); Jaderberg et al. 2017, "Population Based
Training of Neural Networks".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from ray.tune.schedulers import (
    ASHAScheduler,
    FIFOScheduler,
    MedianStoppingRule,
    PopulationBasedTraining,
    TrialScheduler,
)

from seq2seq.tuning.sweep import Sweep

TIME = "validations"
_NO_LAST_RUNG = 10**6  # no limit: a trial ends by its own limits
_OTHERS_NEEDED = 2  # other trials needed before a trial is compared with their median

Results = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class PastTrial:
    """Done trial, in the form that a scheduler needs."""

    trial_id: str
    config: dict[str, Any] = field(hash=False, default_factory=dict)


class _Asha(ASHAScheduler):
    def __init__(self, past: Mapping[int, Results], **options: Any) -> None:
        super().__init__(time_attr=TIME, max_t=_NO_LAST_RUNG, stop_last_trials=False, **options)
        self._past = dict(past)

    def remember(self, number: int) -> None:
        """Add a done trial."""
        self.on_trial_add(None, PastTrial(f"past-{number}", {"number": number}))

    def on_trial_add(self, tune_controller: Any, trial: Any) -> None:
        """Add a trial and replay its earlier results. Called by Tune."""
        super().on_trial_add(tune_controller, trial)
        for result in self._past.pop(trial.config.get("number", -1), ()):
            super().on_trial_result(tune_controller, trial, result)


class _Median(MedianStoppingRule):
    def __init__(self, past: Mapping[int, Results], **options: Any) -> None:
        super().__init__(time_attr=TIME, min_samples_required=_OTHERS_NEEDED, **options)
        self._past = dict(past)

    def remember(self, number: int) -> None:
        """Add a done trial."""
        self.on_trial_add(None, PastTrial(f"past-{number}", {"number": number}))

    def on_trial_add(self, tune_controller: Any, trial: Any) -> None:
        """Add a trial with its earlier results. Called by Tune."""
        super().on_trial_add(tune_controller, trial)
        past = self._past.pop(trial.config.get("number", -1), ())
        if past:  # the rule reads the last result, so an empty list is invalid
            self._results[trial].extend(past)


class _Population(PopulationBasedTraining):
    """Population based training: a weak trial copies a better one, with changed values."""

    def __init__(self, sweep: Sweep, **options: Any) -> None:
        # Tune requires its own form of the space; our space changes the values, within limits.
        super().__init__(
            time_attr=TIME,
            perturbation_interval=sweep.tune.interval,
            hyperparam_mutations={"values": {}},
            log_config=False,
            **options,
        )
        self._sweep = sweep
        self._random = np.random.default_rng(sweep.tune.seed)

    def _get_new_config(self, trial: Any, trial_to_clone: Any) -> tuple[dict[str, Any], Any]:
        values = dict(trial_to_clone.config["values"])
        for key in self._sweep.changed_while_learning():
            values[key] = self._sweep.space.dimensions[key].near(values[key], self._random)
        return {"number": trial.config["number"], "values": values}, {"values": {}}


def make_scheduler(sweep: Sweep, past: Mapping[int, Results], *, done: set[int]) -> TrialScheduler:
    """Return the scheduler of a sweep.

    Args:
        sweep: sweep that needs the scheduler.
        past: earlier results of each trial, by number.
        done: numbers of the trials that will not run again.
    """
    tune = sweep.tune
    judged = {"metric": sweep.metric, "mode": "max" if sweep.higher_is_better else "min"}
    if tune.scheduler == "none":
        return FIFOScheduler()
    if tune.scheduler == "pbt":
        return _Population(sweep, **judged)
    scheduler: _Asha | _Median
    if tune.scheduler == "asha":
        options = {"grace_period": tune.grace, "reduction_factor": tune.reduction}
        scheduler = _Asha(past, **options, **judged)
    else:
        scheduler = _Median(past, grace_period=tune.grace, **judged)
    for number in sorted(done):
        scheduler.remember(number)
    return scheduler
