"""Implementations that a setting names, of this package and of others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from seq2seq.config import registry as registries
from seq2seq.config.registry import NamesAndAuto, Registry


@pytest.fixture
def registry() -> Registry:
    return Registry("seq2seq.tests", {"digest": "hashlib:sha256"})


def test_an_entry_is_loaded_by_its_path(registry: Registry) -> None:
    import hashlib

    assert registry.load("digest") is hashlib.sha256
    assert list(registry) == ["digest"] and len(registry) == 1
    assert "digest" in registry and "other" not in registry and 3 not in registry


def test_an_added_entry_is_found(registry: Registry) -> None:
    registry.add("other", dict)
    assert "other" in registry and registry.load("other") is dict
    assert list(registry) == ["digest", "other"]
    registry.add("digest", list)
    assert registry.load("digest") is list and list(registry) == ["digest", "other"]


def test_an_installed_package_adds_an_entry(
    registry: Registry, install: Callable[..., Path]
) -> None:
    install("fractions_of_all", {"seq2seq.tests": {"half": "fractions:Fraction"}})
    from fractions import Fraction

    assert "half" in registry and registry.load("half") is Fraction
    assert list(registry) == ["digest", "half"]
    with pytest.raises(KeyError):
        registry.load("third")


def test_auto_is_allowed_beside_the_names_of_a_registry(
    registry: Registry, install: Callable[..., Path]
) -> None:
    install("fractions_of_all", {"seq2seq.tests": {"half": "fractions:Fraction"}})
    names = NamesAndAuto(registry)
    assert list(names) == ["auto", "digest", "half"] and len(names) == 3
    assert "auto" in names and "digest" in names and "half" in names and "other" not in names
    assert registry.own == ("digest",)


def test_own_names_are_found_without_a_search_of_packages(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(registries, "_entry_points")
    names = NamesAndAuto(registry)
    assert "digest" in names and "auto" in names and bool(names)
    assert next(iter(registry)) == "digest" and registry.own == ("digest",)
