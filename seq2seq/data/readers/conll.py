"""Reader of CoNLL files: one word per line with its columns; a blank line ends each sentence.

The first sentence of a file determines the separator of columns (tabs or spaces) and the number of
columns. A file with ten columns, the first of which numbers the words, is CoNLL-U; a file with a
comment `# global.columns = ID FORM ...` is CoNLL-U Plus. In both, comments, ranges of words (`1-2`)
and empty nodes (`1.1`) are not words. In other files, a line that begins with `#` before a sentence
is a comment if it has another number of columns than the words, or the form of a CoNLL-U comment,
such as `# sent_id = 2`. `-DOCSTART-` lines are never words.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

from seq2seq.config.data_schema import ConllSettings
from seq2seq.data.filters import text_error
from seq2seq.data.readers.text_file import text_lines
from seq2seq.data.sequences.item import Form, Item, Reader, broken_item
from seq2seq.errors import DataError

Kind = Literal["word", "extra", "document", "comment", "blank"]

_ID = re.compile(r"\d+(-\d+|\.\d+)?")
_COLUMNS_U = 10  # of CoNLL-U: ID FORM LEMMA UPOS XPOS FEATS HEAD DEPREL DEPS MISC
_FORM, _UPOS = 2, 4
_DOCUMENT = "-DOCSTART-"
_GLOBAL = re.compile(r"#\s*global\.columns\s*=(.*)")  # of CoNLL-U Plus
_COMMENT = re.compile(r"# *([\w.:-]+ *=( |$)|new(doc|par) *$)")  # of CoNLL-U
_MOST_HEAD = 100  # maximum number of words by which the columns are recognised

log = logging.getLogger("seq2seq")


class Line(NamedTuple):
    """Line of a file.

    Attributes:
        text: text of the line.
        kind: kind of the line; `extra` is a range of words or an empty node.
        tag: content of the column of tags; None if there is none.
    """

    text: str
    kind: Kind
    tag: str | None = None


@dataclass(frozen=True, eq=False)
class Sentence(Item):
    """Sentence of a CoNLL file; its content is the words with spaces between.

    Attributes:
        lines: lines of the sentence, and the lines between it and the next sentence; for the first
            sentence, also the lines before it.
        separator: character between two columns.
    """

    lines: tuple[Line, ...] = ()
    separator: str = "\t"


@dataclass(frozen=True)
class _Columns:
    """Columns of a file.

    Attributes:
        count: number of columns.
        tabs: true if tabs separate them, not spaces.
        numbered: true if the first column numbers the words, as in CoNLL-U.
        word: index of the column of words.
        tag: index of the column of tags; None if the file has none.
    """

    count: int
    tabs: bool
    numbered: bool
    word: int
    tag: int | None

    @staticmethod
    def of(head: Sequence[str], settings: ConllSettings, path: Path) -> _Columns:
        """Return the columns of a file from `head`, its lines up to the end of the first sentence.

        The number of columns is that of most lines.

        Raises:
            DataError: the file has too few columns, or the column of words holds 1, 2, 3, ….
        """
        words = [text for text in head if _may_be_word(text)]
        shapes = [("\t" in text, len(_split(text, tabs="\t" in text))) for text in words]
        shape, _ = Counter(shapes).most_common(1)[0]
        tabs, parts = shape[0], _split(words[shapes.index(shape)], tabs=shape[0])
        names = _named_columns(head)
        numbered = "ID" in names or (
            len(parts) == _COLUMNS_U and _ID.fullmatch(parts[0]) is not None
        )
        form = names.index("FORM") + 1 if "FORM" in names else _FORM
        upos = names.index("UPOS") + 1 if "UPOS" in names else len(names) or _UPOS
        word = settings.word or (form if numbered or names else 1)
        tag = settings.tag or (upos if numbered or names else len(parts))
        first = [_split(text, tabs=tabs)[0] for text in words]
        numbers = [str(number) for number in range(1, len(words) + 1)]
        if word == 1 and settings.word is None and len(first) > 1 and first == numbers:
            raise DataError(
                f"{path}: column 1 holds the numbers 1, 2, … and would be read as words; set "
                "data.conll.word to the column of the words"
            )
        if word > len(parts):
            raise DataError(
                f"{path}: data.conll.word received {word}, and most words have "
                f"{_counted(len(parts))}; set it to the column of the words"
            )
        tagged = tag <= len(parts) and tag != word
        return _Columns(len(parts), tabs, numbered, word - 1, tag - 1 if tagged else None)

    def line(self, text: str, *, inside: bool) -> Line:
        """Return a line with its kind; `inside` is true between two words of a sentence."""
        parts = _split(text, tabs=self.tabs)
        tag = None
        if self.tag is not None and len(parts) == self.count:
            tag = parts[self.tag]
        if not text.strip():
            return Line(text, "blank")
        if parts[0] == _DOCUMENT:
            return Line(text, "document", tag)
        if text.startswith("#") and (self.numbered or not (inside or self._begins_word(text))):
            return Line(text, "comment")
        if self.numbered and _ID.fullmatch(parts[0]) and not parts[0].isdecimal():
            return Line(text, "extra", tag)
        return Line(text, "word", tag)

    def _begins_word(self, text: str) -> bool:
        """Return whether a line that begins with `#` before a sentence is a word, not a comment."""
        return len(_split(text, tabs=self.tabs)) == self.count and not _COMMENT.match(text)

    def word_in(self, text: str) -> tuple[str, str | None]:
        """Return the word in a line, and the error in the line or None.

        White space within a word becomes `_`, since spaces separate words.
        """
        parts = _split(text, tabs=self.tabs)
        if len(parts) != self.count:
            return (
                "",
                f"{_counted(len(parts))}, where the other words of the file have {self.count}",
            )
        word = parts[self.word]
        if not word:
            return "", f"no word in column {self.word + 1}"
        return "_".join(word.split()) or "_", None


@dataclass
class _Collector:
    """Sentence that is being read."""

    columns: _Columns
    form: Form
    lines: list[Line] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    first: int = 0  # number of the line of the first word; 0 before it
    begin: int = 0  # number of the first line
    bad: Item | None = None  # first invalid line

    def add(self, line: Line, number: int, *, broken: bool) -> None:
        """Add a line; `broken` is true if it had bytes that are not in the encoding."""
        self.lines.append(line)
        self.begin = self.begin or number
        if line.kind != "word":
            if broken:
                log.warning(
                    "line %d, which is no word, has bytes that are not in the encoding; they "
                    "became U+FFFD",
                    number,
                )
            return
        self.first = self.first or number
        word, error = self.columns.word_in(line.text)
        self.words.append(word)
        if self.bad is None and (broken or error):
            self.bad = broken_item(number, self.form) if broken else Item(number, error=error)

    def sentence(self) -> Sentence:
        """Return the sentence, with the number of the line of its first word or of its error."""
        separator = "\t" if self.columns.tabs else " "
        lines, text, bad = tuple(self.lines), " ".join(self.words), self.bad
        error = text_error(text, "text") if self.words else "no word"
        if bad is None and error is not None:
            bad = Item(self.first or self.begin, error=error)
        if bad is not None:
            return Sentence(bad.position, error=bad.error, lines=lines, separator=separator)
        tags = [line.tag for line in lines if line.kind == "word"]
        label = None if None in tags else [tag for tag in tags if tag is not None]
        return Sentence(self.first, text, label, lines=lines, separator=separator)


def read_conll(path: Path, form: Form) -> Iterator[Sentence]:
    """Yield the sentences of a file; a sentence with an invalid line is invalid.

    Raises:
        DataError: the file cannot be read, or has too few columns.
    """
    numbered = enumerate(text_lines(path, form.encoding), start=1)
    head = _head(numbered)
    if not head:
        return
    if not any(_may_be_word(text) for _, (text, _) in head):
        lines = tuple(Line(text, _kind_without_words(text)) for _, (text, _) in head)
        yield Sentence(1, error="no word in the file", lines=lines)
        return
    columns = _Columns.of([text for _, (text, _) in head], form.conll, path)
    current, inside = _Collector(columns, form), False
    for number, (text, broken) in chain(head, numbered):
        line = columns.line(text, inside=inside)
        if line.kind == "word" and current.first and not inside:
            yield current.sentence()
            current = _Collector(columns, form)
        current.add(line, number, broken=broken)
        inside = line.kind == "word" or (inside and line.kind in ("extra", "comment"))
    yield current.sentence()


def check_tags(path: Path, form: Form) -> None:
    """Reject a file whose words have no class.

    Raises:
        DataError: there is no column of classes, or the one named in the settings cannot be used.
    """
    head = [text for _, (text, _) in _head(enumerate(text_lines(path, form.encoding), start=1))]
    if not any(map(_may_be_word, head)):
        return
    columns = _Columns.of(head, form.conll, path)
    if columns.tag is not None:
        return
    found = f"most words have {_counted(columns.count)}"
    if form.conll.tag is not None:
        if form.conll.tag == columns.word + 1:
            found = f"the words are in column {columns.word + 1}"
        raise DataError(
            f"{path}: data.conll.tag received {form.conll.tag}, and {found}; set it to the column "
            "of the classes"
        )
    if columns.count > 1:
        raise DataError(
            f"{path}: the words are in column {columns.word + 1}, where the classes would be by "
            f"default, and {found}; set data.conll.tag to the column of the classes"
        )
    raise DataError(f"{path}: {found} and no class; give a file with a class beside each word")


def _counted(columns: int) -> str:
    """Return a number of columns as text, such as `2 columns`."""
    return "1 column" if columns == 1 else f"{columns} columns"


def _head(numbered: Iterator[tuple[int, tuple[str, bool]]]) -> list[tuple[int, tuple[str, bool]]]:
    """Return the lines up to the end of the first sentence, which show the columns."""
    head, words = [], 0
    for number, (text, broken) in numbered:
        head.append((number, (text, broken)))
        words += _may_be_word(text)
        if words and (not text.strip() or words == _MOST_HEAD):
            break
    return head


def _named_columns(head: Sequence[str]) -> list[str]:
    """Return the column names that a CoNLL-U Plus file gives; an empty list for other files."""
    for text in head:
        found = _GLOBAL.match(text)
        if found is not None:
            return found[1].split()
    return []


def _kind_without_words(text: str) -> Kind:
    """Return the kind of a line in a file without a word."""
    if not text.strip():
        return "blank"
    return "comment" if text.startswith("#") else "document"


def _may_be_word(text: str) -> bool:
    """Return whether a line is not blank and begins with neither `#` nor `-DOCSTART-`."""
    return bool(text.strip()) and not text.startswith(("#", _DOCUMENT))


def _split(text: str, *, tabs: bool) -> list[str]:
    if tabs:
        return text.split("\t")
    return [part for part in re.split("[ \t]+", text) if part]


CONLL = Reader(
    read_conll,
    (".conll", ".conllu", ".conllup", ".iob", ".iob2", ".bio"),
    check_labels=check_tags,
)
