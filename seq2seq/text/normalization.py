"""Normalisation of text by SentencePiece's rules, and replacement of the rule in a tokenizer.

The source may be normalised as the settings say, because the model never has to write it. The
target is the text that users get, so by default it is not normalised. A joint vocabulary is
therefore stored as two models with the same tokens and different normalisers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sentencepiece

from seq2seq.config.choices import Normalization
from seq2seq.config.schema import TokenizerSettings

IDENTITY = "identity"

# Marks that different keyboards and phones use for the same character.
_TYPED = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
}


@dataclass(frozen=True)
class Normalizer:
    """Normalisation rule of SentencePiece for single texts.

    Every rule replaces a run of white space by one space and removes white space at both ends.

    Attributes:
        rule: name of the rule, such as `nmt_nfkc`.
        typed: true to replace curly quotes and dashes by those of a keyboard.
    """

    rule: Normalization
    typed: bool = False

    @staticmethod
    def of_source(settings: TokenizerSettings) -> Normalizer:
        """Return the normaliser of the source side.

        Kinds `unigram` and `bpe` replace curly quotes and dashes, so that tokens do not depend on
        the keyboard that typed the text; other kinds keep them.
        """
        return Normalizer(settings.rule, typed=settings.kind in ("unigram", "bpe"))

    @staticmethod
    def of_target(settings: TokenizerSettings) -> Normalizer:
        """Return the normaliser of the target side; `settings` are those of both sides."""
        return Normalizer(settings.of_target().rule)

    def __call__(self, text: str) -> str:
        """Return the normalised text, as a tokenizer with this rule reads it."""
        normalised: str = _processor(self).normalize(text)
        return normalised

    def applied_to(self, model: bytes) -> bytes:
        """Return a tokenizer model that has the tokens of `model` and normalises text by this rule.

        The method needs the `protobuf` package, which is installed with TensorFlow.
        """
        from sentencepiece import sentencepiece_model_pb2 as messages

        changed = messages.ModelProto.FromString(model)
        changed.normalizer_spec.name = self._name
        changed.normalizer_spec.precompiled_charsmap = _characters_map(self)
        rewritten: bytes = changed.SerializeToString(deterministic=True)
        return rewritten

    @property
    def _name(self) -> str:
        """Name of the rule in a model, for information."""
        return f"{self.rule}_typed" if self.typed and self.rule != IDENTITY else self.rule


@lru_cache
def _processor(normalizer: Normalizer) -> sentencepiece.SentencePieceNormalizer:
    """Return SentencePiece's form of the rule, which takes a second or two to make."""
    plain = not normalizer.typed or normalizer.rule == IDENTITY
    return sentencepiece.SentencePieceNormalizer(
        rule_name=normalizer.rule if plain else None,
        norm_map=None if plain else _rules(normalizer.rule),
        add_dummy_prefix=False,
        escape_whitespaces=False,
        remove_extra_whitespaces=True,
    )


def _rules(rule: Normalization) -> list[tuple[str, str]]:
    """Return the replacements of a rule and those of marks as they are typed."""
    known = dict(sentencepiece.SentencePieceNormalizer(rule_name=rule).decompile())
    return list({**known, **_TYPED}.items())


@lru_cache
def _characters_map(normalizer: Normalizer) -> bytes:
    from sentencepiece import sentencepiece_model_pb2 as messages

    if normalizer.rule == IDENTITY:
        return b""
    known = _processor(normalizer).serialized_model_proto()
    table: bytes = messages.ModelProto.FromString(known).normalizer_spec.precompiled_charsmap
    return table
