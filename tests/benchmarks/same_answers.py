"""Does ONNX Runtime answer as the TensorFlow model does, on real and on random sentences?

    python tests/benchmarks/same_answers.py runs/multi30k ../shared/data/multi30k/test2016.en

Greedy and beam 4, in batches by length and in batches mixed at random. Counts the sentences whose
best output differs, and of these the ones whose scores differ by 1e-4 a token or more.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from seq2seq.data.batch_building import padded_sequences
from seq2seq.export.exported_model import ExportedModel, find_exported_model, read_exported_model
from seq2seq.export.restored_model import restored_model
from seq2seq.inference.batches import map_by_length
from seq2seq.inference.translator import Translator
from seq2seq.model.graph_search import beam_search as graph_search
from seq2seq.model.target_scoring import token_log_probs as graph_log_probs
from seq2seq.search.beam_search import BeamSettings, beam_search
from seq2seq.search.scoring import token_log_probs
from seq2seq.text.lines import decode_line, iter_lines

_IDS = tf.TensorSpec([None, None], tf.int32)

Rows = Sequence[Sequence[int]]
Output = tuple[tuple[int, ...], float]


def main() -> None:
    options = _parser().parse_args()
    exported_model = read_exported_model(find_exported_model(options.model))
    onnx_model = Translator.load(options.model).model
    model = restored_model(exported_model)
    with options.sentences.open("rb") as stream:
        texts = [decode_line(line)[0] for line in iter_lines(stream)][: options.count]
    random = np.random.default_rng(1)
    vocab_size = exported_model.source_tokenizer.vocab_size
    kinds = {
        "real": exported_model.source_tokenizer.encode(texts),
        "random": [
            random.integers(4, vocab_size, length).tolist()
            for length in random.integers(1, 201, options.count)
        ],
    }
    for kind, rows in kinds.items():
        for beam_size in (1, 4):
            expected = _tensorflow_outputs(model, rows, exported_model, beam_size)
            found = _onnx_outputs(onnx_model, rows, exported_model, beam_size)
            _report(f"{kind}, beam {beam_size}, by length", expected, found)
            order = random.permutation(len(rows)).tolist()
            mixed = _mixed(
                onnx_model, [rows[number] for number in order], exported_model, beam_size
            )
            back = dict(zip(order, mixed, strict=True))
            found = [back[number] for number in range(len(rows))]
            _report(f"{kind}, beam {beam_size}, mixed batches", expected, found)
        _report_log_probs(kind, model, onnx_model, rows)


def _report(what: str, expected: Sequence[Output], found: Sequence[Output]) -> None:
    differing = [(a, b) for a, b in zip(expected, found, strict=True) if a[0] != b[0]]
    far = [1 for a, b in differing if abs(a[1] - b[1]) >= 1e-4 * (len(a[0]) + 1)]
    largest = max(abs(a[1] - b[1]) for a, b in zip(expected, found, strict=True))
    print(
        f"{what:<32} {len(expected)} sentences, {len(differing)} differ, {len(far)} of them by "
        f"1e-4 a token or more; scores by {largest:.1e} at most",
        flush=True,
    )


def _report_log_probs(kind: str, model: Any, onnx_model: Any, rows: Rows) -> None:
    """Given targets (other sources will do) scored by both."""
    graph = tf.function(
        lambda source, target: graph_log_probs(model, source, target),
        input_signature=[_IDS, _IDS],
        autograph=False,
    )
    largest = 0.0
    for start in range(0, len(rows), 50):
        source = padded_sequences(rows[start : start + 50])
        target = padded_sequences([row[:60] for row in rows[start : start + 50]][::-1])
        found = token_log_probs(onnx_model, source, target)
        largest = max(largest, float(np.abs(graph(source, target).numpy() - found).max()))
    print(f"{kind:<32} log-probabilities of given tokens differ by {largest:.1e} at most")


def _tensorflow_outputs(
    model: Any, rows: Rows, exported_model: ExportedModel, beam_size: int
) -> list[Output]:
    search = exported_model.settings.search
    graph = tf.function(
        lambda ids: graph_search(
            model,
            ids,
            beam_size=beam_size,
            length_penalty=search.length_penalty,
            max_length_factor=search.max_length_factor,
            max_length_offset=search.max_length_offset,
        ),
        input_signature=[_IDS],
        autograph=False,
    )

    def run(batch: Any, _: list[int]) -> list[Output]:
        found = [tensor.numpy()[:, 0] for tensor in graph(batch)]
        return [
            (tuple(ids[: length - 1].tolist()), float(score))
            for ids, length, score, _ in zip(*found, strict=True)
        ]

    return map_by_length(run, rows, max_tokens=search.batch_tokens)


def _onnx_outputs(
    onnx_model: Any, rows: Rows, exported_model: ExportedModel, beam_size: int
) -> list[Output]:
    def run(batch: Any, _: list[int]) -> list[Output]:
        return _searched(onnx_model, batch, exported_model, beam_size)

    return map_by_length(run, rows, max_tokens=1500)


def _mixed(
    onnx_model: Any, rows: Rows, exported_model: ExportedModel, beam_size: int
) -> list[Output]:
    """In batches of 16, short and long together."""
    found: list[Output] = []
    for start in range(0, len(rows), 16):
        batch = padded_sequences(rows[start : start + 16])
        found += _searched(onnx_model, batch, exported_model, beam_size)
    return found


def _searched(
    onnx_model: Any, batch: Any, exported_model: ExportedModel, beam_size: int
) -> list[Output]:
    search = exported_model.settings.search
    lengths = (batch > 0).sum(axis=1)
    limits = (lengths * search.max_length_factor).astype(np.int32) + search.max_length_offset + 1
    settings = BeamSettings(beam_size=beam_size, length_penalty=search.length_penalty)
    found = beam_search(onnx_model, batch, limits.astype(np.int32), settings=settings)
    return [(hypotheses[0].ids, hypotheses[0].score) for hypotheses in found]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="a run or its float32 export")
    parser.add_argument("sentences", type=Path, help="a file of source sentences")
    parser.add_argument("--count", type=int, default=1000, help="sentences of each kind")
    return parser


if __name__ == "__main__":
    main()
