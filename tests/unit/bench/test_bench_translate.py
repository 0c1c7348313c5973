"""`seq2seq bench translate` from end to end, on a small model."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from forked_process import popen_that_forks

from seq2seq.bench.first_sentence import first_sentence, translate_command
from seq2seq.bench.forms import Loading, Search
from seq2seq.bench.translation_worker import TranslationWorker
from seq2seq.commands.main import main
from seq2seq.config.schema import ModelSettings
from seq2seq.errors import UserError
from seq2seq.inference.translator import Translator

TEXTS = ["the train is late", "where is the hotel?", "I", "we see a museum", "two tickets"] * 2


def test_the_table(
    exported: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # TensorFlow takes a new process seconds to import; the other forms start as they do in use.
    start = popen_that_forks("seq2seq.bench.translation_worker", "TensorFlow", place=tmp_path)
    monkeypatch.setattr(subprocess, "Popen", start)
    source = tmp_path / "source"
    source.write_text("".join(f"{text}\n" for text in TEXTS))
    command = ["bench", "translate", "--model", str(exported), "--input", str(source)]
    command += ["--sentences", "10", "--repeat", "1", "--only", "ours.*1 thread, greedy", "--json"]
    assert main(command) == 0
    shown = capfd.readouterr()
    found = json.loads(shown.out)
    assert "turn 1 of 1" in shown.err
    rows = {row["name"]: row for row in found["rows"]}
    assert len(rows) == 2 + 4 + 1  # TensorFlow; both precisions; batches not shrunk
    for name, row in rows.items():
        assert row["ratio"][1] <= row["ratio"][0] <= row["ratio"][2]
        same, of = row["same"]
        assert of == (2 if "one by one" in name else 10)
        assert "int8" in name or same == of, name
    ours = rows["ours float32, 1 thread, greedy, batches"]
    reference = rows["TensorFlow float32, 1 thread, greedy, batches"]
    assert ours["ratio"][0] == pytest.approx(ours["rate"][0] / reference["rate"][0])
    assert len(found["gains"]) == 1 + 2 + 2  # shrinking; integers; batches
    assert found["starts"].keys() == {"ours float32", "ours int8", "SavedModel"}
    assert all(start["peak_bytes"][0] > 1e7 for start in found["starts"].values())


def test_a_worker_gives_what_the_translator_gives(exported: Path, translator: Translator) -> None:
    worker = TranslationWorker("ours", Loading(exported, threads=2, steps=1))
    try:
        for search in (Search(1, batched=True), Search(3, batched=False)):
            found = worker.translate(TEXTS, search)
            assert found.outputs == translator.translate(TEXTS, beam_size=search.beam_size)
            assert found.seconds > 0
    finally:
        worker.close()


def test_a_worker_that_cannot_load_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"ours cannot be measured: .*no exported model"):
        TranslationWorker("ours", Loading(tmp_path, threads=1, steps=1))


def test_the_first_sentence_of_a_new_process(exported: Path, tmp_path: Path) -> None:
    start = first_sentence(translate_command(exported), "the train")
    assert 0 < start.seconds < 60
    assert start.peak_bytes > 1e7
    with pytest.raises(UserError, match="translated nothing"):
        first_sentence(translate_command(tmp_path), "the train")


def test_pytorch_takes_the_steps_it_is_told(exported: Path) -> None:
    pytest.importorskip("torch")
    from seq2seq.bench.torch_form import load

    form = load(Loading(exported, threads=1, steps=4))
    for search in (Search(1, batched=True), Search(3, batched=False)):
        assert form.translate(TEXTS, search) == []


def test_ctranslate2_takes_the_steps_it_is_told(exported: Path) -> None:
    pytest.importorskip("ctranslate2")
    from seq2seq.bench.ctranslate2_form import load

    form = load(Loading(exported, threads=1, steps=4))
    for search in (Search(1, batched=True), Search(3, batched=False)):
        assert form.translate(TEXTS, search) == []
    [found] = form.translated([["p1", "p2"]], Search(1, batched=False))
    assert len(found) == 4


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        (ModelSettings(embedding_dim=256, units=512, encoder_layers=2, decoder_layers=2), (256, 4)),
        (ModelSettings(embedding_dim=128, units=256), (128, 2)),
        (ModelSettings(embedding_dim=6, units=8), (64, 1)),
    ],
)
def test_the_transformer_has_as_many_weights(model: ModelSettings, shape: tuple[int, int]) -> None:
    pytest.importorskip("ctranslate2")
    from seq2seq.bench.ctranslate2_form import shape_of_size

    assert shape_of_size(model) == shape


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["bench"], ""),
        (["bench", "what"], "'what' is nothing that bench measures; it measures: translate,"),
        (["bench", "translate"], "required: --model"),
        (["bench", "translate", "--model", ".", "--only", "("], "no regular expression"),
        (["bench", "translate", "--model", ".", "--only", "abacus"], "fits none of what"),
        (["bench", "translate", "--model", ".", "--sentences", "0"], "of at least 1"),
    ],
)
def test_misuse_is_told(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert says in shown.err
    assert shown.err.count("\n") == bool(says)
    assert bool(shown.out) == (not says)


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--help"]) == 0
    assert "translate" in capsys.readouterr().out
    assert main(["bench", "translate", "--help"]) == 0
    assert re.search(r"--only REGEX", capsys.readouterr().out)
