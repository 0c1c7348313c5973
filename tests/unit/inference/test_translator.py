"""A translation depends on its text alone; nothing is lost, joined or mixed up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.config.schema import ModelSettings, SearchSettings, Settings, TokenizerSettings
from seq2seq.errors import ModelError, SettingsError
from seq2seq.export.exported_model import ExportedModel
from seq2seq.inference.translator import Translator
from seq2seq.text.words import PhraseFinder

TEXTS = ["the train is late", "", " ", "I need two tickets", "I", "where is the hotel? " * 4]


def test_one_result_a_text_in_order(translator: Translator, hard_texts: list[str]) -> None:
    alone = [translator.translate([text])[0] for text in hard_texts]
    assert translator.translate(hard_texts) == alone
    assert translator.translate(hard_texts[::-1]) == alone[::-1]
    assert len(set(alone)) > 6  # the model answers differently to different texts
    assert [text for text in alone if len(text.splitlines()) > 1] == []


@settings(max_examples=20)
@given(
    texts=st.lists(st.sampled_from(TEXTS) | st.text(max_size=12), max_size=8),
    batch_tokens=st.integers(1, 200),
)
def test_batches_do_not_matter(translator: Translator, texts: list[str], batch_tokens: int) -> None:
    together = translator.hypotheses(texts, batch_tokens=batch_tokens)
    for text, found in zip(texts, together, strict=True):
        (alone,) = translator.hypotheses([text])
        assert alone[0].text == found[0].text
        assert alone[0].log_prob == pytest.approx(found[0].log_prob, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("blank", ["", " ", "\t \u3000", "\ufffd", "\u200b"])
def test_what_holds_nothing_gives_nothing(translator: Translator, blank: str) -> None:
    (found,) = translator.hypotheses([blank], n_best=2)
    assert [(t.text, t.score, t.tokens) for t in found] == [("", 0.0, ())]
    assert found[0].confidence == (0.0 if blank == "\ufffd" else 1.0)


def test_no_texts(translator: Translator) -> None:
    assert translator.translate([]) == []


def test_alternatives_are_ordered_and_differ(translator: Translator) -> None:
    (found,) = translator.hypotheses(["the train is late"], beam_size=4, n_best=4)
    scores = [translation.score for translation in found]
    assert scores == sorted(scores, reverse=True)
    assert len({translation.tokens for translation in found}) == len(found) > 1
    (best,) = translator.hypotheses(["the train is late"], beam_size=4)
    assert best == found[:1]


def test_options_are_heeded(translator: Translator) -> None:
    text = ["where is the hotel? I need two tickets"]
    greedy = translator.hypotheses(text, beam_size=1)[0][0]
    beam = translator.hypotheses(text, beam_size=6, length_penalty=0.0)[0][0]
    assert beam.score == pytest.approx(beam.log_prob)
    assert beam.log_prob >= greedy.log_prob
    assert greedy.score != pytest.approx(greedy.log_prob)


def test_each_sentence_of_a_text_with_too_many_is_translated(translator: Translator) -> None:
    sentence = "where is the hotel?"
    (found,) = translator.hypotheses([f"{sentence}  " * 30], alignments=True)
    (part,) = translator.hypotheses([sentence], alignments=True)
    assert (found[0].parts, part[0].parts) == (30, 1)
    assert found[0].split and not part[0].split
    assert found[0].text == "  ".join([part[0].text] * 30)
    assert found[0].log_prob == pytest.approx(30 * part[0].log_prob, rel=1e-4)
    assert found[0].score == pytest.approx(part[0].score, rel=1e-4)
    assert len(found[0].alignment or ()) == len(found[0].tokens)
    last = (part[0].alignment or ())[-1]
    shift = (29 * len(part[0].source_tokens), 29 * len(part[0].tokens))
    assert (found[0].alignment or ())[-1] == (last[0] + shift[0], last[1] + shift[1])


def test_as_many_sentences_as_training_had_stay_together(translator: Translator) -> None:
    together = "the train. I need. We see."
    assert translator.training_sources.sentences == 3
    whole, split = translator.hypotheses([together, f"{together} I need it."])
    assert (whole[0].parts, split[0].parts) == (1, 4)


def test_a_phrase_goes_into_the_part_where_it_costs_least(translator: Translator) -> None:
    parts = ["we see a castle.", "I need two tickets.", "the train is late.", "where is the hotel?"]
    text = " ".join(parts)
    before = [found[0] for found in translator.hypotheses(parts, beam_size=2)]
    words = [max(one.text.split(), key=len) for one in before]
    for chosen, word in [*enumerate(words)][1:3]:
        alone = [found[0] for found in translator.hypotheses(parts, beam_size=2, required=(word,))]
        losses = [a.log_prob - b.log_prob for a, b in zip(before, alone, strict=True)]
        assert losses[chosen] == pytest.approx(0.0, abs=1e-4)
        place = losses.index(min(losses))
        best = [*before[:place], alone[place], *before[place + 1 :]]
        for way in ({"beam_size": 2}, {"beam_size": 3, "n_best": 2, "alignments": True}):
            found = translator.hypotheses([text, "the train"], required=(word,), **way)
            assert all(PhraseFinder([word]).find(one.text) for each in found for one in each)
            if way["beam_size"] == 2:
                assert found[0][0].text == " ".join(one.text for one in best)


def test_a_hundred_thousand_characters(translator: Translator) -> None:
    first, second = translator.hypotheses(
        ["x" * 100_000, "the train"], beam_size=1, batch_tokens=40_000
    )
    assert first[0].split
    assert second[0].text == translator.translate(["the train"], beam_size=1)[0]


def test_alignments_link_tokens(translator: Translator, hard_texts: list[str]) -> None:
    for found in translator.hypotheses(hard_texts, n_best=2, alignments=True):
        for translation in found:
            if translation.tokens:
                assert translation.alignment is not None
                assert [b for _, b in translation.alignment] == list(range(len(translation.tokens)))
                assert {a for a, _ in translation.alignment} <= set(
                    range(len(translation.source_tokens))
                )


def test_alignments_do_not_depend_on_the_batch(translator: Translator) -> None:
    texts = ["the train is late", "I", "where is the hotel? I need two tickets"]
    together = translator.hypotheses(texts, alignments=True)
    alone = [translator.hypotheses([text], alignments=True)[0][0].alignment for text in texts]
    assert [found[0].alignment for found in together] == alone


def test_threads_may_share_it(translator: Translator, hard_texts: list[str]) -> None:
    expected = [translator.translate([text]) for text in hard_texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: translator.translate([text]), hard_texts)) == expected


def test_a_run_directory_will_do(exported: Path, translator: Translator) -> None:
    again = Translator.load(str(exported.parent))
    assert again.translate(["I"], beam_size=1) == translator.translate(["I"], beam_size=1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"beam_size": 0}, "beam_size must be from 1 to 256; received 0"),
        ({"beam_size": 2, "n_best": 3}, "n_best must be from 1 to the beam's size, which is 2"),
        ({"length_penalty": -1.0}, "length_penalty must be 0 or more"),
        ({"batch_tokens": 0}, "batch_tokens must be 1 or more"),
    ],
)
def test_impossible_options(
    translator: Translator, options: dict[str, float], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        translator.hypotheses(["x"], **options)  # type: ignore[arg-type]


def test_one_str_is_refused(translator: Translator) -> None:
    with pytest.raises(TypeError, match=r"give \[text\]"):
        translator.translate("the train")


def test_joint_vocabulary_and_no_attention(
    small_settings: Callable[..., Settings],
    make_exported_model: Callable[[Settings], ExportedModel],
    hard_texts: list[str],
) -> None:
    chosen = small_settings(
        tokenizer=TokenizerSettings(vocab_size=350),
        model=ModelSettings(embedding_dim=8, units=8, attention="none"),
        search=SearchSettings(beam_size=2),
    )
    exported_model = make_exported_model(chosen)
    translator = Translator.from_exported_model(exported_model)
    assert len(translator.translate(hard_texts)) == len(hard_texts)
    with pytest.raises(SettingsError, match=r"model\.attention=none"):
        translator.hypotheses(["x"], alignments=True)


def test_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is not there"):
        Translator.load(tmp_path / "missing")


def test_a_generator_gives_all_its_texts(translator: Translator) -> None:
    texts = ["the train", "", "the train", "where is the hotel?"]
    assert translator.translate(text for text in texts) == translator.translate(texts)
