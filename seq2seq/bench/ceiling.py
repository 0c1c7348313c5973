"""Upper bound of the speed of a translation: its matrix products alone, in NumPy's float32."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from seq2seq.bench.forms import Loading, Search
from seq2seq.config.schema import ModelSettings
from seq2seq.export.exported_model import read_inference_model

_SECONDS = 0.3  # duration of the repeated products
_BATCH_ROWS = 64  # sentences


class Product(NamedTuple):
    """A product of a row of `features` numbers and a kernel `[features, width]`."""

    features: int
    width: int

    @property
    def operations(self) -> int:
        """Return the number of multiplications and additions of one row."""
        return 2 * self.features * self.width


def encoder_products(model: ModelSettings, *, features: int) -> list[Product]:
    """Return the sizes of the matrix products of the encoder for a step of `features` numbers."""
    directions = 2 if model.bidirectional else 1
    width = model.units // directions
    return [
        Product((model.units if number else features) + width, 4 * width)
        for number in range(model.encoder_layers)
        for _ in range(directions)
    ]


def decoder_products(model: ModelSettings) -> list[Product]:
    """Return the products of the decoder's layers for each target token."""
    units = model.units
    return [
        Product((units if number else model.embedding_dim) + units, 4 * units)
        for number in range(model.decoder_layers)
    ]


def source_products(model: ModelSettings) -> list[Product]:
    """Return the products with kernels that are computed for each source token."""
    memory = [] if model.attention == "none" else 2 * [Product(model.units, model.units)]
    return encoder_products(model, features=model.embedding_dim) + memory


def target_products(model: ModelSettings, vocab_size: int) -> list[Product]:
    """Return the products with kernels that are computed for each step of a hypothesis."""
    units, dim = model.units, model.embedding_dim
    attention = {"none": 0, "luong": 1, "bahdanau": 2}[model.attention] * [Product(units, units)]
    output = [Product(units, dim), Product(dim, vocab_size)]
    return [*decoder_products(model), *attention, *output]


def operations(products: Sequence[Product]) -> int:
    """Return the number of multiplications and additions of one row in all products."""
    return sum(product.operations for product in products)


def operations_per_second(products: Sequence[Product], *, rows: int) -> float:
    """Return the operations per second that NumPy reaches with `rows` rows at a time."""
    random = np.random.default_rng(0)
    values = [random.standard_normal((rows, each.features), np.float32) for each in products]
    kernels = [random.standard_normal((each.features, each.width), np.float32) for each in products]
    for value, kernel in zip(values, kernels, strict=True):
        value @ kernel  # wakes threads and fills caches
    start, rounds = time.perf_counter(), 0
    while (seconds := time.perf_counter() - start) < _SECONDS:
        for value, kernel in zip(values, kernels, strict=True):
            value @ kernel
        rounds += 1
    return rounds * rows * operations(products) / seconds


class Ceiling:
    """Form that returns its speed instead of translations; its process sets the threads."""

    def __init__(self, products: Sequence[Product]) -> None:
        """Create a form that computes these products."""
        self._products = products

    def translate(self, sentences: Sequence[str], search: Search) -> list[str]:
        """Return one text: the operations per second with as many rows as in such a search."""
        rows = search.beam_size * (min(len(sentences), _BATCH_ROWS) if search.batched else 1)
        return [str(operations_per_second(self._products, rows=rows))]


def load(loading: Loading) -> Ceiling:
    """Return a form with the products of the exported model's decoder."""
    exported_model = read_inference_model(loading.directory)
    return Ceiling(
        target_products(exported_model.settings.model, exported_model.target_tokenizer.vocab_size)
    )
