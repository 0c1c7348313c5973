"""Strict reader of untrusted protobuf messages, without the protobuf package.

It is stricter than protobuf itself: it rejects undescribed fields, and a field given twice that may
occur once (protobuf would merge the two, and another reader might take the other one).

Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, NamedTuple

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_FIXED_SIZES = {_FIXED64: 8, _FIXED32: 4}


class Kind(Enum):
    """Content type of a field; `INTEGERS` may be packed, and `IGNORED` is not examined."""

    INTEGER = _VARINT
    FLOAT = _FIXED32
    BYTES = _BYTES
    INTEGERS = -1
    MANY_BYTES = -2
    IGNORED = -3
    FORBIDDEN = -4


class Described(NamedTuple):
    """A field that a message may have: its name here and its content type."""

    name: str
    kind: Kind


Description = Mapping[int, Described]
Message = dict[str, Any]

_REPEATED = (Kind.INTEGERS, Kind.MANY_BYTES)


class MalformedError(Exception):
    """Error for bytes that are not a valid message; its text is a part of a sentence."""


class Field(NamedTuple):
    """A field of a message as it is encoded.

    Attributes:
        number: number of the field.
        wire: wire type.
        value: integer of 0 or more if the wire type is a varint; else the content.
    """

    number: int
    wire: int
    value: Any

    @staticmethod
    def of_bytes(number: int, content: bytes) -> Field:
        """Return a field that holds bytes, a text or a message."""
        return Field(number, _BYTES, content)

    def encoded(self) -> bytes:
        """Return the bytes of the field."""
        tag = _as_varint(self.number << 3 | self.wire)
        if self.wire == _VARINT:
            return tag + _as_varint(self.value)
        size = _as_varint(len(self.value)) if self.wire == _BYTES else b""
        return b"".join((tag, size, self.value))


class MessageReader:
    """Reader of messages, and of those within them, with a limit on the total number of fields.

    The limit bounds the time to reject a file, whatever its size.
    """

    def __init__(self, *, most_fields: int) -> None:
        """Start with no fields read.

        Args:
            most_fields: limit of the fields of all messages read, including packed numbers.
        """
        self._most = self._left = most_fields

    def read(self, content: memoryview, description: Description) -> Message:
        """Return the fields of a message by name: an int, bytes not copied, or a list of them.

        A field that is absent is absent in the result too, but a repeated one is then an empty
        list. Floats stay four bytes.

        Args:
            content: bytes of the message.
            description: description of each allowed field, by number.

        Raises:
            MalformedError: the bytes end early; or hold a field that is not described, is
                forbidden, of another type, or repeated although it may occur only once; or there
                are too many fields.
        """
        message: Message = {name: [] for name, kind in description.values() if kind in _REPEATED}
        for number, wire, value in fields(content):
            self._count()
            name, kind = description.get(number, (f"a field {number}", Kind.FORBIDDEN))
            if kind is Kind.FORBIDDEN:
                raise MalformedError(f"it holds {name}, which is not allowed there")
            if kind is Kind.INTEGERS and wire == _BYTES:
                message[name] += self._packed(value)
            elif kind is not Kind.IGNORED:
                wanted = _VARINT if kind is Kind.INTEGERS else _BYTES
                if wire != (wanted if kind in _REPEATED else kind.value):
                    raise MalformedError(f"{name!r} is of another kind than it must be")
                _put(message, name, value if wire != _VARINT else _signed(value))
        return message

    def _packed(self, content: memoryview) -> Iterator[int]:
        position = 0
        while position < len(content):
            self._count()
            number, position = _varint(content, position)
            yield _signed(number)

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise MalformedError(f"it holds more than {self._most} fields")


def _put(message: Message, name: str, value: Any) -> None:
    if isinstance(message.get(name), list):
        message[name].append(value)
    elif name in message:
        raise MalformedError(f"{name!r} is there twice")
    else:
        message[name] = value


def _signed(value: int) -> int:
    """Convert a varint to the int64 that it represents."""
    return value - 2**64 if value >= 2**63 else value


def fields(content: memoryview) -> Iterator[Field]:
    """Yield the fields of a message, bytes not copied.

    Raises:
        MalformedError: the bytes are not a message.
    """
    position = 0
    while position < len(content):
        tag, position = _varint(content, position)
        number, wire = tag >> 3, tag & 7
        if not 0 < number < 2**29:
            raise MalformedError(f"a field has the number {number}")
        if wire == _VARINT:
            value, position = _varint(content, position)
            yield Field(number, wire, value)
            continue
        if wire == _BYTES:
            size, position = _varint(content, position)
        elif wire in _FIXED_SIZES:
            size = _FIXED_SIZES[wire]
        else:
            raise MalformedError(f"a field {number} is of the unknown kind {wire}")
        if size > len(content) - position:
            raise MalformedError(f"a field {number} goes beyond the end")
        yield Field(number, wire, content[position : position + size])
        position += size


def _varint(content: memoryview, position: int) -> tuple[int, int]:
    """Return the number that starts at `position`, and the position after it."""
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(content):
            raise MalformedError("a number goes beyond the end")
        byte = content[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if value >= 2**64:
                break
            return value, position
    raise MalformedError("a number has more than 64 bits")


def _as_varint(value: int) -> bytes:
    """Return an integer of 0 or more as a varint, in groups of seven bits."""
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])
