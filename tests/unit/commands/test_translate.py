"""`seq2seq translate`: one line out for one line in, and mistakes told in one line."""

from __future__ import annotations

import gzip
import io
import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from seq2seq.commands.main import main

if TYPE_CHECKING:
    from seq2seq.inference.translator import Translator

Capture = pytest.CaptureFixture[bytes]


def run(*arguments: str | Path) -> int:
    return main(["translate", *map(str, arguments)])


def feed(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, translator: Translator) -> str:
    """Spares a test the loading, which others see to."""
    monkeypatch.setattr("seq2seq.commands.translate.load_translator", lambda _: translator)
    return "loaded"


def test_texts_as_arguments(exported: Path, translator: Translator, capfdbinary: Capture) -> None:
    texts = ["the train", "", "I", "-- I"]
    assert run("--model", exported, "--beam", "2", "--", *texts) == 0
    said = capfdbinary.readouterr().out.decode()
    assert said == "".join(line + "\n" for line in translator.translate(texts, beam_size=2))


def test_an_argument_that_is_not_utf8(
    loaded: str, translator: Translator, capfdbinary: Capture
) -> None:
    assert run("--model", loaded, os.fsdecode(b"wh\xffere")) == 0
    captured = capfdbinary.readouterr()
    assert captured.out.decode().rstrip("\n") == translator.translate(["wh\ufffdere"])[0]
    assert b"line 1 is not UTF-8" in captured.err


def test_standard_input(
    exported: Path,
    translator: Translator,
    hard_texts: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: Capture,
) -> None:
    feed(monkeypatch, "\n".join(hard_texts).encode())
    assert run("--model", exported.parent) == 0
    said = capfdbinary.readouterr().out.decode().split("\n")
    assert said == [*translator.translate(hard_texts), ""]


@pytest.mark.parametrize("output", [[], ["--output", "-"]])
def test_a_dash_is_a_standard_stream(
    loaded: str,
    translator: Translator,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: Capture,
    output: list[str],
) -> None:
    feed(monkeypatch, b"the train\n")
    assert run("--model", loaded, "--input", "-", *output) == 0
    assert capfdbinary.readouterr().out.decode() == f"{translator.translate(['the train'])[0]}\n"
    assert run("--model", loaded, "--input", "-", "the train") == 2
    assert b"received both texts and --input" in capfdbinary.readouterr().err


def test_texts_and_options_stand_in_any_order(
    loaded: str, translator: Translator, capfdbinary: Capture
) -> None:
    texts = ["the train", "I", "where", "--beam", "--"]
    arguments = [*texts[:1], "--beam", "2", texts[1], "--format", "text", texts[2], "--"]
    assert run("--model", loaded, *arguments, *texts[3:]) == 0
    said = capfdbinary.readouterr().out.decode().splitlines()
    assert said == translator.translate(texts, beam_size=2)


def test_files(
    exported: Path, translator: Translator, tmp_path: Path, capfdbinary: Capture
) -> None:
    source, output = tmp_path / "source.gz", tmp_path / "output"
    source.write_bytes(gzip.compress(b"the train\n\nI"))
    chosen = ["--input", source, "--output", output, "--format", "jsonl", "--n-best", "2"]
    assert run("--model", exported, *chosen) == 0
    records = [json.loads(line) for line in output.read_text().splitlines()]
    found = translator.hypotheses(["the train", "", "I"], n_best=2)
    assert [record["translation"] for record in records] == [best[0].text for best in found]
    assert [len(record["alternatives"]) for record in records] == [2, 1, 2]
    assert sorted(os.listdir(tmp_path)) == ["output", "source.gz"]
    assert capfdbinary.readouterr().out == b""


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--model", "M", "--n-best", "3", "--beam", "2", "x"], 2, "--n-best 3 is more than"),
        (["--model", "M", "a\nb"], 2, "holds a line break"),
        (["--model", "M", "--input", "f", "x"], 2, "both texts and --input"),
        (["--model", "M", "--beam", "none"], 2, "whole number from 1 to 256, not 'none'"),
        (["--model", "M", "--beam", "0"], 2, "whole number from 1 to 256, not '0'"),
        (["--model", "M", "--input", "missing"], 1, "missing"),
        (["--model", "M", "--output", "a/b", "x"], 2, "no directory a"),
        (["x"], 2, "--model"),
        (["--model", "", "x"], 2, "argument --model: received nothing; give a path"),
        (["--model", "M", "--then", "", "x"], 2, "argument --then: received nothing"),
        (["--model", "M", "--input", ""], 2, "argument --input: received nothing"),
        (["--model", "nowhere", "x"], 1, "nowhere is not there"),
        (["--model", "M", "--n-best", "9", "x"], 2, "n_best must be from 1"),
        (["--model", "M", "--threads", "0", "x"], 2, "--threads: must be a whole number from 1"),
        (["--model", "M", "--restart", "x"], 2, "--restart received without --output"),
        (["--model", "M", "--input", "."], 1, "cannot be read: Is a directory"),
    ],
)
def test_mistakes_are_told_in_one_line(
    exported: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: Capture,
    arguments: list[str],
    status: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").write_text("old")
    output = [] if {"--output", "--restart"} & {*arguments} else ["--output", "out"]
    known = [str(exported) if argument == "M" else argument for argument in arguments]
    assert run(*output, *known) == status
    captured = capfdbinary.readouterr()
    (line,) = [row for row in captured.err.decode().splitlines() if row.startswith("seq2seq: ")]
    assert message in line
    assert captured.out == b""
    assert (tmp_path / "out").read_text() == "old"
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.parametrize("output", [[], ["--output", "out"]], ids=["stdout", "file"])
def test_an_export_of_an_older_format_says_how_to_export_again(
    output: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("old").mkdir()
    Path("old", "artefact.json").write_text("{}")
    Path("in").write_text("the train\n")
    assert run("--model", "old", "--input", "in", *output) == 1
    captured = capfdbinary.readouterr()
    assert b"old has the exported model format of an older seq2seq" in captured.err
    assert captured.err.count(b"\n") == 1
    assert captured.out == b""
    assert sorted(os.listdir(tmp_path)) == ["in", "old"]


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "seq2seq", "translate", *map(str, arguments)]


def test_answers_a_slow_pipe_at_once_and_ends_quietly_on_ctrl_c(exported: Path) -> None:
    with subprocess.Popen(
        command("--model", exported),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Tests started in the background ignore the signal, and so would what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        answers = []
        for text in (b"the train\n", b"\n", b"I\n"):
            process.stdin.write(text)
            process.stdin.flush()
            answers.append(process.stdout.readline())  # hangs if the line waits for the next
        process.stdin.write(b"half a li")
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        process.wait(60)  # with its input open: at an end the half line would be translated
        rest, errors = process.communicate()
    assert [answer.count(b"\n") for answer in answers] == [1, 1, 1]
    assert answers[1] == b"\n"
    assert rest == b""
    assert process.returncode == 130
    assert errors == b""


def test_pipes_by_name(exported: Path, translator: Translator, tmp_path: Path) -> None:
    said = translator.translate(["the train", "I"])
    for name in ("/dev/stdin", "/proc/self/fd/0"):
        done = subprocess.run(
            command("--model", exported, "--input", name),
            input=b"the train\nI",
            capture_output=True,
            check=True,
        )
        assert done.stdout.decode().splitlines() == said
        assert done.stderr == b""


def test_help_needs_no_tensorflow() -> None:
    names = ("translate", "evaluate", "score", "export")
    script = (
        "import sys\n"
        "from seq2seq.commands.main import main\n"
        f"assert [main([name, '--help']) for name in {names!r}] == [0] * {len(names)}\n"
        "assert not {'tensorflow', 'keras', 'sacrebleu', 'hydra'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.count(b"usage: seq2seq") == len(names)


def test_closed_streams_are_told_in_one_sentence(exported: Path) -> None:
    for closed, words in (("<&-", b"standard input is closed"), (">&-", b"standard output is")):
        line = shlex.join(str(part) for part in command("--model", exported))
        done = subprocess.run(
            ["bash", "-c", f"{line} {closed}"], stderr=subprocess.PIPE, check=False
        )
        assert done.returncode == 2
        assert words in done.stderr and done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32-le"])
def test_an_input_in_another_encoding_is_named(
    loaded: str, tmp_path: Path, encoding: str, capfdbinary: Capture
) -> None:
    path = tmp_path / "input"
    path.write_bytes("where is the hotel?\n".encode(encoding))
    assert run("--model", loaded, "--input", path, "--output", tmp_path / "output") == 1
    error = capfdbinary.readouterr().err.decode()
    assert "input is UTF-" in error and "would be read as UTF-8" in error
    assert not (tmp_path / "output").exists()
