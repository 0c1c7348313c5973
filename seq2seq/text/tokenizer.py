"""Tokenizer: conversion of text to token ids and back, by SentencePiece.

Ids are fixed: pad 0, unk 1, bos 2, eos 3. The mask of the model is `id != 0`, so a tokenizer with
other ids is rejected. `encode` adds neither bos nor eos: the batch adds them.
"""

from __future__ import annotations

import io
import logging
import math
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
from numpy.typing import NDArray

from seq2seq.config.schema import TokenizerSettings
from seq2seq.errors import DataError, ModelError, SettingsError
from seq2seq.text.lines import one_line, well_formed
from seq2seq.text.normalization import IDENTITY, Normalizer

PAD, UNK, BOS, EOS = 0, 1, 2, 3

log = logging.getLogger("seq2seq")

# SentencePiece silently drops training lines that hold one of these or are long; so they are
# replaced by spaces, and lines are split. (It also aborts on a BPE "word" of more than 65,535
# characters.)
_RESERVED = str.maketrans({"\0": " ", "\t": " ", "\u2585": " "})
_LINE_CHARACTERS = 1000
_LINE_BYTES = 2**30

_MOST_BYTES = 2**24  # maximum size of a model; one with 65,536 tokens has 2 MB

_QUIET = 2  # level from which SentencePiece's C++ log on stderr only reports errors
_MODEL_TYPES = {
    "unigram": "unigram",
    "bpe": "bpe",
    "char": "char",
    "word": "word",
    "symbols": "word",
}
_TOO_SMALL = re.compile(r"smaller than required_chars\. \d+ vs (\d+)")

_SPACE = "\u2581"  # SentencePiece's spelling of a space in a token


class Tokenizer:
    """Trained tokenizer; `encode` and `decode` may be called from several threads at once.

    Example: `Tokenizer.from_bytes(Tokenizer.train(lines, TokenizerSettings())).encode(["Hi"])`
    """

    def __init__(self, processor: sentencepiece.SentencePieceProcessor, model: bytes) -> None:
        """Use `from_bytes` or `load`, which check the model first."""
        self._processor = processor
        self.model_bytes = model
        self.vocab_size: int = processor.vocab_size()
        self.placeholders = _placeholders_of(processor)

    @staticmethod
    def train(
        sentences: Iterable[str],
        settings: TokenizerSettings,
        *,
        normalizer: Normalizer | None = None,
        threads: int = 2,
        seed: int = 0,
    ) -> bytes:
        """Train a tokenizer; return the bytes of the model.

        The same arguments, `threads` included, give the same bytes. If the vocabulary is larger
        than the text can fill, it is reduced, with a warning.

        Args:
            sentences: lines to learn from, read once.
            settings: kind and size; if there are more than `training_lines` lines, that number is
                drawn.
            normalizer: normaliser of the text; None for the source's.
            threads: number of threads.
            seed: seed of the draw.

        Raises:
            SettingsError: the vocabulary is too small for the text.
            DataError: there is no text.
        """
        _check_room(settings)
        normalizer = normalizer or Normalizer.of_source(settings)
        lines = _training_lines(sentences, settings, seed)
        # Normalise the text here and add the rule to the model afterwards: SentencePiece does not
        # know our rules.
        feed = _Feed(lines if normalizer.rule == IDENTITY else map(normalizer, lines))
        model = io.BytesIO()
        sentencepiece.set_min_log_level(_QUIET)
        try:
            sentencepiece.SentencePieceTrainer.train(
                sentence_iterator=feed, model_writer=model, **_options(settings, threads)
            )
        except RuntimeError as error:
            if feed.error is not None:  # reading failed, not training
                raise feed.error from None
            raise _explain(error, settings) from error
        trained = Tokenizer.from_bytes(normalizer.applied_to(model.getvalue()))
        _check_size(trained, settings)
        return trained.model_bytes

    @classmethod
    def from_bytes(cls, model: bytes, *, name: str = "the tokenizer") -> Tokenizer:
        """Return the tokenizer of these model bytes.

        Args:
            model: serialised SentencePiece model.
            name: origin of the bytes, for the error message.

        Raises:
            ModelError: the bytes are not a valid model with the ids of this module.
        """
        sentencepiece.set_min_log_level(_QUIET)
        processor = sentencepiece.SentencePieceProcessor()
        try:
            loaded = 0 < len(model) <= _MOST_BYTES and processor.LoadFromSerializedProto(model)
        except (RuntimeError, UnicodeDecodeError):  # the latter from its error message
            loaded = False
        if not loaded:
            raise ModelError(f"{name} is not a SentencePiece model, or it is damaged")
        ids = (processor.pad_id(), processor.unk_id(), processor.bos_id(), processor.eos_id())
        if ids != (PAD, UNK, BOS, EOS):
            raise ModelError(
                f"{name} has the ids pad {ids[0]} unk {ids[1]} bos {ids[2]} eos {ids[3]}, but only "
                "pad 0 unk 1 bos 2 eos 3 can be used: train it with these"
            )
        if not _spells_text(processor):
            raise ModelError(f"{name} spells a token in bytes that are not UTF-8: it is damaged")
        return cls(processor, model)

    @classmethod
    def load(cls, path: str | Path) -> Tokenizer:
        """Return the tokenizer in a model file.

        Raises:
            ModelError: the file is missing or not a valid model.
        """
        try:
            model = Path(path).read_bytes()
        except OSError as error:
            raise ModelError(f"cannot read the tokenizer {path}: {error.strerror}") from error
        return cls.from_bytes(model, name=str(path))

    def encode(self, texts: Sequence[str], *, threads: int = 1) -> list[list[int]]:
        """Return the token ids of each text, without bos and eos; [] for blank text.

        Every `str` is accepted.
        """
        ids: list[list[int]] = self._processor.encode(
            [well_formed(text) for text in texts], num_threads=threads
        )
        return ids

    def encode_words(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the token ids of each text, in which each word has one of `word_starts`.

        Words are what white space separates. They are encoded one by one, because SentencePiece
        joins unknown words that follow each other; a word that is none, or several, once it is
        normalised becomes a single token.
        """
        words = [text.split() for text in texts]
        encoded = iter(self.encode([word for row in words for word in row]))
        rows = []
        for row in words:
            ids = [next(encoded) for _ in row]
            fits = [int(self.word_starts[each].sum()) == 1 for each in ids]
            rows.append(
                [
                    token
                    for each, fit in zip(ids, fits, strict=True)
                    for token in (each if fit else [self.unfit_word])
                ]
            )
        return rows

    def normalised(self, texts: Sequence[str]) -> list[str]:
        """Return each text as it is before tokenization, with spaces as in decoded text."""
        spelled: list[str] = self._processor.normalize([well_formed(text) for text in texts])
        return [text.replace(_SPACE, " ").strip(" ") for text in spelled]

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return the position of each token of `encode` in `text`, in characters.

        A token that normalisation has added lies between two characters.
        """
        mapping = self._processor.encode(well_formed(text), return_type="offset_mapping")
        return [(int(start), int(end)) for start, end in mapping["offsets"]]

    def decode(self, ids: Sequence[Sequence[int]]) -> list[str]:
        """Return the text of each row, without pad, bos and eos, and without line breaks.

        Byte tokens can spell a newline, so decoded line breaks of any kind become spaces.
        """
        rows = [[int(i) for i in row] for row in ids]
        return [one_line(text) for text in self._processor.decode(rows, num_threads=1)]

    def positions(self, ids: Sequence[int]) -> list[tuple[int, int]]:
        """Return the position of each token in the text of `decode`, in characters.

        A byte token is at the position where the character that it is part of begins.
        """
        text = b"".join(self.surfaces[index] for index in ids)
        begin = int(text.startswith(b" "))  # the space that `decode` removes
        positions: list[tuple[int, int]] = []
        end = -begin
        for index in ids:
            start = end
            end += sum(byte & 0xC0 != 0x80 for byte in self.surfaces[index])
            positions.append((max(0, start), max(0, end)))
        return positions

    def cuts(self, word: Sequence[int], *, most: int) -> list[tuple[list[int], float]]:
        """Return the most probable segmentations of a word with log-probabilities, best first.

        If there is only one segmentation (a kind other than `unigram`, bytes, placeholders), only
        that one is returned.

        Args:
            word: token ids of a word as `encode` returns them, from a token that `starts_word` up
                to the next such token.
            most: maximum number of segmentations.
        """
        tokens = [self.token(index) for index in word]
        text = "".join(tokens).replace(_SPACE, " ").strip()
        try:
            found: list[list[int]] = self._processor.nbest_encode(text, nbest_size=most)
        except RuntimeError:  # not supported by this kind of model
            found = []
        if not found or found[0] != list(word):
            return [(list(word), 0.0)]
        return [(cut, sum(self._processor.get_score(index) for index in cut)) for cut in found]

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Tokens by their ids, as SentencePiece spells them."""
        return tuple(self._processor.id_to_piece(list(range(self.vocab_size))))

    @cached_property
    def scores(self) -> tuple[float, ...]:
        """Scores of the tokens by their ids; more frequent tokens in training have higher scores.

        The unknown token, and bytes, which spell characters that the vocabulary lacks, have a score
        of minus infinity.
        """
        processor = self._processor
        return tuple(
            -math.inf if index == UNK or processor.is_byte(index) else processor.get_score(index)
            for index in range(self.vocab_size)
        )

    @cached_property
    def word_starts(self) -> NDArray[np.bool_]:
        """Flags of the tokens that begin a word, `[vocab_size] bool`.

        A tokenizer that never cuts words reads an unknown word as one unknown token; others read a
        space before what they do not know.
        """
        starts = np.array([token.startswith(_SPACE) for token in self.tokens])
        starts[UNK] = _SPACE not in self.tokens
        return starts

    @cached_property
    def unfit_word(self) -> int:
        """Return the token of a word that is none, or several, once it is normalised."""
        return self.tokens.index(_SPACE) if _SPACE in self.tokens else UNK

    def starts_word(self, index: int) -> bool:
        """Return whether a token begins a word."""
        return self.token(index).startswith(_SPACE)

    def token(self, index: int) -> str:
        """Return the token of an id as SentencePiece spells it: U+2581 stands for a space."""
        spelled: str = self._processor.id_to_piece(index)
        return spelled

    @cached_property
    def surfaces(self) -> tuple[bytes, ...]:
        """Text that each token adds, in UTF-8; the four reserved ids add nothing.

        The joined surfaces of `encode(text)` are the text as the tokenizer spells it: normalised,
        usually with a leading space that `decode` removes.
        """
        processor = self._processor
        return tuple(
            b""
            if index in (PAD, UNK, BOS, EOS)
            else bytes([int(self.token(index)[1:-1], 16)])
            if processor.is_byte(index)
            else self.token(index).replace(_SPACE, " ").encode()
            for index in range(self.vocab_size)
        )


@lru_cache(maxsize=8)
def shared_placeholders(source: Tokenizer, target: Tokenizer) -> tuple[str, ...]:
    """Return the placeholders that both tokenizers keep as one token, in any context."""
    names = [name for name in source.placeholders if name in target.placeholders]
    glued = [f"a{name}a" for name in names]
    whole = set(names)
    for tokenizer in (source, target):
        rows = zip(names, tokenizer.encode(glued), strict=True)
        whole &= {n for n, ids in rows if n.encode() in map(tokenizer.surfaces.__getitem__, ids)}
    return tuple(name for name in names if name in whole)


class _Feed:
    """Iterator of lines for the trainer; it keeps read errors, which SentencePiece hides."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.error: BaseException | None = None

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        try:
            return next(self._lines)
        except StopIteration:
            raise
        except BaseException as error:
            self.error = error
            raise


def _training_lines(
    sentences: Iterable[str], settings: TokenizerSettings, seed: int
) -> Iterator[str]:
    for sentence in _draw_lines(sentences, settings.training_lines, seed):
        if sentence.strip():
            yield from _cut(
                well_formed(sentence).replace("\n", " ").translate(_RESERVED),
                inside_words=settings.kind != "symbols",
            )


def _draw_lines(sentences: Iterable[str], limit: int, seed: int) -> Iterator[str]:
    """Yield all sentences, or `limit` uniformly drawn ones if there are more (a reservoir)."""
    kept: list[str] = []
    generator = random.Random(seed)
    for number, sentence in enumerate(sentences):
        if number < limit:
            kept.append(sentence)
        elif (position := generator.randrange(number + 1)) < limit:
            kept[position] = sentence
    kept.reverse()
    while kept:
        yield kept.pop()  # free each line: SentencePiece keeps its own copy


def _cut(text: str, *, inside_words: bool) -> Iterator[str]:
    start = 0
    while len(text) - start > _LINE_CHARACTERS:
        end = text.rfind(" ", start + 1, start + _LINE_CHARACTERS)
        if end < 0:
            end = start + _LINE_CHARACTERS if inside_words else text.find(" ", start + 1)
        if end < 0:
            break
        yield text[start:end]
        start = end
    yield text[start:]


def _options(settings: TokenizerSettings, threads: int) -> dict[str, Any]:
    symbols = settings.kind == "symbols"
    whole = _MODEL_TYPES[settings.kind] == "word"  # never cut
    return {
        "model_type": _MODEL_TYPES[settings.kind],
        "vocab_size": settings.vocab_size,
        "pad_id": PAD,
        "unk_id": UNK,
        "bos_id": BOS,
        "eos_id": EOS,
        "byte_fallback": settings.byte_fallback and not whole,
        "normalization_rule_name": IDENTITY,
        "character_coverage": settings.character_coverage,
        "user_defined_symbols": [f"\u27e8{i}\u27e9" for i in range(settings.placeholders)],
        "unk_surface": " \u2047" if symbols else " \u2047 ",
        "use_all_vocab": symbols,
        "hard_vocab_limit": False,
        "shuffle_input_sentence": False,
        "max_sentence_length": _LINE_BYTES,
        "num_threads": threads,
        "minloglevel": _QUIET,
    }


def _explain(error: RuntimeError, settings: TokenizerSettings) -> SettingsError | DataError:
    """Return an error that a user can act on, for an error of SentencePiece."""
    needed = _TOO_SMALL.search(str(error))
    if needed is not None:
        return SettingsError(
            f"tokenizer.vocab_size is {settings.vocab_size}, but the characters of the corpus and "
            f"the reserved tokens alone are {needed[1]}: give it at least {needed[1]}, or lower "
            "tokenizer.character_coverage"
        )
    if "sentences_.empty()" in str(error):
        return DataError("there is no text to learn the tokenizer from: every line is blank")
    return DataError(f"SentencePiece could not learn a tokenizer from this text: {error}")


def _check_room(settings: TokenizerSettings) -> None:
    whole = _MODEL_TYPES[settings.kind] == "word"
    names = settings.placeholders * (2 if whole else 1)  # with and without a space
    byte_tokens = 256 if settings.byte_fallback and not whole else 0
    reserved = 4 + byte_tokens + names
    if settings.vocab_size <= reserved:
        raise SettingsError(
            f"tokenizer.vocab_size is {settings.vocab_size}, but {reserved} tokens are reserved "
            f"(4 control, {byte_tokens} bytes, {names} placeholders): give it more than {reserved}"
        )


def _check_size(trained: Tokenizer, settings: TokenizerSettings) -> None:
    if trained.vocab_size > settings.vocab_size:  # symbols only: each of them is a token
        raise SettingsError(
            f"tokenizer.vocab_size is {settings.vocab_size}, but the corpus holds "
            f"{trained.vocab_size} different symbols, reserved ones included: give it at least "
            f"{trained.vocab_size}, or another tokenizer.kind"
        )
    if trained.vocab_size < settings.vocab_size and settings.kind in ("unigram", "bpe"):
        log.warning(
            "the corpus is too small for tokenizer.vocab_size=%d: the vocabulary holds %d tokens",
            settings.vocab_size,
            trained.vocab_size,
        )


def _spells_text(processor: sentencepiece.SentencePieceProcessor) -> bool:
    """Return whether all tokens can be spelled and decoded as valid UTF-8.

    Otherwise decoding would fail in the middle of a text.
    """
    every = list(range(processor.vocab_size()))
    try:
        processor.id_to_piece(every)
        processor.decode([[index] for index in every], num_threads=1)
    except UnicodeDecodeError:
        return False
    return True


def _placeholders_of(processor: sentencepiece.SentencePieceProcessor) -> tuple[str, ...]:
    """Return the placeholder tokens, in order; they are spelled literally and never split."""
    names: list[str] = []
    while processor.piece_to_id(name := f"\u27e8{len(names)}\u27e9") != UNK:
        names.append(name)
    return tuple(names)
