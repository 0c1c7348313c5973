"""What a required noun does to the rest of a translation.

    seq2seq train training.max_epochs=2 name=two
    python tests/benchmarks/required_nouns.py runs/two [--split valid] [--beam N] [--sample]

Two measurements on phrasebook sentences. Of those whose translation lacks a noun of the reference,
200 are translated again with that noun required: BLEU with and without it. And 200 are translated
with a noun drawn at random that belongs neither to the reference nor to the translation: the share
of the words of the translation that are still there, mean over the sentences. Of both, how many
outputs lack their noun, hold two spaces in a row, or two more sentence ends than without it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import sacrebleu

from seq2seq.inference.translation_options import SearchOptions
from seq2seq.inference.translator import Translator
from seq2seq.search.sampling import Sampling
from seq2seq.text.words import PhraseFinder

PHRASEBOOK = Path(__file__).resolve().parents[2] / "data" / "phrasebook"


class Case(NamedTuple):
    source: str
    reference: str
    plain: str
    noun: str


def main() -> None:
    options = _parser().parse_args()
    translator = Translator.load(options.model)
    search = SearchOptions(
        beam_size=options.beam,
        sampling=Sampling(temperature=0.5, seed=options.seed) if options.sample else None,
    )
    sources, references = (
        (PHRASEBOOK / f"{options.split}.{language}").read_text(encoding="utf-8").splitlines()
        for language in ("en", "de")
    )
    pairs = zip(sources, references, translator.translate(sources, search), strict=True)
    triples = list(pairs)
    nouns = german_nouns()
    missing = [
        Case(*triple, noun)
        for triple in triples
        if (noun := next((word for word in words(triple[1]) if lacks(word, triple, nouns)), None))
    ][: options.count]
    draw = random.Random(options.seed)
    foreign = [
        Case(*triple, drawn_noun(triple, nouns, draw)) for triple in triples[: options.count]
    ]
    results = {
        "missing": _missing(translator, missing, search),
        "foreign": _foreign(translator, foreign, search),
    }
    if options.json:
        print(json.dumps(results))
        return
    for name, values in results.items():
        print(name, *(f"{key} {value:.4g}" for key, value in values.items()), sep="  ")


def german_nouns() -> list[str]:
    """Return every form of the nouns of the phrasebook's lexicon."""
    sys.path.insert(0, str(PHRASEBOOK))
    from lexicon.nouns import NOUNS

    forms = {form for noun in NOUNS for form in (*noun.singular, *noun.plural)}
    return sorted(forms - {"-"})


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def lacks(word: str, triple: tuple[str, str, str], nouns: list[str]) -> bool:
    return word in nouns and not PhraseFinder([word]).find(triple[2])


def drawn_noun(triple: tuple[str, str, str], nouns: list[str], draw: random.Random) -> str:
    while True:
        noun = draw.choice(nouns)
        if not any(PhraseFinder([noun]).find(text) for text in triple[1:]):
            return noun


def _missing(translator: Translator, cases: list[Case], search: SearchOptions) -> dict[str, float]:
    outputs = _with_nouns(translator, cases, search)
    references = [[case.reference for case in cases]]
    before = sacrebleu.corpus_bleu([case.plain for case in cases], references).score
    after = sacrebleu.corpus_bleu(outputs, references).score
    return {"bleu_without": before, "bleu_with": after, **_damage(cases, outputs)}


def _foreign(translator: Translator, cases: list[Case], search: SearchOptions) -> dict[str, float]:
    return _damage(cases, _with_nouns(translator, cases, search))


def _with_nouns(translator: Translator, cases: list[Case], search: SearchOptions) -> list[str]:
    by_noun: dict[str, list[int]] = defaultdict(list)
    for number, case in enumerate(cases):
        by_noun[case.noun].append(number)
    outputs = [""] * len(cases)
    for noun, numbers in by_noun.items():
        texts = [cases[number].source for number in numbers]
        found = translator.translate(texts, search, required=(noun,))
        for number, text in zip(numbers, found, strict=True):
            outputs[number] = text
    return outputs


def _damage(cases: list[Case], outputs: list[str]) -> dict[str, float]:
    pairs = list(zip(cases, outputs, strict=True))
    return {
        "sentences": len(cases),
        "words_kept": statistics.mean(_kept(case.plain, output) for case, output in pairs),
        "without_noun": sum(not PhraseFinder([case.noun]).find(output) for case, output in pairs),
        "two_spaces": sum("  " in output for output in outputs),
        "sentence_ends": sum(_ends(output) - _ends(case.plain) >= 2 for case, output in pairs),
    }


def _kept(plain: str, output: str) -> float:
    before = Counter(words(plain))
    return (before & Counter(words(output))).total() / max(1, before.total())


def _ends(text: str) -> int:
    return sum(mark in ".!?" for mark in text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("model", type=Path, help="a run on the phrasebook, or its export")
    parser.add_argument("--split", default="test", choices=["valid", "test"])
    parser.add_argument("--count", type=int, default=200, help="sentences of each measurement")
    parser.add_argument("--beam", type=int, help="beam size; default: the model's")
    parser.add_argument("--sample", action="store_true", help="draw translations instead")
    parser.add_argument("--seed", type=int, default=1, help="of the nouns and of drawings")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


if __name__ == "__main__":
    main()
