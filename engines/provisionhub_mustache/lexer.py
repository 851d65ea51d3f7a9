"""From a template's text to its tags, and the text between them.

::

    tag        = open, [sigil], name, close
    sigil      = "#" | "^" | "/" | "&" | ">" | "<" | "$"
    triple     = open, "{", name, "}", close
    comment    = open, "!", anything, close
    delimiters = open, "=", new open, blanks, new close, "=", close

Blanks may surround the sigil and the name. Nothing is thrown away: the tokens'
texts, put together, are the template. What a line that holds nothing but a tag
means is the parser's business.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from provisionhub.errors import TemplateSyntaxError
from provisionhub.source import Location, Source, printable
from provisionhub_mustache.options import Delimiters, is_delimiter


class Kind(enum.Enum):
    """What a token is; the value is a word for it in messages."""

    TEXT = "text"
    COMMENT = "comment"
    DELIMITERS = "delimiter tag"
    VARIABLE = "variable"
    UNESCAPED = "unescaped variable"
    SECTION = "section"
    INVERTED = "inverted section"
    CLOSE = "closing tag"
    PARTIAL = "partial"
    PARENT = "parent"
    BLOCK = "block"


SIGILS: Final[Mapping[str, Kind]] = {
    "!": Kind.COMMENT,
    "=": Kind.DELIMITERS,
    "{": Kind.UNESCAPED,
    "&": Kind.UNESCAPED,
    "#": Kind.SECTION,
    "^": Kind.INVERTED,
    "/": Kind.CLOSE,
    ">": Kind.PARTIAL,
    "<": Kind.PARENT,
    "$": Kind.BLOCK,
}
"""What stands behind the opening delimiter, and the kind of tag that it makes."""

MEANINGS: Final[Mapping[Kind, str]] = {
    Kind.VARIABLE: "Print a value; escaped for HTML only with `escape: html`.",
    Kind.UNESCAPED: "Print a value, never escaped.",
    Kind.SECTION: "Render what is inside once for a truthy value, once for each item of"
    " a list, with it as the innermost context.",
    Kind.INVERTED: "Render what is inside once if the value is falsy or missing.",
    Kind.CLOSE: "End a section, a parent or a block.",
    Kind.PARTIAL: "Render the partial of that name; `{{>*name}}` the one that the value"
    " names.",
    Kind.PARENT: "Render the partial with its blocks replaced by those inside;"
    " `{{<*name}}` too.",
    Kind.BLOCK: "Render a default, which a template that inherits may replace.",
    Kind.COMMENT: "Render nothing.",
    Kind.DELIMITERS: "Set other delimiters for the rest of the file.",
}
"""What each kind of tag does, for the reference."""


class Token(NamedTuple):
    """A tag or the text between two tags.

    Attributes:
        kind: What it is.
        text: All of it, with its delimiters, as it stands in the source.
        start: Offset of its first character, from 0.
        name: What the tag names; a dynamic name keeps its ``*``, without blanks.
        name_end: Offset after the name's last character.
    """

    kind: Kind
    text: str
    start: int
    name: str = ""
    name_end: int = 0

    @property
    def end(self) -> int:
        """Offset after the token's last character."""
        return self.start + len(self.text)

    @property
    def name_start(self) -> int:
        """Offset of the name's first character, after the ``*`` of a dynamic one."""
        return self.name_end - len(self.path)

    @property
    def is_dynamic(self) -> bool:
        """Whether the name of a partial is to be looked up."""
        return self.name.startswith("*") and self.kind in (Kind.PARTIAL, Kind.PARENT)

    @property
    def path(self) -> str:
        """The name without the ``*`` of a dynamic one."""
        return self.name[1:] if self.is_dynamic else self.name

    def locate(self, source: Source) -> Location:
        """Return the place of the name."""
        return source.locate(self.name_start, len(self.path))


def tokenize(source: Source, delimiters: Delimiters) -> Iterator[Token]:
    """Yield the tokens of *source*.

    Args:
        source: The template.
        delimiters: What tags begin and end with, until a tag changes it.

    Raises:
        TemplateSyntaxError: If a tag is not closed, has no name or an odd one.
    """
    text = source.text
    position = 0
    while (start := text.find(delimiters[0], position)) >= 0:
        if start > position:
            yield Token(Kind.TEXT, text[position:start], position)
        tag = _read_tag(source, start, delimiters)
        if tag.kind is Kind.DELIMITERS:
            delimiters = _new_delimiters(source, tag)
        yield tag
        position = tag.end
    if position < len(text):
        yield Token(Kind.TEXT, text[position:], position)


def quoted(text: str) -> str:
    """Return *text* in backticks, short and safe to print."""
    shown = printable(text[: _LONGEST_QUOTE + 1])
    if len(shown) > _LONGEST_QUOTE:
        shown = shown[:_LONGEST_QUOTE] + "…"
    return f"`{shown}`"


_LONGEST_QUOTE: Final = 60
_PAIR: Final = 2
_BLANKS: Final = re.compile(r"\s*")
_BLANK: Final = re.compile(r"\s")
_MIRRORED: Final = {"=": "=", "{": "}"}
_STARRED_KINDS: Final = (Kind.PARTIAL, Kind.PARENT, Kind.CLOSE)


def _read_tag(source: Source, start: int, delimiters: Delimiters) -> Token:
    """Read the tag whose opening delimiter stands at *start*."""
    text = source.text
    opening, closing = delimiters
    inside = _after_blanks(text, start + len(opening))
    sigil = text[inside : inside + 1]
    kind = SIGILS.get(sigil)
    if kind is None:
        kind, sigil = Kind.VARIABLE, ""
    inside += len(sigil)
    ending = _MIRRORED.get(sigil, "") + closing
    end = text.find(ending, inside)
    content = text[inside:end]
    if end < 0 or (sigil == "{" and closing in content):
        raise _unclosed(source, start, inside, ending)
    name = content.strip()
    if kind in _STARRED_KINDS and name.startswith("*"):
        name = "*" + name[1:].lstrip()
    name_end = inside + len(content.rstrip())
    tag = Token(kind, text[start : end + len(ending)], start, name, name_end)
    if kind is not Kind.COMMENT and kind is not Kind.DELIMITERS:
        _check_name(source, tag, delimiters)
    return tag


def _after_blanks(text: str, position: int) -> int:
    blanks = _BLANKS.match(text, position)
    return blanks.end() if blanks else position


def _check_name(source: Source, tag: Token, delimiters: Delimiters) -> None:
    name = tag.path
    if not name:
        raise TemplateSyntaxError(
            f"empty tag {quoted(tag.text)}",
            at=source.locate(tag.start, len(tag.text)),
            hint="write a name between the delimiters",
        )
    if _BLANK.search(name) is None:
        return
    if delimiters[0] in name:
        inside = tag.start + len(delimiters[0])
        raise _unclosed(source, tag.start, inside, delimiters[1])
    raise TemplateSyntaxError(
        f"{quoted(name)} is not a name: names have no blanks",
        at=tag.locate(source),
        hint=_blank_hint(name, delimiters),
    )


def _blank_hint(name: str, delimiters: Delimiters) -> str:
    opening, closing = delimiters
    word, _, rest = name.partition(" ")
    rest = rest.strip()
    if word in {"if", "each", "with", "range", "for", "unless"} and rest.isidentifier():
        sigil = "^" if word == "unless" else "#"
        return (
            f"Mustache has no `{word}`: write"
            f" `{opening}{sigil}{rest}{closing}…{opening}/{rest}{closing}`"
        )
    return "a tag holds one name: Mustache has no expressions, filters or arguments"


def _unclosed(
    source: Source, start: int, inside: int, ending: str
) -> TemplateSyntaxError:
    opened = source.text[start:inside].rstrip()
    return TemplateSyntaxError(
        f"tag is not closed: {quoted(opened)} without {quoted(ending)}",
        at=source.locate(start, len(opened)),
        hint=f"close it with {quoted(ending)}",
    )


def _new_delimiters(source: Source, tag: Token) -> Delimiters:
    delimiters = tag.name.split()
    if len(delimiters) == _PAIR and all(map(is_delimiter, delimiters)):
        return delimiters[0], delimiters[1]
    raise TemplateSyntaxError(
        f"{quoted(tag.text)} does not set delimiters",
        at=source.locate(tag.start, len(tag.text)),
        hint="write both, with a blank between and without `=`, such as `{{=<% %>=}}`",
    )
