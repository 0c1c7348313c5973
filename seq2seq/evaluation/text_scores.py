"""Corpus scores of translations by sacreBLEU, for all lines or some, with several references.

Sources: Papineni et al. 2002 (BLEU); Popović 2015 (chrF); Snover et al. 2006 (TER); Post 2018 for
sacreBLEU.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.choices import BleuTokenizer
from seq2seq.evaluation.bleu import counts_characters
from seq2seq.evaluation.resampling import (
    RANDOMISATION_SEED,
    Interval,
    bootstrap_interval,
    randomisation_p_value,
    randomisation_trials,
)

BLEU, CHRF, TER = "bleu", "chrf", "ter"
NAMES = {BLEU: "BLEU", CHRF: "chrF", TER: "TER"}
LOWER_IS_BETTER = (TER,)

# sacreBLEU's search for shifted words takes hours on long or repetitive lines. Its work is
# estimated in cells of its tables, about a million per second.
_MOST_TER_CELLS = 200_000_000
_TER_CANDIDATES = 1000  # maximum number of shifts that it tries per line
_TER_BAND = 50  # cells of a row of its tables

Lines = NDArray[np.int64]
References = Sequence[Sequence[str]]


class SlowTer(NamedTuple):
    """Reason for leaving TER out: the slowest line, counted from 1, and its number of words."""

    line: int
    words: int


class PairedResult(NamedTuple):
    """Difference between two systems by one metric.

    Attributes:
        p_value: probability of at least this difference if the systems were equally good.
        signature: sacreBLEU's signature of the test.
    """

    p_value: float
    signature: str


class ScoredLines:
    """Outputs with statistics of each line, which are enough to score any set of the lines.

    Attributes:
        outputs: translations.
        names: names of the computed metrics, as in `NAMES`.
        slow_ter: reason for leaving TER out, or None.
    """

    def __init__(
        self,
        outputs: Sequence[str],
        references: References,
        *,
        bleu_tokenizer: BleuTokenizer,
        names: Iterable[str] = NAMES,
    ) -> None:
        """Compute the statistics.

        Args:
            outputs: translations, at least one.
            references: lists of references, each as long as `outputs`; blank references are ignored
                if the line has another.
            bleu_tokenizer: name of sacreBLEU's tokenizer.
            names: metrics to compute.
        """
        self.outputs = list(outputs)
        self._references = _present(references)
        self._tokenizer = bleu_tokenizer
        self.slow_ter = self._slow_ter() if TER in names else None
        self.names = tuple(name for name in names if name != TER or self.slow_ter is None)
        self._metrics = {name: _metric(name, bleu_tokenizer) for name in self.names}
        self._statistics = {
            name: np.array(
                metric._extract_corpus_statistics(self.outputs, self._references), np.float64
            )
            for name, metric in self._metrics.items()
        }

    def __len__(self) -> int:
        return len(self.outputs)

    def score(self, name: str, lines: Lines | None = None) -> float:
        """Return the corpus score of some lines, by default of all; there must be at least one."""
        return self._score(name, self._rows(name, lines).sum(axis=0))

    def interval(self, name: str, lines: Lines | None = None, *, seed: int) -> Interval | None:
        """Return the confidence interval of the score of some lines; None for very few lines."""
        return bootstrap_interval(
            self._rows(name, lines), lambda sums: self._score(name, sums), seed=seed
        )

    def change(
        self, name: str, lines: Lines, other: ScoredLines, *, seed: int
    ) -> tuple[float, Interval | None]:
        """Return the score of `other` minus that of some lines, with its confidence interval.

        Args:
            name: name of the metric.
            lines: lines of this object that correspond to all lines of `other`, in order.
            other: other outputs for the same references.
            seed: seed of the resampling, which draws both outputs of a line together.
        """
        ours, theirs = self._rows(name, lines), other._rows(name, None)
        width = ours.shape[1]

        def difference(sums: NDArray[np.float64]) -> float:
            return self._score(name, sums[width:]) - self._score(name, sums[:width])

        both = np.hstack([ours, theirs])
        return difference(both.sum(axis=0)), bootstrap_interval(both, difference, seed=seed)

    def signature(self, name: str) -> str:
        """Return sacreBLEU's signature of the metric."""
        return str(self._metrics[name].get_signature())

    @cached_property
    def line_chrf(self) -> NDArray[np.float64]:
        """Return the chrF of each line, `[lines]`; two blank texts count as equal."""
        empty = ~self._statistics[CHRF].any(axis=1)
        scores = np.array([self._score(CHRF, row) for row in self._statistics[CHRF]])
        return np.where(empty & self.exact, 100.0, scores)

    @cached_property
    def exact(self) -> NDArray[np.bool_]:
        """Return whether each output, stripped, equals one of its references, `[lines]`."""
        pairs = zip(self.outputs, zip(*self._references, strict=True), strict=True)
        return np.array([output.strip() in map(_stripped, present) for output, present in pairs])

    def paired_test(self, other: ScoredLines) -> dict[str, PairedResult]:
        """Return the result of approximate randomisation against `other`, by metric."""
        return {
            name: self._paired_result(name, other) for name in self.names if name in other.names
        }

    def _paired_result(self, name: str, other: ScoredLines) -> PairedResult:
        signature = self._metrics[name].get_signature()
        signature.update("seed", RANDOMISATION_SEED)
        signature.update("ar", randomisation_trials(len(self)))
        p_value = randomisation_p_value(
            self._statistics[name], other._statistics[name], partial(self._score, name)
        )
        return PairedResult(p_value, str(signature))

    def _rows(self, name: str, lines: Lines | None) -> NDArray[np.float64]:
        return self._statistics[name] if lines is None else self._statistics[name][lines]

    def _score(self, name: str, sums: NDArray[np.float64]) -> float:
        return float(self._metrics[name]._compute_score_from_stats(sums.tolist()).score)

    def _slow_ter(self) -> SlowTer | None:
        """Return the most expensive line if TER would take too long, or None."""
        words = list if counts_characters(self._tokenizer) else str.split
        costs = [
            sum(_ter_cells(words(output), words(one or "")) for one in references)
            for output, references in zip(
                self.outputs, zip(*self._references, strict=True), strict=True
            )
        ]
        if sum(costs) <= _MOST_TER_CELLS:
            return None
        slowest = int(np.argmax(costs))
        return SlowTer(slowest + 1, len(words(self.outputs[slowest])))


def _metric(name: str, bleu_tokenizer: BleuTokenizer) -> Any:
    from sacrebleu import metrics

    if name == BLEU:
        return metrics.BLEU(tokenize=bleu_tokenizer)
    if name == CHRF:
        return metrics.CHRF()
    unspaced = counts_characters(bleu_tokenizer)
    return metrics.TER(normalized=unspaced, asian_support=unspaced)


def _present(references: References) -> list[list[str | None]]:
    """Drop the blank references of each line that has other references.

    None fills the free positions at the end. The first reference of a line is never None.
    """
    rows: list[list[str | None]] = []
    for line in zip(*references, strict=True):
        present: list[str | None] = [one for one in line if one.strip()] or [line[0]]
        rows.append(present + [None] * (len(line) - len(present)))
    return [list(column) for column in zip(*rows, strict=True)]


def _ter_cells(output: list[str], reference: list[str]) -> int:
    """Estimate the work of TER on one line, in cells of its tables.

    Words that occur several times may be shifted to several positions. Each shift that is tried
    costs a table with a row for each word of the output and at most `_TER_BAND` columns.
    """
    ours, theirs = Counter(output), Counter(reference)
    matched = sum((ours & theirs).values())
    pairs = sum(count * theirs[word] for word, count in ours.items())
    wrong = max(len(output), len(reference)) - matched
    candidates = min(_TER_CANDIDATES, 3 * (pairs - matched + wrong)) if wrong else 0
    table = len(output) * min(len(reference), _TER_BAND)
    return candidates * table + len(output) * len(reference)


def _stripped(text: str | None) -> str | None:
    return None if text is None else text.strip()
