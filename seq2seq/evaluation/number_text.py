"""Display of scores and intervals in a report."""

from __future__ import annotations

from seq2seq.evaluation.charts import Bar
from seq2seq.evaluation.html import Content, Html, note, paragraph
from seq2seq.evaluation.resampling import FEWEST_LINES, RESAMPLES, Interval


def score_text(bar: Bar, form: str = ".1f") -> Content:
    """Return a score with its interval; `form` is the number format."""
    return [f"{bar.value:{form}} ", note(interval_text(bar.interval, form))]


def interval_text(interval: Interval | None, form: str = ".1f") -> str:
    """Return an interval in brackets; a dash if there is none."""
    if interval is None:
        return "(–)"
    return f"({interval.low:{form}} to {interval.high:{form}})"


def change_text(change: float, interval: Interval | None) -> Content:
    """Return the change of a score with its interval."""
    if interval is None:
        return [f"{signed(change)} ", note("(–)")]
    return [f"{signed(change)} ", note(f"({signed(interval.low)} to {signed(interval.high)})")]


def signed(value: float, form: str = ".1f") -> str:
    """Return a number with its sign; a number that rounds to zero has none."""
    text = f"{value:+{form}}"
    return text[1:] if not float(text) else text.replace("-", "−")


def interval_explanation(what: str) -> Html:
    """Return an explanation of intervals from resampled `what`, such as lines."""
    return paragraph(
        note(
            f"In brackets: 95 % of {RESAMPLES:,} resamples of the {what} lie there; fewer than "
            f"{FEWEST_LINES} {what} have none."
        )
    )
