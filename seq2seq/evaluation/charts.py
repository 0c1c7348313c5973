"""Charts of a report as inline SVG.

They are drawn by this module and not by Matplotlib: text can be read, searched and selected at any
size, colours follow the page's light or dark scheme, and a page with twenty maps stays small.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.evaluation.calibration import CalibrationBin
from seq2seq.evaluation.html import Content, Html, element, joined
from seq2seq.evaluation.resampling import Interval

if TYPE_CHECKING:  # would load the translation code
    from seq2seq.evaluation.attention_maps import AttentionMap

_SERIES = ("first", "second")  # classes of the style sheet
_BAR_WIDTH, _BAR_HEIGHT = 160, 14
_CELL, _LETTER = 22, 7.0  # pixels of a cell of a map, and of a letter of its labels
_LABEL_SLOPE = math.radians(60)
_LONGEST_LABEL = 16  # letters
_FAINTEST = 0.02  # smaller weights are left white
_SPACE = "\u2581"
_DIAGRAM, _MARGIN, _TOP = 240, 44, 8  # pixels of a plot, beside it, and above it
MOST_CURVES = 6  # features of a sequence that are drawn


class Bar(NamedTuple):
    """Score with its confidence interval."""

    value: float
    interval: Interval | None = None


class Point(NamedTuple):
    """Point of a scatter plot, with the text of its tooltip."""

    x: float
    y: float
    title: str


def series_key(names: Iterable[str]) -> Html:
    """Return the names of the systems in the colours of their bars."""
    return joined(
        element("span", f"■ {name} ", class_=f"key {series}")
        for name, series in zip(names, _SERIES, strict=False)
    )


def bars(values: Sequence[Bar], *, maximum: float) -> Html:
    """Return horizontal bars from 0 to `maximum`, one for each system, with their intervals."""
    scale = _BAR_WIDTH / maximum if maximum > 0 else 0.0
    shapes: list[Html] = []
    for number, bar in enumerate(values):
        top, middle = number * _BAR_HEIGHT + 2, number * _BAR_HEIGHT + _BAR_HEIGHT / 2
        shapes.append(
            element(
                "rect",
                x=0,
                y=top,
                width=_short(_within(bar.value * scale, _BAR_WIDTH)),
                height=_BAR_HEIGHT - 4,
                class_=_SERIES[number],
                fill_opacity=0.55,
            )
        )
        if bar.interval is not None:
            low, high = (_within(end * scale, _BAR_WIDTH) for end in bar.interval)
            ends = f"M{_short(low)} {top + 1}v8M{_short(high)} {top + 1}v8"
            line = f"M{_short(low)} {middle}H{_short(high)}"
            shapes.append(element("path", d=ends + line, class_="whisker"))
    return _svg(_BAR_WIDTH + 2, _BAR_HEIGHT * len(values), shapes)


def attention_map(one: AttentionMap) -> Html:
    """Return an attention map: rows are target tokens, columns are source tokens."""
    columns, rows = _labels(one.source), _labels(one.target)
    longest = max(map(len, columns)) * _LETTER
    left = max(map(len, rows)) * _LETTER + 12
    top = longest * math.sin(_LABEL_SLOPE) + 16
    width, height = _CELL * len(columns), _CELL * len(rows)
    grid = [f"M{_short(left)} {_short(top + _CELL * row)}h{width}" for row in range(len(rows) + 1)]
    grid += [f"M{_short(left + _CELL * i)} {_short(top)}v{height}" for i in range(len(columns) + 1)]
    shapes = [element("path", d="".join(grid), class_="rule")]
    for column, label in enumerate(columns):
        x, y = left + (column + 0.6) * _CELL, top - 6
        turn = f"translate({_short(x)} {_short(y)}) rotate(-60)"
        shapes.append(element("text", label, transform=turn))
    for row, label in enumerate(rows):
        y = top + (row + 0.7) * _CELL
        shapes.append(element("text", label, x=left - 6, y=_short(y), text_anchor="end"))
        shapes += _cells(one.weights[row], rows[row], columns, left, top + row * _CELL)
    return _svg(left + width + longest * math.cos(_LABEL_SLOPE) + 8, top + height + 2, shapes)


def reliability_diagram(bins: Sequence[CalibrationBin]) -> Html:
    """Return a chart of the share of correct predictions by probability.

    The dots of a calibrated model lie on the diagonal.
    """
    shapes = _axes("probability by the model", "share that is right", (0.0, 1.0), (0.0, 1.0))
    shapes.append(element("path", d=f"M{_MARGIN} {_DIAGRAM}L{_MARGIN + _DIAGRAM} 0", class_="rule"))
    for one in bins:
        x, height = _MARGIN + one.low * _DIAGRAM, one.accuracy * _DIAGRAM
        title = (
            f"{one.answers:,} answers, mean probability {one.confidence:.3f}, "
            f"{one.accuracy:.3f} right"
        )
        shapes.append(
            element(
                "rect",
                element("title", title),
                x=_short(x + 1),
                y=_short(_DIAGRAM - height),
                width=_short((one.high - one.low) * _DIAGRAM - 2),
                height=_short(height),
                class_="first",
                fill_opacity=0.45,
            )
        )
        dot = {"cx": _short(_MARGIN + one.confidence * _DIAGRAM), "cy": _short(_DIAGRAM - height)}
        shapes.append(element("circle", r=4, class_="second", **dot))
    return _plot(shapes)


def scatter(points: Sequence[Point], *, x_title: str, y_title: str) -> Html:
    """Return a scatter plot with a line at y = 0."""
    xs, ys = _range([point.x for point in points]), _range([0.0, *(point.y for point in points)])
    shapes = _axes(x_title, y_title, xs, ys)
    zero = _DIAGRAM * (1 - _share(0.0, ys))
    shapes.append(element("path", d=f"M{_MARGIN} {_short(zero)}h{_DIAGRAM}", class_="rule"))
    shapes += [
        element(
            "circle",
            element("title", point.title),
            cx=_short(_MARGIN + _DIAGRAM * _share(point.x, xs)),
            cy=_short(_DIAGRAM * (1 - _share(point.y, ys))),
            r=3,
            class_="first",
            fill_opacity=0.45,
        )
        for point in points
    ]
    return _plot(shapes)


def curves(values: NDArray[Any]) -> Html:
    """Return curves of the first features of a sequence `[time, features]`, each in its range."""
    height, width = 48, min(320, max(48, 4 * len(values)))
    shapes = []
    for number, feature in enumerate(np.asarray(values, np.float64).T[:MOST_CURVES]):
        bounds = _range(feature.tolist())
        step = width / max(1, len(feature) - 1)
        positions = (
            f"{_short(time * step)} {_short(height * (1 - _share(value, bounds)))}"
            for time, value in enumerate(feature.tolist())
        )
        opacity = 1.0 - 0.8 * number / MOST_CURVES
        path = "M" + "L".join(positions)
        if len(feature) == 1:
            path += f"h{width}"
        shapes.append(element("path", d=path, class_="series", stroke_opacity=_short(opacity)))
    return _svg(width, height, shapes)


def _cells(
    weights: NDArray[Any], row: str, columns: Sequence[str], left: float, top: float
) -> Iterable[Html]:
    for column, weight in enumerate(weights.tolist()):
        if weight >= _FAINTEST:
            yield element(
                "rect",
                element("title", f"{columns[column]} → {row}: {weight:.2f}"),
                x=_short(left + column * _CELL + 1),
                y=_short(top + 1),
                width=_CELL - 2,
                height=_CELL - 2,
                class_="first",
                fill_opacity=f"{weight:.2f}",
            )


def _labels(tokens: Sequence[str]) -> list[str]:
    """Return tokens for display, then the end symbol; a hyphen marks the continuation of a word."""
    labels = []
    before = _SPACE
    for token in tokens:
        text = token.removeprefix(_SPACE).replace(_SPACE, " ")
        inside = not token.startswith(_SPACE) and before[-1].isalnum() and text[:1].isalnum()
        shown = f"-{text}" if inside else text or "␣"
        labels.append(shown if len(shown) <= _LONGEST_LABEL else f"{shown[: _LONGEST_LABEL - 1]}…")
        before = token
    return [*labels, "(end)"]


def _axes(
    x_title: str, y_title: str, xs: tuple[float, float], ys: tuple[float, float]
) -> list[Html]:
    right, middle = _MARGIN + _DIAGRAM, _DIAGRAM / 2
    turn = f"translate(12 {middle}) rotate(-90)"
    return [
        element("path", d=f"M{_MARGIN} 0V{_DIAGRAM}H{right}", class_="axis"),
        element("text", f"{xs[0]:.3g}", x=_MARGIN, y=_DIAGRAM + 16),
        element("text", f"{xs[1]:.3g}", x=right, y=_DIAGRAM + 16, text_anchor="end"),
        element("text", x_title, x=_MARGIN + middle, y=_DIAGRAM + 34, text_anchor="middle"),
        element("text", f"{ys[1]:.3g}", x=_MARGIN - 5, y=10, text_anchor="end"),
        element("text", f"{ys[0]:.3g}", x=_MARGIN - 5, y=_DIAGRAM, text_anchor="end"),
        element("text", y_title, transform=turn, text_anchor="middle"),
    ]


def _plot(shapes: Content) -> Html:
    """Return a plot with room for points on its upper edge."""
    moved = element("g", shapes, transform=f"translate(0 {_TOP})")
    return _svg(_DIAGRAM + 2 * _MARGIN, _TOP + _DIAGRAM + _MARGIN, moved)


def _svg(width: float, height: float, shapes: Content) -> Html:
    return element("svg", shapes, width=_short(width), height=_short(height))


def _range(values: Sequence[float]) -> tuple[float, float]:
    """Return the lowest and the highest value; equal bounds are moved apart."""
    low, high = min(values), max(values)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _share(value: float, bounds: tuple[float, float]) -> float:
    return (value - bounds[0]) / (bounds[1] - bounds[0])


def _within(value: float, most: float) -> float:
    return max(0.0, min(value, most))


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
