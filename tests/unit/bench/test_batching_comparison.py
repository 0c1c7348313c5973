"""The ways to batch agree where they mask, and differ where they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from seq2seq import load_settings
from seq2seq.bench.batching_comparison import (
    Way,
    draw,
    measure,
    prepared,
    table,
    ways,
    write_made_corpus,
)
from seq2seq.config.schema import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    write_made_corpus(tmp_path / "made.npz", sequences=60, seed=1)
    return load_settings(
        [
            *("task=classification", "data=sequences", f"runs={tmp_path}"),
            *("data.train.source=made.npz", f"data.directory={tmp_path}"),
            *("model.units=4", "model.bidirectional=false", "model.dropout=0"),
        ]
    )


def test_every_way_is_compared_once() -> None:
    assert len(set(ways())) == len(ways()) == 14
    assert {way.strategy for way in ways() if not way.masked} == {"bucket", "dynamic", "fixed"}


def test_masked_ways_agree_and_unmasked_ones_do_not(settings: Settings, tmp_path: Path) -> None:
    prepared(settings)
    found = [
        measure(settings, Way(*way), 0.01)
        for way in (
            ("bucket", "post", True),
            ("fixed", "pre", True),
            ("equal_length", "post", True),
            ("fixed", "post", False),
        )
    ]
    bucket, fixed, equal, blind = found
    assert fixed.first_loss == pytest.approx(bucket.first_loss, rel=1e-5)
    assert equal.first_loss == pytest.approx(bucket.first_loss, rel=1e-5)
    assert blind.first_loss != pytest.approx(bucket.first_loss, rel=1e-4)
    assert equal.waste == 0.0 < bucket.waste < fixed.waste
    assert len(table(found, metric="valid_accuracy")) == 5
    draw(found, tmp_path / "ways.png", metric="valid_accuracy")
    assert (tmp_path / "ways.png").stat().st_size > 0
