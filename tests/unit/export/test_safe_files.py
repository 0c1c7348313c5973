"""JSON that came from somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from seq2seq.errors import ModelError
from seq2seq.export.safe_files import parse_json, write_json

PATH = Path("x.json")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    content = {"a": [1, -2.5, "Grüße", None, True], "b": {"c": 2**63 - 1}}
    write_json(tmp_path / "x.json", content)
    assert parse_json((tmp_path / "x.json").read_bytes(), PATH) == content


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not JSON"),
        (b'{"a": 1', "is not JSON"),
        (b'{"a": "\xff"}', "is not JSON"),
        (b"[1]", "holds no JSON object"),
        (b'{"a": 1, "a": 2}', "a key is there twice"),
        (b'{"a": NaN}', "is not finite"),
        (b'{"a": -Infinity}', "is not finite"),
        (b'{"a": 1e999}', "is not finite"),
        (b'{"a": 9223372036854775808}', "too large"),
        (b'{"a": ' + b"9" * 10**6 + b"}", "too large"),
        (b'{"a": "\\ud800"}', "surrogates not allowed"),
        (b'{"\\udfff": 1}', "surrogates not allowed"),
        (b'{"a": ' + b"[" * 10**6, "is not JSON"),
        (b'{"a": ' * 10**5, "is not JSON"),
    ],
)
def test_what_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ModelError, match=message) as caught:
        parse_json(content, PATH)
    assert len(str(caught.value)) < 300
