"""Tags in a text: markup around or between words, placeholders for words, and control tags.

`<b>Hello</b>` defines the formatting of `Hello`, `<name>` stands for a word, and `<de>` at the
start of a source is a control tag: it names the language that the model must write.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

# Formatting tags, which are markup even if the matching tag is missing or in another line.
_FORMATTING = frozenset(
    [
        *("a", "b", "big", "br", "center", "code", "del", "div", "em", "font", "h1", "h2", "h3"),
        *("h4", "h5", "h6", "hr", "i", "img", "ins", "li", "mark", "ol", "p", "pre", "q", "s"),
        *("small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "th"),
        *("thead", "tr", "tt", "u", "ul", "wbr"),
    ]
)
VOID = frozenset(["br", "hr", "img", "wbr"])
_LANGUAGE = re.compile(r"<[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?>")
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)(?:\s[^<>]*?)?(/?)>")


def tag_name(tag: str) -> str:
    """Return the name of a markup tag in lower case; "" if it is not such a tag."""
    found = _TAG.fullmatch(tag)
    return found[2].lower() if found else ""


def is_closing(tag: str) -> bool:
    """Return whether a tag ends an element."""
    return tag.startswith("</")


def is_void(tag: str) -> bool:
    """Return whether a tag is an element by itself."""
    return tag.endswith("/>") or tag_name(tag) in VOID


def is_language(tag: str) -> bool:
    """Return whether a tag looks like a language code."""
    return bool(_LANGUAGE.fullmatch(tag))


def partners(tags: Sequence[str]) -> list[int | None]:
    """Return the index of the matching opening or closing tag of each tag; None if there is none.

    Each closing tag matches the nearest preceding unmatched tag of the same name.
    """
    found: list[int | None] = [None] * len(tags)
    open_: dict[str, list[int]] = {}
    for position, tag in enumerate(tags):
        name = tag_name(tag)
        if is_closing(tag) and open_.get(name):
            found[position] = open_[name].pop()
            found[found[position] or 0] = position
        elif name and not is_closing(tag) and not is_void(tag):
            open_.setdefault(name, []).append(position)
    return found


def are_markup(tags: Sequence[str], *, signs: Collection[str] = ()) -> list[bool]:
    """Return whether each tag of a text is markup, rather than a word or a control tag.

    Args:
        tags: tags of the text, in order.
        signs: control tags; one that has a matching tag in the text is markup nevertheless.
    """
    return [
        partner is not None
        or (tag not in signs and (is_closing(tag) or tag_name(tag) in _FORMATTING))
        for tag, partner in zip(tags, partners(tags), strict=True)
    ]
