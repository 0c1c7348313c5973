"""Ensemble: several models whose mean probability decides at each step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.search.candidates import largest
from seq2seq.search.sources import Sources
from seq2seq.search.step_model import Floats, Ints, Step, StepModel
from seq2seq.text.tokenizer import EOS


class Ensemble:
    """Models with the same vocabulary combined into one `StepModel`."""

    def __init__(self, models: Sequence[StepModel]) -> None:
        """Combine `models`, at least one, with identical vocabularies."""
        self._models = list(models)
        self.vocab_size = models[0].vocab_size
        self.has_attention = all(model.has_attention for model in models)

    def encode(self, sources: Sources, *, shortlist: bool = False) -> tuple[Any, Any]:
        """Encode as in `StepModel.encode`; `shortlist` is ignored.

        Each model could have its own shortlist.
        """
        encoded = [model.encode(sources) for model in self._models]
        return [memory for memory, _ in encoded], [state for _, state in encoded]

    def step(
        self,
        memory: Any,
        state: Any,
        tokens: Ints,
        origins: NDArray[np.int64],
        *,
        top: int | None,
        attention: bool,
    ) -> Step:
        """Decode one token as in `StepModel.step`; the attention is also the mean of the models."""
        steps = [
            model.step(one, before, tokens, origins, top=None, attention=attention)
            for model, one, before in zip(self._models, memory, state, strict=True)
        ]
        log_probs = _mean_log_probs([_known(step.log_probs) for step in steps])
        weights = [_known(step.attention) for step in steps] if attention else []
        ids = None if top is None else largest(log_probs, top)
        return Step(
            state=[step.state for step in steps],
            end_log_probs=log_probs[:, :, EOS],
            top_log_probs=None if ids is None else np.take_along_axis(log_probs, ids, axis=2),
            top_ids=ids,
            log_probs=log_probs if top is None else None,
            attention=np.mean(weights, axis=0, dtype=np.float32) if attention else None,
        )

    def keep(self, memory: Any, rows: NDArray[np.int64]) -> Any:
        """Return the memory of some rows, as in `StepModel.keep`."""
        return [model.keep(one, rows) for model, one in zip(self._models, memory, strict=True)]


def _mean_log_probs(log_probs: Sequence[Floats]) -> Floats:
    """Return the logarithm of the mean of probabilities, `[rows, open, vocab_size]`."""
    total = log_probs[0]
    for other in log_probs[1:]:
        total = np.logaddexp(total, other)
    return np.asarray(total - np.float32(np.log(len(log_probs))), np.float32)


def _known(values: Floats | None) -> Floats:
    if values is None:
        raise ValueError("a model of the ensemble did not give what it was asked for")
    return values
