"""Base64 and Base32 as Go's packages read and write them, with their complaints."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.sprig.runes import to_bytes, to_text

_PAD: Final = ord("=")
_BREAKS: Final = b"\r\n"
_DIGITS64: Final = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
)
_DIGITS32: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_QUANTUM64: Final = 4
_QUANTUM32: Final = 8
_LEAST_USED32: Final = 2
_LENGTHS32: Final = frozenset({2, 4, 5, 7})
"""How many digits of Base32 can stand for whole bytes."""


def decode_base64(text: str) -> bytes:
    """Return what *text* encodes.

    Raises:
        FunctionError: Where it is no Base64, counted in bytes.
    """
    octets = to_bytes(text)
    digits: list[int] = []
    at = 0
    while at < len(octets):
        octet = octets[at]
        if octet in _DIGITS64:
            digits.append(octet)
        elif octet == _PAD:
            return _decode_padded(octets, at, digits)
        elif octet not in _BREAKS:
            raise _corrupt64(at)
        at += 1
    if len(digits) % _QUANTUM64:
        raise _corrupt64(at - len(digits) % _QUANTUM64)
    return base64.b64decode(bytes(digits))


def _decode_padded(octets: bytes, at: int, digits: list[int]) -> bytes:
    """Decode *digits*, after which padding starts *at* some byte."""
    used = len(digits) % _QUANTUM64
    if used <= 1:
        raise _corrupt64(at)
    end = at + 1
    if used == 2:  # noqa: PLR2004 - two digits need two pads
        end = _skip_breaks(octets, end)
        if end == len(octets):
            raise _corrupt64(len(octets))
        if octets[end] != _PAD:
            raise _corrupt64(end - 1)
        end += 1
    end = _skip_breaks(octets, end)
    if end < len(octets):
        raise _corrupt64(end)
    return base64.b64decode(bytes(digits) + b"=" * (_QUANTUM64 - used))


def _skip_breaks(octets: bytes, at: int) -> int:
    while at < len(octets) and octets[at] in _BREAKS:
        at += 1
    return at


def _corrupt64(at: int) -> FunctionError:
    return FunctionError(f"illegal base64 data at input byte {at}")


def decode_base32(text: str) -> bytes:
    """Return what *text* encodes.

    Raises:
        FunctionError: Where it is no Base32, counted in bytes without line breaks.
    """
    octets = to_bytes(text).translate(None, _BREAKS)
    for at, octet in enumerate(octets):
        place = at % _QUANTUM32
        if octet == _PAD and place >= _LEAST_USED32 and len(octets) - at <= _QUANTUM32:
            _check_padding32(octets, at, place)
            return base64.b32decode(octets[:at] + b"=" * (_QUANTUM32 - place))
        if octet not in _DIGITS32:
            raise _corrupt32(at)
    if len(octets) % _QUANTUM32:
        raise _corrupt32(len(octets) - len(octets) % _QUANTUM32)
    return base64.b32decode(octets)


def _check_padding32(octets: bytes, at: int, used: int) -> None:
    """Check what follows the pad *at* some byte; Go ignores all after the quantum."""
    rest = octets[at + 1 :]
    wanted = _QUANTUM32 - 1 - used
    if len(rest) < wanted:
        raise _corrupt32(len(octets))
    for place in range(wanted):
        if rest[place] != _PAD:
            raise _corrupt32(at + place)
    if used not in _LENGTHS32:
        raise _corrupt32(at)


def _corrupt32(at: int) -> FunctionError:
    return FunctionError(f"illegal base32 data at input byte {at}")


def encode_base64(text: str) -> str:
    """Return *text* in Base64."""
    return base64.b64encode(to_bytes(text)).decode()


def encode_base32(text: str) -> str:
    """Return *text* in Base32."""
    return base64.b32encode(to_bytes(text)).decode()


def _decoded_base64(text: str) -> str:
    """Return what *text* encodes, or the complaint in its place."""
    try:
        return to_text(decode_base64(text))
    except FunctionError as error:
        return str(error)


def _decoded_base32(text: str) -> str:
    """Return what *text* encodes, or the complaint in its place."""
    try:
        return to_text(decode_base32(text))
    except FunctionError as error:
        return str(error)


_TEXT: Final = "func(string) string"

ENCODINGS: Final[Mapping[str, Function]] = {
    "b64enc": function(encode_base64, _TEXT),
    "b64dec": function(_decoded_base64, _TEXT),
    "b32enc": function(encode_base32, _TEXT),
    "b32dec": function(_decoded_base32, _TEXT),
}
"""The functions, by their names in templates."""
