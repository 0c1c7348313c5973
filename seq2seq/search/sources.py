"""Sources of a search: token ids, or sequences of features."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.sequences.batches import SourceBatch
from seq2seq.text.tokenizer import PAD

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

# Token ids `[rows, source_len] int32`, each row ending with the end symbol; or features. The
# padding is on the right.
Sources = Ints | SourceBatch


def source_mask(sources: Sources) -> NDArray[np.bool_]:
    """Return a mask that is true for each token or step, `[rows, source_len] bool`."""
    return sources.mask if isinstance(sources, SourceBatch) else np.asarray(sources != PAD)


def source_lengths(sources: Sources) -> Ints:
    """Return the length of each row, `[rows] int32`: tokens with the end symbol, or steps."""
    return np.asarray(source_mask(sources).sum(axis=1), np.int32)


def source_bytes(sources: Sources, row: int) -> bytes:
    """Return the content of one row without its padding."""
    mask = source_mask(sources)[row]
    if isinstance(sources, SourceBatch):
        return np.ascontiguousarray(sources.values[row][mask], "<f4").tobytes()
    return np.ascontiguousarray(sources[row][mask], "<i4").tobytes()
