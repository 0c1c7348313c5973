"""Classification or regression model as a TensorFlow SavedModel, with its input preparation.

A model of features takes unscaled numbers; one of texts takes texts, and the program that loads it
must have imported `tensorflow_text`. `Predictor` does not need that package.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from seq2seq.data.sequences.scaling import Scale
from seq2seq.export.exported_label_model import ExportedLabelModel, label_shape
from seq2seq.model import crf
from seq2seq.model.backend import silent_stderr
from seq2seq.model.label_model import Head, LabelModel, build_label_model
from seq2seq.model.weights import assign_weights
from seq2seq.text.tokenizer import Tokenizer

# White space as in `str.split`; TensorFlow's own has only ASCII characters.
_WHITE_SPACE = f"[{''.join(filter(str.isspace, map(chr, range(0x3001))))}]+"


class LabelServer(tf.Module):
    """Module with one function, which takes texts, or features with their lengths.

    The outputs depend on the task. A model that predicts one class returns `label` `[batch] string`
    and `probabilities` `[batch, classes] float32`; one that predicts several classes returns only
    `probabilities`; one that predicts numbers returns `values` `[batch, numbers]`.

    If there is a prediction for each step or word, each output has a dimension for the predictions
    after the batch dimension, padded with "" or 0; the number of predictions of each sequence is
    returned as `lengths` `[batch] int32`. For a sequence without steps, such as blank text, the
    outputs are "" and 0.
    """

    def __init__(self, exported_model: ExportedLabelModel) -> None:
        """Build the model.

        Raises:
            ModelError: the weights do not fit the settings.
        """
        super().__init__(name="label_server")
        settings, inputs = exported_model.settings, exported_model.inputs
        self._schema = exported_model.schema
        shape = label_shape(settings, inputs, self._schema)
        with tf.device("/CPU:0"):
            # A graph with cuDNN's operator would not load without a GPU.
            model = build_label_model(
                settings.model,
                Head(shape.outputs, shape.per_step, shape.pooling),
                vocab=shape.vocab,
                features=shape.features,
                use_cudnn=False,
            )
            assign_weights(model, exported_model.weights)
            self._word_starts: tf.Tensor | None = None
            if inputs.tokenizer is not None:
                self.tokenizer = _tokenizer(inputs.tokenizer)
                self._word_starts = tf.constant(inputs.tokenizer.word_starts)
                self._single = inputs.tokenizer.unfit_word
        # Only the variables: if a Keras model were an attribute, TensorFlow would save its calls.
        self.variables_kept = [variable.value for variable in model.variables]
        self._predictions = self._function_of(model)
        if inputs.scale is not None:
            self._signature = self._of_features(inputs.scale)
        else:
            self._signature = self._of_texts()

    def signature(self) -> Any:
        """Return the concrete function that takes a batch."""
        return self._signature.get_concrete_function()

    def _of_texts(self) -> Any:
        text = tf.TensorSpec([None], tf.string, name="text")
        encode = self._word_tokens if self._schema.per_step else self.tokenizer.tokenize

        @tf.function(input_signature=[text], autograph=False)
        def predict(text: tf.Tensor) -> dict[str, tf.Tensor]:
            clean = tf.strings.unicode_transcode(text, "UTF-8", "UTF-8", errors="replace")
            tokens = encode(clean)
            lengths = tf.cast(tokens.row_lengths(), tf.int32)
            return self._predictions(tokens.to_tensor(), lengths)

        return predict

    def _of_features(self, scale: Scale) -> Any:
        kind = tf.as_dtype(scale.computed)
        features = tf.TensorSpec([None, None, len(scale.mean)], kind, name="features")
        lengths = tf.TensorSpec([None], tf.int32, name="lengths")
        mean, deviation = (tf.constant(each, kind) for each in (scale.mean, scale.deviation))

        @tf.function(input_signature=[features, lengths], autograph=False)
        def predict(features: tf.Tensor, lengths: tf.Tensor) -> dict[str, tf.Tensor]:
            held = tf.cast(tf.cast(features, scale.precision), kind)
            scaled = tf.cast((held - mean) / deviation, tf.float32)
            return self._predictions(scaled, lengths)

        return predict

    def _function_of(self, model: LabelModel) -> Any:
        def predictions(values: tf.Tensor, lengths: tf.Tensor) -> dict[str, tf.Tensor]:
            # The model needs a step in each row, so there is always a first one.
            rank = len(values.shape)
            values = tf.pad(values, [[0, 0], [0, 1], *[[0, 0]] * (rank - 2)])
            mask = tf.sequence_mask(tf.maximum(lengths, 1), tf.shape(values)[1])
            real = mask if rank == 2 else mask[:, :, tf.newaxis]
            outputs = model(tf.where(real, values, tf.zeros([], values.dtype)), mask)
            if not self._schema.per_step:
                return self._finished(outputs, lengths > 0)
            there = mask & (lengths > 0)[:, tf.newaxis]
            if self._word_starts is None:
                found = self._finished(outputs, there, chain=model.chain)
                return {**{name: each[:, :-1] for name, each in found.items()}, "lengths": lengths}
            there &= tf.gather(self._word_starts, values)
            found = self._finished(outputs, there, chain=model.chain)
            words = {name: _compact(each, there) for name, each in found.items()}
            return {**words, "lengths": tf.reduce_sum(tf.cast(there, tf.int32), axis=1)}

        return predictions

    def _word_tokens(self, text: tf.Tensor) -> tf.RaggedTensor:
        """Return the tokens of each text as `Tokenizer.encode_words` does, `[batch, (tokens)]`."""
        words = tf.strings.split(tf.strings.regex_replace(text, _WHITE_SPACE, " "))
        tokens = self.tokenizer.tokenize(words.values)
        starts = tf.ragged.map_flat_values(tf.gather, self._word_starts, tokens)
        fits = tf.reduce_sum(tf.cast(starts, tf.int32), axis=1) == 1
        lengths = tf.where(fits, tokens.row_lengths(), tf.ones([], tf.int64))
        table = tf.pad(tokens.to_tensor(), [[0, 0], [0, 1]])  # at least one column
        table = tf.where(fits[:, tf.newaxis], table, self._single)
        tokens = tf.RaggedTensor.from_tensor(table, lengths=lengths)
        return words.with_values(tokens).merge_dims(1, 2)

    def _finished(
        self, outputs: tf.Tensor, there: tf.Tensor, *, chain: crf.ChainPotentials | None = None
    ) -> dict[str, tf.Tensor]:
        """Return the predictions of `outputs` `[..., outputs]`, empty where `there` is false."""
        schema, shown = self._schema, there[..., tf.newaxis]
        if schema.has_numbers:
            kind = tf.as_dtype(schema.scale.precision)
            deviation, mean = (
                tf.constant(each, kind) for each in (schema.scale.deviation, schema.scale.mean)
            )
            values = tf.cast(outputs, kind) * deviation + mean
            return {"values": tf.where(shown, values, tf.zeros([], kind))}
        if schema.several:
            return {"probabilities": tf.where(shown, tf.sigmoid(outputs), 0.0)}
        if chain is None:
            numbers, probabilities = tf.argmax(outputs, axis=-1), tf.nn.softmax(outputs)
        else:
            potentials = chain.tensors()
            numbers = crf.best_path(outputs, there, potentials)
            probabilities = crf.marginals(outputs, there, potentials)
        label = tf.gather(tf.constant(schema.classes), numbers)
        return {
            "label": tf.where(there, label, ""),
            "probabilities": tf.where(shown, probabilities, 0.0),
        }


def _compact(values: tf.Tensor, flags: tf.Tensor) -> tf.Tensor:
    """Return the flagged entries of `[batch, length, ...]` moved to the left, then 0 or ""."""
    return tf.ragged.boolean_mask(values, flags).to_tensor()


def _tokenizer(tokenizer: Tokenizer) -> Any:
    import tensorflow_text  # only needed by models of texts

    with silent_stderr():  # SentencePiece writes there that the model has no normalisation
        return tensorflow_text.SentencepieceTokenizer(tokenizer.model_bytes, out_type=tf.int32)
