"""Interfaces between models in memory and the formats in which they are exported."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from seq2seq.export.onnx.builder import Graph
from seq2seq.export.onnx.parameters import Numbers

SERVED_VERSION = "1"  # TensorFlow Serving looks for versions of a model in folders with a number


class InferenceModel(Protocol):
    """Graphs and numbers of a model."""

    @property
    def numbers(self) -> Numbers:
        """Return the numbers of all graphs by name."""

    def files(self) -> Mapping[str, Graph]:
        """Return the graphs by the names of their ONNX files."""


class Exportable(Protocol):
    """Trained model with everything that an export holds."""

    @property
    def version(self) -> str:
        """Return the version of seq2seq that writes the exported model."""

    @property
    def vocabulary(self) -> Mapping[str, int]:
        """Return the number of tokens of each side, `source` and `target`."""

    def for_inference(self, *, quantized: bool = False) -> InferenceModel:
        """Return the graphs and the numbers, in 8-bit integers if `quantized`.

        Raises:
            ModelError: the weights do not fit the settings.
        """

    def write_plain_files(self, directory: Path) -> None:
        """Write everything except the numbers."""

    def write_saved_model(self, directory: Path) -> None:
        """Write a SavedModel; this needs TensorFlow."""
