"""Text to text with a trained model.

    from seq2seq import Translator
    Translator.load("runs/phrasebook").translate(["Where is the station?"], beam_size=4)

What a text becomes depends on it alone, never on the texts around it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seq2seq.artefact.artefact import Artefact, find_artefact, read_artefact
from seq2seq.data.pipeline import Ids
from seq2seq.errors import ArtefactError, SettingsError
from seq2seq.inference.batches import map_by_length
from seq2seq.model.backend import quiet_tensorflow
from seq2seq.settings import SearchSettings
from seq2seq.text.sentences import split_long
from seq2seq.text.tokenizer import Tokenizer

quiet_tensorflow()

import tensorflow as tf  # noqa: E402

from seq2seq.model.beam_search import Hypotheses, beam_search  # noqa: E402
from seq2seq.model.scoring import attention_weights  # noqa: E402
from seq2seq.model.translation import TranslationModel, build_model  # noqa: E402
from seq2seq.model.weights import assign_weights  # noqa: E402

_IDS = tf.TensorSpec([None, None], tf.int32)

Links = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Translation:
    """One translation of a text. Of blank text it is "" with scores of 0 and no pieces.

    Attributes:
        text: never holds a line break.
        score: log-probability over the length penalty; what alternatives are ordered by.
        log_prob: sum over the pieces, end symbol counted.
        source_pieces, pieces: of the text and of the translation, as the tokenizers spell them.
        alignment: (source piece, piece of the translation) by number, for each of the latter
            the source piece it looked at most; None unless asked for.
        split: the text was longer than the model takes and was translated in parts. Then the
            log-probability is the sum and the score the mean over the parts, by pieces.
    """

    text: str
    score: float = 0.0
    log_prob: float = 0.0
    source_pieces: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()
    alignment: Links | None = None
    split: bool = False


class Search(NamedTuple):
    """How to search; one graph is made for each that is used."""

    beam_size: int
    n_best: int
    length_penalty: float


class Translator:
    """A model with its tokenizers. May be used from several threads at once."""

    def __init__(
        self,
        model: TranslationModel,
        *,
        source_tokenizer: Tokenizer,
        target_tokenizer: Tokenizer,
        search: SearchSettings,
    ) -> None:
        """Use `load`, or give a model with its weights; `search` holds the defaults."""
        self.model = model
        self.source_tokenizer = source_tokenizer
        self.target_tokenizer = target_tokenizer
        self.search = search
        self._graphs: dict[Search, Callable[[Ids], Hypotheses]] = {}
        self._making = threading.Lock()
        self._attention = tf.function(
            self._best_sources, input_signature=[_IDS, _IDS], autograph=False
        )

    @classmethod
    def load(cls, path: str | Path) -> Translator:
        """The translator in an export or in a run directory that has one.

        Raises `ArtefactError` if there is none, or it is damaged or of another version.
        """
        directory = find_artefact(Path(path))
        artefact = read_artefact(directory)
        try:
            return cls.from_artefact(artefact)
        except ArtefactError as fault:
            raise ArtefactError(f"{directory}: {fault}") from fault

    @classmethod
    def from_artefact(cls, artefact: Artefact) -> Translator:
        """The translator of an artefact in memory.

        Raises `ArtefactError` if its weights do not fit its settings.
        """
        settings = artefact.settings
        model = build_model(
            settings.model,
            source_vocab=artefact.source_tokenizer.vocab_size,
            target_vocab=artefact.target_tokenizer.vocab_size,
            shared_vocabulary=settings.tokenizer.joint,
        )
        assign_weights(model, artefact.weights)
        return cls(
            model,
            source_tokenizer=artefact.source_tokenizer,
            target_tokenizer=artefact.target_tokenizer,
            search=settings.search,
        )

    def translate(
        self,
        texts: Iterable[str],
        *,
        beam_size: int | None = None,
        length_penalty: float | None = None,
        batch_tokens: int | None = None,
    ) -> list[str]:
        """The best translation of each text, in order; blank text gives "".

        What is not given is as the model's settings say. No translation holds a line break.

        Raises `SettingsError` for a beam, penalty or batch that cannot be.
        """
        found = self.hypotheses(
            texts, beam_size=beam_size, length_penalty=length_penalty, batch_tokens=batch_tokens
        )
        return [alternatives[0].text for alternatives in found]

    def hypotheses(
        self,
        texts: Iterable[str],
        *,
        beam_size: int | None = None,
        n_best: int = 1,
        length_penalty: float | None = None,
        batch_tokens: int | None = None,
        alignments: bool = False,
    ) -> list[list[Translation]]:
        """The `n_best` translations of each text, best first; fewer where fewer were found.

        Raises `SettingsError` as `translate` does, and for `alignments` of a model that has no
        attention.
        """
        if isinstance(texts, str):
            raise TypeError("texts must be a sequence of str, not one str: give [text]")
        texts = list(texts)  # a generator can be read once only
        search = self._checked(beam_size, n_best, length_penalty)
        budget = self.search.batch_tokens if batch_tokens is None else batch_tokens
        if budget < 1:
            raise SettingsError(f"batch_tokens must be at least 1; received {budget}")
        if alignments and self.model.decoder.attention is None:
            raise SettingsError(
                "this model has no attention (model.attention=none), so it cannot "
                "tell alignments: leave them out"
            )
        different = list(dict.fromkeys(texts))
        parts = self._parts(different)
        rows = [row for text_parts in parts for row in text_parts]
        found = iter(self._search(rows, search, budget, alignments=alignments))
        results = {
            text: _joined([next(found) for _ in text_parts])
            for text, text_parts in zip(different, parts, strict=True)
        }
        return [results[text] for text in texts]

    def _checked(self, beam_size: int | None, n_best: int, length_penalty: float | None) -> Search:
        beam = self.search.beam_size if beam_size is None else beam_size
        penalty = self.search.length_penalty if length_penalty is None else length_penalty
        if not 1 <= beam <= 256:
            raise SettingsError(f"beam_size must be from 1 to 256; received {beam}")
        if not 1 <= n_best <= beam:
            raise SettingsError(
                f"n_best must be from 1 to the beam's size, which is {beam}; received {n_best}: "
                "widen the beam"
            )
        if not 0.0 <= penalty < float("inf"):
            raise SettingsError(f"length_penalty must be 0 or more; received {penalty}")
        return Search(beam, n_best, float(penalty))

    def _parts(self, texts: Sequence[str]) -> list[list[list[int]]]:
        """The pieces of each text: no part if it has none, several if it is too long."""
        limit = self.search.max_source_length
        parts: list[list[list[int]]] = []
        for text, row in zip(texts, self.source_tokenizer.encode(texts), strict=True):
            if len(row) <= limit or not text.strip():
                parts.append([row] if row and text.strip() else [])
                continue
            cut = split_long(text, max_pieces=limit, count=self._count)
            rows = self.source_tokenizer.encode([part.strip() for part in cut])
            parts.append([part for part in rows if part])
        return parts

    def _count(self, text: str) -> int:
        return len(self.source_tokenizer.encode([text])[0])

    def _search(
        self, rows: Sequence[list[int]], search: Search, budget: int, *, alignments: bool
    ) -> list[list[Translation]]:
        """The translations of each row of source pieces."""
        graph = self._graph(search)

        def run(batch: Ids, numbers: list[int]) -> list[list[Translation]]:
            found = Hypotheses(*(tensor.numpy() for tensor in graph(batch)))
            links = self._align(batch, found.ids) if alignments else None
            return [
                self._translations(rows[number], found, row, links)
                for row, number in enumerate(numbers)
            ]

        return map_by_length(run, rows, max_tokens=budget)

    def _translations(
        self, source: list[int], found: Hypotheses, row: int, links: Ids | None
    ) -> list[Translation]:
        """The hypotheses of one row of a batch; `found` holds arrays here."""
        counted = [max(int(length) - 1, 0) for length in found.lengths[row]]  # without the end
        ids = [found.ids[row, place, :count].tolist() for place, count in enumerate(counted)]
        texts = self.target_tokenizer.decode(ids)
        translations = []
        for place, text in enumerate(texts):
            if found.lengths[row, place] == 0 and place > 0:
                continue  # fewer were found than asked for
            alignment: Links | None = None
            if links is not None:
                chosen = links[row, place, : counted[place]].tolist()
                alignment = tuple((int(origin), here) for here, origin in enumerate(chosen))
            translations.append(
                Translation(
                    text=text,
                    score=float(found.scores[row, place]),
                    log_prob=float(found.log_probs[row, place]),
                    source_pieces=tuple(map(self.source_tokenizer.piece, source)),
                    pieces=tuple(map(self.target_tokenizer.piece, ids[place])),
                    alignment=alignment,
                )
            )
        return translations

    def _align(self, batch: Ids, ids: Ids) -> Ids:
        """For each piece of each hypothesis the source piece, `[rows, n_best, length] int32`."""
        rows, n_best, length = ids.shape
        targets = np.ascontiguousarray(ids.reshape(rows * n_best, length))
        sources = np.repeat(batch, n_best, axis=0)
        links: Ids = self._attention(sources, targets).numpy()
        return links.reshape(rows, n_best, length)

    def _best_sources(self, sources: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
        weights = attention_weights(self.model, sources, targets)
        # The end symbol often takes what belongs nowhere; a piece is linked to a piece.
        last = tf.reduce_sum(tf.cast(tf.not_equal(sources, 0), tf.int32), axis=1) - 1
        is_end = tf.one_hot(last, tf.shape(sources)[1], on_value=True, off_value=False)
        weights = tf.where(is_end[:, tf.newaxis, :], -1.0, weights)
        return tf.argmax(weights, axis=2, output_type=tf.int32)

    def _graph(self, search: Search) -> Callable[[Ids], Hypotheses]:
        """The search as a graph for batches of any shape, traced once."""
        with self._making:
            if search not in self._graphs:
                self._graphs[search] = tf.function(
                    lambda ids: beam_search(
                        self.model,
                        ids,
                        beam_size=search.beam_size,
                        n_best=search.n_best,
                        length_penalty=search.length_penalty,
                        max_length_factor=self.search.max_length_factor,
                        max_length_offset=self.search.max_length_offset,
                    ),
                    input_signature=[_IDS],
                    autograph=False,
                )
            return self._graphs[search]


def _joined(parts: list[list[Translation]]) -> list[Translation]:
    """The translations of a text from those of its parts: best with best, second with second."""
    if not parts:
        return [Translation("")]
    if len(parts) == 1:
        return parts[0]
    count = min(len(alternatives) for alternatives in parts)
    return [_concatenated([part[place] for part in parts]) for place in range(count)]


def _concatenated(parts: Sequence[Translation]) -> Translation:
    weights = [len(part.pieces) + 1 for part in parts]
    links: list[tuple[int, int]] = []
    source_start, start = 0, 0
    for part in parts:
        links += [(source_start + a, start + b) for a, b in part.alignment or ()]
        source_start += len(part.source_pieces)
        start += len(part.pieces)
    whole = Translation(
        text=" ".join(part.text for part in parts if part.text),
        score=sum(w * p.score for w, p in zip(weights, parts, strict=True)) / sum(weights),
        log_prob=sum(part.log_prob for part in parts),
        source_pieces=tuple(piece for part in parts for piece in part.source_pieces),
        pieces=tuple(piece for part in parts for piece in part.pieces),
        split=True,
    )
    return whole if parts[0].alignment is None else replace(whole, alignment=tuple(links))
