"""Models and batches whose training is measured: the rows of the table of `bench training`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from seq2seq.config.choices import Precision, Task
from seq2seq.config.schema import ModelSettings

TASKS: tuple[Task, ...] = ("translation", "classification")
PRECISIONS: tuple[Precision, ...] = ("float32", "bfloat16")
TORCH_FORMS = ("packed", "reversed", "compiled")
FEATURES, CLASSES = 50, 4  # of a classification
CPU_POSITIONS, GPU_POSITIONS = 2000, 15_000  # default sizes of a batch
_GPU_POSITIONS = (2000, 15_200, 60_800)  # about 1.8, 14 and 56 thousand tokens without padding


@dataclass(frozen=True)
class Case:
    """One model, trained in one precision on batches of one kind.

    Attributes:
        task: one of `TASKS`.
        layers: number of layers of the encoder, and of the decoder of a translation.
        units: width of each layer.
        precision: one of `PRECISIONS`.
        length: length of the longest sequence, in tokens or steps; the others are a little shorter.
            None for pairs with the lengths of multi30k or of the user's files.
        positions: size of the largest batch: positions of its longer side, padding included.
        batches: number of batches of an epoch.
        vocab_size: size of the joint vocabulary of a translation.
    """

    task: Task = "translation"
    layers: int = 1
    units: int = 512
    precision: Precision = "float32"
    length: int | None = None
    positions: int = CPU_POSITIONS
    batches: int = 4
    vocab_size: int = 6000

    @property
    def name(self) -> str:
        """Return the name of the row, such as `2 layers of 512, bfloat16, 200 tokens`."""
        layers = f"{self.layers} layer{'s' if self.layers > 1 else ''} of {self.units}"
        if self.task == "classification":
            rows = self.positions // (self.length or 1)
            size = f"{rows:,} x {self.length:,} steps of {FEATURES} features"
            return f"classification, {layers}, {self.precision}, {size}"
        parts = [layers, self.precision]
        parts += [] if self.length is None else [f"{self.length:,} tokens"]
        parts += [] if self.positions == CPU_POSITIONS else [f"batches of {self.positions:,}"]
        return ", ".join(parts)

    @property
    def unit(self) -> str:
        """Return the name of the counted unit."""
        return "steps" if self.task == "classification" else "target tokens"

    @property
    def model(self) -> ModelSettings:
        """Return the settings of the model.

        A classification has no dropout, because dropout would take much of the time of such a small
        model.
        """
        return ModelSettings(
            encoder_layers=self.layers,
            decoder_layers=self.layers,
            units=self.units,
            dropout=0.0 if self.task == "classification" else 0.3,
        )


def cpu_cases() -> list[Case]:
    """Return the rows that are measured on a processor."""
    sizes = [Case(layers=layers, precision=each) for layers in (1, 2) for each in PRECISIONS]
    lengths = [Case(length=length) for length in (200, 800)]
    long = Case("classification", units=128, length=5000, positions=40_000, batches=1)
    return [*sizes, *lengths, long]


def gpu_cases() -> list[Case]:
    """Return the rows that are measured on a GPU."""
    return [
        Case(layers=layers, precision=precision, positions=positions)
        for positions in _GPU_POSITIONS
        for precision in PRECISIONS
        for layers in (1, 2)
    ]


def grid(
    *,
    tasks: Sequence[Task] = TASKS,
    layers: Sequence[int] = (1,),
    widths: Sequence[int] = (256, 512, 1024),
    precisions: Sequence[Precision] = PRECISIONS,
    lengths: Sequence[int | None] = (10, 50, 200, 800),
    sizes: Mapping[str, int],
) -> list[Case]:
    """Return a case for every combination; `sizes` holds more fields, equal in all cases."""
    return [
        Case(task, count, units, precision, length, **sizes)
        for task, length, count, units, precision in product(
            tasks, lengths, layers, widths, precisions
        )
    ]
