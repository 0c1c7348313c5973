"""`seq2seq init`: write a recipe for the user's own files."""

from __future__ import annotations

import argparse
import json
import logging
import shlex
from collections.abc import Sequence
from pathlib import Path

from seq2seq import recipe
from seq2seq.commands.options import CommandParser
from seq2seq.data.readers import PairReader
from seq2seq.disk import replace_text
from seq2seq.errors import DataError, SettingsError
from seq2seq.settings import CorpusFiles, DataSettings, Settings, settings_from_mapping

_LOG = logging.getLogger("seq2seq")

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
  vocab_size: {vocab_size}  # pieces; more for a larger corpus ({pairs:,} training pairs here)

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
    """Run the command; `argv` is what follows `seq2seq init`. Returns the exit status."""
    options = _parser().read(argv)
    settings = _settings(options)
    counts = count_pairs(settings.data)
    path = _destination(options)
    show = _command(options, "train", "--cfg job")
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_text(path, recipe_text(settings, pairs=counts["train"], show=show))
    for split, pairs in counts.items():
        _LOG.info("%s: %s pairs", split, f"{pairs:,}")
    if "test" not in counts:
        _LOG.info("no test files: the run will end without a test score (--test-source)")
    print(path)
    _LOG.info("look at the corpus:  %s", _command(options, "inspect"))
    _LOG.info("train:               %s", _command(options, "train"))
    return 0


def recipe_text(settings: Settings, *, pairs: int, show: str) -> str:
    """The YAML of a recipe for `settings.data`, with sizes that suit `pairs` training pairs."""
    large = pairs >= 200_000
    return _RECIPE.format(
        name=json.dumps(settings.name),
        data=_data_lines(settings.data),
        vocab_size=_vocabulary(pairs),
        pairs=pairs,
        layers=2 if large else 1,
        dropout=0.1 if pairs >= 1_000_000 else 0.2 if large else 0.3,
        show=show,
    )


def count_pairs(data: DataSettings) -> dict[str, int]:
    """Lines of each split that has files, `{"train": 29000, "valid": 1014}`.

    Raises:
        DataError: a file is missing, empty or damaged, or two files differ in their lines.
        SettingsError: files and format do not go together.
    """
    counts = {}
    for split in ("train", "valid", "test"):
        files: CorpusFiles = getattr(data, split)
        if files.source is None:
            continue
        summaries = PairReader.find(files, data, key=f"data.{split}").summarise()
        counts[split] = summaries[0].lines
        if not counts[split]:
            raise DataError(f"{files.source} is empty; give a file with sentences.")
    return counts


def _settings(options: argparse.Namespace) -> Settings:
    """The settings that the options make, checked.

    Raises:
        SettingsError: a name that cannot be a directory, or files that are not given.
    """
    if options.valid_source is None:
        raise SettingsError(
            "--valid-source is not given; training needs pairs that it does not learn from, to "
            "tell when to stop. Put some aside, such as the last 500 lines of each file (tail -n "
            "500 FILE > valid.FILE; head -n -500 FILE > train.FILE), and give them too."
        )
    data: dict[str, object] = {"format": options.format, "encoding": options.encoding}
    for key in ("source_field", "target_field"):
        data[key] = getattr(options, key)
    for split, prefix in (("train", ""), ("valid", "valid_"), ("test", "test_")):
        files = {side: getattr(options, f"{prefix}{side}") for side in ("source", "target")}
        data[split] = files
    return settings_from_mapping({"name": options.name, "data": data})


def _destination(options: argparse.Namespace) -> Path:
    path = Path(options.directory) / "experiment" / f"{options.name}.yaml"
    shipped = recipe.conf_directory() / "experiment" / path.name
    if shipped.exists() and shipped.resolve() != path.resolve():
        raise SettingsError(
            f"--name received {options.name!r}, a recipe that seq2seq brings; choose another name."
        )
    if path.exists() and not options.force:
        raise SettingsError(f"{path} is there already; choose another --name, or add --force.")
    return path


def _data_lines(data: DataSettings) -> str:
    # A JSON string is a YAML string too, whatever a file is called; but `${` would be read as a
    # reference to another key.
    lines = []
    default = DataSettings()
    for key in ("format", "encoding", "source_field", "target_field"):
        if getattr(data, key) != getattr(default, key):
            lines.append(f"  {key}: {_quoted(getattr(data, key))}")
    for split in ("train", "valid", "test"):
        files: CorpusFiles = getattr(data, split)
        if files.source is not None:
            lines += [f"  {split}:", f"    source: {_quoted(files.source)}"]
            if files.target is not None:
                lines.append(f"    target: {_quoted(files.target)}")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return json.dumps(text.replace("${", "\\${"), ensure_ascii=False)


def _vocabulary(pairs: int) -> int:
    for limit, size in ((10_000, 2000), (100_000, 4000), (1_000_000, 8000)):
        if pairs < limit:
            return size
    return 16_000


def _command(options: argparse.Namespace, command: str, *flags: str) -> str:
    found = Path(options.directory).resolve() == Path("conf").resolve()
    place = [] if found else ["--config-dir", shlex.quote(options.directory)]
    return " ".join(["seq2seq", command, *place, *flags, f"experiment={options.name}"])


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq init",
        description="Write a recipe for your own files, plain or compressed (gz, xz, zst): two "
        "text files, line by line each other's translation, or one TSV or JSON-lines file.",
    )
    add = parser.add_argument
    add("--source", required=True, metavar="FILE", help="training sentences, or pairs (TSV, JSON)")
    add("--target", metavar="FILE", help="their translations, line by line")
    add("--valid-source", metavar="FILE", help="pairs that judge the training; needed")
    add("--valid-target", metavar="FILE")
    add("--test-source", metavar="FILE", help="pairs that judge the result, once, at the end")
    add("--test-target", metavar="FILE")
    add("--name", default="mine", help="of the recipe and of its run (default: mine)")
    add("--directory", default="conf", metavar="DIR", help="of recipes (default: conf)")
    add("--force", action="store_true", help="write over a recipe of that name")
    default = DataSettings()
    add("--format", default=default.format, help="auto (by the name), text, tsv or jsonl")
    add("--encoding", default=default.encoding, help=f"default: {default.encoding}")
    add("--source-field", default=default.source_field, help="key of a JSON line")
    add("--target-field", default=default.target_field, help="key of a JSON line")
    return parser
