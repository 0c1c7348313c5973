"""`seq2seq translate`: translation of arguments, or of each line of input."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from seq2seq import __version__
from seq2seq.commands.destination import check_destination, destination
from seq2seq.commands.item_options import (
    add_item_options,
    is_feature_model,
    reject_item_options,
)
from seq2seq.commands.model_options import (
    add_model_options,
    load_following,
    load_translator,
    model_fingerprint,
)
from seq2seq.commands.options import STANDARD, CommandParser, file_name, named_path, number, whole
from seq2seq.commands.progress_bar import progress_bar
from seq2seq.commands.search_options import add_search_options, search_options
from seq2seq.commands.source import Source
from seq2seq.errors import SettingsError
from seq2seq.inference.stream.input import InputLines
from seq2seq.inference.stream.pipeline import SearchesTranslations, StreamOptions, translate_stream
from seq2seq.inference.translation_options import SearchOptions

if TYPE_CHECKING:
    from seq2seq.inference.translator import Translator

_EPILOG = """\
A line of input is a line of output, in order; a line ends at \\n only.

As text, a line holds the alternatives of --n-best, best first, and after each a column for
--confidence (probability that the translation is right, calibrated on the validation set: that it
equals its reference or, where few do, the share of character n-grams in common), one for --scores
(log-probability over the length penalty), one for --token-scores (log-probability of each token
and, last, of the end) and one for --alignments (a-b: token a of the source, token b of the
translation, from 0). Tabs stand between. Every line has as many columns as any other: those of a
blank line, and of alternatives that were not found, are empty. A line that is translated in parts
has an end after each part; its alternatives are the best combinations of those of the parts.

As jsonl, a line holds an object: line, source, via (with --then), translation, score, log_prob,
confidence, notes (what was odd about the line) and, where asked for, alternatives, alignment,
source_tokens, tokens, token_log_probs.

If stderr is a terminal, lines with a confidence below 0.5 are named there.

A model of sequences of numbers reads a JSON object a line, {"source": [[0.1, 2.0], [0.3, 1.5]]}, or
a file in any format of --input-format; a sequence in is a line out. What cannot be read gives a
blank line and a warning.

With --then, that model translates the best translation of each line by the model before it. Of the
options, --batch-tokens and those of the search except --n-best apply to every model, the others to
the last. The confidence is the product over all models; via holds the texts in between.

A model of sound reads the sound files named as arguments, a path a line of standard input, or a
manifest as --input: TSV, CSV or JSON lines with paths relative to it, or a path a line.

A file named by --output appears when all is done. Until then the lines are in .NAME.partial
beside it; when the command is stopped or killed, the same command goes on where it was. It must
get the same input again, also on standard input.
"""


def main(argv: Sequence[str]) -> int:
    """Run the command and return the exit status; `argv` is what follows `seq2seq translate`."""
    options = _parser().read(argv)
    _check(options)
    inputs = [] if options.text else [options.input]
    check_destination(options.output, inputs=[*inputs, *filter(None, [options.glossary])])
    search = search_options(options)
    features = is_feature_model(options.model[0])
    source = None if features else _text_source(options)
    fingerprint = _fingerprint(options, search) if options.output else ""
    translator, then = load_translator(options), load_following(options.then)
    # An option that one of the models does not support is reported before a source is read.
    _chain(translator, then).hypotheses([], search)
    _check_confidence(options, [translator, *then])
    searcher: SearchesTranslations = translator
    if source is None:
        source, searcher = _features(options, translator)
    searcher = _chain(searcher, then)
    stream_options = StreamOptions(
        search=search,
        scores=options.scores,
        confidence=options.confidence,
        min_confidence=options.min_confidence,
        name_doubtful=sys.stderr.isatty(),
        as_json=options.format == "jsonl",
        echo=not features,
        threads=options.threads or len(os.sched_getaffinity(0)),
    )
    lines = InputLines(source.groups())
    location = destination(options.output, lines, fingerprint=fingerprint, restart=options.restart)
    with _ended_by_termination(), location as output, progress_bar(source, lines) as watch:
        translate_stream(searcher, lines, output, stream_options, watch=watch)
    return 0


def _text_source(options: argparse.Namespace) -> Source:
    reject_item_options(options)
    if options.encoding != "utf-8":
        raise SettingsError(
            f"--encoding {options.encoding} is for sequences of numbers; this model reads UTF-8: "
            "convert the input, as `iconv -t UTF-8` does"
        )
    return Source(options.text, options.input)


def _features(
    options: argparse.Namespace, translator: Translator
) -> tuple[Source, SearchesTranslations]:
    """Return the sequences of features as lines, and the translator of these lines."""
    # The readers are loaded only here, so that translators of texts start sooner.
    from seq2seq.commands.feature_input import FeatureLines, FeatureSource, feature_form

    source = FeatureSource(options.input, feature_form(translator, options), options)
    return source, FeatureLines(translator, source.read)


def _chain(first: SearchesTranslations, then: Sequence[Translator]) -> SearchesTranslations:
    if not then:
        return first
    from seq2seq.inference.chain import Chain

    return Chain(first, then)


def _check(options: argparse.Namespace) -> None:
    if options.text and options.input is not None:
        raise SettingsError("received both texts and --input; give one of the two")
    if options.input == STANDARD:
        options.input = None
    for text in options.text:
        if "\n" in text:
            raise SettingsError(
                f"the text {text[:40]!r} holds a line break; give each line as an argument of "
                "its own, or all on standard input"
            )
    if options.restart and options.output is None:
        raise SettingsError(
            "--restart received without --output; only a file is gone on with, so leave it out"
        )
    if options.then and options.alignments:
        raise SettingsError(
            "--alignments received with --then; they join tokens of one model's source and "
            "translation: leave them out, or translate with one model after the other"
        )


def _check_confidence(options: argparse.Namespace, translators: Sequence[Translator]) -> None:
    """Raise `SettingsError` if confidence is requested from a model without calibration."""
    if not (options.confidence or options.min_confidence):
        return
    for path, translator in zip([options.model[0], *options.then], translators, strict=True):
        if translator.calibration is None:
            raise SettingsError(
                f"{path} was exported from a run that was not finished, so its confidence was not "
                "calibrated: leave out --confidence and --min-confidence, or finish the run"
            )


def _fingerprint(options: argparse.Namespace, search: SearchOptions) -> str:
    """Return a checksum of everything that determines the output, except the input lines."""
    glossary = options.glossary and hashlib.sha256(options.glossary.read_bytes()).hexdigest()
    parts = {
        "version": __version__,
        "models": model_fingerprint(options.model),
        "then": model_fingerprint(options.then),
        "search": vars(search) | {"glossary": glossary, "batch_tokens": None},
        "scores": options.scores,
        "confidence": [options.confidence, options.min_confidence],
        "format": options.format,
        "input": [options.input_format, options.encoding, str(options.padding_value)],
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=vars).encode()).hexdigest()


@contextmanager
def _ended_by_termination() -> Iterator[None]:
    """Let SIGTERM in the block end the process like Ctrl-C: written lines and work are kept."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield  # other threads cannot set a handler
        return
    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq translate",
        description="Translate texts, a file, or standard input line by line; with a model of "
        "sequences of numbers or of sound, write the text of each.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_model_options(parser)
    then = "a model that translates what the one before it wrote; may be given again"
    parser.add_argument(
        "--then", type=named_path, action="append", default=[], metavar="DIR", help=then
    )
    add_item_options(parser)
    add = parser.add_argument
    add("--threads", type=whole(1, 256), metavar="N", help="default: as many as usable cores")
    add("text", nargs="*", metavar="TEXT", help="a text of one line, or a sound file; none: lines")
    add(
        "--input",
        type=named_path,
        metavar="FILE",
        help="plain or .gz/.xz/.zst; default and -: stdin",
    )
    add("--output", type=file_name, metavar="FILE", help="there once all is done; default: stdout")
    add("--restart", action="store_true", help="do not go on with an unfinished --output")
    add("--format", choices=("text", "jsonl"), default="text", help="jsonl: an object a line")
    probability = number("from 0 to 1", lambda x: 0 <= x <= 1)
    add("--confidence", action="store_true", help="calibrated probability that it is right")
    left = "leave a line below it empty, and name it"
    add("--min-confidence", type=probability, default=0.0, metavar="X", help=left)
    add("--scores", action="store_true", help="length-penalised log-probability of each")
    add("--token-scores", action="store_true", help="log-probability of each token")
    add("--alignments", action="store_true", help="which source token each token looked at")
    add_search_options(parser)
    return parser
