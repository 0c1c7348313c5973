"""Rows of source pieces, each with the conditions of its output, and the search for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seq2seq.data.pipeline import Ids
from seq2seq.inference.batches import map_by_length
from seq2seq.inference.constraints import Conditions, rules_for
from seq2seq.inference.options import SearchOptions, beam_settings
from seq2seq.search.beam_search import beam_search
from seq2seq.search.hypotheses import Hypothesis
from seq2seq.search.sampling import sample
from seq2seq.search.step_model import StepModel
from seq2seq.settings import SearchSettings
from seq2seq.text.tokenizer import PAD, Tokenizer

# A search with conditions keeps more hypotheses and looks at the whole vocabulary.
_LARGER = 4


@dataclass(frozen=True)
class Row:
    """A text, or a part of a long one, as the model reads it.

    Attributes:
        ids: its pieces, without end symbol.
        conditions: of its output.
    """

    ids: list[int]
    conditions: Conditions


@dataclass(frozen=True)
class RowSearch:
    """The search for the outputs of rows.

    Attributes:
        model: the model.
        tokenizer: of the target.
        settings: what the options leave open.
    """

    model: StepModel
    tokenizer: Tokenizer
    settings: SearchSettings

    def __call__(self, rows: Sequence[Row], options: SearchOptions) -> list[list[Hypothesis]]:
        """The `options.n_best` outputs of each row, best first; fewer where fewer were found."""
        budget = options.batch_tokens
        budget = self.settings.batch_tokens if budget is None else budget
        found: dict[int, list[Hypothesis]] = {}
        # Apart, so that what is asked of one text costs no other its speed or its shortlist.
        for asked, tokens in ((False, budget), (True, max(1, budget // _LARGER))):
            chosen = [number for number, row in enumerate(rows) if bool(row.conditions) == asked]
            of_group = self._group([rows[number] for number in chosen], options, tokens)
            found.update(zip(chosen, of_group, strict=True))
        return [found[number] for number in range(len(rows))]

    def _group(
        self, rows: Sequence[Row], options: SearchOptions, max_tokens: int
    ) -> list[list[Hypothesis]]:
        def run(batch: Ids, numbers: list[int]) -> list[list[Hypothesis]]:
            return self._batch(batch, [rows[number].conditions for number in numbers], options)

        return map_by_length(run, [row.ids for row in rows], max_tokens=max_tokens)

    def _batch(
        self, batch: Ids, conditions: Sequence[Conditions], options: SearchOptions
    ) -> list[list[Hypothesis]]:
        settings, sampling = beam_settings(options, self.settings), options.sampling
        repeat = options.no_repeat_ngram
        written, rules, selection, limits = rules_for(
            conditions,
            self.tokenizer,
            self._limits(batch),
            beam_size=settings.beam_size,
            no_repeat_ngram=self.settings.no_repeat_ngram if repeat is None else repeat,
            drawn=sampling is not None,
        )
        if sampling is not None:
            return sample(
                self.model,
                batch,
                limits,
                sampling=sampling,
                drawings=options.n_best,
                written=written,
                rules=rules,
                links=options.alignments,
            )
        found = beam_search(
            self.model,
            batch,
            limits,
            settings=settings,
            written=written,
            rules=rules,
            selection=selection,
        )
        return [hypotheses[: options.n_best] for hypotheses in found]

    def _limits(self, batch: Ids) -> Ids:
        """The longest output of each row, end symbol counted."""
        lengths = (batch != PAD).sum(axis=1)
        limits = (lengths * self.settings.max_length_factor).astype(np.int32)
        return limits + np.int32(self.settings.max_length_offset + 1)
