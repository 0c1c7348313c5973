"""Two trained models, one reading what the other writes: `seq2seq translate --then`."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq import Translator, load_settings, train
from seq2seq.commands.main import main
from seq2seq.training.reporting.terminal import SilentReport

soundfile = pytest.importorskip("soundfile", reason="needs the extra audio")
TONES = {"low": 300.0, "high": 1500.0}
GERMAN = {"low": "tief", "high": "hoch"}
RATE = 8000
SMALL = [
    "task=translation",
    "tokenizer.kind=symbols",
    "tokenizer.vocab_size=10",
    "tokenizer.placeholders=0",
    "model.units=16",
    "model.embedding_dim=8",
    "model.dropout=0",
    "batching.max_tokens=200",
    "batching.shares=1",
    "optimizer.learning_rate=2e-2",
    "optimizer.schedule=constant",
    "loss.label_smoothing=0",
    "training.patience=0",
    "training.max_epochs=20",
]
SOUND = [
    "data=sequences",
    "data.format=audio",
    "data.audio={rate: 8000, mel_bins: 8, stack: 2}",
    "data.train.source=tones.tsv",
]


def words_of(count: int, seed: int) -> list[str]:
    draw = random.Random(seed)
    return [" ".join(draw.choices(list(TONES), k=draw.randint(1, 2))) for _ in range(count)]


def german_of(line: str) -> str:
    return " ".join(GERMAN[word] for word in line.split())


def write_sounds(directory: Path, lines: list[str]) -> None:
    """A sound of 0.15 s and a pause a word for each line, and the manifest `tones.tsv`."""
    noise = np.random.default_rng(len(lines))
    time = np.arange(int(0.2 * RATE)) / RATE
    for number, line in enumerate(lines):
        samples = np.concatenate(
            [np.sin(2 * np.pi * TONES[w] * time) * (time < 0.15) for w in line.split()]
        )
        samples = 0.3 * samples + noise.normal(0, 0.01, len(samples))
        soundfile.write(directory / f"{number}.wav", samples, RATE)
    entries = [f"{number}.wav\t{line}\n" for number, line in enumerate(lines)]
    (directory / "tones.tsv").write_text("".join(entries))


def trained(directory: Path, *settings: str) -> str:
    places = [f"runs={directory}/runs", f"data.directory={directory}", "name=run"]
    train(load_settings([*SMALL, *places, *settings]), report=SilentReport())
    return str(directory / "runs" / "run")


@pytest.fixture(scope="module")
def listener(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A run from sound to English."""
    directory = tmp_path_factory.mktemp("listener")
    write_sounds(directory, words_of(100, seed=1))
    return trained(directory, *SOUND)


@pytest.fixture(scope="module")
def translating(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A run from English to German."""
    directory = tmp_path_factory.mktemp("translating")
    files = []
    for split, lines in (("train", words_of(200, seed=1)), ("valid", words_of(20, seed=2))):
        (directory / f"{split}.en").write_text("".join(f"{line}\n" for line in lines))
        (directory / f"{split}.de").write_text("".join(f"{german_of(line)}\n" for line in lines))
        files.append(f"data.{split}={{source: {split}.en, target: {split}.de}}")
    return trained(directory, "data=parallel", *files)


@pytest.fixture
def unseen(tmp_path: Path) -> Path:
    """A manifest of sounds, of which the second is broken and the fourth does not exist."""
    write_sounds(tmp_path, words_of(8, seed=3))
    (tmp_path / "1.wav").write_text("no sound")
    (tmp_path / "3.wav").unlink()
    return tmp_path / "tones.tsv"


def outcome(capsysbinary: Any, *arguments: str) -> tuple[list[str], str]:
    """The lines that a command wrote, and what it reported."""
    assert main(["translate", *arguments]) == 0
    shown = capsysbinary.readouterr()
    return shown.out.decode().split("\n")[:-1], shown.err.decode()


def test_sound_becomes_german_line_by_line(
    listener: str, translating: str, unseen: Path, capsysbinary: Any
) -> None:
    chain = ["--model", listener, "--then", translating, "--input", str(unseen)]
    found, reported = outcome(capsysbinary, *chain)
    wanted = [german_of(line) for line in words_of(8, seed=3)]
    wanted[1] = wanted[3] = ""
    assert len(found) == 8 and found[1] == found[3] == ""
    assert sum(one == other for one, other in zip(found, wanted, strict=True)) >= 7
    assert reported.count("line 2 is not translated") == 1 and "cannot be decoded" in reported
    assert reported.count("line 4 is not translated") == 1 and "does not exist" in reported
    assert reported.count("\n") == 2
    readable = [str(unseen.with_name(f"{number}.wav")) for number in (0, 2, 4, 5, 6, 7)]
    english = Translator.load(listener).translate(readable)
    assert [line for line in found if line] == Translator.load(translating).translate(english)
    assert outcome(capsysbinary, *chain[:4], *readable) == ([line for line in found if line], "")


def test_a_record_holds_the_text_between_and_the_product_of_confidences(
    listener: str, translating: str, unseen: Path, capsysbinary: Any
) -> None:
    source = ["--input", str(unseen), "--format", "jsonl", "--n-best", "2", "--confidence"]
    chain = ["--model", listener, "--then", translating, *source]
    records = [json.loads(line) for line in outcome(capsysbinary, *chain)[0]]
    (english,) = zip(*[record["via"] for record in records], strict=True)
    assert english[1] == english[3] == ""
    first = Translator.load(listener).hypotheses([str(unseen.with_name("0.wav"))])[0][0]
    last = Translator.load(translating).hypotheses([first.text], n_best=2)[0]
    assert english[0] == first.text and records[0]["translation"] == last[0].text
    confidences = [one["confidence"] for one in records[0]["alternatives"]]
    assert None not in (first.confidence, *[one.confidence for one in last])
    assert confidences == pytest.approx([first.confidence * one.confidence for one in last])  # type: ignore[operator]
    assert [record["line"] for record in records] == list(range(1, 9))
    assert "cannot be decoded" in records[1]["notes"][0] and records[1]["confidence"] is None


def test_texts_pass_through_several_models(
    translating: str, capsysbinary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    translator = Translator.load(translating)
    given = ["low high", "", "high high low"]
    once = translator.translate(given)
    twice = translator.translate(once)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\n".join(given).encode())))
    then = ["--then", translating] * 2
    found, _ = outcome(capsysbinary, "--model", translating, *then)
    assert found == translator.translate(twice) and found[1] == ""
    (line,), _ = outcome(capsysbinary, "--model", translating, *then, "--format", "jsonl", "low")
    record = json.loads(line)
    assert record["source"] == "low" and record["via"][0] == "tief" and len(record["via"]) == 2


def test_an_unfinished_file_is_resumed_by_the_same_chain_only(
    translating: str, tmp_path: Path, capsysbinary: Any
) -> None:
    source, output = tmp_path / "source", tmp_path / "output"
    source.write_text("low\nhigh\n")
    chain = ["translate", "--model", translating, "--then", translating]
    files = ["--input", str(source), "--output", str(output)]
    script = (
        "import os, sys\n"
        "from seq2seq.commands.main import main\n"
        "from seq2seq.inference.stream.resumable_file import PartialFile\n"
        "PartialFile.finish = lambda self: os._exit(9)\n"
        f"main({[*chain, *files]!r})"
    )
    for command, words in ((chain, "goes on at line 3"), (chain[:3], "starts over")):
        assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
        assert not output.exists()
        assert main([*command, *files]) == 0
        assert words in capsysbinary.readouterr().err.decode()
        assert len(output.read_text().splitlines()) == 2
        output.unlink()


def test_models_that_do_not_fit_are_refused_in_one_sentence(
    listener: str, translating: str, capsysbinary: Any
) -> None:
    for arguments, words in (
        (["--then", listener, "low"], f"--then {listener} reads sound, and the model before it"),
        (["--then", "nowhere", "low"], "nowhere is not there"),
        (["--then", translating, "--alignments", "low"], "--alignments received with --then"),
        (["--then", translating, "--n-best", "9", "low"], "n_best must be from 1 to"),
    ):
        assert main(["translate", "--model", translating, *arguments]) in (1, 2)
        shown = capsysbinary.readouterr()
        assert shown.out == b"" and shown.err.count(b"\n") == 1 and words in shown.err.decode()


def test_a_chain_needs_no_tensorflow(listener: str, translating: str, unseen: Path) -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['tensorflow', 'keras', 'onnx', 'ray']))\n"
        "from seq2seq.commands.main import main\n"
        f"sys.exit(main(['translate', '--model', {listener!r}, '--then', {translating!r}, "
        f"{str(unseen.with_name('0.wav'))!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and set(done.stdout.split()) <= set(GERMAN.values()), done.stderr
