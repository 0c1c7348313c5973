"""Reader of the files of one split, with a registry of formats: one function for each format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

from seq2seq.config.choices import DataFormat, ItemFormat
from seq2seq.config.schema import CorpusFiles, DataSettings
from seq2seq.data.files import locate, plain_suffix
from seq2seq.data.readers.conll import read_conll
from seq2seq.data.readers.json_lines import read_json_lines
from seq2seq.data.readers.labelled_text import read_labelled, read_text, read_tsv
from seq2seq.data.readers.npz import read_npz
from seq2seq.data.readers.sound_manifest import read_sounds, sound_paths
from seq2seq.data.readers.table import read_csv, read_parquet
from seq2seq.data.readers.ts import read_ts
from seq2seq.data.sequences.item import Form, Item
from seq2seq.errors import SettingsError


class Reader(NamedTuple):
    """Reader of a format.

    Attributes:
        read: function that yields every item of a file in order, invalid ones included.
        suffixes: endings of the names of such files.
        features: true if such files hold sequences of numbers only, never texts.
        lines: true if an item is a line, of which the first may be a header.
        unit: name of the numbers by which items are found in a file.
        listed: function that returns the other files that a file lists, by their names in it.
    """

    read: Callable[[Path, Form], Iterator[Item]]
    suffixes: tuple[str, ...] = ()
    features: bool = False
    lines: bool = False
    unit: Literal["line", "sequence"] = "line"
    listed: Callable[[Path, Form], dict[str, Path]] | None = None


READERS: dict[ItemFormat, Reader] = {
    "labelled": Reader(read_labelled, lines=True),
    "text": Reader(read_text, (".txt",), lines=True),
    "tsv": Reader(read_tsv, (".tsv",), lines=True),
    "jsonl": Reader(read_json_lines, (".jsonl", ".ndjson")),
    "npz": Reader(read_npz, (".npz",), features=True, unit="sequence"),
    "csv": Reader(read_csv, (".csv",), features=True),
    "parquet": Reader(read_parquet, (".parquet",), features=True),
    "ts": Reader(read_ts, (".ts",), features=True),
    "conll": Reader(read_conll, (".conll", ".conllu", ".conllup", ".iob", ".iob2", ".bio")),
    "audio": Reader(read_sounds, features=True, listed=sound_paths),
}
FORMATS = tuple(READERS)


def format_of_suffix(suffix: str) -> ItemFormat | None:
    """Return the format of files whose names end in `suffix`, such as `.ts`; None if unknown."""
    return next((name for name, one in READERS.items() if suffix in one.suffixes), None)


@dataclass(frozen=True)
class ItemReader:
    """Reader of the items of a file, which can be read as often as needed."""

    format: ItemFormat
    paths: tuple[Path, ...]  # the file, and with format=text that of its labels
    form: Form

    @staticmethod
    def find(files: CorpusFiles, data: DataSettings, *, key: str, per_step: bool) -> ItemReader:
        """Find the files of a split and their format.

        Raises:
            SettingsError: a key is missing or does not fit the format.
            DataError: a file does not exist.
        """
        if files.source is None:
            raise SettingsError(f"{key}.source is not set; give the file of sequences")
        look = partial(locate, directory=data.directory, download=data.download)
        source = look(files.source, key=f"{key}.source")
        kind = format_of(source, data.format, labels=files.target is not None)
        paths: tuple[Path, ...] = (source,)
        if files.target is not None:
            if kind != "text":
                raise SettingsError(
                    f"{key}.target={files.target} cannot go with data.format={kind}, whose one "
                    f"file holds the labels too; leave {key}.target out"
                )
            paths = (source, look(files.target, key=f"{key}.target"))
        return ItemReader(kind, paths, Form.of(data, per_step=per_step))

    def __iter__(self) -> Iterator[Item]:
        """Yield every item in order, invalid ones included.

        Raises:
            DataError: the file cannot be used at all.
        """
        if self.format == "text":
            return read_text(self.paths[0], self.form, *self.paths[1:])
        return READERS[self.format].read(self.paths[0], self.form)

    def listed(self) -> dict[str, Path]:
        """Return the existing files that the file lists, such as sounds, by their names in it.

        Raises:
            DataError: the file cannot be read.
        """
        listed = READERS[self.format].listed
        return {} if listed is None else listed(self.paths[0], self.form)

    def where(self, position: int) -> str:
        """Return the position as text: `vowels.ts, line 7` or `vowels.npz, sequence 7`."""
        unit = READERS[self.format].unit
        return f"{' and '.join(str(path) for path in self.paths)}, {unit} {position}"


def format_of(
    path: Path, wanted: DataFormat = "auto", *, labels: bool = False, option: str = "data.format"
) -> ItemFormat:
    """Return the format of a file: the one wanted by `option`, or by its name.

    Raises:
        SettingsError: the suffix of the file's name is unknown.
    """
    if wanted != "auto":
        return wanted
    if labels:
        return "text"
    kind = format_of_suffix(plain_suffix(path))
    if kind is None:
        raise SettingsError(
            f"{path}: its name does not tell its format; set {option} to one of "
            f"{', '.join(FORMATS)}"
        )
    return kind
