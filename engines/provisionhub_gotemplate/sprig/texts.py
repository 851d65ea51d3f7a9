"""Sprig's functions of strings that look at no words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.quoting import quote as quote_literal
from provisionhub_gotemplate.sprig import panics
from provisionhub_gotemplate.sprig.limits import spend_text
from provisionhub_gotemplate.sprig.printing import (
    print_value,
    to_string,
    to_strings,
)
from provisionhub_gotemplate.sprig.runes import (
    SPACES,
    lower,
    to_bytes,
    to_text,
    upper,
)
from provisionhub_gotemplate.values import Map, Slice


def repeat(count: int, text: str) -> str:
    """Return *text*, *count* times."""
    if count < 0:
        raise panics.negative_repeat()
    spend_text(len(text) * count)
    return text * count


def replace(old: str, new: str, text: str) -> str:
    """Return *text* with every *old* replaced by *new*."""
    if len(new) > len(old):
        spend_text(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


def substr(start: int, end: int, text: str) -> str:
    """Return the bytes of *text* from *start* to *end*; below 0 is its own end."""
    octets = to_bytes(text)
    size = len(octets)
    if start < 0:
        if end < 0:
            raise panics.slice_bounds(f"[:{end}]")
        if end > size:
            raise panics.slice_bounds(f"[:{end}] with length {size}")
        return to_text(octets[:end])
    last = size if end < 0 or end > size else end
    if start > last:
        raise panics.slice_bounds(f"[{start}:{last}]")
    return to_text(octets[start:last])


def trunc(count: int, text: str) -> str:
    """Return the first *count* bytes of *text*; of a negative count, the last."""
    if -len(text) <= count <= len(text) and text.isascii():
        return text[count:] if count < 0 else text[:count]
    octets = to_bytes(text)
    if count < 0:
        return to_text(octets[count:])
    return to_text(octets[:count])


def quote(*values: object) -> str:
    """Return *values* in double quotes, with a space between them, without nil."""
    return " ".join(
        quote_literal(to_string(each)) for each in values if each is not None
    )


def squote(*values: object) -> str:
    """Return *values* in single quotes, with a space between them, without nil."""
    return " ".join(f"'{print_value(each)}'" for each in values if each is not None)


def cat(*values: object) -> str:
    """Return *values* with a space between them, without nil."""
    return " ".join(print_value(each) for each in values if each is not None)


def indent(spaces: int, text: str) -> str:
    """Return *text* with each line moved right."""
    if spaces < 0:
        raise panics.negative_repeat()
    spend_text(len(text) + spaces * (text.count("\n") + 1))
    pad = " " * spaces
    return pad + text.replace("\n", "\n" + pad)


def nindent(spaces: int, text: str) -> str:
    """Return *text* on a new line, with each line moved right."""
    return "\n" + indent(spaces, text)


def plural(one: str, many: str, count: int) -> str:
    """Return the word that fits *count*."""
    return one if count == 1 else many


def join(separator: str, value: object) -> str:
    """Return the elements of a list as text, with *separator* between them."""
    parts = to_strings(value)
    spend_text(sum(map(len, parts)) + len(separator) * len(parts))
    return separator.join(parts)


def split_text(separator: str, text: str) -> list[str]:
    """Return the parts of *text*; an empty separator splits into characters."""
    return text.split(separator) if separator else list(text)


def split_list(separator: str, text: str) -> Slice:
    """Return the parts of *text* as a list."""
    return Slice("string", split_text(separator, text))


def split(separator: str, text: str) -> Map:
    """Return the parts of *text* under the keys ``_0``, ``_1`` and so on."""
    return _numbered(split_text(separator, text))


def splitn(separator: str, count: int, text: str) -> Map:
    """Return at most *count* parts of *text* under ``_0``, ``_1`` and so on."""
    if count == 0:
        return _numbered([])
    if count < 0:
        return split(separator, text)
    if separator:
        return _numbered(text.split(separator, count - 1))
    if len(text) > count:
        return _numbered([*text[: count - 1], text[count - 1 :]])
    return _numbered(list(text))


def _numbered(parts: list[str]) -> Map:
    return Map("string", {f"_{index}": part for index, part in enumerate(parts)})


def to_string_list(value: object) -> Slice:
    """Return the elements of a list as text."""
    return Slice("string", to_strings(value))


TEXTS: Final[Mapping[str, Function]] = {
    "hello": function(lambda: "Hello!", "func() string", about="Return ``Hello!``."),
    "trim": function(
        lambda text: text.strip(SPACES),
        "func(string) string",
        about="Return *text* without blanks at its ends.",
    ),
    "trimall": function(
        lambda cutset, text: text.strip(cutset),
        "func(string, string) string",
        about="Return *text* without the characters of *cutset* at its ends.",
    ),
    "trimAll": function(
        lambda cutset, text: text.strip(cutset),
        "func(string, string) string",
        about="Return *text* without the characters of *cutset* at its ends.",
    ),
    "trimSuffix": function(
        lambda suffix, text: text.removesuffix(suffix),
        "func(string, string) string",
        about="Return *text* without *suffix* at its end.",
    ),
    "trimPrefix": function(
        lambda prefix, text: text.removeprefix(prefix),
        "func(string, string) string",
        about="Return *text* without *prefix* at its start.",
    ),
    "upper": function(upper, "func(string) string"),
    "lower": function(lower, "func(string) string"),
    "contains": function(
        lambda part, text: part in text,
        "func(string, string) bool",
        about="Whether *part* stands in *text*.",
    ),
    "hasPrefix": function(
        lambda prefix, text: text.startswith(prefix),
        "func(string, string) bool",
        about="Whether *text* starts with *prefix*.",
    ),
    "hasSuffix": function(
        lambda suffix, text: text.endswith(suffix),
        "func(string, string) bool",
        about="Whether *text* ends with *suffix*.",
    ),
    "repeat": function(repeat, "func(int, string) string"),
    "replace": function(replace, "func(string, string, string) string"),
    "substr": function(substr, "func(int, int, string) string"),
    "trunc": function(trunc, "func(int, string) string"),
    "quote": function(quote, "func(...any) string"),
    "squote": function(squote, "func(...any) string"),
    "cat": function(cat, "func(...any) string"),
    "indent": function(indent, "func(int, string) string"),
    "nindent": function(nindent, "func(int, string) string"),
    "plural": function(plural, "func(string, string, int) string"),
    "join": function(join, "func(string, any) string"),
    "splitList": function(split_list, "func(string, string) []string"),
    "split": function(split, "func(string, string) map[string]string"),
    "splitn": function(splitn, "func(string, int, string) map[string]string"),
    "toString": function(to_string, "func(any) string"),
    "toStrings": function(to_string_list, "func(any) []string"),
}
"""The functions, by their names in templates."""
