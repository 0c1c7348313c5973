"""CoNLL files of all kinds, by their words, classes and line numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from seq2seq.config.data_schema import ConllSettings
from seq2seq.data.readers.conll import Sentence, read_conll
from seq2seq.data.readers.sequences import format_of
from seq2seq.data.sequences.item import Form
from seq2seq.errors import DataError

SHARED_TASK = """\
-DOCSTART- -X- O O

EU NNP B-NP B-ORG
rejects VBZ B-VP O

Peter NNP B-NP B-PER
"""
UNIVERSAL = """\
# newdoc id = a
# sent_id = 1
# text = Vámonos al mar
1-2\tVámonos\t_\t_\t_\t_\t_\t_\t_\t_
1\tVamos\tir\tVERB\t_\t_\t0\troot\t_\t_
2\tnos\tnosotros\tPRON\t_\t_\t1\tobj\t_\t_
2.1\tquién\t_\tX\t_\t_\t_\t_\t_\t_
3\tal\ta\tADP\t_\t_\t4\tcase\t_\tSpaceAfter=No

# sent_id = 2
1\t#\t#\tSYM\t_\t_\t0\troot\t_\t_
"""


def read(
    directory: Path, text: str, *, word: int | None = None, tag: int | None = None
) -> list[Sentence]:
    path = directory / "data.conll"
    path.write_text(text)
    return list(read_conll(path, Form(conll=ConllSettings(word, tag), per_step=True)))


def plain(sentences: list[Sentence]) -> list[object]:
    return [
        (one.position, one.content, one.label) if one.error is None else (one.position, one.error)
        for one in sentences
    ]


def test_the_last_column_is_the_class_of_each_word(tmp_path: Path) -> None:
    found = read(tmp_path, SHARED_TASK)
    wanted = [(3, "EU rejects", ["B-ORG", "O"]), (6, "Peter", ["B-PER"])]
    assert plain(found) == wanted
    assert plain(read(tmp_path, SHARED_TASK.replace(" ", "\t"))) == wanted
    assert plain(read(tmp_path, SHARED_TASK.replace("\n", "\r\n"))) == wanted
    assert plain(read(tmp_path, "\n\n" + SHARED_TASK.replace("\n\n", "\n \n\n") + "\n\n"))[0] == (
        (6, "EU rejects", ["B-ORG", "O"])
    )


def test_columns_are_chosen_by_settings(tmp_path: Path) -> None:
    assert plain(read(tmp_path, SHARED_TASK, tag=2))[0] == (3, "EU rejects", ["NNP", "VBZ"])
    assert plain(read(tmp_path, SHARED_TASK, word=2, tag=1))[1] == (6, "NNP", ["Peter"])
    with pytest.raises(DataError, match=r"data.conll.word received 5, and most words have 4"):
        read(tmp_path, SHARED_TASK, word=5)


def test_a_file_without_classes_has_words_alone(tmp_path: Path) -> None:
    assert plain(read(tmp_path, "one\ntwo\n\nthree\n")) == [
        (1, "one two", None),
        (4, "three", None),
    ]
    assert plain(read(tmp_path, "a b\n", tag=3)) == [(1, "a", None)]
    assert read(tmp_path, "") == []


def test_a_file_without_a_word_keeps_its_lines(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "\n# nothing\n-DOCSTART- O\n")
    assert (found.position, found.error) == (1, "no word in the file")
    assert [line.kind for line in found.lines] == ["blank", "comment", "document"]
    (ranges,) = read(tmp_path, "1-2\t" + "\t".join("_" * 9) + "\n")
    assert (ranges.position, ranges.error) == (1, "no word")


def test_numbers_of_words_are_no_words(tmp_path: Path) -> None:
    spaces = UNIVERSAL.replace("\t", " ")
    assert plain(read(tmp_path, spaces)) == plain(read(tmp_path, UNIVERSAL))
    plus = "# global.columns = ID UPOS FORM\n1\tVERB\tmeet\n2-3\t_\td'Anna\n2\tPROPN\tAnna\n"
    assert plain(read(tmp_path, plus)) == [(2, "meet Anna", ["VERB", "PROPN"])]
    with pytest.raises(DataError, match=r"column 1 holds the numbers 1, 2, .* data\.conll\.word"):
        read(tmp_path, "1\tmeet\tO\n2\tAnna\tB\n")
    assert plain(read(tmp_path, "1\tmeet\tO\n2\tAnna\tB\n", word=2)) == [
        (1, "meet Anna", ["O", "B"])
    ]


def test_a_comment_with_as_many_columns_as_words_is_none(tmp_path: Path) -> None:
    text = "meet VB x O\n\n# sent_id = 2\nat IN x O\n"
    assert plain(read(tmp_path, text)) == [(1, "meet", ["O"]), (4, "at", ["O"])]
    assert plain(read(tmp_path, "a O\n\n# newdoc\n# O\n"))[1] == (4, "#", ["O"])


def test_most_lines_of_the_first_sentence_give_the_columns(tmp_path: Path) -> None:
    found = read(tmp_path, "meet\nAnna\tB\nnow\tO\n\nsix\tB\n")
    assert plain(found) == [
        (1, "1 column, where the other words of the file have 2"),
        (5, "six", ["B"]),
    ]


def test_replaced_bytes_of_a_comment_are_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "data.conll"
    path.write_bytes(b"# caf\xe9\nmeet\tO\n")
    assert plain(list(read_conll(path, Form(per_step=True)))) == [(2, "meet", ["O"])]
    assert "line 1, which is no word, has bytes that are not in the encoding" in caplog.text


def test_ranges_and_empty_nodes_of_conll_u_are_no_words(tmp_path: Path) -> None:
    wanted = [(5, "Vamos nos al", ["VERB", "PRON", "ADP"]), (11, "#", ["SYM"])]
    assert plain(read(tmp_path, UNIVERSAL)) == wanted
    features = plain(read(tmp_path, UNIVERSAL, word=3, tag=8))
    assert features[0] == (5, "ir nosotros a", ["root", "obj", "case"])


def test_a_comment_has_other_columns_and_stands_before_a_sentence(tmp_path: Path) -> None:
    text = "# id 17\tdomain=en\nred\t_\t_\tO\n\n# a remark\n#\t_\t_\tO\nblue\t_\t_\tB-x\n"
    assert plain(read(tmp_path, text)) == [(2, "red", ["O"]), (5, "# blue", ["O", "B-x"])]
    inside = "red O\n# a remark\nblue O\n\ngreen O\n"
    assert plain(read(tmp_path, inside)) == [
        (2, "3 columns, where the other words of the file have 2"),
        (5, "green", ["O"]),
    ]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("big", "1 column, where the other words of the file have 2"),
        ("big\tB-x\tO", "3 columns, where the other words of the file have 2"),
        ("big O", "1 column, where the other words of the file have 2"),
        ("\tO", "no word in column 1"),
    ],
)
def test_an_invalid_line_is_named_and_its_sentence_is_invalid(
    line: str, error: str, tmp_path: Path
) -> None:
    found = read(tmp_path, f"a\tO\n\nred\tO\n{line}\nblue\tO\n\nb\tO\n")
    assert plain(found) == [(1, "a", ["O"]), (4, error), (7, "b", ["O"])]


def test_bytes_of_another_encoding_are_named(tmp_path: Path) -> None:
    path = tmp_path / "data.conll"
    path.write_bytes("red\tO\n\nsüß\tO\n".encode("latin-1"))
    assert plain(list(read_conll(path, Form(per_step=True))))[1] == (3, "not valid UTF-8")
    found = list(read_conll(path, Form(encoding="iso8859-1", per_step=True)))
    assert found[1].content == "süß"


def test_a_control_character_makes_a_sentence_invalid(tmp_path: Path) -> None:
    found = read(tmp_path, "a\tO\nb\x07\tO\n")
    assert plain(found) == [(1, "control character U+0007 in text")]


def test_a_word_with_white_space_stays_one_word(tmp_path: Path) -> None:
    found = read(tmp_path, "10 000\tNUM\n\u00a0\tX\na\u00a0b\tY\n")
    assert plain(found) == [(1, "10_000 _ a_b", ["NUM", "X", "Y"])]
    assert next(line.text for line in found[0].lines) == "10 000\tNUM"


@pytest.mark.parametrize(
    "text", [SHARED_TASK, UNIVERSAL, "\n\n# x\nred O\n\n\n\nblue O\n\n# y\n\n"]
)
def test_every_line_belongs_to_a_sentence(text: str, tmp_path: Path) -> None:
    lines = [line.text for sentence in read(tmp_path, text) for line in sentence.lines]
    assert lines == text.split("\n")[:-1]


@pytest.mark.parametrize("suffix", ["conll", "conllu", "conllup", "iob2", "bio", "conll.gz"])
def test_the_name_of_a_file_tells_its_format(suffix: str) -> None:
    assert format_of(Path(f"words.{suffix}")) == "conll"
