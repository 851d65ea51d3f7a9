"""Templates that tell which of their regions a rendering reaches.

They are parsed as any other; then probes are put into the tree before it is compiled:
calls of the environment, which cost nothing and write nothing. Probes are put in
whenever the tree is made, so that the places of errors are found as ever.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias, get_args

from jinja2 import nodes
from jinja2.lexer import Token

from provisionhub.coverage import Kind, Reached, ReachedIn, Region, Survey, Surveyor
from provisionhub.source import Source
from provisionhub_jinja.environment import TemplateEnvironment
from provisionhub_jinja.kinds import Value
from provisionhub_jinja.lexer import Lexer
from provisionhub_jinja.options import Options
from provisionhub_jinja.templates import CompiledTemplate

_KINDS: Final = {
    "if": Kind.BRANCH,
    "for": Kind.LOOP,
    "block": Kind.DEFINITION,
    "call": Kind.DEFINITION,
    "macro": Kind.DEFINITION,
}
_Holding: TypeAlias = nodes.Block | nodes.CallBlock | nodes.For | nodes.If | nodes.Macro
_HOLDING: Final[tuple[type[_Holding], ...]] = get_args(_Holding)
_MOST_INLINE: Final = 8
"""Inline conditions inside one another that are told apart: each takes brackets in
the generated code, and Python takes only so many."""


def regions_of(source: Source, environment: TemplateEnvironment) -> tuple[Region, ...]:
    """Return the regions of *source*.

    Raises:
        TemplateSyntaxError: With the place of what is wrong.
        LimitExceededError: If the template is nested too deeply.
    """
    tree = TemplateEnvironment.parse_source(environment, source)
    return _Surveyed(source, environment.token_rules, tree).regions


class WatchedSource(Source):
    """A source whose template tells what is reached of it.

    Attributes:
        teller: The number of who is told, in its environment.
    """

    def __init__(self, file: str, text: str, teller: int) -> None:
        super().__init__(file, text)
        self.teller = teller


class WatchedEnvironment(TemplateEnvironment):
    """An environment whose templates tell what is reached of them.

    Args:
        options: The blueprint's options.
        lexer: The lexical rules that follow from them.
        partials: The templates that others may include, by name.
        reached_in: Told a partial's name, and a region of it that is reached.
    """

    def __init__(
        self,
        options: Options,
        lexer: Lexer,
        partials: Mapping[str, str],
        reached_in: ReachedIn,
    ) -> None:
        super().__init__(options, lexer, partials)
        self._reached_in = reached_in
        self._tellers: list[Reached] = []

    def tells(self, reached_in: ReachedIn) -> bool:
        """Whether *reached_in* is who is told."""
        return self._reached_in == reached_in

    def watch(self, source: Source, reached: Reached) -> CompiledTemplate:
        """Compile *source* so that it tells *reached*; raises as ``load``."""
        return self.load(self._watched(source.file, source.text, reached))

    def parse_source(self, source: Source) -> nodes.Template:
        """Return the tree of *source* with probes in it."""
        tree = super().parse_source(source)
        if isinstance(source, WatchedSource):
            _Prober(_Surveyed(source, self.token_rules, tree), source.teller).probe()
        return tree

    def reached(self, probe: tuple[int, int]) -> str:
        """Tell that a region is reached; generated code prints what this returns."""
        teller, number = probe
        self._tellers[teller](number)
        return ""

    def passed(self, probe: tuple[Value, tuple[int, int]]) -> Value:
        """Tell that a region is reached that is an expression; return its value."""
        value, told = probe
        self.reached(told)
        return value

    def _source_of(self, key: str) -> Source:
        return self._watched(key, self.partials[key], partial(self._reached_in, key))

    def _watched(self, file: str, text: str, reached: Reached) -> WatchedSource:
        self._tellers.append(reached)
        return WatchedSource(file, text, len(self._tellers) - 1)


@dataclass(frozen=True, slots=True)
class _Inline:
    """``a if b else c``, and its two regions.

    Attributes:
        node: The expression.
        then: The number of the region that is ``a``.
        otherwise: That of ``c``.
    """

    node: nodes.CondExpr
    then: int
    otherwise: int


class _Surveyed:
    """The regions of a text, found by what trees know of places.

    Args:
        source: The text, a sound template.
        lexer: How it is cut into tokens.
        tree: Its tree, without probes.
    """

    def __init__(self, source: Source, lexer: Lexer, tree: nodes.Template) -> None:
        self.tree = tree
        self._starts: list[int] = []
        self._ends: list[int] = []
        surveyor = Surveyor(source.text)
        for tag in _tags(lexer.tokens(source, [])):
            self._starts.append(tag[0].lineno)
            self._ends.append(_take(surveyor, tag))
        self.inline = [
            _Inline(node, *self._arms(surveyor, node))
            for node in _inline_conditions(tree)
        ]
        self._survey: Survey = surveyor.survey()

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions, in the order of their numbers."""
        return self._survey.regions

    def begun_at(self, offset: int) -> int | None:
        """Return the region that the tag around *offset* begins."""
        return self._survey.begun.get(self._start(offset))

    def lacking_at(self, offset: int) -> int | None:
        """Return the ``else``, written or not, of the tag around *offset*."""
        return self._survey.lacking.get(self._start(offset))

    def _start(self, offset: int) -> int:
        return self._starts[bisect_right(self._starts, offset) - 1]

    def _arms(self, surveyor: Surveyor, node: nodes.CondExpr) -> tuple[int, int]:
        index = bisect_right(self._starts, node.lineno) - 1
        at = self._starts[index]
        what = surveyor.text[at : self._ends[index]]
        then = surveyor.aside(f"then of {what}", at)
        return then, surveyor.aside(f"else of {what}", at)


class _Prober:
    def __init__(self, surveyed: _Surveyed, teller: int) -> None:
        self._surveyed = surveyed
        self._teller = teller

    def probe(self) -> None:
        """Put probes into the tree."""
        surveyed, tree = self._surveyed, self._surveyed.tree
        for inline in surveyed.inline:
            node = inline.node
            otherwise = node.expr2 or _nothing(node.lineno)
            node.expr1 = self._passed(node.expr1, inline.then)
            node.expr2 = self._passed(otherwise, inline.otherwise)
        for output in tree.find_all(nodes.Output):
            output.nodes = [each for n in output.nodes for each in self._printed(n)]
        for tag in tree.find_all(_HOLDING):
            self._put(tag.body, tag.lineno, surveyed.begun_at(tag.lineno))
            if isinstance(tag, (nodes.If, nodes.For)):
                self._put(tag.else_, tag.lineno, surveyed.lacking_at(tag.lineno))
        self._put(tree.body, 0, 0)

    def _put(self, body: list[nodes.Node], offset: int, number: int | None) -> None:
        if number is not None:
            body.insert(0, nodes.ExprStmt(self._reached(number, offset), lineno=offset))

    def _printed(self, node: nodes.Expr) -> list[nodes.Expr]:
        if isinstance(node, nodes.TemplateData):
            return [node]
        number = self._surveyed.begun_at(node.lineno)
        return [node] if number is None else [self._reached(number, node.lineno), node]

    def _reached(self, number: int, offset: int) -> nodes.Call:
        return _call("reached", self._told(number, offset))

    def _passed(self, node: nodes.Expr, number: int) -> nodes.Call:
        # What stands for the value stands first: that is where errors are placed.
        told = self._told(number, node.lineno)
        pair = nodes.Tuple([node, told], "load", lineno=node.lineno)
        return _call("passed", pair)

    def _told(self, number: int, offset: int) -> nodes.Const:
        return nodes.Const((self._teller, number), lineno=offset)


def _nothing(offset: int) -> nodes.CondExpr:
    """Return what an inline condition is that does not hold and has no ``else``."""
    never = nodes.Const(False, lineno=offset)  # noqa: FBT003 - a literal
    return nodes.CondExpr(never, nodes.Const("", lineno=offset), None, lineno=offset)


def _call(method: str, argument: nodes.Expr) -> nodes.Call:
    """Return the call of a method of the environment."""
    offset = argument.lineno
    callee = nodes.EnvironmentAttribute(method, lineno=offset)
    return nodes.Call(callee, [argument], [], None, None, lineno=offset)


def _inline_conditions(tree: nodes.Template) -> Iterator[nodes.CondExpr]:
    """Yield the inline conditions of *tree* that are not too deep inside others."""
    pending: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while pending:
        node, depth = pending.pop()
        if isinstance(node, nodes.CondExpr):
            depth += 1
            if depth <= _MOST_INLINE:
                yield node
        pending += [(child, depth) for child in node.iter_child_nodes()]


def _tags(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """Yield the tokens of each tag, delimiters included."""
    tag: list[Token] = []
    for token in tokens:
        if token.type in ("block_begin", "variable_begin"):
            tag = []
        tag.append(token)
        if token.type in ("block_end", "variable_end"):
            yield tag


def _take(surveyor: Surveyor, tag: list[Token]) -> int:
    """Take one tag; return the offset behind it, without the blanks that it takes."""
    first, last, start = tag[1], tag[-1], tag[0].lineno
    end = last.lineno + len(last.value.rstrip())
    keyword = first.value if tag[0].type == "block_begin" else "print"
    what = surveyor.text[first.lineno : last.lineno]
    if keyword == "print":
        surveyor.output(start, end)
    elif keyword in _KINDS:
        surveyor.opening(_KINDS[keyword], what, start, end, asks=keyword == "if")
    elif keyword in ("elif", "else"):
        surveyor.turning(what, start, end, is_last=keyword == "else")
    elif keyword.removeprefix("end") in _KINDS:
        surveyor.closing(start)
    return end
