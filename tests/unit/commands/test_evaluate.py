"""`seq2seq evaluate`: figures that can be checked, and files that do not fit told."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from seq2seq.commands.main import main

if TYPE_CHECKING:
    from seq2seq.inference.translator import Translator

SOURCES = ["the train is late", "", "where is the hotel?", "I need two tickets"]
TARGETS = ["der Zug hat Verspätung", "", "wo ist das Hotel?", "ich brauche zwei Karten"]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "source").write_text("\n".join(SOURCES) + "\n")
    (tmp_path / "target").write_text("\n".join(TARGETS))
    return ["--source", str(tmp_path / "source"), "--target", str(tmp_path / "target")]


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, translator: Translator) -> Translator:
    """Spares a test the loading, which others see to."""
    for command in ("evaluate", "score"):
        monkeypatch.setattr(f"seq2seq.commands.{command}.load_translator", lambda _: translator)
    return translator


def test_figures(exported: Path, files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--model", str(exported), *files, "--json", "--beam", "2"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["sentences"] == 4
    assert figures["beam_size"] == 2
    assert "tok:13a" in figures["signature"] and "case:mixed" in figures["signature"]
    assert figures["perplexity"] == pytest.approx(math.exp(figures["loss"]))
    assert main(["score", "--model", str(exported), *files]) == 0
    scores = [float(line) for line in capsys.readouterr().out.splitlines()]
    assert len(scores) == 4
    assert figures["loss"] == pytest.approx(-sum(scores) / figures["tokens"], rel=1e-4)


@pytest.mark.usefixtures("loaded")
def test_figures_as_text(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--model", "loaded", *files]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown] == [
        *("BLEU", "chrF", "TER", "loss", "perplexity", "sentences"),
    ]
    assert "nrefs:1" in shown[0]
    assert shown[5].endswith("4, beam 3")


def test_a_perfect_translation_scores_a_hundred(
    loaded: Translator, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path(files[3]).write_text("\n".join(loaded.translate(SOURCES)))
    assert main(["evaluate", "--model", "loaded", *files, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["bleu"], figures["chrf"]) == pytest.approx((100, 100))
    assert figures["ter"] == 0


def test_each_of_several_references_is_right(
    loaded: Translator, files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = loaded.translate(SOURCES)
    (tmp_path / "second").write_text("\n".join([outputs[0], "", "", outputs[3]]))
    Path(files[3]).write_text("\n".join(["wrong", "", outputs[2], "wrong"]))
    second = ["--target", str(tmp_path / "second")]
    assert main(["evaluate", "--model", "loaded", *files, *second, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["bleu"] == pytest.approx(100)
    assert figures["ter"] == 0
    assert "nrefs:var" in figures["signature"]
    (tmp_path / "second").write_text("one line\n")
    assert main(["evaluate", "--model", "loaded", *files, *second]) == 1
    assert "source has 4 lines and" in capsys.readouterr().err


@pytest.mark.usefixtures("loaded")
def test_a_model_and_itself_do_not_differ(
    exported: Path, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["evaluate", "--model", "loaded", *files, "--versus", str(exported)]
    assert main([*command, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    versus = figures.pop("versus")
    tests = versus.pop("paired")
    assert versus == figures
    assert {name: test["p_value"] for name, test in tests.items()} == {
        name: 1.0 for name in ("bleu", "chrf", "ter")
    }
    assert "ar:10000" in tests["bleu"]["signature"]
    assert main(command) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[shown.index("difference") + 1].startswith("BLEU        +0.00, p = 1.0000  ")


def test_error_rates_of_characters(
    loaded: Translator,
    files: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(loaded, "target_kind", "char")
    assert main(["evaluate", "--model", "loaded", *files]) == 0
    symbols, sequences = capsys.readouterr().out.splitlines()[:2]
    assert re.fullmatch(r"\d+\.\d\d % of the symbols are wrong", symbols)
    assert sequences == "75.00 % of the sequences are wrong"  # the blank line is right
    assert main(["evaluate", "--model", "loaded", *files, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sequence_error_rate"] == 75.0


@pytest.mark.usefixtures("loaded")
def test_scores_a_token(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "--model", "loaded", *files]) == 0
    whole = [float(line) for line in capsys.readouterr().out.splitlines()]
    assert main(["score", "--model", "loaded", *files, "--per-token"]) == 0
    each = [float(line) for line in capsys.readouterr().out.splitlines()]
    assert each[1] == whole[1] < 0  # the empty sentence is its end symbol
    assert 5 < whole[0] / each[0] < 40


@pytest.mark.usefixtures("loaded")
def test_a_line_too_long_to_score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "source").write_text("I\nI\n")
    (tmp_path / "target").write_text("x" * 3000 + "\nx\n")
    pair = ["--source", str(tmp_path / "source"), "--target", str(tmp_path / "target")]
    assert main(["score", "--model", "loaded", *pair]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[0] == "nan"
    assert float(captured.out.splitlines()[1]) < 0
    assert "line 1: over 2000 tokens" in captured.err


@pytest.mark.parametrize("command", ["evaluate", "score"])
@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("a\nb\n", "a\n", "source has 2 lines and .*target has 1"),
        ("a\u2028b\n", "a\nb\n", "source has 1 lines and .*target has 2"),
        ("", "", "are empty"),
    ],
)
def test_files_that_do_not_fit(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    source: str,
    target: str,
    message: str,
) -> None:
    (tmp_path / "source").write_text(source)
    (tmp_path / "target").write_text(target)
    pair = ["--source", str(tmp_path / "source"), "--target", str(tmp_path / "target")]
    assert main([command, "--model", "unread", *pair]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert re.search(message, captured.err)


def test_files_in_another_encoding_are_read_or_named(
    loaded: Translator, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    def figures(*options: str) -> object:
        assert main(["evaluate", "--model", "loaded", *files, *options, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    plain = figures()
    for encoding in ("utf-16", "latin-1", "utf-8-sig"):
        for name, texts in ((files[1], SOURCES), (files[3], TARGETS)):
            Path(name).write_bytes("\r\n".join(texts).encode(encoding))
        assert figures("--encoding", encoding) == plain
    for name, texts in ((files[1], SOURCES), (files[3], TARGETS)):
        Path(name).write_bytes("\n".join(texts).encode("utf-16"))
    for command in ("evaluate", "score"):
        assert main([command, "--model", "loaded", *files]) == 1
        assert "source is UTF-16-LE and would be read as UTF-8" in capsys.readouterr().err
    Path(files[1]).write_text("\r".join(SOURCES))
    assert main(["score", "--model", "loaded", *files]) == 1
    assert "ends its lines with carriage returns alone" in capsys.readouterr().err


def test_a_padding_value_is_not_for_texts(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--model", "unread", *files, "--padding-value", "0"]) == 2
    assert "--padding-value is for sequences of numbers" in capsys.readouterr().err
