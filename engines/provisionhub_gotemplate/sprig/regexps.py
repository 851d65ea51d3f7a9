"""Sprig's regular expressions: RE2's semantics, in time linear in the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

import re2

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.quoting import quote
from provisionhub_gotemplate.sprig.limits import spend_items, spend_text
from provisionhub_gotemplate.sprig.nothing import NilSlice
from provisionhub_gotemplate.sprig.regexsyntax import Pattern
from provisionhub_gotemplate.sprig.runes import to_bytes, to_text
from provisionhub_gotemplate.values import Slice

_LONGEST_PATTERN: Final = 10_000
_MEMORY: Final = 16 * 2**20
"""What RE2 may use for one pattern, in bytes."""

_UNQUOTABLE: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f`\ufeff\ud800-\udfff]")
_META: Final = re.compile(r"[\\.+*?()|\[\]{}^$]")
_INDEX: Final = re.compile("0|[1-9][0-9]*")
_REFERENCE: Final = re.compile(r"\$(?:\$|\{(\w+)\}|(\w+)|)")

_Span = tuple[int, int]


@dataclass(frozen=True)
class Regexp:
    """A compiled pattern.

    Attributes:
        matcher: RE2's.
        names: The names of the groups, in order; ``""`` for none.
        is_empty: Whether the pattern is the empty text.
    """

    matcher: re2._Regexp
    names: tuple[str, ...]
    is_empty: bool

    def find(self, text: bytes) -> re2._Match | None:
        """Return the first match, if there is one."""
        return self.matcher.search(text)

    def find_all(self, text: bytes) -> Iterator[re2._Match]:
        """Yield all matches; none is empty right after another."""
        previous_end = -1
        for match in self.matcher.finditer(text):
            start, end = match.span()
            # RE2's wrapper goes on byte by byte after an empty match, Go by character.
            if start == end and (start == previous_end or _is_inside(text, start)):
                continue
            previous_end = end
            yield match


def _is_inside(text: bytes, position: int) -> bool:
    """Whether *position* is inside a character of UTF-8."""
    return position < len(text) and text[position] & 0xC0 == 0x80  # noqa: PLR2004


@lru_cache(maxsize=256)
def compile_regexp(source: str) -> Regexp:
    """Return the pattern *source*, compiled.

    Raises:
        FunctionError: If it is none; the text is Go's.
    """
    if len(source) > _LONGEST_PATTERN:
        raise FunctionError("error parsing regexp: expression too large")
    pattern = Pattern(source)
    translated = pattern.translated
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        matcher = re2.compile(to_bytes(translated), options)
    except re2.error:
        raise FunctionError(
            f"error parsing regexp: expression too large: `{source}`"
        ) from None
    return Regexp(matcher, tuple(pattern.names), not source)


def _must_compile(source: str) -> Regexp:
    """Return the pattern, compiled, or panic as ``regexp.MustCompile`` does."""
    try:
        return compile_regexp(source)
    except FunctionError as error:
        shown = quote(source) if _UNQUOTABLE.search(source) else f"`{source}`"
        raise FunctionError(f"regexp: Compile({shown}): {error}") from None


_Compile = Callable[[str], Regexp]


def regex_match(source: str, text: str) -> bool:
    """Whether the pattern matches anywhere; one that is none does not."""
    try:
        return must_regex_match(source, text)
    except FunctionError:
        return False


def must_regex_match(source: str, text: str) -> bool:
    """Whether the pattern matches anywhere."""
    return compile_regexp(source).find(to_bytes(text)) is not None


def regex_find(compiled: _Compile, source: str, text: str) -> str:
    """Return the first match, ``""`` if there is none."""
    octets = to_bytes(text)
    match = compiled(source).find(octets)
    return to_text(match.group()) if match else ""


def regex_find_all(compiled: _Compile, source: str, text: str, count: int) -> Slice:
    """Return at most *count* matches; all if that is below 0."""
    octets = to_bytes(text)
    found = _spans(compiled(source), octets, count)
    if not found:
        return NilSlice("string")
    return Slice("string", [to_text(octets[start:end]) for start, end in found])


def _spans(regexp: Regexp, octets: bytes, count: int) -> list[_Span]:
    """Return where at most *count* matches are."""
    found: list[_Span] = []
    if count == 0:
        return found
    for match in regexp.find_all(octets):
        found.append(match.span())
        spend_items(len(found))
        if len(found) == count:
            break
    return found


def regex_split(compiled: _Compile, source: str, text: str, count: int) -> Slice:
    """Return at most *count* parts between matches; all if that is below 0."""
    regexp = compiled(source)
    if count == 0:
        return NilSlice("string")
    octets = to_bytes(text)
    if not regexp.is_empty and not octets:
        return Slice("string", [""])
    parts: list[bytes] = []
    start = end = 0
    for match_start, match_end in _spans(regexp, octets, count):
        if len(parts) == count - 1:
            break
        end = match_start
        if match_end:
            parts.append(octets[start:end])
        start = match_end
    if end != len(octets):
        parts.append(octets[start:])
    return Slice("string", list(map(to_text, parts)))


def regex_replace_all(
    compiled: _Compile, source: str, text: str, replacement: str
) -> str:
    """Return *text* with each match replaced; ``$1`` and ``${name}`` are groups."""
    regexp = compiled(source)
    if "$" not in replacement:
        return _replace(regexp, text, lambda _: replacement)
    return _replace(regexp, text, lambda match: _expand(replacement, regexp, match))


def regex_replace_all_literal(
    compiled: _Compile, source: str, text: str, replacement: str
) -> str:
    """Return *text* with each match replaced by *replacement* as it is."""
    return _replace(compiled(source), text, lambda _: replacement)


def _replace(
    regexp: Regexp, text: str, replacement: Callable[[re2._Match], str]
) -> str:
    octets = to_bytes(text)
    parts: list[str] = []
    size = last_end = 0
    for match in regexp.find_all(octets):
        start, end = match.span()
        replaced = replacement(match)
        size += len(replaced)
        spend_text(size)
        parts += to_text(octets[last_end:start]), replaced
        last_end = end
    parts.append(to_text(octets[last_end:]))
    return "".join(parts)


def _expand(template: str, regexp: Regexp, match: re2._Match) -> str:
    """Return *template* with groups of *match* in place of their names."""

    def group(reference: re.Match[str]) -> str:
        name = reference[1] or reference[2]
        return "$" if name is None else to_text(_named(name, regexp, match))

    return _REFERENCE.sub(group, template)


def _named(name: str, regexp: Regexp, match: re2._Match) -> bytes:
    """Return the text of the group called *name*, or with that number."""
    if _INDEX.fullmatch(name):
        index = int(name[:9])
        found = match.group(index) if index <= len(regexp.names) else None
        return found or b""
    for index, each in enumerate(regexp.names, start=1):
        if each == name and match.group(index) is not None:
            text: bytes = match.group(index)
            return text
    return b""


def regex_quote_meta(text: str) -> str:
    """Return the pattern that matches *text* and nothing else."""
    return _META.sub(r"\\\g<0>", text)


def _both(
    name: str, call: Callable[..., object], parameters: str, result: str
) -> dict[str, Function]:
    """Return a function that panics, and under ``must`` one that returns errors."""
    must = "must" + name[0].upper() + name[1:]
    return {
        name: function(
            partial(call, _must_compile),
            f"func({parameters}) {result}",
            about=call.__doc__,
        ),
        must: function(
            partial(call, compile_regexp),
            f"func({parameters}) ({result}, error)",
            about=call.__doc__,
        ),
    }


_TWO: Final = "string, string"
_THREE: Final = "string, string, string"
_COUNTED: Final = "string, string, int"

REGEXPS: Final[Mapping[str, Function]] = {
    "regexMatch": function(regex_match, f"func({_TWO}) bool"),
    "mustRegexMatch": function(must_regex_match, f"func({_TWO}) (bool, error)"),
    **_both("regexFind", regex_find, _TWO, "string"),
    **_both("regexFindAll", regex_find_all, _COUNTED, "[]string"),
    **_both("regexSplit", regex_split, _COUNTED, "[]string"),
    **_both("regexReplaceAll", regex_replace_all, _THREE, "string"),
    **_both("regexReplaceAllLiteral", regex_replace_all_literal, _THREE, "string"),
    "regexQuoteMeta": function(regex_quote_meta, "func(string) string"),
}
"""The functions, by their names in templates."""
