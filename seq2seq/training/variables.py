"""Changing variables inside a replica.

Several replicas make the same change each to its own copy. TensorFlow's `assign` asks there how
the copies' values should be put together first, which nothing needs; so this goes by the handle.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf


def assign(variable: Any, value: tf.Tensor) -> None:
    """Set the replica's own copy."""
    tf.raw_ops.AssignVariableOp(resource=variable.handle, value=value)


def add(variable: Any, value: tf.Tensor) -> None:
    """Add to the replica's own copy."""
    tf.raw_ops.AssignAddVariableOp(resource=variable.handle, value=value)


def subtract(variable: Any, value: tf.Tensor) -> None:
    """Subtract from the replica's own copy."""
    tf.raw_ops.AssignSubVariableOp(resource=variable.handle, value=value)
