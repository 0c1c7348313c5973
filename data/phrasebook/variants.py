"""Other ways to write the same English: contractions, British words, an absent comma."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from lexicon.wordings import WORDINGS

PLAIN, CONTRACTED, REWORDED, UNCOMMAED = 0.5, 0.8, 0.35, 0.45
# Subject and helping verb, and a helping verb and "not".
WITH_SUBJECT = (
    (r"\bI am\b(?= \w)", "I'm"),
    (r"\b([Yy]ou|[Ww]e|[Tt]hey) are\b(?= \w)", r"\1're"),
    (r"\b([Hh]e|[Ss]he|[Ii]t|[Tt]hat|[Tt]here) is\b(?= \w)", r"\1's"),
    (r"\b([Ww]hat|[Ww]here|[Ww]hen|[Ww]ho|[Hh]ow) is\b(?= \w)", r"\1's"),
    (r"\b(I|[Yy]ou|[Hh]e|[Ss]he|[Ii]t|[Ww]e|[Tt]hey) will\b", r"\1'll"),
    (r"\b(I|[Yy]ou|[Hh]e|[Ss]he|[Ww]e|[Tt]hey) would like\b", r"\1'd like"),
    (r"\b(I|[Yy]ou|[Ww]e|[Tt]hey) have (?=(?:already|been|had|lived|never|seen|got)\b)",
     r"\1've "),
    (r"\b([Hh]e|[Ss]he) has (?=(?:already|been|had|lived|got)\b)", r"\1's "),
    (r"\b([Ll])et us\b", r"\1et's"),
)  # fmt: skip
WITH_NOT = (
    (r"\b([Cc])annot\b", r"\1an't"),
    (r"\b([Ww])ill not\b", r"\1on't"),
    (r"\b([Dd]o|[Dd]oes|[Dd]id|[Ii]s|[Aa]re|[Ww]as|[Ww]ere|[Hh]ave|[Hh]as|[Hh]ad|[Cc]ould|[Ww]ould|"
     r"[Ss]hould) not\b", r"\1n't"),
    (r"\b([Dd]o|[Dd]oes|[Dd]id|[Ii]s|[Aa]re|[Ww]as|[Ww]ere|[Hh]ave|[Hh]as|[Cc]ould|[Ss]hould) "
     r"(I|you|he|she|it|we|they) not\b", r"\1n't \2"),
)  # fmt: skip
# The two orders: "he isn't", "he's not".
CONTRACTIONS = ((*WITH_NOT, *WITH_SUBJECT), (*WITH_SUBJECT, *WITH_NOT))
# Other ways to say what somebody has to do, has, or will do.
PHRASINGS = (
    (r"(I|[Yy]ou|[Ww]e|[Tt]hey) have to", r"\1 need to"),
    (r"(I|[Yy]ou|[Ww]e|[Tt]hey) have to", r"\1 must"),
    (r"([Hh]e|[Ss]he) has to", r"\1 needs to"),
    (r"([Hh]e|[Ss]he) has to", r"\1 must"),
    (r"(I|[Ww]e|[Tt]hey) have(?= an? | no | the flu)", r"\1 have got"),
    (r"([Hh]e|[Ss]he) has(?= an? | no | the flu)", r"\1 has got"),
    (r"I will(?! not| be| like)", "I am going to"),
    (r"([Ww]e|[Tt]hey|[Yy]ou) will(?! not| be| like)", r"\1 are going to"),
    (r"([Hh]e|[Ss]he|[Ii]t) will(?! not| be| like)", r"\1 is going to"),
)
HOURS = (("AM", "am"), ("PM", "pm"))


def reworded(english: str, rng: Random) -> str:
    """Return the sentence as it is or written in another way, which changes no meaning."""
    if rng.random() < PLAIN:
        return english
    found = [(word, other) for word, other in (*WORDINGS, *PHRASINGS) if _holds(english, word)]
    if found and rng.random() < REWORDED:
        word, other = rng.choice(found)
        english = re.sub(rf"\b{word}(?=(?:s|es)?\b)", other, english)
    if rng.random() < CONTRACTED:
        english = contracted(english, rng)
    if rng.random() < REWORDED:
        english = re.sub(r"(?<=ty)-(?=\w)", " ", english)
    for half, small in HOURS:
        if half in english and rng.random() < REWORDED:
            space = rng.choice((" ", ""))
            english = re.sub(rf"(?<=\d) {half}\b", space + small, english)
    if rng.random() < UNCOMMAED:
        english = without_comma(english)
    return english


def wordings(english: str) -> Iterator[str]:
    """Yield the sentence as it is, contracted, and each without its comma."""
    for text in (english, *(_shortened(english, groups) for groups in CONTRACTIONS)):
        yield from (text, without_comma(text))


def contracted(english: str, rng: Random) -> str:
    """Return the sentence with its helping verbs shortened, the negation first or last."""
    return _shortened(english, CONTRACTIONS[rng.random() < 0.3])


def _shortened(english: str, groups: tuple[tuple[str, str], ...]) -> str:
    for pattern, short in groups:
        english = re.sub(pattern, short, english)
    return english


def without_comma(english: str) -> str:
    """Return the sentence without the comma before "please" or behind an opening word."""
    english = re.sub(r", (?=please[.?!]$)", " ", english)
    return re.sub(
        r"^(Yes|No|Hello|Hi|Hey|Thanks|Thank you|Okay|Good morning|Good evening), (?=\w+)",
        r"\1 ",
        english,
    )


def _holds(english: str, word: str) -> bool:
    return re.search(rf"\b{word}(?:s|es)?\b", english) is not None
