"""HTML and SVG, built from elements so that every text is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import NamedTuple, Union

from seq2seq.text.lines import well_formed

_VOID = frozenset({"meta", "br", "rect", "line", "circle", "path"})
_LONGEST_TEXT = 2000  # characters shown of one text
# Characters that HTML does not allow, or that browsers do not show.
_CONTROL = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)}
_CONTROL |= {0x7F: 0x2421, **dict.fromkeys(range(0x80, 0xA0), 0xFFFD)}
# No script of the page runs and nothing is loaded, whatever the texts contain.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class Html(str):
    """HTML source, as opposed to text that must still be escaped."""


Content = Union[str, float, None, Iterable["Content"]]  # noqa: UP007 (a recursive alias)


def element(tag: str, *content: Content, **attributes: str | float | None) -> Html:
    """Return an element.

    Args:
        tag: name of the element.
        content: HTML, text (which is escaped), numbers, or sequences of these.
        attributes: attributes of the element; None omits one. `class_` is written as `class`, and
            other underscores as hyphens.
    """
    opening = tag + "".join(
        f' {name.rstrip("_").replace("_", "-")}="{html.escape(_plain(str(value)))}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in _VOID and not content:
        return Html(f"<{opening}{'' if tag in ('meta', 'br') else '/'}>")
    return Html(f"<{opening}>{joined(content)}</{tag}>")


def joined(content: Content) -> Html:
    """Return content of any kind as HTML."""
    if isinstance(content, Html):
        return content
    if content is None:
        return Html()
    if isinstance(content, str | int | float):
        return Html(html.escape(_plain(str(content)), quote=False))
    return Html("".join(joined(one) for one in content))


def quoted(text: str) -> Html:
    """Return a user's text in its own writing direction; a long text is truncated, with a note."""
    shown = element("bdi", text[:_LONGEST_TEXT], class_="text", dir="auto")
    rest = len(text) - _LONGEST_TEXT
    if not text.strip():
        return element("span", "blank" if text else "empty", class_="note")
    return shown if rest <= 0 else joined([shown, note(f" … {rest:,} more characters")])


def note(*content: Content) -> Html:
    """Return small explanatory text."""
    return element("span", *content, class_="note")


def paragraph(*content: Content) -> Html:
    """Return a paragraph."""
    return element("p", *content)


def table(
    head: Sequence[Content], rows: Iterable[Sequence[Content]], *, numeric: Iterable[int] = ()
) -> Html:
    """Return a table that scrolls by itself if it is wider than the page.

    Args:
        head: content of the heading of each column.
        rows: cells of each row.
        numeric: indices of the columns of numbers, which are aligned at the right.
    """
    classes = {column: "number" for column in numeric}
    body = [
        element("tr", (element("td", cell, class_=classes.get(i)) for i, cell in enumerate(row)))
        for row in rows
    ]
    headings = (
        element("th", cell, scope="col", class_=classes.get(i)) for i, cell in enumerate(head)
    )
    return scrolling(
        element("table", element("thead", element("tr", headings)), element("tbody", body))
    )


def definitions(entries: Iterable[tuple[str, Content]]) -> Html:
    """Return names with their definitions."""
    return element("dl", ((element("dt", name), element("dd", what)) for name, what in entries))


def scrolling(content: Content) -> Html:
    """Return a box that scrolls sideways if its content is wider than the page."""
    return element("div", content, class_="scroll", tabindex="0")


class Section(NamedTuple):
    """Part of a page, linked from the table of contents; the key is its anchor."""

    key: str
    title: str
    content: Content


def page(title: str, introduction: Content, sections: Sequence[Section]) -> Html:
    """Return a complete page: title, introduction, table of contents, sections."""
    style = files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", Html(style)),
    )
    links = (
        element("li", element("a", section.title, href=f"#{section.key}")) for section in sections
    )
    main = element(
        "main",
        element("h1", title),
        element("header", introduction),
        element("nav", element("ul", links), aria_label="Contents"),
        (
            element("section", element("h2", section.title), section.content, id=section.key)
            for section in sections
        ),
    )
    return Html(f"<!doctype html>\n{element('html', head, element('body', main), lang='en')}\n")


def _plain(text: str) -> str:
    """Return a text with its control characters made visible."""
    return well_formed(text).translate(_CONTROL)
