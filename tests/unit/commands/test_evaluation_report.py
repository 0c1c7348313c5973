"""`seq2seq evaluate --report`: a whole page of the right lines, or no directory at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from seq2seq.commands.main import main

if TYPE_CHECKING:
    from seq2seq.inference.translator import Translator

SOURCES = [
    "the train is late",
    "",
    "where is the hotel?",
    "I need two tickets. we see a museum. the train is late.",
    "<script>alert('1')</script> 42",
    "we see Karen",
]
TARGETS = ["der Zug", "", "wo ist das Hotel?", "wir", "<script>alert('1')</script> 42", "Karen"]


class Page(HTMLParser):
    """Text and links of a page whose elements are all closed in order."""

    void = frozenset({"meta", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: Counter[str] = Counter()
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []
        assert len(set(self.ids)) == len(self.ids)
        assert all(link[0] == "#" and link[1:] in self.ids for link in self.links)
        assert not {"script", "link", "img", "iframe"} & self.tags.keys()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, value in attrs:
            assert name not in ("src", "onload", "onclick")
            if name == "id":
                self.ids.append(str(value))
            elif name == "href":
                self.links.append(str(value))
        if tag not in self.void:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


@pytest.fixture
def options(tmp_path: Path, exported: Path) -> list[str]:
    (tmp_path / "source").write_text("\n".join(SOURCES) + "\n")
    (tmp_path / "target").write_text("\n".join(TARGETS) + "\n")
    files = ["--source", str(tmp_path / "source"), "--target", str(tmp_path / "target")]
    return ["evaluate", "--model", str(exported), *files, "--report", str(tmp_path / "report")]


@pytest.fixture
def report(tmp_path: Path, options: list[str]) -> Callable[..., str]:
    def write(*more: str) -> str:
        assert main([*options, *more]) == 0
        return (tmp_path / "report" / "report.html").read_text()

    return write


def test_the_page_has_each_section_and_no_foreign_link(report: Callable[..., str]) -> None:
    text = report()
    page = Page(text)
    sections = ["scores", "errors", "length", "rarity", "noise", "worst", "random"]
    assert [one for one in page.ids if one in sections] == sections
    assert not re.search(r"https?:|url\(|@import", text)
    assert "&lt;script&gt;alert(" in text
    # Each line with text is among the ten worst or random ones, with a map for each of its parts.
    assert sorted(one for one in page.ids if one.startswith("line-")) == [
        f"line-{line}" for line in (1, 3, 4, 5, 6)
    ]
    assert text.count("translated in 3 parts") == 1
    assert page.tags["svg"] > 7


def test_the_same_command_writes_the_same_page(report: Callable[..., str]) -> None:
    first = report("--seed", "5")
    assert report("--seed", "5") == first


def test_scores_of_the_page_are_those_of_the_command(
    report: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    text = report()
    shown = capsys.readouterr().out
    for name in ("BLEU", "chrF", "TER"):
        (score,) = re.findall(rf"^{name} +([\d.]+) ", shown, re.M)
        assert f'<td>{name}</td><td class="number">{score} ' in text


def test_two_models_are_compared_on_the_lines_where_they_differ(
    report: Callable[..., str], exported: Path
) -> None:
    text = report("--versus", str(exported))
    page = Page(text)
    assert "differences" in page.ids
    assert "B is better on 0 lines, worse on 0" in text
    assert text.count("1.0000</td>") == 3
    assert '<th scope="col" class="number">chrF B</th>' in text


def test_a_model_without_attention_has_no_maps(
    report: Callable[..., str], monkeypatch: pytest.MonkeyPatch, translator: Translator
) -> None:
    monkeypatch.setattr("seq2seq.commands.evaluate.load_translator", lambda _: translator)
    monkeypatch.setattr(translator.model, "has_attention", False)
    text = report()
    assert "This model has no attention" in text
    assert "uncovered" not in Page(text).ids


def test_a_test_set_of_blank_lines_has_a_report(report: Callable[..., str], tmp_path: Path) -> None:
    for name in ("source", "target"):
        (tmp_path / name).write_text("\n\n\n")
    text = report()
    Page(text)
    assert "Every source is blank." in text
    assert "Every translation is one of its references." in text


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.write_text("x"), "is a file; give a directory"),
        (lambda path: (path.mkdir(), (path / "a").touch()), r"holds other files \(a\)"),
    ],
)
def test_a_path_that_holds_something_else_is_refused_before_the_work(
    options: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    make: Callable[[Path], object],
    message: str,
) -> None:
    make(tmp_path / "report")
    assert main([*options, "--model", "unread"]) == 2
    error = capsys.readouterr().err
    assert re.search(message, error) and error.count("\n") == 1


def test_a_report_in_a_directory_that_is_not_there_is_refused(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*options, "--report", "nowhere/report"]) == 2
    assert "there is no directory nowhere; make it first" in capsys.readouterr().err
    assert main([*options[:-2], "--seed", "1"]) == 2
    assert "--seed 1 received without --report" in capsys.readouterr().err


def test_an_error_leaves_no_directory(options: list[str], tmp_path: Path) -> None:
    (tmp_path / "target").write_text("one line\n")
    assert main(options) == 1
    assert not (tmp_path / "report").exists()
