"""Multiplications and additions of a training step, counting only its matrix products."""

from __future__ import annotations

from seq2seq.bench.ceiling import Product, decoder_products, encoder_products, operations
from seq2seq.bench.training_batches import Batch
from seq2seq.bench.training_cases import CLASSES, FEATURES, Case
from seq2seq.config.schema import ModelSettings
from seq2seq.text.tokenizer import PAD

# One product forward; backward, one for the gradient of the kernel, and one for that of the input.
_PASSES = 3


def step_operations(case: Case, batch: Batch) -> int:
    """Return the least number of operations of one update with `batch`.

    Padding does not count: a framework gets no credit for computing it.
    """
    return {"translation": _translation, "classification": _classification}[case.task](case, batch)


def _translation(case: Case, batch: Batch) -> int:
    """Count the operations of a step with `batch`, ids of the source and of the target."""
    model = case.model
    source, target = ((ids != PAD).sum(axis=1) for ids in batch)
    pairs = int((source.astype(int) * target).sum())
    forward = int(source.sum()) * operations(_source_products(model))
    forward += int(target.sum()) * operations(_target_products(model, case.vocab_size))
    # A score and a weighted sum for each target token and source token.
    forward += pairs * 2 * operations([Product(model.units, 1)])
    return _PASSES * forward


def _source_products(model: ModelSettings) -> list[Product]:
    layers = encoder_products(model, features=model.embedding_dim)
    return [*layers, Product(model.units, model.units)]


def _target_products(model: ModelSettings, vocab_size: int) -> list[Product]:
    units, dim = model.units, model.embedding_dim
    combine, output = Product(2 * units, units), [Product(units, dim), Product(dim, vocab_size)]
    return [*decoder_products(model), combine, *output]


def _classification(case: Case, batch: Batch) -> int:
    """Count the operations of a step with `batch`: features, lengths and classes."""
    lengths, model = batch[1], case.model
    steps = int(lengths.sum())
    forward = steps * operations(encoder_products(model, features=FEATURES))
    forward += len(lengths) * operations([Product(model.units, CLASSES)])
    # Features need no gradient, so the input gradient of the first layer is not computed.
    return _PASSES * forward - steps * operations([Product(FEATURES, 4 * model.units)])
