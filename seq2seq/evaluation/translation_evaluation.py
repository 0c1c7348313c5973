"""Translations of a test set with their scores."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from seq2seq.config.choices import BleuTokenizer
from seq2seq.config.monitors import AUTO
from seq2seq.data.sequences.item import Content, Values
from seq2seq.errors import DataError
from seq2seq.evaluation.bleu import bleu_tokenizer_for, perplexity
from seq2seq.evaluation.error_rates import error_rates
from seq2seq.evaluation.text_scores import BLEU, CHRF, TER, ScoredLines
from seq2seq.inference.pair_scoring import MOST_TOKENS, PairScorer, doubtful_lines
from seq2seq.inference.translation import Translation
from seq2seq.inference.translation_options import SearchOptions
from seq2seq.inference.translator import Translator

log = logging.getLogger("seq2seq")


@dataclass(frozen=True)
class EvaluationSet:
    """Sources with their references.

    Attributes:
        sources: source of each line, as text; for features, a name of the sequence.
        references: one or more lists, each with one reference per line.
        features: sequences of features, if the sources are not texts.
    """

    sources: Sequence[str]
    references: Sequence[Sequence[str]]
    features: Sequence[Values] = ()

    @property
    def contents(self) -> Sequence[Content]:
        """Return the contents to translate: texts or features."""
        return self.features or self.sources

    def of_line(self, line: int) -> tuple[str, ...]:
        """Return the references of a line, counted from 0; blank ones only if all are blank."""
        found = [references[line] for references in self.references]
        return tuple([one for one in found if one.strip()] or found[:1])


@dataclass(frozen=True)
class TranslationEvaluation:
    """Translations of a test set by one model, or by several as an ensemble.

    Attributes:
        translator: translator of the model.
        search: options of the search.
        translations: translation of each line.
        lines: outputs with the statistics of each line.
        figures: scores by name, for JSON.
    """

    translator: Translator
    search: SearchOptions
    translations: list[Translation]
    lines: ScoredLines
    figures: dict[str, Any]

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate other texts with the same options as the test set."""
        return self.translator.translate(texts, options=self.search)


def evaluate_translator(
    translator: Translator,
    test: EvaluationSet,
    *,
    beam_size: int | None = None,
    batch_tokens: int | None = None,
    bleu_tokenizer: BleuTokenizer | None = None,
) -> TranslationEvaluation:
    """Translate the sources and compare the translations with the references.

    The loss is the mean negative log-probability of a token of the references, including end
    symbols.

    Args:
        translator: model to evaluate.
        test: test set, not empty.
        beam_size, batch_tokens: options of the search; by default those of the model.
        bleu_tokenizer: name of sacreBLEU's tokenizer; by default the one used in training.

    Raises:
        DataError: no pair is short enough for the loss.
    """
    loss, tokens = _loss(translator, test, batch_tokens)
    search = SearchOptions(beam_size=beam_size, batch_tokens=batch_tokens)
    translations = [found[0] for found in translator.hypotheses(test.contents, options=search)]
    outputs = [one.text for one in translations]
    tokenizer = bleu_tokenizer or translator.bleu_tokenizer
    if tokenizer == AUTO:
        tokenizer = bleu_tokenizer_for([one for column in test.references for one in column])
    lines = ScoredLines(outputs, test.references, bleu_tokenizer=tokenizer)
    if lines.slow_ter is not None:
        line, words = lines.slow_ter
        log.warning(
            "TER is left out, because its search for shifted words would take too long; most for "
            "line %d, a translation of %s words",
            line,
            f"{words:,}",
        )
    count = len(test.references)
    figures = {
        **{name: lines.score(name) if name in lines.names else None for name in (BLEU, CHRF, TER)},
        **error_rates(
            list(test.sources) * count,
            outputs * count,
            [one for column in test.references for one in column],
            kind=translator.target_kind,
        ),
        "signature": lines.signature(BLEU),
        "chrf_signature": lines.signature(CHRF),
        "ter_signature": lines.signature(TER) if TER in lines.names else None,
        "loss": loss,
        "perplexity": perplexity(loss),
        "sentences": len(outputs),
        "tokens": tokens,
        "beam_size": translator.search.beam_size if beam_size is None else beam_size,
    }
    return TranslationEvaluation(translator, search, translations, lines, figures)


def _loss(
    translator: Translator, test: EvaluationSet, batch_tokens: int | None
) -> tuple[float, int]:
    """Return the loss of the references, and their number of tokens."""
    scorer = PairScorer(translator, batch_tokens=batch_tokens)
    log_prob, tokens = 0.0, 0
    for references in test.references:
        pairs = scorer.score(test.contents, references)
        for number, reason in doubtful_lines(pairs, translator.training_sources):
            log.warning("line %d, in the loss: %s", number, reason)
        scored = [pair for pair in pairs if pair is not None]
        log_prob += sum(pair.log_prob for pair in scored)
        tokens += sum(pair.tokens for pair in scored)
    if not tokens:
        raise DataError(f"every line has over {MOST_TOKENS} tokens; give files of sentences")
    return -log_prob / tokens, tokens
