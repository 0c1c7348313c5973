"""Metrics by which a run can be judged."""

from __future__ import annotations

from seq2seq.config.choices import TokenizerKind

AUTO = "auto"  # value of a setting that is chosen when a run begins, and then kept

KINDS_WITH_ERROR_RATES: tuple[TokenizerKind, ...] = (
    "char",
    "symbols",
)  # kinds of target tokenizers
HIGHER_IS_BETTER = {
    "valid_bleu": True,
    "valid_chrf": True,
    "valid_loss": False,
    "valid_perplexity": False,
    "valid_symbol_error_rate": False,
    "valid_sequence_error_rate": False,
    "valid_accuracy": True,
    "valid_macro_f1": True,
    "valid_span_f1": True,
    "valid_mae": False,
    "valid_rmse": False,
    "valid_r2": True,
}
BEST_SCORES = {  # best possible values
    "valid_bleu": 100.0,
    "valid_chrf": 100.0,
    "valid_symbol_error_rate": 0.0,
    "valid_sequence_error_rate": 0.0,
    "valid_accuracy": 1.0,
    "valid_macro_f1": 1.0,
    "valid_span_f1": 1.0,
}
