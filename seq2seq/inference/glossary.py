"""Glossary: user-defined translations of words and phrases that every translation must use."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from seq2seq.errors import DataError
from seq2seq.text.words import PhraseFinder, capitalised

FORBID = "forbid"

_LONGEST = 200  # maximum number of characters of a side; a longer one is probably an error
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Entry:
    """Line of a glossary.

    Attributes:
        source: source word or phrase.
        targets: translations, of which one is sufficient; or forbidden translations.
        forbidden: true if the targets are forbidden.
    """

    source: str
    targets: tuple[str, ...]
    forbidden: bool = False


@dataclass(frozen=True)
class Matches:
    """Entries of a glossary that apply to one text.

    Attributes:
        required: alternative phrases of each entry found; the translation must hold one of them.
        positions: position of each of these entries, in characters; (0, 0), which means unknown, if
            the text is not in normal form C.
        forbidden: phrases that the translation must not hold.
    """

    required: tuple[tuple[str, ...], ...] = ()
    positions: tuple[tuple[int, int], ...] = ()
    forbidden: tuple[str, ...] = ()


class Glossary:
    """Terms and their translations.

    A term is found in a text as whole words. The case of letters must match, except that a term at
    the beginning of a sentence may have a capital first letter; its translation may then have one
    too. If terms overlap, the first one counts; if terms begin at the same position, the longest
    one counts.

    Example: `Glossary.load("terms.tsv").matches("The station is closed.")`
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Create a glossary from entries; see also `load`.

        Each source may have at most one entry whose targets are not forbidden.
        """
        self.entries = tuple(entries)
        self._required: dict[str, tuple[str, ...]] = {}
        self._forbidden: dict[str, tuple[str, ...]] = {}
        for entry in self.entries:
            source = _composed(entry.source)
            if entry.forbidden:
                known = self._forbidden.get(source, ())
                self._forbidden[source] = (*known, *entry.targets)
            else:
                self._required[source] = entry.targets
        self._finder = PhraseFinder([*self._required, *self._forbidden])

    @classmethod
    def load(cls, path: str | Path) -> Glossary:
        """Read a glossary with a line `source<TAB>target` for each entry, in UTF-8.

        UTF-16 with a byte order mark is accepted too. Alternatives of a target are separated by
        `|`. A third column `forbid` means that the target must not be used where the source is
        found. Blank lines and lines that begin with `#` are skipped.

        Raises:
            DataError: the file cannot be read, or a line is invalid; the message names the line.
        """
        path = Path(path)
        try:
            text = _decoded(path, path.read_bytes())
        except OSError as error:
            raise DataError(
                f"the glossary {path} cannot be read: {error.strerror or error}"
            ) from error
        return cls(_entries(path, text))

    def matches(self, text: str) -> Matches:
        """Return the phrases that the translation of `text` must and must not hold.

        A term that occurs twice in the text is required twice.
        """
        required: list[tuple[str, ...]] = []
        positions: list[tuple[int, int]] = []
        forbidden: list[str] = []
        composed = _composed(text)
        for found in self._finder.find(composed):
            targets = self._required.get(found.phrase, ())
            if targets:
                more = [capitalised(target) for target in targets] if found.recased else []
                required.append(tuple(dict.fromkeys([*targets, *more])))
                positions.append((found.start, found.end) if composed == text else (0, 0))
            forbidden += self._forbidden.get(found.phrase, ())
        return Matches(tuple(required), tuple(positions), tuple(dict.fromkeys(forbidden)))


def _entries(path: Path, text: str) -> Iterator[Entry]:
    lines: dict[str, int] = {}
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.removesuffix("\r")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        entry = _entry(line, f"{path}, line {number}")
        key = _composed(entry.source)
        if not entry.forbidden and lines.setdefault(key, number) != number:
            raise DataError(
                f"{path}, line {number}: {entry.source!r} has a target on line {lines[key]} "
                "already; keep one of the two, with alternatives between |"
            )
        yield entry


def _entry(line: str, where: str) -> Entry:
    columns = [column.strip() for column in line.split("\t")]
    if len(columns) == 1:
        raise DataError(f"{where} holds no tab; write a source, a tab and its target")
    if len(columns) > 3 or (len(columns) == 3 and columns[2] not in ("", FORBID)):
        raise DataError(
            f"{where} has {' | '.join(columns[2:])!r} after the target; only the word {FORBID} may "
            "stand there, after another tab"
        )
    source, target = columns[0], columns[1]
    for side, name in ((source, "source"), (target, "target")):
        if len(side) > _LONGEST:
            raise DataError(
                f"{where} has a {name} of {len(side):,} characters; at most {_LONGEST} can be, so "
                "give terms and not texts"
            )
        if not side:
            raise DataError(f"{where} has no {name}; write a source, a tab and its target")
    targets = tuple(dict.fromkeys(part.strip() for part in target.split("|")))
    if "" in targets:
        raise DataError(f"{where} has an empty alternative in {target!r}; write a|b|c")
    return Entry(source, targets, forbidden=FORBID in columns[2:])


def _decoded(path: Path, raw: bytes) -> str:
    encoding = "utf-16" if raw.startswith(_WIDE) else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{path}, line {line} is not {encoding[:6].removesuffix('-').upper()}; save the "
            "glossary as UTF-8"
        ) from error


def _composed(text: str) -> str:
    """Return `text` in normal form C, because files differ in how they encode accented letters."""
    return unicodedata.normalize("NFC", text)
