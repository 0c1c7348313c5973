"""Description of a prepared corpus of sequences for `seq2seq inspect`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from seq2seq.config.schema import BatchingSettings
from seq2seq.data.batching import STRATEGIES, plan_epoch
from seq2seq.data.corpus import PreparedCorpus
from seq2seq.data.inspection import Facts, histogram, plan_facts
from seq2seq.data.sequences.report import SequenceReport
from seq2seq.data.sequences.text_targets import TextTargets


def sequence_facts(corpus: PreparedCorpus, batching: BatchingSettings, *, seed: int) -> Facts:
    """Return sizes, lengths, errors, classes and padding of a corpus, ready for `json.dump`."""
    lengths = corpus.train.source.lengths
    targets = np.zeros_like(lengths)
    if isinstance(corpus.targets, TextTargets):
        targets = corpus.train.target.lengths + np.int32(1)  # the end symbol
    batches = {}
    for strategy in STRATEGIES:
        plan = plan_epoch(
            lengths,
            targets,
            replace(batching, strategy=strategy),
            seed=seed,
            epoch=0,
        )
        batches[strategy] = plan_facts(plan)
    return {
        "kind": "sequences",
        "path": str(corpus.path),
        "fingerprint": corpus.fingerprint,
        "features": corpus.inputs.features,
        "report": corpus.report.to_json(),
        "strategy": batching.strategy,
        "batches": batches,
    }


def sequence_text(facts: Facts) -> list[str]:
    """Return `sequence_facts` as lines of text."""
    report = SequenceReport.from_json(facts["report"])
    train = report.splits["train"]
    lines = [*report.lines(), "", *histogram(train.unit, train.lengths), ""]
    if train.targets is not None:
        lines += [*histogram("target", train.targets), ""]
    lines.append(f"{'strategy':<14}{'batches':>9}{'padding':>9}")
    for name, batch in facts["batches"].items():
        chosen = "  <- batching.strategy" if name == facts["strategy"] else ""
        lines.append(f"{name:<14}{batch['batches']:>9,}{batch['padding']:>9.1%}{chosen}")
    return lines
