"""Checks that the settings of the tokenizer and the model agree with each other.

Each check takes all settings and returns a sentence about an error in them, or None.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from seq2seq.config import parsing
from seq2seq.config.tasks import TASKS

if TYPE_CHECKING:
    from seq2seq.config.schema import Settings


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
    if model.encoder != "lstm" or not model.bidirectional or model.units % 2 == 0:
        return None
    return (
        f"model.units received {model.units}; with model.bidirectional=true each direction has "
        "half of it, so it must be even."
    )


def _transformer_rule(settings: Settings) -> str | None:
    model, default = settings.model, type(settings.model)()
    if model.encoder == "lstm":
        keys = ("attention_heads", "feed_forward")
        wrong = [key for key in keys if getattr(model, key) != getattr(default, key)]
        if not wrong:
            return None
        return (
            f"model.{wrong[0]} received {getattr(model, wrong[0])} with model.encoder=lstm; it is "
            "for the transformer: set model.encoder=transformer, or leave it out."
        )
    if model.encoder != "transformer":
        return None
    if not model.residual:
        return (
            "model.residual received false with model.encoder=transformer; its layers always have "
            "a residual: leave it out, or set model.encoder=lstm."
        )
    if not model.bidirectional:
        return (
            "model.bidirectional received false with model.encoder=transformer; there every step "
            "reads those after it too: set it to true, or model.encoder=lstm."
        )
    heads = model.attention_heads
    if model.units % (2 * heads):
        return (
            f"model.units received {model.units} with model.attention_heads={heads}; each head of "
            f"the transformer takes an even part of it, so it must be a multiple of {2 * heads}."
        )
    return None


def _front_end_rule(settings: Settings) -> str | None:
    if settings.model.front_end == "none":
        model, default = settings.model, type(settings.model)()
        keys = ("front_end_layers", "front_end_channels")
        wrong = [key for key in keys if getattr(model, key) != getattr(default, key)]
        if not wrong:
            return None
        return (
            f"model.{wrong[0]} received {getattr(model, wrong[0])} with model.front_end=none; it "
            "is for a front end: set model.front_end=convolution, or leave it out."
        )
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


def _start_rule(settings: Settings) -> str | None:
    start = settings.model.init_from
    if start is None or not settings.task.has_labels:
        return None
    return (
        f"model.init_from received {parsing.show(start)}; only task=translation starts from the "
        "weights of another run: leave it out."
    )


MODEL_RULES: tuple[Callable[[Settings], str | None], ...] = (
    _vocabulary_rule,
    _sampling_rule,
    _target_kind_rule,
    _target_size_rule,
    _word_rule,
    _units_rule,
    _transformer_rule,
    _front_end_rule,
    _head_rule,
    _start_rule,
)
