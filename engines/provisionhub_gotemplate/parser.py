"""Tokens to trees, as Go's ``text/template/parse`` grows them, errors included.

Each method is headed by the grammar of what it parses, and by what is past already.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Final, NoReturn

from provisionhub_gotemplate.errors import ParseError
from provisionhub_gotemplate.lexer import KEYWORDS, Token, tokenize
from provisionhub_gotemplate.limits import MAX_BLOCKS, MAX_PARENTHESES, exceeded
from provisionhub_gotemplate.nodes import (
    Action,
    Block,
    Bool,
    Break,
    Call,
    Chain,
    Command,
    Continue,
    Delimiters,
    Dot,
    Field,
    Identifier,
    If,
    Nil,
    NumberLiteral,
    Pipeline,
    Range,
    Statement,
    String,
    Term,
    Text,
    Tree,
    Variable,
    With,
)
from provisionhub_gotemplate.numbers import NumberError, parse_number
from provisionhub_gotemplate.quoting import INVALID_SYNTAX, quote, unquote

_STRINGS: Final = frozenset({"string", "raw_string"})
_LONG_TOKEN: Final = 10


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
    _Parser(top, tokens, functions, trees).parse()
    return trees


class _Parser:
    """The parser of one template; those defined inside it have their own."""

    def __init__(
        self,
        tree: Tree,
        tokens: list[Token],
        functions: Container[str],
        trees: dict[str, Tree],
        parent: _Parser | None = None,
    ) -> None:
        self._tree = tree
        self._tokens = tokens
        self._functions = functions
        self._trees = trees
        self._index = 0 if parent is None else parent._index
        self._blocks = 0 if parent is None else parent._blocks + 1
        # The last token that this parser took from the lexer: where Go says errors are.
        self._furthest = -1
        self._variables = ["$"]
        self._action_start = -1
        self._ranges = 0
        self._parentheses = 0

    # Tokens.

    def _next(self) -> Token:
        index = self._index
        self._index = index + 1
        self._furthest = max(self._furthest, index)
        try:
            return self._tokens[index]
        except IndexError:
            return self._tokens[-1]

    def _peek(self) -> Token:
        token = self._next()
        self._index -= 1
        return token

    def _next_non_space(self) -> Token:
        token = self._next()
        # Two in a row: at " -}}", the lexer leaves the last space to the delimiter.
        while token.kind == "space":
            token = self._next()
        return token

    def _peek_non_space(self) -> Token:
        token = self._next_non_space()
        self._index -= 1
        return token

    def _expect(self, kinds: frozenset[str], context: str) -> Token:
        token = self._next_non_space()
        if token.kind not in kinds:
            self._unexpected(token, context)
        return token

    # Errors.

    def _fail(self, message: str) -> NoReturn:
        line = self._line(self._furthest)
        name = self._tree.source_name
        text = f"template: {name}:{line}: {message}"
        raise ParseError(text, template=name, line=line)

    def _line(self, index: int) -> int:
        """Return the line of the token at *index*; 0 before the first."""
        if index < 0:
            return 0
        token = self._tokens[min(index, len(self._tokens) - 1)]
        return self._line_at(token.start)

    def _line_at(self, position: int) -> int:
        return self._tree.source.count("\n", 0, position) + 1

    def _unexpected(self, token: Token, context: str) -> NoReturn:
        if token.kind != "error":
            self._fail(f"unexpected {_show(token)} in {context}")
        extra = ""
        if self._action_start >= 0:
            line = self._line_at(self._action_start)
            if line != self._line_at(token.start):
                extra = f" in action started at {self._tree.source_name}:{line}"
                if token.value.endswith(" action"):
                    extra = extra.removeprefix(" in action")
        self._fail(token.value + extra)

    # Templates.

    def parse(self) -> None:
        """Parse ``(define | text | action)*`` up to the end of the text."""
        root = self._tree.root
        while (token := self._peek()).kind != "eof":
            if token.kind == "left_delim":
                start = self._index
                self._index += 1
                if self._next_non_space().kind == "define":
                    self._define()
                    continue
                self._index = start
            node = self._text_or_action()
            if isinstance(node, _Mark):
                self._fail(f"unexpected {node.show(self._tree.delimiters)}")
            root.nodes.append(node)
        self._install()

    def _define(self) -> None:
        """Parse ``{{define string}} items {{end}}``; ``define`` is past."""
        child = self._child("definition")
        child.parse_definition()
        self._index = child._index

    def parse_definition(self) -> None:
        """Parse the rest of a ``define``, from the name on."""
        context = "define clause"
        token = self._expect(_STRINGS, context)
        self._tree.name = self._unquoted(token)
        self._expect(frozenset({"right_delim"}), context)
        self._tree.root, end = self._items()
        if end.keyword != "end":
            self._fail(f"unexpected {end.show(self._tree.delimiters)} in {context}")
        self._install()

    def _child(self, name: str) -> _Parser:
        parent = self._tree
        if self._blocks >= MAX_BLOCKS:
            self._too_deep()
        tree = Tree(
            name, parent.source_name, parent.source, parent.delimiters, Block(0)
        )
        return _Parser(tree, self._tokens, self._functions, self._trees, parent=self)

    def _install(self) -> None:
        """Make the tree known, unless it is blank and its name taken."""
        tree = self._tree
        known = self._trees.get(tree.name)
        if known is None or known.root.is_empty():
            self._trees[tree.name] = tree
        elif not tree.root.is_empty():
            name = quote(tree.name)
            self._fail(f"template: multiple definition of template {name}")

    def _items(self) -> tuple[Block, _Mark]:
        """Parse ``(text | action)*`` up to an ``{{end}}`` or ``{{else}}``."""
        self._blocks += 1
        if self._blocks > MAX_BLOCKS:
            self._too_deep()
        token = self._peek_non_space()
        block = Block(token.start)
        while token.kind != "eof":
            node = self._text_or_action()
            if isinstance(node, _Mark):
                self._blocks -= 1
                return block, node
            block.nodes.append(node)
            token = self._peek_non_space()
        self._fail("unexpected EOF")

    def _too_deep(self) -> NoReturn:
        name, line = self._tree.source_name, self._line(self._furthest)
        raise exceeded("MAX_BLOCKS", template=name, line=line)

    def _text_or_action(self) -> Statement | _Mark:
        """Parse ``text | action``."""
        token = self._next_non_space()
        if token.kind == "text":
            return Text(token.start, token.value)
        if token.kind != "left_delim":
            self._unexpected(token, "input")
        self._action_start = token.start
        node = self._action()
        self._action_start = -1
        return node

    def _action(self) -> Statement | _Mark:
        """Parse ``control | pipeline``; the left delimiter is past."""
        token = self._next_non_space()
        control = _CONTROLS.get(token.kind)
        if control is not None:
            return control(self, token)
        self._index -= 1
        pipeline = self._pipeline("command", "right_delim")
        return Action(token.start, pipeline)

    # Controls.

    def _break(self, token: Token) -> Statement:
        """Parse ``{{break}}``; ``break`` is past."""
        self._check_jump("break")
        return Break(token.start)

    def _continue(self, token: Token) -> Statement:
        """Parse ``{{continue}}``; ``continue`` is past."""
        self._check_jump("continue")
        return Continue(token.start)

    def _check_jump(self, keyword: str) -> None:
        token = self._next_non_space()
        if token.kind != "right_delim":
            self._unexpected(token, f"{{{{{keyword}}}}}")
        if self._ranges == 0:
            self._fail(f"{{{{{keyword}}}}} outside {{{{range}}}}")

    def _if(self, _: Token) -> Statement:
        """Parse ``{{if pipeline}} items [{{else}} items] {{end}}``; ``if`` is past."""
        return If(*self._control("if"))

    def _with(self, _: Token) -> Statement:
        """Parse ``{{with pipeline}} items [{{else}} items] {{end}}``."""
        return With(*self._control("with"))

    def _range(self, _: Token) -> Statement:
        """Parse ``{{range pipeline}} items [{{else}} items] {{end}}``."""
        known = len(self._variables)
        pipeline = self._pipeline("range", "right_delim")
        self._ranges += 1
        body, mark = self._items()
        self._ranges -= 1
        otherwise = self._last_items() if mark.keyword == "else" else None
        del self._variables[known:]
        return Range(pipeline.position, pipeline, body, otherwise)

    def _control(self, keyword: str) -> tuple[int, Pipeline, Block, Block | None]:
        """Parse the rest of an ``if`` or ``with``, chains of ``else if`` included.

        ``{{else if}}`` is ``{{else}}{{if}}`` whose ``{{end}}`` serves both.
        """
        node = With if keyword == "with" else If
        links: list[tuple[int, Pipeline, Block]] = []
        scopes: list[int] = []
        otherwise: Block | None = None
        while True:
            scopes.append(len(self._variables))
            pipeline = self._pipeline(keyword, "right_delim")
            body, mark = self._items()
            links.append((mark.position, pipeline, body))
            if mark.keyword == "end":
                break
            if self._peek().kind != keyword:
                otherwise = self._last_items()
                break
            self._index += 1
        del self._variables[scopes[0] :]
        while len(links) > 1:
            _, pipeline, body = links.pop()
            branch = node(pipeline.position, pipeline, body, otherwise)
            otherwise = Block(links[-1][0], [branch])
        _, pipeline, body = links[0]
        return pipeline.position, pipeline, body, otherwise

    def _last_items(self) -> Block:
        """Parse what follows ``{{else}}``, up to ``{{end}}``."""
        block, mark = self._items()
        if mark.keyword != "end":
            shown = mark.show(self._tree.delimiters)
            self._fail(f"expected end; found {shown}")
        return block

    def _end(self, _: Token) -> _Mark:
        """Parse ``{{end}}``; ``end`` is past."""
        token = self._expect(frozenset({"right_delim"}), "end")
        return _Mark("end", token.start)

    def _else(self, _: Token) -> _Mark:
        """Parse ``{{else}}``, or ``{{else`` before ``if`` or ``with``."""
        token = self._peek_non_space()
        if token.kind not in {"if", "with"}:
            token = self._expect(frozenset({"right_delim"}), "else")
        return _Mark("else", token.start)

    def _block(self, _: Token) -> Statement:
        """Parse ``{{block string pipeline}} items {{end}}``; ``block`` is past."""
        context = "block clause"
        token = self._next_non_space()
        name = self._template_name(token, context)
        pipeline = self._pipeline(context, "right_delim")
        child = self._child(name)
        child._tree.root, end = child._items()
        self._index = child._index
        if end.keyword != "end":
            self._fail(f"unexpected {end.show(self._tree.delimiters)} in {context}")
        child._install()
        return Call(token.start, name, pipeline)

    def _template(self, _: Token) -> Statement:
        """Parse ``{{template string [pipeline]}}``; ``template`` is past."""
        context = "template clause"
        token = self._next_non_space()
        name = self._template_name(token, context)
        pipeline = None
        if self._next_non_space().kind != "right_delim":
            self._index -= 1
            pipeline = self._pipeline(context, "right_delim")
        return Call(token.start, name, pipeline)

    def _template_name(self, token: Token, context: str) -> str:
        if token.kind not in _STRINGS:
            self._unexpected(token, context)
        return self._unquoted(token)

    def _unquoted(self, token: Token) -> str:
        text = unquote(token.value)
        if text is None:
            self._fail(INVALID_SYNTAX)
        return text

    # Pipelines.

    def _pipeline(self, context: str, end: str) -> Pipeline:
        """Parse ``[$x [, $y] (:= | =)] command (| command)*`` and the *end* token."""
        token = self._peek_non_space()
        pipeline = Pipeline(token.start)
        if token.kind == "variable":
            self._declarations(pipeline, context)
        commands = pipeline.commands
        while True:
            token = self._next_non_space()
            kind = token.kind
            if kind == end:
                break
            if kind not in _OPERANDS:
                self._unexpected(token, context)
            self._index -= 1
            commands.append(self._command())
        if not commands:
            self._fail(f"missing value for {context}")
        for stage, command in enumerate(commands[1:], start=2):
            if type(command.arguments[0]) in _NOT_EXECUTABLE:
                self._fail(f"non executable command in pipeline stage {stage}")
        return pipeline

    def _declarations(self, pipeline: Pipeline, context: str) -> None:
        """Parse ``$x [, $y] (:= | =)`` if it is there; a variable is next."""
        while (token := self._peek_non_space()).kind == "variable":
            start = self._index
            self._index += 1
            following = self._peek_non_space()
            if following.kind in {"assign", "declare"}:
                pipeline.is_assignment = following.kind == "assign"
                self._next_non_space()
                self._declare(pipeline, token)
                return
            if following.kind != "char" or following.value != ",":
                self._index = start
                return
            self._next_non_space()
            self._declare(pipeline, token)
            if context != "range" or len(pipeline.variables) > 1:
                self._fail(f"too many declarations in {context}")
            if self._peek_non_space().kind not in _AFTER_COMMA:
                self._fail("range can only initialize variables")

    def _declare(self, pipeline: Pipeline, token: Token) -> None:
        pipeline.variables.append(Variable(token.start, (token.value,)))
        self._variables.append(token.value)

    def _command(self) -> Command:
        """Parse ``operand (space operand)*`` and the ``|`` after it, if there is one."""
        command = Command(self._peek_non_space().start)
        arguments = command.arguments
        while True:
            operand = self._operand()
            if operand is not None:
                arguments.append(operand)
            token = self._next()
            kind = token.kind
            if kind == "space":
                continue
            if kind in {"right_delim", "right_paren"}:
                self._index -= 1
            elif kind != "pipe":
                self._unexpected(token, "operand")
            break
        if not arguments:
            self._fail("empty command")
        return command

    def _operand(self) -> Term | None:
        """Parse ``term field*``; nothing if no term is next."""
        token = self._next_non_space()
        parse_term = _TERMS.get(token.kind)
        if parse_term is None:
            self._index -= 1
            return None
        term = parse_term(self, token)
        token = self._peek()
        if token.kind != "field":
            return term
        start = token.start
        names: list[str] = []
        while token.kind == "field":
            names.append(token.value[1:])
            self._index += 1
            token = self._peek()
        return self._chained(term, start, tuple(names))

    def _chained(self, term: Term, start: int, names: tuple[str, ...]) -> Term:
        # Go moves a chain's place to its second element, and so errors point there.
        if isinstance(term, Field):
            return Field(start, term.names + names)
        if isinstance(term, Variable):
            return Variable(start, term.names + names)
        if isinstance(term, Bool | String | NumberLiteral | Nil | Dot):
            self._fail(f"unexpected . after term {quote(term.print())}")
        return Chain(start, term, names)

    # Terms.

    def _identifier(self, token: Token) -> Term:
        if token.value not in self._functions:
            self._fail(f"function {quote(token.value)} not defined")
        self._tree.functions.add(token.value)
        return Identifier(token.start, token.value)

    def _dot(self, token: Token) -> Term:
        return Dot(token.start)

    def _nil(self, token: Token) -> Term:
        return Nil(token.start)

    def _variable(self, token: Token) -> Term:
        if token.value not in self._variables:
            self._fail(f"undefined variable {quote(token.value)}")
        return Variable(token.start, (token.value,))

    def _field(self, token: Token) -> Term:
        return Field(token.start, (token.value[1:],))

    def _bool(self, token: Token) -> Term:
        return Bool(token.start, token.value == "true")

    def _number(self, token: Token) -> Term:
        try:
            number = parse_number(token.value, token.kind)
        except NumberError as error:
            self._fail(str(error))
        return NumberLiteral(token.start, token.value, number)

    def _string(self, token: Token) -> Term:
        return String(token.start, token.value, self._unquoted(token))

    def _parenthesis(self, _: Token) -> Term:
        """Parse ``(pipeline)``; the parenthesis is past."""
        if self._parentheses >= MAX_PARENTHESES:
            self._fail("max expression depth exceeded")
        self._parentheses += 1
        pipeline = self._pipeline("parenthesized pipeline", "right_paren")
        self._parentheses -= 1
        return pipeline


class _Mark:
    """``{{end}}`` or ``{{else}}``: read like a node, but never part of a tree."""

    def __init__(self, keyword: str, position: int) -> None:
        self.keyword = keyword
        self.position = position

    def show(self, delimiters: Delimiters) -> str:
        """Return the action."""
        return f"{delimiters[0]}{self.keyword}{delimiters[1]}"


def _show(token: Token) -> str:
    """Return *token* as error texts have it."""
    kind, value = token.kind, token.value
    if kind == "eof":
        return "EOF"
    if kind in KEYWORDS or kind == "dot":
        return f"<{value}>"
    if len(value.encode("utf-8", "surrogateescape")) > _LONG_TOKEN:
        return quote(value[:_LONG_TOKEN]) + "..."
    return quote(value)


_CONTROLS: Final[dict[str, Callable[[_Parser, Token], Statement | _Mark]]] = {
    "block": _Parser._block,
    "break": _Parser._break,
    "continue": _Parser._continue,
    "else": _Parser._else,
    "end": _Parser._end,
    "if": _Parser._if,
    "range": _Parser._range,
    "template": _Parser._template,
    "with": _Parser._with,
}
_TERMS: Final[dict[str, Callable[[_Parser, Token], Term]]] = {
    "identifier": _Parser._identifier,
    "dot": _Parser._dot,
    "nil": _Parser._nil,
    "variable": _Parser._variable,
    "field": _Parser._field,
    "bool": _Parser._bool,
    "number": _Parser._number,
    "complex": _Parser._number,
    "char_constant": _Parser._number,
    "string": _Parser._string,
    "raw_string": _Parser._string,
    "left_paren": _Parser._parenthesis,
}
_OPERANDS: Final = frozenset(_TERMS)
_AFTER_COMMA: Final = frozenset({"variable", "right_delim", "right_paren"})
_NOT_EXECUTABLE: Final = frozenset({Bool, Dot, Nil, NumberLiteral, String})
