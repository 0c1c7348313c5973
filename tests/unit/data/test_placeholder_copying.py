"""What both sides of a pair share is replaced alike on both, in half of the pairs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seq2seq.data.placeholder_copying import with_placeholders
from seq2seq.text.spans import KINDS

NAMES = tuple(f"\u27e8{i}\u27e9" for i in range(3))
PAIRS = [(f"see {n}, 5 and {n} a@b.de", f"5 a@b.de: sieh {n} und {n} <b>") for n in range(100)]


def masked(source: str, target: str) -> tuple[str, str]:
    return with_placeholders(source, target, kinds=KINDS, names=NAMES)


def test_half_of_the_pairs_always_the_same() -> None:
    changed = [pair for pair in PAIRS if masked(*pair) != pair]
    assert 30 < len(changed) < 70
    assert changed == [pair for pair in PAIRS if masked(*pair) != pair]
    orders = set()
    for source, target in changed:
        number = source.split()[1].strip(",")
        one, other = masked(source, target)
        first, second, third = (word.strip(",") for word in one.split()[1:5] if "\u27e8" in word)
        assert one == f"see {first}, {second} and {third} a@b.de"
        if number != "5":
            assert other == f"{second} a@b.de: sieh {first} und {third} <b>"
        orders.add(first)
    assert orders == set(NAMES)


@given(st.text("5a .", max_size=12), st.text("5a .", max_size=12))
def test_putting_them_back_gives_the_pair(source: str, target: str) -> None:
    one, other = masked(source, target)
    for name in NAMES:
        assert (name in one) == (name in other)
        one, other = one.replace(name, "5"), other.replace(name, "5")
    assert "5" not in source.replace("5", "") and (one.count("a"), other.count("a")) == (
        source.count("a"),
        target.count("a"),
    )


def test_what_differs_stays() -> None:
    for n in range(40):
        for source, target in [
            (f"at {n} PM", f"um {n + 12} Uhr"),
            ("7 and 7", f"7 {n + 10} x"),
            (f"\u27e81\u27e9 {n}.5", f"\u27e81\u27e9 {n}.5"),
            ("nothing", f"nichts {n} {{a}}"),
        ]:
            assert masked(source, target) == (source, target)
            assert with_placeholders(source, target, kinds=KINDS, names=()) == (source, target)
