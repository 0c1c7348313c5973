"""Files of recipes: their directories, their options, and recipes named by a path."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from seq2seq.errors import SettingsError

CORPORA = ("phrasebook", "travel_messages")  # embedded corpora
_PACKAGE = Path(__file__).resolve().parents[1]


def conf_directory() -> Path:
    """Return the directory of the shipped recipes: in the package, or beside it in a checkout.

    Raises:
        SettingsError: neither exists, so the installation is incomplete.
    """
    return _shipped(_PACKAGE / "conf", _PACKAGE.parent / "conf")


def corpus_directory(name: str) -> Path:
    """Return the directory of one of `CORPORA`, found as `conf_directory` is.

    Raises:
        SettingsError: it does not exist.
    """
    return _shipped(_PACKAGE / name, _PACKAGE.parent / "data" / name)


def phrasebook_directory() -> Path:
    """Return the directory of the embedded English-German corpus.

    Raises:
        SettingsError: it does not exist.
    """
    return corpus_directory("phrasebook")


def embedded_corpus(directory: str | None) -> str | None:
    """Return the name of the embedded corpus in a directory; None for any other directory."""
    return next((name for name in CORPORA if str(corpus_directory(name)) == directory), None)


def user_conf_directory() -> Path | None:
    """Return `conf/` of the working directory, where `seq2seq init` writes, or None."""
    own = Path("conf").resolve()
    return own if own.is_dir() and own != conf_directory() else None


def recipe_groups(*, config_dir: str | None = None) -> dict[str, list[str]]:
    """Return the options of each group of recipes: `{"data": ["parallel", ...], ...}`."""
    directories = [
        conf_directory(),
        user_conf_directory(),
        Path(config_dir) if config_dir else None,
    ]
    groups: dict[str, list[str]] = {}
    for directory in directories:
        for path in sorted(directory.glob("*/*.yaml")) if directory is not None else ():
            options = groups.setdefault(path.parent.name, [])
            if path.stem not in options:
                options.append(path.stem)
    return groups


def options_of_files(
    overrides: Sequence[str], *, groups: Collection[str]
) -> tuple[list[str], dict[Path, Path]]:
    """Return the overrides with each recipe file replaced by an option, and the options' files.

    Raises:
        SettingsError: there is no such file.
    """
    named, copies = list(overrides), dict[Path, Path]()
    for index, override in enumerate(overrides):
        key, _, value = override.partition("=")
        if key.lstrip("+") not in groups:
            continue
        options = []
        for number, one in enumerate(value.split(",")):
            path = Path(one.strip("\"' ")).expanduser()
            if path.suffix not in (".yaml", ".yml"):
                options.append(one)
                continue
            if not path.is_file():
                raise SettingsError(f"{key.lstrip('+~')} received {one}; there is no such file.")
            options.append(f"file-{index}-{number}")
            copies[Path(key.lstrip("+")) / f"{options[-1]}.yaml"] = path
        named[index] = f"{key}={','.join(options)}" if value else override
    return named, copies


def _shipped(installed: Path, checkout: Path) -> Path:
    for directory in (installed, checkout):
        if directory.is_dir():
            return directory
    raise SettingsError(
        f"{installed} is missing; the installation of seq2seq is incomplete: install it again."
    )
