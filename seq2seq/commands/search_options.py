"""Options of the search for translations, and of sampling them."""

from __future__ import annotations

import argparse
import importlib
from dataclasses import fields
from pathlib import Path

from seq2seq.commands.options import named_path, number, whole
from seq2seq.config.choices import KINDS_OF_SPANS as KINDS
from seq2seq.errors import SettingsError
from seq2seq.inference.translation_options import SearchOptions, changed
from seq2seq.search.sampling import Sampling


def add_search_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of search, of sampling, and of required and forbidden text."""
    search = parser.add_argument_group("search").add_argument
    beam = whole(1, 256)
    search("--beam", type=beam, metavar="N", help="beam size, 1 is greedy; default: the model's")
    search("--n-best", type=beam, default=1, metavar="N", help="alternatives a line")
    penalty = number("of at least 0", lambda x: x >= 0)
    search("--length-penalty", type=penalty, metavar="X", help="exponent; 0 is off")
    search("--coverage-penalty", type=penalty, metavar="X", help="weight; 0 is off")
    search("--no-repeat-ngram", type=whole(0), metavar="N", help="no N tokens twice; 0 is off")
    off = "search all tokens, not only those that the model's shortlist allows"
    search("--no-shortlist", action="store_false", dest="shortlist", help=off)
    draw = parser.add_argument_group("drawing at random").add_argument
    draw("--sample", action="store_true", help="draw --n-best translations; no search")
    above = number("above 0", lambda x: x > 0)
    draw("--temperature", type=above, metavar="X", help="below 1 sharpens, above 1 flattens")
    draw("--top-k", type=whole(1), metavar="N", help="from the N most probable tokens only")
    share = number("above 0 and at most 1", lambda x: 0 < x <= 1)
    draw("--top-p", type=share, metavar="X", help="from the most probable that together have X")
    draw("--seed", type=whole(0, 2**63 - 1), metavar="N", help="same seed, same drawing")
    hold = parser.add_argument_group("what translations hold").add_argument
    hold("--prefix", type=_text, default="", metavar="TEXT", help="how each begins")
    for name, word in (("--require", "must"), ("--forbid", "must not")):
        what = f"what each {word} hold; may be given again"
        hold(name, type=_phrase, action="append", default=[], metavar="TEXT", help=what)
    terms = "source TAB target, or source TAB target TAB forbid; | between alternatives"
    hold("--glossary", type=named_path, metavar="FILE.tsv", help=terms)
    hold(
        *("--carry",),
        type=_kinds,
        default=SearchOptions.placeholders,
        metavar="KINDS",
        help=f"what is carried through as it is: of {','.join(KINDS)}, or none; default: "
        + ",".join(SearchOptions.placeholders),
    )


def search_options(options: argparse.Namespace) -> SearchOptions:
    """Return the search options from the parsed command-line options.

    The command-line options are those of `add_search_options`, and `--batch-tokens`, `--alignments`
    and `--token-scores`. Raises `SettingsError` for options that exclude each other, and
    `DataError` for a glossary that cannot be read.
    """
    _check_drawing(options)
    if not options.sample and options.beam is not None and options.n_best > options.beam:
        raise SettingsError(
            f"--n-best {options.n_best} is more than --beam {options.beam}: widen the beam"
        )
    for text in options.require:
        if text in options.forbid:
            raise SettingsError(f"--require and --forbid both received {text!r}; leave one out")
    search = SearchOptions(
        beam_size=options.beam,
        n_best=options.n_best,
        length_penalty=options.length_penalty,
        coverage_penalty=options.coverage_penalty,
        no_repeat_ngram=options.no_repeat_ngram,
        sampling=_sampling(options),
        prefix=options.prefix,
        required=tuple(dict.fromkeys(options.require)),
        forbidden=tuple(dict.fromkeys(options.forbid)),
        placeholders=options.carry,
        batch_tokens=options.batch_tokens,
        alignments=options.alignments,
        token_scores=options.token_scores,
        shortlist=options.shortlist,
    )
    return search if options.glossary is None else _with_glossary(search, options.glossary)


def _with_glossary(search: SearchOptions, path: Path) -> SearchOptions:
    glossaries = importlib.import_module("seq2seq.inference.glossary")
    return changed(search, {"glossary": glossaries.Glossary.load(path)})


def _check_drawing(options: argparse.Namespace) -> None:
    if options.sample:
        if options.beam is not None:
            raise SettingsError(
                f"--beam {options.beam} received with --sample, which draws and does not search; "
                "leave one of the two out"
            )
        return
    for field in fields(Sampling):
        if getattr(options, field.name) is not None:
            name = field.name.replace("_", "-")
            raise SettingsError(
                f"--{name} {getattr(options, field.name)} received without --sample; "
                "add --sample to draw translations, or leave it out"
            )


def _sampling(options: argparse.Namespace) -> Sampling | None:
    if not options.sample:
        return None
    given = {field.name: getattr(options, field.name) for field in fields(Sampling)}
    return Sampling(**{name: value for name, value in given.items() if value is not None})


def _text(text: str) -> str:
    if "\n" in text:
        raise argparse.ArgumentTypeError(f"must be one line, not {text!r}")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(f"must be UTF-8, not {text!r}") from None
    return text


def _phrase(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError(f"must be a word or a phrase, not {text!r}")
    return _text(text)


def _kinds(text: str) -> tuple[str, ...]:
    if text == "none":
        return ()
    chosen = tuple(dict.fromkeys(text.split(",")))
    for kind in chosen:
        if kind not in KINDS:
            raise argparse.ArgumentTypeError(
                f"must be none, or some of {','.join(KINDS)} with commas between; {kind!r} is not "
                "among them"
            )
    return chosen
