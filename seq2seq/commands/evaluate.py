"""`seq2seq evaluate`: how good a model is on files with the right answers."""

from __future__ import annotations

import importlib
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seq2seq.commands.destination import check_destination
from seq2seq.commands.evaluate_labels import evaluate_labels
from seq2seq.commands.item_options import add_item_options, is_labelling
from seq2seq.commands.model_options import add_model_options, load_translator, positive
from seq2seq.commands.options import CommandParser
from seq2seq.commands.parallel_files import add_file_options, read_parallel
from seq2seq.data.text_file import text_encoding
from seq2seq.errors import DataError, SettingsError

if TYPE_CHECKING:
    from seq2seq.inference.translator import Translator

log = logging.getLogger("seq2seq")


def main(argv: Sequence[str]) -> int:
    """Run the command; `argv` is what follows `seq2seq evaluate`. Returns the exit status."""
    options = _parser().read(argv)
    if options.picture is not None:
        inputs = [path for path in (options.source, options.target) if path is not None]
        check_destination(options.picture, inputs=inputs, option="--picture")
    if len(options.model) == 1 and is_labelling(options.model[0]):
        return evaluate_labels(options)
    if options.target is None:
        raise SettingsError("--target is not given; a translation is compared with a reference")
    if options.padding_value is not None:
        raise SettingsError("--padding-value is for sequences of numbers; this model reads texts")
    encoding = text_encoding(options.encoding, key="--encoding")
    importlib.import_module("sacrebleu")  # where it is missing, that is told before the work
    sources, targets = read_parallel(options.source, options.target, encoding=encoding)
    figures = evaluate(
        load_translator(options),
        sources,
        targets,
        beam_size=options.beam,
        batch_tokens=options.batch_tokens,
        bleu_tokenizer=options.bleu_tokenizer,
    )
    print(json.dumps(figures) if options.json else _as_text(figures))
    return 0


def evaluate(
    translator: Translator,
    sources: Sequence[str],
    targets: Sequence[str],
    *,
    beam_size: int | None = None,
    batch_tokens: int | None = None,
    bleu_tokenizer: str | None = None,
) -> dict[str, Any]:
    """Return scores of the translations of `sources` and the loss of `targets`, by name.

    The loss is the mean negative log-probability of a token, end symbols counted.

    Args:
        translator: model to judge.
        sources, targets: sources, and the reference of each.
        beam_size, batch_tokens: options of the search; by default the model's.
        bleu_tokenizer: name of sacreBLEU's tokenizer; by default the one of the training.

    Raises:
        DataError: no pair is short enough for the loss.
    """
    from seq2seq.inference.options import SearchOptions
    from seq2seq.inference.pairs import MOST_PIECES, PairScorer, doubtful_lines
    from seq2seq.training.error_rates import error_rates
    from seq2seq.training.metrics import perplexity, text_scores

    pairs = PairScorer(translator, batch_tokens=batch_tokens).score(sources, targets)
    for number, reason in doubtful_lines(pairs, translator.training_sources):
        log.warning("line %d, in the loss: %s", number, reason)
    scored = [pair for pair in pairs if pair is not None]
    if not scored:
        raise DataError(f"every line has over {MOST_PIECES} pieces; give files of sentences")
    tokens = sum(pair.pieces for pair in scored)
    loss = -sum(pair.log_prob for pair in scored) / tokens
    outputs = translator.translate(
        sources, options=SearchOptions(beam_size=beam_size, batch_tokens=batch_tokens)
    )
    tokenizer = bleu_tokenizer or translator.bleu_tokenizer
    scores = text_scores(outputs, targets, bleu_tokenizer=tokenizer)
    return {
        "bleu": scores.bleu,
        "chrf": scores.chrf,
        **error_rates(sources, outputs, targets, kind=translator.target_kind),
        "signature": scores.bleu_signature,
        "chrf_signature": scores.chrf_signature,
        "loss": loss,
        "perplexity": perplexity(loss),
        "sentences": len(outputs),
        "tokens": tokens,
        "beam_size": translator.search.beam_size if beam_size is None else beam_size,
    }


def _as_text(figures: Mapping[str, Any]) -> str:
    rates = [
        f"{figures[f'{what}_error_rate']:.2f} % of the {what}s are wrong"
        for what in ("symbol", "sequence")
        if f"{what}_error_rate" in figures
    ]
    return "\n".join(
        [
            *rates,
            f"BLEU        {figures['bleu']:.2f}  {figures['signature']}",
            f"chrF        {figures['chrf']:.2f}  {figures['chrf_signature']}",
            f"loss        {figures['loss']:.4f} a token",
            f"perplexity  {figures['perplexity']:.3f}",
            f"sentences   {figures['sentences']}, beam {figures['beam_size']}",
        ]
    )


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq evaluate",
        description="Of a translator: cased BLEU and chrF by sacreBLEU, loss and perplexity "
        "of the references; where it writes symbols or characters, how many of them and how "
        "many lines are wrong (a source given several times is right with any of its references). "
        "Of a classification: accuracy, macro-F1 and the table of confusions; "
        "of a regression: MAE, RMSE and R²; --source then holds the answers too (.ts, .npz, JSON "
        "lines, CSV, TSV), or --target has those of the lines of --source.",
    )
    add_model_options(parser)
    add_file_options(parser, target_needed=False)
    add_item_options(parser)
    parser.add_argument(
        "--beam", type=positive, metavar="N", help="beam size, 1 is greedy; default: the model's"
    )
    parser.add_argument(
        "--bleu-tokenizer",
        choices=("13a", "intl", "zh", "char", "none"),
        help="sacreBLEU's tokenizer; default: the one of the training",
    )
    parser.add_argument(
        "--picture", type=Path, metavar="FILE", help="of a classification: draw the confusions"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser
