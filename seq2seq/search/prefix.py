"""Outputs that begin with a text somebody gave, to the character, even inside a word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seq2seq.errors import SettingsError
from seq2seq.search.hypotheses import IMPOSSIBLE, Cells, OpenHypotheses, cells_of
from seq2seq.search.spelling import Places, Spelling
from seq2seq.search.step_model import Floats
from seq2seq.text.tokenizer import UNK, Tokenizer


def spelled(text: str, tokenizer: Tokenizer) -> bytes:
    """A prefix as the tokenizer spells it: normalised as all that the model was trained on.

    Raises:
        SettingsError: it holds a character that the tokenizer has no piece for.
    """
    (ids,) = tokenizer.encode([text])
    if UNK in ids:
        raise SettingsError(
            f"the prefix {text!r} holds what this model's vocabulary cannot spell (it can write "
            f"{tokenizer.decode([ids])[0].strip()!r} of it): leave that out"
        )
    prefix = b"".join(tokenizer.surfaces[index] for index in ids)
    # The tokenizer drops a space at the end, but the user wants a new word after it.
    ends_word = text[-1:].isspace() and prefix and not prefix.endswith(b" ")
    return prefix + b" " if ends_word else prefix


class Prefixes:
    """A rule: the output of each sentence begins with the text given for it.

    At every step those pieces are allowed that agree with what is left of the prefix: it begins
    with them or they begin with it. So the model chooses how to cut the prefix into pieces, and
    how to go on where the prefix ends inside a word.
    """

    def __init__(self, spelling: Spelling, prefixes: Sequence[bytes]) -> None:
        """Prepare for the sentences of a batch.

        Args:
            spelling: of the vocabulary.
            prefixes: of each sentence, as `spelled` gives them; empty for none.

        Raises:
            SettingsError: no pieces spell a prefix.
        """
        self._spelling = spelling
        self._prefixes = tuple(prefixes)
        self._allowed = {prefix: _allowed(spelling, prefix) for prefix in set(prefixes) if prefix}

    def needs(self, hypotheses: OpenHypotheses) -> Cells:
        """The pieces that agree with the prefixes, of the hypotheses that do not yet hold them."""
        found = []
        for row, sentence, place, ids in hypotheses.live():
            prefix = self._prefixes[sentence]
            written = self._spelling.text(ids) if prefix else b""
            if len(written) < len(prefix):
                found.append((row, place, self._allowed[prefix][len(written)]))
        return cells_of(found)

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Make pieces that do not agree `IMPOSSIBLE`, in place (see `Rule`)."""
        cells = self.needs(hypotheses)
        kept = log_probs[cells]
        log_probs[cells[0], cells[1]] = IMPOSSIBLE
        log_probs[cells] = kept


def _allowed(spelling: Spelling, prefix: bytes) -> list[Places]:
    """After each number of bytes of the prefix, the pieces that lead to its end.

    From the end backwards, so that a piece is left out after which no other would agree.
    """
    nothing = np.zeros([0], np.int64)
    allowed = [nothing] * len(prefix)
    for start in range(len(prefix) - 1, -1, -1):
        rest = prefix[start:]
        ways = [spelling.beginning_with(rest)]
        for length, pieces in spelling.beginnings_of(rest):
            if length < len(rest) and len(allowed[start + length]):
                ways.append(pieces)
        pieces = np.concatenate(ways)
        allowed[start] = pieces[spelling.usual[pieces]]
    if not len(allowed[0]):
        text = prefix.decode(errors="replace").strip()
        raise SettingsError(
            f"the prefix {text!r} cannot be put together from the pieces of this model's "
            "vocabulary: give another"
        )
    return allowed
