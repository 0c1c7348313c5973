"""Layers that are made of other layers."""

from __future__ import annotations

from typing import Any


class Composite:
    """Mixin of a Keras layer whose weights belong to its parts, which create them when called.

    Without this mixin, Keras traces `call` in a graph only to create the weights, which takes most
    of the time of building a model. Among the base classes, it must precede Keras' own.
    """

    def build(self, _: Any) -> None:
        """Create no weights."""
