"""Measurement of all variants in turns, repeated, each form in a process of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from seq2seq.bench.first_sentence import (
    Start,
    first_sentence,
    saved_model_command,
    translate_command,
)
from seq2seq.bench.forms import Loading
from seq2seq.bench.translation_worker import Timed, TranslationWorker
from seq2seq.bench.turns import Rules, take_turns
from seq2seq.bench.variants import Variant

log = logging.getLogger("seq2seq")


@dataclass(frozen=True)
class Measured:
    """Results of the measurement; each list of figures has one figure per turn, in order.

    Attributes:
        seconds: mean time per sentence of each variant.
        outputs: translations of each variant; empty if it returns none.
        operations: operations per second of the bare matrix products, by the variant that
            `ceiling_of` returns.
        starts: start-up costs of new processes, by name of the program.
    """

    seconds: dict[Variant, list[float]] = field(default_factory=dict)
    outputs: dict[Variant, list[str]] = field(default_factory=dict)
    operations: dict[Variant, list[float]] = field(default_factory=dict)
    starts: dict[str, list[Start]] = field(default_factory=dict)


@dataclass(frozen=True)
class Bench:
    """Parameters of the measurement.

    Attributes:
        exported_models: directory of the exported model of each precision.
        sentences: sentences to translate. Variants that translate them one by one are slow; they
            get only the first fifth of the sentences.
        repeat: number of turns.
        tokens: function that returns the number of tokens of translations, end symbols included;
            this number determines the number of steps of forms with random weights.
        saved_model: directory of the SavedModel; None if tensorflow-text is not installed.
    """

    exported_models: Mapping[str, Path]
    sentences: Sequence[str]
    repeat: int
    tokens: Callable[[Sequence[str]], int]
    saved_model: Path | None = None

    def sentences_of(self, variant: Variant) -> Sequence[str]:
        """Return the sentences that a variant translates."""
        one_by_one = self.sentences[: -(-len(self.sentences) // 5)]
        return self.sentences if variant.search.batched else one_by_one


class _Workers:
    """Processes for each form, precision and number of threads, started when first needed."""

    def __init__(self, bench: Bench) -> None:
        self._bench, self._steps = bench, 20  # default number of steps
        self._workers: dict[tuple[str, str, int], TranslationWorker] = {}

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, *raised: object) -> None:
        for worker in self._workers.values():
            worker.close()

    def processes(self) -> list[int]:
        """Return the ids of all processes started so far."""
        return [worker.process for worker in self._workers.values()]

    def run(self, variant: Variant) -> Timed:
        """Translate with a variant; the returned seconds are the mean per sentence."""
        bench, sentences = self._bench, self._bench.sentences_of(variant)
        if variant.process not in self._workers:
            directory = bench.exported_models[variant.precision]
            loading = Loading(directory, variant.threads, self._steps)
            self._workers[variant.process] = TranslationWorker(variant.form, loading)
        found = self._workers[variant.process].translate(sentences, variant.search)
        if len(found.outputs) == len(sentences):
            self._steps = round(bench.tokens(found.outputs) / len(sentences))
        return found._replace(seconds=found.seconds / len(sentences))


def measure(bench: Bench, variants: Sequence[Variant]) -> Measured:
    """Measure in turns (A B C A B C ...), after a warm-up turn whose times do not count.

    Raises `UserError` if a form cannot be loaded or its process ends.
    """
    ceilings = list(dict.fromkeys(ceiling_of(variant) for variant in variants))
    rules = Rules(repeat=bench.repeat, most=bench.repeat)
    with _Workers(bench) as workers:
        forms = {each.name: partial(workers.run, each) for each in [*variants, *ceilings]}
        taken = take_turns(forms, rules=rules, processes=workers.processes)

    def figures(ceiling: Variant) -> list[float]:
        return [float(turn.results[ceiling.name].outputs[0]) for turn in taken.turns]

    return Measured(
        seconds={
            each: [turn.results[each.name].seconds for turn in taken.turns] for each in variants
        },
        outputs={each: taken.first[each.name].outputs for each in variants},
        operations={each: figures(each) for each in ceilings},
    )


def measure_starts(bench: Bench, measured: Measured) -> None:
    """Add to `measured` the start-up costs of new processes, in turns."""
    commands = {
        f"ours {precision}": translate_command(directory)
        for precision, directory in bench.exported_models.items()
    }
    if bench.saved_model is not None:
        commands["SavedModel"] = saved_model_command(bench.saved_model)
    for _ in range(bench.repeat):
        for name, command in commands.items():
            log.info("first sentence: %s", name)
            start = first_sentence(command, bench.sentences[0])
            measured.starts.setdefault(name, []).append(start)


def ceiling_of(variant: Variant) -> Variant:
    """Return the variant of bare products with as many threads, and as many rows at a time."""
    return replace(variant.reference, form="products")
