"""Scores of groups of lines: by length, by their rarest token, and by typing noise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from seq2seq.data.corpus_report import HISTOGRAM_BOUNDS
from seq2seq.evaluation.charts import Bar, bars, series_key
from seq2seq.evaluation.html import Content, Html, element, note, paragraph, quoted, table
from seq2seq.evaluation.noise_scores import MOST_LINES, NoisySources
from seq2seq.evaluation.number_text import change_text, interval_explanation, score_text
from seq2seq.evaluation.resampling import Interval
from seq2seq.evaluation.text_scores import BLEU, CHRF, Lines, ScoredLines
from seq2seq.evaluation.token_rarity import TokenRarity
from seq2seq.evaluation.translation_evaluation import EvaluationSet, TranslationEvaluation

Systems = Mapping[str, TranslationEvaluation]


class LineGroup(NamedTuple):
    """Lines that are scored together, and a note for the reader."""

    name: str
    lines: Lines
    note: Content = None


class NoiseResult(NamedTuple):
    """Effect of one kind of noise on the translations of one system.

    Attributes:
        before, after: chrF of the changed lines without and with the noise.
        change: difference of the two, with its confidence interval.
    """

    before: float
    after: float
    change: tuple[float, Interval | None]


def length_groups(system: TranslationEvaluation) -> list[LineGroup]:
    """Return the lines by the length of the source in tokens; blank lines are left out."""
    lengths = np.array([len(one.source_tokens) for one in system.translations])
    found = np.searchsorted(np.array(HISTOGRAM_BOUNDS), lengths)
    groups = []
    for number, high in enumerate((*HISTOGRAM_BOUNDS, None)):
        low = HISTOGRAM_BOUNDS[number - 1] + 1 if number else 1
        lines = np.flatnonzero((found == number) & (lengths > 0))
        if len(lines):
            groups.append(LineGroup(f"{low}–{high}" if high else f"{low} or more", lines))
    return groups


def rarity_groups(system: TranslationEvaluation, rarity: TokenRarity) -> list[LineGroup]:
    """Return the lines by their rarest source token, the rarest first."""
    ids = {token: number for number, token in enumerate(system.translator.source_tokenizer.tokens)}
    rows = [[ids[token] for token in one.source_tokens] for one in system.translations]
    return [
        LineGroup(group.name, group.lines, f"such as {', '.join(map(_spelled, group.examples))}")
        for group in rarity.groups(rows)
    ]


def group_table(heading: str, groups: Sequence[LineGroup], systems: Systems, *, seed: int) -> Html:
    """Return the scores of each group by each system."""
    rows = []
    for group in groups:
        cells: list[Content] = []
        shown = []
        for system in systems.values():
            lines = system.lines
            bar = Bar(lines.score(CHRF, group.lines), lines.interval(CHRF, group.lines, seed=seed))
            shown.append(bar)
            bleu, exact = lines.score(BLEU, group.lines), lines.exact[group.lines].mean()
            cells += [score_text(bar), f"{bleu:.1f}", f"{exact:.0%}"]
        explained = group.note and element("div", note(group.note))
        name = element("div", group.name, explained, class_="wide" if explained else None)
        rows.append([name, f"{len(group.lines):,}", bars(shown, maximum=100.0), *cells])
    head = [heading, "lines", system_key(systems), *_each(systems, ("chrF", "BLEU", "exact"))]
    return table(head, rows, numeric=[1, *range(3, len(head))])


def noise_results(
    systems: Systems, test: EvaluationSet, noisy: Sequence[NoisySources], *, seed: int
) -> Iterator[list[NoiseResult]]:
    """Translate the sources with each kind of noise; yield the result of each system.

    For a kind that changes no line the list is empty.
    """
    for kind in noisy:
        lines = kind.lines
        references = [[column[line] for line in lines.tolist()] for column in test.references]
        yield [
            _noise_result(system, kind, references, seed=seed)
            for system in systems.values()
            if len(lines)
        ]


def noise_table(
    noisy: Sequence[NoisySources], results: Sequence[Sequence[NoiseResult]], systems: Systems
) -> Html:
    """Return the effect of each kind of noise."""
    head = ["noise", "lines", system_key(systems), *_each(systems, ("chrF", "change"))]
    rows: list[list[Content]] = []
    for kind, found in zip(noisy, results, strict=True):
        name: list[Content] = [kind.name]
        if found:
            name.append(element("div", note(quoted(kind.sources[0]))))
        cells: list[Content] = []
        for result in found:
            change, interval = result.change
            cells.append(f"{result.before:.1f} → {result.after:.1f}")
            cells.append(change_text(change, interval))
        chart = bars([Bar(result.after) for result in found], maximum=100.0)
        missing = [""] * (len(head) - 3 - len(cells))
        count = f"{len(kind.lines):,}"
        rows.append([element("div", name, class_="wide"), count, chart, *cells, *missing])
    return table(head, rows, numeric=[1, *range(3, len(head))])


def system_key(systems: Systems) -> Content:
    """Return the legend of the systems' colours; empty for one system."""
    return series_key(systems) if len(systems) > 1 else ""


def _each(systems: Systems, names: Sequence[str]) -> list[str]:
    """Return the headings of some columns for each system."""
    if len(systems) == 1:
        return list(names)
    return [f"{name} {system}" for system in systems for name in names]


def rarity_text(rarity: TokenRarity) -> Html:
    """Return an explanation of the groups by rarity."""
    if rarity.exact:
        return paragraph("How often the rarest token of the source occurs in the training sources.")
    return paragraph(
        "The rank of the rarest token of the source in the tokenizer's vocabulary, 1 being the "
        "most frequent. It stands for the frequency in the training data, which an exported model "
        "does not hold; the report of a run directory whose prepared corpus is still there counts "
        "it."
    )


def noise_text(lines: int) -> Html:
    """Return an explanation of the noise, for a test set of `lines` lines."""
    drawn = "all lines" if lines <= MOST_LINES else f"{MOST_LINES:,} drawn lines"
    return paragraph(
        f"The sources of {drawn}, changed as people type and translated again. Both scores are "
        "those of the changed lines."
    )


def interval_note() -> Content:
    """Return an explanation of the intervals, and a warning about the BLEU of a group."""
    return [
        interval_explanation("lines"),
        paragraph(note("BLEU of few or short lines says little.")),
    ]


def _noise_result(
    system: TranslationEvaluation,
    kind: NoisySources,
    references: list[list[str]],
    *,
    seed: int,
) -> NoiseResult:
    outputs = system.translate(kind.sources)
    # No BLEU is computed here, so its tokenizer has no effect.
    after = ScoredLines(outputs, references, bleu_tokenizer="none", names=[CHRF])
    before = system.lines.score(CHRF, kind.lines)
    change = system.lines.change(CHRF, kind.lines, after, seed=seed)
    return NoiseResult(before, after.score(CHRF), change)


def _spelled(token: str) -> str:
    return token.replace("\u2581", " ").strip() or "a space"
