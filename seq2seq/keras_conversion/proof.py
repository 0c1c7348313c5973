"""Proof that a converted model has the same outputs, at every length, with any padding.

Both models compute outputs for random sequences twice: with the weights of the model, and with
random weights, because a trained weight near zero or a unit that is never active could hide a
difference.
"""

from __future__ import annotations

import collections
import contextlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from seq2seq.errors import ConversionError
from seq2seq.keras_conversion import failures, obstacles
from seq2seq.keras_conversion.differences import (
    Arrays,
    PaddedSide,
    as_arrays,
    compare,
    real_parts,
)
from seq2seq.keras_conversion.graph import Entry
from seq2seq.keras_conversion.inputs import ModelInput
from seq2seq.keras_conversion.layers import (
    compiled_for_any_length,
    every_layer,
    first_layer,
    packed,
    reset_states,
    states_kept,
)
from seq2seq.keras_conversion.sample_inputs import PADDING, SampleInputs, random_weight

# Largest relative difference between two outputs that rounding may cause.
_TOLERANCE = {"float64": 1e-9, "float32": 1e-4, "float16": 2e-2, "bfloat16": 1e-1}
_MAX_VALUES = 2**28  # elements of one layer's output, a gigabyte
_ROWS = 3
_LONGER = (1, 6)  # additional steps
_LONG = 40  # steps above which compiling a model for one run pays: Keras runs it step by step


@dataclass(frozen=True)
class Proof:
    """Result of comparing a converted model with the original.

    Attributes:
        steps: length at which the old and the new model were compared.
        largest_difference: largest difference, with the weights of the model, between the outputs
            of both at this length, or between the outputs for a sequence alone and padded.
        shortest: smallest number of steps that the model takes.
        padded: true if padding was shown not to change an output.
    """

    steps: int
    largest_difference: float
    shortest: int
    padded: bool

    def summary(self) -> str:
        """Return one line for the user."""
        lengths = "any number of steps" if self.shortest == 1 else f"{self.shortest} steps or more"
        shown = f"same answers on {self.steps} steps"
        if self.padded:
            shown += " and however padded"
        return f"takes {lengths}; {shown}, largest difference {self.largest_difference:.1e}"


@dataclass(frozen=True)
class Models:
    """A model, a copy of it as Keras saves and loads it, and the copy without a length."""

    original: Any
    fixed: Any
    variable: Any


class Proving:
    """Comparison of the model of fixed length with the one made from it."""

    def __init__(
        self, models: Models, config: Entry, inputs: Sequence[ModelInput], steps: int
    ) -> None:
        """Prepare the comparison.

        Args:
            models: models to compare.
            config: configuration of the model without a length.
            inputs: inputs of the model, with the mask values of the new model.
            steps: number of steps for an input without a length.
        """
        self._original, self._fixed = models.original, models.fixed
        self._variable = variable = models.variable
        self._config, self._inputs, self._steps = config, inputs, steps
        self._random = np.random.default_rng(1)
        self._samples = SampleInputs(inputs, steps, self._random)
        self._tolerance = max(_TOLERANCE[kind] for kind in _precisions(variable))
        self._compiled: Any = None
        self._largest = 0.0
        self._masked = any(each.mask_value is not None for each in inputs)
        # Means of the drawn steps. If all steps were near the padding value or above it, a maximum
        # over them could hide that padding is read.
        self._centres = collections.deque((-3.0, 0.0, 3.0))

    def run(self) -> Proof:
        """Compare the models at the old length and at others, alone and padded.

        Raises:
            ConversionError: the models differ, or the new one does not run at some length.
        """
        masked = self._masked
        self._fits_in_memory()
        arrays, saved = self._same_when_saved()
        self._compile()
        self._same_at_old_length(arrays, saved)
        for more in _LONGER:
            self._runs(more)
        shortest = self._shortest()
        if masked:
            self._same_when_padded(shortest)
        largest = self._largest
        with self._random_weights():
            arrays = self._samples.draw(self._rows(), 0)
            self._same_at_old_length(arrays, self._old(self._fixed, arrays))
            if masked:
                self._same_when_padded(shortest)
        return Proof(self._steps, largest, shortest, masked)

    @contextlib.contextmanager
    def _random_weights(self) -> Iterator[None]:
        """Give both models the same random weights; afterwards restore those of the new model."""
        kept = self._variable.get_weights()
        other = [random_weight(each, self._random) for each in kept]
        try:
            self._fixed.set_weights(other)
            self._variable.set_weights(other)
            yield
        finally:
            self._variable.set_weights(kept)

    def _fits_in_memory(self) -> None:
        import keras

        tensors = [(f"Input {tensor.name!r}", tensor) for tensor in self._fixed.inputs]
        for layer in every_layer(self._fixed):
            with contextlib.suppress(AttributeError):  # inside a wrapper there is no output
                title = failures.title_of(layer)
                tensors += [(title, tensor) for tensor in keras.tree.flatten(layer.output)]
        for title, tensor in tensors:
            numbers = math.prod(size or _ROWS for size in tensor.shape)
            if numbers > _MAX_VALUES:
                raise ConversionError(
                    f"{title} has {numbers:,} numbers, too many to compare the models on; at most "
                    f"{_MAX_VALUES:,} are allowed."
                )

    def _same_when_saved(self) -> tuple[Arrays, Arrays]:
        """Compare the model with its saved copy, which may lack something that affects outputs.

        Returns:
            random inputs of the old length, and the outputs of the copy for them.
        """
        arrays = self._samples.draw(self._rows(), 0)
        with states_kept(self._original):
            expected = self._old(self._original, arrays)
        if not all(np.isfinite(output).all() for output in expected):
            raise ConversionError(
                "The model answers random sequences with numbers that are not finite, so that "
                "nothing can be compared; its weights may come from a training that went wrong."
            )
        saved = self._old(self._fixed, arrays)
        difference, scale = compare(expected, saved)
        if difference <= self._tolerance * scale:
            return arrays, saved
        if compare(saved, self._old(self._fixed, arrays))[0] > 0:
            raise failures.outputs_by_chance(self._first_by_chance(arrays), difference)
        raise failures.does_not_save(self._fixed, difference)

    def _rows(self) -> int:
        return next((each.shape[0] for each in self._inputs if each.shape[0]), _ROWS)

    def _same_at_old_length(self, arrays: Arrays, before: Arrays) -> None:
        """Compare the new model with the outputs of the old one for the same inputs."""
        difference, scale = compare(before, self._new(arrays, 0))
        if difference > self._tolerance * scale:
            raise ConversionError(
                f"The converted model answers differently at the old length of {self._steps} "
                f"steps, by {difference:.1e}; something in it depends on more than its input and "
                "weights, so that it stays as it is."
            )
        self._largest = max(self._largest, difference)

    def _runs(self, more: int) -> None:
        for output in self._new(self._samples.draw(_ROWS, more), more):
            if not np.isfinite(output).all():
                raise ConversionError(
                    f"The converted model gives numbers that are not finite on "
                    f"{self._steps + more} steps; it stays as it is."
                )

    def _shortest(self) -> int:
        """Return the smallest length that runs, found by bisection; shorter inputs fail at once."""
        # Keras' adaptive pooling crashes the process if it has fewer steps than outputs.
        adaptive = any("Adaptive" in type(each).__name__ for each in every_layer(self._variable))
        least, works = self._steps if adaptive else 1, self._steps
        while least < works:
            middle = (least + works) // 2
            try:
                self._runs(middle - self._steps)
            except ConversionError:
                least = middle + 1
            else:
                works = middle
        if works == self._steps and self._steps > 1 and not adaptive:
            self._runs(-1)
        return works

    def _same_when_padded(self, shortest: int) -> None:
        """Compare the outputs for a sequence alone and in a batch, padded on either side."""
        lengths = sorted({shortest, (shortest + self._steps) // 2, self._steps})
        apart = self._run_apart(shortest)
        alone = []
        for length in lengths:
            self._centres.rotate()
            more = length - self._steps
            alone.append(self._samples.draw(1, more, apart=apart, centre=self._centres[0]))
        outputs = [
            self._new(arrays, length - self._steps)
            for arrays, length in zip(alone, lengths, strict=True)
        ]
        for side in get_args(PaddedSide):
            batch = self._samples.padded(alone, side, apart=apart)
            padded = self._new(batch, PADDING)
            for row, output in enumerate(outputs):
                real = real_parts(padded, row, output, side)
                difference, scale = compare(output, real)
                if difference > self._tolerance * scale:
                    told = f"padding on the {side} changes the answers by {difference:.1e}"
                    changed = self._first_changed(alone[row], batch, row, side)
                    raise obstacles.padding_matters(self._config, self._variable, changed, told)
                self._largest = max(self._largest, difference)

    def _run_apart(self, length: int) -> bool:
        """Return whether sequences without a mask may differ in length from those with a mask."""
        if all(each.mask_value is not None for each in self._inputs if each.is_sequence):
            return True
        try:
            self._new(self._samples.draw(1, length - self._steps, apart=True), length - self._steps)
        except ConversionError:
            return False
        return True

    def _first_changed(
        self, alone: Arrays, batch: Arrays, row: int, side: PaddedSide
    ) -> str | None:
        """Return the name of the first layer whose output changes when a row is padded."""

        def differs(until: Any) -> bool:
            expected = self._outputs(until, alone)
            real = real_parts(self._outputs(until, batch), row, expected, side)
            difference, scale = compare(expected, real)
            return difference > self._tolerance * scale

        layer = first_layer(self._variable, differs)
        return None if layer is None else str(layer.name)

    def _first_by_chance(self, arrays: Arrays) -> Any:
        """Return the first layer with different outputs for the same input."""

        def differs(until: Any) -> bool:
            difference, _ = compare(self._outputs(until, arrays), self._outputs(until, arrays))
            return difference > 0

        return first_layer(self._fixed, differs)

    def _old(self, model: Any, arrays: Arrays) -> Arrays:
        try:
            reset_states(model)
            return self._outputs(model, arrays)
        except Exception as error:  # any exception from the user's own code, Keras or the backend
            raise failures.fails_itself(error) from error

    def _new(self, arrays: Arrays, more: int) -> Arrays:
        import keras

        tensors = [keras.KerasTensor(each.shape, str(each.dtype)) for each in arrays]
        try:
            # TensorFlow returns uninitialised memory if a convolution has too few steps; Keras
            # reports this when it computes the shapes.
            shapes = self._variable.compute_output_spec(packed(self._variable, tensors))
            outputs = self._outputs(self._variable, arrays)
        except Exception as error:  # any exception from Keras or the backend
            raise obstacles.cannot_run(error, self._steps + more, masked=self._masked) from error
        for expected, output in zip(keras.tree.flatten(shapes), outputs, strict=True):
            sizes = zip(expected.shape, output.shape, strict=True)
            if any(size not in (None, had) for size, had in sizes):
                raise ConversionError(
                    f"On {self._steps + more} steps the converted model answers in the shape "
                    f"{output.shape}, where Keras expects {expected.shape}; it stays as it is."
                )
        return outputs

    def _outputs(self, model: Any, arrays: Arrays) -> Arrays:
        given = packed(model, arrays)
        outputs = None
        with contextlib.suppress(Exception):  # step by step, the error names the layer
            if model is self._variable and self._compiled is not None:
                outputs = self._compiled(*arrays)
            elif self._steps > _LONG:
                outputs = model.predict_on_batch(given)
        if outputs is None:
            outputs = model(given, training=False)
        return as_arrays(outputs)

    def _compile(self) -> None:
        """Compile the new model once for all lengths, which costs as much as four runs without.

        `predict` and `fit` run the model so. It is left uncompiled if its own code cannot be
        compiled, or may depend on the number of steps in Python, where a graph leaves it open.

        Raises:
            ConversionError: the compiled model has other outputs.
        """
        arrays = self._samples.draw(1, 1)
        try:
            expected = self._outputs(self._variable, arrays)
            compiled = compiled_for_any_length(self._variable, arrays)
            found = as_arrays(compiled(*arrays))
        except Exception:  # the comparison meets the same, and tells why
            return
        difference, scale = compare(expected, found)
        if difference > self._tolerance * scale:
            raise ConversionError(
                f"On {self._steps + 1} steps predict() would answer differently than a call of the "
                f"converted model, by {difference:.1e}; it stays as it is."
            )
        if not any(failures.is_users_own(layer) for layer in every_layer(self._variable)):
            self._compiled = compiled


def _precisions(model: Any) -> set[str]:
    kinds = {getattr(layer, "compute_dtype", None) for layer in every_layer(model)}
    return {kind for kind in kinds if kind in _TOLERANCE} or {"float32"}
