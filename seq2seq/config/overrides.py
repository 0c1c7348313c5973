"""Overrides of a command line: parsed, checked, and completed with those that they imply.

An override is `KEY=VALUE` in Hydra's grammar, with `KEY` a setting (`model.units`) or a group of
recipes (`experiment`). Hydra is imported inside functions because it belongs to the extra `train`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from seq2seq.config import parsing
from seq2seq.config.schema import Settings
from seq2seq.config.tasks import TASKS
from seq2seq.errors import SettingsError

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

_FILES = ("data.train", "data.valid", "data.test", "data.directory", "data.download")
# Characters that an unquoted text of Hydra's grammar may hold, and those that structure a value.
_PLAIN = r"\w/\-+.$%*@?|: "
_STRUCTURE = r",\[\](){}"


def parsed_override(text: str) -> Override:
    """Return one override, parsed by Hydra.

    Text with characters that the grammar does not know (`name=übung`, `runs=~/runs`) is parsed as
    if it were quoted, and `choice(null,1)` as `null,1`; `input_line` of the result is the parsed
    text.

    Raises:
        SettingsError: it is not an override.
    """
    from hydra.errors import HydraException

    try:
        return _parse(text)
    except HydraException as error:
        for other in (_with_quotes(text), re.sub(r"=\s*choice\((.*)\)\s*$", r"=\1", text)):
            with contextlib.suppress(HydraException):
                return _parse(other)
        raise SettingsError(
            f"{text!r} is not an override; write key=value, such as model.units=256, and put "
            f"a value with special characters in quotes, such as runs='\"~/my runs\"' "
            f"({' '.join(str(error).split())})."
        ) from error


def check_overrides(
    overrides: Sequence[str], *, groups: Collection[str], more_keys: Sequence[str] = ()
) -> None:
    """Raise an error for overrides that cannot be parsed or have an unknown key.

    Args:
        overrides: overrides as written on the command line.
        groups: names of the groups of recipes.
        more_keys: keys that the command knows in addition to the settings of a run.

    Raises:
        SettingsError: it names the override, and the nearest known keys.
    """
    keys = [*parsing.dotted_keys(Settings), *more_keys]
    for text in overrides:
        key = parsed_override(text).key_or_group
        if key.startswith(("hydra.", "hydra/")) or key in groups or key in keys:
            continue
        if not any(known.startswith(f"{key}.") for known in keys):
            value = text.partition("=")[2]
            raise parsing.unknown_key(key, value, known=[*keys, *groups])


def composable(overrides: Sequence[str], *, groups: Mapping[str, Sequence[str]]) -> list[str]:
    """Return overrides that Hydra can compose, one for each given override, in the same order.

    Options of groups become text: `experiment=2024` names the recipe 2024.

    Raises:
        SettingsError: an override cannot be read, or sets a group to null.
    """
    return [_composable(parsed_override(text), groups) for text in overrides]


def implied_overrides(overrides: Sequence[str]) -> list[str]:
    """Return the overrides that a choice of data, task or files implies.

    The default experiment is a complete recipe for the phrasebook. It is left out if another corpus
    or task is chosen and no experiment is named; files without `data=` are then a parallel corpus,
    or sequences if the task has labels.

    Raises:
        SettingsError: the choices contradict each other, or one is missing.
    """
    parsed = [parsed_override(text) for text in overrides]
    named = (one for one in parsed if not one.is_delete())
    chosen = {one.key_or_group: first_value(one).strip("'\"") for one in named}
    without = "experiment" in (one.key_or_group for one in parsed if one.is_delete())
    if "experiment" in chosen:
        if without:
            raise SettingsError(
                f"~experiment received with experiment={chosen['experiment']}; leave one of the "
                "two out."
            )
        return []
    files = [one.key_or_group for one in parsed if _names_files(one)]
    task = chosen.get("task", chosen.get("task.name"))
    if chosen.get("data") == "sequences" and task is None:
        raise SettingsError(
            "data=sequences received without a task; add task=classification, task=regression, or "
            "task=translation for sequences of numbers with texts as targets."
        )
    implied = []
    if not without and ("data" in chosen or task is not None or files):
        implied.append("~experiment")
    if "data" not in chosen and _has_labels(task):
        implied.append("data=sequences")
    elif "data" not in chosen and any(key.startswith("data.train") for key in files):
        implied.append("data=parallel")
    return implied


def _has_labels(task: str | None) -> bool:
    """Return whether a task has labels; True for an unknown task, which is reported later."""
    if task is None:
        return False
    return task not in TASKS or not TASKS[task].writes_text


def single_values(overrides: Sequence[str]) -> list[str]:
    """Return each override with only its first value; overrides with a pattern are left out.

    Raises:
        SettingsError: an override cannot be read.
    """
    single = []
    for text in overrides:
        override = parsed_override(text)
        if not override.is_sweep_override():
            single.append(text)
        elif value := first_value(override):
            single.append(f"{override.get_key_element()}={value}")
    return single


def reject_several_values(overrides: Sequence[str]) -> None:
    """Raise an error for overrides with several values, because only one run is composed.

    Raises:
        SettingsError: it names the first of them.
    """
    for text in overrides:
        override = parsed_override(text)
        if override.is_sweep_override():
            key, value = override.get_key_element(), override.get_value_string()
            raise SettingsError(
                f"{key} received {value}, several values; give one here, or a text with commas in "
                f"quotes: {key}='\"A,B\"'. Several are for `seq2seq train --multirun` and `tune`."
            )


def first_value(override: Override) -> str:
    """Return the value of an override as written, or the first of several; "" if it has none."""
    from hydra.core.override_parser.types import Glob, IntervalSweep

    value = override.value()
    if override.value_type is None or isinstance(value, Glob):  # such as `~experiment`
        return ""
    if isinstance(value, IntervalSweep):
        return str(value.start)
    if override.is_discrete_sweep():
        return next(override.sweep_string_iterator(), "")
    return str(override.get_value_string())


def quoted_text(text: str) -> str:
    """Return a text as a quoted value of Hydra's grammar."""
    from hydra.core.override_parser.types import Quote, QuotedString

    return str(QuotedString(text, Quote.double).with_quotes())


def value_in_grammar(value: object) -> str:
    """Return a plain value of a recipe in Hydra's grammar, which parses it to the same value."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list):
        return f"[{','.join(map(value_in_grammar, value))}]"
    if isinstance(value, dict):
        written = {value_in_grammar(key): value_in_grammar(one) for key, one in value.items()}
        return f"{{{','.join(f'{key}: {one}' for key, one in written.items())}}}"
    if not isinstance(value, str):
        return repr(value)
    plain = re.fullmatch(r"[A-Za-z_/][\w/.-]*", value, flags=re.ASCII)
    words = ("null", "true", "false", "nan", "inf", "interval", "choice")
    return value if plain and value.lower() not in words else quoted_text(value)


def _names_files(override: Override) -> bool:
    """Return whether an override names a corpus location; `data.test.source=null` does not."""
    key, value = override.key_or_group, override.value()
    if not any(key == prefix or key.startswith(f"{prefix}.") for prefix in _FILES):
        return False
    return any(one is not None for one in (value.values() if isinstance(value, dict) else [value]))


def _parse(text: str) -> Override:
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    override = OverridesParser.create().parse_override(text)
    if not override.key_or_group:
        raise HydraException("no key before the =")
    return override


def _with_quotes(text: str) -> str:
    """Quote each part of the value that has a character which the grammar does not know."""
    key, equals, value = text.partition("=")
    if re.search(r"['\"\\]", value):
        return text
    stops = _STRUCTURE + (":" if "{" in value else "")

    def quote(part: re.Match[str]) -> str:
        known = re.fullmatch(f"[{_PLAIN}]*", part[0], flags=re.ASCII)
        return part[0] if known else f'"{part[0].strip()}"'

    return key + equals + re.sub(f"[^{stops}]+", quote, value)


def _composable(override: Override, groups: Mapping[str, Sequence[str]]) -> str:
    """Return an override with the options of a group as texts, even if they look like numbers.

    Raises:
        SettingsError: an option is null.
    """
    line = str(override.input_line)
    if override.key_or_group not in groups or override.value_type is None:
        return line
    value = override.value()
    several = override.is_sweep_override()
    options = getattr(value, "list", value) if several else value
    if not several and not isinstance(options, list):
        options = [options]
    if not isinstance(options, list) or all(not _is_scalar(option) for option in options):
        return line
    if None in options:
        group = override.key_or_group
        raise SettingsError(f"{group} received null; allowed: {', '.join(sorted(groups[group]))}.")
    # As written: 1e3 must stay 1e3.
    written = override.get_value_string().strip()
    begin, end = ("[", "]") if not several and isinstance(value, list) else ("", "")
    if several and not getattr(value, "simple_form", False):
        return line
    parts = [part.strip() for part in written.removeprefix(begin).removesuffix(end).split(",")]
    named = ",".join(part if part[:1] in ("'", '"') else quoted_text(part) for part in parts)
    return f"{override.get_key_element()}={begin}{named}{end}"


def _is_scalar(option: object) -> bool:
    """Return whether a value is null, a boolean or a number, which cannot name an option."""
    return option is None or isinstance(option, bool | int | float)
