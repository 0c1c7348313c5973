"""The development set of messages as people type them, and how a translation of one is judged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PATH = Path(__file__).resolve().parents[2] / "data" / "phrasebook" / "typed.tsv"
KINDS = (
    "greeting", "answer", "phrase", "question", "capitals",
    "contraction", "typo", "two", "ellipsis", "help",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TypedMessage:
    """A message, its kind, and every translation that counts as right."""

    text: str
    kind: str
    answers: tuple[str, ...]

    def accepts(self, translation: str) -> bool:
        """Return whether a translation is an answer, apart from case and final punctuation."""
        return bare(translation) in {bare(answer) for answer in self.answers}


def bare(text: str) -> str:
    """Return the text without case and without its final punctuation."""
    return text.strip().rstrip(".!?…").rstrip().casefold()


def read_typed_messages(path: Path = PATH) -> list[TypedMessage]:
    """Read lines of message, answer and kind; raise `ValueError` for a line of another shape."""
    answers: dict[tuple[str, str], list[str]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        cells = line.split("\t")
        if len(cells) != 3:
            raise ValueError(f"{path}, line {number}: {len(cells)} cells instead of 3.")
        text, answer, kind = cells
        answers.setdefault((text, kind), []).append(answer)
    return [TypedMessage(text, kind, tuple(found)) for (text, kind), found in answers.items()]
