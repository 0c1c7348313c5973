"""Last layer of the ONNX graphs: over the whole vocabulary, or over each sentence's shortlist."""

from __future__ import annotations

import numpy as np

from seq2seq.export.onnx.builder import GraphBuilder
from seq2seq.export.onnx.messages import Kind
from seq2seq.export.onnx.parameters import Weight
from seq2seq.text.tokenizer import EOS

_MASKED = -1e9
_CHUNK = 64  # tokens in a chunk of the vocabulary, for the two-stage top-k search


def output_layer(
    build: GraphBuilder, features: str, table: Weight, bias: Weight, *, top: str
) -> None:
    """Add the output layer: from `features` `[rows, open, dim]` to log-probabilities.

    The outputs are the log-probabilities of all tokens, of the end symbol, and of the top-k tokens
    with their ids.

    Args:
        build: builder of the graph.
        features: features of the next token.
        table: output embeddings of the tokens, `[vocab, dim]`.
        bias: bias of each token, `[vocab]`.
        top: number of most probable tokens, `[1] int64`.
    """
    vocab, dim = table.shape
    # Pad to whole chunks; the padding gets a bias that makes it improbable.
    spare = padded_vocabulary(vocab) - vocab
    kernel = table.padded(spare, 0.0).transposed()
    scores = build.dense(
        "output", build.shaped(features, -1, dim), kernel, bias.padded(spare, _MASKED)
    )
    log_probs = build.node("LogSoftmax", scores, axis=-1)
    values, ids = _top(build, log_probs, vocab + spare, top)
    ends = build.node("Gather", log_probs, build.constant(np.array([EOS])), axis=1)
    for name, value, kind, width in (
        ("log_probs", log_probs, Kind.FLOAT, vocab + spare),
        ("top_log_probs", values, Kind.FLOAT, "top"),
        ("top_ids", ids, Kind.INT64, "top"),
        ("end_log_probs", ends, Kind.FLOAT, 1),
    ):
        build.output(name, value, kind, "hypotheses", width)


def short_output_layer(build: GraphBuilder, features: str, *, dim: int, top: str) -> None:
    """Add the output layer over shortlists: `features` `[rows, open, dim]` → log-probabilities.

    It has no weights. Its input `table` `[dim, pieces]` holds the vectors of all tokens on any
    shortlist of the batch; if the table is in 8-bit integers, `steps` `[pieces]` holds the
    quantization steps of these vectors. `places` `[rows, open, own]` holds the indices, in the
    table, of the tokens on each row's own shortlist, and `bias` `[rows, 1, own]` the bias of these
    tokens. Tokens of other rows do not affect the result of a row.
    """
    quantized = build.quantized
    table = build.input("table", Kind.INT8 if quantized else Kind.FLOAT, dim, "pieces")
    steps = build.input("steps", Kind.FLOAT, "pieces") if quantized else None
    indices = build.input("places", Kind.INT32, "rows", "open", "own")
    bias = build.input("bias", Kind.FLOAT, "rows", 1, "own")
    scores = build.product_with(features, table, steps)
    own = build.node("GatherElements", scores, indices, axis=2)
    log_probs = build.node("LogSoftmax", build.node("Add", own, bias), axis=-1)
    values, best = build.nodes("TopK", log_probs, top, count=2, axis=-1)
    build.output("log_probs", log_probs, Kind.FLOAT, "rows", "open", "own")
    build.output("top_log_probs", values, Kind.FLOAT, "rows", "open", "top")
    build.output("top_places", best, Kind.INT64, "rows", "open", "top")


def padded_vocabulary(size: int) -> int:
    """Return the number of columns of the output layer: the vocabulary and its padding."""
    return size + -size % _CHUNK


def _top(build: GraphBuilder, values: str, width: int, top: str) -> tuple[str, str]:
    """Return the `top` largest of `values` `[rows, width]` and their indices.

    These values are in the `top` chunks with the largest maxima. Finding the maxima of chunks is
    much faster than a TopK over a whole row.
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
