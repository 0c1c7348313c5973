"""The model rebuilt in TensorFlow from its weights; encoder, decoder and search in one graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import tensorflow as tf

from seq2seq.bench.forms import Loading, Search
from seq2seq.data.batch_building import Ids
from seq2seq.export.exported_model import ExportedModel, read_exported_model
from seq2seq.export.restored_model import restored_model
from seq2seq.inference.batches import map_by_length
from seq2seq.model.graph_search import beam_search
from seq2seq.model.text_rules import TextRules

_SearchFunction = Callable[[Ids], Any]


class TensorFlowForm:
    """Translation in TensorFlow; batches by length, with at most `search.batch_tokens` tokens."""

    def __init__(self, exported_model: ExportedModel) -> None:
        """Rebuild the exported model in TensorFlow."""
        self._source, self._target = (
            exported_model.source_tokenizer,
            exported_model.target_tokenizer,
        )
        self._settings = exported_model.settings.search
        self._model = restored_model(exported_model)
        self._rules = TextRules.of(self._source, self._target)
        self._functions: dict[int, _SearchFunction] = {}

    def translate(self, sentences: Sequence[str], search: Search) -> list[str]:
        """Translate as `Form.translate` does."""
        function = self._function(search.beam_size)
        budget = self._settings.batch_tokens if search.batched else 1

        def run(batch: Ids, numbers: list[int]) -> list[list[int]]:
            found = function(batch)
            lengths = found.lengths[:, 0].numpy()
            return [
                ids[:length].tolist()
                for ids, length in zip(found.ids[:, 0].numpy(), lengths, strict=True)
            ]

        rows = self._source.encode(sentences)
        texts = self._target.decode(map_by_length(run, rows, max_tokens=budget))
        # As in the translator, a source without tokens gives no text.
        return [text if row else "" for text, row in zip(texts, rows, strict=True)]

    def _function(self, beam_size: int) -> _SearchFunction:
        """Return the search as a graph, traced once for all shapes of batches."""
        if beam_size not in self._functions:

            @tf.function(input_signature=[tf.TensorSpec([None, None], tf.int32)], autograph=False)
            def function(source_ids: tf.Tensor) -> Any:
                settings = replace(self._settings, beam_size=beam_size)
                return beam_search(self._model, source_ids, settings, rules=self._rules)

            self._functions[beam_size] = function
        return self._functions[beam_size]


def load(loading: Loading) -> TensorFlowForm:
    """Load the exported model, with the requested threads."""
    tf.config.threading.set_intra_op_parallelism_threads(loading.threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    return TensorFlowForm(read_exported_model(loading.directory))
