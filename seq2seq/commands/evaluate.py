"""`seq2seq evaluate`: quality of a model on files with reference answers."""

from __future__ import annotations

import argparse
import importlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seq2seq import __version__
from seq2seq.commands.destination import check_destination
from seq2seq.commands.evaluate_labels import evaluate_labels
from seq2seq.commands.feature_input import feature_set
from seq2seq.commands.item_options import (
    add_item_options,
    is_feature_model,
    is_label_model,
    reject_item_options,
)
from seq2seq.commands.model_options import (
    add_model_options,
    load_models,
    load_translator,
    positive,
)
from seq2seq.commands.options import CommandParser, named_path
from seq2seq.commands.parallel_files import add_file_options, read_parallel
from seq2seq.commands.report_directory import (
    add_report_options,
    check_report_options,
    write_report,
)
from seq2seq.data.readers.text_file import text_encoding
from seq2seq.errors import SettingsError

if TYPE_CHECKING:
    from seq2seq.evaluation.text_scores import PairedResult
    from seq2seq.evaluation.translation_evaluation import EvaluationSet, TranslationEvaluation

_UNTYPED_KINDS = ("symbols",)  # kinds of tokenizers whose sources are not typed by people


def main(argv: Sequence[str]) -> int:
    """Run the command and return the exit status; `argv` is what follows `seq2seq evaluate`."""
    options = _parser().read(argv)
    inputs = [options.source, *(options.target or ())]
    check_report_options(options, inputs)
    if options.picture is not None:
        check_destination(options.picture, inputs=inputs, option="--picture")
    if len(options.model) == 1 and is_label_model(options.model[0]):
        return evaluate_labels(options)
    features = is_feature_model(options.model[0])
    if features and options.report is not None:
        raise SettingsError(
            "--report is for source texts; this model reads sequences of numbers: leave it out"
        )
    importlib.import_module("sacrebleu")  # reports a missing package before the work
    from seq2seq.evaluation.translation_evaluation import evaluate_translator

    texts = None if features else _text_set(options)
    translators = [load_translator(options)]
    test = feature_set(options, translators[0]) if texts is None else texts
    if options.versus:
        translators.append(load_models(options.versus))
    tokenizer = options.bleu_tokenizer or translators[0].bleu_tokenizer
    found = [
        evaluate_translator(
            translator,
            test,
            beam_size=options.beam,
            batch_tokens=options.batch_tokens,
            bleu_tokenizer=tokenizer,
        )
        for translator in translators
    ]
    paired = found[0].lines.paired_test(found[1].lines) if options.versus else {}
    if options.report is not None:
        _report(options, test, found, paired)
    figures = _figures(found, paired)
    print(json.dumps(figures) if options.json else _as_text(figures, options.versus))
    return 0


def _text_set(options: argparse.Namespace) -> EvaluationSet:
    """Return the texts of `options.source` with the references of `options.target`.

    Raises:
        DataError: a file cannot be read, or the files have different numbers of lines.
        SettingsError: there is no target, or an option is for sequences of numbers.
    """
    from seq2seq.evaluation.translation_evaluation import EvaluationSet

    if options.target is None:
        raise SettingsError("--target is not given; a translation is compared with a reference")
    reject_item_options(options)
    encoding = text_encoding(options.encoding, key="--encoding")
    sources, *references = read_parallel(options.source, *options.target, encoding=encoding)
    return EvaluationSet(sources, references)


def _figures(
    found: Sequence[TranslationEvaluation], paired: Mapping[str, PairedResult]
) -> dict[str, Any]:
    """Return the scores of the first model, with those of the second model under `versus`."""
    figures = dict(found[0].figures)
    if len(found) > 1:
        tests = {
            name: {"p_value": result.p_value, "signature": result.signature}
            for name, result in paired.items()
        }
        figures["versus"] = {**found[1].figures, "paired": tests}
    return figures


def _report(
    options: argparse.Namespace,
    test: EvaluationSet,
    found: Sequence[TranslationEvaluation],
    paired: Mapping[str, PairedResult],
) -> None:
    from seq2seq.evaluation.token_rarity import TokenRarity, training_counts
    from seq2seq.evaluation.translation_report import ReportOptions, translation_report
    from seq2seq.export.exported_files import read_settings
    from seq2seq.export.exported_model import find_exported_model
    from seq2seq.export.manifest import read_manifest

    first: Path = options.model[0]
    settings = read_settings(read_manifest(find_exported_model(first)))
    tokenizer = found[0].translator.source_tokenizer
    facts = [("A" if options.versus else "model", _paths(options.model))]
    if options.versus:
        facts.append(("B", _paths(options.versus)))
    facts += [
        ("source", str(options.source)),
        ("references" if len(options.target) > 1 else "reference", _paths(options.target)),
        ("beam size", str(found[0].figures["beam_size"])),
        ("seq2seq", __version__),
    ]
    page = translation_report(
        dict(zip("AB", found, strict=False)),
        test,
        ReportOptions(
            facts=facts,
            rarity=TokenRarity(tokenizer, training_counts(first, tokenizer)),
            carried=None if settings.tokenizer.kind in _UNTYPED_KINDS else settings.data.carry,
            seed=options.seed or 0,
        ),
        paired=paired,
    )
    write_report(options.report, page)


def _paths(paths: Sequence[Path]) -> str:
    return ", ".join(map(str, paths))


def _as_text(figures: Mapping[str, Any], versus: Sequence[Path] | None) -> str:
    from seq2seq.evaluation.text_scores import NAMES

    lines = _score_lines(figures)
    if versus:
        other = figures["versus"]
        lines += ["", f"versus {_paths(versus)}", *_score_lines(other), "", "difference"]
        lines += [
            f"{NAMES[key]:<12}{other[key] - figures[key]:+.2f}, p = {test['p_value']:.4f}  "
            f"{test['signature']}"
            for key, test in other["paired"].items()
        ]
    return "\n".join(lines)


def _score_lines(figures: Mapping[str, Any]) -> list[str]:
    rates = [
        f"{figures[f'{what}_error_rate']:.2f} % of the {what}s are wrong"
        for what in ("symbol", "sequence")
        if f"{what}_error_rate" in figures
    ]
    ter = figures["ter"]
    return [
        *rates,
        f"BLEU        {figures['bleu']:.2f}  {figures['signature']}",
        f"chrF        {figures['chrf']:.2f}  {figures['chrf_signature']}",
        *([] if ter is None else [f"TER         {ter:.2f}  {figures['ter_signature']}"]),
        f"loss        {figures['loss']:.4f} a token",
        f"perplexity  {figures['perplexity']:.3f}",
        f"sentences   {figures['sentences']}, beam {figures['beam_size']}",
    ]


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq evaluate",
        description="Of a translator: BLEU, chrF and TER by sacreBLEU, loss and perplexity "
        "of the references; where it writes symbols or characters, how many of them and how "
        "many lines are wrong (a source given several times is right with any of its references). "
        "Of a classification: accuracy, macro-F1 and the table of confusions; "
        "of a regression: MAE, RMSE and R²; --source then holds the answers too (.ts, .npz, JSON "
        "lines, CSV, TSV), or --target has those of the lines of --source.",
    )
    add_model_options(parser)
    add_file_options(parser, target_needed=False, several=True)
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
        "--picture",
        type=named_path,
        metavar="FILE",
        help="of a classification: draw the confusions",
    )
    parser.add_argument(
        *("--versus",),
        type=named_path,
        action="append",
        metavar="DIR",
        help="another translator, to be compared with by sacreBLEU's paired approximate "
        "randomisation; several together are an ensemble",
    )
    add_report_options(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser
