"""The shortlist of an exported model: target tokens that may translate a source.

With a shortlist the last layer is computed over a few hundred tokens instead of the whole
vocabulary. Each sentence has its own shortlist, which depends only on its source.

Source: Jean et al. 2015, "On using very large target vocabulary for neural machine translation",
section 3.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.errors import ModelError
from seq2seq.export.manifest import Manifest
from seq2seq.export.safe_files import INT32, read_arrays, write_arrays
from seq2seq.text.tokenizer import EOS

SHORTLIST = "shortlist.npz"

# Limits, because a batch holds the vectors of all tokens on its sentences' shortlists.
MOST_TRANSLATIONS, MOST_ALWAYS = 200, 1000


class Lexicon(NamedTuple):
    """Target tokens that a source allows.

    Attributes:
        translations: target tokens that each source token allows, `[source_vocab, count] int32`;
            shorter rows are padded with 0.
        always: target tokens that every source allows, ascending, `[n] int32`; they include the
            first four, which are special tokens.
    """

    translations: NDArray[np.int32]
    always: NDArray[np.int32]


def write_lexicon(directory: Path, lexicon: Lexicon) -> None:
    """Write the lexicon of a shortlist."""
    write_arrays(directory / SHORTLIST, lexicon._asdict())


def read_lexicon(manifest: Manifest) -> Lexicon | None:
    """Return the checked lexicon of an exported model's shortlist; None without a shortlist.

    Raises:
        ModelError: the lexicon is damaged, or belongs to another model.
    """
    if SHORTLIST not in manifest.files:
        return None
    path = manifest.directory / SHORTLIST
    arrays = read_arrays(manifest.read(SHORTLIST), name=str(path), types=(INT32,))
    error = _error(arrays, manifest.vocabulary)
    if error is not None:
        raise ModelError(f"{path} is no shortlist of this model: {error}; export the model again")
    return Lexicon(arrays["translations"], arrays["always"])


def _error(arrays: Mapping[str, NDArray[Any]], vocabulary: Mapping[str, int]) -> str | None:
    """Return a description of the first error in these arrays, or None."""
    target = vocabulary["target"]
    found = arrays.get("translations"), arrays.get("always")
    expected = {
        "translations": (vocabulary["source"], _last(found[0], MOST_TRANSLATIONS)),
        "always": (_last(found[1], MOST_ALWAYS),),
    }
    if arrays.keys() != expected.keys():
        return f"it has {sorted(arrays)[:8]} and must have {sorted(expected)}"
    for name, shape in expected.items():
        array = arrays[name]
        if array.shape != shape:
            return f"{name!r} has the shape {list(array.shape)}, not {list(shape)}"
        if array.min() < 0 or array.max() >= target:
            return f"{name!r} holds numbers that are no tokens of {target}"
    always = arrays["always"]
    if (np.diff(always) <= 0).any() or always[: EOS + 1].tolist() != [*range(EOS + 1)]:
        return "'always' does not ascend from the four special tokens"
    return None


def _last(array: NDArray[Any] | None, most: int) -> int:
    """Return the size of the last dimension of an array, limited to the range from 1 to `most`."""
    size = array.shape[-1] if array is not None and array.ndim else 1
    return min(max(size, 1), most)
