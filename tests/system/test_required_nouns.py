"""A required noun comes into a translation without damage to the rest of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def young_run(
    seq2seq: Callable[..., tuple[int, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    directory = tmp_path_factory.mktemp("young")
    status, _, stderr = seq2seq("train", "training.max_epochs=2", "name=two", cwd=directory)
    assert status == 0, stderr
    return directory / "runs" / "two"


@pytest.mark.slow
@pytest.mark.parametrize(
    "way", [[], ["--beam", "1"], ["--sample"]], ids=["beam", "greedy", "drawn"]
)
def test_a_required_noun_leaves_the_rest_as_it_is(
    repository: Path, young_run: Path, way: list[str]
) -> None:
    script = repository / "tests" / "benchmarks" / "required_nouns.py"
    command = [sys.executable, str(script), str(young_run), "--json", *way]
    done = subprocess.run(command, capture_output=True, check=True)
    found = json.loads(done.stdout)
    for values in found.values():
        assert values["sentences"] == 200
        assert values["without_noun"] == values["two_spaces"] == values["sentence_ends"] == 0
    missing, foreign = found["missing"], found["foreign"]
    assert missing["bleu_with"] >= missing["bleu_without"] + 1
    assert missing["words_kept"] >= 0.8
    assert foreign["words_kept"] >= 0.8
