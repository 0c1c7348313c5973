"""A run's lexicon is learned from its own corpus, and from no other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seq2seq.config.schema import Settings, settings_from_mapping
from seq2seq.data.corpus import prepare_corpus
from seq2seq.errors import TrainingError
from seq2seq.training.run_directory import check_resumed_corpus
from seq2seq.training.shortlist_learning import FREQUENT, TRANSLATIONS, learn_lexicon

WORDS = {"red": "rot", "blue": "blau", "green": "gelb", "cat": "Katze", "dog": "Hund"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a run on pairs whose words are translated one by one."""
    draw = np.random.default_rng(3)
    rows = [draw.choice(list(WORDS), 3).tolist() for _ in range(300)]
    for side, spell in (("en", str), ("de", WORDS.__getitem__)):
        lines = "".join(" ".join(map(spell, row)) + " 7\n" for row in rows)
        (tmp_path / f"train.{side}").write_text(lines)
    files = {"source": str(tmp_path / "train.en"), "target": str(tmp_path / "train.de")}
    return settings_from_mapping(
        {
            "runs": str(tmp_path / "runs"),
            "data": {"train": files, "valid": files},
            "tokenizer": {"vocab_size": 320, "joint": False},
        }
    )


def prepared(settings: Settings, run: Path) -> tuple[object, ...]:
    corpus = prepare_corpus(settings, directory=Path(settings.runs) / "corpora")
    run.mkdir(parents=True)
    check_resumed_corpus(run, corpus.fingerprint, begun=False)
    return corpus.source_tokenizer, corpus.target_tokenizer


def test_words_find_their_translations(settings: Settings, tmp_path: Path) -> None:
    source, target = prepared(settings, tmp_path / "run")
    lexicon = learn_lexicon(settings, tmp_path / "run")
    assert lexicon.translations.shape == (source.vocab_size, 1 + TRANSLATIONS)
    assert lexicon.translations.dtype == lexicon.always.dtype == np.int32
    assert len(lexicon.always) == 4 + FREQUENT
    assert lexicon.always[:4].tolist() == [0, 1, 2, 3]
    assert (np.diff(lexicon.always) > 0).all()
    for word, other in (("cat", "Katze"), ("blue", "blau")):
        (row,) = source.encode([word])
        (wanted,) = target.encode([other])
        assert set(wanted) <= set(lexicon.translations[row].ravel().tolist())
    (seven,), (same,) = source.encode(["7"]), target.encode(["7"])
    assert lexicon.translations[seven[-1], 0] == same[-1]


def test_another_corpus_is_refused(settings: Settings, tmp_path: Path) -> None:
    prepared(settings, tmp_path / "run")
    with (tmp_path / "train.en").open("a") as file, (tmp_path / "train.de").open("a") as other:
        file.write("red\n")
        other.write("rot\n")
    with pytest.raises(TrainingError, match="have changed"):
        learn_lexicon(settings, tmp_path / "run")
