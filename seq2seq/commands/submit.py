"""`seq2seq submit`: a run as a job of a Ray cluster."""

from __future__ import annotations

from collections.abc import Sequence

from seq2seq.commands.jobs import add_address, find_server, follow_to_its_end
from seq2seq.commands.options import CommandParser, number
from seq2seq.config.recipe import load_settings
from seq2seq.jobs.submission import Share, submit_run


def main(argv: Sequence[str]) -> int:
    """Check the settings, submit the run and print its job's id; return the exit status."""
    options = _parser().read(argv)
    settings = load_settings(options.overrides, config_dir=options.config_dir)
    server = find_server(options)
    identifier = submit_run(
        settings,
        server,
        overrides=options.overrides,
        share=Share(cpus=options.cpus, gpus=options.gpus),
    )
    print(identifier, flush=True)
    return follow_to_its_end(server, identifier, to_stderr=True) if options.follow else 0


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq submit",
        description="Send a run to a Ray cluster. Settings are checked before anything is sent; "
        "the recipe and corpus files below this directory go along. A run that was stopped goes on "
        "with the same command. `runs` must be storage that the cluster shares: runs=s3://...",
    )
    parser.add_argument(
        "overrides", nargs="*", metavar="KEY=VALUE", help="settings, as for seq2seq train"
    )
    parser.add_argument("--config-dir", metavar="DIR", help="more recipes")
    add_address(parser)
    parser.add_argument(
        "--follow", action="store_true", help="show the log (on stderr) until the job has ended"
    )
    share = number("of at least 0", lambda value: value >= 0)
    parser.add_argument("--cpus", type=share, metavar="N", help="CPUs to keep for the job")
    parser.add_argument(
        "--gpus",
        type=share,
        metavar="N",
        help="GPUs to keep for the job (default: 1 with training.device=gpu)",
    )
    return parser
