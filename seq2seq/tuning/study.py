"""Optuna study of a sweep: its search space as distributions, its trials as Optuna's trials."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import quote, unquote

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.exceptions import ExperimentalWarning
from optuna.trial import FrozenTrial, TrialState, create_trial

from seq2seq.tuning.space import Choice, Dimension, Space
from seq2seq.tuning.trial_records import Trial

T = TypeVar("T")


def make_study(trials: Sequence[Trial], space: Space, *, maximise: bool) -> optuna.Study:
    """Return a study in memory with these trials, in their order.

    Failed trials and trials without a score become failed trials of the study.

    Args:
        trials: trials whose values hold all keys of `space`; Optuna numbers them from 0.
        space: search space of the study.
        maximise: true if a higher score is better.
    """
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(direction="maximize" if maximise else "minimize")
    known = distributions(space)
    study.add_trials([_trial(trial, known) for trial in trials])
    return study


@contextmanager
def experimental() -> Iterator[None]:
    """Silence Optuna's warnings that a function is experimental."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        yield


def distributions(space: Space) -> dict[str, BaseDistribution]:
    """Return the search space as Optuna's distributions, by escaped key."""
    return escaped({key: _distribution(one) for key, one in space.dimensions.items()})


def escaped(values: Mapping[str, T]) -> dict[str, T]:
    """Return the values by escaped key, because Ray splits keys at `/`."""
    return {quote(key, safe=""): value for key, value in values.items()}


def unescaped(values: Mapping[str, T]) -> dict[str, T]:
    """Return the values by original key, as `escaped` received them."""
    return {unquote(key): value for key, value in values.items()}


def _trial(trial: Trial, known: dict[str, BaseDistribution]) -> FrozenTrial:
    values = escaped(trial.values)
    scored = trial.score is not None and trial.state != "failed"
    return create_trial(
        state=TrialState.COMPLETE if scored else TrialState.FAIL,
        value=trial.score if scored else None,
        params={key: value for key, value in values.items() if key in known},
        distributions=known,
    )


def _distribution(dimension: Dimension) -> BaseDistribution:
    if isinstance(dimension, Choice):
        return CategoricalDistribution(dimension.values)
    if dimension.whole:
        return IntDistribution(int(dimension.low), int(dimension.high), log=dimension.log)
    return FloatDistribution(dimension.low, dimension.high, log=dimension.log)
