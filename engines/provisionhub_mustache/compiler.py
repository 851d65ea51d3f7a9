"""From a template's tree to instructions.

Each node becomes an instruction: a closure that is called with the state of one
rendering. All that can be known beforehand (names cut at their dots, texts joined,
costs added up) is worked out once; a rendering only calls instructions in order.
An instruction that holds others runs them itself, so that each level of nesting
takes one frame of Python's stack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeAlias

from provisionhub.errors import TemplateRuntimeError, UnknownPartialError
from provisionhub.source import Source
from provisionhub_mustache.context import (
    Miss,
    complain,
    finder,
    is_falsy,
    nearest,
    overlook,
    to_text,
    unprintable,
)
from provisionhub_mustache.lexer import Kind, Token, quoted
from provisionhub_mustache.limits import exceeded
from provisionhub_mustache.nodes import (
    Block,
    Node,
    Parent,
    Partial,
    Section,
    Text,
    Variable,
)
from provisionhub_mustache.options import Options
from provisionhub_mustache.rendering import (
    Body,
    Instruction,
    Place,
    Rendering,
    Replacement,
)


class Library(Protocol):
    """The partials that a template may include."""

    def find(self, reference: str) -> str | None:
        """Return the name of the partial that *reference* means, if there is one."""
        ...

    def body(self, name: str) -> Body:
        """Return the instructions of the partial *name*, compiled when first needed."""
        ...

    def names(self) -> Iterable[str]:
        """Return the names of all partials."""
        ...


def compile_nodes(
    nodes: Iterable[Node], source: Source, options: Options, library: Library
) -> Body:
    """Return the instructions for a whole template.

    Args:
        nodes: The template's tree.
        source: Its text, for the places of errors.
        options: What is missing, and how texts are escaped.
        library: The partials that it may include.

    Raises:
        UnknownPartialError: If it names a partial that does not exist, unless the
            options say that what is missing is nothing.
    """
    return Compiler(source, options, library).body(nodes, Place(source, 0, 1))


def unknown_partial(
    tag: Token, source: Source, known: Iterable[str]
) -> UnknownPartialError:
    """Return the error for a *tag* that names none of the *known* partials."""
    return UnknownPartialError(
        f"partial {quoted(tag.name)} does not exist",
        at=tag.locate(source),
        hint=nearest(tag.name, known),
    )


_Choose: TypeAlias = Callable[[Rendering], Body | None]


class Compiler:
    """Compiles the trees of one source; see ``compile_nodes``."""

    def __init__(self, source: Source, options: Options, library: Library) -> None:
        self._source = source
        self._options = options
        self._library = library

    def body(self, nodes: Iterable[Node], place: Place) -> Body:
        """Return the instructions for *nodes*, which the tag at *place* holds."""
        instructions: list[Instruction] = []
        characters = points = 0
        steps = 1
        for node in join_texts(nodes):
            steps += 1
            match node:
                case Text():
                    characters += sum(map(len, node.parts))
                    points += len(node.parts) - 1
                    instructions.append(_text(node.parts))
                    continue
                case Variable():
                    instructions.append(self._variable(node.tag))
                case Section() if node.tag.kind is Kind.INVERTED:
                    instructions.append(self._inverted(node))
                case Section():
                    instructions.append(self._section(node))
                case Block():
                    instructions.append(self._block(node))
                case Partial() | Parent():
                    instructions.append(self._partial(node))
            steps += node.tag.name.count(".")
        return Body(tuple(instructions), place, steps, characters, points)

    def _variable(self, tag: Token) -> Instruction:
        source = self._source
        find = finder(tag.name, self._miss(tag))
        escapes = self._options.escape_html and tag.kind is Kind.VARIABLE

        def variable(state: Rendering) -> None:
            value = find(state)
            text = value if isinstance(value, str) else to_text(value)
            if text is None:
                raise unprintable(value, source, tag)
            if escapes:
                text = _escape_html(text)
            # As state.put does: a call less, in what templates do most.
            state.room -= len(text)
            if state.room < 0:
                raise exceeded("MAX_OUTPUT", tag.locate(source))
            state.write(text)

        return variable

    def _section(self, node: Section) -> Instruction:
        place = self._place(node.tag)
        body = self.body(node.children, place)
        instructions = body.instructions
        find = finder(node.tag.name, overlook)

        def section(state: Rendering) -> None:
            value = find(state)
            if is_falsy(value):
                return
            top, scopes = state.top, state.scopes
            state.descend(place)
            for item in value if isinstance(value, list) else (value,):
                state.top = item
                state.scopes = (item, *scopes) if isinstance(item, dict) else scopes
                state.spend(body)
                for instruction in instructions:
                    instruction(state)
            state.top, state.scopes = top, scopes
            state.depth -= 1

        return section

    def _inverted(self, node: Section) -> Instruction:
        place = self._place(node.tag)
        body = self.body(node.children, place)
        instructions = body.instructions
        find = finder(node.tag.name, overlook)

        def inverted(state: Rendering) -> None:
            if not is_falsy(find(state)):
                return
            state.descend(place)
            state.spend(body)
            for instruction in instructions:
                instruction(state)
            state.depth -= 1

        return inverted

    def _partial(self, node: Partial | Parent) -> Instruction:
        place, indent = self._place(node.tag), node.indent
        choose = self._chooser(node.tag)
        arguments = self._arguments(node)

        def partial(state: Rendering) -> None:
            body = choose(state)
            if body is None:
                return
            outer_indent, outer_blocks = state.indent, state.blocks
            state.include(indent, place)
            if arguments:
                # What an inheriting template replaces, it replaces in all ancestors.
                own = {
                    name: replacement._replace(blocks=outer_blocks)
                    for name, replacement in arguments
                }
                state.blocks = {**own, **outer_blocks}
                state.steps -= len(state.blocks)
            state.spend(body)
            for instruction in body.instructions:
                instruction(state)
            state.indent, state.blocks = outer_indent, outer_blocks
            state.depth -= 1
            state.partials -= 1

        return partial

    def _arguments(self, node: Partial | Parent) -> list[tuple[str, Replacement]]:
        if isinstance(node, Partial):
            return []
        return [
            (
                argument.tag.name,
                Replacement(
                    self.body(argument.children, self._place(argument.tag)),
                    argument.starts_line,
                    argument.ends_line,
                    blocks={},
                ),
            )
            for argument in node.arguments
        ]

    def _block(self, node: Block) -> Instruction:
        place, name, tail = self._place(node.tag), node.tag.name, node.tail
        default = self.body(node.children, place)
        leads = node.leads and bool(node.children)

        def block(state: Rendering) -> None:
            replacement = state.blocks.get(name)
            outer_indent, outer_blocks = state.indent, state.blocks
            state.descend(place)
            if replacement is None:
                body, is_whole = default, False
                if leads:
                    state.put(f"{state.indent}{node.indent}", place)
            else:
                body, is_whole = replacement.body, replacement.ends_line
                state.blocks = replacement.blocks
                state.indent_by(node.indent, place)
                if body.instructions and not replacement.starts_line:
                    state.put(state.indent, place)
            state.spend(body)
            for instruction in body.instructions:
                instruction(state)
            if tail and not is_whole:
                state.put(tail, place)
            state.indent, state.blocks = outer_indent, outer_blocks
            state.depth -= 1

        return block

    def _chooser(self, tag: Token) -> _Choose:
        """Return a function that chooses the partial that *tag* includes."""
        if tag.is_dynamic:
            return self._dynamic_chooser(tag)
        name = self._library.find(tag.name)
        if name is not None:
            found, library = name, self._library
            return lambda _: library.body(found)
        if self._options.strict:
            raise unknown_partial(tag, self._source, self._library.names())
        return lambda _: None

    def _dynamic_chooser(self, tag: Token) -> _Choose:
        source, library, strict = self._source, self._library, self._options.strict
        find = finder(tag.path, self._miss(tag))

        def choose(state: Rendering) -> Body | None:
            value = find(state)
            reference = to_text(value)
            if reference is None:
                raise unprintable(value, source, tag)
            name = library.find(reference)
            if name is not None:
                return library.body(name)
            if strict and reference:
                # The name comes from the values, which an error must not show.
                raise TemplateRuntimeError(
                    f"{quoted(tag.path)} names a partial that does not exist",
                    at=tag.locate(source),
                    hint=nearest(reference, library.names()),
                )
            return None

        return choose

    def _miss(self, tag: Token) -> Miss:
        return complain(self._source, tag) if self._options.strict else overlook

    def _place(self, tag: Token) -> Place:
        return Place(self._source, tag.name_start, len(tag.path))


def _text(parts: tuple[str, ...]) -> Instruction:
    text = "".join(parts)
    if len(parts) == 1:
        return lambda state: state.write(text)

    def write(state: Rendering) -> None:
        state.write(state.indent.join(parts) if state.indent else text)

    return write


def join_texts(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield *nodes* with neighbouring texts, once parted by comments, made one."""
    parts: list[str] = []
    line: list[str] = []
    for node in nodes:
        if isinstance(node, Text):
            line.append(node.parts[0])
            for part in node.parts[1:]:
                parts.append("".join(line))
                line = [part]
            continue
        if line:
            yield Text((*parts, "".join(line)))
            parts, line = [], []
        yield node
    if line:
        yield Text((*parts, "".join(line)))


def _escape_html(text: str) -> str:
    return (
        text.replace("&", "&amp;")
        .replace('"', "&quot;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
    )
