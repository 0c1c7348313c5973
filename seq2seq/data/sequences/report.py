"""Report of a preparation of sequences, as text and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from seq2seq.data.corpus_report import SideReport, SplitCounts
from seq2seq.data.filters import Tallies, Tally
from seq2seq.data.sequences.labels import class_word
from seq2seq.data.sequences.sound_report import SoundReport

_MOST_REASONS = 20  # maximum number of reasons shown; each dropped sound has a reason of its own


@dataclass
class SequenceSplit(SplitCounts):
    """Report of one split of sequences."""

    parts: int = 0  # stored rows: kept sequences, or windows of them
    unit: str = "steps"
    notes: list[str] = field(default_factory=list)  # signs that the file is not the expected one
    long: Tallies = field(default_factory=Tallies)  # kept sequences that are longer than the limit
    lengths: SideReport = field(default_factory=SideReport)
    targets: SideReport | None = None  # lengths of targets that are texts
    sounds: SoundReport | None = None  # facts about the sounds of the sequences
    in_training: int = 0  # sequences that also occur in the training set, whatever their label

    def lines(self) -> list[str]:
        """Return counts as text, then a warning for each note and each reason to drop something."""
        location = " and ".join(self.files)
        dropped = f", {self.dropped.total:,} dropped" if self.dropped.total else ""
        windows = f" in {self.parts:,} parts" if self.parts != self.kept else ""
        text = [
            f"{self.name}: {self.kept:,} sequences of {self.read:,}{dropped}{windows}; "
            f"{self.lengths.tokens:,} {self.unit} (mean {self.lengths.mean_length:.1f}, longest "
            f"{self.lengths.max_length} in line {self.lengths.longest_line:,})"
        ]
        if self.targets is not None:
            text[0] += (
                f"; target {self.targets.tokens:,} tokens (mean {self.targets.mean_length:.1f}, "
                f"longest {self.targets.max_length} in line {self.targets.longest_line:,})"
            )
        if self.sounds is not None:
            text += self.sounds.lines(self.name, location)
        text += [f"warning: {location}: {note}" for note in self.notes]
        if self.name != "train":
            text.append(
                f"{self.name}: {self.in_training:,} of the {self.kept:,} inputs also occur in "
                "training"
            )
        for reason, tally in self.long.reasons.items():
            text.append(
                f"warning: {location}: {tally.count:,} ({tally.where()}) {reason}; the longest has "
                f"{tally.longest:,} {self.unit}"
            )
        reasons = list(self.dropped.reasons.items())
        for reason, tally in reasons[:_MOST_REASONS]:
            told = f"{tally.count:,} ({tally.where()}) dropped: {reason}{tally.remedy()}"
            text.append(f"warning: {location}: {told}")
        rest = Tally()
        for line in sorted(line for _, tally in reasons[_MOST_REASONS:] for line in tally.lines):
            rest.add(line)
        if rest.count:
            rest.count = sum(tally.count for _, tally in reasons[_MOST_REASONS:])
            text.append(
                f"warning: {location}: {rest.count:,} more ({rest.where()}) dropped for other "
                "reasons"
            )
        return text


@dataclass
class SequenceReport:
    """Report of the whole preparation.

    Attributes:
        splits: reports of the splits, by name.
        classes: classes of training, and the number of occurrences of each.
        numbers: mean and standard deviation of each number of a target, in training.
        target_vocab: size of the vocabulary of targets that are texts, otherwise 0.
    """

    splits: dict[str, SequenceSplit]
    classes: dict[str, int] = field(default_factory=dict)
    numbers: list[tuple[float, float]] = field(default_factory=list)
    target_vocab: int = 0

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        text = [line for split in self.splits.values() for line in split.lines()]
        if self.classes:
            shown = ", ".join(
                f"{class_word(name)} {count:,}" for name, count in self.classes.items()
            )
            text.append(f"{len(self.classes)} classes in training: {shown[:300]}")
        if self.numbers:
            shown = ", ".join(f"mean {mean:.6g} (±{spread:.3g})" for mean, spread in self.numbers)
            count = f"{len(self.numbers)} number{'s' if len(self.numbers) > 1 else ''}"
            text.append(f"{count} as target in training: {shown[:300]}")
        if self.target_vocab:
            text.append(f"vocabulary: {self.target_vocab:,} target tokens")
        return text

    def to_json(self) -> dict[str, Any]:
        """Return plain values, ready for `json.dump`."""
        return asdict(self)

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> SequenceReport:
        """Return the report from the values that `to_json` returned.

        Raises:
            KeyError, TypeError, ValueError: the values are not those of a report.
        """
        splits = {}
        for name, split in values["splits"].items():
            counts = {key: _tallies(split[key]) for key in ("dropped", "long")}
            sides: dict[str, Any] = {
                side: SideReport.from_json(split[side])
                for side in ("lengths", "targets")
                if split.get(side) is not None
            }
            if split.get("sounds") is not None:
                sides["sounds"] = SoundReport.from_json(split["sounds"])
            splits[name] = SequenceSplit(**{**split, **counts, **sides})
        numbers = [(mean, deviation) for mean, deviation in values["numbers"]]
        return SequenceReport(splits, values["classes"], numbers, values.get("target_vocab", 0))


def _tallies(values: Mapping[str, Any]) -> Tallies:
    return Tallies({reason: Tally(**tally) for reason, tally in values["reasons"].items()})
