"""Pairs come out as they stand in the files, and every error is named by its line."""

from __future__ import annotations

import gzip
import json
import lzma
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.config.data_schema import CorpusFiles, DataSettings
from seq2seq.data.files import open_bytes
from seq2seq.data.readers.pairs import PairReader, RawPair
from seq2seq.errors import DataError, SettingsError

Write = Callable[..., DataSettings]
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}
BIG = "".join(f"line {i} of some text\n" for i in range(40_000)).encode()


def read(corpus: DataSettings) -> list[RawPair]:
    return list(PairReader.find(corpus.train, corpus, key="data.train"))


def one_file(path: Path, **options: object) -> DataSettings:
    return DataSettings(train=CorpusFiles(str(path)), **options)  # type: ignore[arg-type]


def errors(pairs: list[RawPair]) -> dict[int, str]:
    return {pair.line: pair.error for pair in pairs if pair.error is not None}


def test_parallel_text_gives_pairs_with_their_lines(write_corpus: Write) -> None:
    corpus = write_corpus(["a b", " c\t"], ["x", "y z"])
    assert read(corpus) == [RawPair(1, "a b", "x", None), RawPair(2, " c\t", "y z", None)]


def test_every_kind_of_bad_line_is_named(write_corpus: Write) -> None:
    source = ["ok", b"gr\xfc\xdf", "", "a\0b", "a\u2028b", "ok", "\x85 x", "ok", " ", "a\rb", "ok"]
    target = ["ok", "ok", "ok", "ok", "ok", b"\xff", "ok", " ", "", "ok", "\u200d"]
    assert errors(read(write_corpus(source, target))) == {
        2: "not valid UTF-8 in source",
        3: "empty source",
        4: "control character U+0000 in source",
        5: "line separator U+2028 in source",
        6: "not valid UTF-8 in target",
        7: "line separator U+0085 in source",
        8: "empty target",
        9: "both sides empty",
        10: "control character U+000D in source",
        11: "empty target",
    }


def test_a_line_ends_at_newline_only_and_needs_none_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("x\u2029\x0b\ny".encode())
    (tmp_path / "b").write_bytes(b"1\n2\n")
    corpus = DataSettings(directory=str(tmp_path), train=CorpusFiles("a", "b"))
    assert [pair.line for pair in read(corpus)] == [1, 2]


def test_windows_line_ends_and_byte_order_mark_are_removed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfone\r\ntwo\r\n")
    (tmp_path / "b").write_bytes(b"eins\r\nzwei\n")
    corpus = DataSettings(directory=str(tmp_path), train=CorpusFiles("a", "b"))
    assert [(pair.source, pair.target) for pair in read(corpus)] == [
        ("one", "eins"),
        ("two", "zwei"),
    ]
    notes = [item.note for item in PairReader.find(corpus.train, corpus, key="k").summarise()]
    assert notes[0] == "Windows line ends (CRLF), removed"
    assert notes[1] is not None and notes[1].startswith("1 of 2 lines end in CRLF")


@pytest.mark.parametrize("suffix", COMPRESSORS)
def test_compressed_files_are_found_without_their_suffix(tmp_path: Path, suffix: str) -> None:
    for name, text in (("a.en", b"one\ntwo\n"), ("a.de", b"eins\nzwei\n")):
        (tmp_path / (name + suffix)).write_bytes(COMPRESSORS[suffix](text))
    corpus = DataSettings(directory=str(tmp_path), train=CorpusFiles("a.en", f"a.de{suffix}"))
    assert [pair[1:3] for pair in read(corpus)] == [("one", "eins"), ("two", "zwei")]


@pytest.mark.parametrize("suffix", COMPRESSORS)
def test_several_compressed_streams_after_each_other_are_one_file(
    tmp_path: Path, suffix: str
) -> None:
    compress, path = COMPRESSORS[suffix], tmp_path / f"a{suffix}"
    path.write_bytes(compress(BIG) + compress(b"") + compress(BIG[:1000]))
    with open_bytes(path) as stream:
        assert stream.read() == BIG + BIG[:1000]


@pytest.mark.parametrize("suffix", COMPRESSORS)
@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_truncated_file_is_refused_by_name(tmp_path: Path, suffix: str, share: float) -> None:
    whole = COMPRESSORS[suffix](BIG)
    path = tmp_path / f"a.tsv{suffix}"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(DataError, match=rf"a\.tsv{suffix}.*(ends too early|damaged)"):
        read(one_file(path))


@pytest.mark.parametrize("suffix", COMPRESSORS)
def test_damaged_bytes_inside_are_refused_by_name(tmp_path: Path, suffix: str) -> None:
    damaged = bytearray(COMPRESSORS[suffix](BIG))
    middle = len(damaged) // 2
    damaged[middle : middle + 40] = bytes(40)
    path = tmp_path / f"a.tsv{suffix}"
    path.write_bytes(damaged)
    with pytest.raises(DataError, match=rf"a\.tsv{suffix}"):
        read(one_file(path))


def test_a_page_that_calls_itself_gz_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tsv.gz").write_text("<html>not found</html>")
    with pytest.raises(DataError, match=r"is named .gz but does not hold such data"):
        read(one_file(tmp_path / "a.tsv.gz"))


def test_zstandard_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.tsv.zst").write_bytes(COMPRESSORS[".zst"](b"a\tb\n"))
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(DataError, match="install the package `zstandard`"):
        read(one_file(tmp_path / "a.tsv.zst"))


def test_tsv_columns(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_bytes(b"a\tb\nno tab\n\nc\td\tsomebody\n\tx\nq\xff\tr\n\xff\n")
    pairs = read(one_file(tmp_path / "a.tsv"))
    assert [pair[1:3] for pair in pairs if pair.error is None] == [("a", "b"), ("c", "d")]
    assert pairs[3].note == "columns after the second ignored"
    assert errors(pairs) == {
        2: "only one column (no tab)",
        3: "both sides empty",
        5: "empty source",
        6: "not valid UTF-8 in source",
        7: "not valid UTF-8",
    }


def test_json_lines_and_their_errors(tmp_path: Path) -> None:
    lines = [
        json.dumps({"en": "a", "de": "b", "id": 7}),
        "{",
        "[1]",
        "",
        '{"en": "a"}',
        '{"en": "a", "de": 3}',
        json.dumps({"en": "a\nb", "de": "c"}),
        json.dumps({"en": "\ud800", "de": "c"}),
        "[" * 100_000,
        json.dumps({"en": "a\u2028", "de": "c"}),
    ]
    (tmp_path / "a.ndjson").write_text("\n".join(lines))
    pairs = read(one_file(tmp_path / "a.ndjson", source_field="en", target_field="de"))
    assert pairs[0] == RawPair(1, "a", "b", None)
    assert errors(pairs) == {
        2: "not a JSON object",
        3: "not a JSON object",
        4: "empty line",
        5: "no field 'de'",
        6: "not a string in field 'de'",
        7: "control character U+000A in source",
        8: "lone surrogate U+D800 in source",
        9: "not a JSON object",
        10: "line separator U+2028 in source",
    }


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-16-le", "utf-32"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    # U+0A0A: in UTF-16 both its bytes are what ends a line in UTF-8.
    text = "Grüße\tÄhm\nzwei\tzw\u00f6lf\n" + ("\u0a0a\tx\n" if "utf" in encoding else "")
    (tmp_path / "a.tsv").write_bytes(text.encode(encoding))
    corpus = one_file(tmp_path / "a.tsv", encoding=encoding)
    pairs = read(corpus)
    assert [f"{pair.source}\t{pair.target}\n" for pair in pairs] == text.splitlines(keepends=True)
    summary = PairReader.find(corpus.train, corpus, key="k").summarise()[0]
    assert summary.lines == len(pairs)


def test_broken_utf16_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_bytes(
        "a\tb\n".encode("utf-16") + b"\x00\xd8" + "\tb\n".encode("utf-16-le")
    )
    assert errors(read(one_file(tmp_path / "a.tsv", encoding="utf-16"))) == {
        2: "not valid UTF-16 in source"
    }


@pytest.mark.parametrize("name", ["klingon", "base64", "a\0b"])
def test_an_unknown_encoding_is_a_setting_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.tsv").write_bytes(b"a\tb\n")
    with pytest.raises(SettingsError, match=r"data.encoding"):
        read(one_file(tmp_path / "a.tsv", encoding=name))


@pytest.mark.parametrize(
    ("missing", "said"),
    [(250, r"they seem to part near line 25\d"), (0, r"they seem to part near line [1-3];?$")],
)
def test_unequal_counts_name_both_and_where_they_part(
    write_corpus: Write, missing: int, said: str
) -> None:
    source = ["word " * (1 + i * i * 7 % 23) for i in range(400)]
    target = ["Wort " * (1 + i * i * 7 % 23) for i in range(400)]
    del target[missing]
    corpus = write_corpus(source, target)
    reader = PairReader.find(corpus.train, corpus, key="data.train")
    for action in (reader.summarise, lambda: list(reader)):
        with pytest.raises(DataError, match=r"a.src has 400 lines and .*a.trg has 399") as error:
            action()
        assert error.match(said)


def test_unequal_counts_where_the_end_is_missing(write_corpus: Write) -> None:
    lines = ["word " * (1 + i * i * 7 % 23) for i in range(100)]
    with pytest.raises(DataError, match=r"a.src seems to lack its end"):
        read(write_corpus(lines[:90], lines))
    with pytest.raises(DataError, match=r"has 0 lines .* has 100"):
        read(write_corpus([], lines))


def test_a_missing_file_names_key_path_and_download(tmp_path: Path) -> None:
    corpus = DataSettings(
        directory=str(tmp_path), download="multi30k", train=CorpusFiles("x.en", "x.de")
    )
    with pytest.raises(DataError) as error:
        read(corpus)
    for part in ("data.train.source=x.en", str(tmp_path / "x.en"), "seq2seq download multi30k"):
        assert part in str(error.value)
    (tmp_path / "x.en").mkdir()
    with pytest.raises(DataError, match="is a directory"):
        read(corpus)


def test_home_and_absolute_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.tsv").write_bytes(b"a\tb\n")
    for name in ("~/a.tsv", str(tmp_path / "a.tsv")):
        corpus = DataSettings(directory="elsewhere", train=CorpusFiles(name))
        assert len(read(corpus)) == 1


@pytest.mark.parametrize(
    ("files", "kind", "said"),
    [
        (CorpusFiles(), "auto", "data.train.source is not set"),
        (CorpusFiles("a.txt"), "auto", "data.train.target is not set"),
        (CorpusFiles("a.txt"), "text", "data.train.target is not set"),
        (CorpusFiles("a.txt", "a.txt"), "tsv", "data.train.target=a.txt cannot go with"),
    ],
)
def test_keys_that_do_not_go_together(
    tmp_path: Path, files: CorpusFiles, kind: str, said: str
) -> None:
    (tmp_path / "a.txt").write_bytes(b"a\n")
    with pytest.raises(SettingsError, match=said):
        read(DataSettings(directory=str(tmp_path), format=kind, train=files))


def test_the_format_can_be_said_where_the_name_does_not(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a\tb\n")
    assert read(one_file(tmp_path / "a.txt", format="tsv"))[0][1:3] == ("a", "b")
    (tmp_path / "b.txt").write_bytes(b'{"source": "a", "target": "b"}\n')
    assert read(one_file(tmp_path / "b.txt", format="jsonl"))[0][1:3] == ("a", "b")


def summary_note(path: Path, text: str, **options: object) -> str | None:
    path.write_text(text)
    corpus = one_file(path, **options)
    (summary,) = PairReader.find(corpus.train, corpus, key="k").summarise()
    return summary.note


def test_identifiers_before_the_texts_are_refused(tmp_path: Path) -> None:
    text = "".join(f"{n}\tsentence {n}\t{n + 100}\tSatz {n}\n" for n in range(9))
    for header in ("", "id\ten\tid\tde\n"):
        with pytest.raises(DataError, match=r"identifier, text, identifier.*cut -f 2,4 a\.tsv"):
            summary_note(tmp_path / "a.tsv", header + text)


def test_a_column_of_numbers_alone_is_doubted(tmp_path: Path) -> None:
    note = summary_note(tmp_path / "a.tsv", "".join(f"{n}\ttext {n}\n" for n in range(300)))
    assert note is not None and "the source holds nothing but numbers in the first 200" in note
    note = summary_note(tmp_path / "a.tsv", "".join(f"text {n}\t{n}.5\n" for n in range(5)))
    assert note is not None and "the target holds nothing but numbers in the first 5" in note
    assert summary_note(tmp_path / "a.tsv", "1 2\t2 1\n3 4\t4 3\n" * 5) is None
    (tmp_path / "a").write_text("1\n2\n3\n")
    (tmp_path / "b").write_text("one\ntwo\nthree\n")
    corpus = DataSettings(directory=str(tmp_path), train=CorpusFiles("a", "b"))
    notes = [item.note for item in PairReader.find(corpus.train, corpus, key="k").summarise()]
    assert notes[0] is not None and "nothing but numbers" in notes[0] and notes[1] is None


def test_a_header_line_is_doubted(tmp_path: Path) -> None:
    note = summary_note(tmp_path / "a.tsv", "English\tGerman\nHello\tHallo\n")
    assert note == "line 1 (English and German) looks like a header, but is read"
    assert summary_note(tmp_path / "a.tsv", "German\tDeutsch\nHello\tHallo\n") is None


def test_a_file_in_another_encoding_or_with_other_line_ends_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_bytes("a\tb\nc\td\n".encode("utf-16"))
    corpus = one_file(tmp_path / "a.tsv")
    reader = PairReader.find(corpus.train, corpus, key="k")
    for action in (reader.summarise, lambda: list(reader)):
        with pytest.raises(DataError, match=r"a\.tsv is UTF-16-LE .* data\.encoding=utf-16-le"):
            action()
    (tmp_path / "a.tsv").write_bytes(b"a\tb\rc\td\r")
    for action in (reader.summarise, lambda: list(reader)):
        with pytest.raises(DataError, match=r"a\.tsv ends its lines with carriage returns alone"):
            action()


@settings(deadline=None)
@given(st.lists(st.binary(max_size=12).filter(lambda raw: b"\n" not in raw), max_size=8))
def test_as_many_pairs_as_lines_whatever_the_bytes(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("any") / "a"
    # A long line of text first: the others are then no sign of another encoding or line end.
    lines = [b"text " * 1000, *lines]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    corpus = DataSettings(train=CorpusFiles(str(path), str(path)))
    pairs = read(corpus)
    assert [pair.line for pair in pairs] == list(range(1, len(lines) + 1))
    for pair, line in zip(pairs, lines, strict=True):
        if pair.error is None:
            assert pair.source == line.decode("utf-8").removesuffix("\r")
