"""Messages as people type them, on the model that the default recipe trains."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from pathlib import Path

import pytest
from typed_messages import read_typed_messages

SHARE_RIGHT = 0.92

Command = Callable[..., tuple[int, str, str]]


@pytest.mark.slow
def test_typed_messages_come_out_right(seq2seq: Command, tmp_path: Path) -> None:
    """The mean of three seeds, each of some minutes."""
    messages = read_typed_messages()
    text = "".join(message.text + "\n" for message in messages)
    shares = []
    for seed in (1, 2, 3):
        status, _, err = seq2seq("train", f"name=s{seed}", f"seed={seed}", cwd=tmp_path)
        assert status == 0, err
        model = str(tmp_path / "runs" / f"s{seed}")
        status, out, err = seq2seq("translate", "--model", model, cwd=tmp_path, text=text)
        assert status == 0, err
        found = out.splitlines()
        right = [m.accepts(line) for m, line in zip(messages, found, strict=True)]
        shares.append(statistics.mean(right))
    assert statistics.mean(shares) >= SHARE_RIGHT, shares
