"""Learning rate schedules: pure functions of settings, step and number of plateaus."""

from __future__ import annotations

import math

from seq2seq.config.schema import OptimizerSettings


def learning_rate(
    settings: OptimizerSettings, *, step: int, total_steps: int | None, plateaus: int = 0
) -> float:
    """Return the learning rate of update number `step`, counted from 1.

    It rises linearly during the warm-up, then follows the schedule.

    Args:
        settings: settings of the optimizer.
        step: number of the next update.
        total_steps: number of updates of the run, if known; `cosine` and `linear` fall to the
            minimum at `decay_steps`, or else at this step.
        plateaus: number of plateaus of the validation score (`plateau` only).

    Sources: Vaswani et al. 2017 for `inverse_sqrt`, Loshchilov & Hutter 2017 for `cosine`.
    """
    peak, lowest = settings.learning_rate, settings.minimum_learning_rate
    warmup = settings.warmup_steps
    if step <= warmup:
        return peak * step / warmup
    if settings.schedule == "plateau":
        return max(lowest, peak * settings.plateau_factor**plateaus)
    if settings.schedule == "inverse_sqrt":
        return max(lowest, peak * math.sqrt(max(1, warmup) / step))
    if settings.schedule == "constant":
        return peak
    end = settings.decay_steps or total_steps or warmup + 1
    share = min(1.0, (step - warmup) / max(1, end - warmup))
    falling = (
        0.5 * (1.0 + math.cos(math.pi * share)) if settings.schedule == "cosine" else 1 - share
    )
    return max(lowest, peak * falling)
