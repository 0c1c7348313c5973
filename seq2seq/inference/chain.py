"""Translation through several models, each of which reads the output of the model before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from seq2seq.inference.stream.pipeline import SearchesTranslations
from seq2seq.inference.translation import Translation, product_of
from seq2seq.inference.translation_options import SearchOptions

if TYPE_CHECKING:
    from seq2seq.inference.translator import Translator


class Chain:
    """Chain of translators; implements `SearchesTranslations`.

    Each model except the last passes on its best translation. The options of the search apply to
    every model; the options for alternatives, sampling and the content of translations apply to the
    last model only.
    """

    def __init__(self, first: SearchesTranslations, then: Sequence[Translator]) -> None:
        """Translate with `first`, then pass the result through each model of `then` in turn."""
        self._first, self._then = first, then

    def hypotheses(self, texts: Sequence[str], options: SearchOptions) -> list[list[Translation]]:
        """Return the translations of each text by the last model, best first.

        Raises:
            SettingsError: an option is invalid for one of the models.
        """
        earlier = _of_the_search(options)
        found = self._first.hypotheses(texts, earlier)
        for number, model in enumerate(self._then, start=1):
            passed = [alternatives[0] for alternatives in found]
            its_options = options if number == len(self._then) else earlier
            written = model.hypotheses([one.text for one in passed], its_options)
            found = [
                [_following(before, one) for one in alternatives]
                for before, alternatives in zip(passed, written, strict=True)
            ]
        return found


def _of_the_search(options: SearchOptions) -> SearchOptions:
    """Return the options for a model before the last, which passes on its best translation."""
    return SearchOptions(
        beam_size=options.beam_size,
        length_penalty=options.length_penalty,
        coverage_penalty=options.coverage_penalty,
        no_repeat_ngram=options.no_repeat_ngram,
        batch_tokens=options.batch_tokens,
        shrink_batches=options.shrink_batches,
        shortlist=options.shortlist,
    )


def _following(before: Translation, last: Translation) -> Translation:
    """Return `last`, a translation of `before.text`, as a translation of the source of `before`."""
    return replace(
        last,
        via=(*before.via, before.text),
        confidence=product_of([before.confidence, last.confidence]),
        part_lengths=max(before.part_lengths, last.part_lengths, key=len),
        note="; ".join(filter(None, [before.note, last.note])),
        error=before.error,
    )
