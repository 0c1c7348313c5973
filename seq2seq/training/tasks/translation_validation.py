"""Validation of a translation: the loss of every pair, and the scores of translated text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from seq2seq.config.choices import BleuTokenizer, TokenizerKind
from seq2seq.config.schema import SearchSettings
from seq2seq.data.batch_building import Columns, Ids, padded_rows
from seq2seq.data.batching import order_by_length
from seq2seq.data.corpus import PreparedCorpus
from seq2seq.evaluation.bleu import perplexity, text_scores
from seq2seq.evaluation.error_rates import error_rates
from seq2seq.inference.batches import map_by_length
from seq2seq.model.graph_search import beam_search
from seq2seq.model.target_scoring import pair_log_probs
from seq2seq.model.text_rules import TextRules
from seq2seq.model.translation import TranslationModel
from seq2seq.training.reporting.sample import Sample
from seq2seq.training.tasks.task import Validation

_IDS = tf.TensorSpec([None, None], tf.int32)


class Decoded(NamedTuple):
    """Validation pairs that are translated, as raw text of the files."""

    sources: Sequence[str]
    references: Sequence[str]


class TranslationValidator:
    """Validator of translation models; its graphs are traced once.

    Decoding is greedy: it is fast and ranks checkpoints as beam search does.
    """

    def __init__(
        self,
        model: TranslationModel,
        corpus: PreparedCorpus,
        search: SearchSettings,
        decoded: Decoded,
        *,
        target_kind: TokenizerKind,
        bleu_tokenizer: BleuTokenizer,
    ) -> None:
        self._model, self._corpus, self._search = model, corpus, search
        self._target_kind, self._bleu_tokenizer = target_kind, bleu_tokenizer
        self._sources, self._references = decoded
        self._tokens = corpus.source_tokenizer.encode(self._sources)
        self._rules = TextRules.of(corpus.source_tokenizer, corpus.target_tokenizer)
        self._log_probs = tf.function(
            self._sum_log_probs, input_signature=[_IDS, _IDS], autograph=False
        )
        self._greedy = tf.function(self._search_greedily, input_signature=[_IDS], autograph=False)

    def run(self) -> Validation:
        """Validate the current weights of the model."""
        loss = self._loss()
        outputs = self._translations()
        scores = text_scores(outputs, self._references, bleu_tokenizer=self._bleu_tokenizer)
        values = {
            "valid_loss": loss,
            "valid_perplexity": perplexity(loss),
            "valid_bleu": scores.bleu,
            "valid_chrf": scores.chrf,
        }
        rates = error_rates(self._sources, outputs, self._references, kind=self._target_kind)
        values |= {f"valid_{name}": value for name, value in rates.items()}
        count = len(outputs)
        shown = sorted({count // 3, 2 * count // 3})
        samples = [Sample(self._sources[i], self._references[i], outputs[i]) for i in shown]
        return Validation(values, samples)

    def _loss(self) -> float:
        """Return the mean negative log-likelihood per token, including end symbols."""
        columns = Columns(self._corpus.valid.source, self._corpus.valid.target)
        sources, targets = columns.lengths()
        total = 0.0
        longer = sources.clip(min=targets)
        for rows in order_by_length(longer, max_tokens=self._search.batch_tokens):
            source = padded_rows(columns.source, rows)
            target = padded_rows(columns.target, rows)
            total -= float(self._log_probs(source, target))
        return total / float(targets.sum())

    def _translations(self) -> list[str]:
        def translate(batch: Ids, _: list[int]) -> Sequence[list[int]]:
            rows: list[list[int]] = self._greedy(batch).numpy().tolist()
            return rows

        tokens = map_by_length(translate, self._tokens, max_tokens=self._search.batch_tokens)
        return self._corpus.target_tokenizer.decode(tokens)

    def _sum_log_probs(self, source: tf.Tensor, target: tf.Tensor) -> tf.Tensor:
        return tf.reduce_sum(pair_log_probs(self._model, source, target))

    def _search_greedily(self, source: tf.Tensor) -> Any:
        best = beam_search(
            self._model,
            source,
            beam_size=1,
            max_length_factor=self._search.max_length_factor,
            max_length_offset=self._search.max_length_offset,
            rules=self._rules,
        )
        return best.ids[:, 0]
