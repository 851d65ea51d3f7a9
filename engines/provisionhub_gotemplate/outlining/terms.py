"""Terms as functions see them: a pipeline's stage is an argument like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from provisionhub.jsontypes import JsonValue
from provisionhub_gotemplate.nodes import (
    Bool,
    Command,
    Identifier,
    Nil,
    NumberLiteral,
    Pipeline,
    String,
    Term,
)
from provisionhub_gotemplate.numbers import Number


@dataclass(frozen=True, slots=True)
class Stage:
    """What the first commands of a pipeline give to the next one.

    Attributes:
        commands: The pipeline's commands.
        count: How many of them.
    """

    commands: Sequence[Command]
    count: int

    @property
    def position(self) -> int:
        """Where the last of them begins."""
        return self.commands[self.count - 1].position


Argument: TypeAlias = Term | Stage


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments, the last of which may come from a pipeline.

    Attributes:
        name: The function's name.
        at: Its node.
        arguments: What it is given.
    """

    name: str
    at: Identifier
    arguments: tuple[Argument, ...]


def plain(term: Argument) -> Argument | Call:
    """Return *term* without parentheses, and with its function named if it calls one.

    Commands of more than one term that call no function are returned as they are.
    """
    while True:
        if isinstance(term, Pipeline):
            term = Stage(term.commands, len(term.commands))
        elif isinstance(term, Identifier):
            return Call(term.name, term, ())
        elif isinstance(term, Stage):
            call = _call(term)
            if call is not None:
                return call
            arguments = term.commands[term.count - 1].arguments
            if term.count > 1 or len(arguments) > 1:
                return term
            term = arguments[0]
        else:
            return term


def _call(stage: Stage) -> Call | None:
    first, *arguments = stage.commands[stage.count - 1].arguments
    if not isinstance(first, Identifier):
        return None
    given: list[Argument] = [*arguments]
    if stage.count > 1:
        given.append(Stage(stage.commands, stage.count - 1))
    return Call(first.name, first, tuple(given))


def constant(term: Argument) -> tuple[JsonValue] | None:
    """Return the constant that *term* is, in a tuple of its own, if it is one."""
    match plain(term):
        case String(text=text):
            return (text,)
        case Bool(value=truth):
            return (truth,)
        case Nil():
            return (None,)
        case NumberLiteral(number=Number(integer=int(integer))):
            return (integer,)
        case NumberLiteral(number=Number(floating=float(floating))):
            return (floating,)
        case _:
            return None


def key(term: Argument) -> str | None:
    """Return the name that *term* is as a constant; None if it is none."""
    value = constant(term)
    return value[0] if value and isinstance(value[0], str) else None
