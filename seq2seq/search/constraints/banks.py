"""Beam divided among hypotheses by the number of required tokens that they lack.

Source: Post & Vilar 2018, "Fast lexically constrained decoding with dynamic beam allocation for
neural machine translation". Unlike in that paper, the beam grows with the required phrases, so that
even a narrow beam has room for them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from seq2seq.search.candidates import Candidates, largest
from seq2seq.search.constraints.forbidden import ForbiddenPhrases
from seq2seq.search.constraints.required import RequiredPhrases
from seq2seq.search.hypotheses import IMPOSSIBLE, Cells, Hypothesis, OpenHypotheses, cells_of
from seq2seq.search.selection import Chosen, Growing
from seq2seq.search.step_model import Floats
from seq2seq.text.tokenizer import EOS

# Maximum number of banks in addition to the one that lacks nothing. If more tokens are required,
# several numbers of missing tokens share a bank; a hypothesis that has begun a phrase may then lose
# against one that has not.
_MOST_BANKS = 48

Flat = NDArray[np.int64]  # candidates of a row, each as origin * vocab_size + token


class Banks:
    """Selection for searches with required or forbidden phrases.

    Candidates are the best of the row, the tokens that continue a missing phrase or are most
    probable to begin one, and the best token of each hypothesis. Candidates that lack the same
    number of required tokens form a bank, and each bank keeps its best. Ending hypotheses are
    chosen as in a plain search, from the bank that lacks nothing.

    Hypotheses that end with a forbidden phrase are allowed only if a letter follows (see
    `ForbiddenPhrases`). They have slots of their own, so that they never displace other hypotheses.
    """

    def __init__(
        self, required: RequiredPhrases, forbidden: ForbiddenPhrases, *, beam_size: int
    ) -> None:
        """Prepare for a batch; both arguments describe the sentences of the same batch."""
        self._required, self._forbidden, self._beam_size = required, forbidden, beam_size
        self._vocab_size = required.vocab_size

    def price(self, sentence: int, ended: Sequence[Hypothesis]) -> float:
        """Return the highest log-probability of the required phrases in any of the outputs."""
        share = self._required.share
        return max((share(sentence, one.ids, one.token_log_probs) for one in ended), default=0.0)

    def goes_on(self, sentence: int, ended: Sequence[Hypothesis], growing: Growing) -> bool:
        """Return whether to continue the search for better outputs with all required phrases.

        The first outputs that hold all phrases are rarely the best. The search continues while an
        open hypothesis can still enter the `ended` outputs if its missing phrases cost no more than
        the price.
        """
        if not self._required.total(sentence):
            return False
        price = self.price(sentence, ended)
        for ids, log_probs in zip(growing.ids, growing.log_probs, strict=True):
            extra = sum(log_probs) - price
            if self._required.progress(sentence, ids).missing:
                paid = self._required.share(sentence, ids, log_probs)
                extra += min(0.0, price - paid)
            if extra / growing.divisor + price > ended[-1].score:
                return True
        return False

    def __call__(self, log_probs: Floats, hypotheses: OpenHypotheses) -> Chosen:
        """Choose candidates for every row of the batch (see `Selection`)."""
        rows, _, vocab_size = log_probs.shape
        totals = (hypotheses.log_probs[:, :, np.newaxis] + log_probs).reshape(rows, -1)
        sizes = [self._size(sentence) for sentence in hypotheses.sentences.tolist()]
        ended = np.full([rows, self._beam_size], -1)
        kept = np.full([rows, max(main + aside for main, aside in sizes)], -1)
        aside = _by_row(self._forbidden.suspending(hypotheses), rows, vocab_size)
        needed = _by_row(self._needed(log_probs, hypotheses), rows, vocab_size)
        likely = totals.copy()
        for row, suspended in enumerate(aside):
            likely[row, suspended] = 2 * IMPOSSIBLE
        found = largest(likely, self._beam_size + kept.shape[1])
        most_probable = likely.reshape(log_probs.shape).argmax(axis=2)
        most_probable += np.arange(log_probs.shape[1]) * vocab_size
        for row, (main, spare) in enumerate(sizes):
            ways = found[row, : self._beam_size + main]  # enough even if the best all end
            if main > self._beam_size:
                further = np.concatenate([needed[row], most_probable[row]])
                ways = np.concatenate([ways, np.setdiff1d(further, aside[row])])
            ends, stays = self._shared(_sorted(ways, totals[row]), hypotheses, row)
            stays += _sorted(aside[row], totals[row])[:spare]
            ended[row, : len(ends)], kept[row, : len(stays)] = ends, stays
        flat = log_probs.reshape(rows, -1)
        return Chosen(
            *(_candidates(positions, totals, flat, vocab_size) for positions in (ended, kept))
        )

    def _size(self, sentence: int) -> tuple[int, int]:
        """Return the number of regular slots of a sentence, and of extra slots.

        The extra slots are for hypotheses that end with a forbidden phrase.
        """
        banks = min(self._required.total(sentence), _MOST_BANKS)
        aside = (self._beam_size + 1) // 2 if self._forbidden.any_for(sentence) else 0
        return self._beam_size + banks, aside

    def _needed(self, log_probs: Floats, hypotheses: OpenHypotheses) -> Cells:
        """Return the tokens that continue missing phrases or begin one.

        Of those that begin a phrase, only the `beam_size` most probable of each hypothesis are
        returned.
        """
        found = []
        for row, sentence, position, ids in hypotheses.live:
            now = self._required.progress(sentence, ids)
            starting = sorted(now.starting, key=lambda token: -log_probs[row, position, token])
            found.append((row, position, [*now.continuing, *starting[: self._beam_size]]))
        return cells_of(found)

    def _shared(
        self, ways: list[int], hypotheses: OpenHypotheses, row: int
    ) -> tuple[list[int], list[int]]:
        """Return the candidates of a row that end and those that stay open.

        Args:
            ways: candidates, best first.
            hypotheses: open hypotheses.
            row: row of the candidates.
        """
        sentence = int(hypotheses.sentences[row])
        total, positions = self._required.total(sentence), self._size(sentence)[0]
        ids = [tuple(tokens) for tokens in hypotheses.ids[row].tolist()]
        banks: dict[int, list[int]] = {0: []}
        for way in ways:
            origin, token = divmod(way, self._vocab_size)
            missing = self._required.progress(sentence, (*ids[origin], token)).missing
            # As many banks as there are slots; candidates that lack nothing have their own bank.
            lack = -(-missing * (positions - self._beam_size) // total) if total else 0
            banks.setdefault(lack, []).append(way)
        ends = [way for way in banks[0][: self._beam_size] if way % self._vocab_size == EOS]
        banks[0] = [way for way in banks[0] if way % self._vocab_size != EOS]
        return ends, _best_of([banks[lack] for lack in sorted(banks)], positions)


def _by_row(cells: Cells, rows: int, vocab_size: int) -> list[Flat]:
    """Return the cells of each row."""
    flat = cells[1] * vocab_size + cells[2]
    return [flat[cells[0] == row] for row in range(rows)]


def _sorted(ways: Flat, totals: Floats) -> list[int]:
    """Return the possible candidates of `ways` without duplicates, best first."""
    possible = np.unique(ways[totals[ways] > IMPOSSIBLE / 2])
    order: list[int] = possible[np.argsort(-totals[possible], kind="stable")].tolist()
    return order


def _best_of(banks: Sequence[Sequence[int]], positions: int) -> list[int]:
    """Return the best of each bank, in equal numbers as far as possible, first banks first.

    Slots that a bank cannot fill go to the other banks.
    """
    taken = [0] * len(banks)
    while positions > 0 and any(taken[b] < len(bank) for b, bank in enumerate(banks)):
        for number, bank in enumerate(banks):
            if positions > 0 and taken[number] < len(bank):
                taken[number] += 1
                positions -= 1
    return [way for count, bank in zip(taken, banks, strict=True) for way in bank[:count]]


def _candidates(positions: Flat, totals: Floats, log_probs: Floats, vocab_size: int) -> Candidates:
    """Return the candidates at `positions` `[rows, count]`; -1 stands for no candidate."""
    none = positions < 0
    impossible = np.float32(2 * IMPOSSIBLE)
    return Candidates(
        totals=np.where(none, impossible, np.take_along_axis(totals, positions, axis=1)),
        origins=np.where(none, 0, positions // vocab_size),
        tokens=np.where(none, EOS, positions % vocab_size),
        log_probs=np.where(none, impossible, np.take_along_axis(log_probs, positions, axis=1)),
    )
