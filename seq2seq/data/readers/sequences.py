"""Reader of the files of one split, in a format of the registry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from seq2seq.config.data_schema import CorpusFiles, DataSettings
from seq2seq.config.registry import READERS
from seq2seq.data.files import locate, plain_suffix
from seq2seq.data.readers.labelled_text import read_text
from seq2seq.data.sequences.item import Form, Item, Reader
from seq2seq.errors import SettingsError


def reader_of(name: str) -> Reader:
    """Return the reader of a format.

    Raises:
        SettingsError: a package that it needs is not installed.
    """
    try:
        reader: Reader = READERS.load(name)
    except ImportError as error:
        raise SettingsError(
            f"the reader of the format {name} cannot be loaded ({error}); install what it needs, "
            "or give files of another format"
        ) from error
    return reader


def format_of_suffix(suffix: str) -> str | None:
    """Return the format of files whose names end in `suffix`, such as `.ts`; None if unknown.

    A reader that cannot be loaded is skipped; the error is raised when its format is requested.
    """
    for name in READERS:
        with suppress(SettingsError):
            if suffix in reader_of(name).suffixes:
                return name
    return None


@dataclass(frozen=True)
class ItemReader:
    """Reader of the items of a file, which can be read as often as needed."""

    format: str
    paths: tuple[Path, ...]  # the file, and with format=text also the file of its labels
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
        return reader_of(self.format).read(self.paths[0], self.form)

    def listed(self) -> dict[str, Path]:
        """Return the existing files that the file lists, such as sounds, by their names in it.

        Raises:
            DataError: the file cannot be read.
        """
        listed = reader_of(self.format).listed
        return {} if listed is None else listed(self.paths[0], self.form)

    def check_labels(self) -> None:
        """Raise `DataError` if the first lines of the file show that it has no labels."""
        check = reader_of(self.format).check_labels
        if check is not None:
            check(self.paths[0], self.form)

    def where(self, position: int) -> str:
        """Return the position as text: `vowels.ts, line 7` or `vowels.npz, sequence 7`."""
        unit = reader_of(self.format).unit
        return f"{' and '.join(str(path) for path in self.paths)}, {unit} {position}"


def format_of(
    path: Path, wanted: str = "auto", *, labels: bool = False, option: str = "data.format"
) -> str:
    """Return the format of a file: `wanted` or, if that is `auto`, the format by the file's name.

    Args:
        path: path of the file.
        wanted: format that the user set, or `auto`.
        labels: true if another file holds the labels; `auto` is then `text`.
        option: option that sets the format, for error messages.

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
            f"{', '.join(READERS)}"
        )
    return kind
