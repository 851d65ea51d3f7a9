"""Passwords that are derived from a master's, and text under AES.

Both give the same result each time, unlike what makes new secrets.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.sprig import panics
from provisionhub_gotemplate.sprig.aes import BLOCK_BYTES, decrypt_chained
from provisionhub_gotemplate.sprig.encodings import decode_base64
from provisionhub_gotemplate.sprig.runes import to_bytes, to_text

_SEED: Final = b"com.lyndir.masterpassword"
_KEY_BYTES: Final = 32
_MOST_ENCRYPTED: Final = 2**16
"""Characters of encrypted text that Python is fast enough for."""

_TEMPLATES: Final[Mapping[str, tuple[str, ...]]] = {
    "maximum": ("anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"),
    "long": (
        "CvcvnoCvcvCvcv",
        "CvcvCvcvnoCvcv",
        "CvcvCvcvCvcvno",
        "CvccnoCvcvCvcv",
        "CvccCvcvnoCvcv",
        "CvccCvcvCvcvno",
        "CvcvnoCvccCvcv",
        "CvcvCvccnoCvcv",
        "CvcvCvccCvcvno",
        "CvcvnoCvcvCvcc",
        "CvcvCvcvnoCvcc",
        "CvcvCvcvCvccno",
        "CvccnoCvccCvcv",
        "CvccCvccnoCvcv",
        "CvccCvccCvcvno",
        "CvcvnoCvccCvcc",
        "CvcvCvccnoCvcc",
        "CvcvCvccCvccno",
        "CvccnoCvcvCvcc",
        "CvccCvcvnoCvcc",
        "CvccCvcvCvccno",
    ),
    "medium": ("CvcnoCvc", "CvcCvcno"),
    "short": ("Cvcn",),
    "basic": ("aaanaaan", "aannaaan", "aaannaaa"),
    "pin": ("nnnn",),
}
_VOWELS: Final = "AEIOU"
_CONSONANTS: Final = "BCDFGHJKLMNPQRSTVWXYZ"
_LETTERS: Final = _VOWELS + _VOWELS.lower() + _CONSONANTS + _CONSONANTS.lower()
_DIGITS: Final = "0123456789"
_CHARACTERS: Final[Mapping[str, str]] = {
    "V": _VOWELS,
    "C": _CONSONANTS,
    "v": _VOWELS.lower(),
    "c": _CONSONANTS.lower(),
    "A": _VOWELS + _CONSONANTS,
    "a": _LETTERS,
    "n": _DIGITS,
    "o": "@&%?,=[]_:-+*$#!'^~;()/.",
    "x": _LETTERS + _DIGITS + "!@#$%^&*()",
}


def derive_password(counter: int, kind: str, master: str, user: str, site: str) -> str:
    """Return the password of *user* at *site*, as the Master Password algorithm has it.

    Args:
        counter: Which of the site's passwords, counted from 1.
        kind: What it looks like: ``long``, ``maximum``, ``pin`` and so on.
        master: The master password.
        user: The user's full name.
        site: The site's name.
    """
    templates = _TEMPLATES.get(kind)
    if templates is None:
        return f"cannot find password template {kind}"
    key = hashlib.scrypt(
        to_bytes(master),
        salt=_SEED + _counted(user),
        n=32_768,
        r=8,
        p=2,
        maxmem=64 * 2**20,
        dklen=64,
    )
    message = _SEED + _counted(site) + int(counter).to_bytes(4, "big")
    seed = hmac.digest(key, message, "sha256")
    template = templates[seed[0] % len(templates)]
    return "".join(
        _CHARACTERS[each][octet % len(_CHARACTERS[each])]
        for each, octet in zip(template, seed[1:], strict=False)
    )


def _counted(text: str) -> bytes:
    octets = to_bytes(text)
    return len(octets).to_bytes(4, "big") + octets


def decrypt_aes(password: str, encrypted: str) -> str:
    """Return the text that ``encryptAES`` made *encrypted* of."""
    if not encrypted:
        return ""
    octets = decode_base64(encrypted)
    if len(octets) > _MOST_ENCRYPTED:
        raise FunctionError(f"more than {_MOST_ENCRYPTED} bytes to decrypt")
    if len(octets) < BLOCK_BYTES:
        capacity = len(encrypted) // 4 * 3
        raise panics.slice_bounds(f"[:{BLOCK_BYTES}] with capacity {capacity}")
    if len(octets) % BLOCK_BYTES:
        raise FunctionError("crypto/cipher: input not full blocks")
    if len(octets) == BLOCK_BYTES:
        raise FunctionError("runtime error: index out of range [-1]")
    key = to_bytes(password)[:_KEY_BYTES].ljust(_KEY_BYTES, b"\0")
    plain = decrypt_chained(key, octets[:BLOCK_BYTES], octets[BLOCK_BYTES:])
    size = len(plain) - plain[-1]
    if size < 0:
        raise panics.slice_bounds(f"[:{size}]")
    return to_text(plain[:size])


PASSWORDS: Final[Mapping[str, Function]] = {
    "derivePassword": function(
        derive_password, "func(uint32, string, string, string, string) string"
    ),
    "decryptAES": function(decrypt_aes, "func(string, string) (string, error)"),
}
"""The functions, by their names in templates."""
