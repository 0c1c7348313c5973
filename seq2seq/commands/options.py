"""The reading of a command's options, with mistakes told as every other mistake is."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from typing import NoReturn

from seq2seq.errors import SettingsError


class CommandParser(argparse.ArgumentParser):
    """An `ArgumentParser` whose errors are `SettingsError`s: one line, exit status 2."""

    def error(self, message: str) -> NoReturn:
        """Called by argparse with what is wrong.

        Raises:
            SettingsError: always.
        """
        raise SettingsError(f"{message}; see {self.prog} --help.")


def number(allowed: str, fits: Callable[[float], bool]) -> Callable[[str], float]:
    """A reader of finite numbers that fit, for argparse; `allowed` says in words which do."""

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
    """A reader of whole numbers from `least` to `most`, for argparse."""
    allowed = f"of at least {least}" if most == math.inf else f"from {least} to {most}"

    def read(text: str) -> int:
        value = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else -1
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"must be a whole number {allowed}, not {text!r}")
        return value

    return read
