"""`seq2seq convert`: conversion of a Keras model of fixed length to any length."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from seq2seq.commands.destination import check_destination, whole_file
from seq2seq.commands.options import CommandParser, named_path, number
from seq2seq.errors import SettingsError
from seq2seq.keras_conversion.converter import converted_file, save_model
from seq2seq.keras_conversion.model_file import kind_of
from seq2seq.model.backend import quiet_tensorflow

_EPILOG = """\
The file holds the same weights and answers as before. That is shown before it is written: on
random sequences of the old length both models answer, and with a mask every sequence is answered
alone and padded on either side. What cannot be shown is refused, by the name of the layer.
"""


def main(argv: Sequence[str]) -> int:
    """Run the command and return the exit status; `argv` is what follows `seq2seq convert`."""
    options = _parser().read(argv)
    _check(options.model, options.output)
    kind_of(options.model)
    # TensorFlow is loaded only here, so that help and errors appear at once.
    quiet_tensorflow()
    if options.trust:
        sys.path.insert(0, os.getcwd())  # where users have the modules of their layers
    conversion = converted_file(options.model, mask_value=options.mask_value, trust=options.trust)
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "model.keras"
        save_model(conversion.model, written)
        with whole_file(options.output) as stream, written.open("rb") as source:
            shutil.copyfileobj(source, stream)
    print(f"{options.model} converted to {options.output}: {conversion.proof.summary()}")
    return 0


def _check(model: Path, output: Path) -> None:
    if output.suffix != ".keras":
        raise SettingsError(f"--output received {output}; the name must end in .keras.")
    if output.exists() and not output.is_file() and not output.is_dir():
        raise SettingsError(f"--output {output} is not a plain file; give another name.")
    check_destination(output, inputs=[model])


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq convert",
        description="Make a Keras model that was built for a fixed number of time steps take "
        "sequences of any length.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("model", type=named_path, metavar="FIXED", help="a .keras or .h5 file of Keras 2 or 3")
    add("--output", type=named_path, required=True, metavar="FILE.keras", help="where to write it")
    add(
        "--mask-value",
        type=number("that is finite", lambda value: True),
        metavar="X",
        help="pass over steps of padding, in which every number is X",
    )
    add(
        "--trust",
        action="store_true",
        help="run the code in the file: Lambda layers, and the modules of custom layers",
    )
    return parser
