"""What is checked before anything is sent, and what is sent."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from seq2seq import load_settings
from seq2seq.commands.main import main
from seq2seq.errors import JobError, UserError
from seq2seq.jobs import package
from seq2seq.jobs.package import make_package
from seq2seq.jobs.server import Job, JobServer
from seq2seq.jobs.submission import Share, submit_run

RUNS = "runs=s3://bucket/prefix"


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory to work in."""
    directory = tmp_path / "work"
    directory.mkdir()
    monkeypatch.chdir(directory)
    return directory


@pytest.fixture
def corpus(workplace: Path) -> list[str]:
    """Files of a user, and the overrides that name them."""
    (workplace / "texts").mkdir()
    for name in ("train.en", "train.de", "valid.en", "valid.de"):
        (workplace / "texts" / name).write_text(f"{name}\n")
    sides = [f"data.{s}={{source: {s}.en, target: {s}.de}}" for s in ("train", "valid")]
    return ["data=parallel", "name=mine", "data.directory=texts", *sides]


class Recorder(JobServer):
    """Keeps what would be sent; `running` are its jobs."""

    def __init__(self, running: Sequence[Job] = ()) -> None:
        super().__init__("http://nowhere:1")
        self.running, self.sent = running, []  # type: tuple[Sequence[Job], list[Any]]

    def check(self) -> None:
        self.sent.append("check")

    def jobs(self) -> list[Job]:
        return list(self.running)

    def upload(self, package: str, content: bytes) -> None:
        self.sent.append((package, content))

    def submit(self, request: dict[str, Any]) -> str:
        self.sent.append(request)
        return str(request["submission_id"])


def unpacked(archive: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        return {name: found.read(name).decode() for name in found.namelist()}


@pytest.mark.parametrize(
    ("overrides", "status", "says"),
    [
        (["model.units=7", RUNS], 2, "model.units received 7"),
        (["modle.units=8", RUNS], 2, "modle.units"),
        (["experiment=nosuch", RUNS], 2, "nosuch"),
        ([], 2, "lies in the directory you are in, which the cluster does not have"),
        ([RUNS, "model.init_from=runs/a"], 2, "model.init_from="),
        ([RUNS, "data.directory=nowhere"], 1, "data.train.source=train.en: "),
        (["runs=s3:/bucket"], 2, "two slashes"),
        (["runs=memory://a"], 2, "needs storage that keeps"),
    ],
)
def test_mistakes_are_told_before_a_server_is_asked(
    overrides: list[str], status: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # Nothing listens at port 1: asking it would be another error.
    assert main(["submit", *overrides, "--address", "http://127.0.0.1:1"]) == status
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert says in err


def test_what_was_checked_is_what_runs_there(
    workplace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workplace / "conf" / "experiment").mkdir(parents=True)
    own = "# @package _global_\nname: own\nmodel:\n  units: 64\n"
    (workplace / "conf" / "experiment" / "own.yaml").write_text(own)
    here = load_settings(["experiment=own", "seed=5", RUNS])
    _, archive = make_package(here, working_directory=workplace)
    there = tmp_path / "there"
    for name, text in unpacked(archive).items():
        (there / name).parent.mkdir(parents=True)
        (there / name).write_text(text)
    monkeypatch.chdir(there)
    assert load_settings(["experiment=submitted"]) == here


def test_small_corpus_files_go_along(
    corpus: list[str], workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings([*corpus, RUNS])
    name, archive = make_package(settings, working_directory=workplace)
    files = unpacked(archive)
    assert files.pop("texts/train.de") == "train.de\n"
    recipe = yaml.safe_load(files.pop("conf/experiment/submitted.yaml"))
    assert recipe["data"]["directory"] == "texts"
    assert files.keys() == {"texts/train.en", "texts/valid.en", "texts/valid.de"}
    assert make_package(settings, working_directory=workplace) == (name, archive)
    monkeypatch.setattr(package, "LARGEST", 30)
    with pytest.raises(UserError, match="too much to send"):
        make_package(settings, working_directory=workplace)


@pytest.mark.parametrize("place", ["s3://bucket/corpus", "/shared/corpus"])
def test_files_elsewhere_are_named_and_not_sent(
    place: str, corpus: list[str], workplace: Path
) -> None:
    settings = load_settings([*corpus, RUNS, f"data.directory={place}"])
    [(name, text)] = unpacked(make_package(settings, working_directory=workplace)[1]).items()
    assert name == "conf/experiment/submitted.yaml"
    assert yaml.safe_load(text)["data"]["directory"] == place


def sent(overrides: list[str], workplace: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The corpus as the sent recipe names it, and the files that go along."""
    settings = load_settings([*overrides, RUNS])
    files = unpacked(make_package(settings, working_directory=workplace)[1])
    return yaml.safe_load(files.pop("conf/experiment/submitted.yaml"))["data"], files


def test_sounds_of_a_manifest_go_along(
    workplace: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (workplace / "sounds" / "clips").mkdir(parents=True)
    (workplace / "sounds" / "clips" / "a.wav").write_text("a sound")
    (tmp_path / "b.wav").write_text("elsewhere")
    manifest = f"clips/a.wav\tx\nclips/none.wav\tx\n../../b.wav\tx\n{tmp_path}/b.wav\tx\n"
    (workplace / "sounds" / "m.tsv").write_text(manifest)
    overrides = ["data=sequences", "task=classification", "data.format=audio", "name=mine"]
    with caplog.at_level(logging.WARNING):
        _, files = sent([*overrides, "data.train.source=sounds/m.tsv"], workplace)
    assert files == {"sounds/m.tsv": manifest, "sounds/clips/a.wav": "a sound"}
    assert "2 sounds of" in caplog.text and "are not sent" in caplog.text


def test_compressed_files_are_found_as_training_finds_them(
    corpus: list[str], workplace: Path
) -> None:
    (workplace / "texts" / "train.en").rename(workplace / "texts" / "train.en.gz")
    data, files = sent(corpus, workplace)
    assert data["train"]["source"] == "train.en"
    assert files["texts/train.en.gz"] == "train.en\n" and len(files) == 4


def test_a_recipe_named_by_its_path_finds_its_files(
    corpus: list[str], workplace: Path, tmp_path: Path
) -> None:
    recipe = tmp_path / "elsewhere" / "own.yaml"
    recipe.parent.mkdir()
    sides = "".join(
        f"  {s}: {{source: texts/{s}.en, target: texts/{s}.de}}\n" for s in ("train", "valid")
    )
    head = "# @package _global_\ndefaults:\n  - override /data: parallel\n"
    recipe.write_text(f"{head}data:\n{sides}")
    data, files = sent([f"experiment={recipe}"], workplace)
    assert data["directory"] == "." and data["train"]["source"] == "texts/train.en"
    assert files.keys() == {f"texts/{s}.{e}" for s in ("train", "valid") for e in ("en", "de")}


@pytest.mark.parametrize(
    "name", ["{workplace}/texts/train.en", "../texts/train.en", "{link}/texts/train.en"]
)
def test_files_below_the_working_directory_go_along_under_any_name(
    name: str, corpus: list[str], workplace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "link"
    link.symlink_to(workplace)
    name = name.format(workplace=workplace, link=link)
    overrides = [f"data.train={{source: '{name}', target: train.de}}", *corpus[:3], corpus[-1]]
    data, files = sent(overrides, workplace)
    there = tmp_path / "there"
    for path, text in files.items():
        (there / path).parent.mkdir(parents=True, exist_ok=True)
        (there / path).write_text(text)
    monkeypatch.chdir(there)
    for side in ("source", "target"):
        found = Path(data["directory"], data["train"][side])
        assert found.read_text() == f"train.{'en' if side == 'source' else 'de'}\n"


def test_what_is_not_checked_or_sent_is_said(
    corpus: list[str],
    workplace: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    logger = logging.getLogger("seq2seq")  # as a command may have left it
    logger.handlers.clear()
    monkeypatch.setattr(logger, "propagate", True)
    sent([*corpus, "data.directory=s3://bucket/c"], workplace)
    sent([*corpus, "data.directory=/shared/corpus"], workplace)
    (workplace / "texts").rename(tmp_path / "texts")
    sent([*corpus, f"data.directory={tmp_path}/texts"], workplace)
    assert caplog.messages == [
        "data.directory=s3://bucket/c is remote: its files are not checked here",
        "/shared/corpus is not on this machine: files in it are not checked",
        f"{tmp_path}/texts is not sent: the machines of the cluster must have it",
    ]
    (tmp_path / "texts" / "valid.de").unlink()
    with pytest.raises(UserError, match=r"data\.valid\.target=valid\.de: .* does not exist"):
        sent([*corpus, f"data.directory={tmp_path}/texts"], workplace)


def test_names_like_references_stay_names(corpus: list[str], workplace: Path) -> None:
    odd = workplace / "texts" / "${x}.en"
    (workplace / "texts" / "train.en").rename(odd)
    settings = load_settings([*corpus, RUNS])
    train = replace(settings.data.train, source="${x}.en")
    settings = replace(settings, data=replace(settings.data, train=train))
    files = unpacked(make_package(settings, working_directory=workplace)[1])
    recipe = yaml.safe_load(files["conf/experiment/submitted.yaml"])
    assert recipe["data"]["train"]["source"] == "\\${x}.en"
    assert files["texts/${x}.en"] == "train.en\n"


def test_recipes_of_another_directory_are_submitted(
    workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (workplace / "more" / "experiment").mkdir(parents=True)
    (workplace / "more" / "experiment" / "own.yaml").write_text("# @package _global_\nseed: 3\n")
    address = ["--address", "http://127.0.0.1:1"]
    assert main(["submit", RUNS, "--config-dir", "more", "experiment=own", *address]) == 1
    assert "no job server answers at http://127.0.0.1:1" in capsys.readouterr().err
    assert main(["submit", "model.units=2,4", RUNS, *address]) == 2
    shown = capsys.readouterr().err
    assert "model.units received 2,4, several values; give one here, or" in shown
    assert main(["submit", "hydra.run.dir=x", RUNS, *address]) == 2
    assert "set runs= and name= instead" in capsys.readouterr().err


def test_the_request(corpus: list[str]) -> None:
    server = Recorder()
    overrides = [*corpus, RUNS, "training.device=gpu"]
    settings = load_settings(overrides)
    identifier = submit_run(settings, server, overrides=overrides, share=Share(cpus=2))
    checked, (name, _), request = server.sent
    assert checked == "check"
    assert request["entrypoint"] == "exec seq2seq train experiment=submitted"
    assert request["submission_id"] == identifier and identifier.startswith("mine-")
    assert request["runtime_env"]["working_dir"] == f"gcs://{name}"
    assert int(request["runtime_env"]["env_vars"]["RAY_JOB_STOP_WAIT_TIME_S"]) >= 60
    assert request["metadata"]["run"] == "s3://bucket/prefix/mine"
    assert (request["entrypoint_num_cpus"], request["entrypoint_num_gpus"]) == (2, 1)
    json.dumps(request)


def test_one_job_at_a_time_works_on_a_run(corpus: list[str]) -> None:
    settings = load_settings([*corpus, RUNS])
    metadata = {"run": "s3://bucket/prefix/mine"}
    before = Job("mine-1", "STOPPED", "", metadata, 1.0, 2.0)
    submit_run(settings, Recorder([before]), overrides=[], share=Share())
    server = Recorder([before, Job("mine-2", "RUNNING", "", metadata, 3.0, None)])
    with pytest.raises(JobError, match="job mine-2 works on s3://bucket/prefix/mine already"):
        submit_run(settings, server, overrides=[], share=Share())
    assert server.sent == ["check"]
