"""Templates that tell which of their regions a rendering reaches.

They are compiled as any other, with further instructions between: one before each
variable, and one before each section that may render nothing. Neither these nor the
telling cost a step, so that a watched template fails where any other does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from provisionhub.coverage import Kind as RegionKind
from provisionhub.coverage import Reached, ReachedIn, Region, Survey, Surveyor
from provisionhub.jsontypes import JsonValue
from provisionhub.source import Source
from provisionhub_mustache.compiler import Compiler, Library, join_texts
from provisionhub_mustache.context import finder, is_falsy, overlook
from provisionhub_mustache.lexer import Kind, Token, tokenize
from provisionhub_mustache.nodes import Node, Section, Variable
from provisionhub_mustache.options import Delimiters, Options
from provisionhub_mustache.parser import parse
from provisionhub_mustache.partials import PartialLibrary
from provisionhub_mustache.rendering import Body, Instruction, Place, Rendering


def regions_of(source: Source, delimiters: Delimiters) -> tuple[Region, ...]:
    """Return the regions of *source*.

    Raises:
        TemplateSyntaxError: If it is not Mustache.
        LimitExceededError: If its tags are nested too deeply.
    """
    parse(source, delimiters)
    return _survey(source, delimiters).regions


class WatchedLibrary(PartialLibrary):
    """Partials, and what is compiled with them, that tell what is reached of them.

    Args:
        sources: The partials' texts by name.
        options: How they are read and rendered.
        reached_in: Told a partial's name, and a region of it that is reached.
    """

    def __init__(
        self, sources: Mapping[str, str], options: Options, reached_in: ReachedIn
    ) -> None:
        super().__init__(sources, options)
        self._reached_in = reached_in

    def tells(self, reached_in: ReachedIn) -> bool:
        """Whether *reached_in* is who is told."""
        return self._reached_in == reached_in

    def compile(self, text: str, *, name: str) -> Body:
        """Return the instructions of the partial *name*; raises as any library's."""
        return self.watch(text, name=name, reached=partial(self._reached_in, name))

    def watch(self, text: str, *, name: str, reached: Reached) -> Body:
        """Return the instructions of *text*, which tell *reached* of its regions."""
        source = Source(name, text)
        nodes = parse(source, self._options.delimiters)
        survey = _survey(source, self._options.delimiters)
        compiler = _WatchingCompiler(source, self._options, self, survey, reached)
        return compiler.body(nodes, Place(source, 0, 1))


class WatchedRendering(Rendering):
    """A rendering that tells which bodies it carries out."""

    __slots__ = ()

    def spend(self, body: Body) -> None:
        """Pay for *body*, which is then carried out."""
        super().spend(body)
        if isinstance(body, _WatchedBody):
            body.tell()


def start(context: JsonValue) -> Rendering:
    """Return the state of a rendering that is watched."""
    return WatchedRendering(context)


@dataclass(frozen=True, slots=True)
class _WatchedBody(Body):
    """A body that is a region.

    Attributes:
        tell: Says that it is reached.
    """

    tell: Callable[[], None]


class _WatchingCompiler(Compiler):
    def __init__(
        self,
        source: Source,
        options: Options,
        library: Library,
        survey: Survey,
        reached: Reached,
    ) -> None:
        super().__init__(source, options, library)
        self._reached = reached
        self._survey = survey
        self._starts = sorted(survey.begun)

    def body(self, nodes: Iterable[Node], place: Place) -> Body:
        nodes = tuple(join_texts(nodes))
        body = super().body(nodes, place)
        instructions: list[Instruction] = []
        for node, instruction in zip(nodes, body.instructions, strict=True):
            instructions += self._probes(node)
            instructions.append(instruction)
        return _WatchedBody(
            tuple(instructions),
            body.place,
            body.steps,
            body.characters,
            body.points,
            partial(self._reached, self._region_of(place)),
        )

    def _region_of(self, place: Place) -> int:
        """Return the region that is the body of the tag at *place*: of its name."""
        if not place.offset:  # no name stands there: the whole text is meant
            return 0
        start = self._starts[bisect_right(self._starts, place.offset) - 1]
        return self._survey.begun[start]

    def _probes(self, node: Node) -> Iterator[Instruction]:
        if isinstance(node, Variable):
            yield self._probe(self._survey.begun[node.tag.start])
        elif isinstance(node, Section):
            yield self._absence_probe(node.tag)

    def _probe(self, number: int) -> Instruction:
        reached = self._reached
        return lambda _: reached(number)

    def _absence_probe(self, tag: Token) -> Instruction:
        find = finder(tag.name, overlook)
        reached, number = self._reached, self._survey.lacking[tag.start]
        is_inverted = tag.kind is Kind.INVERTED

        def probe(state: Rendering) -> None:
            if is_falsy(find(state)) is not is_inverted:
                reached(number)

        return probe


def _survey(source: Source, delimiters: Delimiters) -> Survey:
    """Return the regions of *source*, which is known to be sound."""
    surveyor = Surveyor(source.text)
    for token in tokenize(source, delimiters):
        match token.kind:
            case Kind.VARIABLE | Kind.UNESCAPED:
                surveyor.output(token.start, token.end)
            case Kind.SECTION | Kind.INVERTED:
                sigil = "#" if token.kind is Kind.SECTION else "^"
                what, kind = f"{sigil}{token.name}", RegionKind.BRANCH
                surveyor.opening(kind, what, token.start, token.end, asks=True)
            case Kind.BLOCK:
                what, kind = f"${token.name}", RegionKind.DEFINITION
                surveyor.opening(kind, what, token.start, token.end)
            case Kind.PARENT:
                surveyor.pair(token.start)
            case Kind.CLOSE:
                surveyor.closing(token.start)
            case _:
                pass
    return surveyor.survey()
