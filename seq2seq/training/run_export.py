"""Export of the model of a run: its best checkpoint, or the average of its best checkpoints."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from seq2seq.config.registry import READERS
from seq2seq.config.schema import (
    Settings,
    marked_keys,
    settings_from_mapping,
    settings_to_mapping,
)
from seq2seq.errors import ModelError
from seq2seq.evaluation.export_cost import quantization_cost, shortlist_cost
from seq2seq.export.confidence import Calibration
from seq2seq.export.exported_files import CONFIDENCE
from seq2seq.export.exported_label_model import ExportedLabelModel, read_inputs
from seq2seq.export.exported_model import ExportedModel
from seq2seq.export.exporters.exporter import ExportOptions
from seq2seq.export.exporters.registry import OWN_FORMAT, exporter_named, write_export
from seq2seq.training.checkpoint import CheckpointDirectory, average
from seq2seq.training.label_export_cost import label_quantization_cost
from seq2seq.training.progress import Progress
from seq2seq.training.result import read_result_values
from seq2seq.training.run_directory import (
    PREDICTIONS,
    RESULT,
    read_settings,
    read_translation_inputs,
    test_features,
)
from seq2seq.training.shortlist_learning import learn_lexicon


class Choice(NamedTuple):
    """Steps whose averaged weights are exported, and their validation scores."""

    steps: list[int]
    scores: dict[str, float]


def choose_steps(
    best_steps: Sequence[int],
    validate: Callable[[Sequence[int]], dict[str, float]],
    *,
    monitor: str,
    higher_is_better: bool,
) -> Choice:
    """Choose the best checkpoint, or the average of the best checkpoints if its score is better.

    Args:
        best_steps: steps of the best validations, best first.
        validate: function that averages the checkpoints of the given steps and returns the
            validation scores of the average.
        monitor: name of the metric that decides.
        higher_is_better: direction of the metric.
    """
    candidates = [Choice([best_steps[0]], validate(best_steps[:1]))]
    if len(best_steps) > 1:
        candidates.append(Choice(list(best_steps), validate(best_steps)))
    sign = 1.0 if higher_is_better else -1.0
    return max(candidates, key=lambda choice: sign * choice.scores[monitor])


def averaged_weights(checkpoints: CheckpointDirectory, steps: Sequence[int]) -> dict[str, Any]:
    """Return the mean of the weights of the checkpoints at `steps`."""
    return average(checkpoints.weights(step) for step in steps)


def export_run(
    run_directory: Path,
    output: Path,
    *,
    name: str = OWN_FORMAT,
    quantize: bool = False,
    shortlist: bool = False,
) -> Path:
    """Export the model of a run again.

    A finished run exports the weights that were chosen at its end. An unfinished run exports the
    weights of its best validation so far.

    Args:
        run_directory: directory of the run.
        output: directory of the export.
        name: name of the format.
        quantize: True to store the weights as 8-bit integers; the metrics then include the
            change of the test scores.
        shortlist: True to add a shortlist learned from the corpus of the run; the metrics then
            include the change of the test scores.

    Raises:
        ModelError: the directory holds no run, the run has no checkpoint yet, or its model
            cannot be exported with these options.
        SettingsError: there is no such format, or it does not support these options.
        UserError: a shortlist was requested, and the corpus is missing or has changed.
    """
    exporter_named(name, quantized=quantize, shortlist=shortlist)
    settings = read_settings(run_directory)
    checkpoints = CheckpointDirectory(run_directory / "checkpoints")
    if (run_directory / RESULT).exists():
        values = read_result_values(run_directory)
        steps, metrics = values["exported_steps"], values["metrics"]
    else:
        steps, metrics = _best_so_far(run_directory, checkpoints)
    weights = averaged_weights(checkpoints, steps)
    if settings.task.has_labels:
        if shortlist:
            raise ModelError(
                f"{run_directory} is a run of {settings.task.name}, whose model has no shortlist; "
                "leave --shortlist out"
            )
        inputs, schema = read_inputs(run_directory)
        label_model = ExportedLabelModel(portable(settings), weights, inputs, schema, metrics)
        if quantize:
            cost = label_quantization_cost(label_model, settings, run_directory)
            label_model = replace(label_model, metrics={**metrics, **cost})
        return write_export(label_model, output, name, ExportOptions(quantized=quantize))
    exported_model = ExportedModel(
        portable(settings),
        weights,
        *read_translation_inputs(run_directory),
        metrics,
        _calibration(run_directory),
    )
    predictions = run_directory / PREDICTIONS
    if shortlist and exported_model.inputs.features:
        raise ModelError(
            f"{run_directory} reads sequences of numbers, and a shortlist is learned from the "
            "tokens of source texts; leave --shortlist out"
        )
    lexicon = learn_lexicon(settings, run_directory) if shortlist else None
    if quantize:
        features = None
        if exported_model.inputs.features:
            features = test_features(run_directory)
        metrics = {**metrics, **quantization_cost(exported_model, predictions, features=features)}
    if lexicon is not None:
        cost = shortlist_cost(exported_model, lexicon, predictions, quantized=quantize)
        metrics = {**metrics, **cost}
    exported_model = replace(exported_model, metrics=metrics)
    return write_export(exported_model, output, name, ExportOptions(quantize, lexicon))


def portable(settings: Settings) -> Settings:
    """Return the settings without names of directories and packages of the training machine."""
    mapping = settings_to_mapping(settings)
    if settings.data.format not in ("auto", *READERS.own):
        del mapping["data"]["format"]
    for key in marked_keys("local"):
        group, _, name = key.rpartition(".")
        del (mapping[group] if group else mapping)[name]
    return settings_from_mapping(mapping)


def _calibration(run_directory: Path) -> Calibration | None:
    """Return the calibration of a finished run, or None if the run is not finished."""
    path = run_directory / CONFIDENCE
    try:
        return Calibration.from_json(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise ModelError(f"{path} is damaged ({error}); resume the run to write it again") from None


def _best_so_far(
    run_directory: Path, checkpoints: CheckpointDirectory
) -> tuple[list[int], dict[str, Any]]:
    latest = checkpoints.latest()
    if latest is None:
        raise ModelError(f"{run_directory} has no checkpoint yet; let it train until its first one")
    progress = Progress.from_mapping(latest.state)
    steps = progress.best_steps()[:1] or [progress.step]
    return steps, {"step": steps[0], **progress.validation}
