"""A Transformer of the model's size in CTranslate2, with random weights and a fixed step count.

It shows how long another engine takes for the same number of weights; its translations have no
meaning.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import Any, NamedTuple

import ctranslate2
import numpy as np
from ctranslate2.specs import transformer_spec
from numpy.typing import NDArray

from seq2seq.bench.ceiling import operations, source_products, target_products
from seq2seq.bench.forms import Loading, Search
from seq2seq.config.schema import ModelSettings
from seq2seq.export.exported_model import TranslationInferenceModel, read_inference_model

_HEAD = 64  # width of an attention head
_LONGEST = 512  # positions
_SPECIAL = ("<blank>", "<unk>", "<s>", "</s>")


class Shape(NamedTuple):
    """Size of a Transformer.

    Attributes:
        dim: width of its vectors, a multiple of 64.
        layers: number of layers of the encoder, and of the decoder.
    """

    dim: int
    layers: int

    @property
    def weights(self) -> int:
        """Return the number of weights in the layers.

        An encoder layer has `12 * dim**2` weights, a decoder layer has `16 * dim**2`.
        """
        return 28 * self.layers * self.dim**2


def shape_of_size(model: ModelSettings) -> Shape:
    """Return the size of a Transformer with about as many weights as a model.

    The weights of the vocabularies do not count.
    """
    weights = operations([*source_products(model), *target_products(model, 0)]) // 2
    dim = _HEAD * max(1, round(model.embedding_dim / _HEAD))
    return Shape(dim, max(1, round(weights / Shape(dim, 1).weights)))


def random_transformer(shape: Shape, *, vocab_size: int) -> Any:
    """Return a CTranslate2 specification: a Transformer with random weights, one vocabulary."""
    spec = transformer_spec.TransformerSpec.from_config(shape.layers, shape.dim // _HEAD)
    weights = _RandomWeights(shape.dim)
    table = weights.matrix(vocab_size, shape.dim)
    for side, embeddings in (
        (spec.encoder, spec.encoder.embeddings[0]),
        (spec.decoder, spec.decoder.embeddings),
    ):
        embeddings.weight = table
        side.position_encodings.encodings = _positions(shape.dim)
        side.scale_embeddings = True
        weights.fill_norm(side.layer_norm)
        for layer in side.layer:
            weights.fill_layer(layer)
    spec.decoder.projection.weight = table
    spec.decoder.projection.bias = np.zeros(vocab_size, np.float32)
    tokens = [*_SPECIAL, *(f"p{number}" for number in range(vocab_size - len(_SPECIAL)))]
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.validate()
    spec.optimize(quantization="float32")
    return spec


class _RandomWeights:
    """Source of random weights for the parts of a Transformer of a given width."""

    def __init__(self, dim: int) -> None:
        self._dim, self._random = dim, np.random.default_rng(0)

    def matrix(self, height: int, width: int) -> NDArray[np.float32]:
        """Return a kernel that keeps the magnitude of its inputs."""
        return self._random.standard_normal((height, width), np.float32) / np.float32(width**0.5)

    def fill_norm(self, norm: Any) -> None:
        """Set the initial weights of a layer normalisation."""
        norm.gamma, norm.beta = np.ones(self._dim, np.float32), np.zeros(self._dim, np.float32)

    def fill_layer(self, layer: Any) -> None:
        """Set random weights in a layer of the encoder or of the decoder."""
        dim = self._dim
        self._fill_attention(layer.self_attention, [3 * dim, dim])
        if hasattr(layer, "attention"):
            self._fill_attention(layer.attention, [dim, 2 * dim, dim])
        self.fill_norm(layer.ffn.layer_norm)
        self._fill_dense(layer.ffn.linear_0, 4 * dim, dim)
        self._fill_dense(layer.ffn.linear_1, dim, 4 * dim)

    def _fill_attention(self, attention: Any, widths: Sequence[int]) -> None:
        for dense, width in zip(attention.linear, widths, strict=True):
            self._fill_dense(dense, width, self._dim)
        self.fill_norm(attention.layer_norm)

    def _fill_dense(self, dense: Any, width: int, features: int) -> None:
        dense.weight, dense.bias = self.matrix(width, features), np.zeros(width, np.float32)


def _positions(dim: int) -> NDArray[np.float32]:
    """Return the sinusoidal position encodings, `[positions, dim] float32`."""
    angles = np.arange(_LONGEST)[:, np.newaxis] / 10_000 ** (np.arange(0, dim, 2) / dim)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)


class CTranslate2Form:
    """Greedy and beam search in CTranslate2; each output has exactly `steps` tokens."""

    def __init__(
        self, exported_model: TranslationInferenceModel, *, threads: int, steps: int
    ) -> None:
        """Build a Transformer of the size and precision of an exported model."""
        self._source = exported_model.source_tokenizer
        self._budget, self._steps = exported_model.settings.search.batch_tokens, steps
        vocab_size = max(
            exported_model.source_tokenizer.vocab_size, exported_model.target_tokenizer.vocab_size
        )
        spec = random_transformer(
            shape_of_size(exported_model.settings.model), vocab_size=vocab_size
        )
        with tempfile.TemporaryDirectory(prefix="seq2seq-bench-") as directory:
            spec.save(directory)
            self._translator = ctranslate2.Translator(
                directory,
                device="cpu",
                compute_type=exported_model.precision,
                inter_threads=threads,
                intra_threads=1,
            )

    def translate(self, sentences: Sequence[str], search: Search) -> list[str]:
        """Translate as `Form.translate` does, but return no translations."""
        rows = [
            [f"p{token}" for token in ids[: _LONGEST - 1]] for ids in self._source.encode(sentences)
        ]
        for batch in [rows] if search.batched else [[row] for row in rows]:
            self.translated(batch, search)
        return []

    def translated(self, rows: list[list[str]], search: Search) -> list[list[str]]:
        """Return the tokens of the best output of each row."""
        found = self._translator.translate_batch(
            rows,
            beam_size=search.beam_size,
            min_decoding_length=self._steps,
            max_decoding_length=self._steps,
            max_batch_size=self._budget,
            batch_type="tokens",
        )
        return [one.hypotheses[0] for one in found]


def load(loading: Loading) -> CTranslate2Form:
    """Load a Transformer of the exported model's size, with the requested threads."""
    exported_model = read_inference_model(loading.directory)
    return CTranslate2Form(exported_model, threads=loading.threads, steps=loading.steps)
