"""What a command says of its files in the words of its own options."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from seq2seq.commands.item_options import file_items
from seq2seq.data.sequences.item import Form
from seq2seq.errors import SettingsError


def test_a_name_that_tells_no_format_names_the_option(tmp_path: Path) -> None:
    options = Namespace(input_format="auto")
    with pytest.raises(
        SettingsError, match=r"few\.dat: its name does not tell its format"
    ) as error:
        list(file_items(tmp_path / "few.dat", Form(), options))
    assert "set --input-format to one of text, tsv, jsonl" in str(error.value)
    assert "data.format" not in str(error.value)
