"""What 8-bit integers cost a model: its scores on the test set, with them and without."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from seq2seq.artefact.artefact import Artefact
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
    if not predictions.is_file():
        log.warning("there is no %s, so what the integers cost is not measured", predictions)
        return {}
    records = [json.loads(line) for line in predictions.read_bytes().splitlines()]
    sources = [record["source"] for record in records]
    references = [record["reference"] for record in records]
    exact = Translator.from_artefact(artefact).translate(sources)
    close = Translator.from_artefact(artefact, quantized=True).translate(sources)
    before, after = text_scores(exact, references), text_scores(close, references)
    return {
        "test_bleu": after.bleu,
        "test_chrf": after.chrf,
        "quantization": {
            "float32_test_bleu": before.bleu,
            "float32_test_chrf": before.chrf,
            "bleu_difference": after.bleu - before.bleu,
            "sentences": len(sources),
            "same_translations": sum(a == b for a, b in zip(exact, close, strict=True)),
        },
    }
