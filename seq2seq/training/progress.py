"""How far a run is: everything that decides its future, apart from weights and optimizer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass
class Sums:
    """Sums over updates, to be divided once.

    `tokens` counts answers (see `task.Losses.count`); `seconds` is time in updates (waiting for
    batches included); `gradient_norm` that of the last update.
    """

    loss: float = 0.0
    negative_log_likelihood: float = 0.0
    tokens: float = 0.0
    seconds: float = 0.0
    gradient_norm: float = 0.0

    def add(self, other: Sums) -> None:
        """Count one more update (or several)."""
        self.loss += other.loss
        self.negative_log_likelihood += other.negative_log_likelihood
        self.tokens += other.tokens
        self.seconds += other.seconds
        self.gradient_norm = other.gradient_norm

    @property
    def mean_loss(self) -> float:
        """Loss of a target; NaN where no update was applied."""
        return self.loss / self.tokens if self.tokens else math.nan

    def record(self, unit: str) -> dict[str, float]:
        """Return means of a target, if there was any, and targets a second.

        `unit` is the name of a target.
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
    """The state of a run between two updates.

    Attributes:
        step: updates made.
        epoch, batch: the epoch under way and how many of its batches are behind.
        seconds: time used, over all processes that worked on the run.
        tokens: answers trained (of a translation, target tokens).
        best: `[score, step]` of the best validations, best first.
        stalled: validations since the best one.
        last_score: score of the last validation.
        unmoved: validations in a row, before the last one, that had the same score.
        plateaus, plateau_stalled: how often the learning rate fell, and validations since.
        validated_step: the last step at which validation ran.
        log, epoch_sums: sums since the last line of the log, and over the epoch.
        metrics_bytes: length of `metrics.jsonl` that belongs to this state.
        ended: why the run ended, once it has.
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
        """Plain values, for a checkpoint's `state.json`."""
        return asdict(self)

    @staticmethod
    def from_mapping(values: Mapping[str, Any]) -> Progress:
        """What `to_mapping` gave; what it does not know is left out."""
        known = {f.name for f in fields(Progress)}
        parts = {name: value for name, value in values.items() if name in known}
        for name in ("log", "epoch_sums"):
            parts[name] = Sums(**parts[name])
        return Progress(**parts)

    def best_steps(self) -> list[int]:
        """Steps of the best validations, best first."""
        return [int(step) for _, step in self.best]

    def judge(self, score: float, *, higher_is_better: bool, keep: int) -> bool:
        """Take in a validation's score; whether it is the best so far.

        Args:
            score: of the monitored metric.
            higher_is_better: its direction.
            keep: how many of the best are remembered.
        """
        sign = -1.0 if higher_is_better else 1.0
        improved = not self.best or sign * score < sign * self.best[0][0]
        # Of equal scores the later one is first: it has learned for longer.
        ranked = sorted([[score, float(self.step)], *self.best], key=lambda one: sign * one[0])
        self.best = ranked[:keep]
        self.unmoved = self.unmoved + 1 if score == self.last_score else 0
        self.last_score = score
        self.stalled = 0 if improved else self.stalled + 1
        self.plateau_stalled = 0 if improved else self.plateau_stalled + 1
        return improved
