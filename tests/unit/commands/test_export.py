"""`seq2seq export` only says what to export and where to."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from seq2seq.commands.main import main


@pytest.mark.parametrize(
    ("options", "output", "name", "quantized", "shortlist"),
    [
        ([], "runs/a/export", "seq2seq", False, False),
        (["--output", "there", "--shortlist"], "there", "seq2seq", False, True),
        (["--quantize", "int8"], "runs/a/export-int8", "seq2seq", True, False),
        (["--quantize", "int8", "--output", "there"], "there", "seq2seq", True, False),
        (["--format", "saved_model"], "runs/a/export-saved_model", "saved_model", False, False),
        (["--format=onnx", "--quantize=int8"], "runs/a/export-onnx-int8", "onnx", True, False),
    ],
)
def test_run_and_output(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    output: str,
    name: str,
    quantized: bool,
    shortlist: bool,
) -> None:
    asked: list[tuple[Path, Path, str, bool, bool]] = []
    export = ModuleType("seq2seq.training.run_export")

    def export_run(
        run: Path, directory: Path, *, name: str, quantize: bool, shortlist: bool
    ) -> Path:
        asked.append((run, directory, name, quantize, shortlist))
        return directory

    export.export_run = export_run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "seq2seq.training.run_export", export)
    assert main(["export", "runs/a", *options]) == 0
    assert asked == [(Path("runs/a"), Path(output), name, quantized, shortlist)]
    assert capsys.readouterr().out == f"{output}\n"


def test_a_run_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export"]) == 2
    assert "RUN" in capsys.readouterr().err
