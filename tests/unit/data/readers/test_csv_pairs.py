"""Pairs of texts are read from CSV, or it is said what its header lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from seq2seq.config.data_schema import CorpusFiles, DataSettings
from seq2seq.data.readers.pairs import PairReader, RawPair
from seq2seq.errors import DataError


def reader(path: Path, content: str | bytes, **settings: str) -> PairReader:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    data = DataSettings(directory=str(path.parent), **settings)  # type: ignore[arg-type]
    return PairReader.find(CorpusFiles(path.name), data, key="data.train")


def texts(pairs: PairReader) -> list[tuple[int, str, str]]:
    found = list(pairs)
    assert all(pair.error is None for pair in found)
    return [(pair.line, pair.source, pair.target) for pair in found]


@pytest.mark.parametrize(
    "content",
    [
        "source,target\na,b\nc,d\n",
        "english,german\na,b\nc,d\n",
        "en,de\r\na,b\r\nc,d\r\n",
        "EN-us;de_DE\na;b\nc;d",
        "\ufeff\"source\",\"target\"\n\"a\",\"b\"\n\"c\",\"d\"\n",
        "target\tid\tsource\nb\t1\ta\nd\t2\tc\n",
        "id,source,target\n1,a,b\n2,c,d\n",
    ],
)  # fmt: skip
def test_the_header_names_the_columns(content: str, tmp_path: Path) -> None:
    pairs = reader(tmp_path / "pairs.csv", content)
    assert texts(pairs) == [(2, "a", "b"), (3, "c", "d")]
    assert [summary.lines for summary in pairs.summarise()] == [2]


def test_columns_of_any_name_can_be_named(tmp_path: Path) -> None:
    fields = {"source_field": "hallo welt", "target_field": "bye"}
    pairs = reader(tmp_path / "pairs.csv", "bye,x,hallo welt\nb,,a\n", **fields)
    assert texts(pairs) == [(2, "a", "b")]
    other = reader(tmp_path / "pairs.txt", "source,target\na,b\n", format="csv")
    assert texts(other) == [(2, "a", "b")]


def test_quotes_delimiters_and_blank_lines_are_csvs(tmp_path: Path) -> None:
    content = 'en,de\n"a, ""b""",c\n\n"a\nb",c\nonly one\na,b,c\n"a"b,c\nlast,row\n'
    found = list(reader(tmp_path / "pairs.csv", content))
    assert found == [
        RawPair(2, 'a, "b"', "c", None),
        RawPair(3, "", "", "both sides empty"),
        RawPair(4, "a\nb", "c", "control character U+000A in source"),
        RawPair(6, "", "", "1 column, and the header has 2"),
        RawPair(7, "", "", "3 columns, and the header has 2"),
        RawPair(8, "", "", "not CSV (',' expected after '\"')"),
        RawPair(9, "last", "row", None),
    ]


def test_broken_bytes_are_an_error_of_their_row(tmp_path: Path) -> None:
    found = list(reader(tmp_path / "pairs.csv", b"en,de\na\xff,b\nc,d\n"))
    assert [pair.error for pair in found] == ["not valid UTF-8 in source", None]


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("the red house,das rote Haus\n", "begins with the line 'the red house,das rote Haus'"),
        ("one,two\na,b\n", "put the line source,target before its texts"),
        ("en,en\na,b\n", "names no columns of texts"),
        ("source\na\n", "names no columns of texts"),
        ("", "names no columns of texts"),
        ('en,de\na,b\n"c,d\ne,f\n', "lines 3 to 4: not CSV (unexpected end of data)"),
        ('en,de\n"c,d\ne,f"g\na,b\n', "lines 2 to 3: not CSV"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(content: str, part: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        list(reader(tmp_path / "pairs.csv", content))
    assert part in str(caught.value) and "\n" not in str(caught.value)
