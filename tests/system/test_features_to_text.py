"""The life of a model from sequences of features to texts, by the commands a user has."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq import Translator, load_settings, train
from seq2seq.commands.main import main
from seq2seq.data.readers.ts import read_ts
from seq2seq.data.sequences.item import Form
from seq2seq.errors import DataError, ModelError, SettingsError
from seq2seq.training.reporting.terminal import SilentReport

DIGITS = ["zero", "one", "two", "three", "four"]
RECIPE = [
    "data=sequences",
    "task=translation",
    "data.valid_share=0.1",
    "tokenizer.kind=symbols",
    "tokenizer.vocab_size=20",
    "tokenizer.placeholders=0",
    "model.units=48",
    "model.embedding_dim=16",
    "model.dropout=0.1",
    "batching.max_tokens=300",
    "batching.shares=1",
    "optimizer.learning_rate=1e-2",
    "optimizer.schedule=constant",
    "training.patience=0",
    "training.validation_sentences=50",
    "loss.label_smoothing=0",
    "training.max_epochs=12",
]
LABELS = [f"data.{split}.source=digits.npz" for split in ("train", "test")]


def spoken_digits(count: int, seed: int) -> tuple[list[Any], list[str]]:
    """Noisy patterns of two to four steps, one for each digit, and the digits in words."""
    patterns = np.random.default_rng(0)
    shapes = [patterns.normal(0, 1.5, (2 + digit % 3, 4)) for digit in range(len(DIGITS))]
    random = np.random.default_rng(seed)
    sequences, texts = [], []
    for _ in range(count):
        digits = random.integers(0, len(DIGITS), random.integers(1, 5))
        steps = np.concatenate([shapes[digit] for digit in digits])
        sequences.append((steps + random.normal(0, 0.3, steps.shape)).round(3))
        texts.append(" ".join(DIGITS[digit] for digit in digits))
    return sequences, texts


def write_files(directory: Path, sequences: list[Any], texts: list[str]) -> None:
    lengths = [len(steps) for steps in sequences]
    np.savez(
        directory / "digits.npz",
        values=np.concatenate(sequences),
        lengths=lengths,
        labels=np.array(texts),
    )
    lines = [
        json.dumps({"source": steps.tolist(), "target": text}) + "\n"
        for steps, text in zip(sequences, texts, strict=True)
    ]
    (directory / "digits.jsonl").write_text("".join(lines))
    rows = ["id,time,a,b,c,d,target"]
    for number, (steps, text) in enumerate(zip(sequences, texts, strict=True)):
        rows += [
            f"{number},{time},{','.join(map(str, step))},{text}" for time, step in enumerate(steps)
        ]
    (directory / "digits.csv").write_text("\n".join(rows) + "\n")
    series = ["@classLabel true " + " ".join(sorted({t.replace(" ", "_") for t in texts})), "@data"]
    for steps, text in zip(sequences, texts, strict=True):
        columns = ":".join(",".join(map(str, column)) for column in steps.T)
        series.append(f"{columns}:{text.replace(' ', '_')}")
    (directory / "digits.ts").write_text("\n".join(series) + "\n")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with unseen sequences, and a run trained on others."""
    directory = tmp_path_factory.mktemp("digits")
    write_files(directory, *spoken_digits(600, seed=1))
    places = [f"runs={directory}/runs", f"data.directory={directory}"]
    train(
        load_settings([*RECIPE, *LABELS, *places, "name=digits"]),
        report=SilentReport(),
    )
    write_files(directory, *spoken_digits(60, seed=2))
    return directory


@pytest.fixture
def run(place: Path) -> Path:
    return place / "runs" / "digits"


def lines(capsysbinary: Any, *arguments: str) -> list[str]:
    """What a command that went well wrote."""
    assert main(list(arguments)) == 0
    return str(capsysbinary.readouterr().out.decode()).split("\n")[:-1]


def refusal(capsysbinary: Any, *arguments: str) -> str:
    """The one line with which a command ended."""
    assert main(list(arguments)) in (1, 2)
    shown = capsysbinary.readouterr()
    assert shown.out == b""
    return str(shown.err.decode()).strip().split("\n")[-1]


def feed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_unseen_sequences_are_written_as_words(place: Path, run: Path, capsysbinary: Any) -> None:
    _, texts = spoken_digits(60, seed=2)
    given = str(place / "digits.npz")
    found = lines(capsysbinary, "translate", "--model", str(run), "--input", given)
    right = sum(one == other for one, other in zip(found, texts, strict=True))
    assert right >= 50
    (line,) = lines(capsysbinary, "evaluate", "--model", str(run), "--source", given, "--json")
    figures = json.loads(line)
    assert figures["sequence_error_rate"] == pytest.approx(100 * (1 - right / 60))
    assert figures["symbol_error_rate"] < 15 and figures["sentences"] == 60


def test_every_format_gives_the_same_lines_in_order(
    place: Path, run: Path, capsysbinary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = ["--model", str(run)]
    plain = lines(capsysbinary, "translate", *model, "--input", str(place / "digits.jsonl"))
    for kind in ("npz", "csv", "ts"):
        path = str(place / f"digits.{kind}")
        assert lines(capsysbinary, "translate", *model, "--input", path) == plain
    feed(monkeypatch, (place / "digits.jsonl").read_text())
    assert lines(capsysbinary, "translate", *model) == plain
    sequences, _ = spoken_digits(60, seed=2)
    translator = Translator.load(run)
    assert translator.translate(sequences) == plain
    assert [translator.translate([steps])[0] for steps in sequences[:10]] == plain[:10]
    assert translator.translate(sequences[::-1], batch_tokens=40) == plain[::-1]


def test_what_cannot_be_read_is_a_blank_line_with_its_number(
    run: Path, capsysbinary: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = '{"source": [[1, 1, 1, 1]]}\nno json\n\n{"source": [[1]]}\n{"source": "text"}\n'
    feed(monkeypatch, given)
    arguments = ["translate", "--model", str(run), "--scores", "--n-best", "2"]
    assert main(arguments) == 0
    shown = capsysbinary.readouterr()
    found = shown.out.decode().split("\n")[:-1]
    assert [line.count("\t") for line in found] == [3] * 5
    assert [line.strip() for line in found[1:]] == [""] * 4
    errors = shown.err.decode()
    assert "line 2 is not translated: not a JSON object" in errors
    assert "line 4 is not translated: 1 features, where 4 are wanted" in errors
    feed(monkeypatch, given)
    found = lines(capsysbinary, "translate", "--model", str(run), "--format", "jsonl")
    records = [json.loads(line) for line in found]
    assert [record["line"] for record in records] == [1, 2, 3, 4, 5]
    assert "source" not in records[0] and records[1]["notes"]
    path = tmp_path / "series.ts"
    path.write_text("@dimensions 4\n@data\n1:2:3:4\n1:2\n")
    found = lines(capsysbinary, "translate", "--model", str(run), "--input", str(path))
    assert len(found) == 2 and found[0] and not found[1]


def test_an_array_that_is_no_sequence_is_told_by_its_number(run: Path) -> None:
    translator = Translator.load(run)
    assert translator.translate([]) == []
    with pytest.raises(DataError, match="sequence 2 is 3 features, where 4 are wanted"):
        translator.translate([np.ones((2, 4)), np.ones((2, 3))])
    with pytest.raises(DataError, match="sequence 1 is a text, where sequences of numbers"):
        translator.translate(["a text"])
    with pytest.raises(DataError, match="sequence 1: a missing value"):
        translator.translate([np.full((2, 4), np.nan)])
    with pytest.raises(ModelError, match="this model reads sequences of numbers"):
        _ = translator.source_tokenizer


def test_options_of_source_texts_are_refused(
    place: Path, run: Path, capsysbinary: Any, tmp_path: Path
) -> None:
    (tmp_path / "terms.tsv").write_text("a\tb\n")
    model = ["--model", str(run)]
    given = ["--input", str(place / "digits.jsonl")]
    translate = ["translate", *model]
    for arguments, words in (
        ([*translate, *given, "--glossary", str(tmp_path / "terms.tsv")], "glossary received"),
        ([*translate, *given, "--carry", "number"], "placeholders (--carry) received number"),
        ([*translate, "a text"], "received the text 'a text'; this model reads sequences"),
        (["export", str(run), "--shortlist"], "leave --shortlist out"),
        (
            ["evaluate", *model, "--source", given[1], "--report", str(tmp_path / "report")],
            "--report is for source texts",
        ),
        (
            ["score", *model, "--source", given[1], "--target", given[1]],
            "this model reads sequences of numbers",
        ),
        (["predict", *model, *given], "is a translator; use `seq2seq translate`"),
    ):
        assert words in refusal(capsysbinary, *arguments)
    assert not (tmp_path / "report").exists()


def test_conditions_on_the_text_hold(run: Path) -> None:
    translator = Translator.load(run)
    sequences, _ = spoken_digits(5, seed=3)
    for text in translator.translate(sequences, prefix="four", required=("two",)):
        assert text.startswith("four") and "two" in text
    assert all("one" not in t for t in translator.translate(sequences, forbidden=("one",)))
    with pytest.raises(SettingsError, match="placeholders"):
        translator.translate(sequences, placeholders=("number",))


def test_translating_needs_no_tensorflow(place: Path, run: Path) -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['tensorflow', 'keras', 'onnx', 'ray']))\n"
        "from seq2seq.commands.main import main\n"
        f"sys.exit(main(['translate', '--model', {str(run)!r}, '--input', "
        f"{str(place / 'digits.npz')!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 60


def test_an_export_in_integers_is_measured(
    place: Path, run: Path, capsysbinary: Any, tmp_path: Path
) -> None:
    output = tmp_path / "int8"
    assert main(["export", str(run), "--quantize", "int8", "--output", str(output)]) == 0
    cost = json.loads((output / "metrics.json").read_text())["quantization"]
    assert cost["sentences"] == 600 and cost["same_translations"] > 570
    capsysbinary.readouterr()
    given = ["--input", str(place / "digits.npz")]
    found = lines(capsysbinary, "translate", "--model", str(output), *given)
    assert len(found) == 60
    assert main(["inspect", str(output), "--json"]) == 0
    assert not (run / "export" / "source.model").exists()


def test_settings_of_source_texts_are_refused_before_training(place: Path) -> None:
    places = [f"runs={place}/refused", f"data.directory={place}", "name=refused"]
    for setting in ("data.noise.typo=0.1", "search.max_sentences=2", "data.carry=[url]"):
        with pytest.raises(SettingsError, match=r"it is for sources that are texts, and digits"):
            train(load_settings([*RECIPE, *LABELS, *places, setting]), report=SilentReport())
    assert not list((place / "refused").glob("refused/checkpoints/*"))


def test_a_file_without_targets_ends_in_one_sentence(place: Path, tmp_path: Path) -> None:
    (tmp_path / "bare.jsonl").write_text('{"source": [[1, 2]]}\n{"source": [[2, 2]]}\n')
    files = ["data.train.source=bare.jsonl", f"data.directory={tmp_path}"]
    with pytest.raises(DataError, match="none of 2 sequences can be used for train: no target"):
        train(
            load_settings([*RECIPE, *files, f"runs={tmp_path}/runs", "name=bare"]),
            report=SilentReport(),
        )


SPEAKERS = [
    "akira",
    "hiroshi",
    "ichiro",
    "kenji",
    "makoto",
    "noboru",
    "satoshi",
    "takeshi",
    "yutaka",
]


def spelled(path: Path, target: Path) -> list[str]:
    """Write the utterances of a `.ts` file with their speakers' names as targets; return these."""
    records, names = [], []
    for item in read_ts(path, Form()):
        assert isinstance(item.content, np.ndarray)
        names.append(" ".join(SPEAKERS[int(str(item.label)) - 1]))
        records.append({"source": item.content.tolist(), "target": names[-1]})
    target.write_text("".join(json.dumps(record) + "\n" for record in records))
    return names


@pytest.mark.slow
def test_vowels_spell_the_name_of_their_speaker(
    shared_data: Path, tmp_path: Path, capsysbinary: Any
) -> None:
    vowels = shared_data / "japanese_vowels"
    spelled(vowels / "JapaneseVowels_TRAIN.ts", tmp_path / "train.jsonl")
    names = spelled(vowels / "JapaneseVowels_TEST.ts", tmp_path / "test.jsonl")
    settings = [
        *("data.train.source=train.jsonl", f"data.directory={tmp_path}", f"runs={tmp_path}/runs"),
        *("name=vowels", "model.units=64", "model.dropout=0.3", "training.max_epochs=20"),
    ]
    train(load_settings([*RECIPE, *settings]), report=SilentReport())
    arguments = ["translate", "--model", str(tmp_path / "runs" / "vowels")]
    found = lines(capsysbinary, *arguments, "--input", str(tmp_path / "test.jsonl"))
    right = sum(one == other for one, other in zip(found, names, strict=True))
    assert right / len(names) > 0.85
