"""`seq2seq init`: a recipe for the user's own files."""

from __future__ import annotations

import argparse
import json
import logging
import re
import shlex
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, get_args

from seq2seq.commands.options import CommandParser
from seq2seq.commands.sequence_recipe import max_length, profile_split, sequence_recipe
from seq2seq.config import parsing
from seq2seq.config.choices import Side, Split, Task
from seq2seq.config.data_schema import CorpusFiles, DataSettings
from seq2seq.config.recipe_files import conf_directory
from seq2seq.config.registry import READERS
from seq2seq.config.schema import settings_from_mapping
from seq2seq.data.readers.pairs import PairReader
from seq2seq.data.readers.recognition import (
    Recognition,
    recognise,
)
from seq2seq.disk import replace_text
from seq2seq.errors import DataError, SettingsError, UserError
from seq2seq.training.reporting.terminal import counted

_LOG = logging.getLogger("seq2seq")
_SPLITS: tuple[Split, ...] = get_args(Split)
_SIDES: tuple[Side, ...] = get_args(Side)
_FEATURE_KEYS = ("id_field", "time_field", "padding_value")

_RECIPE = """\
# @package _global_
# Written by `seq2seq init`. Keys left out keep their defaults; see them all with
#   {show}
defaults:
  - override /data: parallel

name: {name}  # of the run and its directory

data:
  name: {name}
  # Relative files are looked up in data.directory; without it, where the command is run.
{data}

tokenizer:
  vocab_size: {vocab_size}  # tokens; more for a larger corpus ({pairs:,} training pairs here)

model:
  embedding_dim: 256
  units: 512         # larger learns more from much data, and takes longer
  encoder_layers: {layers}
  decoder_layers: {layers}
  dropout: {dropout}       # higher for a small corpus, 0.1 for millions of pairs

training:
  patience: 8        # validations without improvement before the run ends
  max_minutes: null  # or at the latest after so long
"""


def main(argv: Sequence[str]) -> int:
    """Run the command and return the exit status; `argv` is what follows `seq2seq init`."""
    options = _parser().read(argv)
    try:
        return _write(options)
    except UserError as error:
        raise type(error)(_in_options(str(error))) from error


def _write(options: argparse.Namespace) -> int:
    data = _data(options)
    path = _destination(options, data)
    task = None if options.task == "auto" else options.task
    found = recognise(data.train, data, task=task)
    _check(options.name, data, found.task)
    show = _command(options, "train", "--cfg job")
    if found.text_pairs:
        text, lines = _pairs(options, data, show=show)
    else:
        text, lines = _sequences(options, data, found, show=show)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_text(path, text)
    for line in lines:
        _LOG.info("%s", line)
    if data.test.source is None:
        _LOG.info("no test files: the run will end without a test score (--test-source)")
    print(path)
    _LOG.info("look at the corpus:  %s", _command(options, "inspect"))
    _LOG.info("train:               %s", _command(options, "train"))
    return 0


def _pairs(options: argparse.Namespace, data: DataSettings, *, show: str) -> tuple[str, list[str]]:
    """Return the recipe for pairs of texts, and messages for the user.

    Raises:
        UserError: a file cannot be used, or there is no validation file.
    """
    PairReader.find(data.train, data, key="data.train")
    if data.valid.source is None:
        raise SettingsError(
            "--valid-source is not given; training needs pairs that it does not learn from, to "
            "tell when to stop. Put some aside, such as the last 500 lines of each file (tail -n "
            "500 FILE > valid.FILE; head -n -500 FILE > train.FILE), and give them too."
        )
    counts = count_pairs(data)
    lines = [f"{split}: {counted(pairs, 'pair')}" for split, pairs in counts.items()]
    lines.append("pairs of texts: task=translation (--task chooses another)")
    return pair_recipe(options.name, data, pairs=counts["train"], show=show), lines


def _sequences(
    options: argparse.Namespace, data: DataSettings, found: Recognition, *, show: str
) -> tuple[str, list[str]]:
    """Return the recipe for sequences with labels, and messages for the user.

    Raises:
        UserError: a file cannot be used.
    """
    missing = "linear" if found.missing else data.features.missing
    data = replace(data, format=found.format, features=replace(data.features, missing=missing))
    splits = [name for name in _SPLITS if getattr(data, name).source is not None]
    profiles = {split: profile_split(split, data, found) for split in splits}
    written = _data_lines(data, max_length=max_length(found, profiles["train"]))
    text = sequence_recipe(options.name, written, found, profiles["train"], show=show)
    lines = [line for split in splits for line in profiles[split].lines(split)]
    what = "texts" if found.texts else "sequences of numbers"
    described = "a label for each step" if found.per_step else "labels"
    if found.writes_text:
        described = "texts"
    lines.append(f"{what} with {described}: task={found.task} (--task chooses another)")
    if found.missing:
        lines.append("some numbers are missing: data.features.missing=linear fills them")
    if data.valid.source is None:
        lines.append("no validation files: a tenth of the training file is held out")
    return text, lines


def pair_recipe(name: str, data: DataSettings, *, pairs: int, show: str) -> str:
    """Return the YAML of a recipe for pairs of texts, with sizes for this number of pairs."""
    large = pairs >= 200_000
    return _RECIPE.format(
        name=_quoted(name),
        data=_data_lines(data),
        vocab_size=_vocabulary(pairs),
        pairs=pairs,
        layers=2 if large else 1,
        dropout=0.1 if pairs >= 1_000_000 else 0.2 if large else 0.3,
        show=show,
    )


def count_pairs(data: DataSettings) -> dict[Split, int]:
    """Return the number of lines of each split that has files, such as `{"train": 29000}`.

    Raises:
        DataError: a file is missing, empty or damaged, or two files have different numbers
            of lines.
        SettingsError: files and format do not fit each other.
    """
    counts = {}
    for split in _SPLITS:
        files: CorpusFiles = getattr(data, split)
        if files.source is None:
            continue
        summaries = PairReader.find(files, data, key=f"data.{split}").summarise()
        counts[split] = summaries[0].lines
        if not counts[split]:
            raise DataError(f"{files.source} is empty; give a file with sentences.")
    return counts


def _data(options: argparse.Namespace) -> DataSettings:
    """Return the settings of the corpus from the options; each value is checked."""
    data: dict[str, Any] = {"format": options.format, "encoding": options.encoding}
    data |= {key: getattr(options, key) for key in ("source_field", "target_field")}
    data["features"] = {key: getattr(options, key) for key in _FEATURE_KEYS}
    for split, prefix in zip(_SPLITS, ("", "valid_", "test_"), strict=True):
        files = {side: getattr(options, f"{prefix}{side}") for side in ("source", "target")}
        data[split] = files
    return parsing.build(DataSettings, data, prefix="data.")


def _check(name: str, data: DataSettings, task: Task) -> None:
    """Reject a name that cannot be a directory, and files that do not fit each other."""
    loss = {"label_smoothing": 0.0}  # for translation and classification only
    settings_from_mapping(
        {"name": name, "data": asdict(data), "task": {"name": task}, "loss": loss}
    )


def _destination(options: argparse.Namespace, data: DataSettings) -> Path:
    """Return the file of the recipe.

    Raises:
        SettingsError: the file exists, is part of seq2seq or of the corpus, or cannot be named on a
            command line.
    """
    name, path = options.name, Path(options.directory) / "experiment" / f"{options.name}.yaml"
    if name.endswith((".yaml", ".yml")):
        raise SettingsError(
            f"--name received {name!r}; experiment={name} would mean a file: leave the ending out."
        )
    if name.lower() == "null":
        raise SettingsError(
            f"--name received {name!r}; experiment={name} would mean none: choose another name."
        )
    shipped = conf_directory() / "experiment" / path.name
    if shipped.exists() and shipped.resolve() != path.resolve():
        raise SettingsError(
            f"--name received {name!r}, a recipe that seq2seq brings; choose another name."
        )
    files = [getattr(getattr(data, split), side) for split in _SPLITS for side in _SIDES]
    there = [Path(file) for file in files if file and path.exists() and Path(file).exists()]
    if any(path.samefile(file) for file in there):
        raise SettingsError(
            f"--name {name} would write {path}, a file of the corpus; choose another name."
        )
    if path.exists() and not options.force:
        raise SettingsError(f"{path} is there already; choose another --name, or add --force.")
    return path


def _data_lines(data: DataSettings, *, max_length: int | None = None) -> str:
    # A JSON string is a YAML string too, whatever characters a file name has; but `${` would be
    # read as a reference to another key.
    lines = []
    default = DataSettings()
    for key in ("format", "encoding", "source_field", "target_field"):
        if getattr(data, key) != getattr(default, key):
            lines.append(f"  {key}: {_quoted(getattr(data, key))}")
    for split in _SPLITS:
        files: CorpusFiles = getattr(data, split)
        if files.source is not None:
            lines += [f"  {split}:", f"    source: {_quoted(files.source)}"]
            if files.target is not None:
                lines.append(f"    target: {_quoted(files.target)}")
    if max_length is not None:
        lines.append(f"  max_length: {max_length}  # longer training sequences are dropped")
    features = asdict(data.features)
    changed = [key for key, value in asdict(default.features).items() if features[key] != value]
    if changed:
        lines.append("  features:")
        lines += [f"    {key}: {_quoted(str(features[key]))}" for key in changed]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return json.dumps(text.replace("${", "\\${"), ensure_ascii=False)


def _in_options(message: str) -> str:
    """Return an error message in which this command's options replace settings of a corpus."""

    def option(setting: re.Match[str]) -> str:
        split = "" if setting[1] == "train." else setting[1] or ""
        return f"--{split}{setting[2]}".replace(".", "-").replace("_", "-")

    keys = "source_field|target_field|source|target|format|encoding"
    message = re.sub(rf"\bdata\.(train\.|valid\.|test\.)?({keys})\b", option, message)
    message = re.sub(rf"\bdata\.features\.()({'|'.join(_FEATURE_KEYS)})\b", option, message)
    message = re.sub(r"\btask=(classification|regression)", r"--task \1", message)
    return message.replace(" or data.directory to where the corpus is", " to where it is")


def _vocabulary(pairs: int) -> int:
    for limit, size in ((10_000, 2000), (100_000, 4000), (1_000_000, 8000)):
        if pairs < limit:
            return size
    return 16_000


def _command(options: argparse.Namespace, command: str, *flags: str) -> str:
    found = Path(options.directory).resolve() == Path("conf").resolve()
    location = [] if found else ["--config-dir", shlex.quote(options.directory)]
    return " ".join(["seq2seq", command, *location, *flags, f"experiment={options.name}"])


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq init",
        description="Look into your own files, plain or compressed (gz, xz, zst), and write a "
        "recipe for them: two text files, line by line each other's translation, one TSV, CSV or "
        "JSON-lines file of pairs; or texts or sequences of numbers with labels (.ts, .npz, CSV, "
        "Parquet, JSON lines, TSV).",
    )
    add = parser.add_argument
    add("--source", required=True, metavar="FILE", help="for training: texts, pairs or sequences")
    add("--target", metavar="FILE", help="their translations or labels, line by line")
    add("--valid-source", metavar="FILE", help="judge the training; needed for pairs")
    add("--valid-target", metavar="FILE")
    add("--test-source", metavar="FILE", help="judge the result, once, at the end")
    add("--test-target", metavar="FILE")
    tasks = ("auto", *get_args(Task))
    add("--task", choices=tasks, default="auto", help="auto: by what the files hold")
    add("--name", default="mine", help="of the recipe and of its run (default: mine)")
    add("--directory", default="conf", metavar="DIR", help="of recipes (default: conf)")
    add("--force", action="store_true", help="write over a recipe of that name")
    default = DataSettings()
    formats = ", ".join(READERS.own)
    add("--format", default=default.format, help=f"auto (by the name), {formats}")
    add("--encoding", default=default.encoding, help=f"default: {default.encoding}")
    add("--source-field", default=default.source_field, help="key of a JSON line, column of CSV")
    add("--target-field", default=default.target_field, help="key of a JSON line, column of CSV")
    features = default.features
    add("--id-field", default=features.id_field, help="column of CSV steps: the sequence")
    add("--time-field", default=features.time_field, help="column of CSV steps: their order")
    add("--padding-value", metavar="X", help="number (or nan) that sequences are padded with")
    return parser
