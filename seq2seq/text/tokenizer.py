"""Text to piece ids and back, by SentencePiece.

Ids are fixed: pad 0, unk 1, bos 2, eos 3. The mask of the model is `id != 0`, so a tokenizer
with other ids is refused. `encode` adds neither bos nor eos: that is the batch's business.
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

import sentencepiece

from seq2seq.errors import ArtefactError, DataError, SettingsError
from seq2seq.settings import TokenizerSettings
from seq2seq.text.lines import one_line, well_formed
from seq2seq.text.normalization import IDENTITY, Normalizer

PAD, UNK, BOS, EOS = 0, 1, 2, 3

log = logging.getLogger("seq2seq")

# SentencePiece drops training lines that hold one of these or are long, without a word; we put
# a space there, and cut. (It also aborts on a BPE "word" of more than 65,535 characters.)
_RESERVED = str.maketrans({"\0": " ", "\t": " ", "\u2585": " "})
_LINE_CHARACTERS = 1000
_LINE_BYTES = 2**30

_MOST_BYTES = 2**24  # of a model; one of 65,536 pieces has 2 MB

_QUIET = 2  # SentencePiece's C++ log goes to stderr; from this level on it only tells errors
_MODEL_TYPES = {
    "unigram": "unigram",
    "bpe": "bpe",
    "char": "char",
    "word": "word",
    "symbols": "word",
}
_TOO_SMALL = re.compile(r"smaller than required_chars\. \d+ vs (\d+)")

_SPACE = "\u2581"  # how SentencePiece spells a space in a piece


class Tokenizer:
    """A trained tokenizer. `encode` and `decode` may be called from several threads at once.

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
        """Learn a tokenizer; return the bytes of the model.

        The same arguments give the same bytes (`threads` is among them). A vocabulary larger than
        the text can fill is made smaller, with a warning.

        Args:
            sentences: lines to learn from, read once.
            settings: kind and size; of more than `training_lines` lines, so many are drawn.
            normalizer: normaliser of the text, by default the source's.
            threads: number of threads.
            seed: seed of the draw.

        Raises:
            SettingsError: the vocabulary is too small for the text.
            DataError: there is no text.
        """
        _check_room(settings)
        normalizer = normalizer or Normalizer.of_source(settings)
        lines = _training_lines(sentences, settings, seed)
        # The text is normalised here and the model told afterwards: it knows no rule of ours.
        feed = _Feed(lines if normalizer.rule == IDENTITY else map(normalizer, lines))
        model = io.BytesIO()
        sentencepiece.set_min_log_level(_QUIET)
        try:
            sentencepiece.SentencePieceTrainer.train(
                sentence_iterator=feed, model_writer=model, **_options(settings, threads)
            )
        except RuntimeError as fault:
            if feed.fault is not None:  # what went wrong was the reading, not the learning
                raise feed.fault from None
            raise _explain(fault, settings) from fault
        trained = Tokenizer.from_bytes(normalizer.applied_to(model.getvalue()))
        _check_size(trained, settings)
        return trained.model_bytes

    @classmethod
    def from_bytes(cls, model: bytes, *, name: str = "the tokenizer") -> Tokenizer:
        """The tokenizer of these model bytes. Raises `ArtefactError` if they are not one of ours.

        `name` says in the error where the bytes came from.
        """
        sentencepiece.set_min_log_level(_QUIET)
        processor = sentencepiece.SentencePieceProcessor()
        try:
            loaded = 0 < len(model) <= _MOST_BYTES and processor.LoadFromSerializedProto(model)
        except (RuntimeError, UnicodeDecodeError):  # the latter in telling what is wrong
            loaded = False
        if not loaded:
            raise ArtefactError(f"{name} is not a SentencePiece model, or it is damaged")
        ids = (processor.pad_id(), processor.unk_id(), processor.bos_id(), processor.eos_id())
        if ids != (PAD, UNK, BOS, EOS):
            raise ArtefactError(
                f"{name} has the ids pad {ids[0]} unk {ids[1]} bos {ids[2]} eos {ids[3]}, but only "
                "pad 0 unk 1 bos 2 eos 3 can be used: train it with these"
            )
        if not _spells_text(processor):
            raise ArtefactError(f"{name} spells a piece in bytes that are not UTF-8: it is damaged")
        return cls(processor, model)

    @classmethod
    def load(cls, path: str | Path) -> Tokenizer:
        """The tokenizer in a model file. Raises `ArtefactError` if missing or not one of ours."""
        try:
            model = Path(path).read_bytes()
        except OSError as fault:
            raise ArtefactError(f"cannot read the tokenizer {path}: {fault.strerror}") from fault
        return cls.from_bytes(model, name=str(path))

    def encode(self, texts: Sequence[str], *, threads: int = 1) -> list[list[int]]:
        """Piece ids of each text, without bos and eos. Any `str` will do; blank gives []."""
        ids: list[list[int]] = self._processor.encode(
            [well_formed(text) for text in texts], num_threads=threads
        )
        return ids

    def normalised(self, texts: Sequence[str]) -> list[str]:
        """Return each text as it is before it is cut into tokens, spaces as they come back."""
        spelled: list[str] = self._processor.normalize([well_formed(text) for text in texts])
        return [text.replace(_SPACE, " ").strip(" ") for text in spelled]

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where in `text` each token of `encode` stands, in characters.

        A token that normalisation has added stands between two characters.
        """
        mapping = self._processor.encode(well_formed(text), return_type="offset_mapping")
        return [(int(start), int(end)) for start, end in mapping["offsets"]]

    def decode(self, ids: Sequence[Sequence[int]]) -> list[str]:
        """The text of each row. pad, bos and eos vanish, and no text ever holds a line break.

        Byte pieces can spell a newline, so decoded breaks of any kind become spaces.
        """
        rows = [[int(i) for i in row] for row in ids]
        return [one_line(text) for text in self._processor.decode(rows, num_threads=1)]

    def places(self, ids: Sequence[int]) -> list[tuple[int, int]]:
        """Return where in the text of `decode` each token stands, in characters.

        A byte stands where the character begins that it is part of.
        """
        text = b"".join(self.surfaces[index] for index in ids)
        begin = int(text.startswith(b" "))  # the space that `decode` takes away
        places: list[tuple[int, int]] = []
        end = -begin
        for index in ids:
            start = end
            end += sum(byte & 0xC0 != 0x80 for byte in self.surfaces[index])
            places.append((max(0, start), max(0, end)))
        return places

    def cuts(self, word: Sequence[int], *, most: int) -> list[tuple[list[int], float]]:
        """The likeliest ways to cut one word, with their log-probabilities, the best first.

        `word` is the ids of a word as `encode` gives them, from one that `starts_word` to the
        next. Where there is one way only (another kind than `unigram`, bytes, placeholders), that
        way alone.
        """
        pieces = [self.piece(index) for index in word]
        text = "".join(pieces).replace(_SPACE, " ").strip()
        try:
            found: list[list[int]] = self._processor.nbest_encode(text, nbest_size=most)
        except RuntimeError:  # this kind of model cannot
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
        """Scores of the tokens by their ids, the higher the more frequent a token was in training.

        That of the unknown token and of bytes, which spell what the vocabulary lacks, is minus
        infinity.
        """
        processor = self._processor
        return tuple(
            -math.inf if index == UNK or processor.is_byte(index) else processor.get_score(index)
            for index in range(self.vocab_size)
        )

    def starts_word(self, index: int) -> bool:
        """Whether a piece begins a word."""
        return self.piece(index).startswith(_SPACE)

    def piece(self, index: int) -> str:
        """The piece of an id as SentencePiece spells it: U+2581 stands for a space."""
        spelled: str = self._processor.id_to_piece(index)
        return spelled

    @cached_property
    def surfaces(self) -> tuple[bytes, ...]:
        """What each piece adds to a text, in UTF-8; the four reserved ids add nothing.

        Those of `encode(text)`, joined, are the text as the tokenizer spells it: normalised,
        mostly with a space before it that `decode` takes away.
        """
        processor = self._processor
        return tuple(
            b""
            if index in (PAD, UNK, BOS, EOS)
            else bytes([int(self.piece(index)[1:-1], 16)])
            if processor.is_byte(index)
            else self.piece(index).replace(_SPACE, " ").encode()
            for index in range(self.vocab_size)
        )


@lru_cache(maxsize=8)
def shared_placeholders(source: Tokenizer, target: Tokenizer) -> tuple[str, ...]:
    """The placeholders that both tokenizers keep whole, whatever stands beside them."""
    names = [name for name in source.placeholders if name in target.placeholders]
    glued = [f"a{name}a" for name in names]
    whole = set(names)
    for tokenizer in (source, target):
        rows = zip(names, tokenizer.encode(glued), strict=True)
        whole &= {n for n, ids in rows if n.encode() in map(tokenizer.surfaces.__getitem__, ids)}
    return tuple(name for name in names if name in whole)


class _Feed:
    """Lines for the trainer; remembers what reading them raised, which SentencePiece hides."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.fault: BaseException | None = None

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        try:
            return next(self._lines)
        except StopIteration:
            raise
        except BaseException as fault:
            self.fault = fault
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
    """All sentences, or `limit` of them drawn evenly (a reservoir) when there are more."""
    kept: list[str] = []
    generator = random.Random(seed)
    for number, sentence in enumerate(sentences):
        if number < limit:
            kept.append(sentence)
        elif (place := generator.randrange(number + 1)) < limit:
            kept[place] = sentence
    kept.reverse()
    while kept:
        yield kept.pop()  # let each go: SentencePiece keeps its own copy


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


def _explain(fault: RuntimeError, settings: TokenizerSettings) -> SettingsError | DataError:
    """The error a user can act on behind one of SentencePiece's."""
    needed = _TOO_SMALL.search(str(fault))
    if needed is not None:
        return SettingsError(
            f"tokenizer.vocab_size is {settings.vocab_size}, but the characters of the corpus and "
            f"the reserved pieces alone are {needed[1]}: give it at least {needed[1]}, or lower "
            "tokenizer.character_coverage"
        )
    if "sentences_.empty()" in str(fault):
        return DataError("there is no text to learn the tokenizer from: every line is blank")
    return DataError(f"SentencePiece could not learn a tokenizer from this text: {fault}")


def _check_room(settings: TokenizerSettings) -> None:
    whole = _MODEL_TYPES[settings.kind] == "word"
    names = settings.placeholders * (2 if whole else 1)  # with and without a space
    byte_pieces = 256 if settings.byte_fallback and not whole else 0
    reserved = 4 + byte_pieces + names
    if settings.vocab_size <= reserved:
        raise SettingsError(
            f"tokenizer.vocab_size is {settings.vocab_size}, but {reserved} pieces are reserved "
            f"(4 control, {byte_pieces} bytes, {names} placeholders): give it more than {reserved}"
        )


def _check_size(trained: Tokenizer, settings: TokenizerSettings) -> None:
    if trained.vocab_size > settings.vocab_size:  # symbols only: each of them is a piece
        raise SettingsError(
            f"tokenizer.vocab_size is {settings.vocab_size}, but the corpus holds "
            f"{trained.vocab_size} different symbols, reserved ones included: give it at least "
            f"{trained.vocab_size}, or another tokenizer.kind"
        )
    if trained.vocab_size < settings.vocab_size and settings.kind in ("unigram", "bpe"):
        log.warning(
            "the corpus is too small for tokenizer.vocab_size=%d: the vocabulary holds %d pieces",
            settings.vocab_size,
            trained.vocab_size,
        )


def _spells_text(processor: sentencepiece.SentencePieceProcessor) -> bool:
    """Whether every piece can be shown and decoded, which else fails in the middle of a text."""
    every = list(range(processor.vocab_size()))
    try:
        processor.id_to_piece(every)
        processor.decode([[index] for index in every], num_threads=1)
    except UnicodeDecodeError:
        return False
    return True


def _placeholders_of(processor: sentencepiece.SentencePieceProcessor) -> tuple[str, ...]:
    """The reserved pieces, in order; they stand in a text as they are and are never cut."""
    names: list[str] = []
    while processor.piece_to_id(name := f"\u27e8{len(names)}\u27e9") != UNK:
        names.append(name)
    return tuple(names)
