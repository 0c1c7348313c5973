"""`seq2seq translate`: texts as arguments, or a line of output for each line of input."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from seq2seq.commands.destination import destination
from seq2seq.commands.model_options import add_model_options, load_translator, positive
from seq2seq.commands.options import CommandParser
from seq2seq.data.files import open_bytes
from seq2seq.errors import SettingsError

_EPILOG = """\
A line of input is a line of output, in order; a line ends at \\n only. With --n-best the
alternatives stand on one line, best first, with tabs between; --scores and --alignments add a
column after each (a-b: piece a of the source, piece b of the translation, from 0).
"""


def main(argv: Sequence[str]) -> int:
    """Run the command; `argv` is what follows `seq2seq translate`. Returns the exit status."""
    options = _parser().parse_args(argv)
    _check(options)
    with _source(options) as source, destination(options.output) as output:
        _translate(options, source, output)
    return 0


def _translate(options: argparse.Namespace, source: BinaryIO, output: BinaryIO) -> None:
    from seq2seq.inference.stream import StreamOptions, translate_stream

    stream_options = StreamOptions(
        beam_size=options.beam,
        n_best=options.n_best,
        batch_tokens=options.batch_tokens,
        scores=options.scores,
        alignments=options.alignments,
        as_json=options.format == "jsonl",
    )
    translate_stream(load_translator(options), source, output, stream_options)


def _check(options: argparse.Namespace) -> None:
    if options.text and options.input is not None:
        raise SettingsError("received both texts and --input; give one of the two")
    for text in options.text:
        if "\n" in text:
            raise SettingsError(
                f"the text {text[:40]!r} holds a line break; give each line as an argument of "
                "its own, or all on standard input"
            )
    if options.beam is not None and options.n_best > options.beam:
        raise SettingsError(
            f"--n-best {options.n_best} is more than --beam {options.beam}: widen the beam"
        )


@contextmanager
def _source(options: argparse.Namespace) -> Iterator[BinaryIO]:
    if options.text:
        # An argument that was not UTF-8 comes back as the bytes it was.
        yield io.BytesIO(b"".join(os.fsencode(text) + b"\n" for text in options.text))
    elif options.input is not None:
        with open_bytes(options.input) as stream:
            yield stream
    elif sys.stdin is None:
        raise SettingsError("standard input is closed; give texts, or --input FILE")
    else:
        yield sys.stdin.buffer


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq translate",
        description="Translate texts, a file, or standard input line by line.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_model_options(parser)
    add = parser.add_argument
    add("text", nargs="*", metavar="TEXT", help="a text of one line; none: read lines")
    add("--input", type=Path, metavar="FILE", help="plain or .gz/.xz/.zst; default: stdin")
    add("--output", type=Path, metavar="FILE", help="appears when all is done; default: stdout")
    add("--beam", type=positive, metavar="N", help="beam size, 1 is greedy; default: the model's")
    add("--n-best", type=positive, default=1, metavar="N", help="alternatives a line")
    add("--scores", action="store_true", help="length-penalised log-probability of each")
    add("--alignments", action="store_true", help="which source piece each piece looked at")
    add("--format", choices=("text", "jsonl"), default="text", help="jsonl: an object a line")
    return parser
