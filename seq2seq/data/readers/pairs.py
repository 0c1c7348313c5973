"""Readers of sentence pairs from parallel text files, TSV, CSV and JSON lines, with checks."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from itertools import islice, zip_longest
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seq2seq.config.choices import Side
from seq2seq.config.data_schema import CorpusFiles, DataSettings
from seq2seq.config.registry import READERS
from seq2seq.data.alignment import parting_line
from seq2seq.data.files import locate, open_bytes, plain_suffix
from seq2seq.data.filters import text_error
from seq2seq.data.readers.csv_pairs import Row, csv_rows, is_heading
from seq2seq.data.readers.sequences import format_of_suffix, reader_of
from seq2seq.data.readers.text_file import Line, ends_lines_with_one_byte, text_encoding, text_lines
from seq2seq.data.sequences.item import Form
from seq2seq.data.sequences.text_targets import target_text
from seq2seq.errors import DataError, SettingsError

_ONE_FILE = ("tsv", "jsonl", "csv")  # built-in formats in which one file holds both sides
_CHUNK = 1 << 20
_LOOKED_AT = 200  # lines at the beginning of a file that are searched for columns without texts
_FEWEST = 3  # minimum count of numbers in such a column
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


class RawPair(NamedTuple):
    """One line of a split: both sides as written, and its error if it has one."""

    line: int  # counted from 1
    source: str
    target: str
    error: str | None
    note: str | None = None


class FileSummary(NamedTuple):
    """Result of a quick look over a file."""

    path: Path
    lines: int
    carriage_returns: int  # lines that end in \\r\\n
    doubts: tuple[str, ...] = ()  # signs that its lines are not the expected texts

    @property
    def note(self) -> str | None:
        """Return the note about its lines and line ends for the user, or None."""
        ends: tuple[str, ...] = ()
        if self.carriage_returns == self.lines > 0:
            ends = ("Windows line ends (CRLF), removed",)
        elif self.carriage_returns:
            ends = (
                f"{self.carriage_returns:,} of {self.lines:,} lines end in CRLF, the others in LF; "
                "the carriage returns are removed",
            )
        return "; ".join((*ends, *self.doubts)) or None


@dataclass(frozen=True)
class PairReader:
    """The files of one split, found and recognised, which can be read as often as needed."""

    key: str  # such as "data.train"
    format: str
    paths: tuple[Path, ...]  # source and target, or the one file that holds both
    encoding: str
    source_field: str
    target_field: str

    @staticmethod
    def find(files: CorpusFiles, settings: DataSettings, *, key: str) -> PairReader:
        """Find the files of a split and their format.

        Raises:
            SettingsError: a key is missing or does not fit the format.
            DataError: a file does not exist.
        """
        if files.source is None:
            raise SettingsError(
                f"{key}.source is not set; give the file with the source sentences, "
                "or the TSV or JSON-lines file with both sides"
            )
        look = partial(locate, directory=settings.directory, download=settings.download)
        source = look(files.source, key=f"{key}.source")
        kind = _format(source, files.target, settings.format, key)
        paths: tuple[Path, ...] = (source,)
        if kind == "text":
            paths = (source, look(str(files.target), key=f"{key}.target"))
        return PairReader(
            key=key,
            format=kind,
            paths=paths,
            encoding=text_encoding(settings.encoding),
            source_field=settings.source_field,
            target_field=settings.target_field,
        )

    def where(self, line: int) -> str:
        """Return the position as text: `train.en, line 7` or `train.en and train.de, line 7`."""
        return f"{' and '.join(str(path) for path in self.paths)}, line {line}"

    def summarise(self) -> list[FileSummary]:
        """Count lines, without decoding them if possible, and check the first ones.

        Raises:
            DataError: two parallel files differ in their number of lines, a file is in another
                encoding or has other line ends, or its first columns are evidently not the texts.
        """
        if self.format not in ("text", "tsv", "jsonl"):
            rows = self._csv_rows() if self.format == "csv" else self._item_pairs()
            return [FileSummary(self.paths[0], sum(1 for _ in rows), 0)]
        summaries = [_summary(path, self.encoding) for path in self.paths]
        if len({summary.lines for summary in summaries}) > 1:
            raise self._unequal()
        if self.format == "tsv":
            _refuse_identifiers(self.paths[0], self.encoding)
        looks = zip(summaries, self._doubts(), strict=True)
        return [summary._replace(doubts=doubts) for summary, doubts in looks]

    def _doubts(self) -> list[tuple[str, ...]]:
        """Return for each file the reasons why its first lines may not be the intended texts."""
        pairs = [pair for pair in islice(self, _LOOKED_AT) if pair.error is None]
        sources = _doubt_of_numbers("source", [pair.source for pair in pairs])
        targets = _doubt_of_numbers("target", [pair.target for pair in pairs])
        if len(self.paths) > 1:
            return [sources, targets]
        header: tuple[str, ...] = ()
        if self.format == "tsv" and pairs and pairs[0].line == 1:
            heads = pairs[0].source, pairs[0].target
            if all(is_heading(head, english=True) for head in heads):
                header = (f"line 1 ({' and '.join(heads)}) looks like a header, but is read",)
        return [sources + targets + header]

    def __iter__(self) -> Iterator[RawPair]:
        """Yield every line in order; a blank line is an invalid pair, not the end of the file.

        Raises:
            DataError: a file is damaged, or two parallel files have unequal numbers of lines.
        """
        if self.format == "text":
            return self._text_pairs()
        if self.format == "tsv":
            return self._tsv_pairs()
        if self.format == "csv":
            return self._csv_pairs()
        return self._json_pairs() if self.format == "jsonl" else self._item_pairs()

    def _text_pairs(self) -> Iterator[RawPair]:
        with ExitStack() as files:
            lines = [files.enter_context(closing(text_lines(p, self.encoding))) for p in self.paths]
            for number, (source, target) in enumerate(zip_longest(*lines), start=1):
                if source is None or target is None:
                    raise self._unequal()
                yield _pair(number, source, target, self.encoding)

    def _tsv_pairs(self) -> Iterator[RawPair]:
        for number, (text, broken) in enumerate(text_lines(self.paths[0], self.encoding), start=1):
            columns = text.split("\t")
            if len(columns) == 1 and text.strip():
                error = "only one column (no tab)"
                if broken:
                    error = f"not valid {self.encoding.upper()}"
                yield RawPair(number, text, "", error)
                continue
            target = columns[1] if len(columns) > 1 else ""
            pair = _pair(number, (columns[0], broken), (target, broken), self.encoding)
            if len(columns) > 2:
                pair = pair._replace(note="columns after the second ignored")
            yield pair

    def _csv_pairs(self) -> Iterator[RawPair]:
        for row in self._csv_rows():
            source, target = (row.source, row.broken), (row.target, row.broken)
            pair = _pair(row.line, source, target, self.encoding)
            yield pair if row.error is None else pair._replace(error=row.error)

    def _csv_rows(self) -> Iterator[Row]:
        lines = text_lines(self.paths[0], self.encoding)
        return csv_rows(
            self.paths[0],
            lines,
            source_field=self.source_field,
            target_field=self.target_field,
        )

    def _json_pairs(self) -> Iterator[RawPair]:
        for number, line in enumerate(text_lines(self.paths[0], self.encoding), start=1):
            yield self._json_pair(number, *line)

    def _json_pair(self, number: int, text: str, broken: bool) -> RawPair:
        if broken:
            return RawPair(number, "", "", f"not valid {self.encoding.upper()}")
        try:
            record = json.loads(text)
        except (ValueError, RecursionError):
            return RawPair(number, "", "", "not a JSON object" if text.strip() else "empty line")
        if not isinstance(record, dict):
            return RawPair(number, "", "", "not a JSON object")
        sides: list[str] = []
        for field in (self.source_field, self.target_field):
            value = record.get(field)
            if not isinstance(value, str):
                missing = "not a string in" if field in record else "no"
                return RawPair(number, "", "", f"{missing} field {field!r}")
            sides.append(value)
        return _pair(number, (sides[0], False), (sides[1], False), self.encoding)

    def _item_pairs(self) -> Iterator[RawPair]:
        """Yield pairs from the reader of another package: texts, and their labels as targets."""
        form = Form(self.encoding, self.source_field, self.target_field)
        for item in reader_of(self.format).read(self.paths[0], form):
            source = item.content if isinstance(item.content, str) else ""
            target, error = target_text(item.label)
            if not isinstance(item.content, str):
                error = "a sequence of numbers, where texts are wanted"
            pair = _pair(item.position, (source, False), (target, False), self.encoding)
            error = item.error or error
            yield pair if error is None else RawPair(item.position, source, target, error)

    def _unequal(self) -> DataError:
        lengths = [_line_lengths(path, self.encoding) for path in self.paths]
        counts = [len(side) for side in lengths]
        shorter = self.paths[counts.index(min(counts))]
        line = parting_line(lengths[0], lengths[1])
        where = (
            f"{shorter.name} seems to lack its end"
            if line is None
            else f"they seem to part near line {line:,}"
        )
        source, target = self.paths
        return DataError(
            f"{source} has {counts[0]:,} lines and {target} has {counts[1]:,}: line by line they "
            f"must be translations of each other; {where}"
        )


def _format(source: Path, target: str | None, wanted: str, key: str) -> str:
    if _holds_both_sides(wanted):
        if target is not None:
            raise SettingsError(
                f"{key}.target={target} cannot go with data.format={wanted}, whose one file holds "
                f"both sides; leave {key}.target out or set data.format=text"
            )
        return wanted
    if target is not None:
        return "text"
    found = format_of_suffix(plain_suffix(source)) if wanted == "auto" else None
    if found is not None and _holds_both_sides(found):
        return found
    raise SettingsError(
        f"{key}.target is not set; give the file with the target sentences of {source.name}, or "
        "set data.format to tsv, csv or jsonl if that file holds both sides (sequences with "
        "labels: add task=classification or task=regression)"
    )


def _holds_both_sides(name: str) -> bool:
    """Return whether one file of a format holds both sides of its pairs.

    This is also true of a format of another package, unless its files hold only numbers.
    """
    foreign = name != "auto" and name not in READERS.own
    return name in _ONE_FILE or (foreign and not reader_of(name).features)


def _pair(number: int, source: Line, target: Line, encoding: str) -> RawPair:
    for (_, broken), side in ((source, "source"), (target, "target")):
        if broken:
            return RawPair(number, source[0], target[0], f"not valid {encoding.upper()} in {side}")
    error = text_error(source[0], "source")
    other = text_error(target[0], "target")
    if error == "empty source" and other == "empty target":
        error = "both sides empty"
    return RawPair(number, source[0], target[0], error or other)


def _summary(path: Path, encoding: str) -> FileSummary:
    with closing(text_lines(path, encoding)) as text:
        next(text, None)  # reading a line checks the encoding and the line ends
    if not ends_lines_with_one_byte(encoding):
        return FileSummary(path, sum(1 for _ in text_lines(path, encoding)), 0)
    lines = returns = 0
    last = b"\n"
    with open_bytes(path) as stream:
        while chunk := stream.read(_CHUNK):
            lines += chunk.count(b"\n")
            returns += chunk.count(b"\r\n") + (last == b"\r" and chunk.startswith(b"\n"))
            last = chunk[-1:]
    return FileSummary(path, lines + (last != b"\n"), returns)


def _refuse_identifiers(path: Path, encoding: str) -> None:
    """Raise an error for a file with the columns identifier, text, identifier, text.

    Raises:
        DataError: the file has these columns.
    """
    with closing(text_lines(path, encoding)) as lines:
        rows = [text.split("\t") for text, _ in islice(lines, _LOOKED_AT) if text.strip()]
    if not rows or min(map(len, rows)) < 4:
        return
    numbers = [_are_numbers([row[column] for row in rows]) for column in range(4)]
    if numbers == [True, False, True, False]:
        raise DataError(
            f"{path} has the columns identifier, text, identifier, text, and the first two are "
            f"read as a pair; keep the texts alone: cut -f 2,4 {path.name} > texts-{path.name}"
        )


def _doubt_of_numbers(side: Side, texts: list[str]) -> tuple[str, ...]:
    if not _are_numbers(texts):
        return ()
    return (
        f"the {side} holds nothing but numbers in the first {len(texts)} lines; if they are "
        "identifiers, give the column or file with the texts",
    )


def _are_numbers(texts: list[str]) -> bool:
    """Return whether all texts are numbers, except for one that may be a header."""
    others = sum(_NUMBER.fullmatch(text.strip()) is None for text in texts)
    return len(texts) - others >= _FEWEST and others <= 1


def _line_lengths(path: Path, encoding: str) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array(array("i", (len(text) for text, _ in text_lines(path, encoding))), np.int32)
