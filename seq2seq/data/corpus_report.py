"""Report of a preparation: counts, lengths and warnings, as text and as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.filters import Tallies, Tally

_MOST_SENTENCES = 100
_USUAL_SHARE = 0.005
_EXAMPLES = 3
_SPACES = re.compile(" +")

_SIGNS = 5  # number shown
HISTOGRAM_BOUNDS = (5, 10, 15, 20, 30, 40, 60, 80, 100, 150, 200)


@dataclass
class SideReport:
    """Lengths of one side's kept rows, in tokens without bos and eos."""

    tokens: int = 0
    mean_length: float = 0.0
    max_length: int = 0
    longest_line: int = 0  # line number in the file
    histogram: list[int] = field(default_factory=list)  # rows up to each bound, then the rest
    sentences: list[int] = field(default_factory=list)  # rows with 1, 2, ... sentences
    normalised: Tally = field(default_factory=Tally)  # rows that normalisation changes
    normalised_examples: list[list[str]] = field(default_factory=list)  # before and after

    @staticmethod
    def of(lengths: NDArray[np.int32], lines: NDArray[np.int64]) -> SideReport:
        """Return the report of rows, given their lengths and line numbers, `[n]` each."""
        report = SideReport()
        report.add_lengths(lengths, lines)
        return report

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> SideReport:
        """Return the report from its plain values in the JSON of the whole report."""
        return SideReport(**{**values, "normalised": Tally(**values["normalised"])})

    def add_lengths(self, lengths: NDArray[np.int32], lines: NDArray[np.int64]) -> None:
        """Record the lengths of all rows; `lines` holds their line numbers, `[n]` each."""
        bins = np.searchsorted(np.array(HISTOGRAM_BOUNDS), lengths)
        self.histogram = np.bincount(bins, minlength=len(HISTOGRAM_BOUNDS) + 1).tolist()
        if len(lengths):
            self.tokens = int(lengths.sum(dtype=np.int64))
            self.mean_length = round(float(lengths.mean()), 3)
            self.max_length = int(lengths.max())
            self.longest_line = int(lines[lengths.argmax()])

    def add_sentences(self, counts: Iterable[int]) -> None:
        """Record the number of sentences in each of some rows; more than 100 count as 100."""
        for count in counts:
            location = min(count, _MOST_SENTENCES) - 1
            self.sentences += [0] * (location + 1 - len(self.sentences))
            self.sentences[location] += 1

    def add_normalised(self, before: str, after: str, *, line: int) -> None:
        """Record a row that normalisation changes; a change of spaces alone does not count."""
        if _SPACES.sub(" ", before).strip(" ") == after:
            return
        self.normalised.add(line)
        if len(self.normalised_examples) < _EXAMPLES:
            self.normalised_examples.append(_difference(before, after))

    def usual_sentences(self) -> int:
        """Return the largest n such that at least 0.5 % of the rows have n or more sentences."""
        rows, more, largest = sum(self.sentences), 0, 1
        for number, count in reversed(list(enumerate(self.sentences, start=1))):
            more += count
            if more >= _USUAL_SHARE * rows:
                largest = number
                break
        return largest


@dataclass
class SplitCounts:
    """Counts of one split: records read, records kept, and reasons for dropping the others."""

    name: str
    files: list[str]
    read: int = 0
    kept: int = 0
    dropped: Tallies = field(default_factory=Tallies)


@dataclass
class SplitReport(SplitCounts):
    """Report of one split of pairs."""

    notes: Tallies = field(default_factory=Tallies)  # notes by line, about pairs that were kept
    file_notes: list[str] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)  # control tags; training only
    source: SideReport = field(default_factory=SideReport)
    target: SideReport = field(default_factory=SideReport)
    repeated: Tally = field(default_factory=Tally)  # pairs that occur earlier in the file
    sources_in_training: Tally = field(default_factory=Tally)  # valid and test only
    pairs_in_training: Tally = field(default_factory=Tally)

    def warnings(self) -> list[str]:
        """Return one line for each finding that the user should look at."""
        location = " and ".join(self.files)
        found = [
            f"{location}: {_pairs(tally)} dropped: {reason}{tally.remedy()}"
            for reason, tally in self.dropped.reasons.items()
        ]
        found += [
            f"{location}: {_pairs(tally)}: {reason}" for reason, tally in self.notes.reasons.items()
        ]
        found += self.file_notes
        for tally, what in (
            (self.repeated, "kept, though an earlier pair is the same"),
            (self.sources_in_training, "source sentence also occurs in training"),
            (self.pairs_in_training, "source and target also occur in training"),
        ):
            if tally.count:
                found.append(f"{location}: {_pairs(tally)}: {what}")
        return found


@dataclass
class CorpusReport:
    """Report of the whole preparation."""

    splits: dict[str, SplitReport]
    source_vocab: int = 0
    target_vocab: int = 0
    joint: bool = True
    tokenizer_sentences: int = 0  # sentences from which the tokenizer learned; 0 when it was reused

    @property
    def train(self) -> SplitReport:
        """Return the report of the training split."""
        return self.splits["train"]

    def warnings(self) -> list[str]:
        """Return the warnings of all splits, each with file and line."""
        return [warning for split in self.splits.values() for warning in split.warnings()]

    def lines(self) -> list[str]:
        """Return the report as text: one line per split, one for the vocabulary, then warnings."""
        text = [_split_line(split) for split in self.splits.values()]
        if self.joint:
            text.append(f"vocabulary: {self.source_vocab:,} tokens for both sides")
        else:
            text.append(
                f"vocabulary: {self.source_vocab:,} source and {self.target_vocab:,} target tokens"
            )
        if self.train.signs:
            shown = " ".join(self.train.signs[:_SIGNS])
            text.append(
                f"tags left to the model, because targets lack them: {len(self.train.signs):,} "
                f"({shown}{' ...' if len(self.train.signs) > _SIGNS else ''})"
            )
        text += self._normalisation_lines()
        return text + [f"warning: {warning}" for warning in self.warnings()]

    def _normalisation_lines(self) -> list[str]:
        """Return a line for each side of the training pairs that normalisation changes."""
        sides = {"source": self.train.source, "target": self.train.target}
        return [
            f"normalisation changes {side.normalised.count:,} {name} lines of training "
            f"({side.normalised.where()}), such as {_examples(side.normalised_examples)}; "
            f"tokenizer.{'target_' if name == 'target' else ''}normalization=identity changes none"
            for name, side in sides.items()
            if side.normalised.count
        ]

    def to_json(self) -> dict[str, Any]:
        """Return plain values, ready for `json.dump`."""
        return asdict(self)

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> CorpusReport:
        """Return the report from the values that `to_json` returned.

        Raises:
            KeyError, TypeError: the values are not those of a report.
        """
        splits = {name: _split(split) for name, split in values["splits"].items()}
        return CorpusReport(**{**values, "splits": splits})


def _difference(before: str, after: str) -> list[str]:
    """Return an excerpt of each text around the first position at which the two differ."""
    pairs = enumerate(zip(before, after, strict=False))
    same = next((location for location, (a, b) in pairs if a != b), min(len(before), len(after)))
    return [text[max(0, same - 8) : same + 12] for text in (before, after)]


def _examples(examples: Iterable[list[str]]) -> str:
    return ", ".join(f"{before!r} to {after!r}" for before, after in examples)


def _pairs(tally: Tally) -> str:
    return f"{tally.count:,} pair{'s' if tally.count != 1 else ''} ({tally.where()})"


def _split_line(split: SplitReport) -> str:
    dropped = f", {split.dropped.total:,} dropped" if split.dropped.total else ""
    sides = ", ".join(
        f"{name} {side.tokens:,} tokens (mean {side.mean_length:.1f}, longest {side.max_length} "
        f"in line {side.longest_line:,})"
        for name, side in (("source", split.source), ("target", split.target))
    )
    return f"{split.name}: {split.kept:,} pairs of {split.read:,} lines{dropped}; {sides}"


def _split(values: Mapping[str, Any]) -> SplitReport:
    parts: dict[str, Any] = dict(values)
    for name in ("dropped", "notes"):
        reasons = values[name]["reasons"]
        parts[name] = Tallies({reason: Tally(**tally) for reason, tally in reasons.items()})
    for name in ("repeated", "sources_in_training", "pairs_in_training"):
        parts[name] = Tally(**values[name])
    for name in ("source", "target"):
        parts[name] = SideReport.from_json(values[name])
    return SplitReport(**parts)
