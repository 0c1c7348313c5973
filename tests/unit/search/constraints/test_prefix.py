"""Outputs begin with what was given, to the character, and are otherwise free."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from seq2seq.config.schema import TokenizerSettings
from seq2seq.errors import SettingsError
from seq2seq.search.beam_search import BeamSettings, beam_search
from seq2seq.search.constraints.forbidden import NoRepeatedNgrams
from seq2seq.search.constraints.prefix import Prefixes, spelled
from seq2seq.search.constraints.spelling import Spelling
from seq2seq.search.hypotheses import GivingWay
from seq2seq.search.sampling import Sampling, sample
from seq2seq.text.tokenizer import Tokenizer
from seq2seq.text.tokenizer_training import train_tokenizer

PREFIXES = ["Wir fi", "", "das Hausb", "\U0001f600 nur", "New York ", "Größe"]


@pytest.fixture(scope="module")
def search(tokenizer: Tokenizer, table_model: Callable[..., Any]) -> Callable[..., list[list[str]]]:
    """Texts found for sources with prefixes."""
    spelling = Spelling(tokenizer.surfaces)
    model = CheapModel(tokenizer.vocab_size)

    def run(sources: Any, prefixes: list[str], *, sampled: bool = False) -> list[list[str]]:
        texts = [spelled(prefix, tokenizer) for prefix in prefixes]
        rule = Prefixes(spelling, texts)
        rules = [GivingWay(NoRepeatedNgrams(1), [rule.needs]), rule]
        limits = np.array([12 + len(text) for text in texts], np.int32)
        if sampled:
            found = sample(model, sources, limits, sampling=Sampling(), drawings=3, rules=rules)
        else:
            settings = BeamSettings(beam_size=3)
            found = beam_search(model, sources, limits, settings=settings, rules=rules)
        return [tokenizer.decode([one.ids for one in outputs]) for outputs in found]

    return run


class CheapModel:
    """Log-probabilities that the last token and the source decide, for a whole vocabulary."""

    has_attention = False

    def __init__(self, vocab_size: int) -> None:
        self.vocab_size = vocab_size

    def encode(self, source_ids: Any, *, shortlist: bool = False) -> tuple[Any, Any]:
        return source_ids.sum(axis=1), np.zeros(len(source_ids))

    def step(self, memory: Any, state: Any, tokens: Any, origins: Any, **_: Any) -> Any:
        from seq2seq.search.step_model import Step

        ids = np.arange(self.vocab_size)
        angles = memory[:, None, None] + tokens[:, :, None] * (1 + ids % 17) + ids * 1.7
        logits = 3 * np.sin(angles)
        log_probs = logits - np.log(np.exp(logits).sum(axis=2, keepdims=True))
        log_probs = log_probs.astype(np.float32)
        return Step(tokens, log_probs[:, :, 3], None, None, log_probs, None)

    def keep(self, memory: Any, rows: Any) -> Any:
        return memory[rows]


@pytest.mark.parametrize("sampled", [False, True])
def test_outputs_begin_with_their_prefix_whatever_the_batch(
    search: Callable[..., list[list[str]]], sources: Any, sampled: bool
) -> None:
    together = search(sources, PREFIXES, sampled=sampled)
    for prefix, texts in zip(PREFIXES, together, strict=True):
        assert texts and all(text.startswith(prefix) for text in texts)
    assert together == [
        search(sources[row : row + 1], [prefix], sampled=sampled)[0]
        for row, prefix in enumerate(PREFIXES)
    ]
    assert together[1] == search(sources, [""] * len(sources), sampled=sampled)[1]


def test_words_may_repeat_within_a_prefix(
    search: Callable[..., list[list[str]]], sources: Any
) -> None:
    prefix = "Wir Wir Wir suchen suchen das"
    for texts in search(sources, [prefix] * len(sources)):
        assert all(text.startswith(prefix) for text in texts)


def test_no_dead_end_is_entered() -> None:
    # After " a" nothing could spell the "c" that is left; only " ab" leads on.
    surfaces = (b"", b"", b"", b"", b" a", b" ab", b"bd", b"c")
    spelling = Spelling(surfaces)
    rule = Prefixes(spelling, [b" abc"])
    from seq2seq.search.hypotheses import OpenHypotheses

    open_ = OpenHypotheses(
        np.array([0]), np.zeros([1, 1, 0], np.int32), np.zeros([1, 1], np.float32)
    )
    assert rule.needs(open_)[2].tolist() == [5]


def test_what_cannot_be_spelled_is_refused() -> None:
    lines = ["eins zwei drei", "vier drei zwei eins"] * 5
    settings = TokenizerSettings(kind="char", vocab_size=40, byte_fallback=False)
    tokenizer = Tokenizer.from_bytes(train_tokenizer(lines, settings))
    with pytest.raises(SettingsError, match=r"the prefix 'Zug' holds what .* cannot spell"):
        spelled("Zug", tokenizer)
    assert spelled("drei e", tokenizer) == b" drei e"


def test_a_prefix_is_normalised_as_the_tokenizer_does(tokenizer: Tokenizer) -> None:
    assert spelled("  das\u00a0Haus\u2026", tokenizer) == b" das Haus..."
    assert spelled("das Haus ", tokenizer) == b" das Haus "
    assert spelled(" ", tokenizer) == b""
