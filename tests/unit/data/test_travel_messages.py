"""The tagged messages: reproducible, valid, and without a sentence of training in the test set."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from seq2seq.data.readers.conll import Sentence, read_conll
from seq2seq.data.sequences.item import Form

FOLDER = Path(__file__).resolve().parents[3] / "data" / "travel_messages"
SPLITS = {"train": 2000, "valid": 400, "test": 1000}


def messages(split: str) -> list[Sentence]:
    return list(read_conll(FOLDER / f"{split}.conll", Form(per_step=True)))


def test_the_files_are_reproduced_byte_for_byte(tmp_path: Path) -> None:
    command = [sys.executable, str(FOLDER / "build.py"), "--output", str(tmp_path)]
    subprocess.run(command, check=True)
    for split in SPLITS:
        name = f"{split}.conll"
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


@pytest.mark.parametrize("split", SPLITS)
def test_tags_are_valid_bio_of_four_types(split: str) -> None:
    found = messages(split)
    assert len(found) == SPLITS[split]
    for message in found:
        assert message.error is None and isinstance(message.label, list)
        for before, tag in zip(["O", *message.label], message.label, strict=False):
            assert tag == "O" or tag[2:] in ("place", "time", "price", "person")
            assert not tag.startswith("I-") or before[2:] == tag[2:]


def patterns(split: str) -> set[str]:
    """The messages with a slot for each span, in lower case and without marks."""
    found = set()
    for message in messages(split):
        assert isinstance(message.content, str) and isinstance(message.label, list)
        words = zip(message.content.lower().split(), message.label, strict=True)
        kept = [word if tag == "O" else tag for word, tag in words if not tag.startswith("I")]
        found.add(" ".join(word for word in kept if word not in list(".,?!")))
    return found


def test_no_message_of_the_test_set_is_filled_from_a_pattern_of_training() -> None:
    training = patterns("train")
    assert not training & patterns("test")
    assert not training & patterns("valid")
