"""Normalisation of text by SentencePiece's rules, and tokenizer models that share their tokens.

The source may be normalised as the settings say: the model never has to write it. The target is
what users get back, so by default it is learned as it was written. A joint vocabulary is
therefore kept as two models with the same tokens and different normalisers.
"""

from __future__ import annotations

from functools import lru_cache

import sentencepiece

IDENTITY = "identity"


class Normalizer:
    """Rule of SentencePiece, such as `nmt_nfkc`, applied to single texts.

    White space in a row becomes one space and that at the ends is removed, by every rule.
    """

    def __init__(self, rule: str) -> None:
        """Load the tables of a rule by its name."""
        self._normalizer = sentencepiece.SentencePieceNormalizer(
            rule_name=rule,
            add_dummy_prefix=False,
            escape_whitespaces=False,
            remove_extra_whitespaces=True,
        )

    def __call__(self, text: str) -> str:
        """Return the normalised text, as a tokenizer with this rule sees it."""
        normalised: str = self._normalizer.normalize(text)
        return normalised


def renormalised(model: bytes, rule: str) -> bytes:
    """Return a tokenizer model with the same tokens that normalises text by another rule.

    Needs the `protobuf` package, which comes with TensorFlow.
    """
    from sentencepiece import sentencepiece_model_pb2 as messages

    changed = messages.ModelProto.FromString(model)
    changed.normalizer_spec.name = rule
    changed.normalizer_spec.precompiled_charsmap = _characters_map(rule)
    rewritten: bytes = changed.SerializeToString(deterministic=True)
    return rewritten


@lru_cache
def _characters_map(rule: str) -> bytes:
    from sentencepiece import sentencepiece_model_pb2 as messages

    if rule == IDENTITY:
        return b""
    known = sentencepiece.SentencePieceNormalizer(rule_name=rule).serialized_model_proto()
    table: bytes = messages.ModelProto.FromString(known).normalizer_spec.precompiled_charsmap
    return table
