"""Composition of a recipe (YAML files and overrides) by Hydra to checked `Settings`.

All code that handles Hydra's own errors is here, so that each reaches the user as one line. Hydra
is imported inside functions because it belongs to the extra `train`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from seq2seq.config import parsing
from seq2seq.config.overrides import (
    check_overrides,
    composable,
    implied_overrides,
    quoted_text,
    reject_several_values,
)
from seq2seq.config.parsing import is_url
from seq2seq.config.recipe_files import (
    CORPORA,
    conf_directory,
    corpus_directory,
    options_of_files,
    recipe_groups,
    user_conf_directory,
)
from seq2seq.config.schema import Settings, settings_from_mapping
from seq2seq.disk import cache_directory
from seq2seq.errors import SettingsError

if TYPE_CHECKING:
    from omegaconf import DictConfig


def load_settings(
    overrides: Sequence[str] = (), *, recipe: str = "train", config_dir: str | None = None
) -> Settings:
    """Compose a recipe and check it: `load_settings(["experiment=multi30k", "seed=2"])`.

    Recipes are searched in `config_dir`, in those shipped with seq2seq, and in `./conf`. The
    default recipe is the phrasebook's; it is left out if data, a task or files are chosen and no
    experiment is named.

    Raises:
        SettingsError: an override that cannot be read, an unknown key or option, or an impossible
            value; one line that names the key.
    """
    check_overrides(overrides, groups=recipe_groups(config_dir=config_dir))
    return settings_from_plain(load_plain(overrides, recipe=recipe, config_dir=config_dir))


def load_plain(
    overrides: Sequence[str], *, recipe: str = "train", config_dir: str | None = None
) -> dict[str, Any]:
    """Return a composed recipe with overrides, as plain values not yet checked.

    Raises:
        SettingsError: Hydra cannot compose it, or it would move the directories of runs.
    """
    return compose_recipe(overrides, recipe=recipe, config_dir=config_dir).values


class ComposedRecipe(NamedTuple):
    """Plain values of a recipe, and whether it requests a multirun itself."""

    values: dict[str, Any]
    multirun: bool


def compose_recipe(
    overrides: Sequence[str], *, recipe: str = "train", config_dir: str | None = None
) -> ComposedRecipe:
    """Compose a recipe and overrides; `load_plain` describes arguments and errors."""
    from hydra import compose, initialize_config_dir
    from omegaconf import open_dict

    prepare_hydra()
    reject_several_values(overrides)
    with (
        composable_overrides(overrides, config_dir=config_dir) as given,
        translated_errors(),
        initialize_config_dir(config_dir=str(conf_directory()), version_base="1.3"),
    ):
        config = compose(config_name=recipe, overrides=given, return_hydra_config=True)
        with open_dict(config):
            hydra = config.pop("hydra")
        _reject_other_directories(hydra)
        return ComposedRecipe(plain_values(config), str(hydra.mode).endswith("MULTIRUN"))


@contextlib.contextmanager
def composable_overrides(
    overrides: Sequence[str], *, config_dir: str | None = None
) -> Iterator[list[str]]:
    """Yield overrides that Hydra can compose, even if recipes are named by their files.

    The given overrides come first, in their order; implied overrides and the search path of recipes
    follow. A recipe's file (`experiment=runs/mine/best.yaml`) becomes an option that exists only
    within the block.

    Yields:
        the overrides.

    Raises:
        SettingsError: an override cannot be read, or there is no such file or directory.
    """
    if config_dir is not None and not Path(config_dir).is_dir():
        raise SettingsError(f"--config-dir received {config_dir}; there is no such directory.")
    locations = [] if config_dir is None else [Path(config_dir).resolve()]
    groups = recipe_groups(config_dir=config_dir)
    named, copies = options_of_files(overrides, groups=groups)
    named = composable(named, groups=groups)
    named += implied_overrides(named)
    with contextlib.ExitStack() as stack:
        if copies:
            directory = Path(
                stack.enter_context(tempfile.TemporaryDirectory(prefix="seq2seq-recipes-"))
            )
            for name, path in copies.items():
                (directory / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, directory / name)
            locations.append(directory)
        if locations:
            # Quoted, because a directory may have any name.
            searched = ",".join(quoted_text(f"file://{location}") for location in locations)
            named.append(f"hydra.searchpath=[{searched}]")
        yield named


def settings_from_plain(plain: dict[str, Any]) -> Settings:
    """Return checked settings, with relative paths made absolute, from plain values.

    Raises:
        SettingsError: see `load_settings`.
    """
    if "experiment" in plain:
        raise SettingsError(
            "The recipe of `experiment` puts its keys below `experiment`; its file must begin with "
            "the line: # @package _global_"
        )
    missing = [key for key, value in _leaves(plain) if value == "???"]
    if missing:
        raise SettingsError(
            f"{missing[0]} is not given; the recipe needs it: add {missing[0]}=... to the command."
        )
    return with_absolute_paths(settings_from_mapping(plain), working_directory=Path.cwd())


def with_absolute_paths(settings: Settings, *, working_directory: Path) -> Settings:
    """Return the settings with every relative path resolved once against `working_directory`.

    URLs stay unchanged.

    Raises:
        SettingsError: `runs` has bytes that are not UTF-8, which TensorFlow cannot open.
    """

    def absolute(path: str) -> str:
        return path if is_url(path) else str(working_directory / Path(path).expanduser())

    data, model = settings.data, settings.model
    directory, runs = absolute(data.directory or "."), absolute(settings.runs)
    if any("\ud800" <= char <= "\udfff" for char in runs):
        raise SettingsError(
            f"runs received {runs!r}, whose name is not UTF-8; give a directory whose name is, or "
            "set a UTF-8 locale (LC_ALL=C.UTF-8) where it is."
        )
    return replace(
        settings,
        runs=runs,
        data=replace(
            data, directory=directory if is_url(directory) else os.path.normpath(directory)
        ),
        model=replace(model, init_from=model.init_from and absolute(model.init_from)),
    )


def run_directory(settings: Settings) -> Path:
    """Return the directory of a run: `<runs>/<name>`."""
    return Path(settings.runs) / settings.name


def without_references(value: Any) -> Any:
    """Return values of a recipe in which no text is read as a reference to another key."""
    if isinstance(value, dict):
        return {key: without_references(one) for key, one in value.items()}
    if isinstance(value, list):
        return [without_references(one) for one in value]
    return value.replace("${", "\\${") if isinstance(value, str) else value


def prepare_hydra() -> None:
    """Let Hydra find the user's own `conf/` and the packaged corpus; may be called repeatedly."""
    from hydra.core.config_search_path import ConfigSearchPath
    from hydra.core.plugins import Plugins
    from hydra.plugins.search_path_plugin import SearchPathPlugin
    from omegaconf import OmegaConf

    for name in CORPORA:
        directory = partial(corpus_directory, name)
        OmegaConf.register_new_resolver(name, lambda found=directory: str(found()), replace=True)
    OmegaConf.register_new_resolver("sweep_directory", _sweep_directory, replace=True)

    class UserConf(SearchPathPlugin):
        """Plugin that adds `conf/` after our recipes, so that it cannot replace `train.yaml`."""

        def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
            own = user_conf_directory()
            if own is not None:
                search_path.append(provider="seq2seq", path=f"file://{own}")

    plugins = Plugins.instance()
    known = {plugin.__qualname__ for plugin in plugins.discover(SearchPathPlugin)}
    if UserConf.__qualname__ not in known:
        plugins.register(UserConf)


def _sweep_directory(runs: str, name: str) -> str:
    """Return Hydra's directory of a multirun: in `runs`, or in the cache if `runs` is a URL."""
    return str((cache_directory() / "sweeps" if is_url(runs) else Path(runs)) / name)


@contextlib.contextmanager
def translated_errors() -> Iterator[None]:
    """Turn the errors of Hydra, OmegaConf and YAML inside the block into a `SettingsError`.

    The block must not contain our own work, because its bugs would be reported as errors in a
    recipe.
    """
    import yaml
    from hydra.errors import HydraException, MissingConfigException
    from omegaconf.errors import OmegaConfBaseException

    try:
        yield
    except MissingConfigException as error:
        raise _missing_option(error.missing_cfg_file, error.options) from error
    except (HydraException, OmegaConfBaseException) as error:
        raise SettingsError(f"The recipe cannot be composed: {_one_line(error)}") from error
    except yaml.YAMLError as error:
        raise SettingsError(f"A recipe is not valid YAML: {_one_line(error)}") from error
    except RecursionError as error:
        raise SettingsError("The recipe cannot be composed: it includes itself.") from error
    except (ValueError, TypeError, AttributeError) as error:  # as from a file that is no recipe
        raise SettingsError(f"The recipe cannot be composed: {_one_line(error)}") from error


def _reject_other_directories(hydra: DictConfig) -> None:
    """Raise an error for Hydra settings that create directories other than that of a run.

    Raises:
        SettingsError: it names the first of them.
    """
    import yaml
    from omegaconf import OmegaConf

    shipped = yaml.safe_load((conf_directory() / "train.yaml").read_text(encoding="utf-8"))["hydra"]
    composed: Any = OmegaConf.to_container(hydra, resolve=False)
    for key in ("run.dir", "sweep.dir", "sweep.subdir", "output_subdir", "job.chdir"):
        expected, found = shipped, composed
        for part in key.split("."):
            expected, found = expected[part], found[part]
        if found != expected:
            raise SettingsError(
                f"hydra.{key} received {parsing.show(found)}; a run keeps everything in "
                "<runs>/<name>: leave it out, and set runs= and name= instead."
            )


def plain_values(config: DictConfig) -> dict[str, Any]:
    """Return a composed recipe as plain values, references resolved.

    Raises:
        SettingsError: a reference cannot be resolved, or the recipe is no mapping.
    """
    from omegaconf import OmegaConf

    with translated_errors():
        mapping = OmegaConf.to_container(config, resolve=True)
    if not isinstance(mapping, dict):
        raise SettingsError("The recipe is not a mapping of keys to values.")
    return {str(key): value for key, value in mapping.items()}


def _missing_option(missing: Any, options: Sequence[str] | None) -> SettingsError:
    group, _, option = str(missing).rpartition("/")
    known = sorted(options or recipe_groups().get(group) or ())
    if not group or not known:
        return SettingsError(f"No recipe {missing} in {conf_directory()} or in conf/.")
    return SettingsError(
        f"{group} received {option!r}; allowed: {', '.join(known)}."
        f"{parsing.nearest_hint(option, known)}"
    )


def _leaves(mapping: dict[str, Any], *, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in mapping.items():
        if isinstance(value, dict):
            yield from _leaves(value, prefix=f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
