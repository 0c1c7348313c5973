"""Change of the test scores of a model by quantization or by a shortlist."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from seq2seq.config.choices import BleuTokenizer, TokenizerKind
from seq2seq.data.sequences.item import Content, Values
from seq2seq.evaluation.bleu import text_scores
from seq2seq.evaluation.error_rates import error_rates
from seq2seq.export.exported_model import ExportedModel
from seq2seq.export.shortlist import Lexicon
from seq2seq.inference.translator import Translator

log = logging.getLogger("seq2seq")


def quantization_cost(
    exported_model: ExportedModel, predictions: Path, *, features: Sequence[Values] | None = None
) -> dict[str, Any]:
    """Return the test metrics of the quantized model, and the change from the float32 model.

    Args:
        exported_model: exported model before quantization.
        predictions: path of JSON lines with `source` and `reference`, written by a run.
        features: test sequences of a model of features, in the order of the predictions.

    Returns:
        test metrics of the quantized model; under `quantization`, the metrics of the float32
        model and the differences. Empty if the run has no test predictions or if `features` has
        another length; a warning is logged if the file is missing or the lengths differ.
    """
    test = _Test.read(exported_model, predictions, "integers")
    if test is None:
        return {}
    if features is not None and len(features) != len(test.sources):
        log.warning("the prepared corpus of the run is gone, so what integers cost is not measured")
        return {}
    contents: Sequence[Content] = test.sources if features is None else features
    before = Translator.from_exported_model(exported_model).translate(contents)
    after = Translator.from_exported_model(exported_model, quantized=True).translate(contents)
    return test.difference("quantization", "float32", before, after)


def shortlist_cost(
    exported_model: ExportedModel, lexicon: Lexicon, predictions: Path, *, quantized: bool
) -> dict[str, Any]:
    """Return the test metrics with a shortlist; under `shortlist`, the change caused by it."""
    test = _Test.read(exported_model, predictions, "shortlist")
    if test is None:
        return {}
    translator = Translator.from_exported_model(
        exported_model, quantized=quantized, lexicon=lexicon
    )
    before, after = (translator.translate(test.sources, shortlist=short) for short in (False, True))
    return test.difference("shortlist", "full", before, after)


class _Test(NamedTuple):
    """Test set of a run, and the settings for scoring its translations."""

    sources: list[str]
    references: list[str]
    target_kind: TokenizerKind
    bleu_tokenizer: BleuTokenizer

    @staticmethod
    def read(exported_model: ExportedModel, predictions: Path, what: str) -> _Test | None:
        """Read the test set; return None if there is none, with a warning if the file is absent."""
        records = []
        if predictions.is_file():
            records = [json.loads(line) for line in predictions.read_bytes().splitlines()]
        else:
            log.warning("there is no %s, so what the %s cost is not measured", predictions, what)
        if not records:
            return None
        return _Test(
            [record["source"] for record in records],
            [record["reference"] for record in records],
            exported_model.settings.tokenizer.of_target().kind,
            exported_model.settings.training.bleu_tokenizer,
        )

    def difference(
        self, group: str, name: str, before: list[str], after: list[str]
    ) -> dict[str, Any]:
        """Return the metrics of `after`; under `group`, those of `before` and the differences.

        The keys of the metrics of `before` start with `name`.
        """
        first, last = self._scores(before), self._scores(after)
        cost = {f"{name}_test_{key}": value for key, value in first.items()}
        cost |= {f"{key}_difference": last[key] - first[key] for key in first if key != "chrf"}
        cost |= {
            "sentences": len(self.sources),
            "same_translations": sum(a == b for a, b in zip(before, after, strict=True)),
        }
        return {**{f"test_{key}": value for key, value in last.items()}, group: cost}

    def _scores(self, outputs: list[str]) -> dict[str, float]:
        found = text_scores(outputs, self.references, bleu_tokenizer=self.bleu_tokenizer)
        rates = error_rates(self.sources, outputs, self.references, kind=self.target_kind)
        return {"bleu": found.bleu, "chrf": found.chrf, **rates}
