"""Running a command as a Hydra application, with Hydra's errors brought to our own handler."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from seq2seq import recipe
from seq2seq.errors import SettingsError, UserError


def run_application(job: Callable[[Any], None], argv: Sequence[str], *, command: str) -> None:
    """Let Hydra compose the recipe `command` from `argv` and call `job` with each configuration.

    Hydra's own options (`--cfg job`, `--help`, `--multirun`, `--config-dir`) work as anywhere.

    Raises:
        SettingsError: whatever Hydra finds wrong, in one line.
        UserError, OSError, ModuleNotFoundError: the first that `job` raised.
    """
    import hydra

    recipe.prepare_hydra()
    options, argv = _read_options(argv)
    recipe.check_overrides(options.overrides, config_dir=options.config_dir)
    failures: list[Exception] = []

    def quiet_job(config: Any) -> None:
        # Hydra writes a line of its own about what a job raises; what we explain goes round it.
        try:
            job(config)
        except (UserError, OSError, ModuleNotFoundError) as error:
            failures.append(error)

    application = hydra.main(
        version_base="1.3", config_path=str(recipe.conf_directory()), config_name=command
    )(quiet_job)
    with (
        recipe.recipes_by_path(argv) as (named, places),
        recipe.translated_errors(),
        _hydra_process([*named, *_search_path(places)], command=command),
    ):
        application()
    if failures:
        raise failures[0]


def _read_options(argv: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """Hydra's options, and `argv` with the overrides last: Hydra takes them in one place only."""
    from hydra._internal.utils import get_args_parser

    parser = get_args_parser()
    parser.exit_on_error = False
    try:
        options, stray = parser.parse_known_intermixed_args(list(argv))
    except argparse.ArgumentError as error:
        raise SettingsError(f"{error}; see seq2seq train --help.") from error
    if stray:
        raise SettingsError(
            f"{stray[0]} is not an option of this command; settings are written key=value, "
            "see seq2seq train --help."
        )
    flags = list(argv)
    for override in options.overrides:
        flags.remove(override)
    return options, [*flags, *options.overrides]


def _search_path(places: Sequence[Path]) -> list[str]:
    searched = ",".join(f"file://{place}" for place in places)
    return [f"hydra.searchpath=[{searched}]"] if places else []


@contextlib.contextmanager
def _hydra_process(argv: Sequence[str], *, command: str) -> Iterator[None]:
    """What Hydra reads from the process: its arguments, and that errors are to be raised."""
    arguments, full_error = sys.argv, os.environ.get("HYDRA_FULL_ERROR")
    sys.argv = [f"seq2seq {command}", *argv]
    os.environ["HYDRA_FULL_ERROR"] = "1"
    try:
        yield
    finally:
        sys.argv = arguments
        if full_error is None:
            del os.environ["HYDRA_FULL_ERROR"]
        else:
            os.environ["HYDRA_FULL_ERROR"] = full_error
