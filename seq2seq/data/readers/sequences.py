"""Reader of the files of one split, with a registry of formats: one function for each format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from seq2seq.config.choices import DataFormat, ItemFormat
from seq2seq.config.schema import CorpusFiles, DataSettings
from seq2seq.data.files import locate, plain_suffix
from seq2seq.data.readers.json_lines import read_json_lines
from seq2seq.data.readers.labelled_text import read_labelled, read_text, read_tsv
from seq2seq.data.readers.npz import read_npz
from seq2seq.data.readers.sound_manifest import read_sounds, sound_paths
from seq2seq.data.readers.table import read_csv, read_parquet
from seq2seq.data.readers.ts import read_ts
from seq2seq.data.sequences.item import Form, Item
from seq2seq.errors import SettingsError

_READERS: dict[ItemFormat, Callable[[Path, Form], Iterator[Item]]] = {
    "labelled": read_labelled,
    "text": read_text,
    "tsv": read_tsv,
    "jsonl": read_json_lines,
    "npz": read_npz,
    "csv": read_csv,
    "parquet": read_parquet,
    "ts": read_ts,
    "audio": read_sounds,
}
FORMATS = tuple(_READERS)
LINE_FORMATS = ("labelled", "text", "tsv")  # a sequence is a line, and the first may be a header
_SUFFIXES: dict[str, ItemFormat] = {
    ".tsv": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".npz": "npz",
    ".csv": "csv",
    ".parquet": "parquet",
    ".ts": "ts",
    ".txt": "text",
}


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
        return _READERS[self.format](self.paths[0], self.form)

    def sounds(self) -> dict[str, Path]:
        """Return the existing sound files that the file lists, by their names in it.

        They are none in any format but `audio`.

        Raises:
            DataError: the file cannot be read.
        """
        return sound_paths(self.paths[0], self.form) if self.format == "audio" else {}

    def where(self, position: int) -> str:
        """Return the position as text: `vowels.ts, line 7` or `vowels.npz, sequence 7`."""
        unit = "sequence" if self.format == "npz" else "line"
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
    kind = _SUFFIXES.get(plain_suffix(path))
    if kind is None:
        raise SettingsError(
            f"{path}: its name does not tell its format; set {option} to one of "
            f"{', '.join(FORMATS)}"
        )
    return kind
