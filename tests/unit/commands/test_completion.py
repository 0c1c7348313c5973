"""Shells complete commands, options, settings and recipes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from seq2seq.commands.completion import SCRIPTS, completions
from seq2seq.commands.main import COMMANDS, main


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("tra", ["train", "translate"]),
        ("train exp", ["experiment=", "export=", "export."]),
        ("train ~exp", ["~experiment=", "~export=", "~export."]),
        (
            "train experiment=m",
            [f"experiment={one}" for one in ("mine", "multi30k", "multi30k_transformer")],
        ),
        ("train model.att", ["model.attention_heads=", "model.attention="]),
        ("train tokenizer.ki", ["tokenizer.kind="]),
        ("train model.attention=b", ["model.attention=bahdanau"]),
        ("train model.encoder=", ["model.encoder=lstm", "model.encoder=transformer"]),
        ("tune model.bidirectional=", ["model.bidirectional=true", "model.bidirectional=false"]),
        ("tune tune.search=", [f"tune.search={one}" for one in ("random", "grid", "tpe")]),
        ("train tune", []),
        ("train data.tr", ["data.train."]),
        ("train data.train.", ["data.train.source=", "data.train.target="]),
        ("train model.units=", []),
        ("train --cfg ", ["job", "hydra", "all"]),
        ("train --multirun mod", ["model=", "model."]),
        ("translate --fo", ["--forbid", "--format"]),
        ("translate --format ", ["text", "jsonl"]),
        ("translate --model ", []),
        ("predict --model m --input-format npz --enc", ["--encoding"]),
        ("evaluate --js", ["--json"]),
        ("jobs st", ["status", "stop"]),
        ("jobs logs --f", ["--follow"]),
        ("bench ba", ["batching"]),
        ("bench batching --pic", ["--picture"]),
        ("download mul", ["multi30k"]),
        ("submit --config-dir more experiment=o", ["experiment=other"]),
        ("inspect co", ["conf/"]),
        ("completion f", ["fish"]),
        ("nothing x", []),
    ],
)
def test_the_last_word_is_completed(
    line: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for directory, name in (("conf", "mine"), ("more", "other")):
        path = tmp_path / directory / "experiment" / f"{name}.yaml"
        path.parent.mkdir(parents=True)
        path.touch()
    assert sorted(completions(line.split(" "))) == sorted(expected)


def test_every_command_has_options_to_complete() -> None:
    assert set(completions([""])) >= set(COMMANDS)
    for command in COMMANDS:
        assert "--help" in completions([command, "--h"]), command


@pytest.mark.parametrize("shell", sorted(SCRIPTS))
def test_a_script_is_printed(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    shown = capsys.readouterr().out
    assert shown == SCRIPTS[shell] and "seq2seq completion --words --" in shown


def test_another_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "tcsh"]) == 2
    assert "choose from" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize(
    ("line", "breaks", "expected"),
    [
        ("seq2seq trans", " =:", ["translate "]),
        ("seq2seq train experiment=jap", " =:", ["japanese_vowels "]),
        ("seq2seq train experiment=jap", " ", ["experiment=japanese_vowels "]),
        ("seq2seq train model.attention=l", " =:", ["luong "]),
        ("seq2seq train model.un", " =:", ["model.units="]),
        ("seq2seq jobs ", " =:", ["list ", "status ", "logs ", "stop "]),
        ("seq2seq translate --input a", " =:", []),
    ],
)
def test_bash_completes_with_the_script(
    line: str, breaks: str, expected: list[str], tmp_path: Path
) -> None:
    script = f"""
        seq2seq() {{ {sys.executable} -m seq2seq "$@"; }}
        COMP_WORDBREAKS="{breaks}"; COMP_LINE="{line}"; COMP_POINT={len(line)}
        {SCRIPTS["bash"]}
        _seq2seq
        (( ${{#COMPREPLY[@]}} )) && printf '%s\\n' "${{COMPREPLY[@]}}"
        true
    """
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == expected
