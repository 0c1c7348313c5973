"""Scores of translations against references, by sacreBLEU, with their signatures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class TextScores(NamedTuple):
    """BLEU and chrF, 0 to 100, and what exactly was computed."""

    bleu: float
    chrf: float
    bleu_signature: str
    chrf_signature: str


def text_scores(outputs: Sequence[str], references: Sequence[str]) -> TextScores:
    """Corpus scores of `outputs`, one reference each; BLEU tokenized by 13a, cased.

    Sources: Papineni et al. 2002; Popovic 2015; Post 2018 for the signatures.
    """
    from sacrebleu.metrics import BLEU, CHRF

    bleu, chrf = BLEU(), CHRF()
    bleu_score = bleu.corpus_score(list(outputs), [list(references)])
    chrf_score = chrf.corpus_score(list(outputs), [list(references)])
    return TextScores(
        bleu_score.score, chrf_score.score, str(bleu.get_signature()), str(chrf.get_signature())
    )


def perplexity(loss: float) -> float:
    """`exp(loss)` of a mean negative log-likelihood; infinite where that overflows."""
    return math.exp(loss) if loss < 700.0 else math.inf
