"""What a glossary asks of a translation, and which line of it is wrong."""

from __future__ import annotations

import codecs
import time
from pathlib import Path

import pytest

from seq2seq.errors import DataError
from seq2seq.inference.glossary import Entry, Glossary, Matches


def load(tmp_path: Path, content: str | bytes) -> Glossary:
    path = tmp_path / "terms.tsv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Glossary.load(path)


TERMS = """\
# our words
station\tBahnhof|Bahnhofs

main station \t Hauptbahnhof
New York\tNew York\t
bank\tUfer\tforbid
bank\tBank
cafe\u0301\tKaffeehaus
"""


@pytest.mark.parametrize(
    ("text", "required", "forbidden"),
    [
        ("The station is near.", [("Bahnhof", "Bahnhofs")], ()),
        ("the main station", [("Hauptbahnhof",)], ()),
        ("stations, substation, STATION", [], ()),
        ("station to station", [("Bahnhof", "Bahnhofs")] * 2, ()),
        ("Station?", [("Bahnhof", "Bahnhofs")], ()),
        ("the bank", [("Bank",)], ("Ufer",)),
        ("New  York: the caf\u00e9", [("New York",), ("Kaffeehaus",)], ()),
        ("", [], ()),
    ],
)
def test_matches(
    tmp_path: Path, text: str, required: list[tuple[str, ...]], forbidden: tuple[str, ...]
) -> None:
    found = load(tmp_path, TERMS).matches(text)
    assert (found.required, found.forbidden) == (tuple(required), forbidden)


def test_matches_stand_where_they_were_found(tmp_path: Path) -> None:
    glossary = load(tmp_path, TERMS)
    assert glossary.matches("the bank").positions == ((4, 8),)
    assert glossary.matches("station to station").positions == ((0, 7), (11, 18))
    assert glossary.matches("New  York: the caf\u00e9").positions == ((0, 9), (15, 19))
    assert glossary.matches("stations, substation, STATION") == Matches()


def test_a_capital_in_the_source_allows_one_in_the_target() -> None:
    glossary = Glossary([Entry("please", ("bitte",))])
    assert glossary.matches("Please wait").required == (("bitte", "Bitte"),)
    assert glossary.matches("Now, please").required == (("bitte",),)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfbank\tBank\r\nstation\tBahnhof\r\n",
        codecs.BOM_UTF16_LE + "bank\tBank\nstation\tBahnhof".encode("utf-16-le"),
        b"\n# x\n  # y\nbank\tBank\t\nstation\tBahnhof",
    ],
)
def test_marks_line_ends_and_comments(tmp_path: Path, content: bytes) -> None:
    entries = load(tmp_path, content).entries
    assert entries == (Entry("bank", ("Bank",)), Entry("station", ("Bahnhof",)))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"bank", "line 3 holds no tab"),
        (b"\tBank", "line 3 has no source"),
        (b"bank\t ", "line 3 has no target"),
        (b"bank\tBank\tnever", "line 3 has 'never' after the target; only the word forbid"),
        (b"bank\tBank\tforbid\tx", "line 3 has 'forbid | x' after the target"),
        (b"bank\tBank||Ufer", "line 3 has an empty alternative in 'Bank||Ufer'"),
        (b"x" * 201 + b"\ty", "line 3 has a source of 201 characters; at most 200"),
        (b"x\t" + b"y" * 999, "line 3 has a target of 999 characters"),
        (b"bank\tB\xe4nke", "line 3 is not UTF-8; save the glossary as UTF-8"),
        (b"dog\tKatze", "line 3: 'dog' has a target on line 2 already"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: bytes, message: str) -> None:
    with pytest.raises(DataError) as caught:
        load(tmp_path, b"# terms\ndog\tHund\n" + line + b"\n")
    told = str(caught.value)
    assert message in told and "terms.tsv" in told and "\n" not in told


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"the glossary .* cannot be read: No such file"):
        Glossary.load(tmp_path / "none.tsv")


def test_thousands_of_entries_match_as_fast_as_a_few() -> None:
    few = Glossary([Entry(f"term {n}", (f"Wort {n}",)) for n in range(10)])
    many = Glossary([Entry(f"term {n}", (f"Wort {n}",)) for n in range(5000)])
    text = "a long text with term 7 in it and more words " * 20

    def seconds(glossary: Glossary) -> float:
        start = time.process_time()
        for _ in range(20):
            assert glossary.matches(text).required == (("Wort 7",),) * 20
        return time.process_time() - start

    assert min(seconds(many) for _ in range(3)) < 3 * min(seconds(few) for _ in range(3))
