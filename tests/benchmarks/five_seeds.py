"""The test scores of a recipe over five seeds, with their mean.

What a run says of its corpus, such as how many test inputs also occur in training, comes first.

python tests/benchmarks/five_seeds.py experiment=trec data.directory=... [KEY=VALUE ...]
"""

from __future__ import annotations

import statistics
import sys
import tempfile

from seq2seq import load_settings, train
from seq2seq.training.reporting.terminal import SilentReport

SEEDS = (1, 2, 3, 4, 5)


class _Notes(SilentReport):
    """Prints what a run says of its corpus and its model, and nothing else."""

    def note(self, text: str) -> None:
        print(text, flush=True)


def main(overrides: list[str]) -> None:
    scores: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as runs:
        for seed in SEEDS:
            settings = load_settings([*overrides, f"seed={seed}", f"runs={runs}", f"name=s{seed}"])
            report = _Notes() if seed == SEEDS[0] else SilentReport()
            result = train(settings, report=report)
            metrics = result.metrics.items()
            found = {k: v for k, v in metrics if k.startswith("test_") and isinstance(v, float)}
            shown = "  ".join(f"{name} {value:.4f}" for name, value in found.items())
            print(f"seed {seed}  {shown}  {result.seconds:.0f} s", flush=True)
            for name, value in found.items():
                scores.setdefault(name, []).append(value)
    for name, values in scores.items():
        spread = statistics.stdev(values)
        print(f"{name}: mean {statistics.mean(values):.4f}, deviation {spread:.4f}")


if __name__ == "__main__":
    main(sys.argv[1:])
