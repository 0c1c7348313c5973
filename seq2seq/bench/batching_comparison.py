"""Comparison of five batching strategies for sequences of different lengths.

Each strategy trains the same model on the same corpus for the same time, in a separate process, so
that its memory can be measured alone. With a mask, all strategies give the same loss for the same
weights. The control has no mask: it treats padding as data.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain, count, product
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from seq2seq.config.choices import Padding, Strategy
from seq2seq.config.schema import Settings
from seq2seq.data.batching import STRATEGIES, Rows
from seq2seq.data.corpus import prepare_corpus
from seq2seq.data.prepared import silent
from seq2seq.data.sequences.batches import LabelledBatch, SequenceData
from seq2seq.disk import atomic_file

if TYPE_CHECKING:
    from seq2seq.training.tasks.label_task import LabelTask

_LONGEST = 200  # maximum length in the synthetic corpus, in steps


@dataclass(frozen=True)
class Way:
    """Combination of a batching strategy, a padding side, and masking on or off."""

    strategy: Strategy
    padding: Padding
    masked: bool


@dataclass(frozen=True)
class Measurement:
    """Measured results of one strategy.

    Attributes:
        way: strategy that was measured.
        waste: share of padding among all positions.
        first_loss: loss of the untrained model over the training set; equal for all strategies
            unless padding is treated as data.
        sequences_per_second, steps_per_second: training speed, without padding.
        memory_mib: peak memory of the process in MiB.
        score: monitored metric after training, on a validation set padded to its longest
            sequence.
    """

    way: Way
    waste: float
    first_loss: float
    sequences_per_second: float
    steps_per_second: float
    memory_mib: float
    score: float

    def to_json(self) -> dict[str, Any]:
        """Return the measurement as plain values."""
        return asdict(self)


class BlindData(SequenceData):
    """Batches of the control: their mask marks every position as a real step."""

    def batch(
        self, rows: Rows, *, width: int | None = None, padding: Padding = "post"
    ) -> LabelledBatch:
        """See `SequenceData`."""
        batch = super().batch(rows, width=width, padding=padding)
        return batch._replace(mask=np.ones_like(batch.mask))


def ways() -> list[Way]:
    """Return every strategy with each padding side, with and without a mask.

    Each strategy that needs no padding appears only once.
    """
    sides: tuple[Padding, ...] = get_args(Padding)
    every = [Way(*way) for way in product(STRATEGIES, sides, (True, False))]
    return [
        way
        for way in every
        if way.strategy not in ("equal_length", "single") or (way.padding == "post" and way.masked)
    ]


def compare(settings: Settings, *, seconds: float) -> Iterator[Measurement]:
    """Yield the measurement of each strategy in turn.

    Args:
        settings: settings of a classification or regression with one target per sequence.
        seconds: training time of each strategy, without the tracing of graphs.
    """
    context = multiprocessing.get_context("spawn")
    for way in ways():
        # One process each: the peak memory of one strategy must not hide that of the next.
        with context.Pool(1) as pool:
            yield pool.apply(measure, (settings, way, seconds))


def measure(settings: Settings, way: Way, seconds: float) -> Measurement:
    """Train with one strategy for `seconds` and return its measurement."""
    from seq2seq.model.backend import choose_device, quiet_tensorflow

    quiet_tensorflow()
    choose_device(settings.training.device, deterministic=False)
    from seq2seq.training.tasks.label_task import LabelTask

    batching = replace(settings.batching, strategy=way.strategy, padding=way.padding)
    settings = replace(settings, batching=batching)
    task = LabelTask(settings, silent, data=SequenceData if way.masked else BlindData)
    task.first_weights()
    first_loss = _mean_loss(task)
    sequences, positions, spent = _train(task, settings, seconds)
    waste = task.epoch_data(0).plan.padding
    validation = task.validator.run(width=task.longest, padding=way.padding)
    return Measurement(
        way=way,
        waste=waste,
        first_loss=first_loss,
        sequences_per_second=sequences / spent,
        steps_per_second=positions * (1.0 - waste) / spent,
        memory_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        score=validation.scores[task.settings.training.monitor],
    )


def _mean_loss(task: LabelTask) -> float:
    """Return the mean negative log-likelihood of the training set under the current weights."""
    import tensorflow as tf

    objective = task.objective
    graph = tf.function(
        lambda *batch: objective.losses(batch, None, 1.0), input_signature=objective.signature
    )
    losses = [graph(*batch) for batch in task.epoch_data(0).batches(0)]
    total = sum(float(loss.negative_log_likelihood) for loss in losses)
    return total / sum(float(loss.count) for loss in losses)


def _train(task: LabelTask, settings: Settings, seconds: float) -> tuple[int, int, float]:
    """Train for `seconds`; return the numbers of sequences and positions, and the time spent."""
    from seq2seq.training.loop import dropout_seed
    from seq2seq.training.optimizer import Optimizer
    from seq2seq.training.step import TrainStep

    optimizer = Optimizer(settings.optimizer, task.model.trainable_variables)
    clip_norm = settings.optimizer.clip_norm
    step = TrainStep(task.objective, optimizer, clip_norm=clip_norm, loss_scaling=False)
    largest, _ = task.epoch_data(0).largest()
    seed = dropout_seed(settings.seed, 0, 0)
    step.update(largest, seed, np.float32(0.0))  # traces the graph; changes no weight
    rate = np.float32(settings.optimizer.learning_rate)
    sequences = positions = 0
    began, spent = time.perf_counter(), 0.0
    batches = chain.from_iterable(task.epoch_data(epoch).batches(0) for epoch in count())
    for number, batch in enumerate(batches):
        float(step.update(batch, dropout_seed(settings.seed, number, 0), rate).loss)
        sequences += len(batch[0])
        positions += int(np.size(batch[1]))
        spent = time.perf_counter() - began
        if spent >= seconds:
            break
    return sequences, positions, spent


def table(measurements: Sequence[Measurement], *, metric: str) -> list[str]:
    """Return the measurements as lines of a table: a header and one line per strategy."""
    lines = [
        f"{'way':<14}{'side':<6}{'mask':<6}{'padding':>9}{'sequences/s':>13}{'steps/s':>10}"
        f"{'MiB':>8}{'first loss':>12}{metric:>16}"
    ]
    for one in measurements:
        way = one.way
        lines.append(
            f"{way.strategy:<14}{way.padding:<6}{'yes' if way.masked else 'no':<6}"
            f"{one.waste:>9.1%}{one.sequences_per_second:>13,.0f}{one.steps_per_second:>10,.0f}"
            f"{one.memory_mib:>8,.0f}{one.first_loss:>12.5f}{one.score:>16.4f}"
        )
    return lines


def write_made_corpus(path: Path, *, sequences: int, seed: int) -> None:
    """Write a synthetic corpus with informative steps and realistic sequence lengths.

    It has two classes of sequences with two features. The features follow N(0, 1) in one class and
    N(0.3, 1) in the other. The logarithm of the length is normal; the median length is 15 steps,
    the maximum is 200 steps.
    """
    random = np.random.default_rng(seed)
    lengths = np.exp(random.normal(np.log(15), 0.8, sequences)).astype(int).clip(1, _LONGEST)
    labels = random.integers(0, 2, sequences)
    means = np.repeat(0.3 * labels, lengths)
    values = random.normal(means[:, None], 1.0, (lengths.sum(), 2)).astype(np.float32)
    np.savez(path, values=values, lengths=lengths, labels=labels)


def draw(measurements: Sequence[Measurement], path: Path, *, metric: str) -> None:
    """Draw padding, speed and score of each strategy, with and without a mask, as a PNG file."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.5), layout="constrained")
    panels = figure.subplots(1, 3, sharey=True)
    names = list(dict.fromkeys(f"{one.way.strategy}, {one.way.padding}" for one in measurements))
    for axes, (title, field) in zip(
        panels,
        (
            ("padding", "waste"),
            ("sequences a second", "sequences_per_second"),
            (f"{metric} after equal time", "score"),
        ),
        strict=True,
    ):
        for masked, color in ((True, "tab:blue"), (False, "tab:orange")):
            chosen = [one for one in measurements if one.way.masked is masked]
            positions = [names.index(f"{one.way.strategy}, {one.way.padding}") for one in chosen]
            offset = -0.2 if masked else 0.2
            axes.barh(
                [place + offset for place in positions],
                [getattr(one, field) for one in chosen],
                height=0.4,
                color=color,
                label="masked" if masked else "not masked",
            )
        axes.set_title(title)
        axes.grid(axis="x", alpha=0.3)
    panels[0].set_yticks(range(len(names)), names)
    panels[0].invert_yaxis()
    panels[0].legend()
    with atomic_file(path) as unfinished:
        FigureCanvasAgg(figure).print_png(str(unfinished))


def prepared(settings: Settings) -> None:
    """Prepare the corpus once, so that no process has to prepare it during a measurement.

    Raises:
        UserError: the settings or the files are invalid.
    """
    prepare_corpus(settings, directory=Path(settings.runs) / "corpora")
