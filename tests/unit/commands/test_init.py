"""`seq2seq init` writes a recipe that composes, or nothing."""

from __future__ import annotations

import gzip
import json
import shlex
from pathlib import Path

import numpy as np
import pytest

from seq2seq import load_settings
from seq2seq.commands.main import main

PAIR = ["--source", "train.en", "--target", "train.de"]
VALID = ["--valid-source", "valid.en", "--valid-target", "valid.de"]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a small corpus."""
    monkeypatch.chdir(tmp_path)
    for split, lines in (("train", 30), ("valid", 3), ("test", 2)):
        for side in ("en", "de"):
            (tmp_path / f"{split}.{side}").write_text("a sentence\n" * lines)
    (tmp_path / "pairs.tsv").write_text("a\tb\n" * 5)
    (tmp_path / "pairs.csv").write_text("eins,zwei\na,b\n")
    (tmp_path / "unlabelled.jsonl").write_text('{"source": [1, 2]}\n' * 4)
    (tmp_path / "broken.npz").write_text("?")
    (tmp_path / "pairs.jsonl").write_text('{"en": "a", "de": "b"}\n' * 4)
    (tmp_path / 'odd name ${x} "ü".en').write_text("a\n" * 30)
    with gzip.open(tmp_path / "train.de.gz", "wt") as packed:
        packed.write("a\n" * 30)
    return tmp_path


def recipe_names(directory: Path) -> list[str]:
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*.yaml"))


def test_the_recipe_composes_and_the_next_command_is_named(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    test = ["--test-source", "test.en", "--test-target", "test.de"]
    assert main(["init", *PAIR, *VALID, *test, "--name", "own"]) == 0
    shown = capsys.readouterr()
    assert shown.out == "conf/experiment/own.yaml\n"
    assert "train: 30 pairs" in shown.err
    assert "seq2seq train experiment=own" in shown.err
    settings = load_settings(["experiment=own"])
    assert settings.name == "own"
    assert settings.data.name == "own"
    assert settings.data.directory == str(files)
    assert (settings.data.train.source, settings.data.train.target) == ("train.en", "train.de")
    assert settings.data.test.target == "test.de"
    assert settings.tokenizer.vocab_size == 2000


def test_names_of_any_kind_survive(files: Path) -> None:
    name = 'odd name ${x} "ü".en'
    arguments = ["--source", name, "--target", "train.de.gz", *VALID, "--name", "1"]
    assert main(["init", *arguments]) == 0
    settings = load_settings(["experiment=1"])
    assert settings.name == "1"
    assert settings.data.train.source == name
    assert settings.data.train.target == "train.de.gz"


def test_one_file_of_pairs(files: Path) -> None:
    tsv = ["--source", "pairs.tsv", "--valid-source", "pairs.tsv", "--name", "t"]
    assert main(["init", *tsv]) == 0
    assert load_settings(["experiment=t"]).data.train.target is None
    json_lines = ["--source", "pairs.jsonl", "--valid-source", "pairs.jsonl", "--name", "j"]
    assert main(["init", *json_lines, "--source-field", "en", "--target-field", "de"]) == 0
    data = load_settings(["experiment=j"]).data
    assert (data.source_field, data.target_field) == ("en", "de")


def test_another_directory_is_named_in_the_commands(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", *PAIR, *VALID, "--directory", "my recipes"]) == 0
    assert "--config-dir 'my recipes' experiment=mine" in capsys.readouterr().err
    assert load_settings(["experiment=mine"], config_dir="my recipes").name == "mine"


@pytest.mark.parametrize(
    ("arguments", "status", "part"),
    [
        (PAIR, 2, "--valid-source is not given"),
        ([*PAIR, "--valid-source", "valid.en"], 2, "--valid-target is not set"),
        (["--source", "train.en", *VALID], 2, "--target is not set; give the file with"),
        ([*PAIR, *VALID, "--name", "../x"], 2, "name received '../x'"),
        ([*PAIR, *VALID, "--name", "multi30k"], 2, "choose another name"),
        ([*PAIR, *VALID, "--format", "csv"], 2, "--target=train.de cannot go with --format=csv"),
        ([*PAIR, *VALID, "--format", "odd"], 2, "--format received 'odd'"),
        ([*PAIR, *VALID, "--encoding", "odd"], 2, "--encoding=odd is not known"),
        ([*PAIR, *VALID, "--name", "null"], 2, "--name received 'null'; experiment=null would"),
        ([*PAIR, *VALID, "--name", "a.yaml"], 2, "--name received 'a.yaml'; experiment=a.yaml w"),
        (["--source", "none.ts"], 1, "--source=none.ts: none.ts (from "),
        (["--source", "train.en", "--task", "classification"], 2, "set --format to one of"),
        (["--source", "unlabelled.jsonl"], 1, "unlabelled.jsonl holds sequences without labels"),
        (["--source", "broken.npz"], 1, "broken.npz holds no sequence that can be used ("),
        (
            ["--source", "pairs.csv", "--valid-source", "pairs.csv"],
            1,
            "--source-field=... and",
        ),
        ([*PAIR, *VALID, "--colour"], 2, "seq2seq init --help"),
        ([], 2, "--source"),
        (["--source", "train.en", "--target", "none.de", *VALID], 1, "none.de"),
        (["--source", "train.en", "--target", "valid.de", *VALID], 1, "train.en has 30 lines"),
    ],
)
def test_what_cannot_be_is_one_line_and_leaves_nothing(
    files: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    part: str,
) -> None:
    found = main(["init", *arguments])
    shown = capsys.readouterr()
    assert part in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""
    assert found == status
    assert recipe_names(files) == []


def test_an_empty_file_is_refused(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "empty.tsv").touch()
    assert main(["init", "--source", "empty.tsv", "--valid-source", "pairs.tsv"]) == 1
    assert "empty.tsv is empty" in capsys.readouterr().err
    assert recipe_names(files) == []


def test_a_recipe_is_not_written_over_unasked(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = files / "conf/experiment/mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("precious\n")
    assert main(["init", *PAIR, *VALID]) == 2
    assert "is there already" in capsys.readouterr().err
    assert path.read_text() == "precious\n"
    assert main(["init", *PAIR, *VALID, "--force"]) == 0
    assert path.read_text() != "precious\n"
    assert [entry.name for entry in path.parent.iterdir()] == ["mine.yaml"]


@pytest.mark.parametrize("name", ["2024", "1e3", "true", "übung", "मेरा"])
def test_the_printed_commands_work_as_they_stand(
    files: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main(["init", *PAIR, *VALID, "--name", name]) == 0
    for line in capsys.readouterr().err.splitlines()[-2:]:
        command = shlex.split(line.partition(":")[2])
        assert command[0] == "seq2seq"
        assert load_settings(command[2:]).name == name


def steps(label: object, length: int) -> str:
    return json.dumps({"source": [[0.5, -1.0]] * length, "target": label}) + "\n"


def write_sequences(path: Path) -> None:
    """Files of every kind that readers of sequences know, each with its task in its name."""
    table = "".join(f"{n},{t},{n + t / 2},{'ab'[n % 2]}\n" for n in range(12) for t in range(n + 1))
    (path / "classification.csv").write_text(f"id,time,x,target\n{table}")
    tags = "".join(f"{n},{t},{n},{'ab'[t % 2]}\n" for n in range(12) for t in range(n + 1))
    (path / "per_step.csv").write_text(f"id,time,x,target\n{tags}")
    series = "".join(f"{n},{n + 1}:{n % 2}\n" for n in range(12))
    (path / "classification.ts").write_text(f"@classLabel true 0 1\n@data\n{series}")
    (path / "regression.ts").write_text(f"@targetLabel true\n@data\n{series}")
    lengths, values = np.arange(1, 13), np.ones((78, 2), np.float32)
    np.savez(path / "classification.npz", values=values, lengths=lengths, labels=lengths % 2)
    np.savez(path / "regression.npz", values=values, lengths=lengths, labels=lengths / 4)
    np.savez(path / "per_step.npz", values=values, lengths=lengths, labels=np.arange(78) % 3)
    lines = [steps(n % 3, n + 1) for n in range(12)]
    (path / "classification.jsonl").write_text("".join(lines))
    (path / "regression.jsonl").write_text("".join(steps(n / 3, n + 1) for n in range(12)))
    tagged = [steps([*"abababababab"[:n]], n) for n in range(1, 13)]
    (path / "per_step.jsonl").write_text("".join(tagged))
    several = [steps(["a", "b", "c"][: n % 4], n + 5) for n in range(1, 12)]
    (path / "several.jsonl").write_text("".join(several))
    (path / "classification.tsv").write_text("".join(f"text {n}\t{n % 2}\n" for n in range(12)))
    (path / "regression.tsv").write_text("".join(f"text {n}\t{n / 4}\n" for n in range(12)))
    (path / "classification").write_text("".join(f"__label__{n % 2} text {n}\n" for n in range(12)))
    (path / "translation.tsv").write_text("".join(f"text {n}\tText {n}\n" for n in range(12)))
    (path / "translation.csv").write_text("en,de\n" + "a b,c d\n" * 12)


@pytest.mark.parametrize(
    ("name", "task"),
    [
        *((f"classification{end}", {}) for end in (".csv", ".ts", ".npz", ".jsonl", ".tsv", "")),
        *((f"regression{end}", {}) for end in (".ts", ".npz", ".jsonl", ".tsv")),
        *((f"per_step{end}", {"per_step": True}) for end in (".csv", ".npz", ".jsonl")),
        ("several.jsonl", {"several_labels": True}),
        ("translation.tsv", {}),
        ("translation.csv", {}),
    ],
)
def test_the_task_is_that_of_the_files(
    name: str,
    task: dict[str, bool],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    write_sequences(tmp_path)
    valid = ["--valid-source", name] if name.startswith("translation") else []
    assert main(["init", "--source", name, *valid, "--name", "own"]) == 0
    shown = capsys.readouterr().err
    settings = load_settings(["experiment=own"])
    expected = name.partition(".")[0]
    if expected in ("per_step", "several"):
        expected = "classification"
    assert settings.task.name == expected
    assert f"task={expected} (--task chooses another)" in shown
    assert settings.task.per_step == task.get("per_step", False)
    assert settings.task.several_labels == task.get("several_labels", False)
    assert (settings.name, settings.data.train.source) == ("own", name)
    held_out = [] if valid else ["data.valid_share=0.4"]
    assert main(["inspect", "--json", "experiment=own", *held_out]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["kind"] == ("corpus" if valid else "sequences")
    kept = [split["kept"] for split in facts["report"]["splits"].values()]
    assert sum(kept) >= 11


def test_the_task_can_be_named(files: Path) -> None:
    tsv = ["--source", "pairs.tsv", "--task", "classification", "--name", "c"]
    assert main(["init", *tsv]) == 0
    assert load_settings(["experiment=c"]).task.name == "classification"


def test_a_format_that_is_given_is_kept(files: Path) -> None:
    (files / "s.dat").write_text("".join(steps(n % 2, n + 1) for n in range(9)))
    assert main(["init", "--source", "s.dat", "--format", "jsonl"]) == 0
    settings = load_settings(["experiment=mine"])
    assert (settings.data.format, settings.task.name) == ("jsonl", "classification")
    (files / "p.dat").write_text("a b\tc d\n" * 9)
    pairs = ["--source", "p.dat", "--valid-source", "p.dat", "--name", "p", "--format", "tsv"]
    assert main(["init", *pairs]) == 0
    settings = load_settings(["experiment=p"])
    assert (settings.data.format, settings.task.name) == ("tsv", "translation")


def test_texts_and_labels_of_two_files(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "texts").write_text("".join(f"text {n}\n" for n in range(9)))
    (files / "labels").write_text("good\nbad\nbad\n" * 3)
    assert main(["init", "--source", "texts", "--target", "labels"]) == 0
    settings = load_settings(["experiment=mine"])
    assert (settings.task.name, settings.data.train.target) == ("classification", "labels")


def test_what_a_recipe_of_sequences_needs_is_in_it(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = [steps(n % 2, 40 * n + 1) for n in range(40)]
    holes = json.dumps({"source": [[1.0, None], [1.0, 2.0]], "target": 1}) + "\n"
    (files / "long.jsonl").write_text("".join(long) + holes + "broken\n")
    assert main(["init", "--source", "long.jsonl"]) == 0
    shown = capsys.readouterr().err
    settings = load_settings(["experiment=mine"])
    assert settings.data.max_length == 40 * 39 + 1
    assert settings.batching.max_tokens >= 40 * 39 + 1
    assert settings.data.features.missing == "linear"
    assert settings.data.valid_share == 0.1
    assert "train: 1 cannot be used; the first: long.jsonl, line 42: not a JSON object" in shown
    np.savez("padded.npz", values=np.full((9, 4, 2), -1.0), labels=np.arange(9) % 3)
    padded = ["--source", "padded.npz", "--padding-value", "-10", "--name", "padded"]
    assert main(["init", *padded]) == 0
    assert load_settings(["experiment=padded"]).data.features.padding_value == "-10"


def test_columns_of_steps_can_be_named(files: Path) -> None:
    (files / "s.csv").write_text("who,when,x,what\n1,1,2.0,a\n1,2,2.5,a\n2,1,0.0,b\n")
    names = ["--id-field", "who", "--time-field", "when", "--target-field", "what"]
    assert main(["init", "--source", "s.csv", *names]) == 0
    data = load_settings(["experiment=mine"]).data
    assert (data.features.id_field, data.features.time_field) == ("who", "when")
    assert data.target_field == "what"


@pytest.mark.parametrize("named", [False, True])
def test_a_recipe_for_features_with_texts(
    files: Path, capsys: pytest.CaptureFixture[str], named: bool
) -> None:
    texts = ["good" if named else f"word {n} of many" for n in range(12)]
    rows = [json.dumps({"source": [[n, 1.0]], "target": text}) for n, text in enumerate(texts)]
    (files / "sounds.jsonl").write_text("".join(row + "\n" for row in rows))
    task = ["--task", "translation"] if named else []
    assert main(["init", "--source", "sounds.jsonl", *task]) == 0
    assert "sequences of numbers with texts: task=translation" in capsys.readouterr().err
    settings = load_settings(["experiment=mine"])
    assert (settings.task.name, settings.data.valid_share) == ("translation", 0.1)
    assert main(["inspect", "--json", "experiment=mine", "data.valid_share=0.4"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["kind"] == "sequences" and facts["features"] == 2
    assert facts["report"]["target_vocab"] > 4
