"""`seq2seq COMMAND ...`: finds the command, runs it, and maps exceptions to exit statuses."""

from __future__ import annotations

import difflib
import importlib
import io
import logging
import os
import sys
import traceback
from collections.abc import Sequence

from seq2seq import __version__
from seq2seq.errors import SettingsError, UserError
from seq2seq.inference.stream import threads as stream_threads

# Each command is the module of its name in this folder, with `main(argv) -> int`.
COMMANDS = {
    "train": "train a model from a recipe, test it and export it",
    "tune": "search for good settings by training many times",
    "translate": "translate texts, a file, or standard input line by line",
    "predict": "classes or numbers for texts or sequences of numbers",
    "evaluate": "how good a model is on files with the right answers",
    "score": "log-probability of each given pair",
    "convert": "make a Keras model of fixed length take any length",
    "export": "write a run's model again as an exported model",
    "init": "write a recipe for your own files",
    "download": "fetch a public corpus that a recipe names, verified",
    "inspect": "what is in a corpus, a run or an exported model",
    "submit": "send a run to a Ray cluster",
    "jobs": "list, follow and stop what runs there",
    "bench": "speed claims, measured side by side",
    "completion": "a script that completes all this in bash, zsh or fish",
}

# Extra that installs a missing package.
_EXTRAS = {
    "tensorflow": "train",
    "tensorflow_text": "train",
    "keras": "train",
    "h5py": "train",
    "hydra": "train",
    "omegaconf": "train",
    "yaml": "train",
    "matplotlib": "train",
    "tensorboard": "train",
    "fsspec": "train",
    "rich": "train",
    "zstandard": "train",
    "ray": "tune",
    "sacrebleu": "evaluate",
    "optuna": "tune",
}


def usage() -> str:
    """Return the text of `seq2seq --help`."""
    lines = ["usage: seq2seq COMMAND ...", ""]
    lines += [f"  {name:<10} {description}" for name, description in COMMANDS.items()]
    lines += [
        "",
        "seq2seq COMMAND --help shows a command's options; --debug, anywhere, shows tracebacks;",
        "seq2seq --version prints the version.",
    ]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command `seq2seq`; return the exit status: 0 success, 1 failure, 2 wrong usage."""
    if argv is not None:
        return _run(list(argv))
    try:
        status = _run(sys.argv[1:])
    except Exception:  # a bug: its traceback is shown, here or by Python
        if not stream_threads.any_running():
            raise
        traceback.print_exc()
        status = 1
    if stream_threads.any_running():
        # Interpreter shutdown while worker threads run native code would abort the process.
        logging.shutdown()
        os._exit(status)
    return status


def _run(arguments: list[str]) -> int:
    arguments, debug = _take_debug(arguments)
    _set_up_logging(debug=debug)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Characters that the terminal's encoding lacks are shown as \xfc, as Python does on stderr.
        sys.stdout.reconfigure(errors="backslashreplace")
    if debug:
        return _dispatch(arguments)
    try:
        status = _dispatch(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except UserError as error:
        return _fail(str(error), error.exit_status)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader has closed the pipe, as `| head` does. Python would raise again when it closes
        # stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        return _fail(
            f"This command needs the package {error.name}, which is not installed: "
            f"pip install 'seq2seq-lstm[{extra}]'.",
            1,
        )
    except OSError as error:
        return _fail(_describe_os_error(error), 1)
    except UnicodeEncodeError as error:
        if error.reason != "surrogates not allowed":
            raise
        return _fail(
            f"{error.object!r:.300} holds the name of a file that is not UTF-8; rename the file or "
            "its directory, or set a UTF-8 locale (LC_ALL=C.UTF-8).",
            1,
        )


def _dispatch(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(usage())
        return 0 if arguments else 2
    name = arguments[0]
    if name in ("-V", "--version"):
        print(f"seq2seq {__version__}")
        return 0
    if name not in COMMANDS:
        close = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.5)
        meant = f" Nearest: {close[0]}." if close else ""
        raise SettingsError(f"{name!r} is not a command; commands: {', '.join(COMMANDS)}.{meant}")
    module = importlib.import_module(f"seq2seq.commands.{name}")
    try:
        status: int = module.main(list(arguments[1:]))
    except SystemExit as leaving:  # raised by argparse and Hydra after --help
        return leaving.code if isinstance(leaving.code, int) else 0
    return status


def _take_debug(arguments: list[str]) -> tuple[list[str], bool]:
    """Remove `--debug` before any `--`; return the other arguments, and whether it was there."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    options = [argument for argument in arguments[:end] if argument != "--debug"]
    return options + arguments[end:], len(options) < end


def _set_up_logging(*, debug: bool) -> None:
    """Log plain messages to stderr, because stdout is for results."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("seq2seq")
    logger.handlers[:] = [handler]
    logger.setLevel(logging.DEBUG if debug else logging.INFO)
    logger.propagate = False


def _describe_os_error(error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}." if error.filename else f"{reason}."


def _fail(message: str, status: int) -> int:
    print(f"seq2seq: error: {' '.join(message.split())}", file=sys.stderr)
    return status
