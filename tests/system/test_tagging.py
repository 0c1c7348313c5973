"""The life of a model that tags words, with a CRF: CoNLL files in, CoNLL files out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq import Predictor, load_settings, train
from seq2seq.commands.main import main
from seq2seq.errors import SettingsError, UserError
from seq2seq.training.reporting.terminal import SilentReport

RECIPE = [
    "data=sequences",
    "task=classification",
    "task.per_step=true",
    "data.valid_share=0.2",
    "tokenizer.kind=bpe",
    "tokenizer.vocab_size=60",
    "tokenizer.byte_fallback=false",
    "tokenizer.placeholders=0",
    "model.units=16",
    "model.embedding_dim=8",
    "model.dropout=0",
    "model.head=crf",
    "batching.max_tokens=200",
    "batching.shares=1",
    "optimizer.learning_rate=2e-2",
    "training.max_epochs=4",
    "training.patience=0",
    "training.monitor=valid_span_f1",
]


def sentences(count: int = 120) -> list[list[tuple[str, str]]]:
    """Sentences such as `go to new york now`, with the place tagged."""
    random = np.random.default_rng(0)
    made = []
    for _ in range(count):
        place = [["rome"], ["new", "york"], ["rio", "de", "janeiro"]][random.integers(3)]
        words = [(str(random.choice(["go", "we", "fly"])), "O"), ("to", "O")]
        words += [(word, "I-place" if n else "B-place") for n, word in enumerate(place)]
        made.append(words + [("now", "O")] * int(random.integers(3)))
    return made


def conll(made: list[list[tuple[str, str]]]) -> str:
    return "".join("".join(f"{word} X {tag}\n" for word, tag in one) + "\n" for one in made)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose test set is its training file."""
    directory = tmp_path_factory.mktemp("tagging")
    (directory / "words.conll").write_text("-DOCSTART- -X- O\n\n" + conll(sentences()))
    files = ["data.train.source=words.conll", "data.test.source=words.conll"]
    places = [f"data.directory={directory}", f"runs={directory}/runs", "name=tags"]
    result = train(load_settings([*RECIPE, *places, *files]), report=SilentReport())
    return Path(result.run_directory)


@pytest.fixture
def seq2seq(capsysbinary: Any) -> Callable[..., str]:
    def output(*arguments: str) -> str:
        assert main(list(arguments)) == 0
        return str(capsysbinary.readouterr().out.decode())

    return output


def words_of(run: Path) -> Path:
    return run.parents[1] / "words.conll"


def test_a_run_learns_spans_and_reports_their_f1(run: Path) -> None:
    metrics = json.loads((run / "result.json").read_text())["metrics"]
    assert metrics["test_span_f1"] > 0.9
    assert metrics["test_span_precision"] > 0.9 and metrics["test_accuracy"] > 0.9
    kinds = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert any("valid_span_f1" in line for line in kinds)
    with np.load(run / "export" / "weights.npz") as numbers:
        assert np.abs(numbers["crf/transitions"]).max() > 0.0
        assert numbers["crf/transitions"].shape == (3, 3)


def test_a_conll_file_comes_back_with_the_predicted_column(
    run: Path, seq2seq: Callable[..., str]
) -> None:
    path = words_of(run)
    lines = path.read_text().split("\n")
    model = ["--model", str(run), "--input", str(path)]
    found = seq2seq("predict", *model, "--format", "conll").split("\n")
    assert len(found) == len(lines)
    assert found[:2] == ["-DOCSTART- -X- O O", ""]
    predicted = []
    for line, written in zip(lines[2:], found[2:], strict=True):
        before, _, tag = written.rpartition(" ")
        assert before == line
        predicted += [tag] if line else []
    plain = seq2seq("predict", *model).split("\n")[:-1]
    assert len(plain) == len(sentences())
    assert " ".join(plain).split() == predicted
    wanted = [line.split()[-1] for line in lines[2:] if line]
    right = sum(one == tag for one, tag in zip(wanted, predicted, strict=True))
    figures = json.loads(seq2seq("evaluate", *model[:2], "--source", str(path), "--json"))
    assert figures["accuracy"] == pytest.approx(right / len(predicted))


def test_an_invalid_sentence_is_named_and_comes_back_without_predictions(
    run: Path, tmp_path: Path, capsysbinary: Any
) -> None:
    path = tmp_path / "broken.conll"
    path.write_text("go X O\nrome\n\n# a longer remark\nfly X O\n")
    model = ["--model", str(run), "--input", str(path)]
    assert main(["predict", *model, "--format", "conll"]) == 0
    shown = capsysbinary.readouterr()
    first, second, *rest = shown.out.decode().split("\n")
    assert [first, second] == ["go X O _", "rome _"]
    assert rest[:2] == ["", "# a longer remark"] and rest[2].startswith("fly X O ")
    wanted = "line 2: 1 column, where the other words of the file have 3; no prediction"
    assert wanted in shown.err.decode()
    assert main(["predict", *model]) == 0
    assert capsysbinary.readouterr().out.decode().split("\n")[0] == ""


def test_texts_give_a_word_a_line(run: Path, seq2seq: Callable[..., str]) -> None:
    found = seq2seq("predict", "--model", str(run), "--format", "conll", "go to rome", "we fly")
    assert [line.partition("\t")[0] for line in found.split("\n")] == [
        *("go", "to", "rome", ""),
        *("we", "fly", "", ""),
    ]
    (tags,) = seq2seq("predict", "--model", str(run), "go to rome").split("\n")[:-1]
    assert [line.partition("\t")[2] for line in found.split("\n")[:3]] == tags.split()


def test_probabilities_are_marginals_and_labels_the_best_path(run: Path) -> None:
    predictor = Predictor.load(run)
    (found,) = predictor.predict(["we go to new york"])
    assert len(found.answers) == 5
    for one in found.answers:
        assert one.probabilities is not None and one.label in predictor.schema.classes
        assert sum(one.probabilities.values()) == pytest.approx(1.0, abs=1e-5)


def test_the_evaluation_shows_spans_by_type(
    run: Path, tmp_path: Path, seq2seq: Callable[..., str]
) -> None:
    source = ["--model", str(run), "--source", str(words_of(run))]
    figures = json.loads(seq2seq("evaluate", *source, "--json"))
    metrics = json.loads((run / "result.json").read_text())["metrics"]
    for name in ("span_f1", "span_precision", "span_recall", "loss", "accuracy"):
        assert figures[name] == pytest.approx(metrics[f"test_{name}"], abs=1e-6)
    assert figures["spans"]["scheme"] == "IOB2"
    assert figures["spans"]["types"]["place"]["wanted"] == len(sentences())
    report = tmp_path / "report"
    text = seq2seq("evaluate", *source, "--report", str(report))
    assert "tags are IOB2; 0 predicted spans are invalid in it" in text
    assert "F1 of spans" in (report / "report.html").read_text()


def test_integers_keep_the_potentials_in_float32(run: Path, seq2seq: Callable[..., str]) -> None:
    output = Path(seq2seq("export", str(run), "--quantize", "int8").strip())
    with np.load(output / "weights.npz") as one, np.load(run / "export" / "weights.npz") as other:
        for name in ("crf/transitions", "crf/start", "crf/end"):
            assert one[name].dtype == np.float32
            assert one[name].tobytes() == other[name].tobytes()
    cost = json.loads((output / "metrics.json").read_text())["quantization"]
    assert abs(cost["span_f1_difference"]) < 0.1


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (
            ["task.per_step=false", "training.monitor=auto"],
            "model.head received crf with task.per_step=false; it is for one class at each step "
            "(task=classification task.per_step=true): set model.head=softmax.",
        ),
        (
            ["task=regression", "task.per_step=true", "training.monitor=auto"],
            "model.head received crf with task=regression; it is for one class at each step "
            "(task=classification task.per_step=true): set model.head=softmax.",
        ),
        (
            ["task.several_labels=true", "training.monitor=auto"],
            "model.head received crf with task.several_labels=true; it is for one class at each "
            "step (task=classification task.per_step=true): set model.head=softmax.",
        ),
        (
            ["loss.label_smoothing=0.1"],
            "model.head received crf with loss.label_smoothing=0.1; the loss of a path of classes "
            "has none: set loss.label_smoothing=0.",
        ),
        (
            ["task.class_weights=balanced"],
            "model.head received crf with task.class_weights=balanced; the loss of a path of "
            "classes has none: set task.class_weights=none.",
        ),
        (
            ["model.head=softmax", "task.per_step=false"],
            "training.monitor received valid_span_f1 with task.per_step=false; it is for one tag "
            "at each step: set training.monitor=auto.",
        ),
    ],
)
def test_settings_that_do_not_go_together_are_named(overrides: list[str], message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings([*RECIPE, "data.train.source=a.conll", "name=wrong", *overrides])
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (
            ["task.per_step=false", "model.head=softmax", "training.monitor=auto"],
            "data.train.source received words.conll, a CoNLL file with a class of each word, and "
            "task.per_step=false; set task.per_step=true",
        ),
        (
            ["data.conll.tag=1"],
            "words.conll: data.conll.tag received 1, and the words are in column 1; set it to the "
            "column of the classes",
        ),
        (
            ["data.conll.tag=9"],
            "words.conll: data.conll.tag received 9, and most words have 3 columns; set it to the "
            "column of the classes",
        ),
        (
            ["data.train.source=untagged.conll"],
            "untagged.conll: most words have 1 column and no class; give a file with a class "
            "beside each word",
        ),
        (
            ["data.conll.word=3"],
            "words.conll: the words are in column 3, where the classes would be by default, and "
            "most words have 3 columns; set data.conll.tag to the column of the classes",
        ),
        (
            ["data.train.source=labelled.jsonl", "data.conll.tag=3"],
            "labelled.jsonl is no CoNLL file; leave it out, or set data.format=conll",
        ),
        (
            ["data.conll.word=3", "data.conll.tag=1"],
            "training.monitor received valid_span_f1, and the classes are de, fly, go, janeiro, "
            "new, ...; it is for tags of spans, such as B-place, I-place and O: set "
            "training.monitor=auto",
        ),
    ],
)
def test_files_that_do_not_fit_the_settings_are_named(
    run: Path, overrides: list[str], message: str
) -> None:
    directory = run.parents[1]
    (directory / "untagged.conll").write_text("go\nto\nrome\n\n")
    (directory / "labelled.jsonl").write_text('{"source": "to rome", "target": ["O", "B-place"]}\n')
    places = [f"data.directory={directory}", f"runs={directory}/runs", "name=wrong"]
    settings = load_settings([*RECIPE, *places, "data.train.source=words.conll", *overrides])
    with pytest.raises(UserError) as raised:
        train(settings, report=SilentReport())
    assert message in str(raised.value)
    assert sorted(path.name for path in run.parent.iterdir()) == ["corpora", run.name]


def test_conll_is_for_words_alone(run: Path, capsysbinary: Any) -> None:
    model = ["predict", "--model", str(run), "--format", "conll", "--stream"]
    assert main(model) == 2
    error = capsysbinary.readouterr().err.decode()
    assert error.endswith("--stream reads steps, which are no words; leave --format conll out\n")
