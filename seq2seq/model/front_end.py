"""Convolutional front end, which reads features before the encoder and shortens the sequence.

Each layer is a convolution over time and features, three by three, that halves both. A pattern
learned in one band is therefore recognised in neighbouring bands too, for example when another
voice says the same word. The encoder reads a sequence that is shorter by the factor 2 ** layers.

Source: LeCun et al. 1998, "Gradient-based learning applied to document recognition"; Chan et al.
2016, "Listen, attend and spell", for the sequence that becomes shorter.
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from seq2seq.config.schema import ModelSettings
from seq2seq.errors import SettingsError
from seq2seq.model.composite import Composite
from seq2seq.model.weights import default_values

_KERNEL = 3


class Convolution(keras.layers.Layer):
    """Convolution of steps and features, three by three, that halves both; then a ReLU.

    It is computed as one product of all neighbourhoods with the kernel. TensorFlow's own operation
    adds in an order that differs between processes; a resumed run would differ in the last bits.
    """

    def __init__(self, channels: int, *, name: str, dtype: object) -> None:
        super().__init__(name=name, dtype=dtype)
        self.supports_masking = True
        self.channels = channels

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the kernel `[3, 3, inputs, channels]` and the bias."""
        shape = (_KERNEL, _KERNEL, input_shape[-1], self.channels)
        self.kernel = self.add_weight(shape=shape, name="kernel")
        self.bias = self.add_weight(shape=(self.channels,), name="bias")

    def call(self, picture: tf.Tensor) -> tf.Tensor:
        """Return `[batch, ceil(length / 2), ceil(features / 2), channels]`.

        Args:
            picture: values of the steps, `[batch, length, features, inputs]`; values beyond its
                edges count as 0.
        """
        # Not padding="same", whose sides depend on the length of the batch.
        padded = tf.pad(picture, [[0, 0], [1, 1], [1, 1], [0, 0]])
        length, features = (tf.shape(picture)[axis] for axis in (1, 2))
        neighbours = [
            padded[:, row : row + length : 2, column : column + features : 2]
            for row in range(_KERNEL)
            for column in range(_KERNEL)
        ]
        around = tf.concat(neighbours, axis=-1)
        kernel, bias = (
            tf.cast(tf.convert_to_tensor(weight), picture.dtype)
            for weight in (self.kernel, self.bias)
        )
        product = tf.matmul(around, tf.reshape(kernel, [-1, self.channels]))
        return tf.nn.relu(product + bias)

    def first_values(
        self, name: str, shape: tuple[int, ...], random: np.random.Generator
    ) -> NDArray[np.float64]:
        """Return the initial values of a weight: those of He et al. 2015 for a kernel."""
        if name == "bias":
            return default_values(name, shape, random)
        return random.standard_normal(shape) * np.sqrt(2.0 / np.prod(shape[:-1]))


class FrontEnd(Composite, keras.layers.Layer):
    """Stack of convolutions over features `[batch, length, features]`.

    For every layer, all values before the beginning and after the end of a row are zero. Therefore
    padding changes nothing.
    """

    def __init__(self, settings: ModelSettings, *, dtype: object) -> None:
        super().__init__(name="front_end", dtype=dtype)
        self.supports_masking = True
        self.stack = [
            Convolution(settings.front_end_channels, name=f"layer_{number}", dtype=dtype)
            for number in range(settings.front_end_layers)
        ]

    def call(self, values: tf.Tensor, mask: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Return a shorter sequence, and its mask.

        Args:
            values: features, `[batch, length, features]`, padded on the right with any values.
            mask: flags of steps, `[batch, length] bool`.

        Returns:
            outputs `[batch, ceil(length / 2 ** layers), width]`, and flags of the outputs that
            begin within their row.
        """
        sequence, bands = values[:, :, :, tf.newaxis], values.shape[2]
        for layer in self.stack:
            sequence = layer(tf.where(mask[:, :, tf.newaxis, tf.newaxis], sequence, 0))
            mask, bands = mask[:, ::2], (bands + 1) // 2
        shape = tf.shape(sequence)
        return tf.reshape(sequence, [shape[0], shape[1], bands * sequence.shape[3]]), mask


def build_front_end(settings: ModelSettings, *, of_texts: bool, dtype: object) -> FrontEnd | None:
    """Return the front end of the settings; None if the encoder reads the features unchanged.

    Raises:
        SettingsError: there is a front end, and the model reads texts.
    """
    if settings.front_end == "none":
        return None
    if of_texts:
        raise SettingsError(
            f"model.front_end received {settings.front_end}, and the sources are texts; it is for "
            "sequences of numbers and sound: set model.front_end=none"
        )
    return FrontEnd(settings, dtype=dtype)
