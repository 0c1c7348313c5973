"""Runs and corpora at a URL, as the commands see them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from forked_process import ForkedProcess
from tiny_run import TINY

from seq2seq import load_settings
from seq2seq.commands.main import main
from seq2seq.errors import SettingsError, StorageError, TrainingError
from seq2seq.storage.location import Location
from seq2seq.storage.working_directory import with_local_paths, working_directory

RUN = [
    *TINY,
    "name=tiny",
    "model.bidirectional=false",
    "optimizer.schedule=constant",
    "training.max_epochs=null",
    "training.log_steps=5",
    "training.checkpoint_steps=7",
]


@pytest.fixture(autouse=True)
def workplace(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def corpus(url: str, tmp_path: Path) -> list[str]:
    """The overrides of a corpus at a URL."""
    location = Location(url)
    for name in ("train.en", "train.de", "valid.en", "valid.de"):
        location.write(f"texts/{name}", f"first {name}\n".encode())
    sides = [f"data.{s}={{source: {s}.en, target: {s}.de}}" for s in ("train", "valid")]
    return ["data=parallel", "name=a", f"data.directory={url}/texts", *sides]


def test_corpus_files_come_once_and_again_when_they_change(corpus: list[str], url: str) -> None:
    settings = load_settings(corpus)
    first = Path(str(with_local_paths(settings).data.directory))
    assert (first / "train.de").read_text() == "first train.de\n"
    assert {path.name for path in first.iterdir()} == {
        *("train.en", "train.de", "valid.en", "valid.de")
    }
    assert with_local_paths(settings).data.directory == str(first)
    Location(url).write("texts/train.de", b"changed, and longer\n")
    second = Path(str(with_local_paths(settings).data.directory))
    assert second != first
    assert (second / "train.de").read_text() == "changed, and longer\n"


def test_a_corpus_that_is_not_there_or_leads_out(corpus: list[str], url: str, cache: Path) -> None:
    with pytest.raises(StorageError, match=r"texts could not be read: .*nowhere\.en"):
        with_local_paths(load_settings([*corpus, "data.train.source=nowhere.en"]))
    with pytest.raises(SettingsError, match="does not lie in data"):
        with_local_paths(load_settings([*corpus, "data.train.source=../train.en"]))
    assert not list(cache.glob("data/*"))


def test_a_run_here_is_as_before(tmp_path: Path) -> None:
    settings = load_settings(["name=a"])
    with working_directory(settings, "0") as place:
        assert place.settings == settings
        assert place.directory == tmp_path / "runs" / "a" / "0"
    assert list(tmp_path.iterdir()) == []


def test_two_processes_of_a_machine_do_not_share_a_run(url: str) -> None:
    settings = load_settings(["name=a", f"runs={url}"])
    with (
        working_directory(settings),
        pytest.raises(TrainingError, match="another process"),
        working_directory(settings),
    ):
        pass


def test_what_is_left_by_an_error_is_kept_at_the_url(url: str) -> None:
    settings = load_settings(["name=a", f"runs={url}"])
    with pytest.raises(TrainingError, match="exploded"), working_directory(settings) as place:
        (place.directory / "metrics.jsonl").write_text("1\n")
        raise TrainingError("the loss exploded")
    assert Location(url).read("a/metrics.jsonl") == b"1\n"


def test_a_storage_that_is_away_stops_nothing(tmp_path: Path) -> None:
    settings = load_settings(["name=a", f"runs=file://{tmp_path}/storage"])
    with working_directory(settings) as place:
        (place.directory / "metrics.jsonl").write_text("1\n")
        (tmp_path / "storage").rename(tmp_path / "away")
        (tmp_path / "storage").write_text("something else")
        place.saved()
        (tmp_path / "storage").unlink()
        (tmp_path / "away").rename(tmp_path / "storage")
    assert (tmp_path / "storage" / "a" / "metrics.jsonl").read_text() == "1\n"


def test_a_package_that_is_missing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    code = (
        "import sys; sys.modules['s3fs'] = None\n"
        "from seq2seq.commands.main import main\n"
        "sys.exit(main(['train', 'runs=s3://bucket/runs']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("pip install 'seq2seq-lstm[s3]'.")
    assert "Traceback" not in done.stderr


def test_a_multirun_leaves_nothing_here(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = set(tmp_path.iterdir())
    sweep = [
        "train",
        "--multirun",
        "name=a",
        f"runs={url}",
        "data.train.source=nowhere",
        "seed=1,2",
    ]
    assert main(sweep) == 1
    assert "job 1 (" in capsys.readouterr().out
    assert {path.name for path in set(tmp_path.iterdir()) - before} <= {"cache", "storage"}


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_goes_on_elsewhere_from_its_url(
    stop: signal.Signals, url: str, tmp_path: Path, seq2seq_process: Callable[..., Any]
) -> None:
    run = [*RUN, f"runs={url}"]
    log = tmp_path / "log"
    process = seq2seq_process("train", *run, "training.max_steps=1000000", log=log)
    end = time.monotonic() + 240
    while "step 15 " not in log.read_text():
        assert process.poll() is None and time.monotonic() < end, log.read_text()
        time.sleep(0.05)
    process.send_signal(stop)
    process.wait(120)
    # Another machine, which has no cache.
    os.environ["SEQ2SEQ_CACHE"] = str(tmp_path / "elsewhere")
    done = seq2seq_process("train", *run, "training.max_steps=40", log=log)
    assert done.wait(240) == 0, log.read_text()
    said = log.read_text()
    from_step = int(said.split("going on from step ")[1].split("\n")[0].replace(",", ""))
    if stop == signal.SIGTERM:
        assert f"stopped at step {from_step}, all of it saved" in said
    assert from_step >= 14
    place = Location(f"{url}/tiny")
    assert json.loads(place.read("result.json") or b"")["steps"] == 40
    assert {"export/manifest.json", "checkpoints/step-00000040/state.json"} <= place.sizes().keys()
    assert f"run: {url}/tiny\n" in said


@pytest.fixture
def seq2seq_process(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Starts the command; what it says goes into a file. None of them is left behind."""
    started: list[ForkedProcess] = []

    def start(*arguments: str, log: Path) -> ForkedProcess:
        command = ["seq2seq", *arguments]
        log.touch()
        started.append(ForkedProcess(command, output=log, errors=log, cwd=tmp_path))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
