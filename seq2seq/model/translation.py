"""Translation model: input layer, encoder, decoder and output layer combined.

Its interface is `encode`, `decode` and `step`; training, scoring and search use only these.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import keras
import tensorflow as tf

from seq2seq.config.choices import Precision
from seq2seq.config.schema import ModelSettings
from seq2seq.data.sequences.batches import SourceBatch
from seq2seq.model.bridge import Bridge
from seq2seq.model.composite import Composite
from seq2seq.model.decoder import Decoded, Decoder, Memory
from seq2seq.model.dropout import drop
from seq2seq.model.embedding import OutputLayer, build_embedding
from seq2seq.model.encoder import build_encoder
from seq2seq.model.front_end import build_front_end
from seq2seq.model.padding import pad_right, steps_right, token_mask
from seq2seq.model.recurrent import LSTMState, UseCudnn
from seq2seq.text.tokenizer import BOS

POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16", "float16": "mixed_float16"}
_OUTPUT_DROPOUT_SITE = 300


class EncodedSource(NamedTuple):
    """Encoded batch: memory for the attention, and initial states of the decoder."""

    memory: Memory
    states: tuple[LSTMState, ...]


Sources: TypeAlias = tf.Tensor | SourceBatch


class TranslationModel(Composite, keras.Model):
    """LSTM encoder–decoder with attention, from token ids or from features to token ids.

    Token ids are `[batch, length] int32`; 0 is padding, on either side. A source row ends with the
    end symbol, so that no row is empty. Features are a `SourceBatch`.

    Source: Sutskever et al. 2014, "Sequence to sequence learning with neural networks".
    """

    def __init__(
        self,
        settings: ModelSettings,
        *,
        source_vocab: int,
        target_vocab: int,
        shared_vocabulary: bool,
        precision: Precision = "float32",
        use_cudnn: UseCudnn = "auto",
    ) -> None:
        dtype = keras.DTypePolicy(POLICIES[precision])
        super().__init__(name="translation", dtype=dtype)
        dim, self.dropout = settings.embedding_dim, settings.dropout
        self.target_embedding = build_embedding(
            target_vocab, dim, name="target_embedding", dtype=dtype
        )
        self.source_embedding = None
        if source_vocab and shared_vocabulary and settings.tie_embeddings:
            self.source_embedding = self.target_embedding
        elif source_vocab:
            self.source_embedding = build_embedding(
                source_vocab, dim, name="source_embedding", dtype=dtype
            )
        self.front_end = build_front_end(settings, of_texts=bool(source_vocab), dtype=dtype)
        self.encoder = build_encoder(settings, use_cudnn=use_cudnn, dtype=dtype)
        self.bridge = Bridge(
            units=settings.units,
            layers=settings.decoder_layers,
            has_states=self.encoder.has_states,
            dtype=dtype,
        )
        self.decoder = Decoder(
            units=settings.units,
            layers=settings.decoder_layers,
            attention=settings.attention,
            residual=settings.residual,
            dropout=settings.dropout,
            use_cudnn=use_cudnn,
            dtype=dtype,
        )
        self.output_layer = OutputLayer(
            dim, target_vocab, tied=settings.tie_embeddings, dtype=dtype
        )

    def encode(self, source: Sources, seed: tf.Tensor | None = None) -> EncodedSource:
        """Encode ids `[batch, source_len] int32`, or features; padding may be on either side."""
        if self.source_embedding is None:
            values, mask = steps_right(*source)
            inputs = tf.cast(values, self.compute_dtype)
        else:
            ids = pad_right(source)
            inputs, mask = self.source_embedding(ids), token_mask(ids)
        if self.front_end is not None:
            inputs, mask = self.front_end(inputs, mask)
        encoding = self.encoder(inputs, mask, seed=seed)
        return EncodedSource(
            self.decoder.memory(encoding.outputs, mask), self.bridge(encoding, mask)
        )

    def decode(
        self, source: EncodedSource, target_ids: tf.Tensor, seed: tf.Tensor | None = None
    ) -> Decoded:
        """Decode known targets (teacher forcing); the features at each position predict its token.

        Args:
            source: encoded batch.
            target_ids: target tokens, `[batch, target_len] int32`, each row ending with the end
                symbol, padded on the right.
            seed: seed of the dropout, `[2] int32`; None outside training.

        Returns:
            decoded batch, its features projected to `[batch, target_len, embedding_dim]` (see
            `logits`).
        """
        mask = token_mask(target_ids)
        start = tf.fill([tf.shape(target_ids)[0], 1], BOS)
        shifted = tf.concat([start, target_ids[:, :-1]], axis=1)
        inputs = self.target_embedding(tf.where(mask, shifted, 0))
        decoded = self.decoder(inputs, mask, memory=source.memory, states=source.states, seed=seed)
        features = drop(decoded.features, self.dropout, seed=seed, site=_OUTPUT_DROPOUT_SITE)
        return decoded._replace(features=self.output_layer(features))

    def step(
        self, tokens: tf.Tensor, memory: Memory, states: tuple[LSTMState, ...]
    ) -> tuple[tf.Tensor, tf.Tensor | None, tuple[LSTMState, ...]]:
        """Decode the next token, for search.

        Args:
            tokens: previous tokens, `[batch] int32`.
            memory: encoded source.
            states: state of each layer.

        Returns:
            logits `[batch, vocab_size] float32`, attention `[batch, source_len] float32` or None,
            and the new states.
        """
        decoded = self.decoder.step(self.target_embedding(tokens), memory, states)
        features = self.output_layer(decoded.features)[:, 0, :]
        attention = None if decoded.attention is None else decoded.attention[:, 0, :]
        return self.logits(features), attention, decoded.states

    def output_table(self) -> keras.Variable:
        """Return the vectors of the target vocabulary, `[vocab_size, embedding_dim]`."""
        if self.output_layer.table is not None:
            return self.output_layer.table
        return self.target_embedding.embeddings

    def logits(self, features: tf.Tensor) -> tf.Tensor:
        """Return logits `[..., vocab_size] float32`.

        Args:
            features: projected features of the decoder, `[..., embedding_dim]`.
        """
        table = tf.cast(tf.convert_to_tensor(self.output_table()), features.dtype)
        scores = tf.matmul(features, table, transpose_b=True)
        return tf.cast(scores, tf.float32) + tf.convert_to_tensor(self.output_layer.bias)

    def call(self, inputs: tuple[Sources, tf.Tensor]) -> tf.Tensor:
        """Return logits `[batch, target_len, vocab_size]` of a source and `target_ids`."""
        source, target_ids = inputs
        return self.logits(self.decode(self.encode(source), pad_right(target_ids)).features)


def build_model(
    settings: ModelSettings,
    *,
    source_vocab: int,
    target_vocab: int,
    shared_vocabulary: bool,
    source_features: int = 0,
    precision: Precision = "float32",
    use_cudnn: UseCudnn = "auto",
) -> TranslationModel:
    """Return a translation model with all its weights created (see `weights.initialise_weights`).

    Args:
        settings: settings of the model.
        source_vocab, target_vocab: sizes of the vocabularies; `source_vocab` is 0 for features.
        shared_vocabulary: true if both sides use one vocabulary (and one embedding, if tied).
        source_features: number of features of a step; 0 if the model reads text.
        precision: name of the precision: `float32`, or `bfloat16` or `float16` for products in this
            type with float32 weights.
        use_cudnn: choice of cuDNN: `auto`, or False for an exported model that must load on a CPU.
    """
    model = TranslationModel(
        settings,
        source_vocab=source_vocab,
        target_vocab=target_vocab,
        shared_vocabulary=shared_vocabulary,
        precision=precision,
        use_cudnn=use_cudnn,
    )
    one = tf.ones([1, 2], tf.int32)
    steps = SourceBatch(tf.ones([1, 2, source_features]), tf.ones([1, 2], tf.bool))
    model((one if source_vocab else steps, one))
    return model


def batch_parts(batch: Sequence[tf.Tensor]) -> tuple[Sources, tf.Tensor]:
    """Return the source and the target ids of a batch: `(ids, ids)`, or `(values, mask, ids)`."""
    *source, target = batch
    return source_of(source), target


def source_of(tensors: Sequence[tf.Tensor]) -> Sources:
    """Return the source of the model from the source tensors of a batch."""
    return tensors[0] if len(tensors) == 1 else SourceBatch(*tensors)


def batch_signature(features: int) -> list[tf.TensorSpec]:
    """Return the signature of a batch of `batch_parts`; `features` is 0 for texts."""
    ids = tf.TensorSpec([None, None], tf.int32)
    if not features:
        return [ids, ids]
    steps = tf.TensorSpec([None, None, features], tf.float32)
    return [steps, tf.TensorSpec([None, None], tf.bool), ids]
