"""Report on the translations of a test set as one HTML page, for translators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from seq2seq.evaluation.attention_maps import (
    AttentionMap,
    WordCoverage,
    attention_maps,
    word_coverage,
)
from seq2seq.evaluation.coverage_check import coverage_check
from seq2seq.evaluation.html import (
    Content,
    Html,
    Section,
    definitions,
    element,
    note,
    page,
    paragraph,
    quoted,
    table,
)
from seq2seq.evaluation.line_articles import LineArticles
from seq2seq.evaluation.line_checks import Check, LineTexts, check_lines
from seq2seq.evaluation.line_groups import (
    Systems,
    group_table,
    interval_note,
    length_groups,
    noise_results,
    noise_table,
    noise_text,
    rarity_groups,
    rarity_text,
)
from seq2seq.evaluation.noise_scores import noisy_sources
from seq2seq.evaluation.score_section import score_section
from seq2seq.evaluation.text_scores import PairedResult
from seq2seq.evaluation.token_rarity import TokenRarity
from seq2seq.evaluation.translation_evaluation import EvaluationSet, TranslationEvaluation

_SHOWN_LINES = 10  # worst lines, random lines, lines that differ
_SHOWN_FINDINGS = 20  # lines of one check
_SHOWN_NUMBERS = 20


@dataclass(frozen=True)
class ReportOptions:
    """Options of a report on translations.

    Attributes:
        facts: names and values that describe the evaluation, for the head of the page.
        rarity: rarity of the source tokens of the first system.
        carried: kinds of spans that noise leaves unchanged; None to omit the noise, for sources
            that are not typed by people.
        seed: seed of all random numbers.
    """

    facts: Sequence[tuple[str, str]]
    rarity: TokenRarity
    carried: Sequence[str] | None = ()
    seed: int = 0


def translation_report(
    systems: Systems,
    test: EvaluationSet,
    options: ReportOptions,
    *,
    paired: Mapping[str, PairedResult] | None = None,
) -> Html:
    """Return the page.

    Args:
        systems: system to report on, as `A`, and optionally one to compare with it, as `B`.
        test: test set that they translate.
        options: options of the report.
        paired: results of the paired test of both systems, by metric.
    """
    return _Report(systems, test, options).page(paired or {})


class _Report:
    """Sections of a report; the errors shown are those of its first system."""

    def __init__(self, systems: Systems, test: EvaluationSet, options: ReportOptions) -> None:
        self._systems, self._test, self._options = systems, test, options
        self._system = next(iter(systems.values()))
        self._written = np.array([bool(text.strip()) for text in test.sources])
        self._checks = {name: self._checks_of(system) for name, system in systems.items()}
        errors: dict[int, list[str]] = defaultdict(list)
        for check in next(iter(self._checks.values())):
            for finding in check.findings:
                errors[finding.line - 1].append(f"{check.title.lower()} ({finding.detail})")
        self._articles = LineArticles(test, systems, errors)

    def page(self, paired: Mapping[str, PairedResult]) -> Html:
        """Return the complete report."""
        seed, system = self._options.seed, self._system
        lengths, rarest = length_groups(system), rarity_groups(system, self._options.rarity)
        few = interval_note()
        sections = [
            Section("scores", "Scores", self._scores(paired)),
            Section("errors", "Errors of single lines", self._errors()),
            Section(
                "length",
                "Scores by source length",
                [group_table("source tokens", lengths, self._systems, seed=seed), few],
            ),
            Section(
                "rarity",
                "Scores by the rarest source token",
                [
                    rarity_text(self._options.rarity),
                    group_table("rarest token", rarest, self._systems, seed=seed),
                    few,
                ],
            ),
            *self._noise(),
            *self._differences(),
            Section("worst", f"The {_SHOWN_LINES} worst lines", self._worst()),
            Section("random", f"{_SHOWN_LINES} random lines", self._random()),
        ]
        others = sorted(self._articles.mentioned - self._articles.written)
        if others:
            articles = [self._articles.article(line) for line in others]
            sections.append(Section("others", "Other lines that are mentioned", articles))
        return page("Translation report", self._introduction(), sections)

    def _checks_of(self, system: TranslationEvaluation) -> list[Check]:
        """Return the results of the checks of single lines."""
        texts = [
            LineTexts(source, output, self._test.of_line(line))
            for line, (source, output) in enumerate(
                zip(self._test.sources, system.lines.outputs, strict=True)
            )
        ]
        checks = check_lines(texts)
        if system.translator.model.has_attention:
            coverage: dict[int, list[WordCoverage]] = defaultdict(list)
            for one in self._maps(system, range(len(texts))):
                coverage[one.line] += word_coverage(one)
            checks.append(coverage_check(coverage, exact=system.lines.exact.tolist()))
        return checks

    def _maps(self, system: TranslationEvaluation, lines: Sequence[int]) -> Iterator[AttentionMap]:
        """Yield the attention maps of the given lines, with their indices in the test set."""
        translations = [system.translations[line] for line in lines]
        tokens = system.search.batch_tokens or system.translator.search.batch_tokens
        for one in attention_maps(system.translator, translations, batch_tokens=tokens):
            yield one._replace(line=lines[one.line])

    def _introduction(self) -> Content:
        facts = [*self._options.facts, ("lines", f"{len(self._test.sources):,}")]
        blank = np.flatnonzero(~self._written) + 1
        if len(blank):
            shown = ", ".join(f"{line:,}" for line in blank[:_SHOWN_NUMBERS].tolist())
            rest = len(blank) - _SHOWN_NUMBERS
            more = f" and {rest:,} more" if rest > 0 else ""
            facts.append(("blank source lines", f"{len(blank):,} ({shown}{more})"))
        return definitions((name, quoted(value)) for name, value in facts)

    def _scores(self, paired: Mapping[str, PairedResult]) -> Content:
        slow = self._system.lines.slow_ter
        left_out = slow and paragraph(
            "TER is left out, because its search for shifted words would take too long, most for "
            "line ",
            self._articles.link(slow.line - 1),
            ".",
        )
        return [score_section(self._systems, paired, seed=self._options.seed), left_out]

    def _errors(self) -> Content:
        several = len(self._systems) > 1
        head = ["error", *(f"lines {name}" if several else "lines" for name in self._systems)]
        head += ["share", "of"]
        by_key = [{check.key: check for check in checks} for checks in self._checks.values()]
        rows: list[list[Content]] = []
        for key, check in by_key[0].items():
            lines = [f"{len(one[key].findings):,}" if key in one else "–" for one in by_key]
            share = f"{check.wrong / check.judged:.2%}" if check.judged else "–"
            title = element("a", check.title, href=f"#{key}") if check.findings else check.title
            rows.append([title, *lines, share, f"{check.judged:,} {check.unit}"])
        numeric = range(1, len(head) - 1)
        about = "Share and lists are of A. " if several else ""
        return [
            paragraph(
                f"{about}References decide what is an error; some will be good translations."
            ),
            None if self._system.translator.model.has_attention else _no_attention(),
            table(head, rows, numeric=numeric),
            (self._check(check) for check in by_key[0].values() if check.findings),
        ]

    def _check(self, check: Check) -> Content:
        """Return the lines with errors of one kind."""
        rows = [
            [
                self._articles.link(finding.line - 1),
                finding.detail,
                quoted(self._test.sources[finding.line - 1]),
                quoted(self._system.lines.outputs[finding.line - 1]),
            ]
            for finding in check.findings[:_SHOWN_FINDINGS]
        ]
        rest = len(check.findings) - len(rows)
        return [
            element("h3", check.title, id=check.key),
            paragraph(note(check.rule)),
            table(["line", "error", "source", "translation"], rows, numeric=[0]),
            paragraph(f"and {rest:,} more lines") if rest else None,
        ]

    def _noise(self) -> Iterator[Section]:
        options, sources = self._options, self._test.sources
        if options.carried is None:
            return
        noisy = noisy_sources(
            sources,
            carried=options.carried,
            placeholders=self._system.translator.source_tokenizer.placeholders,
            seed=options.seed,
        )
        results = list(noise_results(self._systems, self._test, noisy, seed=options.seed))
        content = [noise_text(len(sources)), noise_table(noisy, results, self._systems)]
        yield Section("noise", "Scores by noise of typing", content)

    def _differences(self) -> Iterator[Section]:
        if len(self._systems) == 1:
            return
        first, second = (system.lines.line_chrf for system in self._systems.values())
        change = np.where(self._written, second - first, 0.0)
        order = np.argsort(change, kind="stable")
        worse = [line for line in order[:_SHOWN_LINES].tolist() if change[line] < 0]
        better = [line for line in order[::-1][:_SHOWN_LINES].tolist() if change[line] > 0]
        content: list[Content] = [
            paragraph(
                f"By chrF, B is better on {(change > 0).sum():,} lines, worse on "
                f"{(change < 0).sum():,}, and alike on the rest. The maps are those of A."
            ),
            paragraph(_marks_text()),
        ]
        for title, lines in (("B is worse", worse), ("B is better", better)):
            if lines:
                content += [element("h3", title), self._with_maps(lines)]
        yield Section("differences", "Where A and B differ most", content)

    def _worst(self) -> Content:
        scores = self._system.lines.line_chrf
        order = np.argsort(np.where(self._written, scores, np.inf), kind="stable")
        wrong = self._written & ~self._system.lines.exact
        lines = [line for line in order.tolist() if wrong[line]][:_SHOWN_LINES]
        if not lines:
            return paragraph("Every translation is one of its references.")
        return [
            paragraph("By chrF of the line, the worst first. ", _marks_text()),
            self._with_maps(lines),
        ]

    def _random(self) -> Content:
        lines = np.flatnonzero(self._written)
        if not len(lines):
            return paragraph("Every source is blank.")
        rng = np.random.default_rng([self._options.seed, len(lines)])
        drawn = np.sort(rng.choice(lines, min(_SHOWN_LINES, len(lines)), replace=False)).tolist()
        return [paragraph(f"Drawn with the seed {self._options.seed}."), self._with_maps(drawn)]

    def _with_maps(self, lines: Sequence[int]) -> Iterable[Html]:
        """Return lines with their attention maps."""
        maps: dict[int, list[AttentionMap]] = defaultdict(list)
        if self._system.translator.model.has_attention:
            for one in self._maps(self._system, lines):
                maps[one.line].append(one)
        return [self._articles.article(line, maps[line]) for line in lines]


def _marks_text() -> str:
    return (
        "Words that the most similar reference does not have are marked, words that only it has "
        "are struck through. In a map each row is a token of the translation and shows which "
        "source tokens the model looked at."
    )


def _no_attention() -> Html:
    return paragraph(
        "This model has no attention, so there are no attention maps, and source words that are "
        "left out cannot be found."
    )
