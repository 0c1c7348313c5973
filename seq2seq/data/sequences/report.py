"""What a preparation of sequences found, for people and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from seq2seq.data.filters import Tallies, Tally
from seq2seq.data.report import SideReport


@dataclass
class SequenceSplit:
    """One split: what was read, what was kept and why the rest was not."""

    name: str
    files: list[str]
    read: int = 0
    kept: int = 0
    unit: str = "steps"
    dropped: Tallies = field(default_factory=Tallies)
    lengths: SideReport = field(default_factory=SideReport)
    in_training: int = 0  # sequences that also occur in the training set, whatever their label

    def lines(self) -> list[str]:
        """One line, and a warning for each reason to drop something."""
        dropped = f", {self.dropped.total:,} dropped" if self.dropped.total else ""
        text = [
            f"{self.name}: {self.kept:,} sequences of {self.read:,}{dropped}; "
            f"{self.lengths.pieces:,} {self.unit} (mean {self.lengths.mean_length:.1f}, longest "
            f"{self.lengths.max_length} in line {self.lengths.longest_line:,})"
        ]
        if self.name != "train":
            text.append(
                f"{self.name}: {self.in_training:,} of the {self.kept:,} inputs also occur in "
                "training"
            )
        place = " and ".join(self.files)
        for reason, tally in self.dropped.reasons.items():
            text.append(f"warning: {place}: {tally.count:,} ({tally.where()}) dropped: {reason}")
        return text


@dataclass
class SequenceReport:
    """The whole preparation."""

    splits: dict[str, SequenceSplit]
    classes: dict[str, int] = field(default_factory=dict)  # of training, how often each

    def lines(self) -> list[str]:
        """The report for people."""
        text = [line for split in self.splits.values() for line in split.lines()]
        if self.classes:
            shown = ", ".join(f"{name} {count:,}" for name, count in self.classes.items())
            text.append(f"{len(self.classes)} classes in training: {shown[:300]}")
        return text

    def to_json(self) -> dict[str, Any]:
        """Plain values, ready for `json.dump`."""
        return asdict(self)

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> SequenceReport:
        """The report that `to_json` gave.

        Raises:
            KeyError, TypeError: it is not one.
        """
        splits = {}
        for name, split in values["splits"].items():
            reasons = split["dropped"]["reasons"]
            dropped = Tallies({reason: Tally(**tally) for reason, tally in reasons.items()})
            lengths = SideReport.from_json(split["lengths"])
            splits[name] = SequenceSplit(**{**split, "dropped": dropped, "lengths": lengths})
        return SequenceReport(splits, values["classes"])
