"""The parse tree. Every node prints itself as Go's does: errors quote it.

A node knows where it starts, in characters of its source, and nothing of how it is
executed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from provisionhub_gotemplate.lexer import is_empty
from provisionhub_gotemplate.numbers import Number
from provisionhub_gotemplate.quoting import quote

Delimiters: TypeAlias = tuple[str, str]

DELIMITERS: Final[Delimiters] = ("{{", "}}")
"""What actions begin and end with, unless another pair is chosen."""


@dataclass(slots=True, eq=False)
class Node:
    """A piece of a template.

    Attributes:
        position: Where it stands, in characters from the start of the source.
    """

    position: int

    def print(self, delimiters: Delimiters = DELIMITERS, /) -> str:
        """Return the node as a template would have it, in Go's normal form."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.print()


@dataclass(slots=True, eq=False)
class Text(Node):
    """Text as it stands.

    Attributes:
        text: The text, trimmed as the actions beside it ask.
    """

    text: str

    def print(self, _: Delimiters = DELIMITERS, /) -> str:
        """Return the text."""
        return self.text


@dataclass(slots=True, eq=False)
class Bool(Node):
    """``true`` or ``false``."""

    value: bool

    def print(self, _: Delimiters = DELIMITERS, /) -> str:
        """Return the word."""
        return "true" if self.value else "false"


@dataclass(slots=True, eq=False)
class Dot(Node):
    """``.``."""

    def print(self, _: Delimiters = DELIMITERS, /) -> str:
        """Return the dot."""
        return "."


@dataclass(slots=True, eq=False)
class Nil(Node):
    """``nil``."""

    def print(self, _: Delimiters = DELIMITERS, /) -> str:
        """Return the word."""
        return "nil"


@dataclass(slots=True, eq=False)
class NumberLiteral(Node):
    """A number.

    Attributes:
        text: As it was written.
        number: What it means.
    """

    text: str
    number: Number

    def print(self, _: Delimiters = DELIMITERS, /) -> str:
        """Return the number as it was written."""
        return self.text


@dataclass(slots=True, eq=False)
class String(Node):
    """A string constant.

    Attributes:
        quoted: As it was written.
        text: What it means.
    """

    quoted: str
    text: str

    def print(self, _: Delimiters = DELIMITERS, /) -> str:
        """Return the literal as it was written."""
        return self.quoted


@dataclass(slots=True, eq=False)
class Identifier(Node):
    """The name of a function."""

    name: str

    def print(self, _: Delimiters = DELIMITERS, /) -> str:
        """Return the name."""
        return self.name


@dataclass(slots=True, eq=False)
class Field(Node):
    """``.a.b``: fields of the dot.

    Attributes:
        names: The names, without dots.
    """

    names: tuple[str, ...]

    def print(self, _: Delimiters = DELIMITERS, /) -> str:
        """Return the names, each after a dot."""
        return "".join([f".{name}" for name in self.names])


@dataclass(slots=True, eq=False)
class Variable(Node):
    """``$x.a.b``: a variable, and fields of it.

    Attributes:
        names: The variable's name with its dollar sign, then the fields'.
    """

    names: tuple[str, ...]

    def print(self, _: Delimiters = DELIMITERS, /) -> str:
        """Return the names with dots between."""
        return ".".join(self.names)


@dataclass(slots=True, eq=False)
class Command(Node):
    """A function or value and its arguments."""

    arguments: list[Term] = field(default_factory=list)

    def print(self, delimiters: Delimiters = DELIMITERS, /) -> str:
        """Return the arguments with spaces between."""
        return " ".join([_in_parentheses(term, delimiters) for term in self.arguments])


@dataclass(slots=True, eq=False)
class Pipeline(Node):
    """Commands, each fed with what the one before gave.

    Attributes:
        is_assignment: ``=`` rather than ``:=``.
        variables: What is declared or assigned.
        commands: In order.
    """

    is_assignment: bool = False
    variables: list[Variable] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)

    def print(self, delimiters: Delimiters = DELIMITERS, /) -> str:
        """Return the pipeline without parentheses or delimiters."""
        commands = " | ".join(_printed(self.commands, delimiters))
        if not self.variables:
            return commands
        variables = ", ".join(_printed(self.variables, delimiters))
        sign = "=" if self.is_assignment else ":="
        return f"{variables} {sign} {commands}"


@dataclass(slots=True, eq=False)
class Chain(Node):
    """``(pipeline).a.b``: fields of a term.

    Attributes:
        term: What they are fields of.
        names: The names, without dots.
    """

    term: Term
    names: tuple[str, ...]

    def print(self, delimiters: Delimiters = DELIMITERS, /) -> str:
        """Return the term and the names, each after a dot."""
        names = "".join([f".{name}" for name in self.names])
        return _in_parentheses(self.term, delimiters) + names


Term: TypeAlias = (
    Bool | Dot | Nil | NumberLiteral | String | Identifier | Field | Variable | Chain
    | Pipeline
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Block(Node):
    """What stands between two actions that belong together.

    Attributes:
        nodes: Texts and actions in order.
    """

    nodes: list[Statement] = field(default_factory=list)

    def print(self, delimiters: Delimiters = DELIMITERS, /) -> str:
        """Return the nodes one after the other."""
        return "".join(_printed(self.nodes, delimiters))

    def is_empty(self) -> bool:
        """Whether this is nothing but white space, and no better than nothing."""
        return all(
            isinstance(node, Text) and is_empty(node.text) for node in self.nodes
        )


@dataclass(slots=True, eq=False)
class Action(Node):
    """``{{pipeline}}``: prints its value unless it sets a variable."""

    pipeline: Pipeline

    def print(self, delimiters: Delimiters = DELIMITERS, /) -> str:
        """Return the pipeline between delimiters."""
        return _action(self.pipeline.print(delimiters), delimiters)


@dataclass(slots=True, eq=False)
class Break(Node):
    """``{{break}}``."""

    def print(self, delimiters: Delimiters = DELIMITERS, /) -> str:
        """Return the action."""
        return _action("break", delimiters)


@dataclass(slots=True, eq=False)
class Continue(Node):
    """``{{continue}}``."""

    def print(self, delimiters: Delimiters = DELIMITERS, /) -> str:
        """Return the action."""
        return _action("continue", delimiters)


@dataclass(slots=True, eq=False)
class Branch(Node):
    """What ``if``, ``range`` and ``with`` have in common.

    Attributes:
        pipeline: What is asked.
        body: What follows if it is not empty.
        otherwise: What follows if it is, where there is an ``else``.
    """

    pipeline: Pipeline
    body: Block
    otherwise: Block | None

    def print(self, delimiters: Delimiters = DELIMITERS, /) -> str:
        """Return the whole from the first action to ``{{end}}``."""
        keyword = _KEYWORDS[type(self)]
        parts = [
            _action(f"{keyword} {self.pipeline.print(delimiters)}", delimiters),
            self.body.print(delimiters),
        ]
        if self.otherwise is not None:
            parts.append(_action("else", delimiters))
            parts.append(self.otherwise.print(delimiters))
        return "".join([*parts, _action("end", delimiters)])


@dataclass(slots=True, eq=False)
class If(Branch):
    """``{{if pipeline}} body {{else}} otherwise {{end}}``."""


@dataclass(slots=True, eq=False)
class Range(Branch):
    """``{{range pipeline}} body {{else}} otherwise {{end}}``."""


@dataclass(slots=True, eq=False)
class With(Branch):
    """``{{with pipeline}} body {{else}} otherwise {{end}}``."""


_KEYWORDS: Final[dict[type, str]] = {If: "if", Range: "range", With: "with"}


@dataclass(slots=True, eq=False)
class Call(Node):
    """``{{template "name" pipeline}}``.

    Attributes:
        name: The template's.
        pipeline: What it gets as its dot.
    """

    name: str
    pipeline: Pipeline | None

    def print(self, delimiters: Delimiters = DELIMITERS, /) -> str:
        """Return the action."""
        name = quote(self.name)
        if self.pipeline is None:
            return _action(f"template {name}", delimiters)
        return _action(f"template {name} {self.pipeline.print(delimiters)}", delimiters)


@dataclass(slots=True, eq=False)
class Probe(Node):
    """Tells that it is reached: no text has it, and it writes nothing.

    Attributes:
        reached: Is told.
    """

    reached: Callable[[], None]

    def print(self, _: Delimiters = DELIMITERS, /) -> str:
        """Return nothing."""
        return ""


Statement: TypeAlias = (
    Text | Action | Break | Continue | If | Range | With | Call | Probe
)


@dataclass(slots=True, eq=False)
class Tree:
    """One template, as it was parsed.

    Attributes:
        name: The template's.
        source_name: The name under which the text was parsed that defines it.
        source: That text.
        delimiters: What its actions begin and end with.
        root: What it consists of.
        functions: The names of the functions that it calls.
        calls: The names of the templates that it calls.
    """

    name: str
    source_name: str
    source: str
    delimiters: Delimiters
    root: Block
    functions: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        return self.root.print(self.delimiters)

    def place(self, position: int) -> tuple[int, int]:
        """Return the line, from 1, and the byte in it, from 0, of a character."""
        start = self.source.rfind("\n", 0, position) + 1
        before = self.source[start:position].encode("utf-8", "surrogateescape")
        return self.source.count("\n", 0, position) + 1, len(before)


def _printed(nodes: Iterable[Node], delimiters: Delimiters) -> list[str]:
    return [node.print(delimiters) for node in nodes]


def _in_parentheses(term: Node, delimiters: Delimiters) -> str:
    shown = term.print(delimiters)
    return f"({shown})" if isinstance(term, Pipeline) else shown


def _action(text: str, delimiters: Delimiters) -> str:
    return f"{delimiters[0]}{text}{delimiters[1]}"
