"""Importance of each key of a search space, computed from the trials of a sweep.

PED-ANOVA compares the distribution of a key's values among the best trials with that among all
trials; the shares of the keys sum to 1. It needs no model of the metric. From a few trials it is
only a hint, and from very few none is given.

Source: Watanabe, Bansal & Hutter 2023, "PED-ANOVA: Efficiently Quantifying Hyperparameter
Importance in Arbitrary Subspaces", in Optuna's implementation.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence

from seq2seq.tuning.space import Space
from seq2seq.tuning.trial_records import Trial

METHOD = "PED-ANOVA"
_FEWEST = 4


def importances(trials: Sequence[Trial], space: Space, *, maximise: bool) -> dict[str, float]:
    """Return the shares of the keys with several values, largest first; empty with too few trials.

    Args:
        trials: trials with scores.
        space: search space of their values.
        maximise: True if a higher score is better.
    """
    keys = [key for key in space.dimensions if len({t.values[key] for t in trials}) > 1]
    if len(trials) < _FEWEST or not keys or len({trial.score for trial in trials}) < 2:
        return {}
    if len(keys) == 1:
        return {keys[0]: 1.0}
    import optuna

    from seq2seq.tuning.searcher import distributions, escaped

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(direction="maximize" if maximise else "minimize")
    known = distributions(Space({key: space.dimensions[key] for key in keys}))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Optuna warns that the method is experimental
        for trial in trials:
            values = escaped({key: trial.values[key] for key in keys})
            study.add_trial(
                optuna.trial.create_trial(params=values, distributions=known, value=trial.score)
            )
        evaluator = optuna.importance.PedAnovaImportanceEvaluator(
            target_quantile=max(0.1, 2 / len(trials))
        )
        found = optuna.importance.get_param_importances(study, evaluator=evaluator)
    names = {name: key for key in keys for name in escaped({key: 0})}
    shares = {names[name]: float(share) for name, share in found.items()}
    return shares if all(math.isfinite(share) for share in shares.values()) else {}
