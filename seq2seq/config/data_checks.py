"""Checks that the settings of the data agree with each other.

Each check takes all settings and returns a sentence about an error in them, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from seq2seq.config import parsing

if TYPE_CHECKING:
    from seq2seq.config.data_schema import ConllSettings
    from seq2seq.config.schema import Settings


def text_only_setting(settings: Settings) -> str | None:
    """Return a sentence about a setting that does not fit sources of numbers, or None."""
    data, search = settings.data, settings.search
    given: dict[str, object] = {
        "model.init_from": settings.model.init_from,
        "search.max_sentences": search.max_sentences,
        "search.max_source_length": search.max_source_length,
        **{f"data.noise.{key}": value or None for key, value in asdict(data.noise).items()},
    }
    if data.carry != type(data)().carry:
        given["data.carry"] = list(data.carry) or None
    wrong = [key for key, value in given.items() if value is not None]
    if not wrong:
        return None
    return (
        f"{wrong[0]} received {parsing.show(given[wrong[0]])}; it is for sources that are texts, "
        f"and {data.train.source} holds sequences of numbers: leave it out."
    )


def number_only_setting(settings: Settings) -> str | None:
    """Return a sentence about a setting that does not fit sources of text, or None."""
    if settings.model.front_end == "none":
        return None
    return (
        f"model.front_end received {settings.model.front_end}; it is for sequences of numbers, and "
        f"{settings.data.train.source} holds texts: set model.front_end=none."
    )


def received_conll(conll: ConllSettings) -> str | None:
    """Return the first setting of CoNLL files that is given, as `data.conll.tag received 3`."""
    given = (
        f"data.conll.{name} received {value}"
        for name, value in asdict(conll).items()
        if value is not None
    )
    return next(given, None)


def _location_rule(settings: Settings) -> str | None:
    for key, location in (
        ("runs", settings.runs),
        ("data.directory", settings.data.directory or ""),
    ):
        if re.match(r"[a-z][a-z0-9]+:/(?!/)", location):
            return f"{key} received {location}; a URL has two slashes, as in s3://bucket/prefix."
    if re.match(r"(memory|https?)://", settings.runs):
        return (
            f"runs received {settings.runs}; a run needs storage that keeps what is written, such "
            "as a directory, s3://bucket/prefix, gs://bucket/prefix or file:///shared/runs."
        )
    if parsing.is_url(settings.runs) and settings.training.workers != "1":
        return (
            f"runs received {settings.runs} with training.workers={settings.training.workers}; a "
            "URL is for a single worker: give several a directory that all of them share."
        )
    return None


def _encoding_rule(settings: Settings) -> str | None:
    encoding = settings.data.encoding
    try:
        "".encode(encoding)
    except (LookupError, ValueError):
        return (
            f"data.encoding received {parsing.show(encoding)}; it must be a text encoding that "
            "Python knows, such as utf-8, utf-16, latin-1 or cp1252."
        )
    return None


def _files_rule(settings: Settings) -> str | None:
    for split in ("train", "valid", "test"):
        files = getattr(settings.data, split)
        if files.target is not None and files.source is None:
            return f"data.{split}.source received null; it must be given with data.{split}.target."
        if settings.data.format == "text" and files.source is not None and files.target is None:
            return (
                f"data.{split}.target received null; with data.format=text each side has a file "
                "of its own (a single file with both sides is data.format=tsv or jsonl)."
            )
    return None


def _audio_rule(settings: Settings) -> str | None:
    data = settings.data
    if data.format == "audio":
        if parsing.is_url(data.directory or ""):
            return (
                f"data.directory received {data.directory} with data.format=audio; sounds are read "
                "from a local directory: copy them, and give that directory."
            )
        if data.audio.shift > data.audio.window:
            return (
                f"data.audio.shift received {data.audio.shift:g} with data.audio.window="
                f"{data.audio.window:g}; frames would leave parts of a sound out: set it to the "
                "window or less."
            )
        if data.features.padding_value is not None:
            return (
                f"data.features.padding_value received {data.features.padding_value} with "
                "data.format=audio; sounds are not padded: leave it out."
            )
        for split in ("train", "valid", "test"):
            target = getattr(data, split).target
            if target is not None:
                return (
                    f"data.{split}.target received {parsing.show(target)} with data.format=audio; "
                    f"the manifest of data.{split}.source holds the labels too: leave it out."
                )
        return None
    for section in ("audio", "augment"):
        given = getattr(data, section)
        default = asdict(type(given)())
        wrong = [key for key, value in asdict(given).items() if value != default[key]]
        if wrong:
            return (
                f"data.{section}.{wrong[0]} received {parsing.show(getattr(given, wrong[0]))} with "
                f"data.format={data.format}; it is for sound files: set data.format=audio."
            )
    return None


def _augment_rule(settings: Settings) -> str | None:
    augment = settings.data.augment
    if augment.speed and settings.task.per_step:
        return (
            f"data.augment.speed received {augment.speed:g} with task.per_step=true; it changes "
            "the number of steps, and each has a target: set it to 0."
        )
    if augment.lowest_snr > augment.highest_snr:
        return (
            f"data.augment.lowest_snr received {augment.lowest_snr:g} with "
            f"data.augment.highest_snr={augment.highest_snr:g}; it must not be above it."
        )
    return None


def _valid_rule(settings: Settings) -> str | None:
    share, train = settings.data.valid_share, settings.data.train
    if share == 0.0 or settings.task.has_labels:
        return None
    numbers = settings.data.format not in ("text", "tsv") and train.target is None
    if numbers and train.source is not None:  # they may be sequences of numbers
        return None
    return f"data.valid_share received {share:g}; with task=translation give data.valid files."


def _conll_rule(settings: Settings) -> str | None:
    conll, received = settings.data.conll, received_conll(settings.data.conll)
    if received is not None and not settings.task.has_labels:
        return (
            f"{received} with task={settings.task.name}; CoNLL files are for classes of words: "
            "leave it out."
        )
    if conll.word is None or conll.word != conll.tag:
        return None
    return (
        f"data.conll.tag received {conll.tag}, which is data.conll.word too; give the column of "
        "the classes, or leave it out."
    )


def _padding_value_rule(settings: Settings) -> str | None:
    value = settings.data.features.padding_value
    try:
        float(value or "0")
    except ValueError:
        return (
            f"data.features.padding_value received {parsing.show(value)}; it must be a number, "
            "nan, or null."
        )
    return None


def _long_rule(settings: Settings) -> str | None:
    data, task = settings.data, settings.task
    if data.long != "drop" and (not task.has_labels or task.per_step):
        found = f"task={task.name}" if not task.has_labels else "task.per_step=true"
        return (
            f"data.long received {data.long} with {found}; it is for sequences with one class, "
            "several classes or numbers for the whole sequence: set data.long=drop."
        )
    if data.stride is None:
        return None
    if data.long != "windows":
        return (
            f"data.stride received {data.stride} with data.long={data.long}; it is the distance "
            "between windows: set data.long=windows, or leave data.stride out."
        )
    if data.stride > data.max_length:
        return (
            f"data.stride received {data.stride} with data.max_length={data.max_length}; steps "
            "between two windows would be in none: set it to data.max_length or less."
        )
    return None


DATA_RULES: tuple[Callable[[Settings], str | None], ...] = (
    _location_rule,
    _encoding_rule,
    _files_rule,
    _audio_rule,
    _augment_rule,
    _valid_rule,
    _conll_rule,
    _padding_value_rule,
    _long_rule,
)
