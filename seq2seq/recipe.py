"""From a recipe (YAML files and overrides, composed by Hydra) to checked `Settings`.

Everything that touches Hydra's own errors is here, so that each reaches the user as one line.
Hydra is imported inside functions: it belongs to the extra `train`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seq2seq import validation
from seq2seq.errors import SettingsError
from seq2seq.rules import is_url
from seq2seq.settings import Settings, settings_from_mapping
from seq2seq.storage.place import cache_directory

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override
    from omegaconf import DictConfig

_PACKAGE = Path(__file__).resolve().parent


def conf_directory() -> Path:
    """The recipes shipped with seq2seq: inside the installed package, or beside it in a checkout.

    Raises:
        SettingsError: neither is there, so the installation is incomplete.
    """
    return _shipped(_PACKAGE / "conf", _PACKAGE.parent / "conf")


def phrasebook_directory() -> Path:
    """The embedded English-German corpus, found as `conf_directory` is.

    Raises:
        SettingsError: it is not there.
    """
    return _shipped(_PACKAGE / "phrasebook", _PACKAGE.parent / "data" / "phrasebook")


def user_conf_directory() -> Path | None:
    """`conf/` of the working directory, where `seq2seq init` writes; None if it is not there."""
    own = Path("conf").resolve()
    return own if own.is_dir() and own != conf_directory() else None


def load_settings(
    overrides: Sequence[str] = (), *, recipe: str = "train", config_dir: str | None = None
) -> Settings:
    """Compose a recipe and check it: `load_settings(["experiment=multi30k", "seed=2"])`.

    Recipes are looked for in `config_dir`, among those shipped with seq2seq, and in `./conf`.

    Raises:
        SettingsError: an override that cannot be read, an unknown key or option, or an
            impossible value. One line, naming the key.
    """
    check_overrides(overrides, config_dir=config_dir)
    return settings_from_plain(load_plain(overrides, recipe=recipe, config_dir=config_dir))


def load_plain(
    overrides: Sequence[str], *, recipe: str = "train", config_dir: str | None = None
) -> dict[str, Any]:
    """What Hydra composes of a recipe and overrides, as plain values that nothing has checked.

    Raises:
        SettingsError: Hydra cannot compose it.
    """
    from hydra import compose, initialize_config_dir

    prepare_hydra()
    directory = str(conf_directory())
    with (
        recipes_by_path(overrides) as (named, places),
        translated_errors(),
        initialize_config_dir(config_dir=directory, version_base="1.3"),
    ):
        if config_dir is not None:
            places = [Path(config_dir).resolve(), *places]
        searched = ",".join(f"file://{place}" for place in places)
        config = compose(config_name=recipe, overrides=[*named, f"hydra.searchpath=[{searched}]"])
        return _plain(config)


@contextlib.contextmanager
def recipes_by_path(overrides: Sequence[str]) -> Iterator[tuple[list[str], list[Path]]]:
    """Recipes named by their files (`experiment=runs/mine/best.yaml`) as options Hydra can find.

    Yields:
        the overrides, each file replaced by an option, and the directories that hold the options;
        they are there as long as the context is.

    Raises:
        SettingsError: there is no such file.
    """
    named, copies = list(overrides), []
    for place, override in enumerate(overrides):
        key, _, value = override.partition("=")
        path = Path(value.strip("\"'")).expanduser()
        if path.suffix not in (".yaml", ".yml") or "." in key or key.startswith("-"):
            continue
        if not path.is_file():
            raise SettingsError(f"{key.lstrip('+~')} received {value}; there is no such file.")
        option = f"file-{place}"
        copies.append((Path(key.lstrip("+~")) / f"{option}.yaml", path))
        named[place] = f"{key}={option}"
    if not copies:
        yield named, []
        return
    with tempfile.TemporaryDirectory(prefix="seq2seq-recipes-") as directory:
        for name, path in copies:
            (Path(directory) / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(path, Path(directory) / name)
        yield named, [Path(directory)]


def settings_from_config(config: DictConfig) -> Settings:
    """Checked settings, with relative paths made absolute, from what Hydra composed.

    Raises:
        SettingsError: see `load_settings`.
    """
    return settings_from_plain(_plain(config))


def settings_from_plain(plain: dict[str, Any]) -> Settings:
    """The same from plain values.

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
    """The same settings with every relative path resolved once against `working_directory`.

    URLs stay as they are.
    """

    def absolute(path: str) -> str:
        return path if is_url(path) else str(working_directory / Path(path).expanduser())

    data, model = settings.data, settings.model
    directory = absolute(data.directory or ".")
    return replace(
        settings,
        runs=absolute(settings.runs),
        data=replace(
            data, directory=directory if is_url(directory) else os.path.normpath(directory)
        ),
        model=replace(model, init_from=model.init_from and absolute(model.init_from)),
    )


def run_directory(settings: Settings) -> Path:
    """Where a run keeps everything: `<runs>/<name>`."""
    return Path(settings.runs) / settings.name


def prepare_hydra() -> None:
    """Let Hydra find the user's own `conf/` and the packaged corpus. Harmless to repeat."""
    from hydra.core.config_search_path import ConfigSearchPath
    from hydra.core.plugins import Plugins
    from hydra.plugins.search_path_plugin import SearchPathPlugin
    from omegaconf import OmegaConf

    OmegaConf.register_new_resolver("phrasebook", lambda: str(phrasebook_directory()), replace=True)
    OmegaConf.register_new_resolver("sweep_directory", _sweep_directory, replace=True)

    class UserConf(SearchPathPlugin):
        """Searched after our own recipes: a stranger's `conf/train.yaml` must not replace ours."""

        def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
            own = user_conf_directory()
            if own is not None:
                search_path.append(provider="seq2seq", path=f"file://{own}")

    plugins = Plugins.instance()
    known = {plugin.__qualname__ for plugin in plugins.discover(SearchPathPlugin)}
    if UserConf.__qualname__ not in known:
        plugins.register(UserConf)


def _sweep_directory(runs: str, name: str) -> str:
    """Where Hydra keeps what it knows of a multirun: with the runs, unless they are at a URL."""
    return str((cache_directory() / "sweeps" if is_url(runs) else Path(runs)) / name)


def check_overrides(
    overrides: Sequence[str], *, config_dir: str | None = None, more_keys: Sequence[str] = ()
) -> None:
    """Refuse what cannot be parsed and keys that no setting and no group of recipes has.

    Args:
        overrides: as written on the command line.
        config_dir: of more recipes.
        more_keys: that the command knows beside the settings of a run.

    Raises:
        SettingsError: naming the override, and the nearest known keys.
    """
    groups = recipe_groups(config_dir=config_dir)
    keys = [*validation.dotted_keys(Settings), *more_keys]
    for text in overrides:
        key = parsed_override(text).key_or_group
        if key.startswith(("hydra.", "hydra/")) or key in groups or key in keys:
            continue
        if not any(known.startswith(f"{key}.") for known in keys):
            value = text.partition("=")[2]
            raise validation.unknown_key(key, value, known=[*keys, *groups])


def parsed_override(text: str) -> Override:
    """One override as Hydra's parser reads it.

    Raises:
        SettingsError: it cannot.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        override = OverridesParser.create().parse_override(text)
        if not override.key_or_group:
            raise HydraException("no key before the =")
    except HydraException as error:
        raise SettingsError(
            f"{text!r} is not an override; write key=value, such as model.units=256, and put "
            f"a value with special characters in quotes, such as runs='\"~/my runs\"' "
            f"({_one_line(error)})."
        ) from error
    return override


def recipe_groups(*, config_dir: str | None = None) -> dict[str, list[str]]:
    """The groups of recipes and their options: `{"data": ["parallel", "phrasebook"], ...}`."""
    places = [conf_directory(), user_conf_directory(), Path(config_dir) if config_dir else None]
    groups: dict[str, list[str]] = {}
    for place in places:
        for path in sorted(place.glob("*/*.yaml")) if place is not None else ():
            options = groups.setdefault(path.parent.name, [])
            if path.stem not in options:
                options.append(path.stem)
    return groups


@contextlib.contextmanager
def translated_errors() -> Iterator[None]:
    """Turn the errors of Hydra, OmegaConf and YAML inside the block into a `SettingsError`."""
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


def _plain(config: DictConfig) -> dict[str, Any]:
    from omegaconf import OmegaConf

    with translated_errors():
        mapping = OmegaConf.to_container(config, resolve=True)
    if not isinstance(mapping, dict):
        raise SettingsError("The recipe is not a mapping of keys to values.")
    return {str(key): value for key, value in mapping.items()}


def _missing_option(missing: Any, options: Sequence[str] | None) -> SettingsError:
    group, _, option = str(missing).rpartition("/")
    known = sorted(options or ())
    if not group or not known:
        return SettingsError(f"No recipe {missing} in {conf_directory()} or in conf/.")
    return SettingsError(
        f"{group} received {option!r}; allowed: {', '.join(known)}."
        f"{validation.nearest_hint(option, known)}"
    )


def _leaves(mapping: dict[str, Any], *, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in mapping.items():
        if isinstance(value, dict):
            yield from _leaves(value, prefix=f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


def _shipped(installed: Path, checkout: Path) -> Path:
    for directory in (installed, checkout):
        if directory.is_dir():
            return directory
    raise SettingsError(
        f"{installed} is missing; the installation of seq2seq is incomplete: install it again."
    )
