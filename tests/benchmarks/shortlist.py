"""What a shortlist gains: sentences a second of processor time with it and without, side by side.

    python tests/benchmarks/shortlist.py EXPORT ../shared/data/multi30k/test2016.en

EXPORT was written by `seq2seq export RUN --shortlist`. In batches of 64 and one at a time, beam 4;
both ways take turns, and the ratio is that of the medians.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

from seq2seq.inference.translator import Translator
from seq2seq.text.lines import decode_line, iter_lines


def main() -> None:
    options = _parser().parse_args()
    translator = Translator.load(options.model)
    with options.sentences.open("rb") as stream:
        texts = [decode_line(line)[0] for line in iter_lines(stream)][: options.count]
    for size, count in ((64, len(texts)), (1, len(texts) // 4)):
        batches = [texts[start : min(start + size, count)] for start in range(0, count, size)]
        seconds: dict[bool, list[float]] = {True: [], False: []}
        for number in range(options.rounds + 1):
            for shortlist in (True, False):
                taken = _seconds(translator, batches, options.beam, shortlist=shortlist)
                if number:  # the first round warms up
                    seconds[shortlist].append(taken)
        with_it, without = (count / statistics.median(seconds[short]) for short in (True, False))
        print(
            f"{size} at once: {with_it:.0f} sentences a second with the shortlist, {without:.0f} "
            f"without: {with_it / without:.2f} times as many",
            flush=True,
        )


def _seconds(
    translator: Translator, batches: list[list[str]], beam: int, *, shortlist: bool
) -> float:
    start = time.process_time()
    for batch in batches:
        translator.translate(batch, beam_size=beam, batch_tokens=10**6, shortlist=shortlist)
    return time.process_time() - start


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="an export with a shortlist")
    parser.add_argument("sentences", type=Path, help="a file of source sentences")
    parser.add_argument("--count", type=int, default=1000, help="sentences, a quarter one by one")
    parser.add_argument("--beam", type=int, default=4, help="beam size")
    parser.add_argument("--rounds", type=int, default=5, help="of which the median is taken")
    return parser


if __name__ == "__main__":
    main()
