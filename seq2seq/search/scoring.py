"""Log-probabilities and attention of given outputs, by teacher forcing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from seq2seq.search.sources import Sources, source_mask
from seq2seq.search.step_model import Floats, Ints, Step, StepModel
from seq2seq.text.tokenizer import BOS, PAD


def token_log_probs(model: StepModel, sources: Sources, target_ids: Ints) -> Floats:
    """Return the log-probability of each target token given the tokens before it.

    Args:
        model: model to score with.
        sources: sources of the batch.
        target_ids: target tokens, `[rows, target_len] int32`, each row ending with the end symbol,
            then padding.

    Returns:
        log-probabilities, `[rows, target_len] float32`, 0.0 at padding.
    """
    found = np.zeros(target_ids.shape, np.float32)
    rows = np.arange(len(target_ids))
    for time, step in enumerate(_forced_steps(model, sources, target_ids, attention=False)):
        if step.log_probs is None:
            raise ValueError("the model gave no log-probabilities")
        found[:, time] = step.log_probs[rows, 0, target_ids[:, time]]
    return np.where(target_ids == PAD, np.float32(0.0), found)


def token_attention(model: StepModel, sources: Sources, target_ids: Ints) -> Floats:
    """Return the attention weights of each target token, `[rows, target_len, source_len] float32`.

    Args:
        model: model with attention.
        sources, target_ids: sources and tokens in the form that `token_log_probs` takes.
    """
    found = np.zeros([*target_ids.shape, source_mask(sources).shape[1]], np.float32)
    for time, step in enumerate(_forced_steps(model, sources, target_ids, attention=True)):
        if step.attention is None:
            raise ValueError("the model gave no attention weights")
        found[:, time] = step.attention[:, 0]
    return found


def _forced_steps(
    model: StepModel, sources: Sources, target_ids: Ints, *, attention: bool
) -> Iterator[Step]:
    """Yield the steps of the model along the given output (teacher forcing).

    With `attention`, each step holds the attention weights, but log-probabilities of the most
    probable token only.
    """
    memory, state = model.encode(sources)
    rows, length = target_ids.shape
    tokens, same = np.full([rows, 1], BOS, np.int32), np.arange(rows)
    top = 1 if attention else None
    for time in range(length):
        step = model.step(memory, state, tokens, same, top=top, attention=attention)
        yield step
        state, tokens = step.state, target_ids[:, time : time + 1]
