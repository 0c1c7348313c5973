"""How much each key of a space mattered, by the trials of a sweep.

PED-ANOVA: how far the distribution of a key's values among the best trials is from that among
all, the keys' shares summing to 1. It needs no model of the metric; from a few trials it is a
hint, and with very few none is given.

Source: Watanabe, Bansal & Hutter 2023, "PED-ANOVA: Efficiently Quantifying Hyperparameter
Importance in Arbitrary Subspaces", as Optuna has it.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence

from seq2seq.tuning.ledger import Trial
from seq2seq.tuning.space import Space

METHOD = "PED-ANOVA"
_FEWEST = 4


def importances(trials: Sequence[Trial], space: Space, *, maximise: bool) -> dict[str, float]:
    """Shares of the keys that took several values, largest first; empty from too few trials.

    Args:
        trials: that have scores.
        space: of their values.
        maximise: whether a higher score is better.
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
        warnings.simplefilter("ignore")  # that the method is new to Optuna
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
