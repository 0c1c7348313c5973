"""`seq2seq score`: the log-probability of each given pair, one per line."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from seq2seq.commands.destination import check_destination, standard_output
from seq2seq.commands.model_options import add_model_options, load_translator
from seq2seq.commands.options import CommandParser
from seq2seq.commands.parallel_files import add_file_options, read_parallel

log = logging.getLogger("seq2seq")


def main(argv: Sequence[str]) -> int:
    """Run the command and return the exit status; `argv` is what follows `seq2seq score`."""
    options = _parser().read(argv)
    check_destination(None, inputs=[options.source, options.target])
    sources, targets = read_parallel(options.source, options.target)
    translator = load_translator(options)
    translator.inputs.check_texts()
    from seq2seq.inference.pair_scoring import PairScorer, doubtful_lines

    scores = PairScorer(translator, batch_tokens=options.batch_tokens).score(sources, targets)
    output = standard_output()
    for number, reason in doubtful_lines(scores, translator.training_sources):
        log.warning("line %d: %s", number, reason)
    for score in scores:
        if score is None:
            output.write(b"nan\n")
        else:
            divisor = score.tokens if options.per_token else 1
            output.write(b"%.6f\n" % (score.log_prob / divisor))
    output.flush()
    return 0


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq score",
        description="Print the natural log-probability of each target line given its source "
        "line, the end symbol counted; nan where a line is too long to score.",
    )
    add_model_options(parser)
    add_file_options(parser)
    parser.add_argument("--per-token", action="store_true", help="divide by the target's tokens")
    return parser
