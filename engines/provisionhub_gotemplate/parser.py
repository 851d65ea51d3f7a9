"""Tokens to trees, as Go's ``text/template/parse`` grows them, errors included.

Each method is headed by the grammar of what it parses, and by what is past already.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Final

from provisionhub_gotemplate.lexer import Token, tokenize
from provisionhub_gotemplate.limits import MAX_BLOCKS, exceeded
from provisionhub_gotemplate.nodes import (
    Action,
    Block,
    Break,
    Call,
    Continue,
    Delimiters,
    If,
    Pipeline,
    Range,
    Statement,
    Text,
    Tree,
    With,
)
from provisionhub_gotemplate.pipelines import PipelineParser
from provisionhub_gotemplate.quoting import quote

_STRINGS: Final = frozenset({"string", "raw_string"})
_RIGHT: Final = frozenset({"right_delim"})


def parse(
    name: str, text: str, *, delimiters: Delimiters, functions: Container[str]
) -> dict[str, Tree]:
    """Return the templates that *text* defines by their names, *name* among them.

    Args:
        name: What the text as a whole is called.
        text: The source.
        delimiters: What actions begin and end with.
        functions: The names of the functions that templates may call.

    Raises:
        ParseError: If it is no template.
        LimitError: If its actions are nested too deeply.
    """
    words = frozenset(word for word in ("break", "continue") if word in functions)
    tokens = tokenize(text, delimiters, plain_words=words)
    trees: dict[str, Tree] = {}
    top = Tree(name, name, text, delimiters, Block(0))
    _Parser(top, _Text(tokens, functions, trees), index=0, blocks=0).parse()
    return trees


@dataclass(frozen=True, slots=True)
class _Text:
    """What the parsers of one text share: all but the place where they stand."""

    tokens: list[Token]
    functions: Container[str]
    trees: dict[str, Tree]


@dataclass(frozen=True, slots=True)
class _Mark:
    """``{{end}}`` or ``{{else}}``: read like a node, but never part of a tree."""

    keyword: str
    position: int

    def show(self, delimiters: Delimiters) -> str:
        """Return the action."""
        return f"{delimiters[0]}{self.keyword}{delimiters[1]}"


class _Parser(PipelineParser):
    """The parser of one template; those defined inside it have their own."""

    def __init__(self, tree: Tree, text: _Text, *, index: int, blocks: int) -> None:
        super().__init__(tree, text.tokens, index, text.functions)
        self._text = text
        self._blocks = blocks
        self._ranges = 0

    # Templates.

    def parse(self) -> None:
        """Parse ``(define | text | action)*`` up to the end of the text."""
        root = self.tree.root
        while (token := self.peek()).kind != "eof":
            if token.kind == "left_delim":
                start = self.index
                self.index += 1
                if self.next_non_space().kind == "define":
                    self._parse_define()
                    continue
                self.index = start
            node = self._parse_text_or_action()
            if isinstance(node, _Mark):
                raise self.error(f"unexpected {node.show(self.tree.delimiters)}")
            root.nodes.append(node)
        self.install()

    def _parse_define(self) -> None:
        """Parse ``{{define string}} items {{end}}``; ``define`` is past."""
        child = self._child("definition")
        child.parse_definition()
        self.index = child.index

    def parse_definition(self) -> None:
        """Parse ``string}} items {{end}}``, the rest of a ``define``."""
        context = "define clause"
        token = self.expect(_STRINGS, context)
        self.tree.name = self.unquoted(token)
        self.expect(_RIGHT, context)
        self.tree.root, end = self.parse_items()
        self._check_end(end, context)
        self.install()

    def _check_end(self, end: _Mark, context: str) -> None:
        if end.keyword != "end":
            shown = end.show(self.tree.delimiters)
            raise self.error(f"unexpected {shown} in {context}")

    def _child(self, name: str) -> _Parser:
        parent = self.tree
        tree = Tree(
            name, parent.source_name, parent.source, parent.delimiters, Block(0)
        )
        return _Parser(tree, self._text, index=self.index, blocks=self._blocks + 1)

    def install(self) -> None:
        """Make the tree known, unless it is blank and its name taken."""
        tree, trees = self.tree, self._text.trees
        known = trees.get(tree.name)
        if known is None or known.root.is_empty():
            trees[tree.name] = tree
        elif not tree.root.is_empty():
            name = quote(tree.name)
            raise self.error(f"template: multiple definition of template {name}")

    def parse_items(self) -> tuple[Block, _Mark]:
        """Parse ``(text | action)*`` up to an ``{{end}}`` or ``{{else}}``."""
        self._blocks += 1
        if self._blocks > MAX_BLOCKS:
            name = self.tree.source_name
            raise exceeded("MAX_BLOCKS", template=name, line=self.line)
        token = self.peek_non_space()
        block = Block(token.start)
        while token.kind != "eof":
            node = self._parse_text_or_action()
            if isinstance(node, _Mark):
                self._blocks -= 1
                return block, node
            block.nodes.append(node)
            token = self.peek_non_space()
        raise self.error("unexpected EOF")

    def _parse_text_or_action(self) -> Statement | _Mark:
        """Parse ``text | action``."""
        token = self.next_non_space()
        if token.kind == "text":
            return Text(token.start, token.value)
        if token.kind != "left_delim":
            raise self.unexpected(token, "input")
        self.action_start = token.start
        node = self._parse_action()
        self.action_start = -1
        return node

    def _parse_action(self) -> Statement | _Mark:
        """Parse ``control | pipeline``; the left delimiter is past."""
        token = self.next_non_space()
        control = _CONTROLS.get(token.kind)
        if control is not None:
            return control(self, token)
        self.index -= 1
        return Action(token.start, self.parse_pipeline("command", "right_delim"))

    # Controls.

    def parse_break(self, token: Token) -> Statement:
        """Parse ``{{break}}``; ``break`` is past."""
        self._check_jump("break")
        return Break(token.start)

    def parse_continue(self, token: Token) -> Statement:
        """Parse ``{{continue}}``; ``continue`` is past."""
        self._check_jump("continue")
        return Continue(token.start)

    def _check_jump(self, keyword: str) -> None:
        self.expect(_RIGHT, f"{{{{{keyword}}}}}")
        if self._ranges == 0:
            raise self.error(f"{{{{{keyword}}}}} outside {{{{range}}}}")

    def parse_if(self, _: Token) -> Statement:
        """Parse ``{{if pipeline}} items [{{else}} items] {{end}}``; ``if`` is past."""
        return self._parse_links("if", If)

    def parse_with(self, _: Token) -> Statement:
        """Parse ``{{with pipeline}} items [{{else}} items] {{end}}``."""
        return self._parse_links("with", With)

    def _parse_links(self, keyword: str, kind: type[If | With]) -> If | With:
        """Parse the rest of an ``if`` or ``with``, chains of ``else if`` included.

        ``{{else if}}`` is ``{{else}}{{if}}`` whose ``{{end}}`` serves both.
        """
        known = len(self.variables)
        links: list[tuple[Pipeline, Block, _Mark]] = []
        while True:
            pipeline = self.parse_pipeline(keyword, "right_delim")
            body, mark = self.parse_items()
            links.append((pipeline, body, mark))
            if mark.keyword == "end" or self.peek().kind != keyword:
                break
            self.index += 1
        otherwise = self._parse_last_items() if mark.keyword == "else" else None
        del self.variables[known:]
        return _linked(kind, links, otherwise)

    def parse_range(self, _: Token) -> Statement:
        """Parse ``{{range pipeline}} items [{{else}} items] {{end}}``."""
        known = len(self.variables)
        pipeline = self.parse_pipeline("range", "right_delim")
        self._ranges += 1
        body, mark = self.parse_items()
        self._ranges -= 1
        otherwise = self._parse_last_items() if mark.keyword == "else" else None
        del self.variables[known:]
        return Range(pipeline.position, pipeline, body, otherwise)

    def _parse_last_items(self) -> Block:
        """Parse what follows ``{{else}}``, up to ``{{end}}``."""
        block, mark = self.parse_items()
        if mark.keyword != "end":
            raise self.error(f"expected end; found {mark.show(self.tree.delimiters)}")
        return block

    def parse_end(self, _: Token) -> _Mark:
        """Parse ``{{end}}``; ``end`` is past."""
        return _Mark("end", self.expect(_RIGHT, "end").start)

    def parse_else(self, _: Token) -> _Mark:
        """Parse ``{{else}}``, or ``{{else`` before ``if`` or ``with``."""
        token = self.peek_non_space()
        if token.kind not in {"if", "with"}:
            token = self.expect(_RIGHT, "else")
        return _Mark("else", token.start)

    def parse_block(self, _: Token) -> Statement:
        """Parse ``{{block string pipeline}} items {{end}}``; ``block`` is past."""
        context = "block clause"
        token = self.next_non_space()
        name = self._template_name(token, context)
        pipeline = self.parse_pipeline(context, "right_delim")
        child = self._child(name)
        child.tree.root, end = child.parse_items()
        self.index = child.index
        self._check_end(end, context)
        child.install()
        return Call(token.start, name, pipeline)

    def parse_template(self, _: Token) -> Statement:
        """Parse ``{{template string [pipeline]}}``; ``template`` is past."""
        context = "template clause"
        token = self.next_non_space()
        name = self._template_name(token, context)
        pipeline = None
        if self.next_non_space().kind != "right_delim":
            self.index -= 1
            pipeline = self.parse_pipeline(context, "right_delim")
        return Call(token.start, name, pipeline)

    def _template_name(self, token: Token, context: str) -> str:
        if token.kind not in _STRINGS:
            raise self.unexpected(token, context)
        name = self.unquoted(token)
        self.tree.calls.add(name)
        return name


def _linked(
    kind: type[If | With],
    links: list[tuple[Pipeline, Block, _Mark]],
    otherwise: Block | None,
) -> If | With:
    """Return the links of a chain, each inside the ``else`` of the one before."""
    pipeline, body, _ = links.pop()
    node = kind(pipeline.position, pipeline, body, otherwise)
    while links:
        pipeline, body, mark = links.pop()
        node = kind(pipeline.position, pipeline, body, Block(mark.position, [node]))
    return node


_CONTROLS: Final[dict[str, Callable[[_Parser, Token], Statement | _Mark]]] = {
    "block": _Parser.parse_block,
    "break": _Parser.parse_break,
    "continue": _Parser.parse_continue,
    "else": _Parser.parse_else,
    "end": _Parser.parse_end,
    "if": _Parser.parse_if,
    "range": _Parser.parse_range,
    "template": _Parser.parse_template,
    "with": _Parser.parse_with,
}
