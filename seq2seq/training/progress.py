"""Progress of a run: the state that decides its next updates, except weights and optimizer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass
class Sums:
    """Sums over updates, divided once to give means.

    Attributes:
        loss, negative_log_likelihood: summed losses.
        tokens: number of targets (see `task.Losses.count`).
        seconds: time spent in updates, including the wait for batches.
        gradient_norm: gradient norm of the last update.
    """

    loss: float = 0.0
    negative_log_likelihood: float = 0.0
    tokens: float = 0.0
    seconds: float = 0.0
    gradient_norm: float = 0.0

    def add(self, other: Sums) -> None:
        """Add the sums of one or several updates."""
        self.loss += other.loss
        self.negative_log_likelihood += other.negative_log_likelihood
        self.tokens += other.tokens
        self.seconds += other.seconds
        self.gradient_norm = other.gradient_norm

    @property
    def mean_loss(self) -> float:
        """Return the mean loss per target; NaN if no update was applied."""
        return self.loss / self.tokens if self.tokens else math.nan

    def record(self, unit: str) -> dict[str, float]:
        """Return targets per second, gradient norm and, if there are targets, the means per target.

        `unit` is the name of the targets in the plural.
        """
        speed = {f"{unit}_per_second": self.tokens / max(1e-9, self.seconds)}
        if not self.tokens:
            return {**speed, "gradient_norm": self.gradient_norm}
        return {
            "loss": self.mean_loss,
            "negative_log_likelihood": self.negative_log_likelihood / self.tokens,
            **speed,
            "gradient_norm": self.gradient_norm,
        }


@dataclass
class Progress:
    """State of a run between two updates.

    Attributes:
        step: number of updates made.
        epoch, batch: current epoch, and number of its batches already used.
        seconds: time used by the run, including the time before it was resumed.
        tokens: number of trained targets (in translation: target tokens).
        best: `[score, step]` of the best validations, best first.
        stalled: number of validations since the best one.
        last_score: score of the last validation.
        unmoved: number of successive validations without a change of score.
        plateaus, plateau_stalled: number of reductions of the learning rate, and number of
            validations since the last reduction or the best score, whichever is later.
        validated_step: step of the last validation.
        validation: scores of the last validation.
        log, epoch_sums: sums since the last log line, and over the epoch.
        metrics_bytes: length in bytes of `metrics.jsonl` at the time of this state.
        ended: reason why the run stopped; None while it runs.
    """

    step: int = 0
    epoch: int = 0
    batch: int = 0
    seconds: float = 0.0
    tokens: float = 0.0
    best: list[list[float]] = field(default_factory=list)
    stalled: int = 0
    last_score: float | None = None
    unmoved: int = 0
    plateaus: int = 0
    plateau_stalled: int = 0
    validated_step: int = 0
    validation: dict[str, float] = field(default_factory=dict)
    log: Sums = field(default_factory=Sums)
    epoch_sums: Sums = field(default_factory=Sums)
    metrics_bytes: int = 0
    ended: str | None = None

    def to_mapping(self) -> dict[str, Any]:
        """Return plain values for the `state.json` of a checkpoint."""
        return asdict(self)

    @staticmethod
    def from_mapping(values: Mapping[str, Any]) -> Progress:
        """Return the progress from the values of `to_mapping`; unknown names are ignored."""
        known = {f.name for f in fields(Progress)}
        parts = {name: value for name, value in values.items() if name in known}
        for name in ("log", "epoch_sums"):
            parts[name] = Sums(**parts[name])
        return Progress(**parts)

    def best_steps(self) -> list[int]:
        """Return the steps of the best validations, best first."""
        return [int(step) for _, step in self.best]

    def judge(self, score: float, *, higher_is_better: bool, keep: int) -> bool:
        """Record the score of a validation; return whether it is the best so far.

        Args:
            score: value of the monitored metric.
            higher_is_better: direction of the metric.
            keep: number of best validations to remember.
        """
        sign = -1.0 if higher_is_better else 1.0
        improved = not self.best or sign * score < sign * self.best[0][0]
        # If scores are equal, the later one comes first: its model was trained for longer.
        ranked = sorted([[score, float(self.step)], *self.best], key=lambda one: sign * one[0])
        self.best = ranked[:keep]
        self.unmoved = self.unmoved + 1 if score == self.last_score else 0
        self.last_score = score
        self.stalled = 0 if improved else self.stalled + 1
        self.plateau_stalled = 0 if improved else self.plateau_stalled + 1
        return improved
