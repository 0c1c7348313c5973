"""A step of a search is one call of ONNX Runtime."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seq2seq.inference.onnx_session import Session
from seq2seq.inference.translator import Translator


@pytest.mark.parametrize("precision", ["float32", "int8"])
@pytest.mark.parametrize("shortlist", [True, False])
def test_each_step_takes_one_call(
    write_small_exported_model: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    precision: str,
    shortlist: bool,
) -> None:
    translator = Translator.load(
        write_small_exported_model(tmp_path / "model", precision=precision)
    )
    asked: list[list[str]] = []
    run = Session.run

    def counted(session: Session, names: list[str], feeds: dict[str, Any]) -> Any:
        asked.append(names)
        return run(session, names, feeds)

    monkeypatch.setattr(Session, "run", counted)
    [[found]] = translator.hypotheses(["a hotel"], beam_size=1, shortlist=shortlist)
    steps = [names for names in asked if "keys" not in names]
    whole = sum("log_probs" in names and "top_places" not in names for names in steps)
    assert len(asked) - len(steps) == 1
    # Within a character the whole vocabulary is looked at as well.
    assert len(steps) - whole == len(found.tokens) + 1
