"""What Ray Tune adds to a trial, and what stopping early saves.

    python tests/benchmarks/tune.py overhead [--trials 4]
    python tests/benchmarks/tune.py asha [--trials 16] [--epochs 6]

`overhead` trains the same few runs with `seq2seq train`, one after another, and with `seq2seq
tune`, one at a time: the difference, less the start and end of Ray, is Tune's share of a trial.
`asha` runs the same trials of the phrasebook with and without ASHA, and compares the time until
either reaches the best score that both do. Run it where nobody else reaches the network:

    unshare -rn sh -c 'ip link set lo up; python tests/benchmarks/tune.py asha'
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SMALL = ["data.max_pairs=2000", "model.units=32", "model.embedding_dim=32", "training.max_epochs=1"]
SPACE = ["optimizer.learning_rate=tag(log,interval(1e-4,3e-2))", "model.units=32,64,128"]
SHORT = ["data.max_pairs=6000", "model.embedding_dim=64", "optimizer.schedule=constant"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("overhead", "asha"))
    parser.add_argument("--trials", type=int)
    parser.add_argument("--epochs", type=int, default=6)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seq2seq-bench-") as name:
        workplace = Path(name)
        recipe = SMALL if options.what == "overhead" else SHORT
        seq2seq("inspect", *recipe, cwd=workplace)  # prepares the corpus, once for all
        if options.what == "overhead":
            overhead(workplace, trials=options.trials or 4)
        else:
            compare(workplace, trials=options.trials or 16, epochs=options.epochs)


def overhead(workplace: Path, *, trials: int) -> None:
    """Time the same trials alone, and together under Tune."""
    rates = [f"optimizer.learning_rate={0.001 * (1 + number)}" for number in range(trials)]
    alone = [
        seq2seq("train", *SMALL, f"name=alone{number}", rate, cwd=workplace)
        for number, rate in enumerate(rates)
    ]
    swept = f"optimizer.learning_rate={','.join(rate.partition('=')[2] for rate in rates)}"
    common = ["tune.search=grid", "tune.concurrent=1", *SMALL]
    first = "optimizer.learning_rate=choice(0.001)"
    one = seq2seq("tune", *common, "name=one", first, cwd=workplace)
    whole = seq2seq("tune", *common, "name=all", swept, cwd=workplace)
    each = (whole - one) / (trials - 1)
    mean = sum(alone) / trials
    print(f"seq2seq train: {mean:.1f} s a run")
    print(f"seq2seq tune: {one:.1f} s for one trial, {each:.1f} s for each more")
    print(f"Ray's start and end, and the results: {one - each:.1f} s a sweep")
    print(f"overhead of a trial: {each - mean:+.1f} s, ratio {each / mean:.2f}")


def compare(workplace: Path, *, trials: int, epochs: int) -> None:
    """The same trials, with ASHA and without."""
    curves = {}
    for scheduler in ("none", "asha"):
        command = [
            *("tune", f"name={scheduler}", f"tune.scheduler={scheduler}", f"tune.trials={trials}"),
            *(f"training.max_epochs={epochs}", *SHORT, *SPACE),
        ]
        seconds = seq2seq(*command, cwd=workplace)
        curves[scheduler] = best_over_time(workplace / "runs" / scheduler)
        print(f"{scheduler}: {seconds:.0f} s, best {curves[scheduler][-1][1]:.2f}", flush=True)
    target = min(curve[-1][1] for curve in curves.values())
    reached = {
        name: next(at for at, score in curve if score >= target) for name, curve in curves.items()
    }
    print(f"time to {target:.2f}: none {reached['none']:.0f} s, asha {reached['asha']:.0f} s")
    print(f"ratio {reached['none'] / reached['asha']:.2f}")


def best_over_time(sweep: Path) -> list[tuple[float, float]]:
    """`(seconds since the first trial began, best score so far)` over a sweep's validations."""
    began = min(path.stat().st_mtime for path in sweep.glob("trials/*/settings.yaml"))
    seen = []
    for path in sweep.glob("trials/*/metrics.jsonl"):
        start = (path.parent / "settings.yaml").stat().st_mtime - began
        records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        seen += [(start + r["seconds"], r["valid_bleu"]) for r in records if r["kind"] == "valid"]
    curve: list[tuple[float, float]] = []
    for at, score in sorted(seen):
        curve.append((at, max(score, curve[-1][1]) if curve else score))
    return curve


def seq2seq(*arguments: str, cwd: Path) -> float:
    """Seconds that a command takes."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "seq2seq", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
