"""Search: greedy equals one beam, rows are independent, and beams find better than greedy."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from seq2seq.config.schema import SearchSettings
from seq2seq.model.graph_search import Hypotheses, beam_search, length_penalty
from seq2seq.model.target_scoring import attention_weights, pair_log_probs, token_log_probs

EOS = 3
LENGTHS = [9, 3, 1, 5, 2]


@pytest.fixture(scope="module", params=["luong", "none"])
def model(request: pytest.FixtureRequest, make_model: Callable[..., Any]) -> Any:
    return make_model(attention=request.param, encoder_layers=2, decoder_layers=2)


@functools.cache
def graph_of(model: Any, beam_size: int) -> Callable[[Any], Hypotheses]:
    """A search that returns its whole beam, traced once: tests of many sentences share it."""
    return tf.function(  # type: ignore[no-any-return]
        lambda ids: beam_search(model, ids, SearchSettings(beam_size), n_best=beam_size),
        input_signature=[tf.TensorSpec([None, None], tf.int32)],
        autograph=False,
    )


def search(model: Any, source: Any, *, n_best: int = 1, **options: Any) -> Hypotheses:
    """Search with given `SearchSettings` fields."""
    if options == {"beam_size": n_best}:
        found = graph_of(model, n_best)(source)
    else:
        found = beam_search(model, source, SearchSettings(**options), n_best=n_best)
    return Hypotheses(*(part.numpy() for part in found))


def greedy_by_hand(model: Any, row: Any, limit: int) -> tuple[list[int], float]:
    """Greedy search as plainly as it can be written: one sentence, one token, no beam."""
    source = model.encode(row[np.newaxis])
    states, token, ids, total = source.states, 2, [], 0.0
    while token != EOS:
        logits, _, states = model.step(tf.constant([token]), source.memory, states)
        log_probs = tf.nn.log_softmax(logits)[0].numpy()
        log_probs[:3] = -np.inf
        token = EOS if len(ids) + 1 >= limit else int(log_probs.argmax())
        ids.append(token)
        total += float(log_probs[token])
    return ids, total


def test_one_beam_is_greedy_search(model: Any, ragged: Callable[..., Any]) -> None:
    source = ragged(LENGTHS)
    found = search(model, source, beam_size=1)
    for row, length in enumerate(LENGTHS):
        ids, total = greedy_by_hand(model, source[row], limit=2 * length + 11)
        assert found.ids[row, 0, : found.lengths[row, 0]].tolist() == ids
        assert found.log_probs[row, 0] == pytest.approx(total, abs=1e-4)


@pytest.mark.parametrize("beam_size", [1, 4])
@pytest.mark.parametrize("pre", [False, True])
def test_a_row_does_not_depend_on_its_batch_or_padding(
    model: Any, ragged: Callable[..., Any], beam_size: int, pre: bool
) -> None:
    source = ragged(LENGTHS)
    together = search(
        model, ragged(LENGTHS, width=13, pre=pre), beam_size=beam_size, n_best=beam_size
    )
    for row, length in enumerate(LENGTHS):
        alone = search(model, source[row : row + 1, :length], beam_size=beam_size, n_best=beam_size)
        width = alone.ids.shape[2]
        assert np.array_equal(alone.ids[0], together.ids[row, :, :width])
        assert np.array_equal(alone.lengths[0], together.lengths[row])
        assert np.allclose(alone.scores[0], together.scores[row], atol=1e-5)


def test_scores_are_those_of_the_model(model: Any, ragged: Callable[..., Any]) -> None:
    source = ragged(LENGTHS)
    found = search(model, source, beam_size=4, n_best=4, length_penalty=0.7)
    for rank in range(4):
        scored = pair_log_probs(model, source, found.ids[:, rank]).numpy()
        assert np.allclose(scored, found.log_probs[:, rank], atol=1e-3)
        penalty = length_penalty(found.lengths[:, rank], 0.7).numpy()
        assert np.allclose(found.scores[:, rank], scored / penalty, atol=1e-3)
    assert (np.diff(found.scores, axis=1) <= 1e-6).all()


def test_hypotheses_end_once_and_differ(model: Any, ragged: Callable[..., Any]) -> None:
    found = search(model, ragged(LENGTHS), beam_size=4, n_best=4)
    for row in range(len(LENGTHS)):
        outputs = set()
        for ids, length in zip(found.ids[row], found.lengths[row], strict=True):
            assert ids[length - 1] == EOS and not ids[length:].any()
            assert (ids[: length - 1] > EOS).all()
            outputs.add(tuple(ids.tolist()))
        assert len(outputs) == 4


def test_a_wider_beam_finds_likelier_outputs(model: Any, ragged: Callable[..., Any]) -> None:
    source = ragged([6] * 40)
    greedy = search(model, source, beam_size=1, length_penalty=0.0).log_probs
    wide = search(model, source, beam_size=8, length_penalty=0.0).log_probs
    assert wide.mean() > greedy.mean()


def test_outputs_stay_within_their_own_limit(model: Any, ragged: Callable[..., Any]) -> None:
    options = {"max_length_factor": 1.0, "max_length_offset": 2}
    found = search(model, ragged(LENGTHS), beam_size=2, n_best=2, **options)
    for row, length in enumerate(LENGTHS):
        assert (found.lengths[row] <= length + 3).all()


def test_token_log_probs_ignore_padding(model: Any, ragged: Callable[..., Any]) -> None:
    source, target = ragged([4, 6]), ragged([5, 2])
    tokens = token_log_probs(model, source, target).numpy()
    assert not tokens[1, 2:].any() and (tokens[target != 0] < 0).all()
    wide = pair_log_probs(model, ragged([4, 6], width=9), ragged([5, 2], width=8)).numpy()
    assert np.allclose(tokens.sum(axis=1), wide, atol=1e-5)


def test_attention_weights_come_with_the_model(model: Any, ragged: Callable[..., Any]) -> None:
    weights = attention_weights(model, ragged([4, 6]), ragged([5, 2]))
    if model.decoder.attention is None:
        assert weights is None
    else:
        assert weights.shape == (2, 5, 6)
