"""Lines of a translation report with everything known about each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from seq2seq.evaluation.attention_maps import AttentionMap
from seq2seq.evaluation.charts import attention_map
from seq2seq.evaluation.html import (
    Content,
    Html,
    definitions,
    element,
    joined,
    note,
    quoted,
    scrolling,
)
from seq2seq.evaluation.translation_evaluation import EvaluationSet, TranslationEvaluation
from seq2seq.text.words import tokens

_MOST_COMPARED = 2000  # most characters of texts whose differences are marked
_MOST_TOKENS = 60  # most tokens of a side of a map


class LineArticles:
    """Writer of the lines of a report; each line is written once and linked elsewhere.

    Attributes:
        mentioned: indices of the lines that were linked.
        written: indices of the lines that were written.
    """

    def __init__(
        self,
        test: EvaluationSet,
        systems: Mapping[str, TranslationEvaluation],
        findings: Mapping[int, Sequence[str]],
    ) -> None:
        """Store the test set, its translations by system name, and errors by line index."""
        self._test, self._systems, self._findings = test, systems, findings
        self.mentioned: set[int] = set()
        self.written: set[int] = set()

    def link(self, line: int) -> Html:
        """Return a link to a line, counted from 0."""
        self.mentioned.add(line)
        return element("a", f"{line + 1:,}", href=f"#line-{line + 1}")

    def article(self, line: int, maps: Sequence[AttentionMap] | None = None) -> Html:
        """Return a line, or a link to it if it was written before.

        Args:
            line: index of the line, from 0.
            maps: attention maps of the parts of the line; None to write no maps.
        """
        if line in self.written:
            return element("p", "Line ", self.link(line), " is shown above.")
        self.written.add(line)
        references = self._test.of_line(line)
        several = len(references) > 1
        entries: list[tuple[str, Content]] = [("source", quoted(self._test.sources[line]))]
        entries += [
            (f"reference {number}" if several else "reference", quoted(reference))
            for number, reference in enumerate(references, 1)
        ]
        for name, system in self._systems.items():
            entries += self._translation(line, name, system, references)
        if self._findings.get(line):
            entries.append(("errors", "; ".join(self._findings[line])))
        return element(
            "article",
            element("h3", f"Line {line + 1:,}"),
            definitions(entries),
            [] if maps is None else _maps(maps),
            id=f"line-{line + 1}",
        )

    def _translation(
        self, line: int, name: str, system: TranslationEvaluation, references: tuple[str, ...]
    ) -> Iterable[tuple[str, Content]]:
        translation = system.translations[line]
        notes = [f"chrF {system.lines.line_chrf[line]:.1f}"]
        if translation.split:
            notes.append(f"translated in {translation.parts} parts")
        if translation.note:
            notes.append(translation.note)
        text = marked_difference(translation.text, references)
        label = "translation" if len(self._systems) == 1 else name
        yield label, [text, " ", note("(", "; ".join(notes), ")")]


def marked_difference(output: str, references: Sequence[str]) -> Html:
    """Return the output with its differences from the most similar reference.

    Words that this reference lacks are marked; words that only the reference has are struck
    through.
    """
    if not output.strip() or max(map(len, [output, *references])) > _MOST_COMPARED:
        return quoted(output)
    words = tokens(output)
    rows = [tokens(reference) for reference in references]
    matchers = [SequenceMatcher(None, row, words, autojunk=False) for row in rows]
    wanted, best = max(zip(rows, matchers, strict=True), key=lambda pair: pair[1].ratio())
    parts: list[Html] = []
    for kind, start, end, from_, to in best.get_opcodes():
        missing, written = "".join(wanted[start:end]), "".join(words[from_:to])
        if kind == "equal":
            parts.append(joined(written))
        else:
            parts += [element("del", missing)] if missing.strip() else []
            parts.append(element("mark", written) if written.strip() else joined(written))
    return element("bdi", parts, class_="text", dir="auto")


def _maps(maps: Sequence[AttentionMap]) -> Iterable[Html]:
    for one in sorted(maps, key=lambda one: one.part):
        if max(len(one.source), len(one.target)) > _MOST_TOKENS:
            size = f"{len(one.source)} source and {len(one.target)} target tokens"
            yield element("p", note(f"The attention map of {size} is too large to show."))
        else:
            yield scrolling(attention_map(one))
