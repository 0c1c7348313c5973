"""The language of the package: openings of docstrings that are read once."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import seq2seq

_PACKAGE = Path(seq2seq.__file__).parent
_NO_OPENING = re.compile(r"(What|Of|Those|Where|How|Whether)\b")
_ARTICLE = re.compile(r"(The|An?|All|Each|Every|One)\b")


def docstrings() -> Iterator[tuple[str, bool, str]]:
    """Yield the place of each docstring, whether a function has it, and its text."""
    for path in sorted(_PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_function = isinstance(node, ast.FunctionDef)
            if not is_function and not isinstance(node, ast.ClassDef | ast.Module):
                continue
            text = ast.get_docstring(node)
            if text:
                line = getattr(node, "lineno", 1)
                yield f"{path.relative_to(_PACKAGE)}:{line}", is_function, text


def test_no_docstring_opens_with_a_question_word() -> None:
    found = [(place, text[:60]) for place, _, text in docstrings() if _NO_OPENING.match(text)]
    assert found == []


def test_the_docstring_of_a_function_opens_with_a_verb() -> None:
    found = [
        (place, text[:60])
        for place, is_function, text in docstrings()
        if is_function and _ARTICLE.match(text)
    ]
    assert found == []


_PRIVATE = re.compile(
    r"\b(artefacts?|pieces?|ledger|dice|likeliest|moments|faults?)\b", re.IGNORECASE
)
# A file's name, the library, an idiom, an axis in exported graphs, and a key of JSON output.
_ALLOWED = re.compile(
    r"artefact\.json|SentencePiece|in one piece|_to_piece|[\"'`]pieces[\"'`]|pieces\]"
    r"|[\"`]fault[\"`]"
)


def test_standard_terms_are_used() -> None:
    found = [
        f"{path.relative_to(_PACKAGE)}:{number}: {line.strip()}"
        for path in sorted(_PACKAGE.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if _PRIVATE.search(_ALLOWED.sub("", line))
    ]
    assert found == []


def test_documented_names_are_names() -> None:
    section = re.compile(r"^(?:Args|Attributes):\n((?:    .*\n?|\n)+)", re.MULTILINE)
    found = [
        (place, name)
        for place, _, text in docstrings()
        for entries in section.findall(text)
        for names in re.findall(r"^    (?! )([^:\n]+):", entries, re.MULTILINE)
        for name in names.split(", ")
        if not re.fullmatch(r"\*{0,2}\w+", name)
    ]
    assert found == []


def test_a_flag_is_described_by_what_is_true() -> None:
    clause = re.compile(r"^ +\w+(?:, \w+)*: [Ww]hether\b.*", re.MULTILINE)
    found = [(place, line) for place, _, text in docstrings() for line in clause.findall(text)]
    assert found == []
