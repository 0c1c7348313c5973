"""Parts of reports: calibration, rarity of tokens, noise, attention maps, HTML."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from seq2seq.config.data_schema import NoiseSettings
from seq2seq.evaluation.calibration import calibration_bins, calibration_error
from seq2seq.evaluation.html import Html, element, joined, quoted, table
from seq2seq.evaluation.line_articles import marked_difference
from seq2seq.evaluation.noise_scores import KINDS, MOST_LINES, noisy_sources
from seq2seq.evaluation.token_rarity import TokenRarity, training_counts

if TYPE_CHECKING:
    from seq2seq.inference.translator import Translator


def test_calibration_of_a_calibrated_model_has_no_error() -> None:
    probabilities = np.repeat([0.25, 0.75], 400)
    right = np.concatenate([np.arange(400) < 100, np.arange(400) < 300])
    bins = calibration_bins(probabilities, right)
    assert [(one.low, one.answers, one.accuracy) for one in bins] == [
        *((0.2, 400, 0.25), (0.7, 400, 0.75)),
    ]
    assert calibration_error(bins) == pytest.approx(0)


def test_calibration_error_is_the_mean_gap_of_all_answers() -> None:
    bins = calibration_bins(np.array([0.0, 1.0, 0.95, 0.1]), np.array([False, True, False, True]))
    # 0.0 and 0.1 are one bin, half right at 0.05; 0.95 and 1.0 another, half right at 0.975.
    assert [one.answers for one in bins] == [2, 2]
    assert calibration_error(bins) == pytest.approx((2 * 0.45 + 2 * 0.475) / 4)


def test_lines_are_grouped_by_the_frequency_of_their_rarest_token(translator: Translator) -> None:
    size = translator.source_tokenizer.vocab_size
    counts = np.full(size, 5000)
    counts[[10, 11, 12]] = [0, 9, 10]
    rarity = TokenRarity(translator.source_tokenizer, counts)
    groups = rarity.groups([[20, 10], [11, 20], [20], [], [12, 11], [12]])
    assert [(group.name, group.lines.tolist()) for group in groups] == [
        *(("0", [0]), ("1–9", [1, 4]), ("10–99", [5]), ("1,000 or more", [2])),
    ]
    assert groups[0].examples == (translator.source_tokenizer.token(10),)


def test_without_training_counts_ranks_stand_for_frequencies(translator: Translator) -> None:
    tokenizer = translator.source_tokenizer
    (frequent,) = tokenizer.encode(["the"])
    rarity = TokenRarity(tokenizer)
    groups = rarity.groups([frequent, *tokenizer.encode(["\U0001f600"])])
    assert not rarity.exact
    assert [(group.name, group.lines.tolist()) for group in groups] == [
        *(("not in the vocabulary", [1]), ("1–100", [0])),
    ]


@pytest.mark.parametrize("content", [None, "{}", "[]", '{"fingerprint": "ab"}', "no JSON"])
def test_a_run_without_its_corpus_has_no_counts(
    translator: Translator, tmp_path: Path, content: str | None
) -> None:
    if content is not None:
        (tmp_path / "corpus.json").write_text(content)
    assert training_counts(tmp_path, translator.source_tokenizer) is None


def test_every_kind_of_noise_is_applied_alone() -> None:
    assert KINDS.keys() == NoiseSettings.__dataclass_fields__.keys()
    sources = ["Where's the café, please? See http://A.B/C", "ok", ""]
    found = {kind.name: kind for kind in noisy_sources(sources, carried=("url",), seed=0)}
    assert found["lower case"].sources == ["where's the café, please? see http://A.B/C"]
    assert found["capitals"].sources[0] == "WHERE'S THE CAFÉ, PLEASE? SEE http://A.B/C"
    assert found["no accents"].sources == ["Where's the cafe, please? See http://A.B/C"]
    assert found["other quotes"].lines.tolist() == [0]
    assert found["doubled spaces"].sources[0].startswith("Where's  the  café,  please?")
    assert found["no final mark"].lines.tolist() == []  # the span at the end is carried
    assert found["a typo in a word"].lines.tolist() == [0]


def test_noise_is_applied_to_a_part_of_a_large_test_set() -> None:
    lower = noisy_sources(["Ab"] * (2 * MOST_LINES), seed=3)[0]
    assert len(lower.lines) == MOST_LINES == len(set(lower.lines.tolist()))


def test_attention_maps_are_those_of_the_search(translator: Translator) -> None:
    from seq2seq.evaluation.attention_maps import attention_maps, word_coverage

    texts = ["the train is late", "", "where is the hotel? I need two tickets. we see. the train."]
    found = [one[0] for one in translator.hypotheses(texts, alignments=True)]
    maps = sorted(attention_maps(translator, found, batch_tokens=60))
    assert (maps[0].line, maps[0].part) == (0, 0)
    assert found[2].parts == len(maps) - 1 > 1
    for one in maps:
        assert one.weights.shape == (len(one.target) + 1, len(one.source) + 1)
        assert one.weights.sum(axis=1) == pytest.approx(1, abs=1e-3)
    aligned = dict((b, a) for a, b in found[0].alignment or ())
    assert [aligned[row] for row in range(len(maps[0].target))] == (
        maps[0].weights[:-1].argmax(axis=1).tolist()
    )
    words = word_coverage(maps[0])
    assert [word.word for word in words] == ["the", "train", "is", "late"]
    total = sum(word.attention for word in words) + maps[0].weights[:, -1].sum()
    assert total == pytest.approx(len(maps[0].target) + 1, abs=1e-2)


def test_every_text_of_a_page_is_escaped() -> None:
    evil = '<script>&"\x00\x1b\u2028\ud800'
    shown = joined([evil, element("a", evil, title=evil), table([evil], [[evil]]), quoted(evil)])
    assert "<script" not in shown and "\x00" not in shown and "\x1b" not in shown
    assert 'title="&lt;script&gt;&amp;&quot;' in shown
    shown.encode()
    assert joined(Html("<b>")) == "<b>"


def test_a_blank_or_long_text_is_shown_as_what_it_is() -> None:
    assert ">empty<" in quoted("") and ">blank<" in quoted(" ")
    shown = quoted("x" * 2500)
    assert shown.count("x") < 2100 and "500 more characters" in shown


def test_differences_from_the_most_similar_reference_are_marked() -> None:
    shown = marked_difference("wir haben Zeit", ["ganz anders", "wir hatten Zeit"])
    marked = re.findall(r"<(mark|del)>(.*?)</", shown)
    assert sorted(marked) == [("del", "hatten"), ("mark", "haben")]
    assert not re.findall("<mark|<del", marked_difference("wir", ["wir"]))
