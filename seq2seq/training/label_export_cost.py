"""Change of the scores of a classification or regression model, caused by 8-bit quantization."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np

from seq2seq.config.choices import Split as SplitName
from seq2seq.config.schema import Settings
from seq2seq.data.sequences.item import Content
from seq2seq.data.sequences.target_schema import Targets
from seq2seq.data.store import CorpusStore
from seq2seq.errors import DataError, TrainingError
from seq2seq.evaluation.label_evaluation import evaluation
from seq2seq.export.exported_label_model import ExportedLabelModel
from seq2seq.inference.predictor import Predictor
from seq2seq.training.run_directory import check_resumed_corpus, run_corpus

log = logging.getLogger("seq2seq")


def label_quantization_cost(
    exported_model: ExportedLabelModel, settings: Settings, run_directory: Path
) -> dict[str, Any]:
    """Return the scores of the quantized model, and their change from the float32 model.

    The scores are those of the test set, or of the validation set if the run has no test set.

    Args:
        exported_model: exported model before quantization.
        settings: settings of the run.
        run_directory: directory of the run.

    Returns:
        metrics of the quantized model; under `quantization`, the metrics of the float32 model and
        the differences. The mapping is empty, and a warning is logged, if the corpus files are
        missing or have changed.
    """
    try:
        corpus = run_corpus(settings)
        check_resumed_corpus(run_directory, corpus.fingerprint, begun=True)
    except (DataError, TrainingError) as error:
        log.warning("what the integers cost is not measured: %s", error)
        return {}
    split: SplitName = "valid" if corpus.test is None else "test"
    store = corpus.valid if corpus.test is None else corpus.test
    contents, targets = labelled_contents(store, corpus.raw(split))
    before, after = (
        evaluation(
            Predictor.from_exported_model(exported_model, quantized=quantized), contents, targets
        )
        for quantized in (False, True)
    )
    cost: dict[str, Any] = {f"float32_{split}_{name}": x for name, x in before.scores.items()}
    cost |= {f"{name}_difference": x - before.scores[name] for name, x in after.scores.items()}
    cost["sequences"] = len(contents)
    if settings.task.name == "classification":
        same = (one == other for one, other in zip(before.spelled, after.spelled, strict=True))
        cost["same_predictions"] = sum(same)
    scores = {f"{split}_{name}": x for name, x in after.scores.items()}
    return {**scores, "quantization": cost}


def labelled_contents(
    store: CorpusStore, raw: list[dict[str, Any]]
) -> tuple[list[Content], list[Targets]]:
    """Return the sequences of a split as they were read, and their targets.

    Args:
        store: split of the corpus.
        raw: rows of the split as read from its file.
    """
    contents = [
        record["text"] if record["text"] is not None else np.asarray(store.source[row])
        for row, record in enumerate(raw)
    ]
    return contents, [store.target[row] for row in range(len(store))]
