"""The arithmetic of a measurement."""

from __future__ import annotations

import json

import pytest

from seq2seq.bench.ceiling import (
    Product,
    operations,
    operations_per_second,
    source_products,
    target_products,
)
from seq2seq.bench.first_sentence import Start
from seq2seq.bench.forms import Search
from seq2seq.bench.measurement import Measured, ceiling_of
from seq2seq.bench.spread import Spread
from seq2seq.bench.translation_table import as_json, as_text, comparisons, gains, rows
from seq2seq.bench.variants import Variant, all_variants, chosen_variants
from seq2seq.config.schema import ModelSettings

BATCHES = Search(beam_size=1, batched=True)
TENSORFLOW = Variant("TensorFlow", "float32", 1, BATCHES)
OURS = Variant("ours", "float32", 1, BATCHES)
INT8 = Variant("ours", "int8", 1, BATCHES)
WAITING = Variant("ours", "float32", 1, Search(1, batched=True, shrink_batches=False))
TORCH = Variant("PyTorch", "float32", 1, BATCHES)
TRANSFORMER = Variant("CTranslate2", "int8", 1, BATCHES)
ALL = [TENSORFLOW, OURS, INT8, WAITING, TORCH, TRANSFORMER]
ABOUT = {"model": "m", "sentences": 2}


@pytest.fixture
def measured() -> Measured:
    return Measured(
        seconds={
            TENSORFLOW: [0.4, 0.8, 0.4],
            OURS: [0.2, 0.2, 0.1],
            INT8: [0.1, 0.1, 0.1],
            WAITING: [0.4, 0.6, 0.1],
            TORCH: [0.8, 0.8, 0.8],
            TRANSFORMER: [0.2, 0.1, 0.1],
        },
        outputs={
            TENSORFLOW: ["a", "b"],
            OURS: ["a", "b"],
            INT8: ["a", "x"],
            WAITING: ["a", "b"],
            TORCH: [],
            TRANSFORMER: [],
        },
        operations={ceiling_of(OURS): [90.0, 100.0, 50.0]},
        starts={"ours float32": [Start(0.5, 1000), Start(0.3, 3000), Start(0.4, 2000)]},
    )


def test_ratios_are_taken_turn_by_turn(measured: Measured) -> None:
    found = {row.name: row for row in rows(measured, lambda variant, outputs: 2.0 * len(outputs))}
    assert list(found) == [variant.name for variant in ALL]
    ours = found["ours float32, 1 thread, greedy, batches"]
    assert ours.ratio == Spread(4.0, 2.0, 4.0)
    assert ours.rate == pytest.approx(Spread(5.0, 5.0, 10.0))
    assert ours.share == pytest.approx(Spread(0.1, 0.1, 0.2))
    assert ours.same == (2, 2)
    assert found[TENSORFLOW.name].ratio == Spread(1.0, 1.0, 1.0)
    assert found[INT8.name].same == (1, 2)
    assert found[TORCH.name].same is None
    assert found[TORCH.name].share == pytest.approx(Spread(0.025, 0.025, 0.025))
    assert found[TRANSFORMER.name].share is None


def test_without_a_reference_there_is_no_ratio(measured: Measured) -> None:
    del measured.seconds[TENSORFLOW], measured.outputs[TENSORFLOW]
    del measured.seconds[TORCH], measured.seconds[TRANSFORMER]
    found = rows(measured, lambda variant, outputs: 1.0)
    assert [(row.ratio, row.same) for row in found] == [(None, None)] * 3


def test_what_each_thing_gains(measured: Measured) -> None:
    found = gains(measured)
    assert found == {
        f"shrinking batches: {OURS.name}": Spread(2.0, 1.0, pytest.approx(3.0)),
        f"8-bit integers: {INT8.name}": Spread(2.0, 1.0, 2.0),
    }


def test_other_engines_are_compared_with_the_same_search_turn_by_turn(measured: Measured) -> None:
    assert comparisons(measured) == {
        f"PyTorch float32: {OURS.name}": Spread(4.0, 4.0, 8.0),
        f"CTranslate2 int8: {OURS.name}": Spread(1.0, 0.5, 1.0),
        f"PyTorch float32: {INT8.name}": Spread(8.0, 8.0, 8.0),
        f"CTranslate2 int8: {INT8.name}": Spread(1.0, 1.0, 2.0),
    }


def test_the_table_and_the_json_tell_all(measured: Measured) -> None:
    found = rows(measured, lambda variant, outputs: 1.0)
    text = as_text(found, measured, ABOUT)
    assert all(f"\n{variant.name} " in text for variant in ALL)
    assert "1 of 2" in text
    assert f"1.00 (0.50-1.00)  CTranslate2 int8: {OURS.name}" in text
    assert "0.40 (0.30-0.50) s" in text
    loaded = json.loads(json.dumps(as_json(found, measured, ABOUT)))
    assert loaded["about"] == ABOUT
    assert [row["name"] for row in loaded["rows"]] == [variant.name for variant in ALL]
    assert loaded["starts"]["ours float32"]["peak_bytes"] == [2000, 1000, 3000]


def test_all_variants_can_be_compared() -> None:
    variants = all_variants(threads=2)
    assert len(set(variants)) == len(variants)
    assert all(variant.reference in variants for variant in variants)
    assert {variant.threads for variant in variants} == {1, 2}
    assert {variant.threads for variant in all_variants(threads=1)} == {1}


def test_some_variants_come_with_what_they_are_compared_with() -> None:
    variants = all_variants(threads=2)
    chosen = chosen_variants(variants, r"ours int8, 1 thread.*one by one")
    assert [variant.name for variant in chosen] == [
        "TensorFlow float32, 1 thread, greedy, one by one",
        "TensorFlow float32, 1 thread, beam 4, one by one",
        "ours int8, 1 thread, greedy, one by one",
        "ours int8, 1 thread, beam 4, one by one",
    ]
    assert chosen_variants(variants, "nothing") == []


def test_operations_are_counted() -> None:
    model = ModelSettings(embedding_dim=3, units=4, encoder_layers=2, decoder_layers=2)
    # Two directions of two units; then keys and values.
    assert source_products(model) == [
        *2 * [Product(3 + 2, 8)],
        *2 * [Product(4 + 2, 8)],
        *2 * [Product(4, 4)],
    ]
    assert target_products(model, 10) == [
        *(Product(3 + 4, 16), Product(4 + 4, 16)),
        *(Product(4, 4), Product(4, 3), Product(3, 10)),
    ]
    assert operations([Product(3, 4), Product(4, 5)]) == 2 * (12 + 20)
    assert operations_per_second([Product(8, 8)], rows=2) > 0
