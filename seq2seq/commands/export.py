"""`seq2seq export`: a new export of a run's best model."""

from __future__ import annotations

from collections.abc import Sequence

from seq2seq.commands.options import CommandParser, named_path

OWN_FORMAT = "seq2seq"  # as in the registry of exporters, which takes longer to load


def main(argv: Sequence[str]) -> int:
    """Run the command and return the exit status; `argv` is what follows `seq2seq export`."""
    options = _parser().read(argv)
    # Loaded only here, so that help and errors appear at once.
    from seq2seq.model.backend import quiet_tensorflow
    from seq2seq.training.run_export import export_run

    quiet_tensorflow()  # only a SavedModel needs TensorFlow
    quantize = options.quantize is not None
    name = "export"
    if options.format != OWN_FORMAT:
        name += f"-{options.format}"
    if quantize:
        name += "-int8"
    output = options.output if options.output is not None else options.run / name
    print(
        export_run(
            options.run,
            output,
            name=options.format,
            quantize=quantize,
            shortlist=options.shortlist,
        )
    )
    return 0


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq export",
        description="Export the model of a run's best checkpoint, in place of an exported model "
        "that is there; prints the directory.",
    )
    parser.add_argument("run", type=named_path, metavar="RUN", help="the run directory")
    parser.add_argument(
        "--output",
        type=named_path,
        metavar="DIR",
        help="where to write it; default: RUN/export, or RUN/export-FORMAT-int8 by the options",
    )
    parser.add_argument(
        "--format",
        default=OWN_FORMAT,
        metavar="FORMAT",
        help="seq2seq, which seq2seq reads (default); onnx: ONNX files for other runtimes; "
        "saved_model: for TensorFlow Serving",
    )
    parser.add_argument(
        "--quantize",
        choices=("int8",),
        help="in 8-bit integers: a quarter of the size, and faster; what it costs in the scores "
        "of the test set is measured and kept with it",
    )
    parser.add_argument(
        "--shortlist",
        action="store_true",
        help="with a list of the tokens that may translate each source token, learned from the "
        "run's corpus: faster; what it costs is measured likewise",
    )
    return parser
