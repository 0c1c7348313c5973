"""Constraint: each output begins with exactly a given text, even if it ends inside a word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seq2seq.errors import SettingsError
from seq2seq.search.constraints.spelling import Positions, Spelling
from seq2seq.search.hypotheses import IMPOSSIBLE, Cells, OpenHypotheses, cells_of
from seq2seq.search.step_model import Floats
from seq2seq.text.tokenizer import UNK, Tokenizer


def spelled(text: str, tokenizer: Tokenizer) -> bytes:
    """Return a prefix as the tokenizer spells it, normalised like the training text.

    Raises:
        SettingsError: the prefix holds a character that the vocabulary cannot spell.
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
    """Rule that the output of each sentence begins with the text given for it.

    At each step the allowed tokens agree with the rest of the prefix: the rest begins with the
    token, or the token begins with the rest. The model therefore chooses the segmentation of the
    prefix, and how to continue a prefix that ends inside a word.
    """

    def __init__(self, spelling: Spelling, prefixes: Sequence[bytes]) -> None:
        """Prepare for the sentences of a batch.

        Args:
            spelling: spelling of the vocabulary.
            prefixes: prefix of each sentence, as returned by `spelled`; empty for none.

        Raises:
            SettingsError: no sequence of tokens spells a prefix.
        """
        self._spelling = spelling
        self._prefixes = tuple(prefixes)
        self._allowed = {prefix: _allowed(spelling, prefix) for prefix in set(prefixes) if prefix}

    def needs(self, hypotheses: OpenHypotheses) -> Cells:
        """Return the tokens that agree with the prefixes, where a prefix is incomplete."""
        found = []
        for row, sentence, position, ids in hypotheses.live:
            prefix = self._prefixes[sentence]
            written = self._spelling.text(ids) if prefix else b""
            if len(written) < len(prefix):
                found.append((row, position, self._allowed[prefix][len(written)]))
        return cells_of(found)

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> None:
        """Set tokens that do not agree with a prefix to `IMPOSSIBLE`, in place (see `Rule`)."""
        cells = self.needs(hypotheses)
        kept = log_probs[cells]
        log_probs[cells[0], cells[1]] = IMPOSSIBLE
        log_probs[cells] = kept


def _allowed(spelling: Spelling, prefix: bytes) -> list[Positions]:
    """Return, for each number of prefix bytes written, the tokens that lead to the prefix's end.

    The table is filled backwards from the end, so that tokens that lead to a dead end are left out.
    """
    nothing = np.zeros([0], np.int64)
    allowed = [nothing] * len(prefix)
    for start in range(len(prefix) - 1, -1, -1):
        rest = prefix[start:]
        ways = [spelling.beginning_with(rest)]
        for length, tokens in spelling.beginnings_of(rest):
            if length < len(rest) and len(allowed[start + length]):
                ways.append(tokens)
        tokens = np.concatenate(ways)
        allowed[start] = tokens[spelling.usual[tokens]]
    if not len(allowed[0]):
        text = prefix.decode(errors="replace").strip()
        raise SettingsError(
            f"the prefix {text!r} cannot be put together from the tokens of this model's "
            "vocabulary: give another"
        )
    return allowed
