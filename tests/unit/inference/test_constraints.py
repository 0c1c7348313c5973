"""What is asked of translations holds for each, whatever the others are."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from seq2seq.config.schema import SearchSettings
from seq2seq.errors import SettingsError
from seq2seq.inference.glossary import Entry, Glossary
from seq2seq.inference.translator import Translator
from seq2seq.search.sampling import Sampling
from seq2seq.text.words import PhraseFinder

TEXTS = [
    "where is the hotel?",
    "the train is late, see https://example.org/a?b=1 or write to a@b.de.",
    "",
    "{name} needs two tickets to the hotel",
    "\U0001f600",
]
GLOSSARY = Glossary(
    [
        Entry("hotel", ("Gasthaus", "Herberge")),
        Entry("two tickets", ("zwei Fahrkarten",)),
        Entry("train", ("Karten",), forbidden=True),
    ]
)
WAYS: list[dict[str, Any]] = [
    {"beam_size": 1},
    {"beam_size": 3, "n_best": 2},
    {"sampling": Sampling(seed=3), "n_best": 2},
]


def holds(phrase: str, text: str) -> bool:
    return any(PhraseFinder([one]).find(text) for one in phrase.split("|"))


@pytest.mark.parametrize("way", WAYS, ids=["greedy", "beam", "drawn"])
def test_all_that_is_asked_holds_at_once(translator: Translator, way: dict[str, Any]) -> None:
    found = translator.hypotheses(
        TEXTS,
        prefix="Ach, ich br",
        required=("Zug", "ein Museum|zwei Museen", "Zug"),
        forbidden=("ist", "das Hotel"),
        glossary=GLOSSARY,
        **way,
    )
    for text, alternatives in zip(TEXTS, found, strict=True):
        for translation in alternatives if text else ():
            output = translation.text
            assert output.startswith("Ach, ich br")
            assert output.count("Zug") >= 2 and holds("ein Museum|zwei Museen", output)
            assert not holds("ist", output) and not holds("das Hotel", output)
            assert holds("Gasthaus|Herberge", output) == ("hotel" in text)
            assert holds("zwei Fahrkarten", output) == ("two tickets" in text)
            assert not (holds("Karten", output) and "train" in text)
            for span in ("https://example.org/a?b=1", "a@b.de", "{name}"):
                assert output.count(span) == text.count(span)
            assert "\u27e8" not in output
    assert [[t.text for t in alternatives] for alternatives in found][2] == [""]


@pytest.mark.parametrize("way", WAYS, ids=["greedy", "beam", "drawn"])
@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"glossary": GLOSSARY},
        {"prefix": "Wo", "no_repeat_ngram": 2},
        {"required": ("Zug",), "forbidden": ("ein",), "placeholders": ("number", "url")},
    ],
    ids=["nothing", "glossary", "prefix", "phrases"],
)
def test_a_text_does_not_depend_on_the_others(
    translator: Translator, way: dict[str, Any], asked: dict[str, Any]
) -> None:
    together = translator.hypotheses(TEXTS, **asked, **way)
    for text, found in zip(TEXTS, together, strict=True):
        (alone,) = translator.hypotheses([text], **asked, **way)
        assert [one.text for one in alone] == [one.text for one in found]
        scores = [one.score for one in found]
        assert [one.score for one in alone] == pytest.approx(scores, rel=1e-4, abs=1e-4)


def test_a_text_of_which_nothing_is_asked_is_translated_as_ever(translator: Translator) -> None:
    plain = translator.hypotheses(["I need two", "we see a museum"])
    asked = translator.hypotheses(["I need two", "the hotel", "we see a museum"], glossary=GLOSSARY)
    assert [asked[0], asked[2]] == plain


@pytest.mark.parametrize("way", WAYS, ids=["greedy", "beam", "drawn"])
def test_what_a_translation_holds_unasked_changes_nothing(
    translator: Translator, way: dict[str, Any]
) -> None:
    way = {**way, "n_best": 1}
    for text in ("where is the hotel?", "I need two tickets"):
        (plain,) = translator.hypotheses([text], **way)
        words = [word for word in plain[0].text.split() if word.isalpha()]
        (asked,) = translator.hypotheses([text], required=words[:2], **way)
        assert asked[0] == plain[0]


def test_scores_are_those_of_the_model(translator: Translator) -> None:
    from seq2seq.inference.pair_scoring import PairScorer

    (found,) = translator.hypotheses(["the hotel"], glossary=GLOSSARY, prefix="Das", n_best=3)
    (scored,) = PairScorer(translator).score(["the hotel"], [found[0].text])
    assert scored is not None and len(found) == 3
    (usual,) = translator.target_tokenizer.encode([found[0].text])
    if found[0].tokens == tuple(map(translator.target_tokenizer.token, usual)):
        # Otherwise the search has cut words in its own way.
        assert found[0].log_prob == pytest.approx(scored.log_prob, abs=1e-3)
    assert sum(found[0].token_log_probs) == pytest.approx(found[0].log_prob, abs=1e-3)


def test_no_sequence_of_tokens_twice(translator: Translator) -> None:
    for found in translator.hypotheses(TEXTS, no_repeat_ngram=2, n_best=3):
        for translation in found:
            if not translation.split:
                grams = list(pairwise(translation.tokens))
                assert len(set(grams)) == len(grams)


def test_in_a_long_text_each_part_has_its_own(translator: Translator) -> None:
    text = "see https://x.org/a now. " + "where is the hotel? " * 12 + "mail a@b.de today."
    (found,) = translator.hypotheses([text], prefix="Nun", required=("Zug",), n_best=2)
    for translation in found:
        assert translation.split and translation.text.startswith("Nun")
        assert translation.text.count("Nun") < 3 and holds("Zug", translation.text)
        assert translation.text.count("https://x.org/a") == translation.text.count("a@b.de") == 1


def test_more_spans_than_reserved_tokens_are_told(translator: Translator) -> None:
    text = " ".join(f"{{n{number}}}" for number in range(18))
    ((found,),) = translator.hypotheses([text], beam_size=1)
    assert "16 reserved tokens, so 2 of" in found.note
    assert all(found.text.count(f"{{n{number}}}") == 1 for number in range(16))
    assert translator.hypotheses(["{n}"])[0][0].note == ""
    assert "{n}" not in translator.translate(["the {n}"], placeholders=())[0]


def test_alignments_come_with_conditions_and_drawings(translator: Translator) -> None:
    for way in WAYS:
        options = {**way, "alignments": True}
        for found in translator.hypotheses(["the hotel is here"], glossary=GLOSSARY, **options):
            for translation in found:
                alignment = translation.alignment or ()
                assert [b for _, b in alignment] == list(range(len(translation.tokens)))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"required": ("das Haus",), "forbidden": ("Haus",)}, "'das Haus' holds 'Haus', which is"),
        ({"prefix": "das Haus", "forbidden": ("Haus",)}, "the prefix 'das Haus' holds 'Haus'"),
        ({"glossary": GLOSSARY, "forbidden": ("Gasthaus", "Herberge")}, "the glossary's target"),
        ({"required": (" ",)}, "the required phrase '' is blank"),
        ({"required": ("die \u27e83\u27e9",)}, "holds \u27e83\u27e9, a reserved token, which"),
        ({"prefix": "\u27e80\u27e9"}, "the prefix '\u27e80\u27e9' holds \u27e80\u27e9"),
        ({"prefix": "a\x1bb"}, "the prefix 'a.*b' holds a control character"),
        ({"placeholders": ("uri",)}, "placeholders received 'uri'"),
        ({"sampling": Sampling(top_p=2.0)}, "top_p must be above 0 and at most 1"),
        ({"sampling": Sampling(), "n_best": 0}, "n_best must be 1 or more"),
    ],
)
def test_what_cannot_be_asked(translator: Translator, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        translator.hypotheses(["x"], **asked)


def test_one_alternative_may_be_forbidden(translator: Translator) -> None:
    (text,) = translator.translate(["hotel"], glossary=GLOSSARY, forbidden=("Gasthaus",))
    assert holds("Herberge", text) and not holds("Gasthaus", text)


def test_an_entry_that_asks_comes_before_one_that_forbids(translator: Translator) -> None:
    glossary = Glossary([Entry("two", ("zwei",)), Entry("tickets", ("zwei",), forbidden=True)])
    assert holds("zwei", translator.translate(["two tickets"], glossary=glossary)[0])


def test_room_is_made_at_the_end(translator: Translator) -> None:
    # Outputs may be one piece long, and yet all that is required is written.
    short = Translator(
        translator.model,
        inputs=translator.inputs,
        form=translator.form,
        target_tokenizer=translator.target_tokenizer,
        search=SearchSettings(beam_size=2, max_length_factor=0.1, max_length_offset=0),
        training_sources=translator.training_sources,
        target_kind="unigram",
        bleu_tokenizer="13a",
    )
    wanted = ("ein sehr langes Wortgebilde", "ein zweites", "und noch eins")
    (text,) = short.translate(["I need"], required=wanted, prefix="Das \U0001f600")
    assert all(holds(phrase, text) for phrase in wanted) and text.startswith("Das \U0001f600")
