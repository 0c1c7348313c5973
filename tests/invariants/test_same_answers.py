"""The ONNX graphs answer as the TensorFlow model does, whatever its variant and the batch.

Each variant learns for some steps first: an untrained model's outputs hardly differ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
import tensorflow as tf

from seq2seq.config.schema import ModelSettings, OptimizerSettings, SearchSettings
from seq2seq.export.onnx.parameters import computed_numbers
from seq2seq.export.onnx.translation_graphs import Sizes, TranslationGraphs
from seq2seq.inference.onnx_model import OnnxModel
from seq2seq.model.graph_search import beam_search as graph_search
from seq2seq.model.target_scoring import attention_weights
from seq2seq.model.target_scoring import token_log_probs as graph_log_probs
from seq2seq.model.weights import weight_arrays
from seq2seq.search.beam_search import BeamSettings, beam_search
from seq2seq.search.hypotheses import Hypothesis
from seq2seq.search.scoring import token_log_probs
from seq2seq.training.optimizer import Optimizer

VOCAB = 40
SENTENCES = 40

VARIANTS: dict[str, dict[str, Any]] = {
    "luong": {"encoder_layers": 2, "decoder_layers": 2},
    "bahdanau": {"attention": "bahdanau", "encoder_layers": 2, "decoder_layers": 2},
    "none": {"attention": "none"},
    "deep decoder": {"decoder_layers": 3},
    "deep encoder": {"encoder_layers": 3, "attention": "bahdanau"},
    "one direction": {"bidirectional": False, "encoder_layers": 2, "tie_embeddings": False},
    "no residual": {"residual": False, "encoder_layers": 2, "decoder_layers": 2},
    "transformer": {
        "encoder": "transformer",
        "attention_heads": 4,
        "feed_forward": 32,
        "encoder_layers": 2,
    },
    "two vocabularies": {"shared_vocabulary": False, "tie_embeddings": False},
}


class Trained(NamedTuple):
    model: Any
    settings: ModelSettings
    onnx_model: OnnxModel
    quantized: OnnxModel


@pytest.fixture(scope="module", params=VARIANTS)
def trained(request: pytest.FixtureRequest, make_model: Callable[..., Any]) -> Trained:
    fields = {"embedding_dim": 16, "units": 24, **VARIANTS[request.param]}
    model = make_model(vocab=VOCAB, **fields)
    learn(model, steps=200 if request.param == "transformer" else 80)
    shared = fields.pop("shared_vocabulary", True)
    settings = ModelSettings(**{**fields, "dropout": 0.0})
    sizes = Sizes(VOCAB, VOCAB, shared and settings.tie_embeddings)
    found = []
    for quantized in (False, True):
        graphs = TranslationGraphs(settings, sizes, quantized=quantized)
        numbers = computed_numbers(graphs.parameters, weight_arrays(model))
        found.append(OnnxModel(graphs, numbers, vocab_size=VOCAB))
    return Trained(model, settings, *found)


def random_rows(random: np.random.Generator, lengths: Any, *, vocab: int = VOCAB) -> Any:
    batch = np.zeros([len(lengths), max(lengths) + 1], np.int32)
    for row, length in zip(batch, lengths, strict=True):
        row[:length] = random.integers(4, vocab, length)
        row[length] = 3
    return batch


def learn(model: Any, *, steps: int) -> None:
    """To write each token twice if it is even, and its neighbour if it is odd."""
    random = np.random.default_rng(5)
    # Not the optimizer of Keras: its dozen operations for each weight take seconds to trace.
    optimizer = Optimizer(OptimizerSettings(), model.trainable_variables)
    ids = tf.TensorSpec([None, None], tf.int32)

    @tf.function(input_signature=[ids, ids], autograph=False)
    def step(source: tf.Tensor, target: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = -tf.reduce_sum(graph_log_probs(model, source, target))
            loss /= tf.reduce_sum(tf.cast(target > 0, tf.float32))
        gradients = tape.gradient(loss, [weight.value for weight in model.trainable_variables])
        optimizer.apply([tf.convert_to_tensor(each) for each in gradients], tf.constant(1e-2))
        return loss

    first = last = 0.0
    for _ in range(steps):
        source = random_rows(random, random.integers(1, 9, 16))
        wanted = [
            [token for i in row[row > 3] for token in ([i, i] if i % 2 == 0 else [4 + i % 36])]
            for row in source
        ]
        target = np.zeros([16, max(map(len, wanted)) + 1], np.int32)
        for row, tokens in zip(target, wanted, strict=True):
            row[: len(tokens) + 1] = [*tokens, 3]
        last = float(step(source, target))
        first = first or last
    assert last < 0.8 * first


@pytest.fixture(scope="module")
def sources() -> Any:
    random = np.random.default_rng(9)
    # Most as in training, some far longer than anything it saw.
    lengths = np.concatenate([random.integers(1, 12, SENTENCES - 8), random.integers(30, 45, 8)])
    return random_rows(random, lengths)


def limits_of(source: Any) -> Any:
    return (2 * (source > 0).sum(axis=1) + 11).astype(np.int32)


def search(model: OnnxModel, source: Any, beam_size: int) -> list[list[Hypothesis]]:
    return beam_search(model, source, limits_of(source), settings=BeamSettings(beam_size))


def translated_by_graph(model: Any, source: Any, beam_size: int) -> Any:
    """`Hypotheses` of TensorFlow's search, as arrays."""
    search = tf.function(
        lambda ids: graph_search(model, ids, SearchSettings(beam_size), n_best=beam_size),
        input_signature=[tf.TensorSpec([None, None], tf.int32)],
        autograph=False,
    )
    return tf.nest.map_structure(lambda each: each.numpy(), search(tf.constant(source)))


@pytest.mark.parametrize("beam_size", [1, 4])
def test_search_finds_what_the_graph_finds(trained: Trained, sources: Any, beam_size: int) -> None:
    expected = translated_by_graph(trained.model, sources, beam_size)
    found = search(trained.onnx_model, sources, beam_size)
    differing = 0
    for row, hypotheses in enumerate(found):
        for position, hypothesis in enumerate(hypotheses):
            length = int(expected.lengths[row, position])
            assert abs(hypothesis.score - expected.scores[row, position]) < 1e-4 * length
            assert abs(hypothesis.log_prob - sum(hypothesis.token_log_probs)) < 1e-3
            ids = tuple(expected.ids[row, position][: length - 1].tolist())
            differing += ids != hypothesis.ids
    assert differing <= 0.002 * len(sources) * beam_size
    assert len({hypotheses[0].ids for hypotheses in found}) > SENTENCES / 2


@pytest.mark.parametrize("form", ["onnx_model", "quantized"])
def test_a_sentence_alone_gives_what_it_gives_in_any_batch(
    trained: Trained, sources: Any, form: str
) -> None:
    model: OnnxModel = getattr(trained, form)
    together = search(model, sources, 3)
    backwards = search(model, sources[::-1], 3)[::-1]
    for row, source in enumerate(sources[::4]):
        (alone,) = search(model, source[np.newaxis, : (source > 0).sum()], 3)
        for other in (together[4 * row], backwards[4 * row]):
            assert [one.ids for one in alone] == [one.ids for one in other]
            scores = [one.score for one in other]
            np.testing.assert_allclose([one.score for one in alone], scores, atol=1e-4)


def test_pairs_score_the_same(trained: Trained, sources: Any) -> None:
    targets = random_rows(np.random.default_rng(2), [*range(1, SENTENCES // 2 + 1)] * 2)
    expected = graph_log_probs(trained.model, tf.constant(sources), tf.constant(targets)).numpy()
    np.testing.assert_allclose(
        token_log_probs(trained.onnx_model, sources, targets), expected, atol=1e-3
    )


def test_tokens_are_aligned_where_attention_is_largest(trained: Trained, sources: Any) -> None:
    if not trained.onnx_model.has_attention:
        pytest.skip("this variant has no attention")
    settings = BeamSettings(beam_size=2, align=True)
    found = beam_search(trained.onnx_model, sources, limits_of(sources), settings=settings)
    rows = range(0, len(sources), 5)
    targets = np.zeros([len(rows), max(len(found[row][0].ids) for row in rows) + 1], np.int32)
    for target, row in zip(targets, rows, strict=True):
        target[: len(found[row][0].ids) + 1] = [*found[row][0].ids, 3]
    # All in one batch: outside a graph, TensorFlow takes as long for one sentence as for many.
    weights = attention_weights(trained.model, sources[::5], targets).numpy()
    for position, row in enumerate(rows):
        ids = found[row][0].ids
        length = int((sources[row] > 0).sum())
        if not ids or length < 2:
            continue
        best = weights[position, : len(ids), : length - 1].argmax(axis=1)
        assert found[row][0].source_positions == tuple(best.tolist())


def test_integers_stay_close_to_the_numbers(trained: Trained, sources: Any) -> None:
    targets = random_rows(np.random.default_rng(2), [6] * SENTENCES)
    exact = token_log_probs(trained.onnx_model, sources, targets)
    close = token_log_probs(trained.quantized, sources, targets)
    assert 0 < np.abs(exact - close).mean() < 0.1 * np.abs(exact).mean()
