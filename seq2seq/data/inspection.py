"""Description of a prepared corpus for `seq2seq inspect`: as plain values, and as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.config.schema import BatchingSettings
from seq2seq.data.batching import STRATEGIES, EpochPlan, plan_epoch
from seq2seq.data.corpus import PreparedCorpus
from seq2seq.data.corpus_report import HISTOGRAM_BOUNDS, CorpusReport, SideReport
from seq2seq.data.store import CorpusStore

Facts = dict[str, Any]

_BAR = 32  # characters of a histogram's longest bar
_LONGEST = 5  # number of longest pairs to list
_BUCKET_ROWS = 16  # maximum rows of the table; neighbouring buckets are merged until it fits


def corpus_facts(corpus: PreparedCorpus, batching: BatchingSettings, *, seed: int) -> Facts:
    """Return sizes, lengths, errors, buckets and padding of a corpus, ready for `json.dump`."""
    # The model sees one more symbol on each side: the end, or the start.
    source = corpus.train.source.lengths + np.int32(1)
    target = corpus.train.target.lengths + np.int32(1)
    plans = {
        strategy: plan_epoch(
            source, target, replace(batching, strategy=strategy), seed=seed, epoch=0
        )
        for strategy in STRATEGIES
        if strategy != "single" or batching.strategy == "single"
    }
    return {
        "kind": "corpus",
        "path": str(corpus.path),
        "fingerprint": corpus.fingerprint,
        "report": corpus.report.to_json(),
        "longest": _longest(corpus.train),
        "buckets": _buckets(source, target, width=batching.bucket_width),
        "strategy": batching.strategy,
        "max_tokens": batching.budget,
        "batches": {strategy: plan_facts(plan) for strategy, plan in plans.items()},
    }


def corpus_text(facts: Facts) -> list[str]:
    """Return `corpus_facts` as lines of text."""
    report = CorpusReport.from_json(facts["report"])
    longest = ", ".join(
        f"line {pair['line']:,} ({pair['source']} and {pair['target']} tokens)"
        for pair in facts["longest"]
    )
    return [
        *report.lines(),
        f"longest training pairs: {longest}",
        "",
        *histogram("source", report.train.source),
        "",
        *histogram("target", report.train.target),
        "",
        *_bucket_lines(facts["buckets"]),
        "",
        *_batch_lines(facts),
    ]


def plan_facts(plan: EpochPlan) -> Facts:
    """Return the number of batches, the padding and the largest batch of a plan."""
    largest = plan.largest()
    return {
        "batches": len(plan),
        "mean_pairs": round(len(plan.rows) / len(plan), 2),
        "padding": round(plan.padding, 4),
        "largest_pairs": len(plan.batch(largest)),
        "largest_source": int(plan.source_widths[largest]),
        "largest_target": int(plan.target_widths[largest]),
    }


def _longest(store: CorpusStore) -> list[Facts]:
    source, target = store.source.lengths, store.target.lengths
    rows = np.argsort(-np.maximum(source, target), kind="stable")[:_LONGEST]
    return [
        {
            "line": int(store.lines[row]),
            "source": int(source[row]),
            "target": int(target[row]),
        }
        for row in rows
    ]


def _buckets(source: NDArray[np.int32], target: NDArray[np.int32], *, width: int) -> list[Facts]:
    """Return the number of pairs and their mean lengths for each range of `width` tokens.

    A pair belongs to the range that contains the length of its longer side.
    """
    bucket = (np.maximum(source, target) - 1) // width
    counts = np.bincount(bucket)
    sums = [np.bincount(bucket, weights=side) for side in (source, target)]
    return [
        {
            "from": int(index) * width + 1,
            "to": (int(index) + 1) * width,
            "pairs": int(counts[index]),
            "mean_source": round(float(sums[0][index] / counts[index]), 2),
            "mean_target": round(float(sums[1][index] / counts[index]), 2),
        }
        for index in np.flatnonzero(counts)
    ]


def histogram(name: str, side: SideReport) -> list[str]:
    """Return the lengths as a table with bars, one line for each range."""
    most = max(1, *side.histogram)
    lines = [f"{name} tokens      pairs"]
    low = 0
    for high, count in zip((*HISTOGRAM_BOUNDS, None), side.histogram, strict=True):
        label = f"{low + 1}-{high}" if high is not None else f"over {low}"
        if count:
            bar = "#" * max(1, round(count / most * _BAR))
            lines.append(f"  {label:<10}{count:>11,}  {bar}")
        low = high or low
    return lines


def _bucket_lines(buckets: list[Facts]) -> list[str]:
    lines = [f"{'longer side':<14}{'pairs':>9}{'mean source':>13}{'mean target':>13}"]
    for merged in _merged(buckets):
        pairs = sum(bucket["pairs"] for bucket in merged)
        means = [
            sum(bucket[key] * bucket["pairs"] for bucket in merged) / pairs
            for key in ("mean_source", "mean_target")
        ]
        span = f"{merged[0]['from']}-{merged[-1]['to']}"
        lines.append(f"  {span:<12}{pairs:>9,}{means[0]:>13.1f}{means[1]:>13.1f}")
    return lines


def _merged(buckets: list[Facts]) -> Iterator[list[Facts]]:
    size = -(-len(buckets) // _BUCKET_ROWS)
    for start in range(0, len(buckets), size):
        yield buckets[start : start + size]


def _batch_lines(facts: Facts) -> list[str]:
    lines = [
        f"batches of at most {facts['max_tokens']:,} padded tokens (batching.strategy)",
        f"  {'':<14}{'batches':>9}{'mean pairs':>12}{'padding':>9}  largest",
    ]
    for strategy, plan in facts["batches"].items():
        mark = " *" if strategy == facts["strategy"] else ""
        largest = (
            f"{plan['largest_pairs']:,} x ({plan['largest_source']} + {plan['largest_target']})"
        )
        lines.append(
            f"  {strategy + mark:<14}{plan['batches']:>9,}{plan['mean_pairs']:>12,.1f}"
            f"{plan['padding']:>9.1%}  {largest}"
        )
    return lines
