"""The state of a run, and what a validation does to it."""

from __future__ import annotations

import json
import math

import pytest

from seq2seq.evaluation.bleu import perplexity, text_scores
from seq2seq.training.loop import dropout_seed, grouped
from seq2seq.training.progress import Progress, Sums
from seq2seq.training.run_export import choose_steps


def judged(scores: list[float], *, higher: bool, keep: int = 2) -> Progress:
    progress = Progress()
    for step, score in enumerate(scores, start=1):
        progress.step = step
        progress.judge(score, higher_is_better=higher, keep=keep)
    return progress


def test_the_best_validations_are_remembered_in_order() -> None:
    progress = judged([10.0, 30.0, 20.0, 25.0], higher=True)
    assert progress.best_steps() == [2, 4]
    assert progress.stalled == 2
    assert judged([3.0, 1.0, 2.0], higher=False).best_steps() == [2, 3]


def test_an_equal_score_is_no_improvement() -> None:
    assert judged([5.0, 5.0], higher=True).stalled == 1


def test_progress_survives_json() -> None:
    progress = judged([1.0, 2.0], higher=True)
    progress.log.add(Sums(loss=1.5, tokens=3.0))
    again = Progress.from_mapping(json.loads(json.dumps(progress.to_mapping())))
    assert again == progress


def test_sums_divide_once() -> None:
    sums = Sums()
    sums.add(Sums(loss=10.0, negative_log_likelihood=8.0, tokens=4.0, seconds=1.0))
    sums.add(Sums(loss=2.0, negative_log_likelihood=1.0, tokens=1.0, seconds=1.0))
    record = sums.record("tokens")
    assert record["loss"] == 12.0 / 5.0
    assert record["negative_log_likelihood"] == 9.0 / 5.0
    assert record["tokens_per_second"] == 2.5


def test_updates_that_were_all_skipped_have_no_loss() -> None:
    sums = Sums(gradient_norm=math.inf)
    assert math.isnan(sums.mean_loss)
    assert sums.record("tokens").keys() == {"tokens_per_second", "gradient_norm"}


def test_dropout_seeds_differ_by_step_and_batch() -> None:
    seeds = {tuple(dropout_seed(1, step, batch)) for step in range(20) for batch in range(3)}
    assert len(seeds) == 60
    assert tuple(dropout_seed(1, 4, 1)) == tuple(dropout_seed(1, 4, 1))


def test_groups_of_batches() -> None:
    assert list(grouped(iter("abcde"), 2)) == [["a", "b"], ["c", "d"], ["e"]]


def test_the_average_is_exported_only_if_it_is_better() -> None:
    def choice(average_score: float) -> list[int]:
        scores = {1: 30.0, 3: average_score}
        return choose_steps(
            [7, 8, 9],
            lambda steps: {"valid_bleu": scores[len(steps)]},
            monitor="valid_bleu",
            higher_is_better=True,
        ).steps

    assert choice(31.0) == [7, 8, 9]
    assert choice(29.0) == [7]


def test_scores_are_sacrebleu_with_signatures() -> None:
    lines = ["Der Zug fährt um neun Uhr ab.", "Wo ist der Bahnhof?"]
    scores = text_scores(lines, lines, bleu_tokenizer="13a")
    assert scores.bleu == pytest.approx(100.0) and scores.chrf == pytest.approx(100.0)
    assert "tok:13a" in scores.bleu_signature and "case:mixed" in scores.bleu_signature
    assert text_scores(["Ja."] * 2, lines, bleu_tokenizer="13a").bleu < 5.0


def test_perplexity_of_an_exploded_loss_is_infinite() -> None:
    assert perplexity(0.0) == 1.0
    assert perplexity(1e6) == math.inf


def test_texts_that_look_tokenized_are_scored_quietly(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    lines = ["Das ist es ."] * 200
    scores = text_scores(lines, lines, bleu_tokenizer="13a")
    assert scores.bleu == pytest.approx(100.0)
    assert "tok:13a" in scores.bleu_signature
    assert capfd.readouterr().err == "" and caplog.messages == []
