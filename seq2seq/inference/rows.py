"""Rows of source tokens with the conditions on their outputs, and the search for the outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from seq2seq.config.schema import SearchSettings
from seq2seq.data.batch_building import Ids, padded_sequences
from seq2seq.inference.batches import Pad, map_by_length
from seq2seq.inference.constraints import Conditions, SearchRules, rules_for, spelling_of
from seq2seq.inference.translation_options import SearchOptions, beam_settings
from seq2seq.search.beam_search import beam_search
from seq2seq.search.constraints.coverage import PhraseProgress
from seq2seq.search.constraints.edits import PhraseEdits
from seq2seq.search.constraints.forced import Forced
from seq2seq.search.hypotheses import Hypothesis
from seq2seq.search.sampling import sample
from seq2seq.search.sources import Sources, source_lengths
from seq2seq.search.step_model import StepModel
from seq2seq.text.tokenizer import Tokenizer

# A search with conditions keeps more hypotheses and looks at the whole vocabulary, so its batches
# hold fewer tokens.
_COST_OF_CONDITIONS = 4


@dataclass(frozen=True)
class Row:
    """Text, or part of a long text, in the form that the model reads.

    Attributes:
        ids: tokens without end symbol, or unscaled features `[time, features]`.
        conditions: conditions on the output.
        align: true if the alignment of the output is needed.
    """

    ids: Any
    conditions: Conditions
    align: bool = False


@dataclass(frozen=True)
class RowSearch:
    """Search for the outputs of rows.

    Attributes:
        model: model to search with.
        tokenizer: tokenizer of the target.
        settings: default values for options that are not set.
        pad: function that returns rows as a batch.
    """

    model: StepModel
    tokenizer: Tokenizer
    settings: SearchSettings
    pad: Pad = padded_sequences

    def __call__(self, rows: Sequence[Row], options: SearchOptions) -> list[list[Hypothesis]]:
        """Return the `options.n_best` outputs of each row, best first; fewer if fewer were found.

        Required phrases are first ignored: if the model writes them anyway, the search is finished.
        """
        if self.model.has_attention and any(row.align for row in rows):
            options = replace(options, alignments=True)
        budget = options.batch_tokens
        budget = self.settings.batch_tokens if budget is None else budget
        fewer = max(1, budget // _COST_OF_CONDITIONS)
        plain = [replace(row, conditions=row.conditions.without_required()) for row in rows]
        found: dict[int, list[Hypothesis]] = {}
        # Search separately, so that conditions on one text do not slow down others or disable their
        # shortlists.
        for conditional, tokens in ((False, budget), (True, fewer)):
            chosen = [
                number for number, row in enumerate(plain) if bool(row.conditions) == conditional
            ]
            of_group = self._without_required(_rows_of(plain, chosen), options, tokens)
            found.update(zip(chosen, of_group, strict=True))
        lacking = [
            number
            for number, row in enumerate(rows)
            if self._lacks(row, found[number][: options.n_best])
        ]
        before = [found[number] for number in lacking]
        completed = self._completed(_rows_of(rows, lacking), before, options, fewer)
        found.update(zip(lacking, completed, strict=True))
        return [found[number][: options.n_best] for number in range(len(rows))]

    def _without_required(
        self, rows: Sequence[Row], options: SearchOptions, max_tokens: int
    ) -> list[list[Hypothesis]]:
        """Return outputs of rows; required phrases are ignored."""

        def run(batch: Sources, numbers: list[int]) -> list[list[Hypothesis]]:
            rules = self._rules(batch, _rows_of(rows, numbers), options)
            return self._search(batch, rules, options)

        return self._mapped(run, rows, max_tokens)

    def _lacks(self, row: Row, found: Sequence[Hypothesis]) -> bool:
        """Return whether at least one output lacks a phrase that its row requires."""
        if not row.conditions.required:
            return False
        progress = PhraseProgress(spelling_of(self.tokenizer), row.conditions.required)
        return any(progress.missing(one.ids) for one in found)

    def _completed(
        self,
        rows: Sequence[Row],
        found: Sequence[Sequence[Hypothesis]],
        options: SearchOptions,
        max_tokens: int,
    ) -> list[list[Hypothesis]]:
        """Return outputs that hold the phrases that their rows require.

        Args:
            rows: rows with required phrases.
            found: outputs of these rows from the search without the phrases.
            options: options of the search.
            max_tokens: maximum number of tokens of a batch.
        """

        def run(batch: Sources, numbers: list[int]) -> list[list[Hypothesis]]:
            rules = self._rules(batch, _rows_of(rows, numbers), options)
            edits = self._edits(batch, _rows_of(rows, numbers), rules, options)
            before = [found[number] for number in numbers]
            if options.sampling is None:
                return edits.best(before, self._search(batch, rules, options))
            drawn = edits.drawn(before)
            if not all(drawn):  # the phrases cannot be inserted: sample outputs that write them
                again = self._search(batch, rules, options)
                drawn = [one or other for one, other in zip(drawn, again, strict=True)]
            return drawn

        return self._mapped(run, rows, max_tokens)

    def _mapped(
        self,
        run: Callable[[Sources, list[int]], list[list[Hypothesis]]],
        rows: Sequence[Row],
        max_tokens: int,
    ) -> list[list[Hypothesis]]:
        ids = [row.ids for row in rows]
        return map_by_length(run, ids, max_tokens=max_tokens, pad=self.pad)

    def _search(
        self, batch: Sources, rules: SearchRules, options: SearchOptions
    ) -> list[list[Hypothesis]]:
        settings, sampling = beam_settings(options, self.settings), options.sampling
        if sampling is not None:
            return sample(
                self.model,
                batch,
                rules.limits,
                sampling=sampling,
                drawings=options.n_best,
                written=rules.written,
                rules=rules.rules,
                align=settings.align,
            )
        return beam_search(
            self.model,
            batch,
            rules.limits,
            settings=settings,
            written=rules.written,
            rules=rules.rules,
            selection=rules.selection,
        )

    def _rules(self, batch: Sources, rows: Sequence[Row], options: SearchOptions) -> SearchRules:
        repeat = options.no_repeat_ngram
        return rules_for(
            [row.conditions for row in rows],
            self.tokenizer,
            self._limits(batch),
            beam_size=beam_settings(options, self.settings).beam_size,
            no_repeat_ngram=self.settings.no_repeat_ngram if repeat is None else repeat,
            drawn=options.sampling is not None,
        )

    def _edits(
        self, batch: Sources, rows: Sequence[Row], rules: SearchRules, options: SearchOptions
    ) -> PhraseEdits:
        if rules.required is None:
            raise ValueError("the rows require nothing")
        settings = beam_settings(options, self.settings)
        if options.sampling is not None:  # the score of a sample is its log-probability
            settings = replace(settings, length_penalty=0.0, coverage_penalty=0.0)
        forced = Forced(
            self.model,
            batch,
            settings=settings,
            written=rules.written,
            rules=rules.edit_rules,
        )
        return PhraseEdits(
            forced,
            rules.required,
            [row.conditions.origins for row in rows],
            spelling_of(self.tokenizer),
            settings,
        )

    def _limits(self, batch: Sources) -> Ids:
        """Return the maximum output length of each row, end symbol included."""
        lengths = source_lengths(batch)
        limits = (lengths * self.settings.max_length_factor).astype(np.int32)
        return limits + np.int32(self.settings.max_length_offset + 1)


def _rows_of(rows: Sequence[Row], numbers: Sequence[int]) -> list[Row]:
    return [rows[number] for number in numbers]
