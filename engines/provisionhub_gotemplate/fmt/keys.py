"""The order of a map's keys: Go's ``internal/fmtsort``."""

from __future__ import annotations

from collections.abc import Mapping


def sorted_keys(entries: Mapping[str, object]) -> list[str]:
    """Return the keys of *entries* as Go sorts them: by their bytes.

    That is Python's own order but for bytes that are no part of UTF-8.
    """
    keys = sorted(entries)
    if not "".join(keys).isascii():
        keys.sort(key=_bytes)
    return keys


def _bytes(key: str) -> bytes:
    return key.encode("utf-8", "surrogateescape")
