"""Makes random JSON data; the names are those that random templates look up."""

from __future__ import annotations

from random import Random
from typing import Final

from provisionhub.jsontypes import JsonObject, JsonValue

_SCALARS: Final[tuple[JsonValue, ...]] = (
    0, 1, -1, 2, 7, 255, -128, 65536, 1_000_000, 9223372036854775807,
    -9223372036854775808, 0.0, -0.0, 0.1, 1.5, -2.25, 1e6, 1e20, 1e21, 1e-5, 5e-324,
    1.7976931348623157e308, 100.0, 3.0, "", "a", "abc", "héllo", "日本語", "a b c",
    "<a href='x'>\"&\"</a>", "tab\tnew\nline\r", "\x00\x7f\x80", "😀", "%d %s", "\\",
    "`", "\u2028\ufeff\u00ad", "0", "true", "e\u0301", True, False, None,
)  # fmt: skip
_KEYS: Final = ("a", "b", "c", "x", "y", "n", "é", "", "0", "a b", "items", "Z")


def value(random: Random, depth: int = 0) -> JsonValue:
    """Return a value, at most four levels deep."""
    chance = random.random()
    if depth > 3 or chance < 0.6:
        return random.choice(_SCALARS)
    if chance < 0.8:
        return [value(random, depth + 1) for _ in range(random.randint(0, 4))]
    keys = random.sample(_KEYS, random.randint(0, 4))
    return {key: value(random, depth + 1) for key in keys}


def data(random: Random) -> JsonValue:
    """Return what a template is executed with: mostly a map with familiar names."""
    if random.random() < 0.08:
        return value(random)
    familiar: JsonObject = {
        "s": "str", "e": "", "i": 5, "z": 0, "f": 2.5, "t": True, "n": None,
        "l": [1, 2, 3], "ls": ["x", "y"], "le": [], "é": "ü", "neg": -3, "uni": "日本é",
        "m": {"a": 1, "b": {"c": "d"}, "n": None}, "big": 9223372036854775807,
        "u": [{"n": "A", "k": [1, 2]}, {"n": "B", "k": []}], "html": "<&'\">",
        "lm": [{"a": 1}, {"a": {"b": 2}}, {}, 3], "deep": {"a": {"b": {"c": [1]}}},
    }  # fmt: skip
    for key in random.sample(sorted(familiar), random.randint(0, 5)):
        familiar[key] = value(random)
    for key in random.sample(sorted(familiar), random.choice((0, 0, 1, 3))):
        del familiar[key]
    return familiar
