"""How probable a given output is: the model led through it, piece by piece."""

from __future__ import annotations

import numpy as np

from seq2seq.search.step_model import Floats, Ints, StepModel
from seq2seq.text.tokenizer import BOS, PAD


def token_log_probs(model: StepModel, source_ids: Ints, target_ids: Ints) -> Floats:
    """Log-probability of each target piece given those before it.

    Args:
        model: the model.
        source_ids: `[rows, source_len] int32`, each row ending with the end symbol, then padding.
        target_ids: `[rows, target_len] int32`, likewise.

    Returns:
        `[rows, target_len] float32`, 0.0 at padding.
    """
    memory, state = model.encode(source_ids)
    rows, length = target_ids.shape
    found = np.zeros([rows, length], np.float32)
    tokens, same = np.full([rows, 1], BOS, np.int32), np.arange(rows)
    for time in range(length):
        step = model.step(memory, state, tokens, same, top=None, attention=False)
        if step.log_probs is None:
            raise ValueError("the model gave no log-probabilities")
        state, tokens = step.state, target_ids[:, time : time + 1]
        found[:, time] = step.log_probs[same, 0, tokens[:, 0]]
    return np.where(target_ids == PAD, np.float32(0.0), found)
