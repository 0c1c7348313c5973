"""Share of typed messages that come out right, by kind, of one model or the mean of several.

    python tests/benchmarks/typed.py runs/phrasebook [runs/second runs/third] [--wrong]

The messages are a development set, data/phrasebook/typed.tsv: report its figures as such. A
translation is right if it is one of the answers, apart from case and final punctuation.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

from seq2seq.inference.translator import Translator

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))

from typed_messages import KINDS, PATH, TypedMessage, read_typed_messages


def main() -> None:
    options = _parser().parse_args()
    messages = read_typed_messages(options.messages)
    shares = []
    for model in options.models:
        translator = Translator.load(model)
        found = translator.translate([message.text for message in messages], beam_size=options.beam)
        if options.wrong:
            _print_wrong(model, messages, found)
        shares.append(_shares(messages, found))
    for kind in shares[0]:
        print(f"{kind:<12} {statistics.mean(share[kind] for share in shares):6.1%}")


def _shares(messages: list[TypedMessage], translations: list[str]) -> dict[str, float]:
    right: dict[str, list[bool]] = {kind: [] for kind in (*KINDS, "all")}
    for message, translation in zip(messages, translations, strict=True):
        for kind in (message.kind, "all"):
            right[kind].append(message.accepts(translation))
    return {kind: statistics.mean(found) for kind, found in right.items() if found}


def _print_wrong(model: Path, messages: list[TypedMessage], translations: list[str]) -> None:
    for message, translation in zip(messages, translations, strict=True):
        if not message.accepts(translation):
            print(f"{model}: {message.text} -> {translation} (not {message.answers[0]})")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path, nargs="+", help="runs or exported models")
    parser.add_argument("--messages", type=Path, default=PATH, help="a file like typed.tsv")
    parser.add_argument("--beam", type=int, default=4, help="beam size")
    parser.add_argument("--wrong", action="store_true", help="print what came out wrong")
    return parser


if __name__ == "__main__":
    main()
