"""`seq2seq bench batching`: batching strategies compared in speed and score."""

from __future__ import annotations

import argparse
import json
import logging
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from seq2seq.commands.destination import check_destination
from seq2seq.commands.options import CommandParser, named_path, number
from seq2seq.config.schema import Settings
from seq2seq.errors import SettingsError

log = logging.getLogger("seq2seq")

_MADE = [
    *("task=classification", "data=sequences", "name=batching"),
    *("data.name=made", "data.train.source=made.npz", "task.pooling=last"),
    *("model.units=64", "model.bidirectional=false", "model.dropout=0"),
    *("batching.max_tokens=2000", "optimizer.learning_rate=3e-3"),
]
_SEQUENCES = 10_000


def main(argv: Sequence[str]) -> int:
    """Run the command and return its status; `argv` is what follows `seq2seq bench batching`."""
    options = _parser().read(argv)
    if options.picture is not None:
        check_destination(options.picture, option="--picture")
    with tempfile.TemporaryDirectory(prefix="seq2seq-bench-") as directory:
        settings = _settings(options.overrides, Path(directory))
        if not settings.task.has_labels or settings.task.per_step:
            raise SettingsError(
                "bench batching compares models with one answer a sequence; give a recipe with "
                "task=classification or task=regression and task.per_step=false"
            )
        _compare(settings, options)
    return 0


def _settings(overrides: list[str], directory: Path) -> Settings:
    """Return the settings of the named recipe, or of a synthetic corpus."""
    from seq2seq.bench.batching_comparison import write_made_corpus
    from seq2seq.config.recipe import load_settings

    if any(override.startswith(("experiment=", "data=")) for override in overrides):
        return replace(load_settings(overrides), runs=str(directory))
    write_made_corpus(directory / "made.npz", sequences=_SEQUENCES, seed=1)
    made = [*_MADE, f"data.directory={directory}", f"runs={directory}", *overrides]
    return load_settings(made)


def _compare(settings: Settings, options: argparse.Namespace) -> None:
    from seq2seq.bench.batching_comparison import compare, draw, prepared, table, ways

    metric = settings.training.monitor
    prepared(settings)
    measurements = []
    for measurement in compare(settings, seconds=options.seconds):
        measurements.append(measurement)
        shown = table([measurement], metric=metric)[1]
        log.info("%d of %d: %s", len(measurements), len(ways()), shown)
    if options.picture is not None:
        draw(measurements, options.picture, metric=metric)
    if options.json:
        print(json.dumps([measurement.to_json() for measurement in measurements]))
    else:
        print("\n".join(table(measurements, metric=metric)))


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq bench batching",
        description="Train with each of the five ways to batch sequences of different lengths, "
        "padded on either side, with a mask and without, and compare padding, speed, memory and "
        "the score after equal time. Without a recipe on a corpus made for the purpose.",
    )
    add = parser.add_argument
    add("overrides", nargs="*", metavar="KEY=VALUE", help="a recipe, such as experiment=trec")
    above = number("above 0", lambda x: x > 0)
    add("--seconds", type=above, default=20.0, metavar="N", help="of training, each way")
    add("--picture", type=named_path, metavar="FILE", help="draw the comparison into a PNG")
    add("--json", action="store_true", help="print a list of objects")
    return parser
