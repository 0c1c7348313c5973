"""Results of a sweep: tables, plots, the best recipe and the best model."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from seq2seq.config.recipe import without_references
from seq2seq.config.schema import Settings, settings_to_mapping
from seq2seq.disk import replace_text
from seq2seq.errors import TrainingError
from seq2seq.training.run_directory import RESULT, read_settings
from seq2seq.tuning.display import score_text, value_text
from seq2seq.tuning.importance import METHOD, importances
from seq2seq.tuning.pictures import draw_parallel, draw_trials
from seq2seq.tuning.sweep import Sweep
from seq2seq.tuning.trial_records import Trial, TrialRecords, run_directories

TABLE, RECIPE, IMPORTANCE = "trials.csv", "best.yaml", "importance.csv"
PARALLEL, TRIALS = "parallel.png", "trials.png"
_SHOWN = 10  # number of trials in the summary

_HEAD = """\
# @package _global_
# The best of {trials} trials of the sweep {name}: trial {trial}, {metric} {score}.
#   seq2seq train experiment={path}
"""


@dataclass(frozen=True)
class SweepResult:
    """Result of a sweep.

    Attributes:
        directory: directory of the sweep.
        metric: name of the metric that ranks trials.
        ranked: trials with scores, best first.
        trials: number of all trials.
        importance: importance of each key.
    """

    directory: Path
    metric: str
    ranked: list[Trial]
    trials: int
    importance: dict[str, float]

    def summary(self) -> list[str]:
        """Return a short summary for the user as lines."""
        lines = [f"{'trial':<7}{'state':<10}{self.metric:<20}values"]
        for trial in self.ranked[:_SHOWN]:
            values = " ".join(f"{key}={value_text(value)}" for key, value in trial.values.items())
            lines.append(f"{trial.name:<7}{trial.state:<10}{score_text(trial):<20}{values}")
        if len(self.ranked) < self.trials:
            lines.append(f"without a score: {self.trials - len(self.ranked)} of {self.trials}")
        if self.importance:
            shown = "  ".join(f"{key} {share:.0%}" for key, share in self.importance.items())
            lines.append(f"importance ({METHOD}): {shown}")
        lines.append(f"table and pictures: {self.directory}")
        lines.append(f"recipe: {self.directory / RECIPE}")
        lines.append(f"model: {self.directory / 'export'}")
        return lines


def conclude(sweep: Sweep, records: TrialRecords, *, note: Callable[[str], None]) -> SweepResult:
    """Write and return the results of the trials so far.

    Args:
        sweep: sweep of the trials.
        records: trial records.
        note: function that receives a message before slow steps.

    Raises:
        TrainingError: all trials failed, or none has been validated.
    """
    trials = records.trials()
    ranked = rank(sweep, trials)
    if trials and all(trial.state == "failed" for trial in trials):
        which = f"all {len(trials)} trials" if len(trials) > 1 else "the one trial"
        raise TrainingError(
            f"{which} failed; the first: {trials[0].reason} (log: "
            f"{records.trial_directory(trials[0].number) / 'log.txt'})"
        )
    if not ranked:
        raise TrainingError("no trial has been validated; give the sweep a larger budget")
    directory = records.directory
    shares = importances(ranked, sweep.space, maximise=sweep.higher_is_better)
    replace_text(directory / TABLE, _table(trials, sweep, records))
    shown = [[key, f"{share:.4f}"] for key, share in shares.items()]
    replace_text(directory / IMPORTANCE, _csv(["key", f"share ({METHOD})"], shown))
    draw_parallel(ranked, sweep, directory / PARALLEL)
    draw_trials(trials, sweep, directory / TRIALS)
    _write_best(sweep, records, ranked[0], note=note)
    prune(sweep, records)
    return SweepResult(directory, sweep.metric, ranked, len(trials), shares)


def rank(sweep: Sweep, trials: Sequence[Trial]) -> list[Trial]:
    """Return the trials that have a score and did not fail, best first."""
    scored = [trial for trial in trials if trial.scores and trial.state != "failed"]
    return sorted(scored, key=lambda trial: trial.score or 0.0, reverse=sweep.higher_is_better)


def prune(sweep: Sweep, records: TrialRecords) -> None:
    """Remove the checkpoints of the done trials that are not among the best."""
    trials = records.trials()
    best = {trial.number for trial in rank(sweep, trials)[: sweep.tune.keep_trials]}
    for trial in trials:
        if trial.done and trial.number not in best:
            directory = records.trial_directory(trial.number)
            for run in run_directories(directory, seeds=sweep.tune.seeds):
                shutil.rmtree(run / "checkpoints", ignore_errors=True)


def _table(trials: Sequence[Trial], sweep: Sweep, records: TrialRecords) -> str:
    keys = list(sweep.space.dimensions)
    scores = [f"seed_{number}" for number in range(1, sweep.tune.seeds + 1)]
    several = ["deviation", *scores] if sweep.tune.seeds > 1 else []
    head = ["trial", "state", *keys, sweep.metric, *several]
    head += ["validations", "epochs", "steps", "seconds", "directory", "reason"]
    rows = []
    for trial in trials:
        row: list[object] = [trial.name, trial.state]
        row += [value_text(trial.values[key]) for key in keys]
        row.append("" if trial.score is None else trial.score)
        if several:
            row.append("" if trial.deviation is None else trial.deviation)
            row += [*trial.scores, *[""] * (len(scores) - len(trial.scores))]
        row += [trial.validations, f"{trial.epochs:g}", trial.step, f"{trial.seconds:.1f}"]
        location = records.trial_directory(trial.number).relative_to(records.directory)
        rows.append([*row, location, trial.reason])
    return _csv(head, rows)


def _csv(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()


def _write_best(
    sweep: Sweep, records: TrialRecords, best: Trial, *, note: Callable[[str], None]
) -> None:
    """Write the settings of the best trial as a recipe, and the model of its best seed."""
    runs = run_directories(records.trial_directory(best.number), seeds=sweep.tune.seeds)
    signed = [score if sweep.higher_is_better else -score for score in best.scores]
    run = runs[signed.index(max(signed))]
    path = records.directory / RECIPE
    head = _HEAD.format(
        trials=len(records.trials()),
        name=sweep.settings.name,
        trial=best.name,
        metric=sweep.metric,
        score=score_text(best),
        path=path,
    )
    replace_text(path, head + _recipe(read_settings(run), sweep.settings))
    _replace_model(run, records.directory / "export", note=note)


def _recipe(settings: Settings, shared: Settings) -> str:
    import yaml

    mapping = settings_to_mapping(replace(settings, name=f"{shared.name}-best", seed=shared.seed))
    del mapping["runs"]  # the next user chooses the directory of runs
    values = without_references(mapping)
    return str(yaml.safe_dump(values, sort_keys=False, allow_unicode=True))


def _replace_model(run: Path, target: Path, *, note: Callable[[str], None]) -> None:
    """Replace the sweep's exported model by that of a run, which is exported first if needed."""
    new = target.with_name(f".{target.name}")
    shutil.rmtree(new, ignore_errors=True)
    if (run / RESULT).exists():
        shutil.copytree(run / "export", new)
    else:
        note(f"exporting the best weights of {run}, which was stopped")
        from seq2seq.training.run_export import export_run

        export_run(run, new)
    shutil.rmtree(target, ignore_errors=True)
    os.replace(new, target)
