"""Writer of protobuf messages, without the protobuf package.

A field is bytes; a message is its fields one after the other.

Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterable

_VARINT, _BYTES = 0, 2  # wire types


def integer(number: int, value: int) -> bytes:
    """Return a field that holds an integer of at most 64 bits, with or without a sign.

    Args:
        number: number of the field.
        value: integer from -2^63 to 2^63 - 1.
    """
    return _varint(number << 3 | _VARINT) + _varint(value & (2**64 - 1))


def content(number: int, value: bytes | str) -> bytes:
    """Return a field that holds bytes, a text or a message."""
    encoded = value.encode() if isinstance(value, str) else value
    return b"".join((_varint(number << 3 | _BYTES), _varint(len(encoded)), encoded))


def integers(number: int, values: Iterable[int]) -> bytes:
    """Return a repeated field of integers, one after the other."""
    return b"".join(integer(number, value) for value in values)


def contents(number: int, values: Iterable[bytes | str]) -> bytes:
    """Return a repeated field of bytes, texts or messages."""
    return b"".join(content(number, value) for value in values)


def _varint(value: int) -> bytes:
    """Return an integer of 0 or more in groups of seven bits, the lowest first."""
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)
