"""Scores of translations against references, computed by sacreBLEU, with their signatures."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from seq2seq.config.choices import BleuTokenizer
from seq2seq.config.monitors import AUTO
from seq2seq.text.words import UNSPACED

_UNSPACED_SHARE = 0.3  # minimum share among letters; names and numbers are often in Latin script
_LETTER = re.compile(r"[^\W\d_]")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class TextScores(NamedTuple):
    """BLEU and chrF, 0 to 100, and their sacreBLEU signatures."""

    bleu: float
    chrf: float
    bleu_signature: str
    chrf_signature: str


def text_scores(
    outputs: Sequence[str], references: Sequence[str], *, bleu_tokenizer: BleuTokenizer
) -> TextScores:
    """Return the cased corpus scores of `outputs`, with one reference each.

    Sources: Papineni et al. 2002; Popovic 2015; Post 2018 for the signatures.

    Args:
        outputs: translations to score.
        references: reference of each translation.
        bleu_tokenizer: name of sacreBLEU's tokenizer, such as `13a`, `zh` or `char`; `auto`
            selects the tokenizer for the script of the references.
    """
    from sacrebleu.metrics import BLEU, CHRF

    if bleu_tokenizer == AUTO:
        bleu_tokenizer = bleu_tokenizer_for(references)
    # `force` turns off sacreBLEU's warning about tokenized text, which short texts cause wrongly.
    bleu, chrf = BLEU(tokenize=bleu_tokenizer, force=True), CHRF()
    bleu_score = bleu.corpus_score(list(outputs), [list(references)])
    chrf_score = chrf.corpus_score(list(outputs), [list(references)])
    return TextScores(
        bleu_score.score, chrf_score.score, str(bleu.get_signature()), str(chrf.get_signature())
    )


def bleu_tokenizer_for(texts: Sequence[str]) -> BleuTokenizer:
    """Return the name of sacreBLEU's tokenizer for the script of some texts.

    It is `zh` for Chinese; `char` for Japanese, Thai, Lao, Burmese, Khmer and Tibetan; else `13a`.
    None of them needs a download.
    """
    text = "".join(texts)
    letters, unspaced = len(_LETTER.findall(text)), len(_UNSPACED.findall(text))
    if unspaced <= _UNSPACED_SHARE * letters:
        return "13a"
    return "zh" if len(_HAN.findall(text)) > 0.9 * unspaced else "char"


def counts_characters(bleu_tokenizer: BleuTokenizer) -> bool:
    """Return whether a tokenizer of sacreBLEU separates the characters of unspaced scripts."""
    return bleu_tokenizer in ("zh", "char")


def perplexity(loss: float) -> float:
    """Return `exp(loss)` of a mean negative log-likelihood; infinite on overflow."""
    return math.exp(loss) if loss < 700.0 else math.inf
