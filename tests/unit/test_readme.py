"""The README says what was measured and names what exists."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from seq2seq.commands.main import COMMANDS


@pytest.fixture
def readme(repository: Path) -> str:
    return (repository / "README.md").read_text(encoding="utf-8")


def test_the_figures_are_those_of_the_run(readme: str, repository: Path) -> None:
    path = repository / "docs" / "multi30k" / "figures.py"
    spec = importlib.util.spec_from_file_location("figures", path)
    assert spec is not None and spec.loader is not None
    figures = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(figures)
    assert figures.table() in readme


def test_every_command_and_path_it_names_exists(readme: str, repository: Path) -> None:
    for command in re.findall(r"^seq2seq (\w+)", readme, flags=re.MULTILINE):
        assert command in COMMANDS, command
    for path in re.findall(r"\]\(([^)#:]+)\)", readme):
        assert (repository / path).exists(), path
