"""Normalisation of text by SentencePiece's rules, and tokenizer models that share their tokens.

The source may be normalised as the settings say: the model never has to write it. The target is
what users get back, so by default it is learned as it was written. A joint vocabulary is
therefore kept as two models with the same tokens and different normalisers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import sentencepiece

from seq2seq.settings import TokenizerSettings

IDENTITY = "identity"

# Marks that keyboards and phones write for one another.
_TYPED = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
}


@dataclass(frozen=True)
class Normalizer:
    """Rule of SentencePiece, applied to single texts.

    White space in a row becomes one space and that at the ends is removed, by every rule.

    Attributes:
        rule: name of the rule, such as `nmt_nfkc`.
        typed: whether curly quotes and dashes become those of a keyboard.
    """

    rule: str
    typed: bool = False

    @staticmethod
    def of_source(settings: TokenizerSettings) -> Normalizer:
        """Return the normaliser of the source side.

        Tokens of words are to be the same whatever keyboard they come from; single characters
        and symbols stay what they are.
        """
        return Normalizer(settings.rule, typed=settings.kind in ("unigram", "bpe"))

    @staticmethod
    def of_target(settings: TokenizerSettings) -> Normalizer:
        """Return the normaliser of the target side, by the settings of both sides."""
        return Normalizer(settings.of_target().rule)

    def __call__(self, text: str) -> str:
        """Return the normalised text, as a tokenizer with this rule sees it."""
        normalised: str = self._processor.normalize(text)
        return normalised

    def applied_to(self, model: bytes) -> bytes:
        """Return a tokenizer model with the same tokens that normalises text by this rule.

        Needs the `protobuf` package, which comes with TensorFlow.
        """
        from sentencepiece import sentencepiece_model_pb2 as messages

        changed = messages.ModelProto.FromString(model)
        changed.normalizer_spec.name = self._name
        changed.normalizer_spec.precompiled_charsmap = _characters_map(self)
        rewritten: bytes = changed.SerializeToString(deterministic=True)
        return rewritten

    @property
    def _name(self) -> str:
        """Name of the rule as a model keeps it, for people."""
        return f"{self.rule}_typed" if self.typed and self.rule != IDENTITY else self.rule

    @cached_property
    def _processor(self) -> sentencepiece.SentencePieceNormalizer:
        plain = not self.typed or self.rule == IDENTITY
        return sentencepiece.SentencePieceNormalizer(
            rule_name=self.rule if plain else None,
            norm_map=None if plain else _rules(self.rule),
            add_dummy_prefix=False,
            escape_whitespaces=False,
            remove_extra_whitespaces=True,
        )


@lru_cache
def _rules(rule: str) -> list[tuple[str, str]]:
    """Return the replacements of a rule and those of typed marks."""
    known = dict(sentencepiece.SentencePieceNormalizer(rule_name=rule).decompile())
    return list({**known, **_TYPED}.items())


@lru_cache
def _characters_map(normalizer: Normalizer) -> bytes:
    from sentencepiece import sentencepiece_model_pb2 as messages

    if normalizer.rule == IDENTITY:
        return b""
    known = normalizer._processor.serialized_model_proto()
    table: bytes = messages.ModelProto.FromString(known).normalizer_spec.precompiled_charsmap
    return table
