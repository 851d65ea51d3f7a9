"""The words of random templates: constants, formats, texts and names."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Final

NUMBERS: Final = (
    "0", "1", "2", "3", "-1", "-7", "+2", "42", "007", "0x1F", "0X_1f", "0b101", "0o17",
    "1_000", "1.5", "-2.5", ".5", "1.", "1e3", "1E-3", "0x1p4", "0x1.8p-1", "1i",
    "'a'", "'é'", "'\\n'", "'\\x41'", "'\\u00e9'", "9223372036854775807", "0.1",
    "1e6", "-9223372036854775808", "1e19", "1e21", "100000000.0", "00", "3.0", "1e20",
)  # fmt: skip
STRINGS: Final = (
    '""', '"a"', '"abc"', '"a b"', "`raw`", "`ra\nw`", '"\\n\\t"', '"\\u00e9"', '"é日"',
    '"\\x41"', '"<a href=\'x\'>&</a>"', '"100%"', '"%d"', '"%s %v"', '"s"', '"m"',
    '"0"', '"nil"', '"\\"q\\""', '"\\xff"', '"a\\x00b"', '"😀"', '"b"', '"d1"', '"{{"',
)  # fmt: skip
NO_CONSTANTS: Final = (
    "08", "1__0", "1_", "1e", "'ab'", "''", "1e400", "9223372036854775808", "0x", "1a",
    "18446744073709551615", "1.2.3", '"\\q"', '"\\x4"', "'a", "+", "-", "0b2", "1i2",
)  # fmt: skip
WORDS: Final = ("true", "false", "nil")
FIELDS: Final = (
    ".s", ".e", ".i", ".z", ".f", ".t", ".n", ".l", ".ls", ".le", ".m", ".m.a", ".m.b",
    ".m.b.c", ".u", ".x", ".é", ".lm", ".deep.a.b.c", ".neg", ".big", ".html", ".uni",
)  # fmt: skip
"""What the data mostly has."""
NO_FIELDS: Final = (
    ".x.y", ".m.x", ".s.x", ".i.y", ".n.x", ".l.x", ".m.n.o", ".g", ".deep.a.x.y",
)  # fmt: skip
"""What it mostly lacks."""
TEXTS: Final = (
    "", " ", "\n", "\n\n", "  \n\t", "a", "text ", " x\ny ", "{ ", "}", "} }", "-", "é",
    "日本\n", "\r\n", "/*", '"', "`", "\\", "<b>", "%", "\u00a0", "end", "$x", ".",
)  # fmt: skip
ARGUMENTS: Final[Mapping[str, tuple[int, int]]] = {
    "print": (0, 3), "println": (0, 3), "printf": (0, 3), "html": (1, 2), "js": (1, 2),
    "urlquery": (1, 2), "len": (1, 1), "index": (1, 3), "slice": (1, 4), "and": (1, 3),
    "or": (1, 3), "not": (1, 1), "eq": (2, 3), "ne": (2, 2), "lt": (2, 2), "le": (2, 2),
    "gt": (2, 2), "ge": (2, 2), "call": (1, 2),
}  # fmt: skip
"""The builtins, and how many arguments they take: least and most."""
TYPED: Final[Mapping[str, tuple[int, int]]] = {
    "addInt": (2, 2), "count": (1, 1), "fail": (1, 1), "half": (1, 1), "joined": (2, 2),
    "nothing": (0, 0), "same": (1, 1), "shout": (1, 1), "splitText": (2, 2),
    "sum": (0, 3), "turned": (1, 1), "typeOf": (1, 1),
}  # fmt: skip
"""The functions with types of their own, likewise."""
CALLS: Final = (
    "len .s", "len .l", "len .m", "index .l 1", "index .l 0", 'index .m "a"',
    "index .s 1", 'index .m "b" "c"', "index .u 0", 'index .u 1 "n"', "slice .s 1",
    "slice .s 0 2", "slice .l 1 2", "slice .l 1", "slice .s 1 2", "eq .i 5",
    'eq .s "str"', "ne .i 4",
    "lt .i 6", "lt .f 3.5", 'ge .s "a"', "gt .z -1", "le .neg .i", "eq .f 2.5 .i",
    "and .t .s", "or .e .s", "or .n .z 7", "not .t", "not .e", "and .z .s", "print .l",
    "print .m", "print .i .f", "println .s .i", "html .html", "js .html",
    "urlquery .uni", 'printf "%d-%s" .i .s', 'printf "%5.2f|" .f', 'printf "%q" .uni',
    'printf "%v" .m', 'printf "%T" .l', 'printf "%#v" .m', 'printf "%x" .s',
    "print (len .l) .i", "index (slice .l 1) 0", "eq (len .ls) 2",
    "print (index .u 0).n", "not (eq .i .z)",
)  # fmt: skip
"""Calls that mostly succeed."""
TYPED_CALLS: Final = (
    "addInt .i 3", "count .m", 'fail "bad"', "half .f", "half 3", 'joined "," .l',
    "nothing", "same .m", "same .n", "shout .s", 'splitText .s "t"', "sum 1 2 .i",
    "sum", "turned .t", "typeOf .l", "typeOf 1.0", "typeOf (index .s 0)",
    "addInt (len .s) .z", 'index (splitText "a-b" "-") 1', 'len (splitText "a-b" "-")',
    "typeOf .x",
)  # fmt: skip
VERBS: Final = "vvvvvssssdddqqxXtTbcoOUeEfFgGw!z"
"""All but `p`, which prints addresses."""


def constant(random: Random) -> str:
    """Return a constant, now and then one that is none."""
    if random.random() < 0.01:
        return random.choice(NO_CONSTANTS)
    kinds = (NUMBERS, STRINGS, STRINGS, WORDS)
    return random.choice(random.choice(kinds))


def field(random: Random) -> str:
    """Return a chain of fields, now and then one that leads nowhere."""
    return random.choice(NO_FIELDS if random.random() < 0.03 else FIELDS)


def text(random: Random) -> str:
    """Return plain text."""
    return "".join(random.choice(TEXTS) for _ in range(random.randint(0, 3)))


def directive(random: Random) -> str:
    """Return one directive of a format: `%[flags][width][.precision][index]verb`."""
    flags = "".join(random.sample("+-# 0", random.choice((0, 0, 0, 1, 1, 2))))
    width = random.choice(("", "", "", "3", "8", "12", "*", "[1]*", "[2]*"))
    precision = random.choice(("", "", "", ".", ".0", ".2", ".5", ".*", ".[1]*"))
    index = random.choice(
        ("", "", "", "", "[1]", "[2]", "[3]", "[0]", "[x]", "[", "[1")
    )
    return f"%{flags}{width}{precision}{index}{random.choice(VERBS)}"


def string_format(random: Random) -> str:
    """Return a format as a template's string constant."""
    parts = [
        random.choice((directive(random), directive(random), "%%", "x", " ", "é", "%"))
        for _ in range(random.randint(1, 4))
    ]
    return f'"{"".join(parts)}"'
