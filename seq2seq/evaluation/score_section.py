"""Report section with the corpus scores of one or two systems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seq2seq.evaluation.charts import Bar, bars
from seq2seq.evaluation.html import Content, element, note, paragraph, table
from seq2seq.evaluation.line_groups import Systems, system_key
from seq2seq.evaluation.number_text import interval_explanation, score_text, signed
from seq2seq.evaluation.text_scores import LOWER_IS_BETTER, NAMES, PairedResult

_RATES = {"symbol_error_rate": "wrong symbols", "sequence_error_rate": "wrong sequences"}


def score_section(systems: Systems, paired: Mapping[str, PairedResult], *, seed: int) -> Content:
    """Return the scores with their intervals, and the paired test of two systems by metric."""
    first, *others = systems.values()
    names = [key for key in NAMES if all(key in one.lines.names for one in systems.values())]
    if others:
        head = ["score", *systems, system_key(systems), "B − A", "p"]
        rows = [_compared(key, systems, paired[key], seed=seed) for key in names]
    else:
        head = ["score", "", ""]
        rows = [_alone(key, systems, seed=seed) for key in names]
    for label, values in _plain_figures(systems):
        rows.append([label, *values, *[""] * (len(head) - 1 - len(values))])
    numeric = [1, 2, 4, 5] if others else [1]
    lower = ", ".join(NAMES[key] for key in LOWER_IS_BETTER if key in names)
    signatures = [f"{NAMES[key]}: {first.lines.signature(key)}" for key in names]
    signatures += [f"{NAMES[key]}, paired: {paired[key].signature}" for key in paired]
    return [
        table(head, rows, numeric=numeric),
        interval_explanation("lines"),
        paragraph(note(f"Of {lower} lower is better.")) if lower else None,
        paragraph(note(_paired_explanation())) if others else None,
        (element("div", signature, class_="signature") for signature in signatures),
    ]


def _alone(key: str, systems: Systems, *, seed: int) -> list[Content]:
    ((_, bar),) = _bars(key, systems, seed=seed)
    return [NAMES[key], score_text(bar, ".2f"), bars([bar], maximum=100.0)]


def _compared(key: str, systems: Systems, result: PairedResult, *, seed: int) -> list[Content]:
    found = dict(_bars(key, systems, seed=seed))
    first, second = found.values()
    return [
        NAMES[key],
        *(score_text(bar, ".2f") for bar in found.values()),
        bars(list(found.values()), maximum=100.0),
        signed(second.value - first.value, ".2f"),
        f"{result.p_value:.4f}",
    ]


def _bars(key: str, systems: Systems, *, seed: int) -> Iterator[tuple[str, Bar]]:
    for name, system in systems.items():
        yield name, Bar(system.lines.score(key), system.lines.interval(key, seed=seed))


def _plain_figures(systems: Systems) -> Iterator[tuple[str, list[str]]]:
    """Yield the scores that have no interval."""
    yield "exactly a reference", [f"{one.lines.exact.mean():.1%}" for one in systems.values()]
    yield "loss a token", [f"{one.figures['loss']:.4f}" for one in systems.values()]
    for key, label in _RATES.items():
        found = [one.figures[key] for one in systems.values() if key in one.figures]
        if len(found) == len(systems):
            yield label, [f"{value:.2f} %" for value in found]


def _paired_explanation() -> str:
    return (
        "p is the probability of a difference as large if both systems were equally good, by "
        "sacreBLEU's paired approximate randomisation, ties counted; below 0.05 a difference is "
        "usually called significant."
    )
