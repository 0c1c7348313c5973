"""Reader of CoNLL files: a word a line with its columns, and a blank line after each sentence.

The first word of a file decides whether tabs or spaces separate its columns, and how many there
are. A file of ten columns that begin with a number of the word is CoNLL-U: its comments, ranges of
words (`1-2`) and empty nodes (`1.1`) are no words. Elsewhere a comment is a line before a sentence
that begins with `#` and has another number of columns. `-DOCSTART-` lines are no words either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
        lines: lines of the sentence, and those up to the next one; of the first sentence also those
            before it.
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
        numbered: true if the first one numbers the words, as in CoNLL-U.
        word: index of the column of words.
        tag: index of the column of tags; None if the file has none.
    """

    count: int
    tabs: bool
    numbered: bool
    word: int
    tag: int | None

    @staticmethod
    def of(text: str, settings: ConllSettings, path: Path) -> _Columns:
        """Return the columns of a file by the line of its first word.

        Raises:
            DataError: the file has too few columns.
        """
        tabs = "\t" in text
        parts = _split(text, tabs=tabs)
        numbered = tabs and len(parts) == _COLUMNS_U and _ID.fullmatch(parts[0]) is not None
        word = settings.word or (_FORM if numbered else 1)
        tag = settings.tag or (_UPOS if numbered else len(parts))
        if word > len(parts):
            raise DataError(
                f"{path}: data.conll.word received {word}, and the first line of a word has "
                f"{len(parts)} columns; set it to the column of the words"
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
        if text.startswith("#") and (self.numbered or not (inside or len(parts) == self.count)):
            return Line(text, "comment")
        if self.numbered and _ID.fullmatch(parts[0]) and not parts[0].isdecimal():
            return Line(text, "extra", tag)
        return Line(text, "word", tag)

    def word_in(self, text: str) -> tuple[str, str | None]:
        """Return the word in a line, and the error in the line or None.

        White space within a word becomes `_`, since spaces separate words.
        """
        parts = _split(text, tabs=self.tabs)
        if len(parts) != self.count:
            found = "1 column" if len(parts) == 1 else f"{len(parts)} columns"
            return "", f"{found}, where the first word of the file has {self.count}"
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
    bad: Item | None = None  # first invalid line

    def add(self, line: Line, number: int, *, broken: bool) -> None:
        """Add a line, which may have had bytes that are not in the encoding."""
        self.lines.append(line)
        if line.kind != "word":
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
        error = text_error(text, "text")
        if bad is None and error is not None:
            bad = Item(self.first, error=error)
        if bad is not None:
            return Sentence(bad.position, error=bad.error, lines=lines, separator=separator)
        tags = [line.tag for line in lines if line.kind == "word"]
        label = None if None in tags else [tag for tag in tags if tag is not None]
        return Sentence(self.first, text, label, lines=lines, separator=separator)


def read_conll(path: Path, form: Form) -> Iterator[Sentence]:
    """Yield the sentences of a file; one with an invalid line is invalid.

    Raises:
        DataError: the file cannot be read, or has too few columns.
    """
    numbered = enumerate(text_lines(path, form.encoding), start=1)
    head = []
    for number, (text, broken) in numbered:
        head.append((number, (text, broken)))
        if _may_be_word(text):
            break
    else:
        return
    columns = _Columns.of(head[-1][1][0], form.conll, path)
    current, inside = _Collector(columns, form), False
    for number, (text, broken) in chain(head, numbered):
        line = columns.line(text, inside=inside)
        if line.kind == "word" and current.first and not inside:
            yield current.sentence()
            current = _Collector(columns, form)
        current.add(line, number, broken=broken)
        inside = line.kind == "word" or (inside and line.kind in ("extra", "comment"))
    yield current.sentence()


def _may_be_word(text: str) -> bool:
    """Return whether a line at the beginning of a file is certainly no comment and not blank."""
    return bool(text.strip()) and not text.startswith(("#", _DOCUMENT))


def _split(text: str, *, tabs: bool) -> list[str]:
    if tabs:
        return text.split("\t")
    return [part for part in re.split("[ \t]+", text) if part]


CONLL = Reader(read_conll, (".conll", ".conllu", ".conllup", ".iob", ".iob2", ".bio"))
