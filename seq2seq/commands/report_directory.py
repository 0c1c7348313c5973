"""The directory of `--report`: checked before the work, and written at the end."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from seq2seq.commands.destination import check_destination
from seq2seq.commands.options import named_path, whole
from seq2seq.disk import replace_text
from seq2seq.errors import SettingsError

REPORT = "report.html"
_NAMED = 3  # maximum number of files that an error lists

log = logging.getLogger("seq2seq")


def add_report_options(parser: argparse.ArgumentParser) -> None:
    """Add `--report` and `--seed`."""
    add = parser.add_argument
    add(
        "--report",
        type=named_path,
        metavar="DIR",
        help=f"also write DIR/{REPORT}: scores with confidence intervals, by length, rare tokens "
        "and typing noise, errors of single lines, and the worst lines; of a classification "
        "confusions, calibration and mistakes, of a regression residuals",
    )
    add(
        "--seed",
        type=whole(0, 2**63 - 1),
        metavar="N",
        help="seed of what a report draws; default: 0",
    )


def check_report_options(options: argparse.Namespace, inputs: Sequence[Path]) -> None:
    """Check before any work that the report can be written.

    Raises:
        SettingsError: `--report` is a file, holds other files or one of `inputs`, or cannot be
            created; or `--seed` was given without `--report`.
    """
    path: Path | None = options.report
    if path is None:
        if options.seed is not None:
            raise SettingsError(
                f"--seed {options.seed} received without --report; only a report draws lines, so "
                "add --report DIR, or leave it out"
            )
        return
    if not path.is_dir():
        if os.path.lexists(path):
            raise SettingsError(f"--report {path} is a file; give a directory")
        if not path.parent.is_dir():
            raise SettingsError(
                f"--report {path}: there is no directory {path.parent}; make it first"
            )
    elif others := sorted(
        name for name in os.listdir(path) if name != REPORT and not name.startswith(".")
    ):
        more = " …" if len(others) > _NAMED else ""
        raise SettingsError(
            f"--report {path} holds other files ({', '.join(others[:_NAMED])}{more}); give a new "
            "or an empty directory, or one with an older report"
        )
    else:
        check_destination(path / REPORT, inputs=inputs, option="--report")
    location = path if path.is_dir() else path.parent
    if not os.access(location, os.W_OK | os.X_OK):
        raise SettingsError(
            f"--report {path} cannot be written: no permission for {location}; give another "
            "directory"
        )


def write_report(path: Path, page: str) -> None:
    """Write the report, atomically; an older one is replaced.

    Raises:
        SettingsError: the report cannot be written; a directory that was created for the report is
            removed again.
    """
    made = not path.is_dir()
    try:
        path.mkdir(exist_ok=True)
        replace_text(path / REPORT, page)
    except OSError as error:
        if made:
            with contextlib.suppress(OSError):
                path.rmdir()
        raise SettingsError(
            f"--report {path} cannot be written: {error.strerror}; give another directory"
        ) from error
    log.info("report: %s", path / REPORT)
