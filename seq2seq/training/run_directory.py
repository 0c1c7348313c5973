"""Directory of a run: its settings, corpus fingerprint, tokenizers and provenance."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

import seq2seq
from seq2seq.config.monitors import AUTO
from seq2seq.config.schema import (
    Settings,
    marked_keys,
    settings_from_mapping,
    settings_to_mapping,
)
from seq2seq.data.corpus import PreparedCorpus, prepare_corpus
from seq2seq.data.prepared import FINGERPRINT_DIGITS, Progress, silent
from seq2seq.data.sequences.item import Values
from seq2seq.data.sequences.scaling import Scale
from seq2seq.disk import replace_text
from seq2seq.errors import DataError, ModelError, SettingsError, TrainingError
from seq2seq.export.exported_files import (
    SCALE,
    SOURCE_TOKENIZER,
    SOURCES,
    TARGET_TOKENIZER,
    training_sources_of,
    write_source,
)
from seq2seq.export.exported_model import find_exported_model
from seq2seq.export.safe_files import MOST_JSON, parse_json, read_plain
from seq2seq.text.sentences import TrainingSources
from seq2seq.text.tokenizer import Tokenizer

SETTINGS, RESULT, CORPUS = "settings.yaml", "result.json", "corpus.json"
PREDICTIONS = "test_predictions.jsonl"
_JOINT_TOKENIZER = "tokenizer.model"

_PACKAGES = ("tensorflow", "keras", "numpy", "sentencepiece", "sacrebleu")


def read_settings(directory: Path) -> Settings:
    """Return the settings of the run in `directory`.

    Raises:
        ModelError: there is no run, or its settings cannot be read.
    """
    import yaml

    path = directory / SETTINGS
    try:
        mapping = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ModelError(f"{path} cannot be read ({error}); is {directory} a run?") from error
    if not isinstance(mapping, dict):
        raise ModelError(f"{path} is damaged: it holds no settings; is {directory} a run?")
    try:
        return settings_from_mapping(mapping)
    except SettingsError as error:
        raise ModelError(f"{path} is of another version of seq2seq: {error}") from error


def check_resumed_settings(directory: Path, settings: Settings, *, begun: bool) -> Settings:
    """Write the settings of a new run, or check that a resumed run has the same settings.

    A run has begun when it has a checkpoint; before that, a change of settings loses nothing.

    Returns:
        settings, with each `auto` replaced by the value that the run chose when it began.

    Raises:
        TrainingError: a key that affects results differs from the settings of the run.
    """
    if begun and (directory / SETTINGS).exists():
        before = read_settings(directory)
        settings = _with_choices_of(before, settings)
        _check_unchanged(before, settings)
    write_settings(directory, settings)
    return settings


def write_settings(directory: Path, settings: Settings) -> None:
    """Write the settings of the run in `directory`."""
    import yaml

    text = yaml.safe_dump(settings_to_mapping(settings), sort_keys=False, allow_unicode=True)
    replace_text(directory / SETTINGS, text)


def _with_choices_of(before: Settings, now: Settings) -> Settings:
    """Return `now` with each `auto` replaced by the choice in `before`."""
    for key in marked_keys("resolved"):
        group, name = key.split(".")
        if getattr(getattr(now, group), name) == AUTO:
            chosen = getattr(getattr(before, group), name)
            now = replace(now, **{group: replace(getattr(now, group), **{name: chosen})})
    return now


def _check_unchanged(before: Settings, now: Settings) -> None:
    old, new = flat(settings_to_mapping(before)), flat(settings_to_mapping(now))
    free = set(marked_keys("free"))
    by_length = now.optimizer.schedule in ("cosine", "linear")
    if not by_length or now.optimizer.decay_steps is not None:
        free |= set(marked_keys("length"))
    changed = [key for key in new if key not in free and old.get(key) != new[key]]
    if changed:
        key = changed[0]
        raise TrainingError(
            f"the run {now.name} began with {key}={_shown(old.get(key))}; received "
            f"{_shown(new[key])}, which would change its results: give the new run another name "
            "(name=...), or remove its directory"
        )


def flat(mapping: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested mappings as one mapping with dotted keys."""
    values: dict[str, Any] = {}
    for key, value in mapping.items():
        if isinstance(value, Mapping):
            values.update(flat(value, f"{prefix}{key}."))
        else:
            values[prefix + key] = value
    return values


def _shown(value: Any) -> str:
    return "null" if value is None else str(value)


def check_resumed_corpus(directory: Path, fingerprint: str, *, begun: bool) -> None:
    """Store the fingerprint of a new run's corpus, or check that a resumed run has the same corpus.

    Raises:
        TrainingError: a corpus file has changed since.
    """
    path = directory / CORPUS
    if not begun or not path.exists():
        replace_text(path, json.dumps({"fingerprint": fingerprint}))
        return
    before = json.loads(path.read_text(encoding="utf-8"))["fingerprint"]
    if before != fingerprint:
        raise TrainingError(
            f"the corpus files, or the version of seq2seq that prepares them, have changed since "
            f"this run began ({directory}); put them back, or give the new run another name "
            "(name=...)"
        )


def write_translation_inputs(
    directory: Path,
    source: Tokenizer | Scale,
    target: Tokenizer,
    training_sources: TrainingSources,
) -> None:
    """Write `source.model`, `target.model` and `sources.json` of a translation.

    For a model of features, `scale.json` replaces `source.model`. With a joint vocabulary,
    `tokenizer.model` replaces `target.model`; it has the normalization of the target.
    `source.model` then has the same tokens, but the normalization of the source.
    """
    joint = isinstance(source, Tokenizer) and source.tokens == target.tokens
    name = _JOINT_TOKENIZER if joint else TARGET_TOKENIZER
    write_source(directory, source)
    (directory / name).write_bytes(target.model_bytes)
    replace_text(directory / SOURCES, json.dumps(asdict(training_sources)))


def read_translation_inputs(
    directory: Path,
) -> tuple[Tokenizer | Scale, Tokenizer, TrainingSources]:
    """Return the content of the files that `write_translation_inputs` wrote.

    These are the tokenizer or the scaling of the source, the tokenizer of the target, and the
    training sources.

    Raises:
        ModelError: a file is missing or damaged, or the run is from an older version.
    """
    path, joint = directory / SOURCES, directory / _JOINT_TOKENIZER
    if not path.exists():
        raise ModelError(
            f"{directory} was trained by an older seq2seq, which kept no {SOURCES}; train it again "
            "with this version, or export it with the version that trained it"
        )
    sources = training_sources_of(parse_json(read_plain(path, most=MOST_JSON), path), path)
    target = Tokenizer.load(joint if joint.exists() else directory / TARGET_TOKENIZER)
    scale = directory / SCALE
    if not scale.exists():
        return Tokenizer.load(directory / SOURCE_TOKENIZER), target, sources
    try:
        content = parse_json(read_plain(scale, most=MOST_JSON), scale)
        return Scale.from_json(content), target, sources
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{scale} is no scaling of features: {error}") from error


def provenance() -> dict[str, Any]:
    """Return the versions, the processor and the commit with which a run is made."""
    return {
        "seq2seq": seq2seq.__version__,
        "python": platform.python_version(),
        **{name: _version(name) for name in _PACKAGES},
        "processor": _processor(),
        "cores": os.cpu_count(),
        "commit": _commit(),
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().split("\n")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _commit() -> str | None:
    """Return the commit of the package's checkout, with `+` if files changed; None if unknown."""
    checkout = Path(seq2seq.__file__).parent.parent
    if not (checkout / ".git").exists():
        return None
    try:
        commit = _git(checkout, "rev-parse", "HEAD")
        changed = _git(checkout, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return None
    return commit + ("+" if changed else "")


def _git(checkout: Path, *arguments: str) -> str:
    command = ["git", "-C", str(checkout), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_features(run_directory: Path) -> list[Values]:
    """Return the test sequences of a run that reads features; empty if its corpus is missing."""
    try:
        record = json.loads((run_directory / CORPUS).read_text(encoding="utf-8"))
        name = record["fingerprint"][:FINGERPRINT_DIGITS]
        store = PreparedCorpus.open(run_directory.parent / "corpora" / name).test
    except (OSError, ValueError, KeyError, DataError):
        return []
    return [] if store is None else [np.asarray(store.source[row]) for row in range(len(store))]


def run_corpus(settings: Settings, *, progress: Progress = silent) -> PreparedCorpus:
    """Prepare or open the corpus of a run with these settings.

    Raises:
        DataError: the corpus is invalid; see `prepare_corpus`.
        ModelError: `model.init_from`, which provides the tokenizers, is not a valid model.
    """
    start = settings.model.init_from
    return prepare_corpus(
        settings,
        directory=Path(settings.runs) / "corpora",
        tokenizer_from=None if start is None else find_exported_model(Path(start)),
        progress=progress,
    )
