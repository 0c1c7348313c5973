"""Layers that are made of other layers."""

from __future__ import annotations

from typing import Any


class Composite:
    """Mixin of a Keras layer whose weights belong to its parts, which create them when called.

    Without it, Keras traces `call` in a graph only to create them, which takes most of the time in
    which a model is built. As a base class it stands before Keras' own.
    """

    def build(self, _: Any) -> None:
        """Create nothing."""
