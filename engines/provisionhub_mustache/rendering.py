"""The state of one rendering: where it stands, what it has written, what is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.source import Location, Source
from provisionhub_mustache.limits import (
    MAX_INDENT,
    MAX_OUTPUT,
    MAX_PARTIAL_DEPTH,
    MAX_RENDER_DEPTH,
    MAX_STEPS,
    exceeded,
)


class Place(NamedTuple):
    """A place in a source, located only when an error needs it."""

    source: Source
    offset: int
    width: int

    def locate(self) -> Location:
        """Return the place with its line, column and excerpt."""
        return self.source.locate(self.offset, self.width)


@dataclass(frozen=True, slots=True)
class Body:
    """Instructions that are carried out in order, and what they cost.

    Attributes:
        instructions: What to do.
        place: The tag that holds them.
        steps: How many steps they are, with the entering.
        characters: How many characters of literal text they write.
        points: At how many places an indentation is inserted.
    """

    instructions: tuple[Instruction, ...]
    place: Place
    steps: int
    characters: int
    points: int


class Replacement(NamedTuple):
    """What stands for a block: an argument of a parent.

    Attributes:
        body: The argument's content.
        starts_line: It begins at the start of a line.
        ends_line: It ends with a line end.
        blocks: What replaces the blocks inside it: its own template's replacements.
    """

    body: Body
    starts_line: bool
    ends_line: bool
    blocks: Mapping[str, Replacement]


class Rendering:
    """One rendering's state; instructions change it, templates never.

    Attributes:
        write: Appends a text to the output.
        top: The innermost context: what ``.`` means.
        scopes: Those of the contexts that are objects, innermost first.
        indent: What each line of the current partial begins with.
        blocks: What replaces the blocks of the current partial.
        depth: Sections, blocks and partials entered.
        partials: Partials entered.
        steps: How many steps are left.
        room: How many characters may still be written.
    """

    __slots__ = (
        "_output",
        "blocks",
        "depth",
        "indent",
        "partials",
        "room",
        "scopes",
        "steps",
        "top",
        "write",
    )

    def __init__(self, context: JsonValue) -> None:
        self._output: list[str] = []
        self.write: Callable[[str], None] = self._output.append
        self.top = context
        self.scopes: tuple[JsonObject, ...] = ()
        if isinstance(context, dict):
            self.scopes = (context,)
        self.indent = ""
        self.blocks: Mapping[str, Replacement] = {}
        self.depth = 0
        self.partials = 0
        self.steps = MAX_STEPS
        self.room = MAX_OUTPUT

    def text(self) -> str:
        """Return what was written."""
        return "".join(self._output)

    def spend(self, body: Body) -> None:
        """Pay for carrying out *body* once.

        Raises:
            LimitExceededError: If too little is left.
        """
        # Looking a name up takes longer the more scopes there are.
        self.steps -= body.steps * (1 + (len(self.scopes) >> 4))
        self.room -= body.characters
        if self.indent:
            self.room -= body.points * len(self.indent)
        if self.steps < 0:
            raise exceeded("MAX_STEPS", body.place.locate())
        if self.room < 0:
            raise exceeded("MAX_OUTPUT", body.place.locate())

    def descend(self, place: Place) -> None:
        """Enter a section, block or partial.

        Raises:
            LimitExceededError: If too many are entered already.
        """
        self.depth += 1
        if self.depth > MAX_RENDER_DEPTH:
            raise exceeded("MAX_RENDER_DEPTH", place.locate())

    def include(self, indent: str | None, place: Place) -> None:
        """Enter a partial, indented by *indent* if its tag stands alone on a line.

        Raises:
            LimitExceededError: If too many are entered already.
        """
        self.descend(place)
        self.partials += 1
        if self.partials > MAX_PARTIAL_DEPTH:
            raise exceeded("MAX_PARTIAL_DEPTH", place.locate())
        self.indent_by(indent, place)

    def indent_by(self, indent: str | None, place: Place) -> None:
        """Indent the coming lines further; None amid a line: not at all.

        Raises:
            LimitExceededError: If lines are indented too far.
        """
        self.indent = "" if indent is None else self.indent + indent
        if len(self.indent) > MAX_INDENT:
            raise exceeded("MAX_INDENT", place.locate())

    def put(self, text: str, place: Place) -> None:
        """Write *text*, which no body has paid for.

        Raises:
            LimitExceededError: If there is no room left for it.
        """
        self.room -= len(text)
        if self.room < 0:
            raise exceeded("MAX_OUTPUT", place.locate())
        self.write(text)


Instruction: TypeAlias = Callable[[Rendering], None]
