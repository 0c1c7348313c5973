"""Importance of each key of a search space, computed from the trials of a sweep.

PED-ANOVA compares the distribution of a key's values among the best trials with that among all
trials; the shares of the keys sum to 1. It needs no model of the metric. With few trials, the
result is only a hint; with fewer than four, there is no result.

Source: Watanabe, Bansal & Hutter 2023, "PED-ANOVA: Efficiently Quantifying Hyperparameter
Importance in Arbitrary Subspaces", in Optuna's implementation.
"""

from __future__ import annotations

import math
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
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

    from seq2seq.tuning.study import experimental, make_study, unescaped

    varied = Space({key: space.dimensions[key] for key in keys})
    study = make_study(trials, varied, maximise=maximise)
    with experimental():
        evaluator = PedAnovaImportanceEvaluator(target_quantile=max(0.1, 2 / len(trials)))
        found = get_param_importances(study, evaluator=evaluator)
    shares = unescaped(found)
    return shares if all(math.isfinite(share) for share in shares.values()) else {}
