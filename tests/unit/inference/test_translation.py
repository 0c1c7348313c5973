"""The translations of a text are the best combinations of those of its parts."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest

from seq2seq.inference.translation import Translation, join_parts


def alternatives(random: np.random.Generator, part: int, count: int) -> list[Translation]:
    """Translations of different lengths, the best first."""
    scores = np.sort(random.uniform(-3.0, 0.0, count))[::-1].tolist()
    lengths = random.integers(1, 9, count).tolist()
    return [
        Translation(f"{part}.{rank}", score=score, log_prob=score * length, tokens=("x",) * length)
        for rank, (score, length) in enumerate(zip(scores, lengths, strict=True))
    ]


@pytest.mark.parametrize("seed", range(5))
def test_they_are_the_best_of_all_combinations_in_order(seed: int) -> None:
    random = np.random.default_rng(seed)
    parts = [alternatives(random, part, count) for part, count in enumerate((3, 1, 4, 2))]
    weights = [len(part[0].tokens) + 1 for part in parts]
    found = join_parts(parts, ["a. "] * 4, readable=True, drawn=False)

    def score(chosen: tuple[Translation, ...]) -> float:
        return sum(w * one.score for w, one in zip(weights, chosen, strict=True)) / sum(weights)

    best = sorted(itertools.product(*parts), key=score, reverse=True)[:4]
    assert [one.text for one in found] == [" ".join(part.text for part in one) for one in best]
    assert [one.score for one in found] == pytest.approx([score(one) for one in best])
    assert [one.log_prob for one in found] == pytest.approx(
        [sum(part.log_prob for part in one) for one in best]
    )
    assert found[0].text == "0.0 1.0 2.0 3.0"


def test_one_translation_does_not_depend_on_the_number_asked_for() -> None:
    parts = [alternatives(np.random.default_rng(part), part, 3) for part in range(3)]
    sources = ["a. "] * 3
    (alone,) = join_parts([part[:1] for part in parts], sources, readable=True, drawn=False)
    assert join_parts(parts, sources, readable=True, drawn=False)[0] == alone


def test_samples_are_joined_as_they_were_drawn_and_then_ordered() -> None:
    def sample(text: str, log_prob: float) -> Translation:
        return Translation(text, score=log_prob, log_prob=log_prob, tokens=("x",))

    first = [sample("a", -1.0), sample("b", -3.0), sample("c", -2.0)]
    second = [sample("A", -4.0), sample("B", -0.5), sample("C", -2.5)]
    found = join_parts([first, second], ["a. ", "b."], readable=True, drawn=True)
    assert [(one.text, one.score) for one in found] == [("b B", -3.5), ("c C", -4.5), ("a A", -5.0)]
    assert [one.score for one in found] == [one.log_prob for one in found]
    alone = join_parts([first], ["a."], readable=True, drawn=True)
    assert [one.text for one in alone] == ["a", "c", "b"]


def test_thousands_of_parts_take_no_time() -> None:
    random = np.random.default_rng(0)
    parts = [alternatives(random, part, 5) for part in range(3_000)]
    began = time.process_time()
    found = join_parts(parts, ["a. "] * len(parts), readable=True, drawn=False)
    assert len(found) == 5 and time.process_time() - began < 5.0
