"""Validation of plain mappings against frozen dataclasses: names, types, limits and choices.

The module knows no particular setting. Each error is a `SettingsError` of one line with the full
dotted key, the received and the allowed values and, if there is one, the nearest known name.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import re
import types
import typing
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from seq2seq.errors import SettingsError

Checked = TypeVar("Checked")

_KINDS: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
}


def build(cls: type[Checked], mapping: Mapping[Any, Any], *, prefix: str = "") -> Checked:
    """Return an instance of the dataclass `cls` from `mapping`; omitted keys have their defaults.

    Raises:
        SettingsError: an unknown key, a wrong type, a number outside its limits, or a value that is
            not among the choices.
    """
    hints = typing.get_type_hints(cls)
    fields = {field.name: field for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for name, value in mapping.items():
        key = f"{prefix}{name}"
        if name not in fields:
            raise unknown_key(key, show(value), known=dotted_keys(cls, prefix=prefix))
        hint = hints[name]
        if dataclasses.is_dataclass(hint):
            if not isinstance(value, Mapping):
                allowed = ", ".join(field.name for field in dataclasses.fields(hint))
                raise SettingsError(
                    f"{key} received {show(value)}; it is a group of keys: {allowed}."
                )
            values[name] = build(hint, value, prefix=f"{key}.")  # type: ignore[arg-type]
        else:
            words = choices_of_field(fields[name], hint)
            limits = {**fields[name].metadata, "choices": words}
            values[name] = _checked_value(key, value, hint, limits)
    return cls(**values)


def dotted_keys(cls: type, *, prefix: str = "") -> list[str]:
    """Return every key that holds a value, dotted: `model.units`, `data.train.source`."""
    hints = typing.get_type_hints(cls)
    keys: list[str] = []
    for field in dataclasses.fields(cls):
        hint = hints[field.name]
        if dataclasses.is_dataclass(hint):
            keys += dotted_keys(hint, prefix=f"{prefix}{field.name}.")  # type: ignore[arg-type]
        else:
            keys.append(f"{prefix}{field.name}")
    return keys


def choices_of(hint: Any) -> tuple[str, ...]:
    """Return the allowed words of a setting of this type; empty if it may have other values."""
    members = [hint] if _is_literal(hint) else typing.get_args(hint)
    literals = [one for one in members if one not in (types.NoneType, ...)]
    if not all(_is_literal(one) for one in literals):
        return ()
    return tuple(word for literal in literals for word in typing.get_args(literal))


def choices_of_field(field: dataclasses.Field[Any], hint: Any) -> Collection[str]:
    """Return the allowed words of a setting: those of its type, or the names of its registry."""
    registered: Collection[str] = field.metadata.get("registry", ())
    return choices_of(hint) or registered


def nearest(name: str, known: Iterable[str], *, count: int = 3) -> list[str]:
    """Return the known names that the user may have meant by `name`, best first; may be empty.

    The last part alone is enough: `units` finds `model.units`, and `model.unitz` finds it too.
    """
    names = list(dict.fromkeys(known))
    group, _, leaf = name.rpartition(".")
    leaves = {other: other.rpartition(".")[2] for other in names}
    close = difflib.get_close_matches(leaf, set(leaves.values()), n=count, cutoff=0.7)
    close = sorted(close, key=lambda other: other != leaf)
    by_leaf = [other for match in close for other in names if leaves[other] == match]
    by_leaf.sort(key=lambda other: other.rpartition(".")[0] != group)
    whole = difflib.get_close_matches(name, names, n=count, cutoff=0.85)
    inside = [other for other in names if leaf and leaf in leaves[other].split("_")]
    return list(dict.fromkeys([*by_leaf, *whole, *inside]))[:count]


def nearest_hint(name: str, known: Iterable[str]) -> str:
    """Return ` Nearest: a, b.` as the end of a message, or an empty text."""
    found = nearest(name, known)
    return f" Nearest: {', '.join(found)}." if found else ""


def unknown_key(key: str, value: str, *, known: Iterable[str]) -> SettingsError:
    """Return the error for an unknown key given with `value`; it lists the keys of its group."""
    names = list(known)
    group = key.rpartition(".")[0]
    siblings = [name.rpartition(".")[2] for name in names if name.rpartition(".")[0] == group]
    if group and siblings:
        allowed = f"keys of {group}: {', '.join(siblings)}."
    else:
        groups = list(dict.fromkeys(name.partition(".")[0] for name in names))
        allowed = f"known at the top: {', '.join(groups)}."
        names += groups
    received = f"received {key}={value}"
    return SettingsError(
        f"{key} is not a setting ({received}); {allowed}{nearest_hint(key, names)}"
    )


def show(value: Any) -> str:
    """Return `value` as in a recipe, on one line and cut to a readable length."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _checked_value(key: str, value: Any, hint: Any, limits: Mapping[str, Any]) -> Any:
    if typing.get_origin(hint) is tuple:
        return _checked_choices(key, value, limits["choices"])
    kind, optional, words = _kind_of(hint)
    if isinstance(value, str) and value in words:
        return value
    others = [*words, *(["null"] if optional else [])]
    if value is None:
        if optional:
            return None
        raise SettingsError(f"{key} received null; it must be {_allowed(kind, limits, others)}.")
    if kind is float and type(value) is int and abs(value) < 2**63:
        value = float(value)
    if limits.get("number") and type(value) in (int, float):  # text that spells a number
        value = f"{value:g}"
    if type(value) is not kind or (isinstance(value, float) and not math.isfinite(value)):
        advice = ""
        if kind is str and isinstance(value, int | float) and not limits["choices"]:
            advice = f" Put it in quotes: {key}='\"{value}\"'."
        raise SettingsError(
            f"{key} received {show(value)}; it must be {_allowed(kind, limits, others)}.{advice}"
        )
    choices = limits["choices"]
    if choices and value not in choices:
        raise SettingsError(
            f"{key} received {show(value)}; allowed: {', '.join(choices)}."
            f"{nearest_hint(str(value), choices)}"
        )
    if not _within(value, limits):
        raise SettingsError(
            f"{key} received {show(value)}; it must be {_allowed(kind, limits, others)}."
        )
    return value


def _checked_choices(key: str, value: Any, choices: Collection[str]) -> tuple[str, ...]:
    """Return a list of choices as a tuple; raise `SettingsError` for unknown or repeated ones."""
    given = list(value) if isinstance(value, list | tuple) else [value]
    wrong = [one for one in given if one not in choices or given.count(one) > 1]
    if not isinstance(value, list | tuple) or wrong:
        raise SettingsError(
            f"{key} received {show(value)}; it must be a list of any of {', '.join(choices)}, "
            "each at most once, such as [] or "
            f"[{next(iter(choices))}].{nearest_hint(str(wrong[0]), choices) if wrong else ''}"
        )
    return tuple(given)


def _kind_of(hint: Any) -> tuple[type, bool, tuple[str, ...]]:
    """Return the plain type of a field, whether null is allowed, and allowed extra words."""
    members = typing.get_args(hint) if _is_union(hint) else (hint,)
    words = [one for member in members if _is_literal(member) for one in typing.get_args(member)]
    kinds = [one for one in members if one is not types.NoneType and not _is_literal(one)]
    if not kinds:
        return str, types.NoneType in members, ()
    return kinds[0], types.NoneType in members, tuple(words)


def _is_union(hint: Any) -> bool:
    return isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union


def _is_literal(hint: Any) -> bool:
    return typing.get_origin(hint) is typing.Literal


def _within(value: Any, limits: Mapping[str, Any]) -> bool:
    return (
        ("minimum" not in limits or value >= limits["minimum"])
        and ("maximum" not in limits or value <= limits["maximum"])
        and ("above" not in limits or value > limits["above"])
        and ("below" not in limits or value < limits["below"])
    )


def _allowed(kind: type, limits: Mapping[str, Any], others: Sequence[str]) -> str:
    """Return the values that a field allows, in words; `others` are allowed beside its type."""
    if limits["choices"]:
        text = f"one of {', '.join(limits['choices'])}"
    else:
        words = {"minimum": "at least", "above": "above", "maximum": "at most", "below": "below"}
        bounds = [f"{word} {limits[name]:g}" for name, word in words.items() if name in limits]
        text = f"{_KINDS[kind]} {' and '.join(bounds)}".rstrip()
    return ", or ".join([text, *others])


def is_url(text: str) -> bool:
    """Return whether a directory is named by a URL, such as `s3://bucket/prefix`."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text) is not None
