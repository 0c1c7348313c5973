"""Every key is checked: its name, its type, its limits, and how it goes with the others."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from seq2seq.config.parsing import choices_of_field, dotted_keys, nearest
from seq2seq.config.schema import Settings, settings_from_mapping, settings_to_mapping
from seq2seq.errors import SettingsError

WRONG = {
    int: ["three", True, 2.5, [1], {"a": 1}],
    float: ["much", False, [0.1], float("nan"), float("inf"), 10**400],
    bool: ["yes", 1, 0.0],
    str: [3, 1.5, True, ["a"]],
    tuple: ["url", 3, ["url", "url"], ["url", 1], {"url": 1}],
}


def leaves(cls: type = Settings, prefix: str = "") -> Iterator[tuple[str, Any, dict[str, Any]]]:
    hints = typing.get_type_hints(cls)
    for field in dataclasses.fields(cls):
        hint = hints[field.name]
        if dataclasses.is_dataclass(hint):
            yield from leaves(hint, f"{prefix}{field.name}.")
        else:
            own = ("marks", "registry")
            limits = {name: limit for name, limit in field.metadata.items() if name not in own}
            if choices_of_field(field, hint):
                limits["choices"] = tuple(choices_of_field(field, hint))
            yield f"{prefix}{field.name}", hint, limits


CONVOLUTION: dict[str, Any] = {"model": {"front_end": "convolution"}}
CLASSES = {"task": "classification", "training": {"monitor": "valid_accuracy"}}
AUDIO = {"format": "audio"}
STEPS: dict[str, Any] = CLASSES | {"task": {"name": "classification", "per_step": True}}
NUMBERS: dict[str, Any] = {
    "task": {"name": "regression"},
    "training": {"monitor": "valid_mae"},
    "loss": {"label_smoothing": 0},
}
LEAVES = list(leaves())
KEYS = [key for key, _, _ in LEAVES]


def nested(key: str, value: Any) -> dict[str, Any]:
    for part in reversed(key.split(".")):
        value = {part: value}
    return value


def error(key: str, value: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        settings_from_mapping(nested(key, value))
    message = str(caught.value)
    assert "\n" not in message
    assert caught.value.exit_status == 2
    return message


def kind_of(hint: Any) -> tuple[type, bool]:
    members = typing.get_args(hint)
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return kind_of(members[0])[0], type(None) in members
    if typing.get_origin(hint) is typing.Literal:
        return str, False
    return typing.get_origin(hint) or hint, False


def test_a_word_may_stand_for_a_number() -> None:
    settings = settings_from_mapping({"batching": {"max_tokens": "auto"}})
    assert settings.batching.max_tokens == "auto" and settings.batching.budget == 2000
    assert error("batching.max_tokens", "all") == (
        "batching.max_tokens received 'all'; it must be a whole number at least 1, or auto."
    )


def test_every_leaf_is_a_dotted_key() -> None:
    assert dotted_keys(Settings) == KEYS
    assert len(KEYS) > 60


@pytest.mark.parametrize(("key", "hint"), [leaf[:2] for leaf in LEAVES], ids=KEYS)
def test_a_wrong_type_is_refused_by_name(key: str, hint: Any) -> None:
    kind, optional = kind_of(hint)
    spells_number = key in ("data.features.padding_value", "training.workers")
    for value in WRONG[kind]:
        if not (spells_number and type(value) in (int, float)):
            assert key in error(key, value)
    if optional:
        settings_from_mapping(nested(key, None))
    else:
        assert f"{key} received null" in error(key, None)


@pytest.mark.parametrize(
    ("key", "hint", "metadata"),
    [leaf for leaf in LEAVES if leaf[2].keys() - {"number"}],
    ids=lambda part: str(part),
)
def test_limits_and_choices_are_kept(key: str, hint: Any, metadata: dict[str, Any]) -> None:
    kind, _ = kind_of(hint)
    step = 1 if kind is int else 1e-6
    outside = {
        "minimum": lambda limit: limit - step,
        "maximum": lambda limit: limit + step,
        "above": lambda limit: limit,
        "below": lambda limit: limit,
    }
    for name, limit in metadata.items():
        value = "nonsense" if name == "choices" else kind(outside[name](limit))
        message = error(key, value)
        assert message.startswith(f"{key} received ")
        if name == "choices":
            assert all(choice in message for choice in limit)


@pytest.mark.parametrize("group", sorted({key.rpartition(".")[0] for key in KEYS}))
def test_an_unknown_key_is_refused_in_every_group(group: str) -> None:
    key = f"{group}.zzz".removeprefix(".")
    assert error(key, 3).startswith(f"{key} is not a setting (received {key}=3)")


@given(st.sampled_from([key for key in KEYS if len(key.rpartition(".")[2]) >= 5]), st.data())
def test_a_key_with_a_letter_wrong_finds_the_one_meant(key: str, data: st.DataObject) -> None:
    leaf = key.rpartition(".")[2]
    at = data.draw(st.integers(0, len(leaf) - 1))
    wrong = leaf[:at] + "q" + leaf[at + 1 :]
    assume(wrong != leaf)
    meant = key[: len(key) - len(leaf)] + wrong
    assert key in nearest(meant, KEYS)
    assert key in error(meant, 1).partition("Nearest: ")[2]


def test_a_key_without_its_group_finds_it() -> None:
    assert error("units", 3).endswith("Nearest: model.units.")
    assert "Nearest: model." in error("modle.dropout", 0.1)
    assert error("modle", {}).endswith("Nearest: model.")


def test_a_group_must_be_a_group() -> None:
    assert error("model", 3).startswith("model received 3; it is a group of keys: embedding_dim,")
    assert error("data.train", "train.en").startswith("data.train received 'train.en'")


def test_a_choice_names_the_nearest() -> None:
    assert error("batching.strategy", "buckets").endswith("Nearest: bucket.")


def test_a_list_of_choices_may_be_empty() -> None:
    for kinds in ([], ["tag", "url"]):
        assert settings_from_mapping({"data": {"carry": kinds}}).data.carry == tuple(kinds)
    assert error("data.carry", ["urls"]).endswith("such as [] or [url]. Nearest: url.")


def test_a_whole_number_is_a_number() -> None:
    settings = settings_from_mapping({"data": {"max_ratio": 4}})
    assert settings.data.max_ratio == 4.0
    assert isinstance(settings.data.max_ratio, float)


@pytest.mark.parametrize(
    ("mapping", "key"),
    [
        ({"name": "../other"}, "name"),
        ({"name": ""}, "name"),
        ({"name": ".hidden"}, "name"),
        ({"name": "a/b"}, "name"),
        ({"name": "corpora"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"data": {"encoding": "utf-9"}}, "data.encoding"),
        ({"data": {"encoding": "base64"}}, "data.encoding"),
        ({"data": {"test": {"target": "t.de"}}}, "data.test.source"),
        ({"data": {"format": "text", "train": {"source": "t.en"}}}, "data.train.target"),
        ({"tokenizer": {"vocab_size": 276}}, "tokenizer.vocab_size"),
        ({"tokenizer": {"vocab_size": 20, "byte_fallback": False}}, "tokenizer.vocab_size"),
        ({"tokenizer": {"target_vocab_size": 500}}, "tokenizer.target_vocab_size"),
        (
            {"tokenizer": {"joint": False, "target_vocab_size": 276}},
            "tokenizer.target_vocab_size",
        ),
        ({"tokenizer": {"kind": "symbols", "sampling": 0.1}}, "tokenizer.sampling"),
        ({"tokenizer": {"kind": "char", "sampling": 0.1}}, "tokenizer.sampling"),
        ({"tokenizer": {"kind": "bpe", "sampling": 0.1}}, "tokenizer.sampling"),
        ({"tokenizer": {"target_kind": "char"}}, "tokenizer.joint"),
        (
            {"tokenizer": {"joint": False, "target_kind": "char", "sampling": 0.1}},
            "tokenizer.sampling",
        ),
        ({"tokenizer": {"kind": "word"}}, "tokenizer.kind"),
        ({"tokenizer": {"joint": False, "target_kind": "word"}}, "tokenizer.target_kind"),
        ({"training": {"monitor": "valid_symbol_error_rate"}}, "training.monitor"),
        ({"model": {"units": 255}}, "model.units"),
        ({"model": {"encoder": "transformer", "units": 200}}, "must be a multiple of 16"),
        ({"model": {"encoder": "transformer", "bidirectional": False}}, "model.bidirectional"),
        (
            {"model": {"attention_heads": 4}},
            "model.attention_heads received 4 with model.encoder=lstm",
        ),
        ({"model": {"feed_forward": 64}}, "model.feed_forward received 64"),
        ({"model": {"encoder": "transformer", "residual": False}}, "model.residual received false"),
        (
            {"model": {"encoder": "transformer", "units": 3, "attention_heads": 1}},
            "model.units received 3 with model.attention_heads=1",
        ),
        ({"model": {"front_end_layers": 4}}, "model.front_end_layers received 4"),
        (
            {
                "task": {"name": "classification"},
                "loss": {"label_smoothing": 0.0},
                "training": {"monitor": "auto"},
                "data": {"conll": {"word": 2, "tag": 2}},
            },
            "data.conll.tag received 2, which is data.conll.word too",
        ),
        (
            {"data": {"conll": {"tag": 2}}},
            "data.conll.tag received 2 with task=translation; CoNLL files are for classes of words",
        ),
        ({"optimizer": {"schedule": "cosine"}}, "optimizer.decay_steps"),
        (
            {"optimizer": {"schedule": "linear", "warmup_steps": 9, "decay_steps": 9}},
            "optimizer.warmup_steps",
        ),
        ({"optimizer": {"learning_rate": 1e-7}}, "optimizer.minimum_learning_rate"),
        ({"training": {"patience": 0}}, "training.patience"),
        ({"training": {"workers": 0}}, "training.workers"),
        ({"training": {"workers": 1.5}}, "training.workers"),
        ({"training": {"workers": "4..2"}}, "training.workers"),
        ({"training": {"workers": "0..2"}}, "training.workers"),
        ({"training": {"workers": "many"}}, "training.workers"),
        ({"training": {"monitor": "valid_bleuu"}}, "training.monitor"),
        ({"training": {"monitor": "valid_accuracy"}}, "training.monitor"),
        ({"task": {"pooling": "max"}}, "task.pooling"),
        ({"data": {"format": "labelled"}}, "data.format"),
        ({"data": {"format": "tsv", "valid_share": 0.1}}, "data.valid_share"),
        ({"data": {"valid_share": 0.1}}, "data.valid_share"),
        (CLASSES | {"data": {"features": {"padding_value": "ten"}}}, "data.features.padding_value"),
        (CLASSES | {"task": {"name": "classification", "several_labels": True}}, "label_smoothing"),
        (CLASSES | {"model": {"init_from": "runs/other"}}, "model.init_from"),
        (NUMBERS | {"task": {"name": "regression", "class_weights": "balanced"}}, "class_weights"),
        (NUMBERS | {"task": {"name": "regression", "several_labels": True}}, "several_labels"),
        (NUMBERS | {"loss": {"label_smoothing": 0.1}}, "loss.label_smoothing"),
        ({"data": {"augment": {"speed": 0.1}}}, "data.augment.speed"),
        ({"data": {"audio": {"normalise": "mean"}}}, "data.audio.normalise"),
        (STEPS | {"data": AUDIO | {"augment": {"speed": 0.1}}}, "data.augment.speed"),
        (
            CLASSES | {"data": AUDIO | {"augment": {"lowest_snr": 9, "highest_snr": 8}}},
            "data.augment.lowest_snr",
        ),
        (STEPS | CONVOLUTION, "model.front_end"),
        (CLASSES | CONVOLUTION | {"data": AUDIO | {"audio": {"stack": 2}}}, "data.audio.stack"),
        (CONVOLUTION | {"search": {"coverage_penalty": 0.5}}, "search.coverage_penalty"),
    ],
)
def test_keys_that_contradict_each_other_are_refused(mapping: dict[str, Any], key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from_mapping(mapping)
    assert key in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "mapping",
    [
        {"name": "größer_2-b.1"},
        {"model": {"units": 255, "bidirectional": False}},
        {"model": {"encoder": "transformer", "units": 12, "attention_heads": 2, "feed_forward": 7}},
        {"optimizer": {"schedule": "cosine", "decay_steps": 9}},
        {"optimizer": {"schedule": "linear"}, "training": {"max_epochs": 3}},
        {"training": {"patience": 0, "max_minutes": 0.5}},
        {"tokenizer": {"kind": "symbols", "vocab_size": 20}},
        {"tokenizer": {"vocab_size": 21, "byte_fallback": False}},
        {"data": {"encoding": "utf-16", "train": {"source": "pairs.tsv"}}},
        CLASSES | {"data": {"format": "ts", "features": {"padding_value": -10}}},
        CLASSES | {"data": {"features": {"padding_value": float("nan")}}},
        NUMBERS | {"data": {"valid_share": 0.1}},
        {"data": {"train": {"source": "sounds.npz"}, "valid_share": 0.1}},
        CLASSES | CONVOLUTION | {"data": AUDIO | {"augment": {"speed": 0.1, "warp": 0.2}}},
        STEPS | {"data": AUDIO | {"augment": {"band_masks": 2}, "audio": {"stack": 2}}},
        CONVOLUTION,
    ],
)
def test_the_same_keys_are_allowed_where_they_agree(mapping: dict[str, Any]) -> None:
    assert isinstance(settings_from_mapping(mapping), Settings)


def test_the_mapping_survives_json() -> None:
    settings = settings_from_mapping(
        {"name": "x", "model": {"dropout": 0.25}, "data": {"train": {"source": "a.tsv"}}}
    )
    text = json.dumps(settings_to_mapping(settings))
    assert settings_from_mapping(json.loads(text)) == settings


def test_defaults_are_valid() -> None:
    assert settings_from_mapping({}) == Settings()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "data.long received windows with task=translation; it is for sequences with"),
        (
            {**CLASSES, "task": {"name": "classification", "per_step": True}},
            "data.long received windows with task.per_step=true; it is for sequences with one",
        ),
        ({**CLASSES, "data": {"long": "head", "stride": 3}}, "data.stride received 3 with data.lo"),
        (
            {**NUMBERS, "data": {"long": "windows", "max_length": 60, "stride": 61}},
            "data.stride received 61 with data.max_length=60; steps between two windows would",
        ),
    ],
)
def test_long_sequences_are_for_one_target(values: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from_mapping({"data": {"long": "windows"}, **values})
    assert str(caught.value).startswith(message)
    data = {"data": {"long": "windows", "max_length": 60, "stride": 60}}
    assert settings_from_mapping({**CLASSES, **data}).data.stride == 60


def test_quotes_are_advised_only_where_they_help() -> None:
    with pytest.raises(SettingsError, match=r"one of none, level, mean, mean_variance\.$"):
        settings_from_mapping({"data": {"audio": {"normalise": False}}})
    with pytest.raises(SettingsError, match="Put it in quotes: name="):
        settings_from_mapping({"name": 2024})
