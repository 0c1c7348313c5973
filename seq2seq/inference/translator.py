"""Translation of text with a trained model.

    from seq2seq import Translator
    Translator.load("runs/phrasebook").translate(["Where is the station?"], beam_size=4)

The translation of a text depends on that text alone, never on others in its batch.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from seq2seq.config.choices import BleuTokenizer, TokenizerKind
from seq2seq.config.schema import SearchSettings
from seq2seq.errors import ModelError
from seq2seq.export.confidence import Calibration
from seq2seq.export.exported_model import (
    ExportedModel,
    LightExportedModel,
    find_exported_model,
    read_light,
)
from seq2seq.export.shortlist import Lexicon
from seq2seq.inference.constraints import Constraints
from seq2seq.inference.ensemble import Ensemble
from seq2seq.inference.markup import Markup
from seq2seq.inference.onnx_model import OnnxModel
from seq2seq.inference.phrase_positions import Search, phrase_positions
from seq2seq.inference.placeholders import Masked, mask
from seq2seq.inference.rows import Row, RowSearch
from seq2seq.inference.translation_options import (
    AS_THE_MODEL,
    SearchOptions,
    changed,
    check_options,
)
from seq2seq.search.hypotheses import Hypothesis
from seq2seq.search.step_model import StepModel
from seq2seq.text.sentences import TrainingSources, rejoined, split_source
from seq2seq.text.tokenizer import Tokenizer, shared_placeholders

Links = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Translation:
    """Translation of a text; for blank text "" with scores of 0 and no tokens.

    Attributes:
        text: translated text, without line breaks.
        score: log-probability divided by the length penalty, which orders alternatives. The lowest
            cost of required phrases is not divided, and words lost to phrases reduce the score.
        log_prob: sum of the log-probabilities of the tokens, end symbol included.
        token_log_probs: log-probability of each token and, last, of the end symbol.
        source_tokens, tokens: tokens of the text and of the translation, as the tokenizers spell
            them.
        alignment: pairs (source index, target index) that give the most attended source token of
            each token of the translation; None unless requested.
        confidence: calibrated probability that the translation is correct; None if the model was
            exported without calibration. For several parts it is the product.
        part_lengths: number of source tokens and of tokens of each part, if the text was translated
            in several parts, because it has more sentences or is longer than the training sources.
            The log-probability is then the sum, and the score the mean over the parts weighted by
            tokens.
        note: further remark for the user, to be read after "the text is"; "" if none.
    """

    text: str
    score: float = 0.0
    log_prob: float = 0.0
    token_log_probs: tuple[float, ...] = ()
    source_tokens: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    alignment: Links | None = None
    confidence: float | None = None
    part_lengths: tuple[tuple[int, int], ...] = ()
    note: str = ""

    @property
    def parts(self) -> int:
        """Number of parts that the text was translated in."""
        return max(1, len(self.part_lengths))

    @property
    def split(self) -> bool:
        """True if the text was translated in several parts."""
        return self.parts > 1


class _Part(NamedTuple):
    """Part of a source text with its white space, and its tokens."""

    text: str
    ids: list[int]


class Translator:
    """Translation model with its tokenizers; may be used from several threads at once."""

    def __init__(
        self,
        model: StepModel,
        *,
        source_tokenizer: Tokenizer,
        target_tokenizer: Tokenizer,
        training_sources: TrainingSources,
        search: SearchSettings,
        target_kind: TokenizerKind,
        bleu_tokenizer: BleuTokenizer,
        calibration: Calibration | None = None,
    ) -> None:
        """Use `load`, or pass a model that implements `StepModel`.

        Args:
            model: model to translate with.
            source_tokenizer, target_tokenizer: tokenizers of the two sides.
            training_sources: extent of the sources that the model was trained on.
            search: default settings of the search.
            target_kind: kind of the target tokenizer (`tokenizer.target_kind`).
            bleu_tokenizer: name of the tokenizer for BLEU.
            calibration: calibration of the confidence, if there is one.
        """
        self.model = model
        self.source_tokenizer = source_tokenizer
        self.target_tokenizer = target_tokenizer
        self.training_sources = training_sources
        self.search = search
        self.target_kind, self.bleu_tokenizer = target_kind, bleu_tokenizer
        self.calibration = calibration
        self._limits = training_sources.limits(
            max_sentences=search.max_sentences, max_length=search.max_source_length
        )

    @classmethod
    def load(cls, path: str | Path, *others: str | Path) -> Translator:
        """Return the translator of an export, or of a run directory with an exported model.

        Several directories form an ensemble; they must have the same tokenizers.

        Raises:
            ModelError: there is no exported model, it is damaged or of another version, or the
                tokenizers differ.
        """
        directories = [find_exported_model(Path(one)) for one in (path, *others)]
        first, *rest = [cls._load(directory) for directory in directories]
        if not rest:
            return first
        for other, directory in zip(rest, directories[1:], strict=True):
            if _tokenizers(other) != _tokenizers(first):
                raise ModelError(
                    f"{directory} has other tokenizers than {directories[0]}; models that write "
                    "together must be trained with the same ones (model.init_from keeps them)"
                )
        first.model = Ensemble([first.model, *(other.model for other in rest)])
        return first

    @classmethod
    def from_exported_model(
        cls,
        exported_model: ExportedModel,
        *,
        quantized: bool = False,
        lexicon: Lexicon | None = None,
    ) -> Translator:
        """Return the translator of an exported model in memory; with a lexicon it has a shortlist.

        Raises:
            ModelError: the weights do not fit the settings.
        """
        return cls._of(exported_model.light(quantized=quantized, lexicon=lexicon))

    @classmethod
    def _of(cls, exported_model: LightExportedModel) -> Translator:
        settings = exported_model.settings
        return cls(
            OnnxModel(
                exported_model.graphs,
                exported_model.numbers,
                vocab_size=exported_model.target_tokenizer.vocab_size,
                lexicon=exported_model.lexicon,
            ),
            source_tokenizer=exported_model.source_tokenizer,
            target_tokenizer=exported_model.target_tokenizer,
            training_sources=exported_model.training_sources,
            search=settings.search,
            target_kind=settings.tokenizer.of_target().kind,
            bleu_tokenizer=settings.training.bleu_tokenizer,
            calibration=exported_model.calibration,
        )

    @classmethod
    def _load(cls, directory: Path) -> Translator:
        exported_model = read_light(directory)
        try:
            return cls._of(exported_model)
        except ModelError as error:
            raise ModelError(f"{directory}: {error}") from error

    def translate(
        self, texts: Iterable[str], options: SearchOptions = AS_THE_MODEL, **changes: Any
    ) -> list[str]:
        """Return the best translation of each text, in order; "" for blank text.

        No translation holds a line break.

        Args:
            texts: texts of any length.
            options: options of the search; the model's settings replace those that are None.
            changes: fields of `options` to set, such as `beam_size=4`.

        Raises:
            SettingsError: an option is invalid.
        """
        return [found[0].text for found in self.hypotheses(texts, options, **changes)]

    def hypotheses(
        self, texts: Iterable[str], options: SearchOptions = AS_THE_MODEL, **changes: Any
    ) -> list[list[Translation]]:
        """Return the `n_best` translations of each text, best first; fewer if fewer were found.

        The arguments are those of `translate`.

        Raises:
            SettingsError: an option is invalid, or alignments are requested of a model without
                attention.
            TypeError: `texts` is a single text.
        """
        if isinstance(texts, str):
            raise TypeError("texts must be a sequence of str, not one str: give [text]")
        texts = list(texts)  # a generator can be read once only
        options = changed(options, changes)
        check_options(options, self.search, has_attention=self.model.has_attention)
        different = list(dict.fromkeys(texts))
        names = shared_placeholders(self.source_tokenizer, self.target_tokenizer)
        signs = self.training_sources.signs
        masked = [mask(text, options.placeholders, names, signs=signs) for text in different]
        constraints = Constraints(
            options, source=self.source_tokenizer, target=self.target_tokenizer
        )
        parts = self._parts(masked)
        spans = self.source_tokenizer.spans
        markup = [
            tags
            for one, text_parts in zip(masked, parts, strict=True)
            for tags in one.markup([part.text for part in text_parts], spans)
        ]
        search = RowSearch(self.model, self.target_tokenizer, self.search)
        best = partial(search, options=replace(options, n_best=1, sampling=None, alignments=False))
        rows = _rows(masked, parts, markup, constraints, best)
        found = search(rows, options)
        translated = self._translations(rows, markup, found, alignments=options.alignments)
        translations = iter(translated)
        results = {}
        for text, one, text_parts in zip(different, masked, parts, strict=True):
            sources = [part.text for part in text_parts]
            joined = _joined([next(translations) for _ in text_parts], sources)
            results[text] = [_restored(translation, one) for translation in joined]
        return [results[text] for text in texts]

    def _parts(self, masked: Sequence[Masked]) -> list[list[_Part]]:
        """Return the parts of each text; none if it has no tokens."""
        whole = self.source_tokenizer.encode([one.text for one in masked])
        parts: list[list[_Part]] = []
        for one, ids in zip(masked, whole, strict=True):
            split = split_source(one.text, self._limits, tokens=len(ids), count=self._count)
            encoded = [ids] if len(split) == 1 else self.source_tokenizer.encode(split)
            pairs = zip(split, encoded, strict=True)
            parts.append([_Part(text, row) for text, row in pairs if row and text.strip()])
        return parts

    def _count(self, text: str) -> int:
        return len(self.source_tokenizer.encode([text])[0])

    def _translations(
        self,
        rows: Sequence[Row],
        markup: Sequence[Markup],
        found: Sequence[Sequence[Hypothesis]],
        *,
        alignments: bool,
    ) -> list[list[Translation]]:
        """Return the hypotheses found for each row as text, with the tags of the row."""
        ids = [hypothesis.ids for hypotheses in found for hypothesis in hypotheses]
        # Decode all texts at once: a call of the tokenizer takes longer than decoding one text.
        texts = iter(self.target_tokenizer.decode(ids))
        spell, spell_source = self.target_tokenizer.token, self.source_tokenizer.token
        return [
            [
                self._rated(
                    Translation(
                        text=self._with_tags(tags, next(texts), hypothesis),
                        score=hypothesis.score,
                        log_prob=hypothesis.log_prob,
                        token_log_probs=hypothesis.token_log_probs,
                        source_tokens=tuple(map(spell_source, row.ids)),
                        tokens=tuple(map(spell, hypothesis.ids)),
                        alignment=_alignment(hypothesis) if alignments else None,
                    )
                )
                for hypothesis in hypotheses
            ]
            for row, tags, hypotheses in zip(rows, markup, found, strict=True)
        ]

    def _rated(self, translation: Translation) -> Translation:
        """Return the translation with its confidence."""
        if self.calibration is None:
            return translation
        return replace(translation, confidence=self.calibration.confidence(translation))

    def _with_tags(self, tags: Markup, text: str, hypothesis: Hypothesis) -> str:
        if not tags:
            return text
        return tags.put_into(
            text, self.target_tokenizer.positions(hypothesis.ids), hypothesis.links
        )


def _tokenizers(translator: Translator) -> tuple[bytes, bytes]:
    return translator.source_tokenizer.model_bytes, translator.target_tokenizer.model_bytes


def _alignment(hypothesis: Hypothesis) -> Links:
    return tuple((origin, here) for here, origin in enumerate(hypothesis.links))


def _restored(translation: Translation, masked: Masked) -> Translation:
    """Return the translation with the original text of its placeholders."""
    if not masked.carried and not masked.runs and not masked.note:
        return translation
    return replace(translation, text=masked.restored(translation.text), note=masked.note)


def _rows(
    masked: Sequence[Masked],
    parts: Sequence[Sequence[_Part]],
    markup: Sequence[Markup],
    constraints: Constraints,
    search: Search,
) -> list[Row]:
    """Return the rows of all parts, with the conditions on their translations."""

    def row(text: int, position: int, phrases: Iterable[int]) -> Row:
        part = parts[text][position]
        names = masked[text].placeholders(part.text)
        conditions = constraints.of_row(part.text, first=not position, phrases=phrases, names=names)
        return Row(part.ids, conditions)

    counts = [len(text_parts) for text_parts in parts]
    positions = phrase_positions(counts, constraints.phrases, row, search)
    rows = [
        row(text, part, [phrase for phrase, chosen in enumerate(positions[text]) if chosen == part])
        for text, count in enumerate(counts)
        for part in range(count)
    ]
    return [replace(one, links=bool(tags)) for one, tags in zip(rows, markup, strict=True)]


def _joined(parts: list[list[Translation]], sources: Sequence[str]) -> list[Translation]:
    """Return the translations of a text from those of its parts, joined by rank."""
    if not parts:
        return [Translation("", confidence=1.0)]
    if len(parts) == 1:
        return parts[0]
    count = min(len(alternatives) for alternatives in parts)
    return [_concatenated([part[position] for part in parts], sources) for position in range(count)]


def _product(confidences: Sequence[float | None]) -> float | None:
    known = [one for one in confidences if one is not None]
    return math.prod(known) if len(known) == len(confidences) else None


def _concatenated(parts: Sequence[Translation], sources: Sequence[str]) -> Translation:
    weights = [len(part.tokens) + 1 for part in parts]
    links: list[tuple[int, int]] = []
    source_start, start = 0, 0
    for part in parts:
        links += [(source_start + a, start + b) for a, b in part.alignment or ()]
        source_start += len(part.source_tokens)
        start += len(part.tokens)
    whole = Translation(
        text=rejoined([part.text for part in parts], sources),
        score=sum(w * p.score for w, p in zip(weights, parts, strict=True)) / sum(weights),
        log_prob=sum(part.log_prob for part in parts),
        token_log_probs=tuple(one for part in parts for one in part.token_log_probs),
        source_tokens=tuple(token for part in parts for token in part.source_tokens),
        tokens=tuple(token for part in parts for token in part.tokens),
        part_lengths=tuple((len(part.source_tokens), len(part.tokens)) for part in parts),
        confidence=_product([part.confidence for part in parts]),
    )
    return whole if parts[0].alignment is None else replace(whole, alignment=tuple(links))
