"""Finding a command, and what becomes of the errors it raises."""

from __future__ import annotations

import errno
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

import seq2seq
from seq2seq.commands import main as command
from seq2seq.errors import ModelError, SettingsError

Install = Callable[[Callable[[list[str]], int]], None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a function in the place of `seq2seq train`."""

    def put(function: Callable[[list[str]], int]) -> None:
        module = ModuleType("seq2seq.commands.train")
        module.main = function  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)

    return put


def raising(error: BaseException) -> Callable[[list[str]], int]:
    def function(argv: list[str]) -> int:
        raise error

    return function


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (["--help"], ["-h"], ["help"]):
        assert command.main(argv) == 0
        shown = capsys.readouterr().out
        assert all(f"  {name} " in shown for name in command.COMMANDS)
    assert command.main([]) == 2


def test_every_command_named_has_a_module() -> None:
    folder = Path(command.__file__).parent
    for name in command.COMMANDS:
        assert (folder / f"{name}.py").is_file(), name


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--version"]) == 0
    assert capsys.readouterr().out == f"seq2seq {seq2seq.__version__}\n"


def test_an_unknown_command_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["trian"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("seq2seq: error: 'trian' is not a command; commands: train,")
    assert shown.err.endswith("Nearest: train.\n")


def test_arguments_and_status_pass_through(install: Install) -> None:
    seen: list[list[str]] = []

    def function(argv: list[str]) -> int:
        seen.append(argv)
        return 3

    install(function)
    assert command.main(["train", "a=1", "--debug", "--cfg", "job"]) == 3
    assert command.main(["--debug", "train", "--", "--debug"]) == 3
    assert seen == [["a=1", "--cfg", "job"], ["--", "--debug"]]


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (SettingsError("a.b received\n 3"), 2, "a.b received 3"),
        (ModelError("no model here"), 1, "no model here"),
        (
            ModuleNotFoundError("No module named 'keras'", name="keras.layers"),
            1,
            "This command needs the package keras.layers, which is not installed: "
            "pip install 'seq2seq-lstm[train]'.",
        ),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "No space left on device."),
        (
            PermissionError(errno.EACCES, "Permission denied", "runs/x"),
            1,
            "runs/x: Permission denied.",
        ),
    ],
)
def test_an_error_is_one_line(
    install: Install,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    status: int,
    message: str,
) -> None:
    install(raising(error))
    assert command.main(["train"]) == status
    shown = capsys.readouterr()
    assert shown.err == f"seq2seq: error: {message}\n"
    assert shown.out == ""


def test_a_name_that_is_not_utf8_is_one_line(
    install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    def function(argv: list[str]) -> int:
        "/tmp/l\udcfct/a".encode()
        return 0

    install(function)
    assert command.main(["train"]) == 1
    shown = capsys.readouterr().err
    assert shown.startswith("seq2seq: error: '/tmp/l\\udcfct/a' holds the name of a file that is ")
    assert shown.count("\n") == 1


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}],
)
def test_output_beyond_the_encoding_is_escaped(environment: dict[str, str], tmp_path: Path) -> None:
    work = tmp_path / "ünï"
    work.mkdir()
    for name in ("a.en", "a.de"):
        (work / name).write_text("a\n")
    sides = ["--source", "a.en", "--target", "a.de"]
    valid = [part.replace("--", "--valid-") for part in sides]
    done = subprocess.run(
        [sys.executable, "-m", "seq2seq", "init", *sides, *valid, "--directory", str(work)],
        env=os.environ | {"PYTHONCOERCECLOCALE": "0"} | environment,
        cwd=work,
        capture_output=True,
        check=False,
    )
    assert (done.returncode == 0) == ("PYTHONUTF8" not in environment)
    assert b"Traceback" not in done.stderr
    assert done.stdout.isascii() == (environment != {"LC_ALL": "C"})
    written = (work / "experiment" / "mine.yaml").exists()
    assert written == (done.returncode == 0)


def test_debug_shows_the_traceback(install: Install) -> None:
    install(raising(SettingsError("a")))
    with pytest.raises(SettingsError):
        command.main(["train", "--debug"])


def test_our_own_defects_are_not_hidden(install: Install) -> None:
    install(raising(ValueError("a defect")))
    with pytest.raises(ValueError, match="a defect"):
        command.main(["train"])
    install(raising(ModuleNotFoundError("No module named 'seq2seq.x'", name="seq2seq.x")))
    with pytest.raises(ModuleNotFoundError):
        command.main(["train"])


def test_an_interrupt_is_quiet(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    install(raising(KeyboardInterrupt()))
    assert command.main(["train"]) == 130
    assert capsys.readouterr().err == ""


def test_a_reader_that_leaves_is_no_error(repository: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        result = subprocess.run(
            [sys.executable, "-m", "seq2seq", "--help"],
            stdout=closed,
            stderr=subprocess.PIPE,
            cwd=repository,
            check=False,
        )
    assert result.stderr == b""
    assert result.returncode == 141


def test_messages_go_to_stderr_once(
    install: Install, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def function(argv: list[str]) -> int:
        logging.getLogger("seq2seq").info("hello")
        return 0

    install(function)
    for _ in range(2):
        command.main(["train"])
    shown = capsys.readouterr()
    assert shown.err == "hello\nhello\n"
    assert shown.out == ""


def test_importing_the_package_sets_up_no_logging() -> None:
    code = "import logging, seq2seq; print(logging.getLogger('seq2seq').handlers)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert result.stdout == b"[]\n"


def test_public_names_are_real() -> None:
    assert set(seq2seq.__all__) <= set(dir(seq2seq))
    for name in seq2seq.__all__:
        assert getattr(seq2seq, name) is not None
    with pytest.raises(AttributeError, match="nothing"):
        _ = seq2seq.nothing  # type: ignore[attr-defined]
