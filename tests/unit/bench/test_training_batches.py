"""Batches that training is measured with, and the products that they take."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from seq2seq.bench.training_batches import (
    made_batches,
    pair_lengths,
    read_batches,
    work,
    write_batches,
)
from seq2seq.bench.training_cases import CLASSES, FEATURES, Case, cpu_cases, gpu_cases, grid
from seq2seq.bench.training_corpus import Files, made_files, open_corpus
from seq2seq.bench.training_products import step_operations


def test_lengths_are_those_of_multi30k() -> None:
    source, target = pair_lengths(29_000, np.random.default_rng(1))
    assert source.mean() == pytest.approx(16.04, rel=0.02)
    assert target.mean() == pytest.approx(16.91, rel=0.02)
    assert np.percentile(source, [5, 50, 95]) == pytest.approx([9, 15, 26], abs=1)
    assert np.percentile(target, [5, 50, 95]) == pytest.approx([9, 16, 28], abs=1)
    assert np.corrcoef(source, target)[0, 1] == pytest.approx(0.84, abs=0.03)


@pytest.mark.parametrize("case", [Case(), Case(length=50, positions=500, batches=3)])
def test_pairs_end_and_are_padded_on_the_right(case: Case) -> None:
    batches = made_batches(case)
    assert len(batches) == case.batches
    for source, target in batches:
        assert source.dtype == target.dtype == np.int32
        assert len(source) == len(target)
        assert max(source.shape[1], target.shape[1]) * len(source) <= case.positions
        for ids in (source, target):
            lengths = (ids != 0).sum(axis=1)
            assert lengths.max() == ids.shape[1]
            assert ((ids == 3).argmax(axis=1) == lengths - 1).all()
            assert ids.max() < case.vocab_size
            if case.length is not None:
                assert lengths.min() >= 0.85 * case.length
                assert ids.shape == (10, 50)
    assert sum(work(case, batch) for batch in batches) == sum(
        int((target != 0).sum()) for _, target in batches
    )


def test_sequences_have_their_lengths_and_classes() -> None:
    case = Case("classification", length=20, positions=80, batches=2)
    batches = made_batches(case)
    assert len(batches) == 2
    for values, lengths, classes in batches:
        assert values.shape == (4, 20, FEATURES)
        assert lengths[0] == 20
        assert (values[np.arange(20) >= lengths[:, None]] == 0).all()
        assert set(classes) <= set(range(CLASSES))
        assert work(case, (values, lengths, classes)) == lengths.sum()


def test_the_same_seed_gives_the_same_batches_through_a_file(tmp_path: Path) -> None:
    batches = made_batches(Case(batches=12), seed=7)
    write_batches(tmp_path / "batches.npz", batches)
    for again in (read_batches(tmp_path / "batches.npz"), made_batches(Case(batches=12), seed=7)):
        assert len(again) == 12
        for batch, other in zip(batches, again, strict=True):
            assert all(np.array_equal(*parts) for parts in zip(batch, other, strict=True))
    assert not np.array_equal(batches[0][0], made_batches(Case(batches=12), seed=8)[0][0])


def test_operations_of_a_translation_are_those_counted_by_hand() -> None:
    case = replace(Case(units=8, layers=2, vocab_size=20), length=4)
    source = np.array([[5, 6, 3], [5, 3, 0]], np.int32)
    target = np.array([[5, 3], [3, 0]], np.int32)
    dim = 256
    # Both directions of 4 units: 4 gates of 4 from the input and the 4 units before.
    encoder = 2 * (dim + 4) * 16 + 2 * (8 + 4) * 16
    keys = 8 * 8
    decoder = (dim + 8) * 32 + (8 + 8) * 32
    after = 16 * 8 + 8 * dim + dim * 20
    attention = 2 * (3 * 2 + 2 * 1) * 8  # scores and sums, of every pair of real tokens
    multiplied = 5 * (encoder + keys) + 3 * (decoder + after) + attention
    assert step_operations(case, (source, target)) == 3 * 2 * multiplied


def test_padding_takes_no_operations() -> None:
    case = Case(units=8)
    batch = (np.array([[5, 3]], np.int32), np.array([[6, 7, 3]], np.int32))
    wide = tuple(np.pad(ids, ((0, 0), (0, 5))) for ids in batch)
    assert step_operations(case, wide) == step_operations(case, batch)


def test_operations_of_a_classification_are_those_counted_by_hand() -> None:
    case = Case("classification", units=8, length=5)
    batch = (np.zeros((2, 5, FEATURES), np.float32), np.array([5, 3]), np.array([0, 1]))
    inputs, recurrent = 2 * FEATURES * 16, 2 * 4 * 16
    # The features need no gradient; all else has three products.
    multiplied = 8 * (2 * inputs + 3 * recurrent) + 3 * 2 * 8 * CLASSES
    assert step_operations(case, batch) == 2 * multiplied


def test_rows_have_names_of_their_own() -> None:
    for cases in (cpu_cases(), gpu_cases(), grid(sizes={})):
        assert len({case.name for case in cases}) == len(cases)
    assert len(grid(sizes={})) == 2 * 4 * 3 * 2
    assert [case.name for case in cpu_cases()][-3:] == [
        "1 layer of 512, float32, 200 tokens",
        "1 layer of 512, float32, 800 tokens",
        "classification, 1 layer of 128, float32, 8 x 5,000 steps of 50 features",
    ]


def test_a_corpus_of_made_words_keeps_its_lengths(tmp_path: Path) -> None:
    case = Case(vocab_size=100, positions=200)
    files = made_files(tmp_path, case, pairs=600)
    corpus = open_corpus(files, case, tmp_path)
    assert corpus.case.vocab_size <= 100
    assert corpus.settings.model == case.model
    source, target = pair_lengths(600, np.random.default_rng(1))
    lengths = sorted(zip(source, target, strict=True))
    stored = corpus.prepared.train
    assert sorted(zip(stored.source.lengths + 1, stored.target.lengths + 1, strict=True)) == lengths


def test_real_pairs_come_in_the_order_of_a_run(repository: Path, tmp_path: Path) -> None:
    phrasebook = repository / "data" / "phrasebook"
    case = Case(vocab_size=700)
    corpus = open_corpus(Files(phrasebook / "valid.en", phrasebook / "valid.de"), case, tmp_path)
    first, again = ([*islice(corpus.batches(), 3)] for _ in range(2))
    assert all(np.array_equal(one[1], other[1]) for one, other in zip(first, again, strict=True))
    assert len(list(islice(corpus.batches(), 200))) == 200  # over many epochs
