"""Which tokens a text allows is set by it alone; allowing all of them changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from seq2seq.export.exported_model import ExportedModel
from seq2seq.export.shortlist import Lexicon
from seq2seq.inference.output_layers import allowed_tokens
from seq2seq.inference.translator import Translator

TEXTS = ["the train is late", "I", "where is the hotel? I need two tickets", "we see", "? 7 ?"]


def lexicon_of(exported_model: ExportedModel, *, count: int, always: int) -> Lexicon:
    """Each source token allows `count` drawn at random."""
    source, target = (
        exported_model.source_tokenizer.vocab_size,
        exported_model.target_tokenizer.vocab_size,
    )
    translations = np.random.default_rng(7).integers(4, target, [source, count], np.int32)
    return Lexicon(translations, np.arange(min(always, target), dtype=np.int32))


@pytest.fixture(scope="module", params=[False, True], ids=["float32", "int8"])
def quantized(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_tokens_of_each_source() -> None:
    translations = np.array([[9, 8], [0, 0], [0, 0], [0, 0], [9, 7], [7, 2], [8, 0]], np.int32)
    lexicon = Lexicon(translations, np.arange(5, dtype=np.int32))
    ids, there = allowed_tokens(lexicon, np.array([[6, 3, 0], [5, 4, 3]], np.int32), 10)
    assert ids.tolist() == [[0, 1, 2, 3, 4, 8, 0], [0, 1, 2, 3, 4, 7, 9]]
    assert there.sum(axis=1).tolist() == [6, 7]


def test_all_tokens_are_as_no_shortlist(exported_model: ExportedModel, quantized: bool) -> None:
    lexicon = lexicon_of(exported_model, count=1, always=10**6)
    translator = Translator.from_exported_model(
        exported_model, quantized=quantized, lexicon=lexicon
    )
    found = translator.hypotheses(TEXTS, beam_size=4, n_best=4)
    expected = translator.hypotheses(TEXTS, beam_size=4, n_best=4, shortlist=False)
    for one, other in zip(found, expected, strict=True):
        assert [a.tokens for a in one] == [b.tokens for b in other]
        assert [a.score for a in one] == pytest.approx([b.score for b in other], abs=1e-5)


@pytest.mark.parametrize("beam_size", [1, 4])
def test_a_text_alone_is_as_in_a_batch(
    exported_model: ExportedModel, quantized: bool, beam_size: int
) -> None:
    lexicon = lexicon_of(exported_model, count=6, always=12)
    translator = Translator.from_exported_model(
        exported_model, quantized=quantized, lexicon=lexicon
    )
    options = {"beam_size": beam_size, "n_best": beam_size}
    together = translator.hypotheses(TEXTS, batch_tokens=10**4, **options)
    backwards = translator.hypotheses(TEXTS[::-1], batch_tokens=50, **options)[::-1]
    for number, text in enumerate(TEXTS):
        (alone,) = translator.hypotheses([text], **options)
        for other in (together[number], backwards[number]):
            assert [one.tokens for one in alone] == [one.tokens for one in other]
            scores = [one.score for one in other]
            assert [one.score for one in alone] == pytest.approx(scores, abs=1e-5)
    assert together != translator.hypotheses(TEXTS, shortlist=False, **options)


def test_only_what_is_allowed_and_completes_a_character_is_written(
    exported_model: ExportedModel, quantized: bool
) -> None:
    lexicon = lexicon_of(exported_model, count=3, always=5)
    translator = Translator.from_exported_model(
        exported_model, quantized=quantized, lexicon=lexicon
    )
    spell = exported_model.target_tokenizer.token
    completing = {f"<0x{byte:02X}>" for byte in range(0x80, 0xC0)}  # a character that was begun
    for text, found in zip(TEXTS, translator.hypotheses(TEXTS, n_best=3), strict=True):
        (row,) = exported_model.source_tokenizer.encode([text])
        allowed = {*lexicon.always.tolist(), *lexicon.translations[[*row, 3]].ravel().tolist()}
        for one in found:
            assert set(one.tokens) - completing <= {spell(token) for token in allowed}


def test_a_beam_wider_than_the_shortlist(exported_model: ExportedModel, quantized: bool) -> None:
    lexicon = lexicon_of(exported_model, count=1, always=5)
    translator = Translator.from_exported_model(
        exported_model, quantized=quantized, lexicon=lexicon
    )
    together = translator.translate(TEXTS, beam_size=60)
    assert together == [translator.translate([text], beam_size=60)[0] for text in TEXTS]


def test_probabilities_are_of_the_whole_vocabulary_where_all_are_asked_for(
    exported_model: ExportedModel, translator: Translator
) -> None:
    lexicon = lexicon_of(exported_model, count=3, always=5)
    short = Translator.from_exported_model(exported_model, lexicon=lexicon)
    ids, tokens = np.array([[7, 8, 3]], np.int32), np.array([[2]], np.int32)
    found = []
    for model in (short.model, translator.model):
        memory, state = model.encode(ids, shortlist=True)
        step = model.step(memory, state, tokens, np.arange(1), top=None, attention=False)
        found.append(step.log_probs)
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)


def test_what_one_text_is_asked_for_changes_no_other(
    exported_model: ExportedModel, quantized: bool
) -> None:
    lexicon = lexicon_of(exported_model, count=6, always=12)
    translator = Translator.from_exported_model(
        exported_model, quantized=quantized, lexicon=lexicon
    )
    texts = ["see https://example.org/a now", *TEXTS]  # an address is carried through
    together = translator.translate(texts)
    assert together == [translator.translate([text])[0] for text in texts]
    assert "https://example.org/a" in together[0]
    assert together[1:] != translator.translate(TEXTS, shortlist=False)
