"""Model files as Keras 2 wrote them, unpacked once."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def keras2_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what `files/write.py` packed: models and `answers.npz`."""
    folder = tmp_path_factory.mktemp("keras2")
    with zipfile.ZipFile(Path(__file__).parent / "files" / "keras2.zip") as archive:
        archive.extractall(folder)
    return folder
