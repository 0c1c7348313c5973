"""The schedulers of a sweep: Ray Tune's own, which remember what earlier processes saw.

Ray keeps no scheduler's memory over a kill of the process that holds it. Here the trials' own
records are played back into a new one: what is done at once, what goes on when it is added.

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
_NO_LAST_RUNG = 10**6  # a trial ends by its own limits
_OTHERS_NEEDED = 2  # before a trial is compared with their median

Results = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class PastTrial:
    """A trial that nothing is left to do for, as a scheduler needs to know it."""

    trial_id: str
    config: dict[str, Any] = field(hash=False, default_factory=dict)


class _Asha(ASHAScheduler):
    def __init__(self, past: Mapping[int, Results], **options: Any) -> None:
        super().__init__(time_attr=TIME, max_t=_NO_LAST_RUNG, stop_last_trials=False, **options)
        self._past = dict(past)

    def remember(self, number: int) -> None:
        """Take in a trial that is done."""
        self.on_trial_add(None, PastTrial(f"past-{number}", {"number": number}))

    def on_trial_add(self, tune_controller: Any, trial: Any) -> None:
        """Called by Tune."""
        super().on_trial_add(tune_controller, trial)
        for result in self._past.pop(trial.config.get("number", -1), ()):
            super().on_trial_result(tune_controller, trial, result)


class _Median(MedianStoppingRule):
    def __init__(self, past: Mapping[int, Results], **options: Any) -> None:
        super().__init__(time_attr=TIME, min_samples_required=_OTHERS_NEEDED, **options)
        self._past = dict(past)

    def remember(self, number: int) -> None:
        """Take in a trial that is done."""
        self.on_trial_add(None, PastTrial(f"past-{number}", {"number": number}))

    def on_trial_add(self, tune_controller: Any, trial: Any) -> None:
        """Called by Tune."""
        super().on_trial_add(tune_controller, trial)
        past = self._past.pop(trial.config.get("number", -1), ())
        if past:  # an empty list would be asked for its last
            self._results[trial].extend(past)


class _Population(PopulationBasedTraining):
    """A trial that falls behind takes over the weights of a better one, and its values changed."""

    def __init__(self, sweep: Sweep, **options: Any) -> None:
        # Tune asks for its own form of the space; values are changed by ours, within its limits.
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
    """The scheduler of a sweep.

    Args:
        sweep: of it.
        past: what each trial has reported already, by number.
        done: trials that will not run again.
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
