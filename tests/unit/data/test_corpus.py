"""Preparing a corpus: what is kept, reported, reused, rebuilt, and left after an interruption."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seq2seq.config.data_schema import CorpusFiles, DataSettings
from seq2seq.config.schema import ModelSettings, Settings, TokenizerSettings
from seq2seq.data.corpus import PreparedCorpus, prepare_corpus
from seq2seq.data.corpus_report import CorpusReport
from seq2seq.data.pair_preparation import PairEncoder
from seq2seq.errors import DataError, SettingsError, UserError

Write = Callable[..., DataSettings]
TOKENIZER = TokenizerSettings(kind="char", vocab_size=300, placeholders=0)
SOURCE = ["one two", "three", "four five six", "seven"]
TARGET = ["eins zwei", "drei", "vier fünf sechs", "sieben"]


def prepare(data: DataSettings, **options: Any) -> PreparedCorpus:
    assert data.directory is not None
    given = {name: options.pop(name) for name in ("tokenizer", "seed", "model") if name in options}
    settings = Settings(data=data, **({"tokenizer": TOKENIZER, "seed": 1} | given))
    options.setdefault("directory", Path(data.directory) / "corpora")
    return prepare_corpus(settings, **options)


def source_texts(corpus: PreparedCorpus) -> list[str]:
    return corpus.source_tokenizer.decode([row.tolist() for row in corpus.train.source])


def left_over(data: DataSettings) -> list[str]:
    assert data.directory is not None
    names = os.listdir(Path(data.directory) / "corpora")
    return sorted(name for name in names if not name.endswith(".lock"))


def test_the_store_holds_the_pairs_without_bos_and_eos(write_corpus: Write) -> None:
    corpus = prepare(write_corpus(SOURCE, TARGET))
    assert source_texts(corpus) == SOURCE
    targets = [row.tolist() for row in corpus.train.target]
    assert corpus.target_tokenizer.decode(targets) == TARGET
    assert all(token > 3 for row in targets for token in row)
    assert corpus.source_tokenizer.tokens == corpus.target_tokenizer.tokens
    assert corpus.test is None
    assert corpus.path.name == corpus.fingerprint[:16]


def test_bad_lines_are_dropped_and_counted_by_reason(write_corpus: Write) -> None:
    source = [*SOURCE, "", b"\xff", "a\0", "b", "\u2028x", "", "\ufffd", "c"]
    target = [*TARGET, "x", "x", "x", "b", "x", "y", "ok", "\u200b\u00a0"]
    corpus = prepare(write_corpus(source, target))
    train = corpus.report.train
    assert corpus.train.lines.tolist() == [1, 2, 3, 4, 8]
    assert (train.read, train.kept) == (12, 5)
    assert {reason: tally.lines for reason, tally in train.dropped.reasons.items()} == {
        "empty source": [5, 10],
        "not valid UTF-8 in source": [6],
        "control character U+0000 in source": [7],
        "line separator U+2028 in source": [9],
        "source empty once it is normalised": [11],
        "empty target": [12],
    }
    text = "\n".join(corpus.report.lines())
    assert "train: 5 pairs of 12 lines, 7 dropped" in text
    assert "a.src and" in text and "2 pairs (lines 5, 10) dropped: empty source" in text


@pytest.mark.parametrize("bad", ["", b"\xff", "a\0", "\u2028x", "\u200b"])
def test_a_bad_line_stops_the_preparation_when_asked_to(write_corpus: Write, bad: str) -> None:
    data = write_corpus([*SOURCE, bad], [*TARGET, "x"], on_bad_line="fail")
    with pytest.raises(DataError, match=r"a\.src and .*a\.trg, line 5: .*data\.on_bad_line=drop"):
        prepare(data)
    assert left_over(data) == []


def test_what_normalisation_changes_is_counted_and_shown(write_corpus: Write) -> None:
    source = ["eins… zwei", "drei", "vier  fünf", "ﬁnden"]
    target = ["一，二。", "三\u00a0四", "五", "六"]
    corpus = prepare(write_corpus(source, target))
    train = corpus.report.train
    assert (train.source.normalised.lines, train.target.normalised.lines) == ([1, 4], [])
    lines = corpus.report.lines()
    (told,) = [line for line in lines if line.startswith("normalisation")]
    assert told == (
        "normalisation changes 2 source lines of training (lines 1, 4), such as 'eins… zwei' to "
        "'eins... zwei', 'ﬁnden' to 'finden'; tokenizer.normalization=identity changes none"
    )
    targets = [row.tolist() for row in corpus.train.target]
    assert corpus.target_tokenizer.decode(targets) == target
    changed = replace(TOKENIZER, target_normalization="nfkc")
    lines = prepare(write_corpus(source, target), tokenizer=changed).report.lines()
    assert any("changes 2 target lines of training (lines 1, 2)" in line for line in lines)


def test_the_extent_of_the_training_sources_is_learned(write_corpus: Write) -> None:
    source = ["one. two."] * 2 + ["one. two. three."] + ["one two three four"] * 397
    corpus = prepare(write_corpus(source, ["eins zwei drei"] * 400))
    assert corpus.report.train.source.sentences == [397, 2, 1]
    assert corpus.training_sources.sentences == 2
    assert corpus.training_sources.longest == corpus.train.source.lengths.max()


def test_tags_that_targets_lack_are_learned(write_corpus: Write) -> None:
    pairs = [(f"<{tag}> word {n}", f"Wort {n}") for n, tag in enumerate(["de", "fr"] * 4)]
    pairs += [(f"<b>word</b> {n} <br>", f"<b>Wort</b> {n} <br>") for n in range(8)]
    pairs += [("<it> word", "Wort"), ("plain", "schlicht")]
    files = write_corpus([source for source, _ in pairs], [target for _, target in pairs])
    corpus = prepare(files, tokenizer=replace(TOKENIZER, vocab_size=400))
    assert corpus.training_sources.signs == ("<de>", "<fr>")
    (line,) = [line for line in corpus.report.lines() if "left to the model" in line]
    assert line.endswith("because targets lack them: 2 (<de> <fr>)")


def test_what_no_translation_will_hold_is_told(write_corpus: Write) -> None:
    files = write_corpus(["one", "two", "three"], ["eins", "zw\tei", "drei \ufffd"])
    lines = prepare(files).report.lines()
    assert any("2 pairs (lines 2, 3): target holds a tab or U+FFFD" in line for line in lines)
    spaced = replace(TOKENIZER, target_normalization="nmt_nfkc")
    lines = prepare(files, tokenizer=spaced).report.lines()
    assert not any("target holds" in line for line in lines)


def test_limits_hold_for_training_only(write_corpus: Write) -> None:
    data = write_corpus(["aaaa", "aa", "a" * 30, "aaaaaaaa"], ["bb", "bb", "b" * 30, "b"])
    data = replace(data, max_length=20, max_ratio=3.0)
    corpus = prepare(data)
    assert corpus.train.lines.tolist() == [1, 2]
    too_long = corpus.report.train.dropped.reasons["longer than data.max_length=20 tokens"]
    assert too_long.lines == [3]
    assert f"data.max_length=20 tokens ({too_long.longest} would keep them all)" in "".join(
        corpus.report.warnings()
    )
    assert corpus.report.train.dropped.reasons["length ratio above data.max_ratio=3"].lines == [4]
    assert len(corpus.valid) == 4
    assert corpus.report.splits["valid"].source.longest_line == 3


def test_long_lines_are_encoded_in_smaller_chunks(
    write_corpus: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PairEncoder, "most_values", 15)
    done: list[int] = []
    corpus = prepare(
        write_corpus(SOURCE, TARGET),
        progress=lambda stage, now, total: done.append(now) if stage == "train" else None,
    )
    assert done == [1, 3, 4, 4]
    assert source_texts(corpus) == SOURCE


@pytest.mark.parametrize("chunk", [1, 2, 20_000])
def test_max_pairs_takes_the_first_that_are_kept(
    write_corpus: Write, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(PairEncoder, "most_records", chunk)
    source = ["a", "", "b" * 50, "c", "d", "", "e"]
    data = write_corpus(source, [line or "x" for line in source], max_length=20, max_pairs=3)
    corpus = prepare(data)
    assert corpus.train.lines.tolist() == [1, 4, 5]
    assert (corpus.report.train.read, corpus.report.train.dropped.total) == (5, 2)


def test_repeated_pairs_and_overlap_are_counted_and_kept(write_corpus: Write) -> None:
    data = write_corpus([*SOURCE, "three", "one two"], [*TARGET, "drei", "zwölf"])
    root = Path(data.directory or "")
    (root / "test.tsv").write_text("new\tneu\nthree\tdrei\n one two\tnicht\n")
    (root / "valid.tsv").write_text("new\tneu\n")
    data = replace(data, test=CorpusFiles("test.tsv"), valid=CorpusFiles("valid.tsv"))
    report = prepare(data).report
    assert report.train.kept == 6
    assert (report.train.repeated.count, report.train.repeated.lines) == (1, [5])
    test = report.splits["test"]
    assert (test.sources_in_training.count, test.sources_in_training.lines) == (2, [2, 3])
    assert (test.pairs_in_training.count, test.pairs_in_training.lines) == (1, [2])
    assert report.splits["valid"].warnings() == []
    assert any("test.tsv: 2 pairs (lines 2, 3): source sentence also" in x for x in report.lines())


def test_raw_pairs_are_the_references_as_they_stand(write_corpus: Write) -> None:
    data = write_corpus([" Ein  \t\u2009x ", "", "b"], ["«ﬁ»  y", "x", "c"])
    corpus = prepare(data)
    assert corpus.raw("valid") == [
        {"line": 1, "text": " Ein  \t\u2009x ", "label": "«ﬁ»  y"},
        {"line": 3, "text": "b", "label": "c"},
    ]
    assert len(corpus.valid) == 2
    shutil.rmtree(corpus.path)
    with pytest.raises(DataError, match=r"raw\.jsonl"):
        corpus.raw("valid")


def test_separate_vocabularies(write_corpus: Write) -> None:
    data = write_corpus(["abc"] * 3, ["xyz"] * 3)
    corpus = prepare(data, tokenizer=replace(TOKENIZER, joint=False))
    assert corpus.target_tokenizer.decode([corpus.train.target[0].tolist()]) == ["xyz"]
    tokens = [
        {side.token(index) for index in range(side.vocab_size)}
        for side in (corpus.source_tokenizer, corpus.target_tokenizer)
    ]
    assert "a" in tokens[0] - tokens[1] and "x" in tokens[1] - tokens[0]


def test_another_runs_tokenizer_is_used_and_part_of_the_fingerprint(write_corpus: Write) -> None:
    first = prepare(write_corpus(SOURCE, TARGET))
    data = write_corpus(["two one"], ["zwei eins"])
    second = prepare(data, tokenizer_from=first.path)
    assert second.source_tokenizer.model_bytes == first.source_tokenizer.model_bytes
    assert second.fingerprint != prepare(data).fingerprint
    run = Path(data.directory or "") / "run"
    run.mkdir()
    with pytest.raises(DataError, match="holds no tokenizers"):
        prepare(data, tokenizer_from=run)
    for name in ("source.model", "target.model"):
        shutil.copy(first.path / name, run / name)
    assert prepare(data, tokenizer_from=run).report.tokenizer_sentences == 0
    with pytest.raises(SettingsError, match=r"joint=false, but .* one vocabulary"):
        prepare(data, tokenizer_from=run, tokenizer=replace(TOKENIZER, joint=False))


def test_the_same_files_and_settings_are_prepared_once(write_corpus: Write) -> None:
    data = write_corpus(SOURCE, TARGET)
    first = prepare(data)
    stages: list[str] = []
    again = prepare(
        data,
        tokenizer=replace(TOKENIZER, sampling=0.3),
        progress=lambda stage, done, total: stages.append(stage),
    )
    assert again.path == first.path and set(stages) == {"files"}
    assert again.report == first.report
    assert left_over(data) == [first.path.name]


def test_what_both_sides_share_becomes_placeholders_in_training_alone(write_corpus: Write) -> None:
    lines = [f"see {number} now" for number in range(100, 140)]
    data = write_corpus(lines, [line.replace("see", "siehe") for line in lines])
    tokenizer = replace(TOKENIZER, placeholders=3)
    corpus = prepare(data, tokenizer=tokenizer)
    texts = source_texts(corpus)
    targets = corpus.target_tokenizer.decode([row.tolist() for row in corpus.train.target])
    masked = [number for number, text in enumerate(texts) if "\u27e8" in text]
    assert 8 < len(masked) < 32
    for number, line in enumerate(lines):
        expected = line if number not in masked else f"see {texts[number].split()[1]} now"
        assert texts[number] == expected
        assert targets[number] == expected.replace("see", "siehe")
    assert {texts[number].split()[1] for number in masked} == set(
        corpus.source_tokenizer.placeholders
    )
    valid = [row.tolist() for row in corpus.valid.source]
    assert corpus.source_tokenizer.decode(valid) == lines
    assert [record["text"] for record in corpus.raw("valid")] == lines
    assert source_texts(prepare(replace(data, carry=("url",)), tokenizer=tokenizer)) == lines
    assert source_texts(prepare(data)) == lines  # no placeholders to be had


def test_whatever_changes_the_corpus_changes_the_fingerprint(write_corpus: Write) -> None:
    data = write_corpus(SOURCE, TARGET)
    prints = {prepare(data).fingerprint}
    for changed in (
        replace(data, max_length=199),
        replace(data, max_ratio=8.0),
        replace(data, max_pairs=3),
        replace(data, on_bad_line="fail"),
        replace(data, carry=()),
    ):
        prints.add(prepare(changed).fingerprint)
    prints.add(prepare(data, tokenizer=replace(TOKENIZER, placeholders=1)).fingerprint)
    prints.add(prepare(write_corpus(SOURCE, [*TARGET[:-1], "Sieben"])).fingerprint)
    assert len(prints) == 8


def test_a_front_end_is_refused_before_texts_are_prepared(write_corpus: Write) -> None:
    data = write_corpus(SOURCE, TARGET)
    with pytest.raises(
        SettingsError, match=r"^model\.front_end received convolution; .* holds texts"
    ):
        prepare(data, model=ModelSettings(front_end="convolution"))
    assert not (Path(str(data.directory)) / "corpora").exists()


def test_runs_of_other_seeds_share_the_corpus(write_corpus: Write) -> None:
    """So models of several seeds have the same tokens and can translate together."""
    data = write_corpus(SOURCE, TARGET)
    assert prepare(data, seed=2).fingerprint == prepare(data, seed=1).fingerprint


@pytest.mark.parametrize(
    "name",
    [
        "train/source.values",
        "train/store.json",
        "valid/raw.jsonl",
        "source.model",
        "target.model",
        "report.json",
        "fingerprint.json",
    ],
)
@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_corpus_is_prepared_again_with_a_warning(
    write_corpus: Write, caplog: pytest.LogCaptureFixture, name: str, damage: str
) -> None:
    data = write_corpus(SOURCE, TARGET)
    path = prepare(data).path / name
    whole = path.read_bytes()
    if damage == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    else:
        path.unlink()
    with pytest.raises(UserError, match="prepared corpus is damaged"):
        PreparedCorpus.open(path.parents[name.count("/")])
    with caplog.at_level(logging.WARNING, "seq2seq"):
        assert source_texts(prepare(data)) == SOURCE
    assert caplog.text.count("prepared again") == 1
    assert path.read_bytes() == whole or name == "fingerprint.json"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ([], "the train corpus is empty"),
        (["", "a\0"], r"none of 2 lines can be used for train .*1 empty source, 1 control"),
        (["a" * 50], r"none of 1 lines .*1 longer than data.max_length=20 tokens \(\d+ would keep"),
    ],
)
def test_nothing_left_is_an_error(write_corpus: Write, source: list[str], said: str) -> None:
    data = write_corpus(source, ["x" for _ in source], max_length=20)
    with pytest.raises(DataError, match=said):
        prepare(data)
    assert left_over(data) == []


def test_valid_must_be_given_and_hold_something(write_corpus: Write) -> None:
    data = write_corpus(SOURCE, TARGET)
    with pytest.raises(SettingsError, match=r"data.valid.source is not set"):
        prepare(replace(data, valid=CorpusFiles()))
    (Path(data.directory or "") / "empty.tsv").write_text("\n\n")
    with pytest.raises(DataError, match="none of 2 lines can be used for valid"):
        prepare(replace(data, valid=CorpusFiles("empty.tsv")))
    with pytest.raises(SettingsError, match=r"data.test.source is not set"):
        prepare(replace(data, test=CorpusFiles(target="a.trg")))


def test_unequal_files_leave_nothing(write_corpus: Write) -> None:
    data = write_corpus([*SOURCE, "more"], TARGET)
    with pytest.raises(DataError, match=r"has 5 lines and .* has 4"):
        prepare(data)
    assert left_over(data) == []


@pytest.mark.parametrize("stage", ["reading", "tokenizer", "train", "valid"])
def test_an_interruption_leaves_nothing(
    write_corpus: Write, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    monkeypatch.setattr(PairEncoder, "most_records", 2)
    data = write_corpus(SOURCE, TARGET)

    def interrupt(now: str, done: int, total: int | None) -> None:
        if now == stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(data, progress=interrupt)
    assert left_over(data) == []
    assert source_texts(prepare(data)) == SOURCE


def test_a_file_that_changes_meanwhile_is_noticed(write_corpus: Write) -> None:
    data = write_corpus(SOURCE, TARGET)

    def change(stage: str, done: int, total: int | None) -> None:
        if stage == "valid":
            write_corpus(SOURCE, [*TARGET[:-1], "acht!!"])

    with pytest.raises(DataError, match=r"a\.src changed while it was being read"):
        prepare(data, progress=change)
    assert left_over(data) == []


CHILD = """
import sys, time
from pathlib import Path
from seq2seq.data.corpus import prepare_corpus
from seq2seq.config.data_schema import CorpusFiles, DataSettings
from seq2seq.config.schema import Settings, TokenizerSettings
root, wait = Path(sys.argv[1]), float(sys.argv[2])
def progress(stage, done, total):
    if stage == "train":
        (root / "half").touch()
        time.sleep(wait)
files = CorpusFiles("a.src", "a.trg")
data = DataSettings(directory=str(root), train=files, valid=files)
tokenizer = TokenizerSettings(kind="char", vocab_size=300, placeholders=0)
prepare_corpus(Settings(data=data, tokenizer=tokenizer, seed=1),
               directory=root / "corpora", progress=progress)
"""


@pytest.fixture
def half_way(
    write_corpus: Write,
) -> Iterator[Callable[[float], tuple[DataSettings, subprocess.Popen[bytes]]]]:
    """Starts another process that prepares the corpus and waits in the middle of it."""
    children: list[subprocess.Popen[bytes]] = []

    def start(wait: float) -> tuple[DataSettings, subprocess.Popen[bytes]]:
        data = write_corpus(SOURCE, TARGET)
        root = Path(data.directory or "")
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(root), str(wait)])
        children.append(child)
        deadline = time.monotonic() + 60
        while not (root / "half").exists() and time.monotonic() < deadline:
            assert child.poll() is None
            time.sleep(0.02)
        return data, child

    yield start
    for child in children:
        child.kill()
        child.wait()


Start = Callable[[float], tuple[DataSettings, "subprocess.Popen[bytes]"]]


def test_what_a_killed_process_left_is_removed(half_way: Start) -> None:
    data, child = half_way(600.0)
    child.send_signal(signal.SIGKILL)
    child.wait()
    (partial,) = left_over(data)
    assert partial.endswith(".partial")
    # Also when it is another corpus that is prepared next.
    other = prepare(replace(data, max_length=50))
    assert left_over(data) == [other.path.name]
    assert source_texts(prepare(data)) == SOURCE


def test_the_killed_preparation_itself_can_be_done_again(half_way: Start) -> None:
    data, child = half_way(600.0)
    child.kill()
    child.wait()
    corpus = prepare(data)
    assert left_over(data) == [corpus.path.name]


def test_two_processes_build_once(half_way: Start) -> None:
    data, child = half_way(1.0)
    stages: list[str] = []
    other = prepare(replace(data, max_length=50))  # does not wait, and leaves the half-made alone
    assert child.poll() is None
    corpus = prepare(data, progress=lambda stage, done, total: stages.append(stage))
    assert "waiting" in stages and "train" not in stages
    assert child.wait(60) == 0
    assert left_over(data) == sorted([corpus.path.name, other.path.name])


def test_a_directory_that_cannot_be_written_is_told(write_corpus: Write) -> None:
    data = write_corpus(SOURCE, TARGET)
    with pytest.raises(DataError, match="cannot be prepared there"):
        prepare(data, directory=Path(data.directory or "") / "a.src" / "corpora")


def test_the_report_survives_json(write_corpus: Write) -> None:
    corpus = prepare(write_corpus([*SOURCE, "", "x"], [*TARGET, "y", "y"]))
    values = json.loads(json.dumps(corpus.report.to_json()))
    assert CorpusReport.from_json(values) == corpus.report
    assert sum(corpus.report.train.source.histogram) == corpus.report.train.kept
    assert corpus.report.train.source.tokens == len(corpus.train.source.values)


def test_progress_tells_how_far(write_corpus: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PairEncoder, "most_records", 2)
    seen: list[tuple[str, int, int | None]] = []
    prepare(write_corpus(SOURCE, TARGET), progress=lambda *event: seen.append(event))
    assert ("train", 2, 4) in seen and ("train", 4, 4) in seen and ("valid", 4, 4) in seen


def test_the_lock_is_free_afterwards(write_corpus: Write) -> None:
    corpus = prepare(write_corpus(SOURCE, TARGET))
    with (corpus.path.parent / f".{corpus.path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def multi30k() -> Path:
    beside = Path(__file__).parents[3] / ".." / "shared" / "data"
    return Path(os.environ.get("SEQ2SEQ_SHARED_DATA", beside)) / "multi30k"


@pytest.mark.skipif(not multi30k().is_dir(), reason="multi30k is not in ../shared/data")
def test_real_captions(tmp_path: Path) -> None:
    data = DataSettings(
        directory=str(multi30k()),
        max_pairs=500,
        train=CorpusFiles("train.en", "train.de"),
        valid=CorpusFiles("valid.en", "valid.de"),
        test=CorpusFiles("test2016.en", "test2016.de"),
    )
    tokenizer = TokenizerSettings(vocab_size=800)
    settings = Settings(data=data, tokenizer=tokenizer, seed=1)
    corpus = prepare_corpus(settings, directory=tmp_path / "corpora")
    assert corpus.test is not None
    assert (len(corpus.train), len(corpus.valid), len(corpus.test)) == (500, 1014, 1000)
    records = corpus.raw("test")
    sources, targets = ([record[side] for record in records] for side in ("text", "label"))
    assert len(records) == 1000
    assert sources[0] == "A man in an orange hat starring at something."
    decoded = corpus.target_tokenizer.decode([row.tolist() for row in corpus.test.target])
    assert sum(text == reference for text, reference in zip(decoded, targets, strict=True)) > 900
