"""Messages as protobuf writes them are read, and nothing else is."""

from __future__ import annotations

import random
import time

import pytest

from seq2seq.export.onnx.protobuf import Described, Kind, MalformedError, MessageReader

DESCRIPTION = {
    1: Described("number", Kind.INTEGER),
    2: Described("text", Kind.BYTES),
    3: Described("numbers", Kind.INTEGERS),
    4: Described("texts", Kind.MANY_BYTES),
    5: Described("real", Kind.FLOAT),
    6: Described("whatever", Kind.IGNORED),
    7: Described("a bad thing", Kind.FORBIDDEN),
}


def read(content: bytes) -> dict[str, object]:
    return MessageReader(most_fields=1000).read(memoryview(content), DESCRIPTION)


def test_all_kinds() -> None:
    content = (
        b"\x08\x96\x01"  # 1: 150
        b"\x12\x02hi"  # 2
        b"\x18\x01\x1a\x03\x02\x96\x01\x18\x03"  # 3: 1, packed 2 and 150, 3
        b"\x22\x01a\x22\x00"  # 4
        b"\x2d\x00\x00\x80\x3f"  # 5
        b"\x30\x05\x32\x01x\x31\x00\x00\x00\x00\x00\x00\x00\x00"  # 6, of any kind
    )
    found = read(content)
    assert found["number"] == 150
    assert bytes(found["text"]) == b"hi"  # type: ignore[call-overload]
    assert found["numbers"] == [1, 2, 150, 3]
    assert [bytes(text) for text in found["texts"]] == [b"a", b""]  # type: ignore[attr-defined]
    assert bytes(found["real"]) == b"\x00\x00\x80\x3f"  # type: ignore[call-overload]
    assert "whatever" not in found
    assert read(b"") == {"numbers": [], "texts": []}
    assert read(b"\x08" + b"\xff" * 9 + b"\x01")["number"] == -1
    assert read(b"\x18" + b"\x80" * 9 + b"\x01")["numbers"] == [-(2**63)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x08", "beyond the end"),
        (b"\x08\x80", "beyond the end"),
        (b"\x12\x05hi", "beyond the end"),
        (b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "beyond the end"),
        (b"\x2d\x00\x00", "beyond the end"),
        (b"\x08" + b"\xff" * 10 + b"\x01", "more than 64 bits"),
        (b"\x08" + b"\xff" * 9 + b"\x7f", "more than 64 bits"),
        (b"\x00\x01", "the number 0"),
        (b"\xf8\xff\xff\xff\xff\x01\x00", "has the number"),
        (b"\x0b\x0c", "unknown kind 3"),
        (b"\x0f", "unknown kind 7"),
        (b"\x0a\x00", "'number' is of another kind"),
        (b"\x10\x00", "'text' is of another kind"),
        (b"\x1d\x00\x00\x00\x00", "'numbers' is of another kind"),
        (b"\x20\x01", "'texts' is of another kind"),
        (b"\x08\x01\x08\x01", "'number' is there twice"),
        (b"\x12\x00\x12\x00", "'text' is there twice"),
        (b"\x3a\x00", "a bad thing, which is not allowed there"),
        (b"\x42\x00", "a field 8, which is not allowed there"),
        (b"\x20\x00" * 2000, "another kind"),
        (b"\x22\x00" * 2000, "more than 1000 fields"),
        (b"\x1a\xd0\x0f" + b"\x01" * 2000, "more than 1000 fields"),
    ],
)
def test_what_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(MalformedError, match=message):
        read(content)


def test_any_bytes_are_read_or_refused() -> None:
    draw = random.Random(1)
    for _ in range(3000):
        try:
            read(draw.randbytes(draw.randrange(30)))
        except MalformedError as error:
            assert str(error)


def test_the_limit_is_of_all_messages_together() -> None:
    reader = MessageReader(most_fields=10**5)
    start = time.monotonic()
    reader.read(memoryview(b"\x22\x00" * 60_000), DESCRIPTION)
    with pytest.raises(MalformedError, match="more than 100000"):
        reader.read(memoryview(b"\x22\x00" * 10**7), DESCRIPTION)
    assert time.monotonic() - start < 5
