"""`seq2seq bench training`: our training step compared with PyTorch's, and whole runs."""

from __future__ import annotations

import argparse
import json
import logging
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seq2seq.bench.training_cases import (
    CPU_POSITIONS,
    GPU_POSITIONS,
    PRECISIONS,
    TASKS,
    TORCH_FORMS,
    Case,
    cpu_cases,
    gpu_cases,
    grid,
)
from seq2seq.commands.options import CommandParser, named_path, number, whole
from seq2seq.errors import SettingsError

if TYPE_CHECKING:
    from seq2seq.bench.run_measurement import MeasuredRun
    from seq2seq.bench.training_corpus import Corpus
    from seq2seq.bench.training_measurement import Bench
    from seq2seq.bench.training_table import Row

log = logging.getLogger("seq2seq")

_EPILOG = """\
In turns, each form in a process of its own: our step as a run makes it, and the same model in
PyTorch with packed sequences, with rows reversed by a gather, and compiled; the table has the
fastest of them. The first turn is not counted. Turns in which other processes used more than
--limit cores do not count where there are quiet ones, and others are taken in their place, up to
twice --repeat. The share of bare products compares the multiplications and additions of the
model's products, padding left out, with those a second that square products reach in either
library. On a GPU memory is that of the GPU.

Batches are as long as those of multi30k, or hold the pairs of --source and --target; with --lengths
they hold sequences of that length, or up to 15 % less. --all is a grid; --tasks, --lengths,
--layers, --widths and --precisions choose another.

--whole-run trains runs on such a corpus, with their validations and checkpoints, in turns with
their bare steps, and shows speed and memory after every 50 updates.
"""
_AXES = ("tasks", "lengths", "layers", "widths", "precisions")
_SIZES = {"max_tokens": "positions", "vocab_size": "vocab_size", "batches": "batches"}


def main(argv: Sequence[str]) -> int:
    """Run the command and return its status; `argv` is what follows `seq2seq bench training`."""
    options = _parser().parse_args(argv)
    cases = _cases(options)
    # A whole run has no counterpart in PyTorch.
    torch = None if options.whole_run else _torch_python(options.torch_python)
    if find_spec("tensorflow") is None:
        raise ModuleNotFoundError("no TensorFlow to train with", name="tensorflow")
    # Loaded only here, so that help and errors appear at once.
    from seq2seq.bench import training_table
    from seq2seq.bench.training_measurement import OURS, measure_machine

    bench = _bench(options, torch)
    machine = measure_machine(bench)
    rows: list[Row] = []
    runs: list[MeasuredRun] = []
    status = 0
    try:
        for case in cases:
            if options.whole_run:
                runs.append(_run(bench, case, options))
                continue
            rows.append(_row(bench, case, options, machine.products))
            log.info("%d of %d: %s", len(rows), len(cases), training_table.line(rows[-1]))
    except KeyboardInterrupt:
        if not rows and not runs:
            raise
        log.warning("interrupted: %d of %d are measured", len(rows + runs), len(cases))
        status = 130
    if options.json:
        print(json.dumps(training_table.as_json(rows, runs, machine, _about(bench))))
    else:
        print(training_table.as_text(rows, runs, machine, _about(bench)))
    return status or int(any(OURS in row.measured.failures for row in rows))


def _bench(options: argparse.Namespace, torch: Path | None) -> Bench:
    from seq2seq.bench.machine import cores
    from seq2seq.bench.training_measurement import Bench
    from seq2seq.bench.turns import Rules

    return Bench(
        device=options.device,
        threads=options.threads or cores(),
        torch=torch,
        torch_forms=options.torch_forms,
        unordered=options.without_determinism,
        rules=Rules(options.repeat, 2 * options.repeat, options.limit, options.patience),
        seconds=options.seconds,
    )


def _about(bench: Bench) -> dict[str, Any]:
    from seq2seq.bench.machine import cores, processor_name

    return {
        "date": date.today().isoformat(),
        "processor": processor_name(),
        "cores": cores(),
        "threads": bench.threads,
    }


def _row(
    bench: Bench, case: Case, options: argparse.Namespace, products: Mapping[str, float]
) -> Row:
    """Measure a case."""
    from seq2seq.bench.training_batches import made_batches
    from seq2seq.bench.training_measurement import measure_case
    from seq2seq.bench.training_table import row

    with tempfile.TemporaryDirectory(prefix="seq2seq-bench-") as temporary:
        directory = Path(temporary)
        if options.source is None or case.length is not None:
            batches = made_batches(case)
        else:
            corpus = _corpus(options, case, directory)
            case, batches = corpus.case, list(islice(corpus.batches(), case.batches))
        log.info("%s", case.name)
        return row(measure_case(bench, case, batches, directory), products)


def _run(bench: Bench, case: Case, options: argparse.Namespace) -> MeasuredRun:
    """Measure a whole run."""
    from seq2seq.bench.run_measurement import STEPS, measure_run

    with tempfile.TemporaryDirectory(prefix="seq2seq-bench-") as temporary:
        directory = Path(temporary)
        corpus = _corpus(options, case, directory)
        log.info("whole run, %s", case.name)
        return measure_run(bench, corpus, directory, turns=options.whole_run // STEPS - 1)


def _corpus(options: argparse.Namespace, case: Case, directory: Path) -> Corpus:
    """Prepare the user's files, or synthetic ones."""
    from seq2seq.bench.training_corpus import Files, made_files, open_corpus

    if options.source is None:
        files = made_files(directory, case)
    else:
        files = Files(options.source.resolve(), options.target.resolve())
    return open_corpus(files, case, directory)


def _cases(options: argparse.Namespace) -> list[Case]:
    """Return the cases that the options select; raise `SettingsError` if options conflict."""
    axes = {name: getattr(options, name) for name in _AXES if getattr(options, name) is not None}
    sizes = {
        field: getattr(options, name)
        for name, field in _SIZES.items()
        if getattr(options, name) is not None
    }
    _check_files(options, made=options.all or "lengths" in axes)
    if options.whole_run is not None:
        return _run_cases(options, axes, sizes)
    if axes or options.all:
        sizes = {"positions": GPU_POSITIONS if options.device == "gpu" else CPU_POSITIONS, **sizes}
        cases = grid(**axes, sizes=sizes)
    elif sizes:
        raise SettingsError(
            f"{_named(_SIZES)} are of a grid or of --whole-run; give one of {_named(_AXES)} or "
            "--all with them"
        )
    else:
        cases = gpu_cases() if options.device == "gpu" else cpu_cases()
    chosen = [case for case in cases if re.search(options.only, case.name)]
    if not chosen:
        raise SettingsError(
            f"--only received {options.only!r}, which fits none of the rows; leave it out, or give "
            f"a part of a name such as {cases[0].name!r}"
        )
    return chosen


def _run_cases(
    options: argparse.Namespace, axes: dict[str, Any], sizes: dict[str, int]
) -> list[Case]:
    odd = [name for name in ("all", "tasks", "lengths", "only") if getattr(options, name)]
    if odd:
        raise SettingsError(
            f"--whole-run received --{odd[0]}, and runs translate pairs as long as those of "
            "multi30k; leave it out, or give --source and --target"
        )
    usual = {"layers": [2], "widths": [512], "precisions": ["float32"]}
    return grid(**{**usual, **axes, "tasks": TASKS[:1], "lengths": [None]}, sizes=sizes)


def _check_files(options: argparse.Namespace, *, made: bool) -> None:
    if (options.source is None) != (options.target is None):
        raise SettingsError("--source and --target come together; give both or none of them")
    if options.source is not None and made:
        raise SettingsError(
            "--source received a file, and --all and --lengths make sequences of their own; leave "
            "either out"
        )


def _torch_python(given: str | None) -> Path | None:
    """Return the Python that has PyTorch; None to measure seq2seq only.

    Raises:
        SettingsError: the given Python has no PyTorch.
    """
    if given == "none":
        return None
    if given is None:
        if find_spec("torch") is not None:
            return Path(sys.executable)
        log.info("PyTorch is not installed here, so ours is measured alone; see --torch-python")
        return None
    try:
        command = [given, "-c", "import numpy, torch"]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        wrong = (found.stderr.strip().splitlines() or [f"status {found.returncode}"])[-1]
    except OSError as error:
        found, wrong = None, error.strerror or str(error)
    if found is None or found.returncode:
        raise SettingsError(
            f"--torch-python received {given!r}, which cannot import PyTorch and NumPy ({wrong}); "
            "give a Python that can, or none to measure ours alone"
        )
    return Path(given)


def _named(options: Sequence[str] | dict[str, str]) -> str:
    return ", ".join(f"--{name.replace('_', '-')}" for name in options)


def _several(read: Callable[[str], Any]) -> Callable[[str], list[Any]]:
    """Return a reader of values separated by commas, for argparse."""
    return lambda text: list(dict.fromkeys(read(part) for part in text.split(",")))


def _one_of(names: Sequence[str]) -> Callable[[str], str]:
    """Return a function for argparse that accepts one of `names`."""

    def read(text: str) -> str:
        if text not in names:
            raise argparse.ArgumentTypeError(f"must be of {', '.join(names)}, not {text!r}")
        return text

    return read


def _even(text: str) -> int:
    """Read a width, which must be even because each direction has half of it."""
    width = whole(2, 16_384)(text)
    if width % 2:
        raise argparse.ArgumentTypeError(f"must be an even number, not {text!r}")
    return width


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(
            f"must be a regular expression, not {text!r} ({error})"
        ) from error
    return text


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq bench training",
        description="Measure training steps, side by side. Results on stdout as Markdown, "
        "progress on stderr. Without options it takes about a quarter of an hour.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    above = number("above 0", lambda value: value > 0)
    least = number("of at least 0", lambda value: value >= 0)
    add("--device", choices=("cpu", "gpu"), default="cpu", help="default: cpu")
    add("--torch-python", metavar="PATH", help="a Python that has PyTorch, or none; default: this")
    add(
        "--torch-forms",
        type=_several(_one_of(TORCH_FORMS)),
        default=TORCH_FORMS,
        metavar="LIST",
        help=f"some of {', '.join(TORCH_FORMS)}; default: all",
    )
    add("--repeat", type=whole(1), default=5, metavar="N", help="turns; default: 5")
    add("--seconds", type=above, default=1.0, metavar="N", help="of a turn, at least; default: 1")
    add("--limit", type=least, default=0.2, metavar="CORES", help="of others; default: 0.2")
    add("--patience", type=least, default=30.0, metavar="N", help="seconds to wait for quiet; 30")
    add("--threads", type=whole(1), metavar="N", help="default: all cores")
    add("--only", type=_pattern, default="", metavar="REGEX", help="rows with such a name")
    add("--without-determinism", action="store_true", help="show what determinism costs, too")
    add("--all", action="store_true", help="a grid of lengths, widths, precisions and tasks")
    add("--tasks", type=_several(_one_of(TASKS)), metavar="LIST", help=", ".join(TASKS))
    add("--lengths", type=_several(whole(2)), metavar="LIST", help="of sequences, such as 10,50")
    add("--layers", type=_several(whole(1, 64)), metavar="LIST", help="such as 1,2")
    add("--widths", type=_several(_even), metavar="LIST", help="of layers, such as 256,512")
    add(
        "--precisions",
        type=_several(_one_of(PRECISIONS)),
        metavar="LIST",
        help="; ".join(PRECISIONS),
    )
    add("--max-tokens", type=whole(2), metavar="N", help="of a batch, padding counted")
    add("--batches", type=whole(1), metavar="N", help="of an epoch; default: 4")
    add("--vocab-size", type=whole(8), metavar="N", help="default: 6000")
    add("--source", type=named_path, metavar="FILE", help="train on real pairs, line by line")
    add("--target", type=named_path, metavar="FILE", help="the other side of them")
    add("--whole-run", type=whole(100), metavar="N", help="train runs of N updates")
    add("--json", action="store_true", help="one JSON object")
    return parser
