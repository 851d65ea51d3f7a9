"""The tree of a template: what the parser makes and the renderer compiles.

Whitespace is settled here once and for all: lines that held nothing but a tag are
gone, and every other line that is not empty begins with an *indentation point*, at
which an indented partial or block inserts its indentation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from provisionhub_mustache.lexer import Token


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text.

    Attributes:
        parts: The text, cut at its indentation points: ``indent.join(parts)``.
    """

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """``{{name}}``, or ``{{{name}}}`` and ``{{&name}}``, which are not escaped."""

    tag: Token


@dataclass(frozen=True, slots=True)
class Section:
    """``{{#name}} children {{/name}}``, or ``{{^name}}``, its inverse."""

    tag: Token
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Partial:
    """``{{>name}}``, or ``{{>*name}}``, whose name is looked up.

    Attributes:
        tag: The tag.
        indent: Blanks before a tag that stands alone on its line; otherwise None.
    """

    tag: Token
    indent: str | None


@dataclass(frozen=True, slots=True)
class Argument:
    """``{{$name}} children {{/name}}`` right inside a parent: what replaces a block.

    Attributes:
        tag: The opening tag.
        children: The content, without the indentation that its lines share.
        starts_line: The content begins on the line after the opening tag.
        ends_line: The content ends with a line end.
    """

    tag: Token
    children: tuple[Node, ...]
    starts_line: bool
    ends_line: bool


@dataclass(frozen=True, slots=True)
class Parent:
    """``{{<name}} arguments {{/name}}``: a partial whose blocks are replaced.

    Attributes:
        tag: The opening tag.
        arguments: What replaces the partial's blocks.
        indent: Blanks before a pair that stands alone on its lines; otherwise None.
    """

    tag: Token
    arguments: tuple[Argument, ...]
    indent: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """``{{$name}} children {{/name}}``: a place that an inheriting template fills.

    Attributes:
        tag: The opening tag.
        children: The content unless something replaces it.
        indent: By what the lines of a replacement are indented; None if the pair
            stands amid other text.
        tail: The rest of the line of a pair that fills one line, line end included;
            a replacement that ends with a line end of its own takes its place.
        leads: The pair fills a line: *indent* stands before the default content too.
    """

    tag: Token
    children: tuple[Node, ...]
    indent: str | None = None
    tail: str = ""
    leads: bool = False


Node: TypeAlias = Text | Variable | Section | Partial | Parent | Block


def dedent(nodes: tuple[Node, ...], margin: str) -> tuple[Node, ...]:
    """Return *nodes* with *margin* taken away at each indentation point."""
    dedented: list[Node] = []
    for node in nodes:
        match node:
            case Text():
                lines = [line.removeprefix(margin) for line in node.parts[1:]]
                dedented.append(Text((node.parts[0], *lines)))
            case Section():
                children = dedent(node.children, margin)
                dedented.append(replace(node, children=children))
            case Block():
                children = dedent(node.children, margin)
                indent = _cut(node.indent, margin)
                dedented.append(replace(node, children=children, indent=indent))
            case Partial() | Parent():
                # The lines of a parent's arguments have lost their margin already.
                dedented.append(replace(node, indent=_cut(node.indent, margin)))
            case Variable():
                dedented.append(node)
    return tuple(dedented)


def _cut(indent: str | None, margin: str) -> str | None:
    return None if indent is None else indent.removeprefix(margin)
