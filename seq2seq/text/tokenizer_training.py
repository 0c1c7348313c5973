"""Training of tokenizers by SentencePiece, from lines of text."""

from __future__ import annotations

import io
import logging
import random
import re
from collections.abc import Iterable, Iterator
from typing import Any

import sentencepiece

from seq2seq.config.schema import TokenizerSettings
from seq2seq.errors import DataError, SettingsError
from seq2seq.text.lines import well_formed
from seq2seq.text.normalization import IDENTITY, Normalizer
from seq2seq.text.tokenizer import BOS, EOS, PAD, QUIET, UNK, Tokenizer

log = logging.getLogger("seq2seq")

# SentencePiece silently drops training lines that are long or hold one of these characters.
# Therefore lines are split, and the characters are replaced by spaces. (It also aborts on a BPE
# "word" of more than 65,535 characters.)
_RESERVED = str.maketrans({"\0": " ", "\t": " ", "\u2585": " "})
_LINE_CHARACTERS = 1000
_LINE_BYTES = 2**30

_MODEL_TYPES = {
    "unigram": "unigram",
    "bpe": "bpe",
    "char": "char",
    "word": "word",
    "symbols": "word",
}
_TOO_SMALL = re.compile(r"smaller than required_chars\. \d+ vs (\d+)")


def train_tokenizer(
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
        normalizer: normaliser of the text; None for the normaliser of the source side.
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
    sentencepiece.set_min_log_level(QUIET)
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
        "minloglevel": QUIET,
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
