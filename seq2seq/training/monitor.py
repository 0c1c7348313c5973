"""Choice of the metric that ranks checkpoints, and of the BLEU tokenizer, if they are `auto`.

BLEU counts n-grams of up to four tokens. It is not informative for targets with fewer tokens. For
a script without spaces between words, it is informative only if the tokenizer separates characters.

This module imports no heavy packages, because a sweep makes these choices before it starts its
trials.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from seq2seq.config.choices import BleuTokenizer, Split, Task, TokenizerKind
from seq2seq.config.data_schema import CorpusFiles
from seq2seq.config.monitors import AUTO
from seq2seq.config.schema import Settings
from seq2seq.config.tasks import TASKS
from seq2seq.data.readers.pairs import PairReader
from seq2seq.data.readers.recognition import holds_features
from seq2seq.data.readers.sequences import ItemReader
from seq2seq.data.sequences.text_targets import target_text
from seq2seq.evaluation.bleu import bleu_tokenizer_for, counts_characters

_ORDER = 4  # longest n-gram that BLEU counts
_LONG_ENOUGH = 0.5  # minimum share of targets with at least `_ORDER` tokens


class Judgement(NamedTuple):
    """Metric that ranks the checkpoints of a run.

    Attributes:
        monitor: name of the metric.
        bleu_tokenizer: name of sacreBLEU's tokenizer.
        reason: reason for the choice of the metric, as part of a sentence.
    """

    monitor: str
    bleu_tokenizer: BleuTokenizer
    reason: str


def with_judgement(settings: Settings, targets: Sequence[str]) -> tuple[Settings, str]:
    """Return settings with the monitor and the BLEU tokenizer chosen, and a line that reports them.

    Args:
        settings: settings of the run.
        targets: validation targets as text; empty if the targets of the task are not text.
    """
    training = settings.training
    kind = settings.tokenizer.of_target().kind
    found = _judged(settings.task.name, targets, kind=kind, tokenizer=training.bleu_tokenizer)
    chosen = training.monitor == AUTO
    monitor = found.monitor if chosen else training.monitor
    reason = f" (training.monitor=auto: {found.reason})" if chosen else ""
    tokenizer = f"; BLEU counts tokens of {found.bleu_tokenizer}" if targets else ""
    training = replace(training, monitor=monitor, bleu_tokenizer=found.bleu_tokenizer)
    return replace(settings, training=training), f"judged by {monitor}{reason}{tokenizer}"


def judgement_of_files(settings: Settings) -> tuple[Settings, str]:
    """Return the same as `with_judgement`, from the validation files instead of a prepared corpus.

    Raises:
        UserError: the files cannot be read.
    """
    if settings.training.monitor != AUTO or settings.task.has_labels:
        return with_judgement(settings, ())
    targets = list(_targets_of_files(settings))
    return with_judgement(settings, targets[: settings.training.validation_sentences])


def _targets_of_files(settings: Settings) -> Iterator[str]:
    """Yield the target texts of the validation files; if there are none, of the training files."""
    data = settings.data
    # Training files are examined only if necessary: a sweep may use different ones in its trials.
    split: Split = "train" if data.valid.source is None else "valid"
    files: CorpusFiles = getattr(data, split)
    if not holds_features(files, data, split=split):
        reader = PairReader.find(data.valid, data, key="data.valid")
        yield from (pair.target for pair in reader if pair.error is None)
        return
    for item in ItemReader.find(files, data, key=f"data.{split}", per_step=False):
        text, error = target_text(item.label)
        if item.error is None and error is None:
            yield text


def _judged(
    task: Task, targets: Sequence[str], *, kind: TokenizerKind, tokenizer: BleuTokenizer
) -> Judgement:
    if not targets:
        return Judgement(
            TASKS[task].monitors[0], "13a" if tokenizer == AUTO else tokenizer, "the default"
        )
    tokenizer = bleu_tokenizer_for(targets) if tokenizer == AUTO else tokenizer
    if kind == "symbols":
        return Judgement("valid_symbol_error_rate", tokenizer, "the targets are symbols")
    whole = counts_characters(tokenizer)
    counts = [len(re.sub(r"\s", "", text)) if whole else len(text.split()) for text in targets]
    share = sum(count >= _ORDER for count in counts) / len(counts)
    tokens = "characters" if whole else "words"
    reason = f"{share:.0%} of the validation targets have {_ORDER} {tokens} or more"
    return Judgement("valid_bleu" if share >= _LONG_ENOUGH else "valid_chrf", tokenizer, reason)
