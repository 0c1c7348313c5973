"""Transformer encoder: layers of self-attention and of a network for each step, with pre-norm.

Positions are rotary: queries and keys are rotated by their position, so that a score depends on the
distance of two steps alone. Nothing is learned or added for a position. Therefore a sequence may be
longer than the training sequences, and the position at which a row begins in its batch has no
effect.

Source: Vaswani et al. 2017, "Attention is all you need"; Xiong et al. 2020, "On layer normalization
in the transformer architecture", for the norm before each part; Su et al. 2021, "RoFormer", for the
positions.
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from seq2seq.config.schema import ModelSettings
from seq2seq.model.composite import Composite
from seq2seq.model.dropout import drop
from seq2seq.model.encoder import Encoding
from seq2seq.model.rotary_positions import rotation_frequencies
from seq2seq.model.weights import default_values

_DROPOUT_SITE = 1000
_EPSILON = 1e-5  # the default of ONNX
_MASKED = -1e9
_LARGEST = 1e15  # limit of values before the norm, because their squares must not overflow


class TransformerEncoder(Composite, keras.layers.Layer):
    """Stack of transformer layers over projected inputs. It implements `Encoder`."""

    has_states = False

    def __init__(self, settings: ModelSettings, *, use_cudnn: object, dtype: object) -> None:
        super().__init__(name="encoder", dtype=dtype)
        self.supports_masking = True
        self.dropout, self.head_width = settings.dropout, settings.units // settings.attention_heads
        self.project = InputProjection(
            settings.units, token_width=settings.embedding_dim, dtype=dtype
        )
        self.stack = [
            TransformerLayer(settings, number=number, dtype=dtype)
            for number in range(settings.encoder_layers)
        ]
        self.norm = _norm("norm", dtype)

    def call(self, inputs: tf.Tensor, mask: tf.Tensor, seed: tf.Tensor | None = None) -> Encoding:
        """See `Encoder`."""
        # Padding may hold any value, even NaN, which a weight of zero would not remove.
        sequence = self.project(tf.where(mask[:, :, tf.newaxis], inputs, 0))
        largest = min(_LARGEST, float(sequence.dtype.max))
        sequence = tf.clip_by_value(sequence, -largest, largest)
        sequence = drop(sequence, self.dropout, seed=seed, site=_DROPOUT_SITE)
        turns = rotations(tf.shape(mask)[1], self.head_width, sequence.dtype)
        for layer in self.stack:
            sequence = layer(sequence, mask, turns, seed=seed)
        return Encoding(self.norm(sequence), ())

    def first_values(
        self, name: str, shape: tuple[int, ...], random: np.random.Generator
    ) -> NDArray[np.float64]:
        """Return the initial values of a weight (see `weights.initialise_weights`)."""
        if name in ("gamma", "beta"):
            return np.full(shape, float(name == "gamma"))
        return default_values(name, shape, random)

    @staticmethod
    def activation_values(settings: ModelSettings, *, rows: int, length: int) -> int:
        """See `Encoder`."""
        step = 20 * settings.units + 4 * settings.feed_forward_width
        scores = 4 * settings.attention_heads * length
        return rows * length * settings.encoder_layers * (step + scores)


class InputProjection(keras.layers.Dense):
    """Projection of inputs of any width, such that its outputs have a variance of about one."""

    def __init__(self, units: int, *, token_width: int, dtype: object) -> None:
        super().__init__(units, name="input", dtype=dtype)
        self.token_width = token_width

    def first_values(
        self, name: str, shape: tuple[int, ...], random: np.random.Generator
    ) -> NDArray[np.float64]:
        """Return the initial values of a weight (see `weights.initialise_weights`).

        Vectors of tokens have a variance of 1/width (see `weights.table_values`); other inputs,
        such as scaled features, have a variance of about 1. An input as wide as a token vector is
        treated as a token vector.
        """
        if name != "kernel":
            return default_values(name, shape, random)
        scale = 1.0 if shape[0] == self.token_width else shape[0] ** -0.5
        return scale * random.standard_normal(shape)


class TransformerLayer(Composite, keras.layers.Layer):
    """Self-attention and a network for each step, each with a norm before it and a residual."""

    def __init__(self, settings: ModelSettings, *, number: int, dtype: object) -> None:
        super().__init__(name=f"layer_{number}", dtype=dtype)
        self.supports_masking = True
        self.units, self.heads, self.dropout = (
            settings.units,
            settings.attention_heads,
            settings.dropout,
        )
        self.site = _DROPOUT_SITE + 1 + 2 * number

        def dense(name: str, width: int, activation: str | None = None) -> keras.layers.Dense:
            return keras.layers.Dense(width, activation=activation, name=name, dtype=dtype)

        self.attention_norm = _norm("attention_norm", dtype)
        self.attention_input = dense("attention_input", 3 * settings.units)
        self.attention_output = dense("attention_output", settings.units)
        self.network_norm = _norm("network_norm", dtype)
        self.network_input = dense("network_input", settings.feed_forward_width, "relu")
        self.network_output = dense("network_output", settings.units)

    def call(
        self,
        sequence: tf.Tensor,
        mask: tf.Tensor,
        turns: tuple[tf.Tensor, tf.Tensor],
        seed: tf.Tensor | None = None,
    ) -> tf.Tensor:
        """Return the outputs of the layer, `[batch, length, units]`.

        Args:
            sequence: inputs of the layer, `[batch, length, units]`.
            mask: flags of steps, `[batch, length] bool`.
            turns: rotations of the positions, see `rotations`.
            seed: seed of the dropout, `[2] int32`; None outside training.
        """
        attended = self.attention_output(self._attended(sequence, mask, turns))
        sequence = sequence + drop(attended, self.dropout, seed=seed, site=self.site)
        changed = self.network_output(self.network_input(self.network_norm(sequence)))
        return sequence + drop(changed, self.dropout, seed=seed, site=self.site + 1)

    def _attended(
        self, sequence: tf.Tensor, mask: tf.Tensor, turns: tuple[tf.Tensor, tf.Tensor]
    ) -> tf.Tensor:
        """Return the weighted sums of the values of all heads, `[batch, length, units]`."""
        heads, width = self.heads, self.units // self.heads
        rows, length = tf.unstack(tf.shape(sequence)[:2])
        parts = self.attention_input(self.attention_norm(sequence))
        parts = tf.reshape(parts, [rows, length, 3 * heads, width])
        parts = tf.transpose(parts, [0, 2, 1, 3])
        query = rotated(parts[:, :heads], turns)
        key = rotated(parts[:, heads : 2 * heads], turns)
        scores = tf.matmul(query, key, transpose_b=True)
        # float32 at every precision, because exp of a rounded score gives a wrong weight.
        scores = tf.cast(scores, tf.float32) * width**-0.5
        scores = tf.where(mask[:, tf.newaxis, tf.newaxis, :], scores, _MASKED)
        weights = tf.cast(tf.nn.softmax(scores, axis=-1), parts.dtype)
        found = tf.matmul(weights, parts[:, 2 * heads :])
        return tf.reshape(tf.transpose(found, [0, 2, 1, 3]), [rows, length, self.units])


def rotations(length: tf.Tensor, width: int, dtype: tf.DType) -> tuple[tf.Tensor, tf.Tensor]:
    """Return cosine and sine of the angles of `length` positions, `[length, width]` each."""
    positions = tf.cast(tf.range(length), tf.float32)[:, tf.newaxis]
    angles = positions * rotation_frequencies(width)
    return tf.cast(tf.cos(angles), dtype), tf.cast(tf.sin(angles), dtype)


def rotated(values: tf.Tensor, turns: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
    """Rotate `values` `[..., length, width]` by their positions; see `rotations` for `turns`."""
    cosine, sine = turns
    first, second = tf.split(values, 2, axis=-1)
    return values * cosine + tf.concat([-second, first], axis=-1) * sine


def _norm(name: str, dtype: object) -> keras.layers.LayerNormalization:
    return keras.layers.LayerNormalization(epsilon=_EPSILON, name=name, dtype=dtype)
