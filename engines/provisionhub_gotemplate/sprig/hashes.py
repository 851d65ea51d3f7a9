"""Sprig's checksums."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from typing import Final

from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.sprig.runes import to_bytes


def sha1sum(text: str) -> str:
    """Return the SHA-1 of *text*, in hexadecimal."""
    return hashlib.sha1(to_bytes(text), usedforsecurity=False).hexdigest()


def sha256sum(text: str) -> str:
    """Return the SHA-256 of *text*, in hexadecimal."""
    return hashlib.sha256(to_bytes(text)).hexdigest()


def sha512sum(text: str) -> str:
    """Return the SHA-512 of *text*, in hexadecimal."""
    return hashlib.sha512(to_bytes(text)).hexdigest()


def adler32sum(text: str) -> str:
    """Return the Adler-32 of *text*, in decimal."""
    return str(zlib.adler32(to_bytes(text)))


_TEXT: Final = "func(string) string"

HASHES: Final[Mapping[str, Function]] = {
    "sha1sum": function(sha1sum, _TEXT),
    "sha256sum": function(sha256sum, _TEXT),
    "sha512sum": function(sha512sum, _TEXT),
    "adler32sum": function(adler32sum, _TEXT),
}
"""The functions, by their names in templates."""
