"""`seq2seq tune`: many runs of a recipe, with hyperparameters from a search space."""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Sequence

from seq2seq.commands.options import CommandParser
from seq2seq.training.reporting.terminal import counted
from seq2seq.tuning.sweep import Sweep, load_sweep

_SHOWN = 5  # trials that --show lists
_EXAMPLES = """\
examples:
  seq2seq tune model.units=64,128 training.max_epochs=2      both values
  seq2seq tune tune=phrasebook                               the space of conf/tune/phrasebook.yaml
  seq2seq tune experiment=mine name=lr tune.scheduler=asha tune.trials=20 \\
      'optimizer.learning_rate=tag(log,interval(1e-4,1e-2))' 'model.dropout=interval(0.1,0.5)'

Values are given in Hydra's sweep grammar: a,b  choice(a,b)  range(from,to,step)
interval(low,high)  int(interval(low,high))  tag(log,...)  tag(grid,...). The same command goes on
with a sweep that was stopped or killed."""


def main(argv: Sequence[str]) -> int:
    """Run the command and return the exit status; `argv` is what follows `seq2seq tune`."""
    options = _parser().read(argv)
    sweep = load_sweep(options.overrides, config_dir=options.config_dir)
    if options.show:
        print("\n".join(describe(sweep)))
        return 0
    for package in ("ray", "optuna"):  # a missing package is reported before anything is prepared
        if importlib.util.find_spec(package) is None:
            raise ModuleNotFoundError(name=package)
    from seq2seq.tuning.display import make_display
    from seq2seq.tuning.driver import run_sweep

    result = run_sweep(sweep, display=make_display(sweep.metric))
    print("\n".join(result.summary()))
    return 0


def describe(sweep: Sweep) -> list[str]:
    """Return a description of a sweep as lines of text."""
    tune = sweep.tune
    direction = "high" if sweep.higher_is_better else "low"
    lines = [
        f"{counted(sweep.trials, 'trial')} in {sweep.directory}, judged by {sweep.metric} "
        f"({direction} is good), search {tune.search}, scheduler {tune.scheduler}, seeds "
        f"{tune.seeds}",
        *(f"  {key}: {one}" for key, one in sweep.space.dimensions.items()),
    ]
    if tune.search != "tpe":
        lines.append("trials" if sweep.trials <= _SHOWN else "first trials")
        for point in sweep.points[:_SHOWN]:
            lines.append("  " + " ".join(f"{key}={value}" for key, value in point.items()))
    return [*lines, *sweep.notes()]


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq tune",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Search for good settings: run a recipe many times, each trial in a process\n"
        "of its own, with values drawn from a space.",
        epilog=_EXAMPLES,
    )
    parser.add_argument(
        "overrides",
        nargs="*",
        metavar="KEY=VALUE",
        help="as of `seq2seq train`; a key with several values is searched, tune.* is of the sweep",
    )
    parser.add_argument("--config-dir", metavar="DIR", help="more recipes and spaces")
    parser.add_argument("--show", action="store_true", help="show the space, run nothing")
    return parser
