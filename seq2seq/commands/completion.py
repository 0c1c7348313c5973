"""`seq2seq completion`: a script with which a shell completes the commands."""

from __future__ import annotations

import argparse
import dataclasses
import glob
import importlib
import itertools
import os
import sys
import typing
from collections.abc import Sequence
from typing import Any

from seq2seq.commands.bench import SUBJECTS
from seq2seq.commands.main import COMMANDS
from seq2seq.commands.options import CommandParser
from seq2seq.config import parsing
from seq2seq.config.recipe_files import recipe_groups
from seq2seq.config.schema import Settings, TuneSettings

_WORDS = "--words"  # option of the scripts: seq2seq completion --words -- WORD...
_SETTINGS = "KEY=VALUE"  # in the metavar of arguments that are settings
# Hydra's options that `train` accepts, and their values if they have some.
_TRAIN = {
    **dict.fromkeys(("--help", "--multirun", "--resolve", "--hydra-help", "--config-dir"), ()),
    "--cfg": ("job", "hydra", "all"),
    "--info": ("all", "config", "defaults", "defaults-tree", "plugins", "searchpath"),
}

_BASH = """\
# eval "$(seq2seq completion bash)", for instance in ~/.bashrc
_seq2seq() {
    local line="${COMP_LINE:0:COMP_POINT}" word prefix="" found
    local -a words
    read -ra words <<<"$line"
    [[ "$line" == *[[:space:]] ]] && words+=("")
    word="${words[-1]}"
    # readline ends words at = and : and replaces what follows the last of them.
    [[ "$COMP_WORDBREAKS" == *=* ]] && prefix="${word%"${word##*[=:]}"}"
    COMPREPLY=()
    while IFS= read -r found; do
        [[ "$found" == *[=./] ]] || found+=" "
        COMPREPLY+=("${found#"$prefix"}")
    done < <(seq2seq completion --words -- "${words[@]:1}" 2>/dev/null)
}
complete -o default -o nospace -F _seq2seq seq2seq
"""
_ZSH = """\
#compdef seq2seq
# source <(seq2seq completion zsh), after compinit in ~/.zshrc
_seq2seq() {
    local -a found
    found=("${(@f)$(seq2seq completion --words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    found=(${found:#})
    if (( ${#found} )); then
        compadd -S '' -- ${(M)found:#*[=./]}
        compadd -- ${found:#*[=./]}
    else
        compset -P '*='
        _files
    fi
}
compdef _seq2seq seq2seq
"""
_FISH = """\
# seq2seq completion fish > ~/.config/fish/completions/seq2seq.fish
function __seq2seq_words
    set -l words (commandline -opc) (commandline -ct)
    seq2seq completion --words -- $words[2..-1] 2>/dev/null
end
complete -c seq2seq -n __fish_is_first_token -f
complete -c seq2seq -a '(__seq2seq_words)'
"""
SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def main(argv: Sequence[str]) -> int:
    """Run the command and return the status; `argv` is what follows `seq2seq completion`."""
    if list(argv[:2]) == [_WORDS, "--"]:
        sys.stdout.writelines(f"{word}\n" for word in completions(argv[2:]))
        return 0
    sys.stdout.write(SCRIPTS[_parser().read(argv).shell])
    return 0


def completions(words: Sequence[str]) -> list[str]:
    """Return the completions of the last word; an empty list if files or any text may follow.

    Args:
        words: words after `seq2seq`; the last word may be incomplete.
    """
    *before, word = words or [""]
    if not before:
        return _with_prefix(word, [*COMMANDS, "--help", "--version"])
    if before[0] == "train":
        return _of_train(before[1:], word)
    parser = _parser_of(before)
    return [] if parser is None else _of_parser(parser, before[1:], word)


def _of_train(before: Sequence[str], word: str) -> list[str]:
    last = before[-1] if before else ""
    if _TRAIN.get(last):
        return _with_prefix(word, _TRAIN[last])
    if last == "--config-dir":
        return []
    return _with_prefix(word, _TRAIN) if word.startswith("-") else _settings(before, word)


def _of_parser(parser: argparse.ArgumentParser, before: Sequence[str], word: str) -> list[str]:
    """Return the completions for a command with options of its own."""
    arguments = parser._get_positional_actions()
    for argument in arguments:
        if isinstance(argument, argparse._SubParsersAction):
            chosen = next((one for one in before if one in argument.choices), None)
            if chosen is not None:
                rest = before[before.index(chosen) + 1 :]
                return _of_parser(argument.choices[chosen], rest, word)
    options = parser._option_string_actions
    action = options.get(before[-1]) if before else None
    if action is not None and action.nargs != 0:
        return _with_prefix(word, [str(one) for one in action.choices or ()])
    if word.startswith("-"):
        return _with_prefix(word, options)
    found: list[str] = []
    for argument in arguments:
        if _SETTINGS in str(argument.metavar):
            found += _settings(before, word, own=parser.prog.endswith("tune"))
        if "PATH" in str(argument.metavar):
            found += _files(word)
        found += _with_prefix(word, [str(one) for one in argument.choices or ()])
    return found


def _settings(before: Sequence[str], word: str, *, own: bool = False) -> list[str]:
    """Return settings and options of recipes; with `own`, also those of a sweep."""
    location = [after for one, after in itertools.pairwise(before) if one == "--config-dir"]
    groups = recipe_groups(config_dir=location[-1] if location else None)
    if not own:
        groups.pop("tune", None)
    name, equals, _ = word.lstrip("+~").partition("=")
    sign = word[: len(word) - len(word.lstrip("+~"))]
    if equals:
        values = groups.get(name) or _values(name)
        return _with_prefix(word, [f"{sign}{name}={value}" for value in values])
    keys = parsing.dotted_keys(Settings)
    keys += parsing.dotted_keys(TuneSettings, prefix="tune.") if own else []
    # A group of keys is first completed up to its dot, because there are about a hundred keys.
    depth = name.count(".")
    short = [".".join(key.split(".")[: depth + 1]) for key in keys]
    ends = ["=" if one == key else "." for one, key in zip(short, keys, strict=True)]
    names = [f"{sign}{one}{end}" for one, end in zip(short, ends, strict=True)]
    return _with_prefix(word, dict.fromkeys([*(f"{sign}{group}=" for group in groups), *names]))


def _values(key: str) -> list[str]:
    """Return the allowed values of a setting; an empty list for numbers and texts."""
    kind: Any = Settings
    if key.startswith("tune."):
        kind, key = TuneSettings, key.removeprefix("tune.")
    *parents, name = key.split(".")
    for parent in parents:
        kind = typing.get_type_hints(kind).get(parent)
    if not dataclasses.is_dataclass(kind):
        return []
    field = next((one for one in dataclasses.fields(kind) if one.name == name), None)
    if field is None:
        return []
    hint = typing.get_type_hints(kind)[name]
    if hint is bool:
        return ["true", "false"]
    lists = typing.get_origin(hint) is tuple
    values = [] if lists else [*parsing.choices_of_field(field, hint)]
    return [*values, "null"] if values and field.default is None else values


def _parser_of(words: Sequence[str]) -> argparse.ArgumentParser | None:
    """Return the parser of a command, which is private to its module; None if it is no command."""
    if words[0] == "bench":
        if len(words) == 1 or words[1] not in SUBJECTS:
            parser = CommandParser(prog="seq2seq bench")
            parser.add_argument("what", choices=tuple(SUBJECTS))
            return parser
        name = SUBJECTS[words[1]][0]
    elif words[0] in COMMANDS:
        name = f"seq2seq.commands.{words[0]}"
    else:
        return None
    found: argparse.ArgumentParser = importlib.import_module(name)._parser()
    return found


def _files(word: str) -> list[str]:
    paths = sorted(glob.glob(f"{glob.escape(word)}*"))
    return [f"{path}/" if os.path.isdir(path) else path for path in paths]


def _with_prefix(word: str, words: typing.Iterable[str]) -> list[str]:
    return [one for one in words if one.startswith(word)]


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq completion",
        description="Print a script that lets a shell complete commands, options, settings and "
        'recipes: eval "$(seq2seq completion bash)", source <(seq2seq completion zsh), or '
        "seq2seq completion fish | source.",
    )
    parser.add_argument("shell", choices=tuple(SCRIPTS), metavar="SHELL", help="bash, zsh or fish")
    return parser
