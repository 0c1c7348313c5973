"""The metric that judges checkpoints says something for the targets it is computed on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq.config.schema import Settings, TokenizerSettings, settings_from_mapping
from seq2seq.evaluation.bleu import bleu_tokenizer_for, text_scores
from seq2seq.training.monitor import judgement_of_files, with_judgement

GERMAN = ["Wo ist der Bahnhof?", "Ich habe einen Tee bestellt.", "Nein."]
CHINESE = ["你好，你要茶吗？", "火车站在哪里？", "我不知道。"]
JAPANESE = ["駅はどこですか。", "お茶をください。"]
THAI = ["สถานีรถไฟอยู่ที่ไหน", "ขอชาหน่อย"]
KHMER = ["ស្ថានីយ៍រថភ្លើងនៅឯណា?"]
KOREAN = ["역이 어디에 있어요?", "차 한 잔 주세요 지금 여기에"]
GREETINGS = ["Hallo!", "Guten Morgen.", "Danke sehr.", "Bis morgen dann also."]


@pytest.mark.parametrize(
    ("targets", "tokenizer", "monitor"),
    [
        (GERMAN, "13a", "valid_bleu"),
        (CHINESE, "zh", "valid_bleu"),
        (JAPANESE, "char", "valid_bleu"),
        (THAI, "char", "valid_bleu"),
        (KHMER, "char", "valid_bleu"),
        (KOREAN, "13a", "valid_bleu"),
        (GREETINGS, "13a", "valid_chrf"),
        (["好", "不好"], "zh", "valid_chrf"),
        (["katze", "hund"], "13a", "valid_chrf"),
    ],
)
def test_auto_follows_script_and_length(targets: list[str], tokenizer: str, monitor: str) -> None:
    settings, line = with_judgement(Settings(), targets)
    assert (settings.training.bleu_tokenizer, settings.training.monitor) == (tokenizer, monitor)
    assert line.startswith(f"judged by {monitor} (training.monitor=auto: ")
    assert line.endswith(f"BLEU counts tokens of {tokenizer}")


@pytest.mark.parametrize("targets", [CHINESE, JAPANESE, THAI, KHMER])
def test_the_chosen_bleu_tells_right_from_wrong(targets: list[str]) -> None:
    half = [text[: len(text) * 3 // 4] for text in targets]
    tokenizer = bleu_tokenizer_for(targets)
    assert text_scores(targets, targets, bleu_tokenizer=tokenizer).bleu == pytest.approx(100.0)
    assert 10.0 < text_scores(half, targets, bleu_tokenizer=tokenizer).bleu < 99.0


def test_an_explicit_choice_stays() -> None:
    training = replace(Settings().training, monitor="valid_loss", bleu_tokenizer="intl")
    settings, line = with_judgement(Settings(training=training), CHINESE)
    assert settings.training == training
    assert line == "judged by valid_loss; BLEU counts tokens of intl"


def test_symbols_are_judged_by_wrong_symbols() -> None:
    tokenizer = TokenizerSettings(kind="symbols")
    settings, _ = with_judgement(Settings(tokenizer=tokenizer), ["B IH1 T", "K AE1 T S"])
    assert settings.training.monitor == "valid_symbol_error_rate"


@pytest.mark.parametrize(
    ("task", "monitor"), [("classification", "valid_accuracy"), ("regression", "valid_loss")]
)
def test_other_tasks_have_one_default(task: str, monitor: str) -> None:
    settings = settings_from_mapping({"task": task, "loss": {"label_smoothing": 0.0}})
    judged, line = with_judgement(settings, ())
    assert judged.training.monitor == monitor and line.startswith(f"judged by {monitor} (")


def test_a_sweep_chooses_from_the_files_as_a_run_does(tmp_path: Path) -> None:
    for name, lines in (("v.en", ["a"] * 3), ("v.zh", CHINESE)):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    valid = {"source": "v.en", "target": "v.zh"}
    data = {"directory": str(tmp_path), "train": valid, "valid": valid}
    settings = settings_from_mapping({"data": data})
    assert judgement_of_files(settings) == with_judgement(settings, CHINESE)


def test_a_sweep_judges_texts_of_features_as_their_runs_do(tmp_path: Path) -> None:
    lines = [f'{{"source": [[{n}]], "target": "{text}"}}\n' for n, text in enumerate(GERMAN * 3)]
    (tmp_path / "data.jsonl").write_text("".join(lines))
    data = {"directory": str(tmp_path), "train": {"source": "data.jsonl"}, "valid_share": 0.2}
    settings, _ = judgement_of_files(settings_from_mapping({"data": data}))
    assert settings.training.monitor == "valid_bleu"
