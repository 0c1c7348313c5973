"""Scores of given pairs: those of the search, and the same in any batch."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from seq2seq.config.schema import Settings, TokenizerSettings
from seq2seq.export.exported_model import ExportedModel
from seq2seq.inference.pair_scoring import MOST_TOKENS, PairScorer
from seq2seq.inference.translator import Translator

SOURCES = ["the train is late", "", "I", "where is the hotel? I need two tickets", "I"]
TARGETS = ["der Zug", "wo ist das Hotel?", "", "ich brauche zwei Karten", "\U0001f600"]


def test_what_the_search_found_scores_the_same(
    small_settings: Callable[..., Settings],
    make_exported_model: Callable[[Settings], ExportedModel],
) -> None:
    # Symbols: a translation is cut into the very tokens that it was made of.
    tokenizer = TokenizerSettings(kind="symbols", vocab_size=50, placeholders=0)
    translator = Translator.from_exported_model(
        make_exported_model(small_settings(tokenizer=tokenizer))
    )
    texts = ["the train is late", "", "we see two tickets", "Hotel"]
    found = translator.hypotheses(texts, beam_size=4, n_best=4)
    pairs = [
        (t, best) for t, every in zip(texts, found, strict=True) for best in every if best.text
    ]
    assert len(pairs) > 6
    scores = PairScorer(translator).score([t for t, _ in pairs], [best.text for _, best in pairs])
    for (_, best), score in zip(pairs, scores, strict=True):
        assert score is not None
        assert score.tokens == len(best.tokens) + 1
        assert score.log_prob == pytest.approx(best.log_prob, rel=1e-4)


def test_batches_do_not_matter(translator: Translator) -> None:
    rows = [PairScorer(translator, batch_tokens=n).score(SOURCES, TARGETS) for n in (1, 30, 1000)]
    for target, one, few, all_ in zip(TARGETS, *rows, strict=True):
        assert one is not None and few is not None and all_ is not None
        assert few.log_prob == pytest.approx(one.log_prob, rel=1e-4)
        assert all_.log_prob == pytest.approx(one.log_prob, rel=1e-4)
        assert one.log_prob < 0
        assert one.tokens == len(translator.target_tokenizer.encode([target])[0]) + 1


def test_too_long_is_told_and_costs_no_other_its_score(translator: Translator) -> None:
    long = "x" * (MOST_TOKENS + 1)
    scores = PairScorer(translator).score(["I", long, "I"], [long, "ein", "ein"])
    assert scores[:2] == [None, None]
    assert scores[2] is not None


def test_no_pairs(translator: Translator) -> None:
    assert PairScorer(translator).score([], []) == []
