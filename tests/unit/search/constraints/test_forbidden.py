"""What is forbidden is what would put a phrase into the text, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from seq2seq.search.constraints.forbidden import ForbiddenPhrases
from seq2seq.search.constraints.spelling import Spelling
from seq2seq.search.hypotheses import IMPOSSIBLE, OpenHypotheses
from seq2seq.text.tokenizer import EOS, Tokenizer
from seq2seq.text.words import PhraseFinder

PHRASES = ("Haus", "New York", "essen", "größer", "U-Bahn", "(", "5", "Bahnhof", "nicht das")
TEXTS = [
    "",
    "Wir finden das",
    "das Haus",
    "das Ha",
    "in New",
    "in New York",
    "New Y",
    "Wir! ",
    "Wir brauchen Ess",
    "grö",
    "die U-",
    "die U-Ba",
    "4.",
    "Bahnhof",
    "Wir suchen nicht",
    "das \U0001f600 Haus",
]


def after(
    tokenizer: Tokenizer, ids: list[int], phrases: tuple[str, ...], *, strictly: bool = False
) -> tuple[set[int], set[int]]:
    """Forbidden tokens after `ids`, and suspending ones."""
    spelling = Spelling(tokenizer.surfaces)
    rule = ForbiddenPhrases(spelling, [phrases], strictly=strictly)
    open_ = OpenHypotheses(
        np.array([0]), np.array([[ids]], np.int32).reshape(1, 1, -1), np.zeros([1, 1], np.float32)
    )
    log_probs = np.zeros([1, 1, tokenizer.vocab_size], np.float32)
    rule(log_probs, open_)
    forbidden = set(np.flatnonzero(log_probs[0, 0] == IMPOSSIBLE).tolist())
    return forbidden, set(rule.suspending(open_)[2].tolist())


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("ending", [b"", b" ", b"\xc3", b"\n", b"New", b" New ", b" New\t"])
def test_as_a_look_at_every_text_would_tell(tokenizer: Tokenizer, text: str, ending: bytes) -> None:
    spelling, finder = Spelling(tokenizer.surfaces), PhraseFinder(PHRASES)
    (ids,) = tokenizer.encode([text])
    for byte in ending:
        ids.append(next(i for i, s in enumerate(tokenizer.surfaces) if s == bytes([byte])))
    forbidden, suspending = after(tokenizer, ids, PHRASES)
    so_far = spelling.text(ids)
    if finder.find(so_far.decode(errors="replace") + "a"):
        return  # the search would not have come so far
    for token, surface in enumerate(tokenizer.surfaces):
        if not surface and token != EOS:
            continue
        # A letter after it saves what is whole; bytes of a character count as none.
        whole = (so_far + surface).decode(errors="replace")
        saved = bool(finder.find(whole + ("" if token == EOS else "a")))
        lost = bool(finder.find(whole))
        assert (token in forbidden) == saved, (so_far, surface)
        assert (token in suspending) == (lost and not saved), (so_far, surface)


def test_strictly_a_whole_phrase_is_forbidden_too(tokenizer: Tokenizer) -> None:
    (ids,) = tokenizer.encode(["das Haus"])
    (before,) = tokenizer.encode(["das"])
    if ids[: len(before)] != before:
        pytest.skip("this kind cuts the text otherwise")
    forbidden, suspending = after(tokenizer, ids[:-1], ("Haus",))
    assert ids[-1] in suspending - forbidden
    assert ids[-1] in after(tokenizer, ids[:-1], ("Haus",), strictly=True)[0]


def test_nothing_forbidden(tokenizer: Tokenizer) -> None:
    assert after(tokenizer, [], ()) == (set(), set())


def test_a_whole_phrase_goes_on_only_as_the_model_might_write(tokenizer: Tokenizer) -> None:
    rule = ForbiddenPhrases(Spelling(tokenizer.surfaces), [("Haus",)])
    likely, unlikely = (tokenizer.surfaces.index(letter) for letter in (b"b", b"s"))
    for text, banned in (("das Haus", True), ("das Hau", False)):
        (ids,) = tokenizer.encode([text])
        open_ = OpenHypotheses(
            np.array([0]), np.array([[ids]], np.int32), np.zeros([1, 1], np.float32)
        )
        log_probs = np.full([1, 1, tokenizer.vocab_size], -9.0, np.float32)
        log_probs[0, 0, likely] = -1.0
        rule.only_plausible(log_probs, open_)
        assert log_probs[0, 0, likely] == -1.0
        assert (log_probs[0, 0, unlikely] == IMPOSSIBLE) == banned
