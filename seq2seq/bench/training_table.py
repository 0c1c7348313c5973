"""Measurements of training as figures, and as tables for a README."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from seq2seq.bench.run_measurement import MeasuredRun, RunTurn
from seq2seq.bench.spread import Spread, ratios, shown, spread
from seq2seq.bench.training_cases import TORCH_FORMS
from seq2seq.bench.training_measurement import (
    OURS,
    UNORDERED,
    Facts,
    Machine,
    MeasuredCase,
)


@dataclass(frozen=True)
class Row:
    """Figures of one case.

    Attributes:
        measured: measurement from which the figures are computed.
        rates: target tokens or steps per second of each form.
        shares: operations per second of each form, as a share of those that bare products reached.
        best_torch: fastest form of PyTorch; None if none was measured.
        ratio: speed-up of the step of seq2seq over `best_torch`, turn by turn; None if one of the
            two is missing.
        freed: speed-up of the step of seq2seq without determinism over the step with determinism;
            None if one of the two is missing.
    """

    measured: MeasuredCase
    rates: Mapping[str, Spread]
    shares: Mapping[str, float]
    best_torch: str | None
    ratio: Spread | None
    freed: Spread | None


def row(measured: MeasuredCase, products: Mapping[str, float]) -> Row:
    """Return the figures of a case; `products` are operations per second by precision."""
    seconds, peak = measured.seconds, products[measured.case.precision]
    torch = [form for form in TORCH_FORMS if form in seconds]
    best = min(torch, key=lambda form: median(seconds[form]), default=None)
    ours = seconds.get(OURS)
    unordered = seconds.get(UNORDERED)
    return Row(
        measured=measured,
        rates={
            form: spread([measured.work / each for each in times])
            for form, times in seconds.items()
        },
        shares={
            form: measured.operations / median(times) / peak for form, times in seconds.items()
        },
        best_torch=best,
        ratio=ratios(seconds[best], ours) if best and ours else None,
        freed=ratios(ours, unordered) if ours and unordered else None,
    )


def as_json(
    rows: Sequence[Row],
    runs: Sequence[MeasuredRun],
    machine: Machine | None,
    about: Mapping[str, Any],
) -> dict[str, Any]:
    """Return all figures as plain values for JSON: spreads are `[median, least, most]`."""
    return {
        "about": dict(about),
        "machine": None if machine is None else machine._asdict(),
        "rows": [_row_json(each) for each in rows],
        "runs": [_run_json(each) for each in runs],
    }


def as_text(
    rows: Sequence[Row],
    runs: Sequence[MeasuredRun],
    machine: Machine | None,
    about: Mapping[str, Any],
) -> str:
    """Return all figures as Markdown."""
    lines = [", ".join(f"{name} {value}" for name, value in about.items())]
    if machine is not None:
        versions = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
        lines.append(f"{machine.device}; {versions}")
        lines.append(f"bare matrix products: {_products(machine.products)}")
    if rows:
        lines += ["", *_table(rows), *_failures(rows)]
    for run in runs:
        lines += ["", *_run_table(run)]
    return "\n".join(lines)


def _products(products: Mapping[str, float]) -> str:
    return ", ".join(f"{each / 1e9:,.0f} GFLOP/s in {name}" for name, each in products.items())


def line(each: Row) -> str:
    """Return a row as a line of text, for the progress of a measurement."""
    return f"{each.measured.case.name}: {'; '.join(filter(None, _cells(each)[1:4]))}"


def _table(rows: Sequence[Row]) -> Iterator[str]:
    head = ["target tokens/s, or seconds an epoch", "ours", "PyTorch, best", "ratio"]
    head += ["of bare products", "peak memory, GB", "turns"]
    body = [_cells(each) for each in rows]
    if any(each.freed for each in rows):
        head.append("without determinism")
        for cells, each in zip(body, rows, strict=True):
            cells.append(_times(each.freed))
    if all(each.best_torch is None for each in rows):
        for cells in (head, *body):
            del cells[2:4]
    yield from _markdown(head, body)


def _cells(each: Row) -> list[str]:
    """Return the cells of a row, including those of PyTorch."""
    forms = [OURS, *([each.best_torch] if each.best_torch else [])]
    torch = f"{_speed(each, each.best_torch)} {each.best_torch}" if each.best_torch else ""
    return [
        each.measured.case.name,
        _speed(each, OURS),
        torch,
        _times(each.ratio),
        " / ".join(f"{each.shares[form]:.0%}" if form in each.shares else "-" for form in forms),
        " / ".join(_memory(each.measured.facts.get(form)) for form in forms),
        _turns(each.measured),
    ]


def _speed(each: Row, form: str) -> str:
    if form not in each.rates:
        return "failed"
    speed = shown(each.rates[form], 0)
    if each.measured.case.task == "classification":
        speed = f"{shown(spread(each.measured.seconds[form]), 2)} s"
    return f"{speed} {each.measured.facts[form].note}".strip()


def _times(ratio: Spread | None) -> str:
    return "" if ratio is None else shown(ratio, 2)


def _memory(facts: Facts | None) -> str:
    """Return the peak memory in GB: that of the GPU, or of the process if there is no GPU."""
    if facts is None:
        return "-"
    return f"{(facts.device_bytes or facts.peak_bytes) / 1e9:.2f}"


def _turns(measured: MeasuredCase) -> str:
    if measured.quiet == measured.turns:
        return str(measured.turns)
    if not measured.quiet:
        return f"{measured.turns}, none quiet"
    return f"{measured.quiet} quiet of {measured.turns}"


def _failures(rows: Sequence[Row]) -> Iterator[str]:
    failures = [(each.measured, *item) for each in rows for item in each.measured.failures.items()]
    if failures:
        yield ""
    for measured, form, error in failures:
        yield f"{form} failed, {measured.case.name}: {error}"


def _run_table(run: MeasuredRun) -> Iterator[str]:
    counted = [turn for turn in run.turns if turn.counted]
    ratio = spread([turn.run.rate / turn.bare.rate for turn in counted])
    yield f"whole run, {run.case.name}: {shown(ratio, 3)} of the speed of its bare steps"
    yield ""
    head = ["step", "whole run, target tokens/s", "bare step", "GB now", "GB at most"]
    yield from _markdown([*head, "bare step, GB at most"], [_run_cells(turn) for turn in run.turns])


def _run_cells(turn: RunTurn) -> list[str]:
    speeds = [f"{sample.rate:,.0f}" for sample in (turn.run, turn.bare)]
    if not turn.counted:
        speeds = [f"({speed})" for speed in speeds]
    memory = (turn.run.bytes_now, turn.run.bytes_peak, turn.bare.bytes_peak)
    return [f"{turn.step:,}", *speeds, *(f"{each / 1e9:.2f}" for each in memory)]


def _markdown(head: Sequence[str], body: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    yield from (f"| {' | '.join(cells)} |" for cells in body)


def _row_json(each: Row) -> dict[str, Any]:
    measured = each.measured
    forms = {
        form: {
            "rate": rate,
            "seconds": list(measured.seconds[form]),
            "share": each.shares[form],
            **measured.facts[form]._asdict(),
        }
        for form, rate in each.rates.items()
    }
    return {
        "name": measured.case.name,
        "case": asdict(measured.case),
        "unit": measured.case.unit,
        "work": measured.work,
        "operations": measured.operations,
        "forms": forms,
        "best_torch": each.best_torch,
        "ratio": each.ratio,
        "without_determinism": each.freed,
        "failures": dict(measured.failures),
        "turns": measured.turns,
        "quiet": measured.quiet,
    }


def _run_json(run: MeasuredRun) -> dict[str, Any]:
    turns = [
        {**turn._asdict(), "run": turn.run._asdict(), "bare": turn.bare._asdict()}
        for turn in run.turns
    ]
    return {"name": run.case.name, "case": asdict(run.case), "turns": turns}
