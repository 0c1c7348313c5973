"""Definition of a sweep: the recipe of its trials, the search space, and its own settings."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from seq2seq.config import parsing, recipe
from seq2seq.config.monitors import AUTO, HIGHER_IS_BETTER
from seq2seq.config.overrides import check_overrides, parsed_override
from seq2seq.config.recipe_files import recipe_groups
from seq2seq.config.schema import (
    Settings,
    TuneSettings,
    settings_from_mapping,
    settings_to_mapping,
)
from seq2seq.errors import SettingsError
from seq2seq.storage.working_directory import with_local_paths
from seq2seq.training.monitor import judgement_of_files
from seq2seq.tuning.space import (
    Choice,
    Dimension,
    Space,
    Value,
    is_sweep,
    parse_dimension,
    parse_space,
    parsed_value,
)

_DEFAULT_TRIALS = 16
# Prefixes of the keys that `pbt` may change during training.
_CHANGED_WHILE_LEARNING = ("optimizer.", "loss.", "model.dropout")
_NEVER_SWEPT = ("name", "runs", "seed", "tune")


@dataclass(frozen=True)
class Sweep:
    """Checked definition of a sweep.

    Attributes:
        settings: settings of a trial before its values from the space are applied.
        tune: settings of the sweep.
        space: search space of the trials.
        overrides: overrides shared by all trials, as on the command line.
        config_dir: directory of additional recipes.
    """

    settings: Settings
    tune: TuneSettings
    space: Space
    overrides: tuple[str, ...]
    config_dir: str | None = None

    @property
    def directory(self) -> Path:
        """Return the directory of the sweep."""
        return recipe.run_directory(self.settings)

    @property
    def metric(self) -> str:
        """Return the name of the metric that ranks trials."""
        return self.tune.metric or self.settings.training.monitor

    @property
    def higher_is_better(self) -> bool:
        """Return whether a higher score is better."""
        if self.tune.mode == "auto":
            return HIGHER_IS_BETTER[self.metric]
        return self.tune.mode == "max"

    @cached_property
    def trials(self) -> int:
        """Return the number of trials: without a population, at most the size of the space."""
        wanted = self.tune.trials
        if wanted is None:
            whole = self.tune.search == "grid"
            wanted = self.space.grid_size(whole=True) if whole else _DEFAULT_TRIALS
        if self.tune.scheduler == "pbt":
            return wanted
        return int(min(wanted, self.space.size()))

    @cached_property
    def points(self) -> list[dict[str, Value]]:
        """Return the values of the searched settings, for each trial.

        No two trials have the same values, except in population-based training, which changes the
        values while the trials run.
        """
        seed, whole = self.tune.seed, self.tune.search == "grid"
        if self.tune.scheduler == "pbt":
            return [self.space.point(n, seed=seed, whole=whole) for n in range(self.trials)]
        return self.space.points(self.trials, seed=seed, whole=whole)

    def point(self, number: int) -> dict[str, Value]:
        """Return the values of a trial in grid or random search."""
        return self.points[number]

    def notes(self) -> list[str]:
        """Return lines about the number of trials for the user."""
        wanted = self.tune.trials
        if wanted is None or wanted <= self.trials:
            return []
        return [
            f"tune.trials received {wanted}; the space has {self.trials} different points, and "
            "each is run once"
        ]

    def changed_while_learning(self) -> list[str]:
        """Return the keys that may change during a trial."""
        return [key for key in self.space.dimensions if key.startswith(_CHANGED_WHILE_LEARNING)]

    def identity(self) -> dict[str, Any]:
        """Return the plain values that must not change when a sweep resumes."""
        return {
            "overrides": sorted(one for one in self.overrides if not one.startswith("runs=")),
            "space": {key: str(one) for key, one in self.space.dimensions.items()},
            "search": self.tune.search,
            "scheduler": self.tune.scheduler,
            "metric": self.metric,
            "seeds": self.tune.seeds,
            "seed": self.tune.seed,
        }


def load_sweep(overrides: Sequence[str], *, config_dir: str | None = None) -> Sweep:
    """Return the sweep of overrides such as `["tune=phrasebook", "model.units=128,256"]`.

    An override with several values belongs to the search space. One with a single value fixes its
    key, even if the space of the recipe contains it.

    Raises:
        SettingsError: a key is unknown, a value invalid, or the space cannot be searched.
    """
    _check_keys(overrides, config_dir=config_dir)
    swept = [text for text in overrides if is_sweep(text)]
    fixed = [text for text in overrides if text not in swept]
    own = [text for text in fixed if _is_own(text)]
    shared = [text for text in fixed if text not in own]
    group = [text for text in own if text.startswith("tune=")] or ["tune=default"]
    keys = [text for text in own if not text.startswith("tune=")]
    dimensions = dict(parse_dimension(text) for text in swept)
    begin = _first_options(dimensions, groups=recipe_groups(config_dir=config_dir))
    composed = [*shared, *begin, f"+{group[-1]}", *keys]
    plain = recipe.load_plain(composed, config_dir=config_dir)
    tune, written = _own_settings(plain.pop("tune"))
    space = parse_space(written)
    for text in shared:
        space.pop(parsed_override(text).key_or_group, None)
    space.update(dimensions)
    settings = recipe.settings_from_plain(plain)
    sweep = Sweep(settings, tune, Space(space), tuple(shared), config_dir)
    _check_space(sweep)
    _check_search(sweep)
    return _judged(sweep)


def _judged(sweep: Sweep) -> Sweep:
    """Return the sweep with overrides that set the same metric for all its trials."""
    settings = sweep.settings
    if settings.training.monitor != AUTO:
        return sweep
    training = judgement_of_files(with_local_paths(settings))[0].training
    overrides = [
        f"training.{name}={getattr(training, name)}" for name in ("monitor", "bleu_tokenizer")
    ]
    return replace(
        sweep,
        settings=replace(settings, training=training),
        overrides=(*sweep.overrides, *overrides),
    )


def _first_options(dimensions: Mapping[str, Dimension], *, groups: Container[str]) -> list[str]:
    """Return overrides with the first option of each recipe group and corpus key in the space.

    Without them, a sweep over `data` or `task` would be composed with the phrasebook corpus.
    """
    return [
        f"{key}={dimension.values[0]}"
        for key, dimension in dimensions.items()
        if isinstance(dimension, Choice) and (key in groups or key.startswith("data."))
    ]


def trial_settings(
    overrides: Sequence[str],
    values: Mapping[str, Value],
    *,
    seed: int | None = None,
    config_dir: str | None = None,
) -> Settings:
    """Return the settings of one run, from the shared overrides and the values of the trial.

    Raises:
        SettingsError: the combination of the values is invalid.
    """
    own = [f"{key}={value}" for key, value in values.items()]
    if seed is not None:
        own.append(f"seed={seed}")
    keys = {text.partition("=")[0] for text in own}
    shared = [text for text in overrides if text.partition("=")[0] not in keys]
    return recipe.load_settings([*shared, *own], config_dir=config_dir)


def _is_own(text: str) -> bool:
    return text.startswith(("tune.", "tune="))


def _check_keys(overrides: Sequence[str], *, config_dir: str | None) -> None:
    known = parsing.dotted_keys(TuneSettings, prefix="tune.")
    groups = recipe_groups(config_dir=config_dir)
    check_overrides(overrides, groups=groups, more_keys=known)


def _own_settings(mapping: Any) -> tuple[TuneSettings, dict[str, Any]]:
    """Return the settings of the sweep, and its space as written."""
    if not isinstance(mapping, dict):
        raise SettingsError("tune is no group of keys; its file must not name another package.")
    space = mapping.pop("space", None) or {}
    if not isinstance(space, dict):
        raise SettingsError(f"tune.space received {space!r}; it must give keys their values.")
    return parsing.build(TuneSettings, mapping, prefix="tune."), space


def _check_space(sweep: Sweep) -> None:
    space = sweep.space.dimensions
    if not space:
        raise SettingsError(
            "The space of the sweep is empty; give a key several values, such as "
            "model.units=128,256 or optimizer.learning_rate='tag(log,interval(1e-4,1e-2))', "
            "or name a space (tune=phrasebook)."
        )
    groups = recipe_groups(config_dir=sweep.config_dir)
    known = [*parsing.dotted_keys(Settings), *groups]
    for key, dimension in space.items():
        if key.partition(".")[0] in _NEVER_SWEPT:
            hint = "; for several seeds a trial set tune.seeds" if key == "seed" else ""
            raise SettingsError(f"{key} received several values; it is the same in a sweep{hint}.")
        if key not in known:
            raise parsing.unknown_key(key, str(dimension), known=known)
        if key in groups:
            _check_options(key, dimension, groups[key])
        elif isinstance(dimension, Choice):
            _check_values(key, dimension)


def _check_options(group: str, dimension: Dimension, options: Sequence[str]) -> None:
    """Reject options that a group of recipes does not have.

    Raises:
        SettingsError: an option does not exist; the message names the first one.
    """
    allowed = f"allowed: {', '.join(sorted(options))}, or the file of a recipe."
    if not isinstance(dimension, Choice):
        raise SettingsError(f"{group} received {dimension}; {allowed}")
    for text in dimension.values:
        value = parsed_value(text)
        if isinstance(value, list | dict):  # several options together, or single keys
            continue
        option = value if isinstance(value, str) else text
        if (value is None or option not in options) and not Path(option).expanduser().is_file():
            hint = parsing.nearest_hint(option, options)
            raise SettingsError(f"{group} received {option!r}; {allowed}{hint}")


def _check_values(key: str, choice: Choice) -> None:
    """Reject values that are invalid for a setting, whatever the other settings are.

    Raises:
        SettingsError: a value is invalid; the message names the first one.
    """
    *parents, name = key.split(".")
    for text in choice.values:
        value = parsed_value(text)
        if isinstance(value, str) and "${" in value:
            continue
        mapping: dict[str, Any] = {name: value}
        for parent in reversed(parents):
            mapping = {parent: mapping}
        parsing.build(Settings, mapping)


def _check_metric(sweep: Sweep) -> None:
    """Reject a metric that cannot rank the runs.

    Raises:
        SettingsError: the metric is invalid for the settings.
    """
    mapping = settings_to_mapping(sweep.settings)
    mapping["training"]["monitor"] = sweep.metric
    try:
        settings_from_mapping(mapping)
    except SettingsError as error:
        raise SettingsError(str(error).replace("training.monitor", "tune.metric")) from error


def _check_search(sweep: Sweep) -> None:
    tune, space = sweep.tune, sweep.space
    _check_metric(sweep)
    if tune.search == "grid" and space.intervals():
        raise SettingsError(
            f"{space.intervals()[0]} received an interval; tune.search=grid takes listed values: "
            "give choice(A,B) or range(FROM,TO,STEP)."
        )
    if tune.search == "tpe" and space.grid_size(whole=False) > 1:
        raise SettingsError(
            "tag(grid, ...) takes values in turn; tune.search=tpe chooses them: leave the tag out."
        )
    if tune.scheduler != "pbt":
        return
    if tune.search == "tpe" or tune.seeds > 1:
        raise SettingsError(
            "tune.scheduler=pbt changes its trials' values itself; it goes with "
            "tune.search=random or grid and tune.seeds=1."
        )
    if not sweep.changed_while_learning():
        raise SettingsError(
            "tune.scheduler=pbt found no key to change while a model learns; put one of "
            f"{'*, '.join(_CHANGED_WHILE_LEARNING)} into the space."
        )
    if sweep.settings.training.max_epochs is None:
        raise SettingsError(
            "tune.scheduler=pbt received no length of a trial; set training.max_epochs."
        )
