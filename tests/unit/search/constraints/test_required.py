"""How far a text is with its phrases: the same token by token as at a glance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.config.schema import TokenizerSettings
from seq2seq.errors import SettingsError
from seq2seq.search.constraints.coverage import PhraseProgress, Requirement, requirement
from seq2seq.search.constraints.required import RequiredPhrases
from seq2seq.search.constraints.spelling import Spelling
from seq2seq.search.hypotheses import IMPOSSIBLE, OpenHypotheses
from seq2seq.text.tokenizer import EOS, Tokenizer
from seq2seq.text.tokenizer_training import train_tokenizer

SURFACES = (b"", b"", b"", b"", b" a", b" b", b"b", b" ba", b" ", b".", b"\xc3", b"\xb6")
REQUIRED = (
    Requirement(("a",), ((4,),)),
    Requirement(("a b", "ba"), ((4, 5), (7,))),
    Requirement(("ab",), ((4, 6),)),
    Requirement(("ab",), ((4, 6),)),
    Requirement(("b.",), ((5, 9),)),
    Requirement(("\u00f6",), ((8, 10, 11),)),
)


@given(st.lists(st.integers(4, 11), max_size=14).map(tuple))
def test_token_by_token_as_at_a_glance(ids: tuple[int, ...]) -> None:
    spelling = Spelling(SURFACES)
    by_token = PhraseProgress(spelling, REQUIRED)
    for length in range(len(ids) + 1):
        found = by_token.after(ids[:length])
        assert found == PhraseProgress(spelling, REQUIRED).after(ids[:length])
        assert (found.missing == 0) == (not found.starting)


def test_each_is_missing_as_often_as_it_is_given() -> None:
    spelling = Spelling(SURFACES)

    def missing(*required: Requirement, ids: tuple[int, ...]) -> int:
        return PhraseProgress(spelling, required).after(ids).missing

    a, either, ab, ab_again, _, _ = REQUIRED
    assert missing(ab, ids=()) == 2 and missing(ab, ids=(4,)) == 1
    assert missing(ab, ids=(4, 6)) == 0 and missing(ab, ids=(4, 6, 6)) == 2
    assert missing(ab, ab_again, ids=(4, 6)) == 2
    assert missing(a, Requirement(("a b",), ((4, 5),)), ids=(4, 5)) == 1  # the other `a`
    assert missing(a, either, ids=(4, 5)) == 0  # `ba` would have done: no other `a` is asked for
    assert missing(either, ids=(7,)) == 0


def test_the_end_waits_for_the_phrase_and_room_is_kept() -> None:
    spelling = Spelling(SURFACES)
    rule = RequiredPhrases(spelling, [(REQUIRED[2],)], np.array([6], np.int32))

    def allowed(*ids: int) -> list[int]:
        log_probs = np.zeros([1, 1, len(SURFACES)], np.float32)
        one = np.array(ids, np.int32).reshape(1, 1, -1)
        rule(log_probs, OpenHypotheses(np.array([0]), one, np.zeros([1, 1], np.float32)))
        return np.flatnonzero(log_probs[0, 0] > IMPOSSIBLE).tolist()

    everything = list(range(len(SURFACES)))
    assert allowed(5) == [token for token in everything if token != EOS]
    assert allowed(4, 6) == everything
    assert allowed(5, 5, 5) == [4]  # two tokens and the end are all that still fit
    assert allowed(5, 5, 5, 4) == [6]
    # Nothing may make another word of what was written last, for there is no room to repeat it.
    assert allowed(5, 5, 4, 6) == [EOS, 4, 5, 7, 8]


def test_insisting_writes_the_phrase_where_the_model_would_end() -> None:
    rule = RequiredPhrases(
        Spelling(SURFACES), [(REQUIRED[2],)], np.array([50], np.int32), insist=True
    )

    def likeliest(*ids: int, end: float) -> int:
        log_probs = np.full([1, 1, len(SURFACES)], -2.0, np.float32)
        log_probs[0, 0, 5], log_probs[0, 0, EOS] = -1.0, end
        one = np.array(ids, np.int32).reshape(1, 1, -1)
        rule(log_probs, OpenHypotheses(np.array([0]), one, np.zeros([1, 1], np.float32)))
        return int(log_probs[0, 0].argmax())

    assert likeliest(5, end=-1.5) == 5
    assert likeliest(5, end=-0.5) == 4
    assert likeliest(5, 4, end=-1.5) == 6
    assert likeliest(5, 4, 6, end=-0.5) == EOS


def test_what_cannot_be_required(tokenizer: Tokenizer) -> None:
    with pytest.raises(SettingsError, match="the required phrase ' ' is blank"):
        requirement(["Haus", " "], tokenizer)
    settings = TokenizerSettings(kind="char", vocab_size=40, byte_fallback=False)
    small = Tokenizer.from_bytes(train_tokenizer(["eins zwei drei"] * 5, settings))
    with pytest.raises(SettingsError, match="'Zug' holds what this model's vocabulary cannot"):
        requirement(["Zug"], small)


def test_placeholders_and_scripts_without_spaces_may_follow_without_one(
    tokenizer: Tokenizer,
) -> None:
    for text in ("\u27e83\u27e9", "\u6771\u4eac"):
        one = requirement([text], tokenizer)
        assert {tokenizer.decode([ids])[0] for ids in one.spellings} == {text}
        assert sorted(tokenizer.surfaces[ids[0]] == b" " for ids in one.spellings) == [False, True]
    assert len(requirement(["Haus"], tokenizer).spellings) == 1
