"""Lines in, lines out: as many, in order, each as soon as it is known."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from seq2seq.inference.options import SearchOptions
from seq2seq.inference.translator import Translation, Translator
from seq2seq.text.lines import decode_line, iter_windows

log = logging.getLogger("seq2seq")

# Enough lines for batches of even length; few enough to see a file's translation grow.
WINDOW_LINES = 1000

_BROKEN = "not UTF-8: the bytes that are not were read as U+FFFD"
_SPLIT = "longer than the model takes: translated in parts"


@dataclass(frozen=True)
class StreamOptions:
    """What to search for and what to write of it.

    As text a line holds the alternatives, best first, and after each its score and its
    alignment if asked for, with tabs between. As JSON it holds one object.
    """

    beam_size: int | None = None
    n_best: int = 1
    batch_tokens: int | None = None
    scores: bool = False
    alignments: bool = False
    as_json: bool = False


@dataclass(frozen=True)
class Line:
    """A line of input, numbered from 1."""

    number: int
    text: str
    broken: bool


def translate_stream(
    translator: Translator, source: BinaryIO, output: BinaryIO, options: StreamOptions
) -> int:
    """Translate `source` line by line into `output`; returns how many lines there were.

    A line ends at \\n only; a last one without it counts, a blank one gives a blank one. Warns,
    with its number, of each line that was not UTF-8 or had to be split.
    """
    written = 0
    number = 0
    for window in iter_windows(source, most=WINDOW_LINES):
        lines = [_read(number + place, raw) for place, raw in enumerate(window, start=1)]
        number += len(lines)
        for text in translate_lines(translator, lines, options):
            output.write(text.encode("utf-8") + b"\n")
            written += 1
        output.flush()
    if written != number:
        raise RuntimeError(f"{number} lines came in and {written} went out")
    return written


def translate_lines(
    translator: Translator, lines: Sequence[Line], options: StreamOptions
) -> Iterator[str]:
    """What is written for each line, without line ends."""
    found = translator.hypotheses(
        [line.text for line in lines],
        SearchOptions(
            beam_size=options.beam_size,
            n_best=options.n_best,
            batch_tokens=options.batch_tokens,
            alignments=options.alignments,
        ),
    )
    show = _as_json if options.as_json else _as_text
    for line, alternatives in zip(lines, found, strict=True):
        for note in _notes(line, alternatives):
            log.warning("line %d is %s", line.number, note)
        yield show(line, alternatives, options)


def _read(number: int, raw: bytes) -> Line:
    text, broken = decode_line(raw)
    # As in the corpus: a carriage return before the line's end is part of that end.
    return Line(number, text.removesuffix("\r"), broken)


def _notes(line: Line, alternatives: Sequence[Translation]) -> list[str]:
    notes = [_BROKEN] if line.broken else []
    return [*notes, _SPLIT] if alternatives[0].split else notes


def _as_text(line: Line, alternatives: Sequence[Translation], options: StreamOptions) -> str:
    if not line.text.strip():
        return ""
    columns: list[str] = []
    for translation in alternatives:
        columns.append(translation.text)
        if options.scores:
            columns.append(f"{translation.score:.4f}")
        if options.alignments:
            columns.append(" ".join(f"{a}-{b}" for a, b in translation.alignment or ()))
    if len(columns) == 1:
        return columns[0]
    return "\t".join(column.replace("\t", " ") for column in columns)


def _as_json(line: Line, alternatives: Sequence[Translation], options: StreamOptions) -> str:
    best = alternatives[0]
    record: dict[str, Any] = {
        "line": line.number,
        "source": line.text,
        "translation": best.text,
        "score": best.score,
        "log_prob": best.log_prob,
    }
    if options.n_best > 1:
        record["alternatives"] = [
            {"translation": other.text, "score": other.score, "log_prob": other.log_prob}
            for other in alternatives
        ]
    if options.alignments:
        record["alignment"] = [list(link) for link in best.alignment or ()]
        record["source_pieces"] = list(best.source_pieces)
        record["pieces"] = list(best.pieces)
    record["notes"] = _notes(line, alternatives)
    return json.dumps(record, ensure_ascii=False)
