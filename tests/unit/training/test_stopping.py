"""The directory of a run that is refused, or that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from seq2seq.config.schema import Settings
from seq2seq.disk import locked
from seq2seq.errors import DataError, TrainingError, UserError
from seq2seq.training.reporting.terminal import SilentReport
from seq2seq.training.stopping import unless_finished


@pytest.mark.parametrize("there", ["nothing", "directory", "record"])
@pytest.mark.parametrize("kind", [DataError, TrainingError])
def test_only_a_new_run_without_records_is_removed(
    tmp_path: Path, there: str, kind: type[UserError]
) -> None:
    directory = tmp_path / "run"
    if there == "directory":
        directory.mkdir()

    def fail(settings: Settings) -> None:
        (directory / "settings.yaml").write_text("")
        (directory / "metrics.jsonl").write_text("{}\n" if there == "record" else "")
        raise kind("refused")

    with pytest.raises(kind, match="refused"):
        unless_finished(Settings(), directory, SilentReport(), fail)  # type: ignore[arg-type]
    assert directory.exists() == (there != "nothing" or kind is TrainingError)


def test_a_lock_file_that_was_removed_is_made_again(tmp_path: Path) -> None:
    with locked(tmp_path / "run"):
        (tmp_path / "run" / ".lock").unlink()
        with locked(tmp_path / "run"):
            assert (tmp_path / "run" / ".lock").exists()
