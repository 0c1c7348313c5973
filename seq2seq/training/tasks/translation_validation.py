"""Validation of a translation: the loss of every pair, and the scores of translated text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import tensorflow as tf

from seq2seq.config.choices import BleuTokenizer, TokenizerKind
from seq2seq.config.schema import SearchSettings
from seq2seq.data.batching import order_by_length
from seq2seq.data.sequences.batches import SourceBatch
from seq2seq.evaluation.bleu import perplexity, text_scores
from seq2seq.evaluation.error_rates import error_rates
from seq2seq.inference.batches import map_by_length, padding_of
from seq2seq.model.graph_search import beam_search
from seq2seq.model.target_scoring import pair_log_probs
from seq2seq.model.text_rules import TextRules
from seq2seq.model.translation import (
    TranslationModel,
    batch_parts,
    batch_signature,
    source_of,
)
from seq2seq.training.reporting.sample import Sample
from seq2seq.training.tasks.task import Validation
from seq2seq.training.tasks.translation_corpus import RawPairs, TranslationCorpus


class TranslationValidator:
    """Validator of translation models; its graphs are traced once.

    Decoding is greedy: it is fast and ranks checkpoints as beam search does.
    """

    def __init__(
        self,
        model: TranslationModel,
        corpus: TranslationCorpus,
        search: SearchSettings,
        decoded: RawPairs,
        *,
        target_kind: TokenizerKind,
        bleu_tokenizer: BleuTokenizer,
    ) -> None:
        """Create the validator of a model; the sources of `decoded` are translated."""
        self._model, self._corpus, self._search = model, corpus, search
        self._target_kind, self._bleu_tokenizer = target_kind, bleu_tokenizer
        self._decoded = decoded
        self._rows = corpus.inputs.encode(list(decoded.contents))
        self._rules = TextRules.of(corpus.inputs.tokenizer, corpus.target_tokenizer)
        signature = batch_signature(corpus.inputs.features)
        self._log_probs = tf.function(
            self._sum_log_probs, input_signature=signature, autograph=False
        )
        self._greedy = tf.function(
            self._search_greedily, input_signature=signature[:-1], autograph=False
        )

    def run(self) -> Validation:
        """Validate the current weights of the model."""
        loss = self._loss()
        outputs = self._translations()
        names, references = self._decoded.names, self._decoded.references
        scores = text_scores(outputs, references, bleu_tokenizer=self._bleu_tokenizer)
        values = {
            "valid_loss": loss,
            "valid_perplexity": perplexity(loss),
            "valid_bleu": scores.bleu,
            "valid_chrf": scores.chrf,
        }
        rates = error_rates(names, outputs, references, kind=self._target_kind)
        values |= {f"valid_{name}": value for name, value in rates.items()}
        count = len(outputs)
        shown = sorted({count // 3, 2 * count // 3})
        samples = [Sample(names[i], references[i], outputs[i]) for i in shown]
        return Validation(values, samples)

    def _loss(self) -> float:
        """Return the mean negative log-likelihood per token, including end symbols."""
        pairs = self._corpus.valid
        sources, targets = pairs.lengths()
        total = 0.0
        longer = sources.clip(min=targets)
        for rows in order_by_length(longer, max_tokens=self._search.batch_tokens):
            total -= float(self._log_probs(*pairs.batch(rows)))
        return total / float(targets.sum())

    def _translations(self) -> list[str]:
        def translate(batch: Any, _: list[int]) -> Sequence[list[int]]:
            tensors = batch if isinstance(batch, SourceBatch) else (batch,)
            rows: list[list[int]] = self._greedy(*tensors).numpy().tolist()
            return rows

        tokens = map_by_length(
            translate,
            self._rows,
            max_tokens=self._search.batch_tokens,
            pad=padding_of(self._corpus.inputs),
        )
        return self._corpus.target_tokenizer.decode(tokens)

    def _sum_log_probs(self, *batch: tf.Tensor) -> tf.Tensor:
        return tf.reduce_sum(pair_log_probs(self._model, *batch_parts(batch)))

    def _search_greedily(self, *source: tf.Tensor) -> Any:
        greedy = replace(self._search, beam_size=1)
        best = beam_search(self._model, source_of(source), greedy, rules=self._rules)
        return best.ids[:, 0]
