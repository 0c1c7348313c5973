"""Replicas of a model that train together: one, or one on each of several devices.

Each replica computes the gradients of its share of a batch. They are summed over all replicas once,
and every replica makes the same update, so that the weights stay equal everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

import tensorflow as tf

from seq2seq.data.sharing import UNDIVIDED, Division


class Replicas(Protocol):
    """Interface of the replicas that training uses."""

    @property
    def division(self) -> Division:
        """Return the division of each batch among the replicas."""

    @property
    def leads(self) -> bool:
        """Return whether this process writes the run directory and decides for all processes."""

    def scope(self) -> AbstractContextManager[Any]:
        """Return a context in which each new variable exists once on each replica."""

    def function(
        self, run: Callable[..., Any], *others: tf.TensorSpec, batch: Any = None
    ) -> Callable[..., Any]:
        """Return a graph function that calls `run` on each replica of this process.

        Args:
            run: function that receives a batch (if `batch` is given) and the other arguments; it
                may call `sum` and `own_seed`.
            others: signatures of the other arguments, whose values are equal on all replicas.
            batch: signature of the batch of one replica.

        Returns:
            function with the arguments of `run`, except that its batch has the form that
            `EpochData.batches` yields; it returns the result of the first replica.
        """

    def sum(self, tensors: Sequence[tf.Tensor]) -> list[tf.Tensor]:
        """Return, on each replica, the sum of each tensor over all replicas."""

    def own_seed(self, seed: tf.Tensor) -> tf.Tensor:
        """Return a different seed, `[2] int32`, on each replica."""

    def agreed(self, values: Sequence[float]) -> list[float]:
        """Return the values of the leading process, in every process."""


class OneReplica:
    """Single replica; implements `Replicas`."""

    division = UNDIVIDED
    leads = True

    def scope(self) -> AbstractContextManager[Any]:
        """See `Replicas`."""
        return nullcontext()

    def function(
        self, run: Callable[..., Any], *others: tf.TensorSpec, batch: Any = None
    ) -> Callable[..., Any]:
        """See `Replicas`."""
        signature = others if batch is None else (batch, *others)
        return tf.function(run, input_signature=signature, autograph=False)

    def sum(self, tensors: Sequence[tf.Tensor]) -> list[tf.Tensor]:
        """See `Replicas`."""
        return list(tensors)

    def own_seed(self, seed: tf.Tensor) -> tf.Tensor:
        """See `Replicas`."""
        return seed

    def agreed(self, values: Sequence[float]) -> list[float]:
        """See `Replicas`."""
        return list(values)


class StrategyReplicas:
    """Replicas of a `tf.distribute` strategy with mirrored variables; implements `Replicas`."""

    def __init__(self, strategy: Any, *, process: int = 0) -> None:
        """Create the replicas of `strategy` in the process with the number `process`."""
        self._strategy = strategy
        here = len(strategy.extended.worker_devices)
        own = range(process * here, (process + 1) * here)
        self.division = Division(strategy.num_replicas_in_sync, own)
        self.leads = process == 0
        self._from_first = self.function(self._sum_of_first, tf.TensorSpec([None], tf.float64))

    def scope(self) -> AbstractContextManager[Any]:
        """See `Replicas`."""
        return self._strategy.scope()

    def function(
        self, run: Callable[..., Any], *others: tf.TensorSpec, batch: Any = None
    ) -> Callable[..., Any]:
        """See `Replicas`."""
        own = self.division.own
        if batch is None:
            return tf.function(
                lambda *rest: self._on_each(run, rest), input_signature=others, autograph=False
            )

        def with_share(shares: Sequence[Any], *rest: Any) -> Any:
            share = self._strategy.experimental_distribute_values_from_function(
                lambda context: shares[context.replica_id_in_sync_group - own.start]
            )
            return self._on_each(run, (share, *rest))

        signature = (tuple(batch for _ in own), *others)
        return tf.function(with_share, input_signature=signature, autograph=False)

    def _on_each(self, run: Callable[..., Any], arguments: Sequence[Any]) -> Any:
        """Call `run` on each replica of this process and return the result of the first one."""
        results = self._strategy.run(run, args=tuple(arguments))
        return tf.nest.map_structure(
            lambda result: self._strategy.experimental_local_results(result)[0], results
        )

    def sum(self, tensors: Sequence[tf.Tensor]) -> list[tf.Tensor]:
        """See `Replicas`."""
        return list(tf.distribute.get_replica_context().all_reduce("sum", list(tensors)))

    def own_seed(self, seed: tf.Tensor) -> tf.Tensor:
        """See `Replicas`."""
        number = tf.distribute.get_replica_context().replica_id_in_sync_group
        return tf.random.experimental.stateless_fold_in(seed, number, alg="philox")

    def agreed(self, values: Sequence[float]) -> list[float]:
        """See `Replicas`."""
        if self.division.shares == len(self.division.own):
            return list(values)  # all replicas are in this process
        numbers: list[float] = self._from_first(tf.constant(values, tf.float64)).numpy().tolist()
        return numbers

    def _sum_of_first(self, values: tf.Tensor) -> tf.Tensor:
        """Return the values of the first replica: the other replicas add zeros."""
        number = tf.distribute.get_replica_context().replica_id_in_sync_group
        return self.sum([tf.where(tf.equal(number, 0), values, tf.zeros_like(values))])[0]


def replicas_of_this_machine() -> Replicas:
    """Return one replica on each visible GPU, or a single replica if there are fewer than two."""
    gpus = tf.config.list_logical_devices("GPU")
    if len(gpus) < 2:
        return OneReplica()
    return StrategyReplicas(tf.distribute.MirroredStrategy([gpu.name for gpu in gpus]))
