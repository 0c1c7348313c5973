"""Spans of tagged words, such as places marked B-place, I-place, O; their precision and recall.

Spans are read as by `conlleval`, the script of the CoNLL shared tasks: a tag that cannot continue
the previous span begins a new span, whatever its letter. Therefore IOB1, IOB2 (BIO) and BIOES are
read in the same way, and an invalid tag, such as I-place after O, still makes a span.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.data.sequences.target_schema import TargetSchema

Scheme = Literal["IOB1", "IOB2", "BIOES"]
Spans = NDArray[np.int64]  # [spans, 3]: first step, last step, type

_OPEN_SCHEMES: tuple[Scheme, ...] = ("IOB2", "IOB1")
_OUTSIDE = "O"
# Letters of BIOES for other schemes: BILOU writes L for E and U for S; BMES writes M for I.
_LETTERS = {"B": "B", "I": "I", "E": "E", "S": "S", "L": "E", "U": "S", "M": "I"}
_TAG = re.compile(f"([{''.join(_LETTERS)}])(?:-(.+))?")


class SpanCounts(NamedTuple):
    """Numbers of predicted spans, of target spans, and of predictions that equal a target."""

    right: int
    predicted: int
    wanted: int

    @property
    def precision(self) -> float:
        """Return the share of the predicted spans that are right; 0 if there are none."""
        return self.right / max(1, self.predicted)

    @property
    def recall(self) -> float:
        """Return the share of the target spans that were found; 0 if there are none."""
        return self.right / max(1, self.wanted)

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall; 0 if there are no spans."""
        return 2.0 * self.right / max(1, self.predicted + self.wanted)


@dataclass(frozen=True, eq=False)
class SpanEvaluation:
    """Comparison of predicted spans with target spans; a span is right if its steps and type are.

    Attributes:
        scheme: scheme of the target tags.
        types: counts of each type of span, by its name.
        invalid: number of predicted spans whose tags break the scheme.
        by_sequence: the three values of `SpanCounts` for each sequence, `[sequences, 3]`.
    """

    scheme: Scheme
    types: dict[str, SpanCounts]
    invalid: int
    by_sequence: NDArray[np.int64]

    @property
    def total(self) -> SpanCounts:
        """Return the counts of all types together."""
        return SpanCounts(*self.by_sequence.sum(axis=0).tolist())

    def to_json(self) -> dict[str, Any]:
        """Return plain values: scheme, number of invalid spans, counts and scores of each type."""
        types = {
            name: {
                **one._asdict(),
                "precision": one.precision,
                "recall": one.recall,
                "f1": one.f1,
            }
            for name, one in self.types.items()
        }
        return {"scheme": self.scheme, "invalid": self.invalid, "types": types}

    def table(self) -> list[str]:
        """Return lines of text with the counts and scores of each type."""
        width = max((len(name) for name in self.types), default=0)
        width = max(width, len("spans")) + 2
        return [
            f"{'spans':<{width}}  targets  predicted  precision  recall      F1",
            *(
                f"{name:<{width}}{one.wanted:>9,}{one.predicted:>11,}{one.precision:>11.4f}"
                f"{one.recall:>8.4f}{one.f1:>8.4f}"
                for name, one in self.types.items()
            ),
            f"tags are {self.scheme}; {self.invalid:,} predicted spans are invalid in it",
        ]

    def scores(self) -> dict[str, float]:
        """Return precision, recall and F1 of all spans, by name."""
        total = self.total
        return {
            "span_precision": total.precision,
            "span_recall": total.recall,
            "span_f1": total.f1,
        }


class TagSet:
    """Classes that are tags of spans."""

    def __init__(self, letters: Sequence[str], names: Sequence[str]) -> None:
        """Create the set from the letter of each class (in BIOES or O), and the name of its type.

        Use `of` for the classes of a model.
        """
        self._letters = np.array(letters)
        self._names = sorted({*names})
        self._types = np.array([self._names.index(name) for name in names], np.int64)
        self._closes = bool({"E", "S"} & {*letters})

    @staticmethod
    def of(schema: TargetSchema) -> TagSet | None:
        """Return the tags of a model; None if its targets are no tags of spans.

        The targets are tags of spans if each step has one class, and each class is O or one of the
        letters B, I, E (or L), S (or U) and M (same as I), alone or followed by a hyphen and a
        type. The classes must include O, or both B and E; and at least one of B, I and S.
        """
        if not schema.per_step or not schema.one_class:
            return None
        found = [_TAG.fullmatch(name) for name in schema.classes if name != _OUTSIDE]
        tags = [match for match in found if match is not None]
        letters = {_LETTERS[match[1]] for match in tags}
        complete = _OUTSIDE in schema.classes or {"B", "E"} <= letters
        if not tags or len(tags) < len(found) or not complete or not letters & {"B", "I", "S"}:
            return None
        parts = [
            (_OUTSIDE, "") if name == _OUTSIDE else (_LETTERS[name[0]], name[2:])
            for name in schema.classes
        ]
        return TagSet(*zip(*parts, strict=True))

    def evaluate(
        self, predicted: Sequence[NDArray[Any]], wanted: Sequence[NDArray[Any]]
    ) -> SpanEvaluation:
        """Compare the predicted classes of each sequence, `[steps]`, with its target classes."""
        sequences = np.repeat(np.arange(len(wanted)), [len(classes) for classes in wanted])
        firsts = np.diff(sequences, prepend=-1) > 0
        ours, theirs = (np.concatenate(list(each)).astype(np.int64) for each in (predicted, wanted))
        found, right = self._spans(ours, firsts), self._spans(theirs, firsts)
        groups = (_common(found, right), found, right)
        types = {
            name or "span": SpanCounts(*(int((spans[:, 2] == number).sum()) for spans in groups))
            for number, name in enumerate(self._names)
        }
        counts = [np.bincount(sequences[spans[:, 0]], minlength=len(wanted)) for spans in groups]
        scheme = self._scheme(theirs, firsts, right)
        return SpanEvaluation(
            scheme,
            {name: one for name, one in types.items() if any(one)},
            int(self._invalid(scheme, ours, firsts, found).sum()),
            np.stack(counts, axis=1),
        )

    def _spans(self, classes: NDArray[np.int64], firsts: NDArray[np.bool_]) -> Spans:
        """Return the spans of concatenated sequences; `firsts` flags the first step of each."""
        letters, types = self._letters[classes], self._types[classes]
        inside = letters != _OUTSIDE
        goes_on = np.isin(letters, ("I", "E"))
        goes_on[1:] &= np.isin(letters[:-1], ("B", "I")) & (types[1:] == types[:-1])
        goes_on &= ~firsts
        last = inside & ~np.append(goes_on[1:], False)
        starts = np.flatnonzero(inside & ~goes_on)
        return np.stack([starts, np.flatnonzero(last), types[starts]], axis=1)

    def _scheme(
        self, classes: NDArray[np.int64], firsts: NDArray[np.bool_], spans: Spans
    ) -> Scheme:
        """Return the scheme that the fewest spans break."""
        if self._closes:
            return "BIOES"
        broken = {
            scheme: int(self._invalid(scheme, classes, firsts, spans).sum())
            for scheme in _OPEN_SCHEMES
        }
        return min(_OPEN_SCHEMES, key=broken.__getitem__)

    def _invalid(
        self,
        scheme: Scheme,
        classes: NDArray[np.int64],
        firsts: NDArray[np.bool_],
        spans: Spans,
    ) -> NDArray[np.bool_]:
        """Return flags of the spans whose tags break the scheme, `[spans]`."""
        letters = self._letters[classes]
        starts, stops, types = spans.T
        if scheme == "IOB2":
            return np.asarray(letters[starts] != "B")
        if scheme == "BIOES":
            alone = starts == stops
            whole = (letters[starts] == "B") & (letters[stops] == "E")
            return np.asarray(np.where(alone, letters[starts] != "S", ~whole))
        before = starts - 1
        follows = (letters[before] != _OUTSIDE) & (self._types[classes[before]] == types)
        return np.asarray((letters[starts] == "B") & ~(follows & ~firsts[starts]))


def _common(found: Spans, right: Spans) -> Spans:
    """Return the spans that are in both `found` and `right`."""
    _, ours, theirs = np.intersect1d(
        found[:, 0], right[:, 0], assume_unique=True, return_indices=True
    )
    same: Spans = found[ours][(found[ours] == right[theirs]).all(axis=1)]
    return same
