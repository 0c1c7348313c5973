"""`seq2seq bench translate`: the shipped implementation compared with other ones."""

from __future__ import annotations

import argparse
import json
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.commands.options import CommandParser, named_path, whole
from seq2seq.data.files import open_bytes
from seq2seq.errors import DataError, SettingsError
from seq2seq.text.lines import decode_line, iter_lines

if TYPE_CHECKING:
    from seq2seq.bench.variants import Variant
    from seq2seq.export.exported_model import ExportedModel

_EPILOG = """\
In turns, each form in a process of its own: the exported model in float32 and in 8-bit integers as
`seq2seq translate` runs it, TensorFlow with encoder, decoder and search in one graph, and,
where they are installed, PyTorch (float32) and a Transformer of as many weights in CTranslate2
(int8), both with random weights and as many steps as the translations have tokens on average.
Ratios are taken turn by turn. The share of products compares the multiplications and additions
that a translation takes at least with those that NumPy's float32 products of the same shapes reach
in their best turn. One by one, only the first fifth of the sentences is translated.
"""


def main(argv: Sequence[str]) -> int:
    """Run the command and return its status; `argv` is what follows `seq2seq bench translate`."""
    options = _parser().read(argv)
    pattern = _pattern(options.only)
    sentences = _sentences(options.input, options.sentences)
    # Loaded only here, so that help and errors appear at once.
    from seq2seq.bench import translation_table
    from seq2seq.bench.measurement import Bench, measure, measure_starts
    from seq2seq.bench.variants import all_variants, chosen_variants
    from seq2seq.export.exportable import SERVED_VERSION
    from seq2seq.export.exported_model import find_exported_model, read_exported_model
    from seq2seq.export.writer import write_exported_model

    threads = len(os.sched_getaffinity(0))
    variants = chosen_variants(all_variants(threads=threads), pattern)
    if not variants:
        raise SettingsError(f"--only {options.only!r} fits none of what is measured; leave it out")
    directory = find_exported_model(options.model)
    exported_model = read_exported_model(directory)
    encoder = exported_model.settings.model.encoder
    if encoder != "lstm":
        raise SettingsError(
            f"--model received a model of model.encoder={encoder}; the forms beside which it is "
            "measured read with an LSTM: give one of model.encoder=lstm."
        )
    with tempfile.TemporaryDirectory(prefix="seq2seq-bench-") as temporary:
        int8 = write_exported_model(exported_model, Path(temporary) / "int8", quantized=True)
        saved_model = None
        if find_spec("tensorflow_text") is not None:
            exported_model.write_saved_model(Path(temporary))
            saved_model = Path(temporary) / SERVED_VERSION
        bench = Bench(
            exported_models={"float32": directory, "int8": int8},
            sentences=sentences,
            repeat=options.repeat,
            tokens=_counter(exported_model),
            saved_model=saved_model,
        )
        measured = measure(bench, variants)
        measure_starts(bench, measured)
    found = translation_table.rows(measured, _operations(exported_model, sentences))
    about = {"model": str(directory), "sentences": len(sentences), "turns": options.repeat}
    about["cores"] = threads
    if options.json:
        print(json.dumps(translation_table.as_json(found, measured, about)))
    else:
        print(translation_table.as_text(found, measured, about))
    return 0


def _counter(exported_model: ExportedModel) -> Callable[[Sequence[str]], int]:
    """Return a function that counts the tokens of translations, end symbols included."""
    tokenizer = exported_model.target_tokenizer
    return lambda texts: sum(len(row) + 1 for row in tokenizer.encode(texts))


def _operations(
    exported_model: ExportedModel, sentences: Sequence[str]
) -> Callable[[Variant, Sequence[str]], float]:
    """Return a function that counts the operations of a variant's products.

    Each source token counts once, and each target token once per hypothesis.
    """
    from seq2seq.bench.ceiling import operations, source_products, target_products

    model, vocab_size = exported_model.settings.model, exported_model.target_tokenizer.vocab_size
    lengths = [len(row) + 1 for row in exported_model.source_tokenizer.encode(sentences)]
    token = operations(source_products(model))
    step = operations(target_products(model, vocab_size))
    count = _counter(exported_model)

    def tell(variant: Variant, outputs: Sequence[str]) -> float:
        steps = variant.search.beam_size * count(outputs)
        return token * sum(lengths[: len(outputs)]) + step * steps

    return tell


def _sentences(path: Path | None, most: int) -> list[str]:
    """Return the file's first lines that are not blank; raise `DataError` if there are none."""
    from seq2seq.config.recipe_files import phrasebook_directory

    path = phrasebook_directory() / "test.en" if path is None else path
    with open_bytes(path) as stream:
        lines = (decode_line(raw)[0].rstrip("\r") for raw in iter_lines(stream))
        found = [line for line in lines if line.strip()][:most]
    if not found:
        raise DataError(f"{path} holds no sentence; give a file with a sentence a line")
    return found


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise SettingsError(
            f"--only received {text!r}, which is no regular expression ({error}); give one such "
            "as 'ours.*batches'"
        ) from error
    return text


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq bench translate",
        description="Measure translating, side by side. Results on stdout, progress on stderr.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--model", required=True, type=named_path, metavar="DIR", help="a run or an exported model")
    add(
        "--input",
        type=named_path,
        metavar="FILE",
        help="sentences; default: the phrasebook's tests",
    )
    add("--sentences", type=whole(1), default=500, metavar="N", help="of them; default: 500")
    add("--repeat", type=whole(1), default=5, metavar="N", help="turns; default: 5")
    add(
        "--only",
        default="",
        metavar="REGEX",
        help="lines of the table with such a name, and what they are compared with",
    )
    add("--json", action="store_true", help="one JSON object")
    return parser
