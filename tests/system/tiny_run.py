"""The smallest run on the phrasebook that still does all that a run does."""

from __future__ import annotations

TINY = [
    "data.max_pairs=300",
    "data.test={source: null, target: null}",
    "tokenizer.vocab_size=500",
    "model.units=16",
    "model.embedding_dim=8",
    "batching.max_tokens=300",
    "training.validation_sentences=5",
    "training.patience=0",
]
