"""Command-line parser whose errors are reported like all other errors."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from seq2seq.errors import SettingsError

STANDARD = Path("-")  # the name of standard input and output


class CommandParser(argparse.ArgumentParser):
    """An `ArgumentParser` whose errors are `SettingsError`s: one line, exit status 2."""

    def read(self, argv: Sequence[str]) -> argparse.Namespace:
        """Return the options of a command line; positional arguments may be between them.

        After `--` everything is a positional argument.

        Raises:
            SettingsError: an option is unknown, or its value is invalid.
        """
        several = [action.dest for action in self._get_positional_actions() if action.nargs == "*"]
        if not several:
            return self.parse_args(argv)
        arguments = list(argv)
        end = arguments.index("--") if "--" in arguments else len(arguments)
        options = self.parse_intermixed_args(arguments[:end])
        getattr(options, several[0]).extend(arguments[end + 1 :])
        return options

    def error(self, message: str) -> NoReturn:
        """Raise the error that argparse reports.

        Raises:
            SettingsError: always.
        """
        raise SettingsError(f"{message}; see {self.prog} --help.")


def named_path(text: str) -> Path:
    """Return the path that an option names, for argparse; reject an empty name."""
    if not text:
        raise argparse.ArgumentTypeError("received nothing; give a path")
    return Path(text)


def file_name(text: str) -> Path | None:
    """Return the file that an option names, for argparse; None for `-`, a standard stream."""
    return None if named_path(text) == STANDARD else Path(text)


def readable_file(text: str) -> Path:
    """Return the file that an option names, for argparse; `-` is standard input."""
    return file_name(text) or Path("/dev/stdin")


def number(allowed: str, fits: Callable[[float], bool]) -> Callable[[str], float]:
    """Return a reader of finite numbers that `fits` accepts, for argparse.

    `allowed` describes these numbers in the error message.
    """

    def read(text: str) -> float:
        try:
            value = float(text) if "_" not in text else math.nan
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or not fits(value):
            raise argparse.ArgumentTypeError(f"must be a number {allowed}, not {text!r}")
        return value

    return read


def whole(least: int, most: float = math.inf) -> Callable[[str], int]:
    """Return a reader of integers from `least` to `most`, for argparse."""
    allowed = f"of at least {least}" if most == math.inf else f"from {least} to {most}"

    def read(text: str) -> int:
        value = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else -1
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"must be a whole number {allowed}, not {text!r}")
        return value

    return read
