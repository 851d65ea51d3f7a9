"""Strings to text, for each verb that takes them."""

from __future__ import annotations

from provisionhub_gotemplate.fmt.flags import Flags
from provisionhub_gotemplate.quoting import can_backquote, quote, quote_ascii


def format_text(text: str, verb: str, flags: Flags) -> str:
    """Return *text* for one of ``s q v x X``."""
    if verb in "xX":
        data = text.encode("utf-8", "surrogateescape")
        return format_bytes_hexadecimal(data, verb, flags)
    if flags.precision is not None:
        text = text[: flags.precision]
    if verb == "q" or (verb == "v" and flags.sharp_v):
        return flags.pad(_quoted(text, flags))
    return flags.pad(text)


def _quoted(text: str, flags: Flags) -> str:
    if flags.sharp and can_backquote(text):
        return f"`{text}`"
    return quote_ascii(text) if flags.plus else quote(text)


def format_bytes_hexadecimal(data: bytes, verb: str, flags: Flags) -> str:
    """Return the bytes of *data* in hexadecimal, for ``x`` and ``X``."""
    data = data if flags.precision is None else data[: flags.precision]
    if not data:
        return flags.pad("")
    prefix = f"0{verb}" if flags.sharp else ""
    digits = data.hex().upper() if verb == "X" else data.hex()
    if flags.space:
        pairs = [prefix + digits[i : i + 2] for i in range(0, len(digits), 2)]
        return flags.pad(" ".join(pairs))
    return flags.pad(prefix + digits)
