"""YAML in block style that readers of YAML 1.1 and 1.2 read alike."""

from __future__ import annotations

import json
import math
import re
from typing import Final

from provisionhub.jsontypes import JsonObject, JsonScalar, JsonValue

# Starts with a letter, so it is neither a number nor a date in any YAML.
_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_./@+-]*(?: [A-Za-z0-9_./@+-]+)*")
_YAML_1_1_WORDS: Final = frozenset(
    ("null", "true", "false", "yes", "no", "on", "off", "y", "n")
)
# What JSON leaves as it is, but YAML does not take or readers split lines at.
_UNPRINTABLE: Final = re.compile(
    "[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd"
    "\U00010000-\U0010ffff]"
)
_LONGEST_SIMPLE_KEY: Final = 128
"""In characters; YAML allows 1024, and beyond wants `? key`."""


def write_yaml(value: JsonValue) -> str:
    """Return *value* as YAML in block style, members in their order.

    Equal values give equal text. What YAML 1.1 or 1.2 could take for anything but
    a text is quoted.

    Raises:
        ValueError: If a number is not finite, or a text holds half of a
            surrogate pair.
    """
    lines: list[str] = []
    pending: list[tuple[str, int, JsonValue]] = [("", 0, value)]
    while pending:
        head, indent, at_hand = pending.pop()
        match at_hand:
            case dict() | list() if at_hand:
                first_head = _first_head(head, lines)
                pending += reversed(_children(at_hand, first_head, indent))
            case _:
                lines.append(f"{head} {_leaf(at_hand)}" if head else _leaf(at_hand))
    return "".join(f"{line}\n" for line in lines)


def _first_head(head: str, lines: list[str]) -> str | None:
    """Return what stands before a collection on its first line, if anything.

    The first member of an item stands behind its dash; all others start a line.
    """
    if head.endswith("-"):
        return f"{head} "
    if head:
        lines.append(head)
    return None


def _children(
    collection: dict[str, JsonValue] | list[JsonValue],
    first_head: str | None,
    indent: int,
) -> list[tuple[str, int, JsonValue]]:
    margin = " " * indent
    children: list[tuple[str, int, JsonValue]] = (
        [(_key(name, margin), indent + 2, value) for name, value in collection.items()]
        if isinstance(collection, dict)
        else [("-", indent + 2, value) for value in collection]
    )
    return [
        (
            f"{margin if first_head is None or place else first_head}{head}",
            deeper,
            value,
        )
        for place, (head, deeper, value) in enumerate(children)
    ]


def _key(name: str, margin: str) -> str:
    text = _text(name)
    if len(text) <= _LONGEST_SIMPLE_KEY:
        return f"{text}:"
    return f"? {text}\n{margin}:"


def _leaf(value: JsonScalar | JsonObject | list[JsonValue]) -> str:
    match value:
        case str():
            return _text(value)
        case float():
            return _float(value)
        case dict() | list():
            return "{}" if isinstance(value, dict) else "[]"
        case _:
            return json.dumps(value)


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _YAML_1_1_WORDS:
        return text
    text.encode()  # raises on half of a surrogate pair
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _float(number: float) -> str:
    if not math.isfinite(number):
        message = f"{number} is not a finite number"
        raise ValueError(message)
    mantissa, exponent, power = repr(number).partition("e")
    # YAML 1.1 takes `1e+16` for a text.
    point = "" if "." in mantissa else ".0"
    return f"{mantissa}{point}{exponent}{power}"
