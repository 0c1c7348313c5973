"""Text files are read in their encoding, or refused by the name of what they are."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path

import pytest

from seq2seq.data.readers.text_file import Line, text_encoding, text_lines
from seq2seq.errors import DataError, SettingsError

TEXT = "Grüße\n\nzwei\ttabs\r\nletzte"
LINES = [("Grüße", False), ("", False), ("zwei\ttabs", False), ("letzte", False)]
MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


def read(path: Path, content: bytes, encoding: str, **options: bool) -> list[Line]:
    path.write_bytes(content)
    return list(text_lines(path, text_encoding(encoding), **options))


@pytest.mark.parametrize("name", MARKS)
def test_a_byte_order_mark_is_removed(name: str, tmp_path: Path) -> None:
    content = MARKS[name] + TEXT.encode(name)
    for encoding in {name, name.removesuffix("-le").removesuffix("-be")}:
        assert read(tmp_path / "a", content, encoding) == LINES


@pytest.mark.parametrize("name", [name for name in MARKS if name != "utf-8"])
@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-8-sig"])
def test_utf_16_and_utf_32_are_named(
    name: str, marked: bool, encoding: str, tmp_path: Path
) -> None:
    content = MARKS[name] * marked + TEXT.encode(name)
    with pytest.raises(DataError, match=rf"is {name.upper()} .*data\.encoding={name}"):
        read(tmp_path / "a", content, encoding)


@pytest.mark.parametrize("text", ["Слово за слово\nи ещё слово\n", "的 一 是\n在 不 了\n" * 20])
@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_mark_is_found_in_every_script(name: str, text: str, tmp_path: Path) -> None:
    content = text.encode(name)
    with pytest.raises(DataError, match=f"is {name.upper()}"):
        read(tmp_path / "a", content, "utf-8")
    found = [line for line, _ in read(tmp_path / "a", content, "utf-16")]
    assert found == text.splitlines()


def test_text_in_utf_8_is_not_read_as_another_encoding(tmp_path: Path) -> None:
    for encoding in ("utf-16", "utf-16-be", "utf-32"):
        with pytest.raises(DataError, match=r"is UTF-8 .*data\.encoding=utf-8"):
            read(tmp_path / "a", TEXT.encode(), encoding)
    with pytest.raises(DataError, match=r"is UTF-8 .*data\.encoding=utf-8"):
        read(tmp_path / "a", codecs.BOM_UTF8 + TEXT.encode(), "latin-1")
    with pytest.raises(DataError, match="is UTF-16-BE"):
        read(tmp_path / "a", codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-le")


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "cp037", "shift_jis", "gb18030"])
def test_lines_end_where_their_encoding_says(encoding: str, tmp_path: Path) -> None:
    text = "one 100%\ntwo\nthree"
    found = read(tmp_path / "a", text.encode(encoding), encoding)
    assert found == [(line, False) for line in text.split("\n")]


def test_broken_bytes_are_those_of_their_line_alone(tmp_path: Path) -> None:
    content = "a\n".encode("utf-16") + b"\x00\xd8" + "\n\ufffd\nb".encode("utf-16-le") + b"\x00"
    assert [broken for _, broken in read(tmp_path / "a", content, "utf-16")] == [
        *(False, True, False, True),
    ]
    assert read(tmp_path / "a", b"a\n\xff\nb\n", "utf-8") == [
        *(("a", False), ("\ufffd", True), ("b", False)),
    ]


@pytest.mark.parametrize("content", ["a\rb\rc", "a\rb\r", "a\rb\n", "\ufeffa\r\rb\r\n"])
def test_lines_that_end_in_returns_alone_are_named(content: str, tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(DataError, match=r"carriage returns alone \(CR\).*tr '\\r' '\\n'"):
            read(tmp_path / "a", content.encode(encoding), encoding)


def test_a_return_inside_one_of_several_lines_stays(tmp_path: Path) -> None:
    assert read(tmp_path / "a", b"a\rb\nc\r\n", "utf-8") == [("a\rb", False), ("c", False)]
    assert read(tmp_path / "a", b"a\r", "utf-8") == [("a", False)]


def test_returns_may_end_lines_where_that_is_asked_for(tmp_path: Path) -> None:
    found = read(tmp_path / "a", b"a\rb\r", "utf-8", returns_end_lines=True)
    assert found == [("a", False), ("b", False)]


def test_a_compressed_file_is_looked_at_inside(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is UTF-16-LE"):
        read(tmp_path / "a.gz", gzip.compress(TEXT.encode("utf-16")), "utf-8")


def test_an_empty_file_has_no_line(tmp_path: Path) -> None:
    assert read(tmp_path / "a", b"", "utf-16") == []
    assert read(tmp_path / "a", codecs.BOM_UTF8, "utf-8") == [("", False)]


def test_an_unknown_encoding_names_where_it_was_given() -> None:
    with pytest.raises(SettingsError, match=r"^--encoding=klingon is not known"):
        text_encoding("klingon", key="--encoding")
