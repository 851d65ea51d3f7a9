"""From a template's tokens to its tree.

::

    template = { text | tag | section | parent | block }
    section  = "{{#name}}" template "{{/name}}"  |  "{{^name}}" template "{{/name}}"
    block    = "{{$name}}" template "{{/name}}"
    parent   = "{{<name}}" { text | comment | argument } "{{/name}}"
    argument = "{{$name}}" template "{{/name}}"

Parsing is a loop over a stack of open tags, not a recursion: templates are
untrusted, and Python's stack is short.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from provisionhub.errors import TemplateSyntaxError
from provisionhub.source import Source
from provisionhub_mustache.lexer import Kind, Token, quoted, tokenize
from provisionhub_mustache.limits import MAX_NESTING, exceeded
from provisionhub_mustache.lines import Lines
from provisionhub_mustache.nodes import (
    Argument,
    Block,
    Node,
    Parent,
    Partial,
    Section,
    Variable,
    dedent,
)
from provisionhub_mustache.options import Delimiters


def parse(source: Source, delimiters: Delimiters) -> tuple[Node, ...]:
    """Return the tree of *source*.

    Raises:
        TemplateSyntaxError: If a tag is malformed, not closed or out of place.
        LimitExceededError: If tags are nested too deeply.
    """
    parser = _Parser(source)
    for token in tokenize(source, delimiters):
        parser.accept(token)
    return parser.finish()


_LOOKED_UP: Final = (Kind.VARIABLE, Kind.UNESCAPED, Kind.SECTION, Kind.INVERTED)


@dataclass(slots=True)
class _Open:
    """A tag that waits for its closing tag.

    Attributes:
        tag: The opening tag.
        nodes: What it holds so far.
        arguments: A parent's arguments so far.
        blanks: Blanks before a parent or block, not yet placed: whether the pair
            stands alone shows at its end only.
        starts_line: A block's content begins on the line after the tag.
        indent: Blanks before a block whose opening tag stands alone.
    """

    tag: Token
    nodes: list[Node] = field(default_factory=list)
    arguments: list[Argument] = field(default_factory=list)
    blanks: str | None = None
    starts_line: bool = False
    indent: str | None = None


class _Parser:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._lines = Lines(source.text)
        self._nodes: list[Node] = []
        self._open: list[_Open] = []

    def accept(self, token: Token) -> None:
        """Take the next token."""
        if token.kind is Kind.CLOSE:
            self._close(token)
        elif self._is_in_parent():
            self._accept_in_parent(token)
        else:
            self._accept(token)

    def finish(self) -> tuple[Node, ...]:
        """Return the tree; the last token is past."""
        if self._open:
            tag = self._open[-1].tag
            raise TemplateSyntaxError(
                f"{tag.kind.value} {quoted(tag.text)} is never closed",
                at=tag.locate(self._source),
                hint=f"add {self._closing(tag)}",
            )
        if self._lines.blanks:
            self._add(self._lines.settle())
        return tuple(self._nodes)

    def _accept(self, token: Token) -> None:
        self._check_path(token)
        match token.kind:
            case Kind.TEXT:
                self._add(self._lines.place(token))
            case Kind.VARIABLE | Kind.UNESCAPED:
                self._add(self._lines.settle())
                self._add(Variable(token))
            case Kind.PARTIAL:
                indent = self._take_line(token)
                self._add(Partial(token, indent))
            case Kind.SECTION | Kind.INVERTED:
                self._take_line(token)
                self._push(_Open(token))
            case Kind.PARENT:
                self._push(_Open(token, blanks=self._lines.blanks))
            case Kind.BLOCK:
                self._open_block(token)
            case _:
                self._take_line(token)

    def _accept_in_parent(self, token: Token) -> None:
        """Take a token right inside a parent, where only blocks mean anything."""
        match token.kind:
            case Kind.BLOCK:
                self._open_argument(token)
            case Kind.TEXT | Kind.COMMENT | Kind.DELIMITERS:
                pass
            case _:
                parent = self._open[-1].tag
                raise TemplateSyntaxError(
                    f"{token.kind.value} {quoted(token.text)} stands right inside"
                    f" parent {quoted(parent.text)}, where it would be ignored",
                    at=token.locate(self._source),
                    hint="put it into a block, such as `{{$name}}…{{/name}}`",
                )

    def _open_argument(self, tag: Token) -> None:
        line_end = self._lines.line_end(tag)
        self._push(_Open(tag, starts_line=line_end is not None))
        self._lines.open_margin()
        self._lines.blanks = None
        if line_end is not None:
            self._lines.skip_to(line_end)

    def _open_block(self, tag: Token) -> None:
        blanks = self._lines.blanks
        indent = self._lines.take_line(tag)
        held = blanks if indent is None else None
        self._push(_Open(tag, blanks=held, indent=indent))
        self._lines.open_margin()
        if indent is None:
            self._lines.blanks = None

    def _close(self, tag: Token) -> None:
        self._check_closes(tag)
        match self._open[-1].tag.kind:
            case Kind.PARENT:
                self._close_parent(tag)
            case Kind.BLOCK if self._is_argument():
                self._close_argument()
            case Kind.BLOCK:
                self._close_block(tag)
            case _:
                self._take_line(tag)
                section = self._open.pop()
                self._add(Section(section.tag, tuple(section.nodes)))

    def _close_parent(self, tag: Token) -> None:
        parent = self._open.pop()
        self._lines.blanks = parent.blanks
        indent = self._take_line(tag)
        self._add(Parent(parent.tag, tuple(parent.arguments), indent))

    def _close_argument(self) -> None:
        argument = self._open.pop()
        ends_line = self._lines.blanks is not None
        margin = self._lines.close_margin()
        nodes = tuple(argument.nodes)
        if argument.starts_line and margin:
            nodes = dedent(nodes, margin)
        self._open[-1].arguments.append(
            Argument(argument.tag, nodes, argument.starts_line, ends_line)
        )

    def _close_block(self, tag: Token) -> None:
        margin = self._lines.close_margin()
        if margin is not None:
            # The block's lines are lines of what holds the block, too.
            self._lines.measure(margin)
        if self._open[-1].blanks is not None:
            self._close_block_with_text(tag)
            return
        self._take_line(tag)
        block = self._open.pop()
        indent = block.indent if margin is None or block.indent is None else margin
        self._add(Block(block.tag, tuple(block.nodes), indent))

    def _close_block_with_text(self, tag: Token) -> None:
        """Close a block that begins a line which its opening tag does not end."""
        lines = self._lines
        line_end = lines.line_end(tag)
        if line_end is None:
            self._add(lines.settle())
            block = self._open.pop()
            lines.blanks = block.blanks
            self._add(lines.settle())
            self._add(Block(block.tag, tuple(block.nodes)))
            return
        block = self._open.pop()
        tail = self._source.text[tag.end : line_end] if lines.blanks is None else ""
        lines.measure(block.blanks or "")
        lines.skip_to(line_end)
        self._add(
            Block(block.tag, tuple(block.nodes), block.blanks, tail=tail, leads=True)
        )

    def _take_line(self, tag: Token) -> str | None:
        """Take *tag*'s line away and return its indentation, or place its blanks."""
        indent = self._lines.take_line(tag)
        if indent is None:
            self._add(self._lines.settle())
        return indent

    def _add(self, node: Node | None) -> None:
        if node is not None:
            nodes = self._open[-1].nodes if self._open else self._nodes
            nodes.append(node)

    def _push(self, opened: _Open) -> None:
        if len(self._open) == MAX_NESTING:
            raise exceeded("MAX_NESTING", opened.tag.locate(self._source))
        self._open.append(opened)

    def _is_in_parent(self) -> bool:
        return bool(self._open) and self._open[-1].tag.kind is Kind.PARENT

    def _is_argument(self) -> bool:
        return len(self._open) > 1 and self._open[-2].tag.kind is Kind.PARENT

    def _check_path(self, tag: Token) -> None:
        """Refuse a dotted name with nothing before, after or between its dots."""
        if "." not in tag.name:
            return
        is_looked_up = tag.kind in _LOOKED_UP or tag.is_dynamic
        path = tag.path
        if not is_looked_up or path == "." or all(path.split(".")):
            return
        mended = ".".join(filter(None, path.split(".")))
        raise TemplateSyntaxError(
            f"{quoted(path)} is not a name: a part between its dots is empty",
            at=tag.locate(self._source),
            hint=f"write {quoted(mended)}" if mended else "write `.` for the item",
        )

    def _check_closes(self, tag: Token) -> None:
        """Refuse a closing tag that does not close the innermost open one."""
        if not self._open:
            raise TemplateSyntaxError(
                f"{quoted(tag.text)} closes nothing: no section of that name is open",
                at=tag.locate(self._source),
                hint="remove it, or open the section before it",
            )
        opened = self._open[-1].tag
        if tag.name == opened.name:
            return
        here, there = tag.locate(self._source), opened.locate(self._source)
        raise TemplateSyntaxError(
            f"{quoted(tag.text)} at line {here.line}, column {here.column} does not"
            f" close {opened.kind.value} {quoted(opened.text)} opened at line"
            f" {there.line}, column {there.column}",
            at=here,
            hint=f"write {self._closing(opened)}"
            f"{' before it' if self._is_open(tag) else ''}",
        )

    def _is_open(self, tag: Token) -> bool:
        return any(opened.tag.name == tag.name for opened in self._open)

    def _closing(self, tag: Token) -> str:
        """Return the closing tag for *tag*, in its own delimiters."""
        head = tag.text[: tag.name_start - tag.start].rstrip(" \t\r\n*")[:-1]
        tail = tag.text[tag.name_end - tag.start :]
        return quoted(f"{head.rstrip()}/{tag.name}{tail.lstrip()}")
