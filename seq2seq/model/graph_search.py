"""Greedy and beam search over the translation model, for a whole batch in one graph.

Rules that hold for every row, whatever other rows are in its batch:
- A hypothesis that has ended is kept as it is and never extended.
- A row is finished when `beam_size` hypotheses have ended; from then on it does not change.
- The maximum output length of a row depends only on its own source; an output that reaches this
  length ends there.
- Greedy search is beam search with one beam.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import tensorflow as tf

from seq2seq.config.schema import SearchSettings
from seq2seq.data.sequences.batches import SourceBatch
from seq2seq.model.decoder import Memory
from seq2seq.model.padding import token_lengths, token_mask
from seq2seq.model.recurrent import LSTMState
from seq2seq.model.text_rules import TextRules
from seq2seq.model.translation import Sources, TranslationModel
from seq2seq.text.tokenizer import BOS, EOS

_IMPOSSIBLE = -1e9


class Hypotheses(NamedTuple):
    """Best outputs of each row, best first.

    Attributes:
        ids: tokens, `[batch, n_best, length] int32`, ending with the end symbol, then padding.
        lengths: number of tokens, end symbol included, `[batch, n_best] int32`; 0 if not found.
        scores: log-probability divided by the length penalty, `[batch, n_best] float32`.
        log_probs: sum of the log-probabilities of the tokens, `[batch, n_best] float32`.
    """

    ids: tf.Tensor
    lengths: tf.Tensor
    scores: tf.Tensor
    log_probs: tf.Tensor


class _Beam(NamedTuple):
    """State of a search: `open_` hypotheses may be extended, `ended` ones are finished.

    Ids are `[batch, beam, longest]`, everything else `[batch, beam]`; `text` holds states of
    `TextRules`.
    """

    time: tf.Tensor
    open_ids: tf.Tensor
    open_log_probs: tf.Tensor
    tokens: tf.Tensor
    text: tf.Tensor
    states: tuple[LSTMState, ...]
    ended_ids: tf.Tensor
    ended_scores: tf.Tensor
    ended_log_probs: tf.Tensor
    ended_lengths: tf.Tensor
    done: tf.Tensor


def length_penalty(length: tf.Tensor, alpha: float) -> tf.Tensor:
    """Return the divisor of a log-probability, `((5 + length) / 6) ** alpha`.

    Source: Wu et al. 2016, "Google's neural machine translation system", equation 14.
    """
    return tf.pow((5.0 + tf.cast(length, tf.float32)) / 6.0, alpha)


def beam_search(
    model: TranslationModel,
    source: Sources,
    settings: SearchSettings,
    *,
    n_best: int = 1,
    rules: TextRules | None = None,
) -> Hypotheses:
    """Translate a batch.

    Args:
        model: translation model.
        source: source tokens, `[batch, source_len] int32`, each row ending with the end symbol, or
            features; padded on either side.
        settings: beam size, length penalty and length limit; the graph ignores the other settings.
        n_best: number of hypotheses returned for each row, at most `settings.beam_size`.
        rules: rules for valid text; None if nothing is known about the vocabulary.
    """
    rules = rules or TextRules.of_ids(model.output_table().shape[0])
    encoded = model.encode(source)
    ids = None if isinstance(source, SourceBatch) else source
    # Not the mask of the memory, which a front end makes shorter.
    mask = source.mask if ids is None else token_mask(ids)
    limits = _length_limits(mask, settings.max_length_factor, settings.max_length_offset)
    memory = _repeat(encoded.memory, settings.beam_size)
    writable = rules.writable(ids, rows=tf.shape(limits)[0])
    beam = _first_beam(
        encoded.states, tf.shape(limits)[0], tf.reduce_max(limits), settings.beam_size
    )

    def go_on(*beam: Any) -> tf.Tensor:
        return tf.logical_not(tf.reduce_all(_Beam(*beam).done))

    def allowed(beam: _Beam) -> tf.Tensor:
        return rules.allowed(beam.text, writable, limits - beam.time - 2)

    def advance(*before: Any) -> _Beam:
        beam = _Beam(*before)
        log_probs, states = _step(model, memory, beam)
        log_probs = tf.where(allowed(beam), log_probs, 2.0 * _IMPOSSIBLE)
        return _advance(beam, log_probs, states, limits, settings.length_penalty, rules)

    beam = _Beam(*tf.while_loop(go_on, advance, tuple(beam), parallel_iterations=1))
    found = tf.cast(beam.ended_scores > _IMPOSSIBLE / 2, tf.int32)
    return Hypotheses(
        ids=beam.ended_ids[:, :n_best] * found[:, :n_best, tf.newaxis],
        lengths=(beam.ended_lengths * found)[:, :n_best],
        scores=beam.ended_scores[:, :n_best],
        log_probs=beam.ended_log_probs[:, :n_best],
    )


def _length_limits(mask: tf.Tensor, factor: float, offset: int) -> tf.Tensor:
    """Return the maximum output length of each row, end symbol included, `[batch] int32`."""
    lengths = tf.cast(token_lengths(mask), tf.float32)
    return tf.cast(lengths * factor, tf.int32) + offset + 1


def _repeat(memory: Memory, beam_size: int) -> Memory:
    """Return the source of each row repeated for each of its hypotheses."""
    keys = None if memory.keys is None else tf.repeat(memory.keys, beam_size, axis=0)
    values = tf.repeat(memory.values, beam_size, axis=0)
    return Memory(keys, values, tf.repeat(memory.mask, beam_size, axis=0))


def _first_beam(
    states: tuple[LSTMState, ...], batch: tf.Tensor, longest: tf.Tensor, beam_size: int
) -> _Beam:
    """Return one empty open hypothesis for each row.

    The other hypotheses are impossible, so that the beam does not hold duplicates.
    """
    shape = [batch, beam_size]
    first = tf.one_hot(0, beam_size, on_value=0.0, off_value=_IMPOSSIBLE)
    repeated = tuple(
        LSTMState(*(tf.repeat(part, beam_size, axis=0) for part in state)) for state in states
    )
    return _Beam(
        time=tf.constant(0),
        open_ids=tf.zeros([batch, beam_size, longest], tf.int32),
        open_log_probs=tf.tile(first[tf.newaxis, :], [batch, 1]),
        tokens=tf.fill(shape, BOS),
        text=tf.zeros(shape, tf.int32),
        states=repeated,
        ended_ids=tf.zeros([batch, beam_size, longest], tf.int32),
        ended_scores=tf.fill(shape, 2.0 * _IMPOSSIBLE),
        ended_log_probs=tf.fill(shape, 2.0 * _IMPOSSIBLE),
        ended_lengths=tf.zeros(shape, tf.int32),
        done=tf.zeros([batch], tf.bool),
    )


def _step(
    model: TranslationModel, memory: Memory, beam: _Beam
) -> tuple[tf.Tensor, tuple[LSTMState, ...]]:
    """Return the log-probabilities of all tokens, `[batch, beam, vocab_size]`, and the states."""
    logits, _, states = model.step(tf.reshape(beam.tokens, [-1]), memory, beam.states)
    shape = [*tf.unstack(tf.shape(beam.tokens)), logits.shape[-1]]
    return tf.reshape(tf.nn.log_softmax(logits), shape), states


def _advance(
    beam: _Beam,
    log_probs: tf.Tensor,
    states: tuple[LSTMState, ...],
    limits: tf.Tensor,
    alpha: float,
    rules: TextRules,
) -> _Beam:
    """Extend each open hypothesis of every unfinished row by one token.

    Allowed tokens keep their log-probabilities, so that search and scoring agree on a translation.
    """
    batch, size, vocab_size = tf.shape(log_probs)[0], beam.tokens.shape[1], log_probs.shape[2]
    must_end = beam.time + 1 >= limits
    log_probs = _only_end_where(must_end, log_probs)

    # Take twice the beam: even if every hypothesis ends now, a full beam of open ones remains.
    totals = tf.reshape(beam.open_log_probs[:, :, tf.newaxis] + log_probs, [batch, -1])
    totals, flat = tf.math.top_k(totals, k=2 * size)
    origins, tokens = flat // vocab_size, flat % vocab_size
    ids = tf.gather(beam.open_ids, origins, batch_dims=1)
    ids = _write(ids, tokens, beam.time)
    ends = tf.equal(tokens, EOS)

    ended = _merge_ended(beam, ids, totals, ends, alpha)
    open_log_probs, keep = tf.math.top_k(tf.where(ends, 2.0 * _IMPOSSIBLE, totals), k=size)
    origins = tf.gather(origins, keep, batch_dims=1)
    tokens = tf.gather(tokens, keep, batch_dims=1)
    full = ended["ended_scores"][:, -1] > _IMPOSSIBLE / 2
    return _Beam(
        time=beam.time + 1,
        open_ids=tf.gather(ids, keep, batch_dims=1),
        open_log_probs=open_log_probs,
        tokens=tokens,
        text=rules.after(tf.gather(beam.text, origins, batch_dims=1), tokens),
        states=_select(states, origins, size),
        **_unless(beam.done, beam, ended),
        done=beam.done | must_end | full,
    )


def _only_end_where(must_end: tf.Tensor, log_probs: tf.Tensor) -> tf.Tensor:
    """Return `log_probs`; rows that have reached their last position can only write the end symbol.

    The end symbol keeps its log-probability.
    """
    is_end = tf.one_hot(EOS, log_probs.shape[2], on_value=True, off_value=False)
    allowed = tf.logical_not(must_end)[:, tf.newaxis, tf.newaxis] | is_end
    return tf.where(allowed, log_probs, 2.0 * _IMPOSSIBLE)


def _write(ids: tf.Tensor, tokens: tf.Tensor, time: tf.Tensor) -> tf.Tensor:
    here = tf.one_hot(time, tf.shape(ids)[2], on_value=True, off_value=False)
    return tf.where(here, tokens[:, :, tf.newaxis], ids)


def _merge_ended(
    beam: _Beam, ids: tf.Tensor, totals: tf.Tensor, ends: tf.Tensor, alpha: float
) -> dict[str, tf.Tensor]:
    """Return the best ended hypotheses, from the previous ones and those that end now."""
    size = beam.tokens.shape[1]
    length = beam.time + 1
    # Only the best `size` candidates may end: greedy search ends when the end symbol is best.
    in_beam = tf.range(2 * size) < size
    scores = tf.where(ends & in_beam, totals / length_penalty(length, alpha), 2.0 * _IMPOSSIBLE)
    lengths = tf.fill(tf.shape(scores), length)
    all_scores = tf.concat([beam.ended_scores, scores], axis=1)
    best, chosen = tf.math.top_k(all_scores, k=size)

    def pick(before: tf.Tensor, now: tf.Tensor) -> tf.Tensor:
        return tf.gather(tf.concat([before, now], axis=1), chosen, batch_dims=1)

    return {
        "ended_ids": pick(beam.ended_ids, ids),
        "ended_scores": best,
        "ended_log_probs": pick(beam.ended_log_probs, totals),
        "ended_lengths": pick(beam.ended_lengths, lengths),
    }


def _select(states: tuple[LSTMState, ...], origins: tf.Tensor, size: int) -> tuple[LSTMState, ...]:
    """Return the states of the kept hypotheses, in their order."""
    rows = tf.range(tf.shape(origins)[0])[:, tf.newaxis] * size + origins
    flat = tf.reshape(rows, [-1])
    return tuple(LSTMState(*(tf.gather(part, flat) for part in state)) for state in states)


def _unless(done: tf.Tensor, beam: _Beam, ended: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
    """Return the ended hypotheses, unchanged in rows that were finished before this step."""
    kept = {}
    for name, value in ended.items():
        before = getattr(beam, name)
        frozen = tf.reshape(done, [-1] + [1] * (len(value.shape) - 1))
        kept[name] = tf.where(frozen, before, value)
    return kept
