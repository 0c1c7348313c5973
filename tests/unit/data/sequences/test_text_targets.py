"""Corpora of features with target texts, and of texts with a label for each word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq.config.data_schema import CorpusFiles, DataSettings
from seq2seq.config.schema import Settings, settings_from_mapping
from seq2seq.data.corpus import PreparedCorpus, prepare_corpus
from seq2seq.data.readers.recognition import holds_features, recognise
from seq2seq.data.sequences.batches import FeatureTexts, SequenceData
from seq2seq.data.sequences.text_targets import target_text
from seq2seq.data.store import CorpusStore
from seq2seq.errors import DataError
from seq2seq.text.tokenizer import EOS

TRAIN: list[tuple[Any, Any]] = [
    ([[0.0, 5.0], [2.0, 5.0]], "ab a"),
    ([[4.0, 5.0]], "b"),
    ([[0.0, 5.0]], 12),
]


def settings(directory: Path, *, task: Any = "translation", **groups: Any) -> Settings:
    files = {"train": {"source": "train.jsonl"}, "valid": {"source": "valid.jsonl"}}
    tokenizer = {"kind": "char", "vocab_size": 50, "placeholders": 0, "byte_fallback": False}
    data = {"directory": str(directory), **files, **groups.pop("data", {})}
    return settings_from_mapping(
        {
            "task": task,
            "loss": {"label_smoothing": 0.0},
            "tokenizer": {**tokenizer, **groups.pop("tokenizer", {})},
            "data": data,
        }
    )


def write(directory: Path, name: str, rows: list[tuple[Any, Any]]) -> None:
    lines = [json.dumps({"source": source, "target": target}) for source, target in rows]
    (directory / f"{name}.jsonl").write_text("\n".join(lines) + "\n")


def prepare(directory: Path, **options: Any) -> PreparedCorpus:
    return prepare_corpus(settings(directory, **options), directory=directory / "corpora")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    write(tmp_path, "train", TRAIN)
    write(tmp_path, "valid", [([[9.0, 9.0]], "a b"), ([[1.0, 1.0]], ["a"]), ([[1.0]], "a")])
    return tmp_path


def test_features_are_scaled_and_texts_are_tokens(place: Path) -> None:
    corpus = prepare(place)
    assert corpus.inputs.scale is not None and corpus.inputs.scale.mean == (1.5, 5.0)
    texts = corpus.target_tokenizer.decode([row.tolist() for row in rows_of(corpus.train)])
    assert texts == ["ab a", "b", "12"]
    assert corpus.train.source[0].tolist() == [[0.0, 5.0], [2.0, 5.0]]
    dropped = corpus.report.splits["valid"].dropped.reasons
    assert {reason: tally.lines for reason, tally in dropped.items()} == {
        "a list as target, where a text is wanted": [2],
        "1 features, where 2 are wanted": [3],
    }
    assert "target 10 tokens" in corpus.report.lines()[0]
    again = PreparedCorpus.open(corpus.path)
    assert again.report == corpus.report
    with pytest.raises(TypeError):
        _ = corpus.schema


def rows_of(store: CorpusStore) -> list[Any]:
    return [store.target[row] for row in range(len(store))]


def test_a_damaged_store_of_texts_is_built_again(place: Path) -> None:
    path = prepare(place).path / "train" / "target.offsets"
    path.write_bytes(np.zeros(4, "<i8").tobytes())
    with pytest.raises(DataError, match="does not fit the values"):
        CorpusStore.open(path.parent)
    path.write_bytes(b"")
    assert rows_of(prepare(place).train)


def test_a_batch_is_padded_on_either_side(place: Path) -> None:
    corpus = prepare(place)
    pairs = FeatureTexts(corpus.train.source, corpus.train.target, corpus.inputs)
    sources, targets = pairs.lengths()
    assert sources.tolist() == [2, 1, 1]
    rows = np.arange(3)
    values, mask, ids = pairs.batch(rows)
    assert mask.tolist() == [[True, True], [True, False], [True, False]]
    assert values[0, :, 0].tolist() == pytest.approx([-1.5 / 1.6583124, 0.5 / 1.6583124])
    assert (ids == EOS).sum(axis=1).tolist() == [1, 1, 1]
    wide = pairs.batch(rows, (4, 9), padding="pre")
    assert wide.values.shape == (3, 4, 2) and wide.targets.shape == (3, 9)
    assert np.array_equal(wide.values[wide.mask], values[mask])
    assert (wide.targets[:, -1] == EOS).all()
    assert [int(length) for length in (ids > 0).sum(axis=1)] == targets.tolist()


def test_long_sequences_and_long_targets_are_left_out(place: Path) -> None:
    corpus = prepare(place, data={"max_length": 3})
    (reason,) = corpus.report.splits["train"].dropped.reasons.items()
    assert reason[0] == "longer than data.max_length=3" and reason[1].longest == 5


def test_texts_where_features_are_wanted_are_named(place: Path) -> None:
    write(place, "train", [([[1.0, 2.0]], None), ("a text", "b")])
    with pytest.raises(DataError, match="is a text, where sequences of numbers are wanted"):
        prepare(place)


@pytest.mark.parametrize(
    ("label", "text", "error"),
    [
        ("two words", "two words", None),
        (7.0, "7", None),
        (1.5, "1.5", None),
        (None, "", "no target"),
        ("", "", "no target"),
        (" ", " ", "empty target"),
        ("a\x00", "a\x00", "control character U+0000 in target"),
        (["a"], "", "a list as target, where a text is wanted"),
    ],
)
def test_a_label_is_read_as_text(label: Any, text: str, error: str | None) -> None:
    assert target_text(label) == (text, error)


def test_what_a_file_holds_is_seen(tmp_path: Path) -> None:
    def holds(name: str, content: str, **data: Any) -> bool:
        (tmp_path / name).write_text(content)
        settings = DataSettings(directory=str(tmp_path), **data)
        return holds_features(CorpusFiles(name), settings)

    assert holds("a.jsonl", 'broken\n{"source": [[null]], "target": "a"}\n')
    assert not holds("b.jsonl", '\n{"source": "text", "target": "a"}\n')
    assert holds("c.csv", "id,time,x,target\n1,1,2,a\n")
    assert not holds("d.csv", "source,target\na,b\n")
    assert holds("e.ts", "@data\n1,2\n")
    assert not holds("f.tsv", "a\tb\n")
    assert holds("g.txt", "@data\n1,2\n", format="ts")


def test_targets_of_several_words_are_recognised_as_texts(tmp_path: Path) -> None:
    def found(targets: list[str]) -> tuple[str, bool]:
        write(tmp_path, "data", [([[1.0]], target) for target in targets])
        read = recognise(CorpusFiles("data.jsonl"), DataSettings(directory=str(tmp_path)))
        return read.task, read.texts

    assert found([f"line {number} of many" for number in range(9)]) == ("translation", False)
    assert found(["New York", "San Jose"] * 5) == ("classification", False)
    assert found(["a", "b", "c"]) == ("classification", False)


def test_a_word_that_is_cut_is_labelled_at_its_first_token(place: Path) -> None:
    train = [("low lower newest", ["x", "y", "z"]), ("widest low", ["z", "x"]), ("low", ["x", "y"])]
    write(place, "train", train)
    write(place, "valid", [("lower ☃ unseen", ["y", "x", "z"])])
    task = {"name": "classification", "per_step": True}
    tokenizer = {"kind": "bpe", "vocab_size": 20}
    corpus = prepare(place, task=task, tokenizer=tokenizer)
    assert corpus.train.source.lengths[0] > 3
    assert [row.tolist() for row in rows_of(corpus.train)] == [[0, 1, 2], [2, 0]]
    assert list(corpus.report.splits["train"].dropped.reasons) == ["2 labels for 1 steps"]
    assert rows_of(corpus.valid)[0].tolist() == [1, 0, 2]
    data = SequenceData(corpus.train, corpus.inputs, corpus.schema)
    for padding in ("post", "pre"):
        batch = data.batch(np.arange(2), width=20, padding=padding)  # type: ignore[arg-type]
        starts = corpus.inputs.answered(batch.values.reshape(-1)).reshape(batch.mask.shape)
        assert batch.targets[starts & batch.mask].tolist() == [0, 1, 2, 2, 0]


@pytest.mark.parametrize("kind", ["unigram", "bpe", "char", "word", "symbols"])
def test_every_kind_of_tokenizer_tells_the_words(place: Path, kind: str) -> None:
    write(place, "train", [("low lower newest widest", ["x", "y", "z", "z"])] * 3)
    write(place, "valid", [("snow ☃ \u200b low", ["y", "x", "x", "x"])])
    task = {"name": "classification", "per_step": True}
    corpus = prepare(place, task=task, tokenizer={"kind": kind, "vocab_size": 22})
    assert [len(row) for row in rows_of(corpus.train)] == [4, 4, 4]
    assert [len(row) for row in rows_of(corpus.valid)] == [4]
