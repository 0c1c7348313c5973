"""A share of the sequences is held out, at least one wherever there are two."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from seq2seq.config.schema import TaskSettings
from seq2seq.data.sequences.held_out import HeldOut, content_digest
from seq2seq.data.sequences.item import Item

CLASSIFICATION, REGRESSION = TaskSettings("classification"), TaskSettings("regression")


def items(count: int, seed: int, *, classes: int = 2) -> list[Item]:
    random = np.random.default_rng(seed)
    return [
        Item(n + 1, random.normal(size=(random.integers(1, 5), 2)), str(n % classes))
        for n in range(count)
    ]


def parts(found: list[Item], choice: HeldOut) -> tuple[list[Any], list[Any]]:
    held = [item.label for item in found if item.content is not None and item.content in choice]
    kept = [item.label for item in found if item.content is not None and item.content not in choice]
    return held, kept


@pytest.mark.parametrize("count", [2, 3, 4, 6, 10, 30])
@pytest.mark.parametrize("share", [1e-9, 0.1, 0.5, 1 - 1e-9])
def test_neither_side_is_ever_empty(count: int, share: float) -> None:
    for seed in range(20):
        for task in (CLASSIFICATION, REGRESSION)[count == 2 :]:
            found = items(count, seed)
            held, kept = parts(found, HeldOut.choose(found, share, task))
            assert held and kept


def test_nothing_is_held_out_where_training_would_lose_a_class() -> None:
    found = items(2, seed=1)
    assert HeldOut.choose([*found, *found], 1e-9, CLASSIFICATION) == HeldOut(1e-9)


def test_what_is_held_out_has_a_class_that_training_has() -> None:
    for seed in range(50):
        found = items(5, seed, classes=3)
        found[4] = Item(5, found[4].content, "rare")
        held, kept = parts(found, HeldOut.choose(found, 0.1, CLASSIFICATION))
        assert any(label in kept for label in held)


def test_a_sequence_without_use_for_validation_does_not_count() -> None:
    found = items(6, seed=3, classes=1)
    broken = [Item(item.position, item.content, None) for item in found[:4]]
    choice = HeldOut.choose([*broken, *found[4:]], 1e-9, CLASSIFICATION)
    assert parts(found[4:], choice)[0] != []


def test_the_share_decides_where_it_holds_anything_out() -> None:
    found = items(300, seed=1)
    choice = HeldOut.choose(found, 0.1, CLASSIFICATION)
    assert choice == HeldOut(0.1)
    assert 15 < len(parts(found, choice)[0]) < 50


def test_a_large_file_is_not_read_to_its_end() -> None:
    read = 0

    def counted() -> Any:
        nonlocal read
        for item in items(5000, seed=1):
            read += 1
            yield item

    HeldOut.choose(counted(), 0.1, CLASSIFICATION)
    assert read < 200


def test_equal_sequences_go_to_one_side() -> None:
    found = items(4, seed=2)
    choice = HeldOut.choose([*found, *found], 1e-9, CLASSIFICATION)
    held, _ = parts([*found, *found], choice)
    assert len(held) == 2


def test_the_digest_does_not_depend_on_the_precision_unless_float32_loses() -> None:
    values = np.array([[0.1], [2.5]])
    assert content_digest(values) == content_digest(values.astype(np.float32))
    seconds = np.array([[1.7e9], [1.7e9 + 1]])
    assert content_digest(seconds) != content_digest(seconds + 1)
