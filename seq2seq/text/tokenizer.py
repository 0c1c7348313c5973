"""Tokenizer: conversion of text to token ids and back, by SentencePiece.

Ids are fixed: pad 0, unk 1, bos 2, eos 3. The mask of the model is `id != 0`, so a tokenizer with
other ids is rejected. `encode` adds neither bos nor eos: a batch adds eos on both sides, and the
decoder begins with bos.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import sentencepiece
from numpy.typing import NDArray

from seq2seq.errors import ModelError
from seq2seq.text.lines import one_line, well_formed

PAD, UNK, BOS, EOS = 0, 1, 2, 3

_MOST_BYTES = 2**24  # maximum size of a model; one with 65,536 tokens has 2 MB

QUIET = 2  # level from which SentencePiece's C++ log on stderr only reports errors
_SPACE = "\u2581"  # SentencePiece's spelling of a space in a token


class Tokenizer:
    """Trained tokenizer; `encode` and `decode` may be called from several threads at once.

    Example: `Tokenizer.from_bytes(train_tokenizer(lines, TokenizerSettings())).encode(["Hi"])`,
    with `seq2seq.text.tokenizer_training`.
    """

    def __init__(self, processor: sentencepiece.SentencePieceProcessor, model: bytes) -> None:
        """Create a tokenizer; call `from_bytes` or `load` instead, which check the model first."""
        self._processor = processor
        self.model_bytes = model
        self.vocab_size: int = processor.vocab_size()
        self.placeholders = _placeholders_of(processor)

    @classmethod
    def from_bytes(cls, model: bytes, *, name: str = "the tokenizer") -> Tokenizer:
        """Return the tokenizer of these model bytes.

        Args:
            model: serialised SentencePiece model.
            name: origin of the bytes, for the error message.

        Raises:
            ModelError: the bytes are not a valid model with the ids of this module.
        """
        sentencepiece.set_min_log_level(QUIET)
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
        """Return the token ids of each text; each word has exactly one token of `word_starts`.

        Words are separated by white space. They are encoded one by one, because SentencePiece joins
        unknown words that follow each other. A word that normalisation removes, or splits into
        several words, becomes the single token `unfit_word`.
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
        """Return each text normalised as for tokenization, but with ordinary spaces."""
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

        Of the byte tokens of a character, the first one spans it; the others are empty spans at its
        end.
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
            word: token ids of a word as `encode` returns them: a token that begins a word (see
                `starts_word`), and the tokens up to the next such token.
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

        The unknown token begins a word only if the tokenizer never cuts words: an unknown word is
        then one token. Other tokenizers put a space token before unknown text.
        """
        starts = np.array([token.startswith(_SPACE) for token in self.tokens])
        starts[UNK] = _SPACE not in self.tokens
        return starts

    @cached_property
    def unfit_word(self) -> int:
        """Return the token for a word that normalisation removes, or splits into several words."""
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
