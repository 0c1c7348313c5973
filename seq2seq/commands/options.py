"""The reading of a command's options, with mistakes told as every other mistake is."""

from __future__ import annotations

import argparse
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
