"""Percent-encoding, as ``net/url`` does it for each part of a URL."""

from __future__ import annotations

import string
from enum import Enum
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.quoting import quote
from provisionhub_gotemplate.sprig.runes import to_bytes, to_text

_PLAIN: Final = frozenset((string.ascii_letters + string.digits + "-_.~").encode())
_IN_HOSTS: Final = _PLAIN | frozenset(b"!$&'()*+,;=:[]<>\"")
_HEX: Final = frozenset(string.hexdigits.encode())
_PERCENT: Final = ord("%")
_ASCII: Final = 0x80


class Place(Enum):
    """The part of a URL that a text stands in; its value is what needs no escape."""

    PATH = _PLAIN | frozenset(b"$&+,/:;=@")
    USER = _PLAIN | frozenset(b"$&+,;=")
    HOST = _IN_HOSTS
    FRAGMENT = _PLAIN | frozenset(b"$&+,/:;=?@!()*")


def escape(text: str, place: Place) -> str:
    """Return *text* as it may stand in *place*."""
    return "".join(
        chr(octet) if octet in place.value else f"%{octet:02X}"
        for octet in to_bytes(text)
    )


def unescape(text: str, place: Place, *, is_zone: bool = False) -> str:
    """Return what *text* stands for in *place*.

    Args:
        text: What may have escapes.
        place: Where it stood.
        is_zone: Whether it is the zone of an address, which may hold more.

    Raises:
        FunctionError: If an escape is none, or a host has what none may have.
    """
    octets = to_bytes(text)
    plain = bytearray()
    at = 0
    while at < len(octets):
        octet = octets[at]
        if octet == _PERCENT:
            plain.append(_unescape_one(octets[at : at + 3], place, is_zone=is_zone))
            at += 3
            continue
        if place is Place.HOST and octet < _ASCII and octet not in _IN_HOSTS:
            raise FunctionError(f"invalid character {quote(chr(octet))} in host name")
        plain.append(octet)
        at += 1
    return to_text(bytes(plain))


def _unescape_one(sequence: bytes, place: Place, *, is_zone: bool) -> int:
    invalid = FunctionError(f"invalid URL escape {quote(to_text(sequence))}")
    digits = sequence[1:]
    if len(digits) < len("00") or not _HEX.issuperset(digits):
        raise invalid
    octet = int(digits, 16)
    if place is Place.HOST and sequence != b"%25":
        if is_zone and octet != ord(" ") and octet not in _IN_HOSTS:
            raise invalid
        # A host may have escapes of what is beyond ASCII only.
        if not is_zone and octet < _ASCII:
            raise invalid
    return octet
