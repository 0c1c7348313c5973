"""The model as a TensorFlow SavedModel: text in, text out, tokenizers inside the graph.

It is for TensorFlow Serving and other programs that run SavedModels; the program that loads it must
have imported `tensorflow_text`. `Translator` does not need that package.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from seq2seq.config.schema import SearchSettings
from seq2seq.export.exported_model import ExportedModel
from seq2seq.export.restored_model import restored_model
from seq2seq.model.backend import silent_stderr
from seq2seq.model.graph_search import Hypotheses, beam_search
from seq2seq.model.text_rules import TextRules
from seq2seq.model.translation import TranslationModel
from seq2seq.text.tokenizer import EOS

# Equivalent of `text.lines.one_line` as an RE2 pattern.
_BREAKS = r"[\n\r\x{0B}\x{0C}\x{1C}\x{1D}\x{1E}\x{85}\x{2028}\x{2029}]"
# Equivalent of `str.isspace`.
_BLANK = r"[\s\p{Z}\x{0B}\x{1C}-\x{1F}\x{85}]*"


class TextTranslator(tf.Module):
    """Module `translate(text [batch] string) -> translation [batch] string, score [batch] float32`.

    It searches as the settings say and returns the best translation. Text without tokens (blank
    text) gives "" and 0.

    It does less than `seq2seq.Translator`. A text is never split: the caller must split a text with
    more sentences or tokens than the limits in `sources.json`, or part of it is lost. There is no
    placeholder copying, and there are no constraints.
    """

    def __init__(self, exported_model: ExportedModel) -> None:
        super().__init__(name="text_translator")
        source, target = exported_model.source_tokenizer, exported_model.target_tokenizer
        with tf.device("/CPU:0"):
            # A graph with cuDNN's operator would not load without a GPU.
            model = restored_model(exported_model, use_cudnn=False)
            # Without different names the second tokenizer holds the first one's model after a
            # reload (tensorflow/text#1304).
            self.source_tokenizer = _tokenizer(source.model_bytes, "source_tokenizer")
            self.target_tokenizer = _tokenizer(target.model_bytes, "target_tokenizer")
        # Only the variables: if a Keras model were an attribute, TensorFlow would save a call with
        # float32 inputs, but ids are integers.
        self.variables_kept = [variable.value for variable in model.variables]
        rules = TextRules.of(source, target)
        self._search = _search_of(model, exported_model.settings.search, rules)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="text")], autograph=False)
    def translate(self, text: tf.Tensor) -> dict[str, tf.Tensor]:
        """Return translations and length-penalised scores of `text` `[batch] string` in UTF-8."""
        clean = tf.strings.unicode_transcode(text, "UTF-8", "UTF-8", errors="replace")
        tokens = self.source_tokenizer.tokenize(clean)
        rows = tf.shape(text)[0]
        # The search needs at least one row; without text it gets an empty one that is removed
        # again.
        spare = tf.cast(tf.equal(rows, 0), tf.int32)
        ends = tf.fill([rows + spare, 1], EOS)
        padded = tf.pad(tokens.to_tensor(), [[0, spare], [0, 0]])
        lengths = tf.pad(tf.cast(tokens.row_lengths(), tf.int32), [[0, spare]])
        source_ids = _append(padded, lengths, ends)
        found = self._search(source_ids)
        best = tf.RaggedTensor.from_tensor(found.ids[:rows, 0], lengths=found.lengths[:rows, 0])
        spelled = self.target_tokenizer.detokenize(best)
        spelled = tf.strings.unicode_transcode(spelled, "UTF-8", "UTF-8", errors="replace")
        spelled = tf.strings.regex_replace(spelled, _BREAKS, " ")
        blank = tf.equal(lengths[:rows], 0) | tf.strings.regex_full_match(clean, _BLANK)
        return {
            "translation": tf.where(blank, "", spelled),
            "score": tf.where(blank, 0.0, found.scores[:rows, 0]),
        }

    def signature(self) -> Any:
        """Return the concrete function of `translate`."""
        return self.translate.get_concrete_function()


def _search_of(
    model: TranslationModel, settings: SearchSettings, rules: TextRules
) -> Callable[[tf.Tensor], Hypotheses]:
    def search(source_ids: tf.Tensor) -> Hypotheses:
        return beam_search(model, source_ids, settings, rules=rules)

    return search


def _tokenizer(model: bytes, name: str) -> Any:
    import tensorflow_text  # here, so that its absence is seen at each export

    with silent_stderr():  # SentencePiece writes there that the model has no normalisation
        return tensorflow_text.SentencepieceTokenizer(model, out_type=tf.int32, name=name)


def _append(padded: tf.Tensor, lengths: tf.Tensor, ends: tf.Tensor) -> tf.Tensor:
    """Return `padded` `[batch, length + 1]` with the end symbol after each row's last token."""
    wider = tf.pad(padded, [[0, 0], [0, 1]])
    here = tf.one_hot(lengths, tf.shape(wider)[1], on_value=True, off_value=False)
    return tf.where(here, ends, wider)
