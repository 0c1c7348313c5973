"""The embedded corpus: it is reproducible, clean, and its test set is new to training."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "data" / "phrasebook"
VERSIONS = {"Babel": "2.18.0", "num2words": "0.5.14"}
SPLITS = ("train", "valid", "test")


def lines(split: str, language: str) -> list[str]:
    text = (FOLDER / f"{split}.{language}").read_bytes().decode("utf-8")
    assert text.endswith("\n")
    return text[:-1].split("\n")


def pairs(split: str) -> list[tuple[str, str]]:
    return list(zip(lines(split, "en"), lines(split, "de"), strict=True))


def words(sentence: str) -> set[str]:
    bare = (word.strip(".,?!") for word in sentence.split())
    return {word for word in bare if not any(letter.isdigit() for letter in word)}


@pytest.fixture(scope="module")
def build() -> Iterator[ModuleType]:
    """The program that builds the corpus; it collects the pairs of a seed, half a minute, once."""
    for name, version in VERSIONS.items():
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            pytest.skip(f"{name} is not installed, so the corpus cannot be built.")
        if installed != version:
            pytest.skip(f"The corpus was built with {name} {version}, not {installed}.")
    path, modules = list(sys.path), set(sys.modules)
    sys.path.insert(0, str(FOLDER))
    module = importlib.import_module("build")
    module.collect = functools.cache(module.collect)  # type: ignore[attr-defined]
    yield module
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        origin = getattr(sys.modules[name], "__file__", None) or ""
        if origin.startswith(str(FOLDER)):
            del sys.modules[name]


def test_the_committed_files_are_reproduced_byte_for_byte(
    build: ModuleType, tmp_path: Path
) -> None:
    build.build(tmp_path)
    for split in SPLITS:
        for language in ("en", "de"):
            name = f"{split}.{language}"
            assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name
    assert len(list(tmp_path.iterdir())) == 6


def test_another_seed_writes_another_corpus(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "HELD_OUT_PAIRS", 50)
    build.build(tmp_path, pairs=9_000, seed=1)
    assert len(set((tmp_path / "train.en").read_text("utf-8").splitlines())) == 9_000
    assert not set((tmp_path / "test.en").read_text("utf-8").splitlines()) & set(
        lines("test", "en")[:50]
    )


def test_sizes() -> None:
    train = lines("train", "en")
    assert (len(set(train)), len(train)) == (36_000, 49_174)
    assert len(lines("valid", "en")) == len(lines("test", "en")) == 500
    total = sum((FOLDER / f"{s}.{lang}").stat().st_size for s in SPLITS for lang in ("en", "de"))
    assert total < 3_000_000


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("split", SPLITS)
def test_lines_are_plain_and_of_one_to_forty_words(split: str, language: str) -> None:
    for line in lines(split, language):
        assert 1 <= len(line.split(" ")) <= 40, line
        assert line == " ".join(line.split()), line
        assert line[-1] in ".?!", line
        assert line[0].isupper() or line[0] == "€" or line[0].isdigit(), line


def test_lengths_are_spread() -> None:
    lengths = sorted(len(line.split()) for line in set(lines("train", "en")))
    assert lengths[0] == 1
    assert lengths[-1] >= 30
    assert 5 <= sum(lengths) / len(lengths) <= 8


def test_one_english_sentence_has_one_german() -> None:
    every = {pair for split in SPLITS for pair in pairs(split)}
    assert len({english.casefold() for english, _ in every}) == len(every)


def test_fixed_phrases_and_single_words_stand_three_times() -> None:
    counts = Counter(lines("train", "en"))
    assert set(counts.values()) == {1, 3}
    assert counts["Hello."] == counts["How are you doing?"] == counts["Taxi."] == 3


@pytest.mark.parametrize("split", ["valid", "test"])
def test_held_out_sentences_are_new_and_their_words_are_not(split: str) -> None:
    for language in ("en", "de"):
        known = lines("train", language)
        assert not set(known) & set(lines(split, language))
        vocabulary = {word for line in known for word in words(line)}
        missing = {word for line in lines(split, language) for word in words(line)} - vocabulary
        assert not missing


def test_held_out_combinations_are_absent_from_training(build: ModuleType) -> None:
    found = build.collect(build.TRAIN_PAIRS, build.SEED)
    seen = {combo for pair in found["train"] for combo in pair.combos}
    for split in ("valid", "test"):
        for pair in found[split]:
            new = [combo for combo in pair.combos if combo not in seen]
            assert any(build.split_of(combo, build.SEED) == split for combo in new), pair
    assert {build.split_of(combo, build.SEED) for combo in seen} == {"train"}


def test_held_out_pairs_are_absent_from_the_text(build: ModuleType) -> None:
    frames = importlib.import_module("lexicon.frames").FRAMES
    verbs = importlib.import_module("lexicon.verbs").VERBS
    phrases = importlib.import_module("phrases")
    sentences = [words(line) for line in lines("train", "de") if "," not in line]
    checked = 0
    for verb in ("kaufen", "tragen", "packen", "schicken", "anprobieren", "putzen", "lesen"):
        entry = verbs[verb]
        classes = {c for f in frames if f.verb == verb for c in f.classes}
        for noun in phrases.nouns_of(tuple(sorted(classes))):
            if build.split_of(f"{verb}:{noun.key}", build.SEED) == "train":
                continue
            checked += 1
            nouns = {*noun.singular, *noun.plural}
            for sentence in sentences:
                assert not ({entry.perfect, entry.infinitive} & sentence and nouns & sentence)
    assert checked >= 3


def test_every_german_form_stands_in_the_lexicon(build: ModuleType) -> None:
    known = importlib.import_module("vocabulary").german_forms()
    used = {word for split in SPLITS for line in lines(split, "de") for word in words(line)}
    unknown = {w for w in used if w not in known and w[0].lower() + w[1:] not in known}
    assert not unknown


def test_a_second_german_sentence_is_an_error(build: ModuleType) -> None:
    pair = importlib.import_module("templates").Pair
    ledger = build.Ledger()
    assert ledger.is_new(pair("Thanks.", "Danke.", ()))
    assert not ledger.is_new(pair("Thanks.", "Danke.", ()))
    with pytest.raises(build.PhrasebookError):
        ledger.is_new(pair("Thanks.", "Merci.", ()))


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("main", "ich rufe heute meinen Kollegen an"),
        ("inverted", "rufe ich heute meinen Kollegen an"),
        ("fronted", "heute rufe ich meinen Kollegen an"),
        ("final", "ich heute meinen Kollegen anrufe"),
        ("zu", "heute meinen Kollegen anzurufen"),
        ("imperative", "rufen Sie heute meinen Kollegen an"),
        ("familiar", "ruf bitte heute meinen Kollegen an"),
    ],
)
def test_german_word_order(build: ModuleType, order: str, expected: str) -> None:
    german = importlib.import_module("german")
    verb = importlib.import_module("lexicon.verbs").VERBS["anrufen"]
    clause = german.GermanClause(
        "ich", 0, verb, "progressive", time="heute", objects="meinen Kollegen"
    )
    assert f"{clause:{order}}" == expected


@pytest.mark.parametrize(
    ("determiner", "plural", "spec", "expected"),
    [
        ("the", False, "acc", "den schwarzen Koffer"),
        ("a", False, "nom", "ein schwarzer Koffer"),
        ("no", False, "acc", "keinen schwarzen Koffer"),
        ("my", True, "dat", "meinen schwarzen Koffern"),
        ("two", True, "acc", "zwei schwarze Koffer"),
        ("this", False, "gen", "dieses schwarzen Koffers"),
        ("the", False, "zu+dat", "zum schwarzen Koffer"),
        ("the", False, "ihn", "ihn"),
    ],
)
def test_german_agreement(
    build: ModuleType, determiner: str, plural: bool, spec: str, expected: str
) -> None:
    phrases = importlib.import_module("phrases")
    adjectives = importlib.import_module("lexicon.adjectives").ADJECTIVES
    black = next(entry for entry in adjectives if entry.english == "black")
    slot = phrases.noun_phrase(phrases.NOUN_BY_KEY["Koffer"], determiner, plural, black)
    assert f"{slot.german:{spec}}" == expected


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        ("m | Saft Saftes | Säfte", ("Saft", "Saft", "Saft", "Saftes", "Säfte", "Säften")),
        ("f | Gabel | Gabeln", ("Gabel", "Gabel", "Gabel", "Gabel", "Gabeln", "Gabeln")),
        ("n | Foto Fotos | Fotos", ("Foto", "Foto", "Foto", "Fotos", "Fotos", "Fotos")),
        ("n | - | Haare", ("-", "-", "-", "-", "Haare", "Haaren")),
        ("n | Herz Herz Herzen Herzens | -", ("Herz", "Herz", "Herzen", "Herzens", "-", "-")),
    ],
)
def test_forms_that_a_noun_leaves_out_follow_from_the_others(
    build: ModuleType, forms: str, expected: tuple[str, ...]
) -> None:
    entries = importlib.import_module("lexicon.entries")
    (noun,) = entries.read_nouns(f"thing | things | {forms} | thing")
    assert (*noun.singular, *noun.plural) == expected


@pytest.mark.parametrize(
    ("determiner", "noun", "english", "german"),
    [
        ("some", "Brot", "some bread", "etwas Brot"),
        ("some", "Tomate", "some tomatoes", "ein paar Tomaten"),
        ("any", "Milch", "any milk", "keine Milch"),
        ("any-of", "Milch", "any milk", "Milch"),
        ("not-one", "Käse", "no cheese", "keinen Käse"),
        ("one-more", "Kaffee", "one more coffee", "noch einen Kaffee"),
        ("a-bare", "Balkon", "a balcony", "Balkon"),
        ("the-all", "Tomate", "the tomatoes", "die Tomaten"),
        ("a", "Universität", "a university", "eine Universität"),
        ("a", "Stunde", "an hour", "eine Stunde"),
        ("our", "Mann", "my husband", "meinen Mann"),
    ],
)
def test_determiners_of_what_is_not_counted(
    build: ModuleType, determiner: str, noun: str, english: str, german: str
) -> None:
    phrases = importlib.import_module("phrases")
    entry = next(n for n in phrases.NOUNS if n.key == noun and n.english in english)  # two "Mann"
    slot = phrases.draw_phrase(Random(1), entry, determiner, None, described=0)
    assert (slot.english.text, slot.german.case("acc")) == (english, german)


@pytest.mark.parametrize(
    ("key", "english", "german"),
    [
        ("I", "I broke my leg", "ich habe mir das Bein gebrochen"),
        ("familiar", "you broke your leg", "du hast dir das Bein gebrochen"),
        ("she", "she broke her leg", "sie hat sich das Bein gebrochen"),
        ("we", "we broke our leg", "wir haben uns das Bein gebrochen"),
        ("they", "they broke their leg", "sie haben sich das Bein gebrochen"),
    ],
)
def test_actors_agree_with_verbs_and_reflexives(
    build: ModuleType, key: str, english: str, german: str
) -> None:
    slot = importlib.import_module("actors").pronoun_actor(key)
    assert f"{slot.english} broke {slot.english:own} leg" == english
    template = "{s} {s:habe/hast/hat/haben} {s:sich-dat} das Bein gebrochen"
    assert template.format(s=slot.german) == german


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("I am not late.", {"I'm not late."}),
        ("He is not here.", {"He isn't here.", "He's not here."}),
        ("I do not know where he is.", {"I don't know where he is."}),
        ("Why do you not want to go?", {"Why don't you want to go?"}),
        ("I cannot come, but I will call.", {"I can't come, but I'll call."}),
        ("Yes, it is.", {"Yes, it is."}),
        ("I have a cold.", {"I have a cold."}),
        ("She has already left.", {"She's already left."}),
        ("Let us go.", {"Let's go."}),
    ],
)
def test_contractions(build: ModuleType, full: str, short: set[str]) -> None:
    variants = importlib.import_module("variants")
    assert {variants.contracted(full, Random(seed)) for seed in range(30)} == short


def test_other_wordings_keep_plurals_and_compounds(build: ModuleType) -> None:
    variants = importlib.import_module("variants")
    found = {variants.reworded("The movie theaters are full.", Random(seed)) for seed in range(99)}
    assert "The cinemas are full." in found
    assert not any("film theater" in sentence for sentence in found)


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        ("half past twelve", "halb eins"),
        ("a quarter to one", "Viertel vor eins"),
        ("one o'clock", "ein Uhr"),
        ("ten past six", "zehn nach sechs"),
    ],
)
def test_spoken_times(build: ModuleType, hour: str, expected: str) -> None:
    slots = importlib.import_module("slots")
    drawn = (slots.spoken_clock(Random(seed)) for seed in range(9_999))
    assert next(slot.german for slot in drawn if slot.english == hour) == expected


def test_every_noun_is_written_alone(build: ModuleType) -> None:
    catalogue = importlib.import_module("catalogue")
    known = {pair.english for pair in catalogue.catalogue()}
    for noun in importlib.import_module("lexicon.nouns").NOUNS:
        word = noun.english if noun.singular[0] != "-" else noun.english_plural
        assert word in catalogue.UNCLEAR or f"{word[0].upper()}{word[1:]}." in known


def test_longer_typed_messages_are_kept_out(build: ModuleType) -> None:
    typed = importlib.import_module("typed")
    sentences = typed.TypedSentences({"i'm so very tired today. yes!", "i am ill"})
    assert sentences.holds("I am so very tired today.")
    assert sentences.holds("I’m so very tired today!")
    assert not sentences.holds("I am so very tired.")
    assert not sentences.holds("I am ill.")
