"""What a faster form costs a model: its scores on the test set, with it and without."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from seq2seq.artefact.artefact import Artefact
from seq2seq.artefact.shortlist import Lexicon
from seq2seq.inference.translator import Translator
from seq2seq.training.metrics import text_scores

log = logging.getLogger("seq2seq")


def quantization_cost(artefact: Artefact, predictions: Path) -> dict[str, Any]:
    """Metrics of the quantized model on the sentences that the run was tested on.

    Args:
        artefact: the model.
        predictions: JSON lines with `source` and `reference`, as a run leaves them.

    Returns:
        the test metrics of the quantized model, and under `quantization` what they were before;
        nothing, with a warning, where the run was not tested.
    """
    sources, references = _tested(predictions, "integers")
    if not sources:
        return {}
    before = Translator.from_artefact(artefact).translate(sources)
    after = Translator.from_artefact(artefact, quantized=True).translate(sources)
    return _difference("quantization", "float32", (before, after), references)


def shortlist_cost(
    artefact: Artefact, lexicon: Lexicon, predictions: Path, *, quantized: bool
) -> dict[str, Any]:
    """As `quantization_cost`, of the model with a shortlist, under `shortlist`."""
    sources, references = _tested(predictions, "shortlist")
    if not sources:
        return {}
    translator = Translator.from_artefact(artefact, quantized=quantized, lexicon=lexicon)
    before, after = (translator.translate(sources, shortlist=short) for short in (False, True))
    return _difference("shortlist", "full", (before, after), references)


def _tested(predictions: Path, what: str) -> tuple[list[str], list[str]]:
    """Sources and references of the test; none, with a warning, where there was none."""
    if not predictions.is_file():
        log.warning("there is no %s, so what the %s cost is not measured", predictions, what)
        return [], []
    records = [json.loads(line) for line in predictions.read_bytes().splitlines()]
    return [record["source"] for record in records], [record["reference"] for record in records]


def _difference(
    group: str, name: str, outputs: tuple[list[str], list[str]], references: list[str]
) -> dict[str, Any]:
    """The metrics of the second outputs, and in a group those of the first, called `name`."""
    before, after = (text_scores(one, references) for one in outputs)
    return {
        "test_bleu": after.bleu,
        "test_chrf": after.chrf,
        group: {
            f"{name}_test_bleu": before.bleu,
            f"{name}_test_chrf": before.chrf,
            "bleu_difference": after.bleu - before.bleu,
            "sentences": len(references),
            "same_translations": sum(a == b for a, b in zip(*outputs, strict=True)),
        },
    }
