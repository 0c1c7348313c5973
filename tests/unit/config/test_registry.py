"""Implementations that a setting names, of this package and of others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from seq2seq.config.registry import Registry


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
