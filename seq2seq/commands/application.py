"""A command run as a Hydra application, with Hydra's errors passed to our own handler."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from seq2seq.config import recipe
from seq2seq.config.overrides import check_overrides, single_values
from seq2seq.config.recipe_files import conf_directory, recipe_groups
from seq2seq.errors import SettingsError

# Hydra's options that would bypass the checks of this module, and what to do instead.
_REFUSED = {
    "config_path": "use --config-dir DIR",
    "config_name": "name a recipe by experiment=NAME",
    "experimental_rerun": "run the same command again, and the run goes on",
    "shell_completion": "use `seq2seq completion bash` (or zsh, fish)",
}


@dataclass(frozen=True)
class Job:
    """One composed recipe to run.

    Attributes:
        recipe: plain values of the recipe, not yet checked.
        number: index of the job in a multirun; None for a single run.
        overrides: overrides of the job, as on the command line.
    """

    recipe: dict[str, Any]
    number: int | None = None
    overrides: tuple[str, ...] = ()


def run_application(job: Callable[[Job], None], argv: Sequence[str], *, command: str) -> None:
    """Compose the recipe `command` from `argv` and call `job`; in a multirun, once for each job.

    Hydra's own options (`--cfg job`, `--help`, `--multirun`, `--config-dir`) work as usual.

    Args:
        job: function that runs a composed recipe.
        argv: command line after the command's name.
        command: name of the command and of its recipe.

    Raises:
        SettingsError: any error that Hydra reports, in one line.
        Exception: the first exception that `job` raised.
    """
    options = _read_options(argv)
    overrides, config_dir = options.overrides, options.config_dir
    check_overrides(overrides, groups=recipe_groups(config_dir=config_dir))
    flags = _flags(options)
    if flags in ([], ["--multirun"]):
        single = single_values(overrides) if flags else overrides
        composed = recipe.compose_recipe(single, recipe=command, config_dir=config_dir)
        if not flags and not composed.multirun:
            job(Job(composed.values))
            return
        flags = ["--multirun"]
    _run_hydra(job, options, flags, command=command)


def _run_hydra(
    job: Callable[[Job], None], options: argparse.Namespace, flags: list[str], *, command: str
) -> None:
    """Let Hydra act on its own options."""
    import hydra

    recipe.prepare_hydra()
    overrides = options.overrides
    failures: list[Exception] = []
    with recipe.composable_overrides(overrides, config_dir=options.config_dir) as given:
        written = dict(zip(given, overrides, strict=False))
        # In the overrides of a job, Hydra writes `~experiment=null`.
        implied = [form for one in given[len(overrides) :] for form in (one, f"{one}=null")]

        def quiet_job(config: Any) -> None:
            from hydra.core.hydra_config import HydraConfig

            state = HydraConfig.get()
            of_job = [one for one in state.overrides.task if one not in implied]
            shown = tuple(written.get(one, one) for one in of_job)
            # Hydra prints a line of its own for an exception of a job, so exceptions are kept here.
            try:
                job(Job(recipe.plain_values(config), state.job.num, shown))
            except Exception as error:
                failures.append(error)

        application = hydra.main(
            version_base="1.3", config_path=str(conf_directory()), config_name=command
        )(quiet_job)
        argv = flags if options.hydra_help else [*flags, *given]
        with recipe.translated_errors(), _hydra_process(argv, command=command):
            application()
    if failures:
        raise failures[0]


def _read_options(argv: Sequence[str]) -> argparse.Namespace:
    """Return Hydra's options and the overrides, which may be in any order.

    Raises:
        SettingsError: an option is unknown, or is not for this command.
    """
    from hydra._internal.utils import get_args_parser

    parser = get_args_parser()
    parser.exit_on_error = False
    try:
        options, stray = parser.parse_known_intermixed_args(list(argv))
    except argparse.ArgumentError as error:
        raise SettingsError(f"{error}; see seq2seq train --help.") from error
    for name, instead in _REFUSED.items():
        if getattr(options, name):
            raise SettingsError(
                f"--{name.replace('_', '-')} is not an option of this command; {instead}."
            )
    if stray:
        raise SettingsError(
            f"{stray[0]} is not an option of this command; settings are written key=value, "
            "see seq2seq train --help."
        )
    return options


def _flags(options: argparse.Namespace) -> list[str]:
    """Return the options on which Hydra must act; an empty list for an ordinary run.

    Raises:
        SettingsError: two options contradict each other.
    """
    asked = {
        "--multirun": options.multirun,
        "--cfg": options.cfg,
        "--info": options.info,
        "--help": options.help,
        "--hydra-help": options.hydra_help,
    }
    given = [name for name, value in asked.items() if value]
    if len(given) + options.run > 1:
        both = " and ".join(["--run", *given][-2:])
        raise SettingsError(f"received {both}; give one of the two.")
    if options.resolve and given not in (["--cfg"], ["--help"]):
        raise SettingsError("--resolve received without --cfg; add --cfg job.")
    flags = [part for name in given for part in (name, asked[name]) if part is not True]
    if options.package is not None:
        flags += ["--package", options.package]
    return [*flags, "--resolve"] if options.resolve else flags


@contextlib.contextmanager
def _hydra_process(argv: Sequence[str], *, command: str) -> Iterator[None]:
    """Set the arguments that Hydra reads from the process, and the flag to raise errors."""
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
