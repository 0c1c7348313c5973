"""What may be asked of a translation, beside the text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sampling:
    """Drawing pieces by their probability, where the search would take the likeliest.

    Attributes:
        temperature: divides the logits; below 1 sharpens, above 1 flattens.
        top_k: draw from so many of the likeliest pieces only; 0 from all.
        top_p: draw from the likeliest pieces that together have this probability.
        seed: the same seed and text give the same drawing, whatever the batch.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    seed: int = 0


@dataclass(frozen=True)
class SearchOptions:
    """How to search and what to tell of it. None stands for what the model's settings say.

    Attributes:
        beam_size: hypotheses kept a sentence; 1 is greedy search.
        n_best: translations wanted of each text, at most `beam_size`.
        length_penalty: exponent of the length penalty; 0 is off.
        coverage_penalty: weight of the coverage penalty; 0 is off.
        no_repeat_ngram: no so many pieces in a row twice in one translation; 0 is off.
        sampling: draw `n_best` translations instead of searching for them.
        prefix: how every translation begins.
        required, forbidden: words or phrases that every translation must, or must not, hold.
        placeholders: what is carried through untouched: of `url`, `email`, `tag`, `number`.
        batch_tokens: source pieces a batch, padding counted.
        alignments: tell which source piece each piece looked at.
        token_scores: tell the log-probability of each piece.
    """

    beam_size: int | None = None
    n_best: int = 1
    length_penalty: float | None = None
    coverage_penalty: float | None = None
    no_repeat_ngram: int | None = None
    sampling: Sampling | None = None
    prefix: str = ""
    required: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ("url", "email", "tag")
    batch_tokens: int | None = None
    alignments: bool = False
    token_scores: bool = False
