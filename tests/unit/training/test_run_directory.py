"""A run's directory: one process at a time, the settings it began with, and who made it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seq2seq.config.schema import (
    LossSettings,
    ModelSettings,
    OptimizerSettings,
    SearchSettings,
    Settings,
    TokenizerSettings,
    TrainingSettings,
)
from seq2seq.disk import locked
from seq2seq.errors import ModelError, TrainingError
from seq2seq.text.normalization import Normalizer
from seq2seq.text.sentences import TrainingSources
from seq2seq.text.tokenizer import Tokenizer
from seq2seq.text.tokenizer_training import train_tokenizer
from seq2seq.training.run_directory import (
    check_resumed_corpus,
    check_resumed_settings,
    provenance,
    read_settings,
    read_translation_inputs,
    write_translation_inputs,
)

SETTINGS = Settings(training=TrainingSettings(max_epochs=2))


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    with (
        locked(tmp_path / "run"),
        pytest.raises(TrainingError, match=r"process \(\d+\) is training"),
        locked(tmp_path / "run"),
    ):
        pytest.fail("two hold the lock")
    with locked(tmp_path / "run"):
        pass


def test_settings_come_back(tmp_path: Path) -> None:
    check_resumed_settings(tmp_path, SETTINGS, begun=True)
    assert read_settings(tmp_path) == SETTINGS
    with pytest.raises(ModelError, match=r"settings\.yaml cannot be read"):
        read_settings(tmp_path / "nowhere")
    for damage in (b"", b"\xff\xfe", b"- a list"):
        (tmp_path / "settings.yaml").write_bytes(damage)
        with pytest.raises(ModelError, match=r"settings\.yaml"):
            read_settings(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"training": TrainingSettings(max_epochs=9, patience=3, log_steps=1)},
        {"search": SearchSettings(beam_size=9)},
        {"runs": "elsewhere"},
    ],
    ids=str,
)
def test_a_run_may_last_longer_or_report_more(tmp_path: Path, change: dict[str, Any]) -> None:
    check_resumed_settings(tmp_path, SETTINGS, begun=True)
    check_resumed_settings(tmp_path, replace(SETTINGS, **change), begun=True)
    assert read_settings(tmp_path) == replace(SETTINGS, **change)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"seed": 2}, "seed=1"),
        ({"model": ModelSettings(units=64)}, "model.units=512"),
        ({"loss": LossSettings(label_smoothing=0.2)}, "loss.label_smoothing=0.1"),
        ({"training": TrainingSettings(max_epochs=2, accumulate=2)}, "training.accumulate=1"),
    ],
)
def test_a_key_that_changes_results_is_refused_by_name(
    tmp_path: Path, change: dict[str, Any], key: str
) -> None:
    check_resumed_settings(tmp_path, SETTINGS, begun=True)
    with pytest.raises(TrainingError, match=key):
        check_resumed_settings(tmp_path, replace(SETTINGS, **change), begun=True)
    assert read_settings(tmp_path) == SETTINGS


def test_before_the_first_checkpoint_anything_may_change(tmp_path: Path) -> None:
    check_resumed_settings(tmp_path, SETTINGS, begun=False)
    check_resumed_settings(tmp_path, replace(SETTINGS, seed=2), begun=False)
    assert read_settings(tmp_path).seed == 2
    check_resumed_corpus(tmp_path, "a", begun=False)
    check_resumed_corpus(tmp_path, "b", begun=False)
    check_resumed_corpus(tmp_path, "b", begun=True)


def test_the_length_of_a_falling_schedule_may_not_change(tmp_path: Path) -> None:
    cosine = replace(SETTINGS, optimizer=OptimizerSettings(schedule="cosine"))
    check_resumed_settings(tmp_path, cosine, begun=True)
    with pytest.raises(TrainingError, match=r"training\.max_epochs=2"):
        check_resumed_settings(
            tmp_path, replace(cosine, training=TrainingSettings(max_epochs=3)), begun=True
        )


def test_another_corpus_is_refused(tmp_path: Path) -> None:
    check_resumed_corpus(tmp_path, "a", begun=True)
    check_resumed_corpus(tmp_path, "a", begun=True)
    with pytest.raises(TrainingError, match="have changed since this run began"):
        check_resumed_corpus(tmp_path, "b", begun=True)


def test_tokenizers_come_back(tmp_path: Path) -> None:
    lines = ["the train is late", "where is the hotel?"]
    one, other = (
        Tokenizer.from_bytes(train_tokenizer(lines * times, TokenizerSettings(vocab_size=size)))
        for times, size in ((1, 300), (2, 301))
    )
    sources = TrainingSources(sentences=2, longest=62)
    joint = Tokenizer.from_bytes(Normalizer("identity").applied_to(one.model_bytes))
    for place, target in (("joint", joint), ("separate", other)):
        directory = tmp_path / place
        directory.mkdir()
        write_translation_inputs(directory, one, target, sources)
        assert (directory / "tokenizer.model").exists() == (target is joint)
        found = read_translation_inputs(directory)
        assert [found[0].model_bytes, found[1].model_bytes] == [
            one.model_bytes,
            target.model_bytes,
        ]
        assert found[2] == sources
    (directory / "sources.json").unlink()
    with pytest.raises(ModelError, match="older seq2seq, which kept no sources"):
        read_translation_inputs(directory)


def test_what_a_run_chose_stays_when_it_resumes(tmp_path: Path) -> None:
    chosen = replace(SETTINGS.training, monitor="valid_chrf", bleu_tokenizer="zh")
    check_resumed_settings(tmp_path, replace(SETTINGS, training=chosen), begun=False)
    auto = replace(SETTINGS, training=replace(chosen, monitor="auto", bleu_tokenizer="auto"))
    assert check_resumed_settings(tmp_path, auto, begun=True).training == chosen
    assert read_settings(tmp_path).training == chosen
    other = replace(SETTINGS, training=replace(chosen, monitor="valid_loss"))
    with pytest.raises(TrainingError, match=r"began with training\.monitor=valid_chrf"):
        check_resumed_settings(tmp_path, other, begun=True)
    assert check_resumed_settings(tmp_path, auto, begun=False).training.monitor == "auto"


def test_provenance_names_versions_and_processor() -> None:
    made = provenance()
    assert made["tensorflow"].startswith("2.") and made["processor"] and made["cores"]
    assert made["commit"] is None or len(made["commit"].rstrip("+")) == 40
