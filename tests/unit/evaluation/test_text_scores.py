"""Scores from the statistics of lines are those that sacreBLEU gives for the same lines."""

from __future__ import annotations

import numpy as np
import pytest
import sacrebleu
from sacrebleu.significance import PairedTest

from seq2seq.evaluation.text_scores import BLEU, CHRF, NAMES, TER, ScoredLines

OUTPUTS = [
    "the train is very late today",
    "where is a hotel ?",
    "",
    "I need two tickets , please .",
    "we see the old museum there",
    "no",
]
FIRST = [
    "the train is late today",
    "where is the hotel ?",
    "",
    "I need three tickets , please .",
    "we see an old museum over there",
    "yes",
]
SECOND = ["the train runs late today", "", "", "two tickets please .", "", "no"]


def scored(
    outputs: list[str] = OUTPUTS, *references: list[str], names: tuple[str, ...] = tuple(NAMES)
) -> ScoredLines:
    return ScoredLines(outputs, references or [FIRST], bleu_tokenizer="13a", names=names)


def metric(name: str) -> sacrebleu.metrics.base.Metric:
    classes = {BLEU: sacrebleu.BLEU, CHRF: sacrebleu.CHRF, TER: sacrebleu.TER}
    found: sacrebleu.metrics.base.Metric = classes[name]()
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("chosen", [[0, 1, 2, 3, 4, 5], [1, 3, 5]])
def test_scores_of_lines_equal_those_of_sacrebleu(name: str, chosen: list[int]) -> None:
    outputs, first = [OUTPUTS[i] for i in chosen], [FIRST[i] for i in chosen]
    expected = metric(name).corpus_score(outputs, [first]).score
    assert scored().score(name, np.array(chosen)) == pytest.approx(expected)
    # A blank reference of a line that has another does not count.
    second = [SECOND[i] or None for i in chosen]
    expected = metric(name).corpus_score(outputs, [first, second]).score  # type: ignore[list-item]
    both = scored(OUTPUTS, FIRST, SECOND)
    assert both.score(name, np.array(chosen)) == pytest.approx(expected)


def test_a_second_reference_never_lowers_the_scores() -> None:
    one, two = scored(), scored(OUTPUTS, FIRST, SECOND)
    assert two.score(BLEU) > one.score(BLEU)
    assert two.score(TER) < one.score(TER)
    assert one.exact.tolist() == [False, False, True, False, False, False]
    assert two.exact.tolist() == [False, False, True, False, False, True]
    assert "nrefs:1" in one.signature(BLEU) and "nrefs:var" in two.signature(BLEU)


def test_the_order_of_references_does_not_matter() -> None:
    one, two = scored(OUTPUTS, FIRST, SECOND), scored(OUTPUTS, SECOND, FIRST)
    assert [one.score(name) for name in NAMES] == pytest.approx([two.score(name) for name in NAMES])


def test_blank_lines_that_are_right_have_the_best_score_of_a_line() -> None:
    assert scored().line_chrf[2] == 100
    wrong = scored(["a", "", "", "", "", ""])
    assert wrong.line_chrf[1:].tolist() == [0, 100, 0, 0, 0]


@pytest.mark.parametrize("name", NAMES)
def test_the_paired_test_is_that_of_sacrebleu(name: str) -> None:
    rng = np.random.default_rng(3)
    words = [
        "a",
        "fine",
        "old",
        "train",
        "goes",
        "to",
        "the",
        "new",
        "station",
        "by",
        "the",
        "river",
    ]
    first = [" ".join(rng.choice(words, 8)) for _ in range(40)]

    def worse(text: str, share: float) -> str:
        return " ".join(word if rng.random() > share else "x" for word in text.split())

    ours, theirs = ([worse(text, share) for text in first] for share in (0.3, 0.35))
    test = PairedTest([("a", ours), ("b", theirs)], {"m": metric(name)}, [first], test_type="ar")
    signatures, scores = test()
    (key,) = signatures
    expected = scores[key][1].p_value  # type: ignore[union-attr]
    assert 0.001 < expected < 0.999
    found = scored(ours, first).paired_test(scored(theirs, first))[name]
    # sacreBLEU does not count trials with the same difference, which are few here.
    assert expected <= found.p_value < expected + 0.02
    assert found.signature == str(signatures[key])


def test_a_change_is_the_difference_of_two_scores() -> None:
    lines = np.array([1, 4])
    after = ScoredLines(
        ["where is the hotel ?", "we"], [[FIRST[1], FIRST[4]]], bleu_tokenizer="none", names=[CHRF]
    )
    change, interval = scored().change(CHRF, lines, after, seed=0)
    assert change == pytest.approx(after.score(CHRF) - scored().score(CHRF, lines))
    assert interval is None  # of two lines


def test_ter_that_would_take_hours_is_left_out_and_named() -> None:
    rng = np.random.default_rng(0)
    long, other = (" ".join(rng.choice(["a", "b", "c"], 5000)) for _ in range(2))
    found = scored(["a b", long], ["a b", other])
    assert found.names == (BLEU, CHRF)
    assert found.slow_ter == (2, 5000)
