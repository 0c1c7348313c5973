"""Rules between the settings of a run, and the metrics by which a run can be judged.

Each rule takes all settings and returns a sentence about an error in them, or None.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from seq2seq.config import parsing
from seq2seq.config.choices import TokenizerKind
from seq2seq.config.registry import FORMATS
from seq2seq.config.tasks import TASKS

if TYPE_CHECKING:
    from seq2seq.config.schema import Settings

AUTO = "auto"  # value of a setting that is chosen when a run begins, and then kept

KINDS_WITH_ERROR_RATES: tuple[TokenizerKind, ...] = (
    "char",
    "symbols",
)  # kinds of target tokenizers
_ONLY_LABELS = ("labelled", "conll")  # formats of texts whose targets are never texts
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


def is_url(text: str) -> bool:
    """Return whether a directory is named by a URL, such as `s3://bucket/prefix`."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text) is not None


def _location_rule(settings: Settings) -> str | None:
    for key, location in (
        ("runs", settings.runs),
        ("data.directory", settings.data.directory or ""),
    ):
        if re.match(r"[a-z][a-z0-9]+:/(?!/)", location):
            return f"{key} received {location}; a URL has two slashes, as in s3://bucket/prefix."
    if re.match(r"(memory|https?)://", settings.runs):
        return (
            f"runs received {settings.runs}; a run needs storage that keeps what is written, such "
            "as a directory, s3://bucket/prefix, gs://bucket/prefix or file:///shared/runs."
        )
    if is_url(settings.runs) and settings.training.workers != "1":
        return (
            f"runs received {settings.runs} with training.workers={settings.training.workers}; a "
            "URL is for a single worker: give several a directory that all of them share."
        )
    return None


def _name_rule(settings: Settings) -> str | None:
    # Marks are parts of letters, as in Hindi. `corpora` is the directory of prepared corpora,
    # beside the run directories.
    letters = "".join(char for char in settings.name if unicodedata.category(char)[0] != "M")
    safe = re.fullmatch(r"\w[\w.-]*", letters) and len(settings.name) <= 100
    if safe and settings.name != "corpora":
        return None
    source = " Without name= it is data.name." if settings.name == settings.data.name else ""
    return (
        f"name received {parsing.show(settings.name)}; it names the run's directory: letters, "
        "digits, '-', '_' and '.', not starting with '-' or '.', at most 100, and not 'corpora'."
        f"{source}"
    )


def _encoding_rule(settings: Settings) -> str | None:
    encoding = settings.data.encoding
    try:
        "".encode(encoding)
    except (LookupError, ValueError):
        return (
            f"data.encoding received {parsing.show(encoding)}; it must be a text encoding that "
            "Python knows, such as utf-8, utf-16, latin-1 or cp1252."
        )
    return None


def _files_rule(settings: Settings) -> str | None:
    for split in ("train", "valid", "test"):
        files = getattr(settings.data, split)
        if files.target is not None and files.source is None:
            return f"data.{split}.source received null; it must be given with data.{split}.target."
        if settings.data.format == "text" and files.source is not None and files.target is None:
            return (
                f"data.{split}.target received null; with data.format=text each side has a file "
                "of its own (a single file with both sides is data.format=tsv or jsonl)."
            )
    return None


def _vocabulary_rule(settings: Settings) -> str | None:
    tokenizer, target = settings.tokenizer, settings.tokenizer.of_target()
    for key, side in (("vocab_size", tokenizer), ("target_vocab_size", target)):
        reserved = 4 + side.placeholders + (256 if side.byte_fallback else 0)
        if side.kind in ("unigram", "bpe") and side.vocab_size <= reserved:
            return (
                f"tokenizer.{key} received {side.vocab_size}; it must be above {reserved}: 4 "
                f"marks, {side.placeholders} placeholders and, with tokenizer.byte_fallback=true, "
                "256 bytes come first."
            )
    return None


def _sampling_rule(settings: Settings) -> str | None:
    tokenizer = settings.tokenizer
    kinds = {tokenizer.kind, tokenizer.of_target().kind}
    if tokenizer.sampling == 0 or kinds == {"unigram"}:
        return None
    return (
        f"tokenizer.sampling received {tokenizer.sampling:g} with tokenizer.kind={tokenizer.kind}; "
        "only unigram gives the ways to cut a word their probabilities: set tokenizer.sampling=0."
    )


def _target_kind_rule(settings: Settings) -> str | None:
    tokenizer = settings.tokenizer
    if not tokenizer.joint or tokenizer.of_target().kind == tokenizer.kind:
        return None
    return (
        f"tokenizer.target_kind received {tokenizer.target_kind} with tokenizer.kind="
        f"{tokenizer.kind}; one vocabulary for both sides is of one kind: set "
        "tokenizer.joint=false."
    )


def _target_size_rule(settings: Settings) -> str | None:
    tokenizer = settings.tokenizer
    if not tokenizer.joint or tokenizer.target_vocab_size in (None, tokenizer.vocab_size):
        return None
    return (
        f"tokenizer.target_vocab_size received {tokenizer.target_vocab_size} with "
        f"tokenizer.vocab_size={tokenizer.vocab_size}; one vocabulary for both sides is of one "
        "size: set tokenizer.joint=false."
    )


def _word_rule(settings: Settings) -> str | None:
    tokenizer = settings.tokenizer
    kinds = {"tokenizer.kind": tokenizer.kind, "tokenizer.target_kind": tokenizer.target_kind}
    if settings.task.has_labels or "word" not in kinds.values():
        return None
    key = next(key for key, kind in kinds.items() if kind == "word")
    return (
        f"{key} received word; it knows frequent words alone, and a translation would lose the "
        "others: set it to unigram, bpe, char or symbols."
    )


def _units_rule(settings: Settings) -> str | None:
    model = settings.model
    if not model.bidirectional or model.units % 2 == 0:
        return None
    return (
        f"model.units received {model.units}; with model.bidirectional=true each direction has "
        "half of it, so it must be even."
    )


def _transformer_rule(settings: Settings) -> str | None:
    model, default = settings.model, type(settings.model)()
    if model.encoder == "lstm":
        keys = ("heads", "feed_forward")
        wrong = [key for key in keys if getattr(model, key) != getattr(default, key)]
        if not wrong:
            return None
        return (
            f"model.{wrong[0]} received {getattr(model, wrong[0])} with model.encoder=lstm; it is "
            "for the transformer: set model.encoder=transformer, or leave it out."
        )
    if model.encoder != "transformer":
        return None
    if not model.bidirectional:
        return (
            "model.bidirectional received false with model.encoder=transformer; there every step "
            "reads those after it too: set it to true, or model.encoder=lstm."
        )
    if model.units % (2 * model.heads):
        return (
            f"model.units received {model.units} with model.heads={model.heads}; each head of the "
            "transformer takes an even part of it, so it must be a multiple of "
            f"{2 * model.heads}."
        )
    return None


def _schedule_rule(settings: Settings) -> str | None:
    optimizer, training = settings.optimizer, settings.training
    if optimizer.schedule in ("cosine", "linear"):
        if optimizer.decay_steps is None and not (training.max_steps or training.max_epochs):
            return (
                f"optimizer.schedule={optimizer.schedule} received no length; set "
                "optimizer.decay_steps, training.max_steps or training.max_epochs."
            )
        if optimizer.decay_steps is not None and optimizer.warmup_steps >= optimizer.decay_steps:
            return (
                f"optimizer.warmup_steps received {optimizer.warmup_steps}; it must be below "
                f"optimizer.decay_steps={optimizer.decay_steps}."
            )
    if optimizer.minimum_learning_rate > optimizer.learning_rate:
        return (
            f"optimizer.minimum_learning_rate received {optimizer.minimum_learning_rate:g}; it "
            f"must be at most optimizer.learning_rate={optimizer.learning_rate:g}."
        )
    return None


def _end_rule(settings: Settings) -> str | None:
    training = settings.training
    if training.max_epochs or training.max_steps or training.max_minutes or training.patience:
        return None
    return (
        "training.patience received 0 and the run would never end; set training.max_epochs, "
        "training.max_steps, training.max_minutes or training.patience above 0."
    )


def _monitor_rule(settings: Settings) -> str | None:
    monitor, task = settings.training.monitor, settings.task.name
    kind = settings.tokenizer.of_target().kind
    if monitor.endswith("_error_rate") and monitor in TASKS[task].monitors:
        if kind in KINDS_WITH_ERROR_RATES:
            return None
        return (
            f"training.monitor received {monitor} with a target tokenizer of the kind {kind}; it "
            f"is for those of the kinds {' and '.join(KINDS_WITH_ERROR_RATES)}: set "
            "training.monitor=auto."
        )
    if monitor == "valid_span_f1" and monitor in TASKS[task].monitors:
        if settings.task.per_step and not settings.task.several_labels:
            return None
        key = "several_labels" if settings.task.several_labels else "per_step"
        value = parsing.show(getattr(settings.task, key))
        return (
            f"training.monitor received {monitor} with task.{key}={value}; it is for one tag at "
            "each step: set training.monitor=auto."
        )
    if monitor == AUTO or monitor in TASKS[task].monitors:
        return None
    hint = parsing.nearest_hint(monitor, TASKS[task].monitors)
    return (
        f"training.monitor received {parsing.show(monitor)}; allowed with task={task}: "
        f"{AUTO}, {', '.join(TASKS[task].monitors)}.{hint}"
    )


def _task_rule(settings: Settings) -> str | None:
    task, data = settings.task, settings.data
    if not task.has_labels:
        default = type(task)()
        keys = ("per_step", "several_labels", "class_weights", "pooling")
        wrong = [key for key in keys if getattr(task, key) != getattr(default, key)]
        if wrong:
            value = parsing.show(getattr(task, wrong[0]))
            return f"task.{wrong[0]} received {value}; it is not for task=translation."
        if data.format in _ONLY_LABELS:
            formats = ", ".join(name for name in FORMATS if name not in _ONLY_LABELS)
            return f"data.format received {data.format}; task=translation reads {formats}."
    if task.has_numbers and task.several_labels:
        return "task.several_labels received true; it is for task=classification."
    if task.has_numbers and task.class_weights != "none":
        return "task.class_weights received balanced; it is for task=classification."
    if task.several_labels and task.class_weights != "none":
        return "task.class_weights received balanced; with task.several_labels=true set it to none."
    return None


def _head_rule(settings: Settings) -> str | None:
    task, loss = settings.task, settings.loss
    if settings.model.head == "softmax":
        return None
    received = f"model.head received {settings.model.head}"
    if not TASKS[task.name].classes or not task.per_step or task.several_labels:
        found = f"task={task.name}"
        if TASKS[task.name].classes:
            found = f"task.per_step={parsing.show(task.per_step)}"
        if task.several_labels:
            found = "task.several_labels=true"
        return (
            f"{received} with {found}; it is for one class at each step (task=classification "
            "task.per_step=true): set model.head=softmax."
        )
    for key, value in (
        ("loss.label_smoothing", f"{loss.label_smoothing:g}"),
        ("task.class_weights", task.class_weights),
    ):
        if value not in ("0", "none"):
            neutral = "0" if key.startswith("loss") else "none"
            return (
                f"{received} with {key}={value}; the loss of a path of classes has none: set "
                f"{key}={neutral}."
            )
    return None


def _audio_rule(settings: Settings) -> str | None:
    data = settings.data
    if data.format == "audio":
        if is_url(data.directory or ""):
            return (
                f"data.directory received {data.directory} with data.format=audio; sounds are read "
                "from a local directory: copy them, and give that directory."
            )
        if data.audio.shift > data.audio.window:
            return (
                f"data.audio.shift received {data.audio.shift:g} with data.audio.window="
                f"{data.audio.window:g}; frames would leave parts of a sound out: set it to the "
                "window or less."
            )
        if data.features.padding_value is not None:
            return (
                f"data.features.padding_value received {data.features.padding_value} with "
                "data.format=audio; sounds are not padded: leave it out."
            )
        for split in ("train", "valid", "test"):
            target = getattr(data, split).target
            if target is not None:
                return (
                    f"data.{split}.target received {parsing.show(target)} with data.format=audio; "
                    f"the manifest of data.{split}.source holds the labels too: leave it out."
                )
        return None
    for section in ("audio", "augment"):
        given = getattr(data, section)
        default = asdict(type(given)())
        wrong = [key for key, value in asdict(given).items() if value != default[key]]
        if wrong:
            return (
                f"data.{section}.{wrong[0]} received {parsing.show(getattr(given, wrong[0]))} with "
                f"data.format={data.format}; it is for sound files: set data.format=audio."
            )
    return None


def _augment_rule(settings: Settings) -> str | None:
    augment = settings.data.augment
    if augment.speed and settings.task.per_step:
        return (
            f"data.augment.speed received {augment.speed:g} with task.per_step=true; it changes "
            "the number of steps, and each has a target: set it to 0."
        )
    if augment.lowest_snr > augment.highest_snr:
        return (
            f"data.augment.lowest_snr received {augment.lowest_snr:g} with "
            f"data.augment.highest_snr={augment.highest_snr:g}; it must not be above it."
        )
    return None


def _front_end_rule(settings: Settings) -> str | None:
    if settings.model.front_end == "none":
        return None
    found = f"model.front_end received {settings.model.front_end} with"
    if settings.task.per_step:
        return f"{found} task.per_step=true; it shortens sequences: set model.front_end=none."
    if settings.data.audio.stack > 1:
        return (
            f"{found} data.audio.stack={settings.data.audio.stack}; it reads frames one by one and "
            "joins them itself: set data.audio.stack=1."
        )
    if settings.search.coverage_penalty > 0:
        return (
            f"{found} search.coverage_penalty={settings.search.coverage_penalty:g}; attention then "
            "covers shortened sequences, not the steps of the source: set the penalty to 0."
        )
    return None


def text_only_setting(settings: Settings) -> str | None:
    """Return a sentence about a setting that cannot go with sources that are numbers, or None."""
    data, search = settings.data, settings.search
    given: dict[str, object] = {
        "model.init_from": settings.model.init_from,
        "search.max_sentences": search.max_sentences,
        "search.max_source_length": search.max_source_length,
        **{f"data.noise.{key}": value or None for key, value in asdict(data.noise).items()},
    }
    if data.carry != type(data)().carry:
        given["data.carry"] = list(data.carry) or None
    wrong = [key for key, value in given.items() if value is not None]
    if not wrong:
        return None
    return (
        f"{wrong[0]} received {parsing.show(given[wrong[0]])}; it is for sources that are texts, "
        f"and {data.train.source} holds sequences of numbers: leave it out."
    )


def _smoothing_rule(settings: Settings) -> str | None:
    smoothing = settings.loss.label_smoothing
    task = settings.task
    if smoothing == 0.0 or not (task.has_numbers or task.several_labels):
        return None
    return (
        f"loss.label_smoothing received {smoothing:g}; it is for one right answer among several: "
        "set loss.label_smoothing=0."
    )


def _valid_rule(settings: Settings) -> str | None:
    share, train = settings.data.valid_share, settings.data.train
    if share == 0.0 or settings.task.has_labels:
        return None
    numbers = settings.data.format not in ("text", "tsv") and train.target is None
    if numbers and train.source is not None:  # they may be sequences of numbers
        return None
    return f"data.valid_share received {share:g}; with task=translation give data.valid files."


def _start_rule(settings: Settings) -> str | None:
    start = settings.model.init_from
    if start is None or not settings.task.has_labels:
        return None
    return (
        f"model.init_from received {parsing.show(start)}; only task=translation starts from the "
        "weights of another run: leave it out."
    )


def worker_range(text: str) -> tuple[int, int] | None:
    """Return the least and the greatest number of processes that `training.workers` allows.

    `4` is `(4, 4)`, `1..4` is `(1, 4)`; any other text gives None.
    """
    match = re.fullmatch(r"(\d{1,4})(?:\.\.(\d{1,4}))?", text)
    if match is None:
        return None
    fewest, most = int(match[1]), int(match[2] or match[1])
    return (fewest, most) if 1 <= fewest <= most else None


def _workers_rule(settings: Settings) -> str | None:
    workers = settings.training.workers
    if worker_range(workers) is not None:
        return None
    return (
        f"training.workers received {parsing.show(workers)}; it must be a number of processes "
        "from 1 on, such as 4, or the fewest and the most, such as 1..4."
    )


def _long_rule(settings: Settings) -> str | None:
    data, task = settings.data, settings.task
    if data.long != "drop" and (not task.has_labels or task.per_step):
        found = f"task={task.name}" if not task.has_labels else "task.per_step=true"
        return (
            f"data.long received {data.long} with {found}; it is for sequences with one class, "
            "several classes or numbers for the whole sequence: set data.long=drop."
        )
    if data.stride is None:
        return None
    if data.long != "windows":
        return (
            f"data.stride received {data.stride} with data.long={data.long}; it is the distance "
            "between windows: set data.long=windows, or leave data.stride out."
        )
    if data.stride > data.max_length:
        return (
            f"data.stride received {data.stride} with data.max_length={data.max_length}; steps "
            "between two windows would be in none: set it to data.max_length or less."
        )
    return None


def _padding_value_rule(settings: Settings) -> str | None:
    value = settings.data.features.padding_value
    try:
        float(value or "0")
    except ValueError:
        return (
            f"data.features.padding_value received {parsing.show(value)}; it must be a number, "
            "nan, or null."
        )
    return None


RULES: tuple[Callable[[Settings], str | None], ...] = (
    _name_rule,
    _location_rule,
    _encoding_rule,
    _files_rule,
    _vocabulary_rule,
    _sampling_rule,
    _target_kind_rule,
    _target_size_rule,
    _word_rule,
    _units_rule,
    _transformer_rule,
    _schedule_rule,
    _end_rule,
    _monitor_rule,
    _task_rule,
    _head_rule,
    _audio_rule,
    _augment_rule,
    _front_end_rule,
    _smoothing_rule,
    _valid_rule,
    _start_rule,
    _padding_value_rule,
    _long_rule,
    _workers_rule,
)
