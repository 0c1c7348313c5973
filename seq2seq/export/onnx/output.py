"""ONNX graphs of the last layer: over the whole vocabulary, or over each sentence's shortlist."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from seq2seq.export.onnx.builder import GraphBuilder
from seq2seq.text.tokenizer import EOS

_MASKED = -1e9
_CHUNK = 64  # tokens in a chunk of the vocabulary, for the two-stage top-k search

Floats = NDArray[np.float32]


def output_graph(
    table: Floats, bias: Floats, *, quantized: bool, description: Mapping[str, str]
) -> bytes:
    """Build the output layer: from `features` `[rows, open, dim]` to log-probabilities.

    The outputs are those of the top-k tokens, of the end symbol, and of all tokens.

    Args:
        table: output embeddings of the tokens, `[vocab, dim]`.
        bias: bias of each token, `[vocab]`.
        quantized: true if the product is in 8-bit integers.
        description: metadata of the ONNX file.
    """
    build = GraphBuilder("output", quantized=quantized)
    features = build.input("features", TensorProto.FLOAT, "rows", "open", table.shape[1])
    top = build.input("top", TensorProto.INT64, 1)
    # Pad to whole chunks; the padding gets a bias that makes it improbable.
    spare = -len(table) % _CHUNK
    table = np.pad(table, [(0, spare), (0, 0)])
    bias = np.pad(bias, (0, spare), constant_values=_MASKED)
    scores = build.dense(build.shaped(features, -1, table.shape[1]), table.T, bias)
    log_probs = build.node("LogSoftmax", scores, axis=-1)
    values, ids = _top(build, log_probs, len(table), top)
    ends = build.node("Gather", log_probs, build.constant(np.array([EOS])), axis=1)
    for name, value, kind, width in (
        ("log_probs", log_probs, TensorProto.FLOAT, len(table)),
        ("top_log_probs", values, TensorProto.FLOAT, "top"),
        ("top_ids", ids, TensorProto.INT64, "top"),
        ("end_log_probs", ends, TensorProto.FLOAT, 1),
    ):
        build.output(name, value, kind, "hypotheses", width)
    return build.model(description)


def short_output_graph(dim: int, *, quantized: bool, description: Mapping[str, str]) -> bytes:
    """Build the output layer over shortlists: `features` `[rows, open, dim]` → log-probabilities.

    The graph holds no weights. Its input `table` `[dim, pieces]`, with `steps` `[pieces]` if it is
    in 8-bit integers, holds the vectors of all tokens on any shortlist of the batch. `indices`
    `[rows, open, own]` are the indices of the row's own tokens in it, and `bias` `[rows, 1, own]`
    is their bias. Tokens of other rows do not affect the result of a row.
    """
    build = GraphBuilder("short_output", quantized=quantized)
    real, whole = TensorProto.FLOAT, TensorProto.INT64
    features = build.input("features", real, "rows", "open", dim)
    table = build.input("table", TensorProto.INT8 if quantized else real, dim, "pieces")
    steps = build.input("steps", real, "pieces") if quantized else None
    indices = build.input("places", TensorProto.INT32, "rows", "open", "own")
    bias = build.input("bias", real, "rows", 1, "own")
    top = build.input("top", whole, 1)
    scores = build.product_with(features, table, steps)
    own = build.node("GatherElements", scores, indices, axis=2)
    log_probs = build.node("LogSoftmax", build.node("Add", own, bias), axis=-1)
    values, best = build.nodes("TopK", log_probs, top, count=2, axis=-1)
    build.output("log_probs", log_probs, real, "rows", "open", "own")
    build.output("top_log_probs", values, real, "rows", "open", "top")
    build.output("top_places", best, whole, "rows", "open", "top")
    return build.model(description)


def _top(build: GraphBuilder, values: str, width: int, top: str) -> tuple[str, str]:
    """Return the `top` largest of `values` `[rows, width]` and their indices.

    They are in the `top` chunks with the largest maxima. Finding the maxima of chunks is much
    faster than a TopK over a whole row.
    """
    chunks = width // _CHUNK
    chunked = build.shaped(values, 0, chunks, _CHUNK)
    maxima = build.node("ReduceMax", chunked, build.constant(np.array([2])), keepdims=0)
    few = build.node("Min", top, build.constant(np.array([chunks])))
    _, best_chunks = build.nodes("TopK", maxima, few, count=2, axis=-1)
    # Ascending order, so that the first of equal values wins, as in a TopK over the row.
    best_chunks, _ = build.nodes("TopK", best_chunks, few, count=2, axis=-1, largest=0)
    indices = build.node("Unsqueeze", best_chunks, build.constant(np.array([2])))
    candidates = build.shaped(build.node("GatherND", chunked, indices, batch_dims=1), 0, -1)
    best, indices = build.nodes("TopK", candidates, top, count=2, axis=-1)
    size = build.constant(np.array(_CHUNK))
    order = build.node("Div", indices, size)
    within = build.node("Sub", indices, build.node("Mul", order, size))
    first = build.node("Mul", build.node("GatherElements", best_chunks, order, axis=1), size)
    return best, build.node("Add", first, within)
