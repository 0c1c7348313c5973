"""The Dockerfiles keep the rules that linters of containers ask for."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

KNOWN = {
    *("FROM", "RUN", "COPY", "ENV", "USER", "WORKDIR", "HEALTHCHECK", "ENTRYPOINT", "CMD", "ARG"),
}
SECRET = re.compile(r"(TOKEN|SECRET|PASSWORD|PASSWD|_KEY)\w*=(?!/)", re.IGNORECASE)
File = list[Any]
Read = Callable[[Path], File]


def texts(file: File, name: str) -> list[str]:
    return [each.text for each in file if each.name == name]


def last_stage(file: File) -> File:
    return [each for each in file if each.stage == file[-1].stage]


def bases_are_pinned(file: File) -> bool:
    """By a full version, never `latest`."""
    images = [text.split()[0] for text in texts(file, "FROM")]
    return all(re.fullmatch(r"[\w./-]+:\d+\.\d+\.\d+[\w.-]*", image) for image in images)


def runs_without_root(file: File) -> bool:
    """By number, which Kubernetes can check."""
    users = texts(last_stage(file), "USER")
    return len(users) == 1 and re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[0]) is not None


def nothing_runs_after_the_user_is_set(file: File) -> bool:
    names = [each.name for each in last_stage(file)]
    return "RUN" not in names[names.index("USER") :]


def apt_is_lean(file: File) -> bool:
    """Updated and installed in one layer, no more than is asked for, its lists removed."""
    lines = [text for text in texts(file, "RUN") if "apt-get" in text]
    wanted = ("apt-get update", "--yes", "--no-install-recommends", "rm -rf /var/lib/apt/lists/*")
    return all(all(part in text for part in wanted) for text in lines) and not any(
        re.search(r"\b(apt|sudo|upgrade)\s", text) for text in lines
    )


def pip_is_pinned(file: File) -> bool:
    lines = [text for text in texts(file, "RUN") if re.search(r"pip (install|wheel)", text)]
    return bool(lines) and all(
        "--no-cache-dir" in text and ("--constraint" in text or "--no-deps" in text)
        for text in lines
    )


def holds_no_secret(file: File) -> bool:
    return not any(
        SECRET.search(text) for name in ("ARG", "ENV", "RUN") for text in texts(file, name)
    )


def has_one_entry_point_in_exec_form(file: File) -> bool:
    entries = [each for each in last_stage(file) if each.name in ("ENTRYPOINT", "CMD")]
    return len(entries) == 1 and entries[0].words[0] == "seq2seq"


def says_how_healthy_it_is(file: File) -> bool:
    [check] = [each for each in last_stage(file) if each.name == "HEALTHCHECK"]
    return check.text == "NONE" or check.words[0] == "seq2seq"


def copies_only_what_it_names(file: File) -> bool:
    sources = [word for text in texts(file, "COPY") for word in text.split()[:-1]]
    return "ADD" not in {each.name for each in file} and "." not in sources


def is_made_of_known_instructions(file: File) -> bool:
    return {each.name for each in file} <= KNOWN and file[0].name == "FROM"


def directories_are_absolute(file: File) -> bool:
    return all(text.startswith("/") for text in texts(file, "WORKDIR"))


RULES: list[Callable[[File], bool]] = [
    bases_are_pinned,
    runs_without_root,
    nothing_runs_after_the_user_is_set,
    apt_is_lean,
    pip_is_pinned,
    holds_no_secret,
    has_one_entry_point_in_exec_form,
    says_how_healthy_it_is,
    copies_only_what_it_names,
    is_made_of_known_instructions,
    directories_are_absolute,
]
# What each rule is there to find; the rule must find it.
MISTAKES = {
    "bases_are_pinned": (r"(FROM \S+?):\S+", r"\1:latest"),
    "runs_without_root": (r"USER \S+", "USER seq2seq"),
    "nothing_runs_after_the_user_is_set": (r"(USER \S+)", "\\1\nRUN true"),
    "apt_is_lean": (r"\A(FROM \S+.*)", "\\1\nRUN apt-get install wget\n"),
    "pip_is_pinned": (r"--no-cache-dir ", ""),
    "holds_no_secret": (r"(USER \S+)", "ENV RAY_AUTH_TOKEN=abc\n\\1"),
    "has_one_entry_point_in_exec_form": (r"ENTRYPOINT .*", 'CMD ["sh"]'),
    "says_how_healthy_it_is": (r"HEALTHCHECK.*", 'HEALTHCHECK CMD ["curl", "http://x"]'),
    "copies_only_what_it_names": (r"COPY conf conf", "COPY . ."),
    "is_made_of_known_instructions": (r"(USER \S+)", "MAINTAINER me\n\\1"),
    "directories_are_absolute": (r"WORKDIR /\S+", "WORKDIR here"),
}


@pytest.fixture(params=["train", "translate"])
def path(request: pytest.FixtureRequest, repository: Path) -> Path:
    return repository / "docker" / f"{request.param}.Dockerfile"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_file_keeps_the_rule_and_the_rule_finds_a_mistake(
    rule: Callable[[File], bool], path: Path, read_dockerfile: Read, tmp_path: Path
) -> None:
    assert rule(read_dockerfile(path))
    spoilt = tmp_path / "Dockerfile"
    lines = [line for line in path.read_text().split("\n") if not line.startswith("#")]
    before = "\n".join(lines).lstrip("\n")
    after = re.sub(MISTAKES[rule.__name__][0], MISTAKES[rule.__name__][1], before, count=1)
    assert after != before
    spoilt.write_text(after)
    assert not rule(read_dockerfile(spoilt))


def test_every_command_is_well_formed_shell(path: Path, read_dockerfile: Read) -> None:
    for text in texts(read_dockerfile(path), "RUN"):
        done = subprocess.run(["sh", "-n", "-c", text], capture_output=True, text=True)
        assert done.returncode == 0, f"{text}: {done.stderr}"


def test_what_is_copied_is_there_and_not_ignored(
    path: Path, read_dockerfile: Read, repository: Path
) -> None:
    ignored = (repository / ".dockerignore").read_text().split("\n")
    for text in texts(read_dockerfile(path), "COPY"):
        if text.startswith("--from"):
            continue
        for name in text.split()[:-1]:
            assert (repository / name).exists(), name
            assert f"!{name}" in ignored, name


def test_the_versions_agree(repository: Path) -> None:
    import seq2seq

    pins = (repository / "constraints.txt").read_text()
    ray = re.search(r"^ray==(.*)$", pins, re.MULTILINE)
    assert ray is not None
    for path in (repository / "docker").rglob("*.*"):
        text = path.read_text()
        for version in re.findall(r"seq2seq-(?:train|translate):([\w.]+)", text):
            assert version == seq2seq.__version__, path
        for version in re.findall(r'rayVersion: "(.*)"', text):
            assert version == ray[1], path


def test_the_token_stays_out_of_git_and_of_images(repository: Path) -> None:
    assert "/docker/ray-token" in (repository / ".gitignore").read_text().split("\n")
    ignored = (repository / ".dockerignore").read_text().split("\n")
    assert "*" in ignored and not any("docker" in line for line in ignored)
