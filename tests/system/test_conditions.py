"""What is asked of translations, of a model that has learnt something."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq.inference.glossary import Entry, Glossary
from seq2seq.inference.pair_scoring import PairScorer
from seq2seq.inference.translator import Translator
from seq2seq.text.words import PhraseFinder


@pytest.fixture(scope="module")
def translator(short_run: Any) -> Translator:
    return Translator.load(short_run.directory)


@pytest.fixture(scope="module")
def sentences(repository: Path) -> list[str]:
    lines = (repository / "data" / "phrasebook" / "test.en").read_text(encoding="utf-8")
    return lines.splitlines()[:60]


@pytest.mark.parametrize("phrase", ["Kaffee", "der Fahrer", "heute Nachmittag"])
def test_a_phrase_finds_a_better_place_than_the_end(
    translator: Translator, sentences: list[str], phrase: str
) -> None:
    finder = PhraseFinder([phrase])
    plain = translator.translate(sentences)
    sought = translator.translate(sentences, required=(phrase,))
    assert all(finder.find(text) for text in sought)
    pasted = [text if finder.find(text) else f"{text} {phrase}" for text in plain]
    scores = [
        np.array(
            [score.log_prob for score in PairScorer(translator).score(sentences, texts) if score]
        )
        for texts in (sought, pasted)
    ]
    gain = scores[0] - scores[1]
    assert gain.mean() > 1.0  # each is e times as probable, at the least
    assert (gain > -1.0).mean() > 0.9


def test_a_glossary_changes_the_word_and_little_else(translator: Translator) -> None:
    glossary = Glossary([Entry("tea", ("Saft",)), Entry("ferry", ("Fähre", "Fähren"))])
    text = "My son has already ordered a tea."
    (plain,), (found,) = (
        translator.translate([text]),
        translator.translate([text], glossary=glossary),
    )
    assert PhraseFinder(["Saft"]).find(found)
    shared = set(plain.split()) & set(found.split())
    assert len(shared) >= len(plain.split()) - 3


def test_addresses_and_numbers_are_carried_through(
    translator: Translator, sentences: list[str]
) -> None:
    spans = ["https://example.org/a?b=1&c=%20#x", "a.b@example.com", "{name}", "17:45"]
    texts = [
        sentence.replace(" ", f" {spans[number % 4]} ", 1)
        for number, sentence in enumerate(sentences)
    ]
    kinds = ("url", "email", "tag", "number")
    for number, found in enumerate(translator.hypotheses(texts, placeholders=kinds, n_best=2)):
        for translation in found:
            assert translation.text.count(spans[number % 4]) == 1
            assert "\u27e8" not in translation.text


def test_a_time_that_training_did_not_see_stands_where_times_stand(translator: Translator) -> None:
    texts = [
        f"{words} at 6:07 AM."
        for words in ("Please wake me", "The train leaves", "We will arrive", "The museum opens")
    ]
    found = translator.translate(texts, placeholders=("number",))
    assert all(text.count("6:07") == 1 for text in found)
    assert sum("um 6:07 Uhr" in text for text in found) >= 2  # the model is young
