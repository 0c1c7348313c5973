"""Results of a translation benchmark as figures and as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from seq2seq.bench.measurement import Measured, ceiling_of
from seq2seq.bench.spread import Spread, ratios, shown, spread
from seq2seq.bench.variants import OTHERS, REFERENCE, Variant


@dataclass(frozen=True)
class Row:
    """Figures of one variant.

    Attributes:
        name: name of the variant.
        rate: sentences per second.
        ratio: ratio of the rate to that of TensorFlow, turn by turn; None if TensorFlow was not
            measured.
        share: operations per second, as a share of those that bare float32 products reached in
            their best turn; None for another kind of model.
        same: number of outputs equal to those of TensorFlow, and number of outputs; None if the
            variant or TensorFlow has no outputs.
    """

    name: str
    rate: Spread
    ratio: Spread | None
    share: Spread | None
    same: tuple[int, int] | None


Operations = Callable[[Variant, Sequence[str]], float]


def rows(measured: Measured, operations: Operations) -> list[Row]:
    """Return a row for each variant, in the order of measurement.

    `operations(variant, outputs)` returns the number of multiplications and additions in the
    products of a variant that translates the first sentences into `outputs`.
    """
    return [_row(measured, variant, operations) for variant in measured.seconds]


def gains(measured: Measured) -> dict[str, Spread]:
    """Return the speed-up of the exported ONNX model by each of its optimisations."""
    seconds = measured.seconds
    return {
        f"{what}: {variant.name}": ratios(seconds[without], seconds[variant])
        for variant in seconds
        if variant.form == "ours"
        for what, without in _without(variant)
        if without in seconds and without != variant
    }


def comparisons(measured: Measured) -> dict[str, Spread]:
    """Return the speed-up of each exported ONNX variant over other engines with the same search."""
    seconds = measured.seconds
    return {
        f"{other.form} {other.precision}: {variant.name}": ratios(seconds[other], seconds[variant])
        for variant in seconds
        if variant.form == "ours"
        for other in seconds
        if other.form in OTHERS
        and (other.threads, other.search) == (variant.threads, variant.search)
    }


def as_json(found: Sequence[Row], measured: Measured, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return all figures as plain values for JSON: spreads are `[median, least, most]`."""
    return {
        "about": dict(about),
        "rows": [asdict(row) for row in found],
        "gains": gains(measured),
        "comparisons": comparisons(measured),
        "products": {
            variant.name: spread(figures) for variant, figures in measured.operations.items()
        },
        "starts": {name: _start(starts) for name, starts in measured.starts.items()},
    }


def as_text(found: Sequence[Row], measured: Measured, about: Mapping[str, Any]) -> str:
    """Return all figures as a table of plain text."""
    return "\n".join(_lines(found, measured, about))


def _lines(found: Sequence[Row], measured: Measured, about: Mapping[str, Any]) -> Iterator[str]:
    yield ", ".join(f"{name} {value}" for name, value in about.items())
    yield ""
    width = max(len(row.name) for row in found)
    yield f"{'':{width}}  sentences/s (least-most)    times {REFERENCE}  of products   same text"
    for row in found:
        ratio = "-" if row.ratio is None else f"{row.ratio.median:.2f}"
        share = "-" if row.share is None else f"{row.share.median:.0%}"
        same = "-" if row.same is None else f"{row.same[0]} of {row.same[1]}"
        yield f"{row.name:{width}}  {shown(row.rate):>24}  {ratio:>16}  {share:>11}  {same:>10}"
    yield ""
    yield "times as fast with (least-most)"
    yield from (f"  {shown(gain, 2):>20}  {name}" for name, gain in gains(measured).items())
    compared = comparisons(measured)
    if compared:
        yield ""
        yield "times as fast as (least-most)"
        yield from (f"  {shown(ratio, 2):>20}  {name}" for name, ratio in compared.items())
    yield ""
    yield "bare float32 products, GFLOP/s (least-most)"
    for variant, figures in measured.operations.items():
        scaled = spread([figure / 1e9 for figure in figures])
        yield f"  {shown(scaled):>20}  {variant.name.removeprefix('products float32, ')}"
    yield ""
    yield "from start to first sentence, and peak memory"
    for name, starts in measured.starts.items():
        start = _start(starts)
        peak = start["peak_bytes"].median / 1e6
        yield f"  {shown(start['seconds'], 2):>20} s  {peak:>5.0f} MB  {name}"


def _row(measured: Measured, variant: Variant, operations: Operations) -> Row:
    seconds, outputs = measured.seconds[variant], measured.outputs[variant]
    reference = measured.outputs.get(variant.reference, [])
    given = outputs or reference  # a form without outputs made as many steps as the reference
    reached = [operations(variant, given) / len(given) / each for each in seconds]
    best = _best_products(measured, variant)
    transformer = variant.form == "CTranslate2"
    same = sum(one == other for one, other in zip(outputs, reference, strict=False))
    return Row(
        name=variant.name,
        rate=spread([1 / each for each in seconds]),
        ratio=ratios(measured.seconds[variant.reference], seconds) if reference else None,
        share=None if transformer else spread([each / best for each in reached]),
        same=(same, len(outputs)) if outputs and reference else None,
    )


def _best_products(measured: Measured, variant: Variant) -> float:
    """Return the operations per second of bare products in the best turn.

    Turns with as many threads as `variant`, or fewer, count: more threads can reach the same speed.
    """
    ceiling = ceiling_of(variant)
    return max(
        figure
        for other, figures in measured.operations.items()
        if other.search == ceiling.search and other.threads <= ceiling.threads
        for figure in figures
    )


def _without(variant: Variant) -> list[tuple[str, Variant]]:
    """Return the optimisations of `variant`, each with the variant that lacks only this one."""
    search = variant.search
    return [
        ("8-bit integers", replace(variant, precision="float32")),
        ("threads", replace(variant, threads=1)),
        ("batches", replace(variant, search=replace(search, batched=False))),
        ("shrinking batches", replace(variant, search=replace(search, shrink_batches=False))),
    ]


def _start(starts: Sequence[Any]) -> dict[str, Spread]:
    return {
        "seconds": spread([start.seconds for start in starts]),
        "peak_bytes": spread([start.peak_bytes for start in starts]),
    }
