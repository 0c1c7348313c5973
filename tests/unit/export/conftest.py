"""A small exported model without TensorFlow, and ways to do something to a copy of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def small(
    write_small_exported_model: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """an exported model in float32 without a SavedModel. Not to be changed: copy it."""
    return write_small_exported_model(tmp_path_factory.mktemp("small") / "exported model")


@pytest.fixture
def copy(small: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small, tmp_path / "copy"))


@pytest.fixture
def edit_manifest(copy: Path) -> Callable[[Callable[[dict[str, Any]], object]], None]:
    """Changes the manifest of the copy."""

    def edit(change: Callable[[dict[str, Any]], object]) -> None:
        path = copy / "manifest.json"
        manifest = json.loads(path.read_text())
        change(manifest)
        path.write_text(json.dumps(manifest))

    return edit


@pytest.fixture
def replace_file(copy: Path, edit_manifest: Any) -> Callable[[str, bytes], None]:
    """Puts other content in place of a file of the copy, with the right checksum."""

    def replace(name: str, content: bytes) -> None:
        (copy / name).write_bytes(content)
        said = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        edit_manifest(lambda m: m["files"].update({name: said}))

    return replace
