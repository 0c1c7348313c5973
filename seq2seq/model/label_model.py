"""Classification and regression model: the translation model's encoder with an output head."""

from __future__ import annotations

from typing import NamedTuple

import keras
import tensorflow as tf

from seq2seq.config.choices import PoolingKind, Precision
from seq2seq.config.schema import ModelSettings
from seq2seq.model.composite import Composite
from seq2seq.model.crf import ChainPotentials
from seq2seq.model.dropout import drop
from seq2seq.model.embedding import build_embedding
from seq2seq.model.encoder import build_encoder
from seq2seq.model.front_end import build_front_end
from seq2seq.model.padding import steps_right
from seq2seq.model.pooling import Pooling, last_state
from seq2seq.model.recurrent import UseCudnn
from seq2seq.model.translation import POLICIES

_HEAD_DROPOUT_SITE = 400


class Head(NamedTuple):
    """Settings of the output head.

    Attributes:
        outputs: number of outputs of one prediction (logits of classes, or scaled numbers).
        per_step: true for a prediction at each step.
        pooling: kind of pooling of the steps into one prediction; not used with `per_step`.
    """

    outputs: int
    per_step: bool = False
    pooling: PoolingKind = "last"


class LabelModel(Composite, keras.Model):
    """Classification or regression model: an encoder of ids or features, and a linear head.

    The head reads the encoding of each step, or one vector pooled from all steps.

    Attributes:
        chain: potentials of the CRF over the outputs of all steps; None without a CRF.
    """

    def __init__(
        self,
        settings: ModelSettings,
        head: Head,
        *,
        vocab: int,
        precision: Precision = "float32",
        use_cudnn: UseCudnn = "auto",
    ) -> None:
        dtype = keras.DTypePolicy(POLICIES[precision])
        super().__init__(name="labelling", dtype=dtype)
        self.dropout, self.head = settings.dropout, head
        self.embedding = None
        if vocab:
            self.embedding = build_embedding(
                vocab, settings.embedding_dim, name="source_embedding", dtype=dtype
            )
        self.front_end = build_front_end(settings, of_texts=bool(vocab), dtype=dtype)
        self.encoder = build_encoder(settings, use_cudnn=use_cudnn, dtype=dtype)
        self.pooling = None if head.per_step else Pooling(head.pooling, settings.units, dtype=dtype)
        self.output_layer = keras.layers.Dense(head.outputs, name="output", dtype=dtype)
        self.chain = ChainPotentials(head.outputs) if settings.head == "crf" else None

    def call(self, values: tf.Tensor, mask: tf.Tensor, seed: tf.Tensor | None = None) -> tf.Tensor:
        """Return the outputs of the head.

        Args:
            values: token ids `[batch, length] int32` or features `[batch, length, features]
                float32`.
            mask: flags of steps, `[batch, length] bool`; padding may be on either side.
            seed: seed of the dropout, `[2] int32`; None outside training.

        Returns:
            outputs `[batch, outputs] float32`; if each step has a prediction, `[batch, length,
            outputs]`, with padding always on the right.
        """
        values, mask = steps_right(values, mask)
        inputs = self.inputs_of(values)
        if self.front_end is not None:
            inputs, mask = self.front_end(inputs, mask)
        encoding = self.encoder(inputs, mask, seed=seed)
        features = encoding.outputs
        if self.pooling is not None:
            features = self.pooling(encoding.outputs, last_state(encoding, mask), mask)
        features = drop(features, self.dropout, seed=seed, site=_HEAD_DROPOUT_SITE)
        return tf.cast(self.output_layer(features), tf.float32)

    def inputs_of(self, values: tf.Tensor) -> tf.Tensor:
        """Return the inputs of the first layer, `[..., width]`: embedded ids, or the features."""
        if self.embedding is not None:
            return self.embedding(values)
        return tf.cast(values, self.compute_dtype)


def build_label_model(
    settings: ModelSettings,
    head: Head,
    *,
    vocab: int,
    features: int,
    precision: Precision = "float32",
    use_cudnn: UseCudnn = "auto",
) -> LabelModel:
    """Return a model with all its weights created (see `weights.initialise_weights`).

    Args:
        settings: settings of the encoder.
        head: settings of the output head.
        vocab: size of the tokenizer's vocabulary; 0 if the model reads features.
        features: number of features of a step; 0 if the model reads text.
        precision: name of the precision: `float32`, or `bfloat16` or `float16` for products in this
            type with float32 weights.
        use_cudnn: choice of cuDNN: `auto`, or False for an exported model that must load on a CPU.
    """
    model = LabelModel(settings, head, vocab=vocab, precision=precision, use_cudnn=use_cudnn)
    values = tf.ones([1, 2], tf.int32) if vocab else tf.ones([1, 2, features])
    model(values, tf.ones([1, 2], tf.bool))
    return model
