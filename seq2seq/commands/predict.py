"""`seq2seq predict`: classes or numbers for sequences, one line of output for each."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

from seq2seq.commands.destination import check_destination, whole_file
from seq2seq.commands.item_options import (
    add_item_options,
    file_items,
    form_of,
    stream_encoding,
)
from seq2seq.commands.model_options import positive
from seq2seq.commands.options import CommandParser, file_name, named_path
from seq2seq.data.readers.sound_manifest import audio_of
from seq2seq.data.sequences.item import Form
from seq2seq.data.sounds import check_audio
from seq2seq.errors import SettingsError

if TYPE_CHECKING:
    from seq2seq.inference.predictor import Predictor
    from seq2seq.inference.stream.prediction_lines import Show

_EPILOG = """\
A sequence in is a line out, in order. Arguments, or else lines of standard input, are texts; for a
model of sound paths of sound files; for another model of features JSON objects, such as
{"source": [[0.1, 2.0], [0.3, 1.5]]}. For a model of sound --input is a manifest (TSV, CSV or JSON
lines, with paths relative to it), or a path a line. As text a line of output is a class, a
tab and its probability, or the numbers; what cannot be read gives a blank line and a warning.
A class that holds a tab or a line end is written as a JSON string there.
A model of words reads CoNLL files (--input words.conll), and with --format conll writes their lines
with a column more.
With --stream a model of sound reads raw samples (little-endian integers of 16 bits, one channel, at
data.audio.rate) and writes the answer so far after each step of features. For another model of
features each line of input is one step (numbers, with spaces between), each line of output the
answer so far; a blank line ends a sequence. A line that is no step gives a blank line and a
warning, and its sequence goes on without it.
"""


def main(argv: Sequence[str]) -> int:
    """Run the command and return the exit status; `argv` is what follows `seq2seq predict`."""
    options = _parser().read(argv)
    if options.stream and options.input is not None:
        raise SettingsError("--stream reads standard input; leave --input out")
    if options.sequence and (options.stream or options.input is not None):
        other = "--stream" if options.stream else "--input"
        raise SettingsError(
            f"received {options.sequence[0][:40]!r} and {other}; give one of the two"
        )
    if options.stream and options.format == "conll":
        raise SettingsError("--stream reads steps, which are no words; leave --format conll out")
    if options.stream and options.padding_value is not None:
        raise SettingsError("--stream reads steps, which are not padded; leave --padding-value out")
    check_destination(options.output, inputs=[options.input])
    # ONNX Runtime is loaded only here, so that help and errors appear at once.
    from seq2seq import Predictor

    threads = options.threads or len(os.sched_getaffinity(0))
    predictor = Predictor.load(options.model, threads=threads)
    with whole_file(options.output) as output:
        if options.stream:
            _stream(predictor, output, options)
        else:
            _predict(predictor, output, options)
    return 0


def _predict(predictor: Predictor, output: BinaryIO, options: argparse.Namespace) -> None:
    from seq2seq.inference.stream.prediction_lines import (
        line_item,
        line_windows,
        windows,
        write_predictions,
    )

    form = form_of(predictor, options)
    if options.input is not None:
        groups = windows(file_items(options.input, form, options))
    elif options.sequence:
        as_json = _reads_json(predictor, form, options)
        lines = enumerate(options.sequence, start=1)
        groups = windows(line_item(number, text, form, as_json=as_json) for number, text in lines)
    else:
        stream_encoding(options.encoding)
        groups = line_windows(_stdin(), form, as_json=_reads_json(predictor, form, options))
    show = _shown(predictor, options.format)
    write_predictions(predictor, groups, output, show=show, batch_steps=options.batch_steps)


def _shown(predictor: Predictor, name: str) -> Show:
    """Return the function that writes an item in the format of `--format`.

    Raises:
        SettingsError: the model has no prediction for each word.
    """
    from seq2seq.inference.stream.conll_lines import conll_lines
    from seq2seq.inference.stream.prediction_lines import json_line, text_line

    if name != "conll":
        return json_line if name == "jsonl" else text_line
    if predictor.inputs.tokenizer is None or not predictor.schema.per_step:
        raise SettingsError(
            "--format conll is for a model with a prediction for each word of a text; set it to "
            "text or jsonl"
        )
    return conll_lines


def _reads_json(predictor: Predictor, form: Form, options: argparse.Namespace) -> bool:
    """Return whether arguments and lines are JSON objects, not texts or paths of sound files.

    Raises:
        SettingsError: `--input-format` names a format of files, or a package is missing.
    """
    kind: str = options.input_format
    plain = "text" if form.audio is None else "audio"
    if kind == "auto":
        kind = "jsonl" if form.audio is None and predictor.inputs.tokenizer is None else plain
    if kind == "audio":
        check_audio(audio_of(form))
    if kind not in ("jsonl", plain):
        raise SettingsError(f"--input-format {kind} is for a file; give --input FILE")
    return kind == "jsonl"


def _stream(predictor: Predictor, output: BinaryIO, options: argparse.Namespace) -> None:
    from seq2seq.inference.step_stream import predict_sound, predict_steps

    as_json = options.format == "jsonl"
    if predictor.settings.data.format == "audio":
        predict_sound(predictor, _stdin(), output, as_json=as_json)
        return
    predict_steps(
        predictor,
        _stdin(),
        output,
        as_json=as_json,
        encoding=stream_encoding(options.encoding),
    )


def _stdin() -> BinaryIO:
    if sys.stdin is None:
        raise SettingsError("standard input is closed; give --input FILE")
    return sys.stdin.buffer


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq predict",
        description="Predict the classes or numbers of sequences with a trained model.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--model", required=True, type=named_path, metavar="DIR", help="a run or an exported model")
    given = "a text, a sound file, or a JSON object; none: read lines"
    add("sequence", nargs="*", metavar="SEQUENCE", help=given)
    add_item_options(parser)
    add("--batch-steps", type=positive, metavar="N", help="steps a batch, padding counted")
    add("--threads", type=positive, metavar="N", help="processor threads; default: all")
    add("--input", type=file_name, metavar="FILE", help="of sequences; default and -: stdin")
    add("--output", type=file_name, metavar="FILE", help="there once all is done; default: stdout")
    formats = "jsonl: an object a line; conll: a word a line, the lines of the input if it is CoNLL"
    add("--format", choices=("text", "jsonl", "conll"), default="text", help=formats)
    add("--stream", action="store_true", help="answer after each step as it arrives")
    return parser
