"""Translation of texts, or of sequences of features, with a trained model.

    from seq2seq import Translator
    Translator.load("runs/phrasebook").translate(["Where is the station?"], beam_size=4)

The translation of a source depends on that source alone, never on others in its batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from numpy.typing import ArrayLike

from seq2seq.config.choices import BleuTokenizer, TokenizerKind
from seq2seq.config.schema import SearchSettings
from seq2seq.data.sequences.contents import contents_of
from seq2seq.data.sequences.inputs import Inputs
from seq2seq.data.sequences.item import Content, Form
from seq2seq.data.sequences.scaling import Scale
from seq2seq.errors import ModelError
from seq2seq.export.confidence import Calibration
from seq2seq.export.exported_model import (
    ExportedModel,
    TranslationInferenceModel,
    find_exported_model,
    read_inference_model,
)
from seq2seq.export.shortlist import Lexicon
from seq2seq.inference.batches import padding_of
from seq2seq.inference.constraints import Constraints
from seq2seq.inference.ensemble import Ensemble
from seq2seq.inference.markup import Markup
from seq2seq.inference.onnx_model import OnnxModel
from seq2seq.inference.placeholders import Masked, mask
from seq2seq.inference.rows import Row, RowSearch
from seq2seq.inference.source_parts import rows_of, split_texts
from seq2seq.inference.translation import Alignment, Translation, join_parts
from seq2seq.inference.translation_options import (
    AS_THE_MODEL,
    SearchOptions,
    changed,
    check_feature_options,
    check_options,
)
from seq2seq.search.hypotheses import Hypothesis
from seq2seq.search.step_model import StepModel
from seq2seq.text.sentences import TrainingSources
from seq2seq.text.tokenizer import Tokenizer, shared_placeholders

TextOrFeatures = str | ArrayLike


class Translator:
    """Translation model with its tokenizers; may be used from several threads at once."""

    def __init__(
        self,
        model: StepModel,
        *,
        inputs: Inputs,
        target_tokenizer: Tokenizer,
        training_sources: TrainingSources,
        search: SearchSettings,
        target_kind: TokenizerKind,
        bleu_tokenizer: BleuTokenizer,
        calibration: Calibration | None = None,
        form: Form | None = None,
    ) -> None:
        """Create a translator of a model that implements `StepModel`; see also `load`.

        Args:
            model: model to translate with.
            inputs: encoding of the sources.
            target_tokenizer: tokenizer of the target.
            training_sources: number of sentences, and lengths, of the sources seen in training.
            search: default settings of the search.
            target_kind: kind of the target tokenizer (`tokenizer.target_kind`).
            bleu_tokenizer: name of the tokenizer for BLEU.
            calibration: calibration of the confidence, if there is one.
            form: format of features: padding value, and rule for missing values.
        """
        self.model = model
        self.inputs, self.form = inputs, form or Form()
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
            if _encodings(other) != _encodings(first):
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
        return cls._of(exported_model.for_inference(quantized=quantized, lexicon=lexicon))

    @classmethod
    def _of(cls, exported_model: TranslationInferenceModel) -> Translator:
        settings = exported_model.settings
        return cls(
            OnnxModel(
                exported_model.graphs,
                exported_model.numbers,
                vocab_size=exported_model.target_tokenizer.vocab_size,
                lexicon=exported_model.lexicon,
            ),
            inputs=Inputs.of(exported_model.source),
            form=Form.of(settings.data, per_step=False),
            target_tokenizer=exported_model.target_tokenizer,
            training_sources=exported_model.training_sources,
            search=settings.search,
            target_kind=settings.tokenizer.of_target().kind,
            bleu_tokenizer=settings.training.bleu_tokenizer,
            calibration=exported_model.calibration,
        )

    @classmethod
    def _load(cls, directory: Path) -> Translator:
        exported_model = read_inference_model(directory)
        try:
            return cls._of(exported_model)
        except ModelError as error:
            raise ModelError(f"{directory}: {error}") from error

    @property
    def source_tokenizer(self) -> Tokenizer:
        """Tokenizer of the source; raises `ModelError` for a model of features."""
        return self.inputs.text_tokenizer

    def translate(
        self, texts: Iterable[TextOrFeatures], options: SearchOptions = AS_THE_MODEL, **changes: Any
    ) -> list[str]:
        """Return the best translation of each text, in order; "" for blank text.

        No translation holds a line break.

        Args:
            texts: texts of any length; for a model of features arrays `[time, features]`, whose
                padding is removed and whose missing values are filled as in training.
            options: options of the search; the model's settings replace those that are None.
            changes: fields of `options` to set, such as `beam_size=4`.

        Raises:
            SettingsError: an option is invalid.
            DataError: an array is invalid input for the model; the message gives its number, from
                1.
        """
        return [found[0].text for found in self.hypotheses(texts, options, **changes)]

    def hypotheses(
        self, texts: Iterable[TextOrFeatures], options: SearchOptions = AS_THE_MODEL, **changes: Any
    ) -> list[list[Translation]]:
        """Return the `n_best` translations of each text, best first; fewer if fewer were found.

        The arguments are those of `translate`. For a text in several parts, they are the best
        combinations of the translations of the parts.

        Raises:
            SettingsError: an option is invalid, or alignments are requested of a model without
                attention.
            DataError: a source is invalid; see `translate`.
            TypeError: `texts` is a single text.
        """
        if isinstance(texts, str):
            raise TypeError("texts must be a sequence of str, not one str: give [text]")
        texts = list(texts)  # a generator can be read once only
        options = changed(options, changes)
        check_options(options, self.search, has_attention=self.model.has_attention)
        contents = contents_of(texts, self.inputs, self.form)
        if self.inputs.features:
            return self._of_features(contents, options)
        return self._of_texts([text for text in contents if isinstance(text, str)], options)

    def _of_features(
        self, contents: Sequence[Content], options: SearchOptions
    ) -> list[list[Translation]]:
        """Return the translations of sequences of features, which are not split into parts."""
        check_feature_options(options)
        constraints = Constraints(options, source=None, target=self.target_tokenizer)
        conditions = constraints.of_row("", first=True, phrases=range(constraints.phrases))
        rows = [Row(row, conditions) for row in self.inputs.encode(list(contents))]
        found = self._row_search(rows, options)
        return self._translations(
            rows, [Markup()] * len(rows), found, alignments=options.alignments
        )

    def _of_texts(self, texts: list[str], options: SearchOptions) -> list[list[Translation]]:
        different = list(dict.fromkeys(texts))
        names = shared_placeholders(self.source_tokenizer, self.target_tokenizer)
        signs = self.training_sources.signs
        masked = [mask(text, options.placeholders, names, signs=signs) for text in different]
        constraints = Constraints(
            options, source=self.source_tokenizer, target=self.target_tokenizer
        )
        parts = split_texts(masked, self.source_tokenizer, self._limits)
        spans = self.source_tokenizer.spans
        markup = [
            tags
            for one, text_parts in zip(masked, parts, strict=True)
            for tags in one.markup([part.text for part in text_parts], spans)
        ]
        plain = replace(options, n_best=1, sampling=None, alignments=False)
        search = partial(self._row_search, options=plain)
        rows = rows_of(masked, parts, markup, constraints, search)
        found = self._row_search(rows, options)
        translated = self._translations(rows, markup, found, alignments=options.alignments)
        translations = iter(translated)
        results = {}
        for text, one, text_parts in zip(different, masked, parts, strict=True):
            sources = [part.text for part in text_parts]
            whole = join_parts(
                [next(translations) for _ in text_parts],
                sources,
                readable="\ufffd" not in text,
                drawn=options.sampling is not None,
            )
            results[text] = [_restored(translation, one) for translation in whole]
        return [results[text] for text in texts]

    @property
    def _row_search(self) -> RowSearch:
        pad = padding_of(self.inputs)
        return RowSearch(self.model, self.target_tokenizer, self.search, pad)

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
        spell = self.target_tokenizer.token
        return [
            [
                self._rated(
                    Translation(
                        text=self._with_tags(tags, next(texts), hypothesis),
                        score=hypothesis.score,
                        log_prob=hypothesis.log_prob,
                        token_log_probs=hypothesis.token_log_probs,
                        source_tokens=self._spelled(row),
                        tokens=tuple(map(spell, hypothesis.ids)),
                        alignment=_alignment(hypothesis) if alignments else None,
                    )
                )
                for hypothesis in hypotheses
            ]
            for row, tags, hypotheses in zip(rows, markup, found, strict=True)
        ]

    def _spelled(self, row: Row) -> tuple[str, ...]:
        """Return the source tokens of a row; features have none."""
        if self.inputs.tokenizer is None:
            return ()
        return tuple(map(self.inputs.tokenizer.token, row.ids))

    def _rated(self, translation: Translation) -> Translation:
        """Return the translation with its confidence."""
        if self.calibration is None:
            return translation
        return replace(translation, confidence=self.calibration.confidence(translation))

    def _with_tags(self, tags: Markup, text: str, hypothesis: Hypothesis) -> str:
        if not tags:
            return text
        return tags.put_into(
            text, self.target_tokenizer.positions(hypothesis.ids), hypothesis.source_positions
        )


def _encodings(translator: Translator) -> tuple[bytes | Scale | None, bytes]:
    """Return the tokenizers of a model, or its feature scaling and target tokenizer, to compare."""
    tokenizer = translator.inputs.tokenizer
    source = translator.inputs.scale if tokenizer is None else tokenizer.model_bytes
    return source, translator.target_tokenizer.model_bytes


def _alignment(hypothesis: Hypothesis) -> Alignment:
    return tuple((origin, here) for here, origin in enumerate(hypothesis.source_positions))


def _restored(translation: Translation, masked: Masked) -> Translation:
    """Return the translation with the original text of its placeholders."""
    if not masked.carried and not masked.runs and not masked.note:
        return translation
    return replace(translation, text=masked.restored(translation.text), note=masked.note)
