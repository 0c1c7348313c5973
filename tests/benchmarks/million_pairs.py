"""One million pairs: how long they take to prepare, and the memory of preparing and training.

    python tests/benchmarks/million_pairs.py --steps 200

Builds the pairs from the phrasebook's grammar, prepares them with the default settings, then
trains the default model for some steps in the same process. Ends with status 1 when the process
held more than 2.5 GB of resident memory at any time.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 2.5e9  # bytes


def main(argv: list[str] | None = None) -> int:
    options = _parser().parse_args(argv)
    if options.directory is not None:
        return measure(Path(options.directory), pairs=options.pairs, steps=options.steps)
    with tempfile.TemporaryDirectory(prefix="million-pairs-") as directory:
        return measure(Path(directory), pairs=options.pairs, steps=options.steps)


def measure(directory: Path, *, pairs: int, steps: int) -> int:
    """Build, prepare and train; print each figure as soon as it is known."""
    corpus = directory / "corpus"
    if not (corpus / "train.en").exists():
        started = time.monotonic()
        build(corpus, pairs)
        say(f"built {pairs:,} pairs in {time.monotonic() - started:.0f} s")

    from seq2seq import load_settings

    settings = load_settings(
        [
            f"runs={directory / 'runs'}",
            "name=million",
            f"data.directory={corpus}",  # and with it the defaults of all groups
            f"training.max_steps={max(1, steps)}",
            f"training.validate_steps={max(1, steps)}",
            "training.validation_sentences=100",
        ]
    )

    from seq2seq.data.corpus import prepare_corpus

    started = time.monotonic()
    prepared = prepare_corpus(
        settings,
        directory=Path(settings.runs) / "corpora",
        progress=Meter(),
    )
    seconds = time.monotonic() - started
    for line in prepared.report.lines():
        say(line)
    peak = peak_memory() / 1e9
    say(f"prepared {len(prepared.train):,} pairs in {seconds:.0f} s, peak {peak:.2f} GB")
    del prepared
    if steps:
        from seq2seq.training.run import train

        started = time.monotonic()
        train(settings)
        say(f"trained {steps} steps and validated in {time.monotonic() - started:.0f} s")
    peak = peak_memory()
    verdict = "within" if peak < LIMIT else "ABOVE"
    say(f"peak resident memory of the whole process {peak / 1e9:.2f} GB: {verdict} 2.5 GB")
    return 0 if peak < LIMIT else 1


def build(directory: Path, pairs: int) -> None:
    """Write the corpus in a process of its own, so that its memory is not counted."""
    directory.mkdir(parents=True, exist_ok=True)
    script = ROOT / "data" / "phrasebook" / "build.py"
    command = [sys.executable, str(script), "--pairs", str(pairs), "--output", str(directory)]
    subprocess.run(command, check=True, stdout=sys.stderr)


def peak_memory() -> int:
    """The most resident memory this process ever held, in bytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise OSError("/proc/self/status does not tell VmHWM")


class Meter:
    """A progress line on stderr: written over on a terminal, one line a stage elsewhere."""

    def __init__(self) -> None:
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if not sys.stderr.isatty() and stage == self._stage:
            return
        share = f" {done:,} of {total:,}" if total else ""
        end = "\r" if sys.stderr.isatty() and stage == self._stage else "\n"
        sys.stderr.write(f"{stage}{share}{end}")
        sys.stderr.flush()
        self._stage = stage


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="One million pairs: time and memory.")
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--steps", type=int, default=200, help="of training; 0: prepare only")
    parser.add_argument("--directory", help="keep everything here (default: a temporary place)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
