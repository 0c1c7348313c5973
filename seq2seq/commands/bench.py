"""`seq2seq bench WHAT ...`: benchmarks that compare implementations."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from seq2seq.errors import SettingsError

# Subject of a benchmark, and its module, with `main(argv) -> int`.
SUBJECTS = {
    "translate": ("seq2seq.commands.bench_translate", "what ships, and other forms of the model"),
    "training": ("seq2seq.commands.bench_training", "our training step, PyTorch's and whole runs"),
    "batching": ("seq2seq.commands.bench_batching", "the ways to batch sequences in training"),
}


def main(argv: Sequence[str]) -> int:
    """Run the command and return the exit status; `argv` is what follows `seq2seq bench`."""
    if not argv or argv[0] in ("-h", "--help"):
        print("\n".join(_usage()))
        return 0 if argv else 2
    if argv[0] not in SUBJECTS:
        raise SettingsError(
            f"{argv[0]!r} is nothing that bench measures; it measures: {', '.join(SUBJECTS)}."
        )
    module, _ = SUBJECTS[argv[0]]
    status: int = importlib.import_module(module).main(argv[1:])
    return status


def _usage() -> list[str]:
    lines = ["usage: seq2seq bench WHAT ...", ""]
    lines += [f"  {name:<10} {description}" for name, (_, description) in SUBJECTS.items()]
    return [*lines, "", "seq2seq bench WHAT --help shows its options."]
