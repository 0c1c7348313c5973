"""What is asked of a search is passed on; what cannot be is told in one sentence."""

from __future__ import annotations

import argparse

import pytest

from seq2seq.commands.model_options import add_model_options
from seq2seq.commands.options import CommandParser
from seq2seq.commands.search_options import add_search_options, search_options
from seq2seq.errors import SettingsError
from seq2seq.inference.translation_options import Sampling, SearchOptions


def parsed(*arguments: str) -> argparse.Namespace:
    parser = CommandParser(prog="seq2seq translate")
    add_model_options(parser)
    add_search_options(parser)
    parser.add_argument("--alignments", action="store_true")
    parser.add_argument("--token-scores", action="store_true")
    return parser.parse_args(["--model", "m", *arguments])


def options(*arguments: str) -> SearchOptions:
    return search_options(parsed(*arguments))


def test_nothing_asked_is_as_the_model_says() -> None:
    assert options() == SearchOptions()


def test_all_that_can_be_asked() -> None:
    line = (
        "--beam 6 --n-best 2 --length-penalty 0.5 --coverage-penalty .25 --no-repeat-ngram 3 "
        "--prefix Ich --require Haus --require Tür --forbid Hund --carry url,number "
        "--batch-tokens 500 --alignments --token-scores"
    )
    assert options(*line.split()) == SearchOptions(
        beam_size=6,
        n_best=2,
        length_penalty=0.5,
        coverage_penalty=0.25,
        no_repeat_ngram=3,
        prefix="Ich",
        required=("Haus", "Tür"),
        forbidden=("Hund",),
        placeholders=("url", "number"),
        batch_tokens=500,
        alignments=True,
        token_scores=True,
    )


def test_drawing() -> None:
    assert options("--sample", "--n-best", "9").sampling == Sampling()
    line = "--sample --temperature 0.7 --top-k 10 --top-p 0.9 --seed 3"
    assert options(*line.split()).sampling == Sampling(0.7, 10, 0.9, 3)
    assert options("--sample", "--seed", "0").sampling == Sampling()


def test_nothing_carried() -> None:
    assert options("--carry", "none").placeholders == ()


def test_several_models() -> None:
    assert list(map(str, parsed("--model", "n").model)) == ["m", "n"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--temperature 0", "--temperature: must be a number above 0, not '0'"),
        ("--temperature nan", "--temperature: must be a number above 0, not 'nan'"),
        ("--length-penalty inf", "--length-penalty: must be a number of at least 0, not 'inf'"),
        ("--length-penalty=-1", "--length-penalty: must be a number of at least 0, not '-1'"),
        ("--coverage-penalty x", "--coverage-penalty: must be a number of at least 0, not 'x'"),
        ("--coverage-penalty 1_0", "not '1_0'"),
        ("--top-p 1.5", "--top-p: must be a number above 0 and at most 1, not '1.5'"),
        ("--top-k 0", "--top-k: must be a whole number of at least 1, not '0'"),
        ("--seed 1.5", "--seed: must be a whole number from 0 to"),
        ("--seed 99999999999999999999999", "--seed: must be a whole number from 0 to"),
        ("--beam 257", "--beam: must be a whole number from 1 to 256, not '257'"),
        ("--no-repeat-ngram ²", "whole number of at least 0, not '²'"),
        ("--temperature 1", "--temperature 1.0 received without --sample; add --sample"),
        ("--top-k 5", "--top-k 5 received without --sample"),
        ("--seed 0", "--seed 0 received without --sample"),
        ("--sample --beam 4", "--beam 4 received with --sample"),
        ("--n-best 3 --beam 2", "--n-best 3 is more than --beam 2"),
        ("--require Haus --forbid Haus", "--require and --forbid both received 'Haus'"),
        ("--require=", "--require: must be a word or a phrase, not ''"),
        ("--carry url,names", "'names' is not among them"),
        ("--carry none,url", "'none' is not among them"),
        ("--prefix \udcff", "--prefix: must be UTF-8"),
    ],
)
def test_mistakes(line: str, message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        options(*line.split(" "))
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
    str(raised.value).encode()


def test_a_line_break() -> None:
    with pytest.raises(SettingsError, match="--prefix: must be one line"):
        options("--prefix", "a\nb")
