"""Sample of the output of a model on the validation set."""

from __future__ import annotations

from typing import NamedTuple


class Sample(NamedTuple):
    """Example of the validation set with the current output of the model."""

    source: str
    reference: str
    output: str
