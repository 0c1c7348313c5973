"""An example of what a model makes of the validation set."""

from __future__ import annotations

from typing import NamedTuple


class Sample(NamedTuple):
    """One of the validation set and what the model makes of it now."""

    source: str
    reference: str
    output: str
