"""Changes of variables inside a replica.

Each replica makes the same change to its own copy. There, TensorFlow's `assign` first requires a
rule to aggregate the copies, which is not needed here. So these functions use the variable handle.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf


def assign(variable: Any, value: tf.Tensor) -> None:
    """Set the copy of this replica."""
    tf.raw_ops.AssignVariableOp(resource=variable.handle, value=value)


def add(variable: Any, value: tf.Tensor) -> None:
    """Add to the copy of this replica."""
    tf.raw_ops.AssignAddVariableOp(resource=variable.handle, value=value)


def subtract(variable: Any, value: tf.Tensor) -> None:
    """Subtract from the copy of this replica."""
    tf.raw_ops.AssignSubVariableOp(resource=variable.handle, value=value)
