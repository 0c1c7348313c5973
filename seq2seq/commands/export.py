"""`seq2seq export`: write a run's model again as an artefact."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from seq2seq.commands.options import CommandParser


def main(argv: Sequence[str]) -> int:
    """Run the command; `argv` is what follows `seq2seq export`. Returns the exit status."""
    options = _parser().parse_args(argv)
    # TensorFlow loads here and not before, so that help and mistakes come at once.
    from seq2seq.training.export import export_run

    output = options.output if options.output is not None else options.run / "export"
    print(export_run(options.run, output))
    return 0


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq export",
        description="Write the model of a run's best checkpoint as an artefact, in place of one "
        "that is there; prints its directory.",
    )
    parser.add_argument("run", type=Path, metavar="RUN", help="the run directory")
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="where to write it; default: RUN/export"
    )
    return parser
