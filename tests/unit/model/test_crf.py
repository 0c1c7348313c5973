"""The linear chain against all of its paths, in TensorFlow and in NumPy."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from seq2seq.inference.linear_chain import ChainStream, LinearChain
from seq2seq.model import crf

CLASSES = 3
LENGTHS = (4, 1, 0, 5)
RANDOM = np.random.default_rng(4)
NUMBERS = [RANDOM.normal(0, 2, shape).astype(np.float32) for shape in ((3, 3), (3,), (3,))]
SCORES = [RANDOM.normal(0, 2, (length, CLASSES)).astype(np.float32) for length in LENGTHS]
TARGETS = [RANDOM.integers(0, CLASSES, length) for length in LENGTHS]
POTENTIALS = crf.Potentials(*map(tf.constant, NUMBERS))
CHAIN = LinearChain(*(each.astype(np.float64) for each in NUMBERS))


def score(scores: Any, path: Any) -> float:
    """The score of a path, from its definition."""
    if not len(path):
        return 0.0
    transitions, start, end = NUMBERS
    pairs = sum(transitions[one, other] for one, other in pairwise(path))
    steps = sum(scores[step, number] for step, number in enumerate(path))
    return float(start[path[0]] + steps + pairs + end[path[-1]])


def all_paths(scores: Any) -> tuple[list[tuple[int, ...]], Any, float]:
    """All paths, their probabilities, and log Z."""
    paths = list(product(range(CLASSES), repeat=len(scores)))
    found = np.array([score(scores, path) for path in paths])
    total = float(np.log(np.exp(found).sum()))
    return paths, np.exp(found - total), total


def batch(*, width: int, rubbish: float = 0.0) -> tuple[Any, Any, Any]:
    """The sequences with steps outside the chain before, between and after those in it."""
    random = np.random.default_rng(1)
    flags = np.zeros((len(LENGTHS), width), np.bool_)
    for row, length in enumerate(LENGTHS):
        flags[row, np.sort(random.choice(width, length, replace=False))] = True
    scores = np.full((*flags.shape, CLASSES), rubbish, np.float32)
    targets = np.zeros(flags.shape, np.int32)
    scores[flags], targets[flags] = np.concatenate(SCORES), np.concatenate(TARGETS)
    return tuple(tf.constant(each) for each in (scores, flags, targets))


def test_the_forward_algorithm_sums_over_all_paths() -> None:
    scores, flags, targets = batch(width=8)
    totals = crf.log_partition(scores, flags, POTENTIALS).numpy()
    paths = crf.path_scores(scores, flags, targets, POTENTIALS).numpy()
    wanted = [all_paths(one)[2] if len(one) else 0.0 for one in SCORES]
    np.testing.assert_allclose(totals, wanted, rtol=1e-5)
    right = [score(*pair) for pair in zip(SCORES, TARGETS, strict=True)]
    np.testing.assert_allclose(paths, right, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(
        CHAIN.losses(SCORES, TARGETS), np.subtract(wanted, right), rtol=1e-6, atol=1e-9
    )


def test_viterbi_and_marginals_are_those_of_all_paths() -> None:
    scores, flags, _ = batch(width=8)
    best = crf.best_path(scores, flags, POTENTIALS).numpy()
    shares = crf.marginals(scores, flags, POTENTIALS).numpy()
    assert not shares[~flags.numpy()].any()
    for row, (one, decoded) in enumerate(zip(SCORES, CHAIN.decode(SCORES), strict=True)):
        paths, probabilities, _ = all_paths(one)
        chosen = flags.numpy()[row]
        wanted = np.zeros((len(one), CLASSES))
        for path, probability in zip(paths, probabilities, strict=True):
            wanted[np.arange(len(path)), list(path)] += probability
        likeliest = list(paths[int(probabilities.argmax())])
        assert best[row][chosen].tolist() == decoded.path.tolist() == likeliest
        np.testing.assert_allclose(decoded.marginals, wanted, atol=1e-6)
        np.testing.assert_allclose(shares[row][chosen], wanted, atol=1e-5)


def losses_and_gradients(width: int, rubbish: float) -> list[Any]:
    scores, flags, targets = batch(width=width, rubbish=rubbish)
    with tf.GradientTape() as tape:
        tape.watch([scores, *POTENTIALS])
        losses = crf.log_partition(scores, flags, POTENTIALS)
        losses -= crf.path_scores(scores, flags, targets, POTENTIALS)
    found, *others = tape.gradient(losses, [scores, *POTENTIALS])
    assert not found.numpy()[~flags.numpy()].any()
    return [losses.numpy(), found.numpy()[flags.numpy()], *(one.numpy() for one in others)]


@pytest.mark.parametrize("rubbish", [7.0, np.inf, np.nan])
def test_steps_outside_the_chain_change_no_loss_and_no_gradient(rubbish: float) -> None:
    narrow, wide = losses_and_gradients(5, 0.0), losses_and_gradients(11, rubbish)
    for one, other in zip(narrow[:2], wide[:2], strict=True):
        assert one.tobytes() == other.tobytes()
    # The gradients of the potentials are sums over all steps, in another order.
    for one, other in zip(narrow[2:], wide[2:], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_a_sequence_alone_is_decoded_as_among_others() -> None:
    for one, together in zip(SCORES, CHAIN.decode(SCORES), strict=True):
        (alone,) = CHAIN.decode([one])
        assert alone.path.tolist() == together.path.tolist()
        assert alone.marginals.tobytes() == together.marginals.tobytes()


def test_a_stream_gives_the_last_step_of_each_beginning() -> None:
    stream = ChainStream(CHAIN)
    steps = SCORES[3]
    for end in range(1, len(steps) + 1):
        marginals, number = stream.push(steps[end - 1])
        (whole,) = CHAIN.decode([steps[:end]])
        assert number == whole.path[-1]
        np.testing.assert_allclose(marginals, whole.marginals[-1], atol=1e-7)


def test_scores_of_any_size_are_decoded() -> None:
    (found,) = CHAIN.decode([np.array([[1e30, 0, 0], [0, -1e30, 1e30]], np.float32)])
    assert found.path.tolist() == [0, 2]
    assert np.isfinite(found.marginals).all()
