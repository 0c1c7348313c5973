"""Accuracy of spoken digits, or words wrong in spoken numbers, of speakers nobody trained with.

    seq2seq download spoken_digits
    python tests/benchmarks/held_out_speakers.py spoken_digits downloads/spoken_digits [KEY=VALUE …]
    python tests/benchmarks/held_out_speakers.py spoken_numbers downloads/spoken_digits

Each speaker is held out in turn: a run learns from the others, and is tested with all recordings of
that speaker (digits), or with 500 strings of them (numbers). The settings are those of the
experiment and the ones given; `--speakers` takes a part of the speakers.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path

from seq2seq import load_settings, train
from seq2seq.data.readers.spoken_digits import RECORDINGS, SPEAKERS
from seq2seq.data.readers.spoken_numbers import write_spoken_numbers
from seq2seq.training.reporting.terminal import SilentReport

SCORES = {"spoken_digits": "test_accuracy", "spoken_numbers": "test_symbol_error_rate"}
VALID_SHARE = 0.05  # of the recordings of the others


def main() -> None:
    options = _parser().parse_args()
    scores = []
    for speaker in options.speakers:
        directory = options.runs / "held_out" / speaker
        directory.mkdir(parents=True, exist_ok=True)
        recordings = directory / RECORDINGS
        if not recordings.exists():
            recordings.symlink_to((options.directory / RECORDINGS).resolve())
        settings = [f"experiment={options.experiment}", f"data.directory={directory}"]
        if options.experiment == "spoken_digits":
            _write_digits(directory, speaker)
            settings.append(f"data.valid_share={VALID_SHARE}")
        else:
            write_spoken_numbers(directory, held_out=speaker)
        name = f"{options.experiment}-without-{speaker}"
        run = [f"runs={options.runs}", f"name={name}", "training.sinks=[jsonl]"]
        train(load_settings([*settings, *run, *options.settings]), report=SilentReport())
        metrics = json.loads((options.runs / name / "export" / "metrics.json").read_text())
        scores.append(metrics[SCORES[options.experiment]])
        print(f"{speaker:<10} {SCORES[options.experiment]} {scores[-1]:.4g}", flush=True)
    print(f"{'mean':<10} {SCORES[options.experiment]} {statistics.mean(scores):.4g}")


def _write_digits(directory: Path, held_out: str) -> None:
    """Write the manifests of a split by speaker."""
    lines: dict[str, list[str]] = {"train": [], "test": []}
    for path in sorted((directory / RECORDINGS).glob("*.flac")):
        digit, speaker, _ = path.stem.split("_")
        split = "test" if speaker == held_out else "train"
        lines[split].append(f"{RECORDINGS}/{path.name}\t{digit}\n")
    for split, entries in lines.items():
        (directory / f"{split}.tsv").write_text("".join(entries))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("experiment", choices=SCORES)
    parser.add_argument("directory", type=Path, help="directory with the recordings")
    parser.add_argument("settings", nargs="*", help="settings of the runs, KEY=VALUE")
    parser.add_argument("--speakers", nargs="+", choices=SPEAKERS, default=SPEAKERS)
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    return parser


if __name__ == "__main__":
    main()
