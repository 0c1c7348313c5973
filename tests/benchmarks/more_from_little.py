"""Ways to learn more from 5,000 pairs and 24,000 lines of one language, compared by test BLEU.

    python tests/benchmarks/more_from_little.py MULTI30K DIRECTORY [--seeds 1,2] [--steps N]

MULTI30K is a directory as `seq2seq download multi30k` makes it. Its first 5,000 training pairs are
the corpus; the other 24,000 lines of each language are text without translation. Everything is done
by commands that a user can chain, and is kept in DIRECTORY, so an interrupted call goes on.

* `base`: the pairs alone.
* `back`: a model of the other direction translates the German lines; the pairs, and those lines
  with their translations as sources, which begin with a tag (Sennrich et al. 2016, "Improving
  neural machine translation models with monolingual data"; Caswell et al. 2019, "Tagged
  back-translation").
* `forward`: the base model translates the English lines; the pairs, and those (Zhang & Zong 2016,
  "Exploiting source-side monolingual data in neural machine translation").
* `both`: the pairs, and the additions of `back` and `forward`.
* `distilled`: the pairs, and the four best translations of their sources by the base models of all
  seeds together, those left out whose length differs from the reference's by more than 40 % (Kim &
  Rush 2016, "Sequence-level knowledge distillation").

Every model has the same settings and at most the same number of updates.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PAIRS, TAG = 5000, "※"
WAYS = ("base", "back", "forward", "both", "distilled")
SIDES = ("en", "de")
SETTINGS = [
    "data=parallel",
    "tokenizer.vocab_size=4000",
    "model.units=128",
    "model.embedding_dim=128",
    "model.dropout=0.3",
    "batching.max_tokens=1500",
    "optimizer.learning_rate=0.003",
    "training.validation_sentences=300",
    "training.validate_steps=250",
    "training.patience=5",
    "training.average_best=3",
    "training.workers=1",
]


def main() -> None:
    """Train all models, two at a time, and print the table."""
    options = _parser().parse_args()
    experiment = Experiment(options.multi30k.resolve(), options.directory, options.steps)
    experiment.write_texts()
    seeds = [int(seed) for seed in options.seeds.split(",")]
    both_ways = [(seed, target) for target in ("de", "en") for seed in seeds]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda job: experiment.train("base", *job), both_ways))
        list(pool.map(experiment.translate_monolingual, seeds))
        experiment.distil(seeds)
        jobs = [(way, seed, "de") for way in WAYS[1:] for seed in seeds]
        list(pool.map(lambda job: experiment.train(*job), jobs))
    for way in WAYS:
        scores = [experiment.score(way, seed) for seed in seeds]
        shown = "  ".join(f"{score:.1f}" for score in scores)
        print(f"{way:10} mean {statistics.mean(scores):.1f}  seeds {shown}")


class Experiment:
    """Files and models of the comparison in one directory."""

    def __init__(self, corpus: Path, directory: Path, steps: int) -> None:
        self._corpus, self._directory, self._steps = corpus, directory, steps
        directory.mkdir(parents=True, exist_ok=True)

    def write_texts(self) -> None:
        """Write the pairs and the lines of one language."""
        for side in SIDES:
            lines = _read(self._corpus / f"train.{side}")
            self._write(f"pairs.{side}", lines[:PAIRS])
            self._write(f"mono.{side}", lines[PAIRS:])

    def translate_monolingual(self, seed: int) -> None:
        """Translate the German lines back and the English ones forward."""
        for source, target in (("de", "en"), ("en", "de")):
            output = self._directory / f"translated_{seed}.{target}"
            if output.exists():
                continue
            model = self._run("base", seed, target) / "export"
            text = self._directory / f"mono.{source}"
            _seq2seq("translate", "--model", model, "--input", text, "--output", output)

    def distil(self, seeds: Sequence[int]) -> None:
        """Translate the sources of the pairs by all base models together."""
        output = self._directory / "best.jsonl"
        if output.exists():
            return
        models = [part for seed in seeds for part in ("--model", self._run("base", seed, "de"))]
        source = self._directory / "pairs.en"
        search = ["--beam", "5", "--n-best", "4", "--format", "jsonl"]
        _seq2seq("translate", *models, *search, "--input", source, "--output", output)

    def train(self, way: str, seed: int, target: str) -> None:
        """Train the model of one way, unless that is done."""
        run = self._run(way, seed, target)
        if (run / "result.json").exists():
            return
        source = "en" if target == "de" else "de"
        stem = f"{way}_{seed}_{target}"
        for side, lines in zip(SIDES, self._corpus_of(way, seed), strict=True):
            self._write(f"{stem}.{side}", lines)
        files = {"train": self._directory.resolve() / stem}
        files |= {part: self._corpus / name for part, name in EVALUATED.items()}
        data = [
            f"data.{part}={{source: {file}.{source}, target: {file}.{target}}}"
            for part, file in files.items()
        ]
        limit = f"training.max_steps={self._steps}"
        where = [f"runs={self._directory.resolve() / 'runs'}", f"name={stem}", f"seed={seed}"]
        _seq2seq("train", *SETTINGS, *data, limit, *where)

    def score(self, way: str, seed: int) -> float:
        """Return the test BLEU of a model that translates to German."""
        result = json.loads((self._run(way, seed, "de") / "result.json").read_text("utf-8"))
        return float(result["metrics"]["test_bleu"])

    def _corpus_of(self, way: str, seed: int) -> tuple[list[str], list[str]]:
        """Return the English and the German lines that a way learns from."""
        english, german = ([*_read(self._directory / f"pairs.{side}")] for side in SIDES)
        if way in ("back", "both"):
            back = _read(self._directory / f"translated_{seed}.en")
            english += [f"{TAG} {line}" for line in back]
            german += _read(self._directory / "mono.de")
        if way in ("forward", "both"):
            english += _read(self._directory / "mono.en")
            german += _read(self._directory / f"translated_{seed}.de")
        if way == "distilled":
            added = self._distilled(english, german)
            english += [source for source, _ in added]
            german += [target for _, target in added]
        return english, german

    def _distilled(self, english: list[str], german: list[str]) -> list[tuple[str, str]]:
        """Return the pairs of the sources and their translations of suitable length."""
        records = map(json.loads, _read(self._directory / "best.jsonl"))
        return [
            (source, found["translation"])
            for source, reference, record in zip(english, german, records, strict=True)
            for found in record["alternatives"]
            if 0.6 <= len(found["translation"]) / len(reference) <= 1.4
        ]

    def _run(self, way: str, seed: int, target: str) -> Path:
        return self._directory / "runs" / f"{way}_{seed}_{target}"

    def _write(self, name: str, lines: Iterable[str]) -> None:
        text = "".join(f"{line}\n" for line in lines)
        (self._directory / name).write_text(text, encoding="utf-8")


EVALUATED = {"valid": "valid", "test": "test2016"}


def _read(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _seq2seq(*arguments: str | Path) -> None:
    """Run a command on one thread; its messages go to stderr."""
    command = [sys.executable, "-m", "seq2seq", *map(str, arguments)]
    environment = {**os.environ, "TF_NUM_INTRAOP_THREADS": "1", "OMP_NUM_THREADS": "1"}
    subprocess.run(command, check=True, env=environment, stdout=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("multi30k", type=Path)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--seeds", default="1,2")
    parser.add_argument("--steps", type=int, default=1500, help="updates of each model")
    return parser


if __name__ == "__main__":
    main()
