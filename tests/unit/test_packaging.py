"""What is installed: exact versions of all of it, and a wheel that works anywhere."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
import yaml

import seq2seq

PIN = re.compile(r"([a-z0-9-]+)==([\w.+!-]+)")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def project(repository: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = tomllib.loads((repository / "pyproject.toml").read_text())
    return loaded


@pytest.fixture(scope="module")
def pins(repository: Path) -> dict[str, str]:
    lines = (repository / "constraints.txt").read_text().splitlines()
    found = {}
    for line in lines:
        if not line.startswith("#"):
            match = PIN.fullmatch(line)
            assert match, f"{line!r} is no exact version"
            found[match[1]] = match[2]
    return found


def requirements(project: dict[str, Any]) -> Iterator[str]:
    yield from project["project"]["dependencies"]
    for names in project["project"]["optional-dependencies"].values():
        yield from (name for name in names if not name.startswith("seq2seq-lstm"))


def needed(names: list[str]) -> set[str]:
    """The distributions that these pull in on this machine, by normal name."""
    found: set[str] = set()
    while names:
        match = re.match(r"[A-Za-z0-9._-]+", names.pop())
        assert match
        name = normal(match[0])
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            continue  # of another system or version of Python
        if name not in found:
            found.add(name)
            names += [each for each in installed.requires or [] if "extra ==" not in each]
    return found


def test_every_package_has_an_exact_version(project: dict[str, Any], pins: dict[str, str]) -> None:
    assert needed(list(requirements(project))) <= pins.keys() | {"setuptools"}
    assert {"tensorflow", "hydra-core", "ruff", "numpy"} <= pins.keys()


def test_the_ranges_hold_the_exact_versions(project: dict[str, Any], pins: dict[str, str]) -> None:
    specifiers = pytest.importorskip("packaging.specifiers")
    for requirement in requirements(project):
        match = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?(.*)", requirement)
        assert match
        assert pins[normal(match[1])] in specifiers.SpecifierSet(match[2]), requirement


def test_the_cuda_packages_that_tensorflow_asks_for_have_exact_versions(
    pins: dict[str, str],
) -> None:
    requirements = pytest.importorskip("packaging.requirements")
    asked = [requirements.Requirement(each) for each in distribution("tensorflow").requires or []]
    cuda = [each for each in asked if each.marker and each.marker.evaluate({"extra": "and-cuda"})]
    cuda = [each for each in cuda if each.name.startswith("nvidia-")]
    assert any(each.name == "nvidia-nccl-cu12" for each in cuda)
    for each in cuda:
        assert pins[each.name] in each.specifier, each


def test_this_environment_has_the_exact_versions(pins: dict[str, str]) -> None:
    differing = {
        name: distribution(name).version
        for name in ("tensorflow", "keras", "numpy", "sentencepiece", "sacrebleu", "hydra-core")
        if distribution(name).version != pins[name]
    }
    assert differing == {}, "made with other versions than constraints.txt says"


def test_the_optional_packages_of_error_messages_are_in_their_extra(
    project: dict[str, Any],
) -> None:
    from seq2seq.commands.main import _EXTRAS

    distributions = {"hydra": "hydra-core", "omegaconf": "hydra-core", "yaml": "pyyaml"}
    extras = project["project"]["optional-dependencies"]
    for module, extra in _EXTRAS.items():
        name = distributions.get(module, normal(module))
        assert any(normal(each).startswith(name) for each in extras[extra]), (module, extra)


def test_continuous_integration_runs_make_test(repository: Path) -> None:
    script = repository / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    lines = script.read_text().splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert lines[1] == "set -euo pipefail"
    assert lines[-1] == "make test"


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    directory = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory)]
    subprocess.run(command, cwd=repository, check=True, capture_output=True)
    [path] = directory.glob("*.whl")
    return path


def test_the_wheel_brings_recipes_and_phrasebook(wheel: Path, repository: Path) -> None:
    assert wheel.name == f"seq2seq_lstm-{seq2seq.__version__}-py3-none-any.whl"
    names = set(zipfile.ZipFile(wheel).namelist())
    conf = {f"seq2seq/{p.relative_to(repository)}" for p in (repository / "conf").rglob("*.yaml")}
    assert conf
    assert conf <= names
    corpora = {"phrasebook/train.en", "phrasebook/test.de", "travel_messages/test.conll"}
    assert {f"seq2seq/{name}" for name in corpora} <= names
    assert "seq2seq/py.typed" in names
    assert not [name for name in names if "test_" in name or "lexicon/" in name]


def test_the_wheel_trains_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    site, work = tmp_path / "site", tmp_path / "work"
    work.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r})\n"
        "from seq2seq.commands.main import main\n"
        "from seq2seq import load_settings\n"
        "print('# directory: ' + load_settings().data.directory)\n"
        "sys.exit(main(['train', '--cfg', 'job', 'experiment=multi30k', 'seed=4']))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=work, check=True, capture_output=True, text=True
    )
    assert result.stdout.startswith(f"# directory: {site}/seq2seq/phrasebook\n")
    shown = yaml.safe_load(result.stdout)
    assert (shown["name"], shown["seed"]) == ("multi30k", 4)
    assert list(work.iterdir()) == []
