"""The shortlist of an exported model: target tokens that may translate a source, and their vectors.

With it the last layer is computed over some hundred tokens instead of the whole vocabulary. Each
sentence has its own shortlist, which depends only on its source.

Source: Jean et al. 2015, "On using very large target vocabulary for neural machine translation",
section 3.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.schema import ModelSettings
from seq2seq.errors import ModelError
from seq2seq.export.manifest import Manifest
from seq2seq.export.onnx.graph_check import check_short_output
from seq2seq.export.safe_files import FLOAT, INT8, INT32, read_arrays, write_arrays
from seq2seq.text.tokenizer import EOS

SHORTLIST, SHORT_OUTPUT = "shortlist.npz", "short_output.onnx"

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


class Shortlist(NamedTuple):
    """A lexicon and the last layer over the tokens that it allows.

    Attributes:
        graph: content of the ONNX file that computes the layer.
        lexicon: target tokens that sources allow.
        table: vectors of all target tokens, `[embedding_dim, target_vocab]` float32 or int8.
        steps: quantization step of each column of the table, `[target_vocab] float32`; None in
            float32.
        bias: bias of each target token, `[target_vocab] float32`.
    """

    graph: bytes
    lexicon: Lexicon
    table: NDArray[Any]
    steps: NDArray[np.float32] | None
    bias: NDArray[np.float32]


def write_shortlist(directory: Path, shortlist: Shortlist) -> None:
    """Write the two files of the shortlist."""
    (directory / SHORT_OUTPUT).write_bytes(shortlist.graph)
    arrays = {
        **shortlist.lexicon._asdict(),
        "table": shortlist.table,
        "bias": shortlist.bias,
    }
    if shortlist.steps is not None:
        arrays["steps"] = shortlist.steps
    write_arrays(directory / SHORTLIST, arrays)


def read_shortlist(manifest: Manifest, model: ModelSettings) -> Shortlist | None:
    """Return the shortlist of an exported model, checked; None if it has none.

    Raises `ModelError` if it is damaged, or belongs to another model.
    """
    if SHORTLIST not in manifest.files:
        return None
    path = manifest.directory / SHORTLIST
    quantized = manifest.precision != "float32"
    types = (FLOAT, INT32, INT8)
    arrays = read_arrays(manifest.read(SHORTLIST), name=str(path), types=types)
    error = _error(arrays, model, manifest.vocabulary, quantized)
    if error is not None:
        raise ModelError(f"{path} is no shortlist of this model: {error}; export the model again")
    graph, name = manifest.read(SHORT_OUTPUT), str(manifest.directory / SHORT_OUTPUT)
    check_short_output(graph, model, quantized=quantized, name=name)
    return Shortlist(
        graph=graph,
        lexicon=Lexicon(arrays["translations"], arrays["always"]),
        table=arrays["table"],
        steps=arrays.get("steps"),
        bias=arrays["bias"],
    )


def _error(
    arrays: Mapping[str, NDArray[Any]],
    model: ModelSettings,
    vocabulary: Mapping[str, int],
    quantized: bool,
) -> str | None:
    """Return a description of the first error in these arrays, or None."""
    target = vocabulary["target"]
    found = arrays.get("translations"), arrays.get("always")
    expected: dict[str, tuple[type, tuple[int, ...]]] = {
        "translations": (np.int32, (vocabulary["source"], _last(found[0], MOST_TRANSLATIONS))),
        "always": (np.int32, (_last(found[1], MOST_ALWAYS),)),
        "table": (np.int8 if quantized else np.float32, (model.embedding_dim, target)),
        "bias": (np.float32, (target,)),
    }
    if quantized:
        expected["steps"] = (np.float32, (target,))
    if arrays.keys() != expected.keys():
        return f"it has {sorted(arrays)[:8]} and must have {sorted(expected)}"
    for name, (kind, shape) in expected.items():
        array = arrays[name]
        if array.dtype != kind or array.shape != shape:
            wanted = f"{np.dtype(kind)} of the shape {list(shape)}"
            return f"{name!r} is {array.dtype} of the shape {list(array.shape)}, not {wanted}"
        if kind is np.int32 and (array.min() < 0 or array.max() >= target):
            return f"{name!r} holds what is no token of {target}"
    always = arrays["always"]
    if (np.diff(always) <= 0).any() or always[: EOS + 1].tolist() != [*range(EOS + 1)]:
        return "'always' does not rise from the four tokens that are no text"
    return None


def _last(array: NDArray[Any] | None, most: int) -> int:
    """Return the size of the last dimension of an array, limited to the range from 1 to `most`."""
    size = array.shape[-1] if array is not None and array.ndim else 1
    return min(max(size, 1), most)
