"""What a template reads, told from its tree and no values.

Without values nobody knows whether a section is a condition, a loop or a context to
look names up in, so it is taken for all of them: inside ``{{#a}}``, the name ``b`` may
be a member of ``a``, one of each of its elements, or a name from further out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Final, NamedTuple, Protocol, TypeAlias

from provisionhub.outline import (
    ANYTHING,
    Draft,
    Guard,
    NamePath,
    Outline,
    Use,
)
from provisionhub.source import Location, Source
from provisionhub_mustache.compiler import unknown_partial
from provisionhub_mustache.lexer import Kind, Token
from provisionhub_mustache.limits import MAX_RENDER_DEPTH, exceeded
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

MAX_MEANINGS: Final = 32
"""How many values one name may mean: sections inside each other multiply them."""

Meanings: TypeAlias = tuple[NamePath, ...]


class Sources(Protocol):
    """The partials that a template may include."""

    def find(self, reference: str) -> str | None:
        """Return the name of the partial that *reference* means, if there is one."""
        ...

    def names(self) -> Iterable[str]:
        """Return the names of all partials."""
        ...

    def tree(self, name: str) -> tuple[Source, tuple[Node, ...]]:
        """Return the source and the tree of the partial *name*."""
        ...


def outline_nodes(
    nodes: tuple[Node, ...], source: Source, options: Options, library: Sources
) -> Outline:
    """Return what a template reads.

    Args:
        nodes: The template's tree.
        source: Its text, for the places of names.
        options: What is missing.
        library: The partials that it may include.

    Raises:
        TemplateSyntaxError: If a partial is broken, or does not exist.
        LimitExceededError: If partials make too much of it, or nest it too deeply.
    """
    outliner = _Outliner(options, library)
    outliner.body(nodes, _Frame(source))
    return outliner.draft.finish()


class _Filling(NamedTuple):
    """What stands for a block: an argument of a parent, and how that was read."""

    nodes: tuple[Node, ...]
    frame: _Frame


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the walk is.

    Attributes:
        source: The text that is walked through.
        scopes: What each context may be, innermost first; the last is the root.
        blocks: What replaces the blocks of the current partial.
        active: The partials under way, each with the number of contexts it was
            first given.
        depth: Sections, blocks and partials entered.
    """

    source: Source
    scopes: tuple[Meanings, ...] = (((),),)
    blocks: Mapping[str, _Filling] = field(default_factory=dict)
    active: Mapping[str, int] = field(default_factory=dict)
    depth: int = 0

    def meanings(self, name: str) -> Meanings:
        """Return which values *name* may mean, the likeliest first."""
        if name == ".":
            return self.scopes[0]
        parts = tuple(name.split("."))
        holders = chain.from_iterable(self.scopes)
        paths = (path if path == ANYTHING else (*path, *parts) for path in holders)
        return _bounded(paths)


class _Outliner:
    def __init__(self, options: Options, library: Sources) -> None:
        self.draft = Draft()
        self._is_lenient = not options.strict
        self._library = library

    def body(self, nodes: tuple[Node, ...], frame: _Frame) -> None:
        self.draft.spend(1 + len(nodes), None)
        for node in nodes:
            match node:
                case Variable():
                    self._read(node.tag, frame, Use.PRINTED)
                case Text():
                    pass
                case Section() if node.tag.kind is Kind.INVERTED:
                    self._inverted(node, frame)
                case Section():
                    self._section(node, frame)
                case Block():
                    self._block(node, frame)
                case Partial() | Parent():
                    self._partial(node, frame)

    def _read(
        self, tag: Token, frame: _Frame, use: Use, *, has_default: bool = False
    ) -> tuple[Meanings, Location]:
        meanings, at = frame.meanings(tag.path), tag.locate(frame.source)
        self.draft.read(
            meanings[0],
            at,
            use,
            has_default=has_default or self._is_lenient or tag.path == ".",
            otherwise=meanings[1:],
        )
        return meanings, at

    def _section(self, node: Section, frame: _Frame) -> None:
        use = Use.LOOPED if _prints_items(node.children) else Use.TESTED
        meanings, at = self._read(node.tag, frame, use, has_default=True)
        inner = _enter(frame, node.tag)
        inner = replace(inner, scopes=(_entered(meanings), *frame.scopes))
        guard = Guard(meanings[0], at, otherwise=meanings[1:])
        with self.draft.branch(at, (guard,)):
            self.body(node.children, inner)

    def _inverted(self, node: Section, frame: _Frame) -> None:
        meanings, at = self._read(node.tag, frame, Use.TESTED, has_default=True)
        guard = Guard(meanings[0], at, holds=False, otherwise=meanings[1:])
        with self.draft.branch(at, (guard,)):
            self.body(node.children, _enter(frame, node.tag))

    def _block(self, node: Block, frame: _Frame) -> None:
        inner = _enter(frame, node.tag)
        filling = frame.blocks.get(node.tag.name)
        if filling is None:
            self.body(node.children, inner)
            return
        own = filling.frame
        self.body(filling.nodes, replace(inner, source=own.source, blocks=own.blocks))

    def _partial(self, node: Partial | Parent, frame: _Frame) -> None:
        tag = node.tag
        if tag.is_dynamic:
            _, at = self._read(tag, frame, Use.COMPARED)
            self.draft.include(None, at)
            self._pass(node, frame, at, known=0)
            return
        at = tag.locate(frame.source)
        name = self._library.find(tag.name)
        self.draft.include(tag.name if name is None else name, at)
        if name is None:
            if not self._is_lenient:
                raise unknown_partial(tag, frame.source, self._library.names())
        elif name in frame.active:
            self._pass(node, frame, at, known=frame.active[name])
        else:
            self._follow(name, node, frame)

    def _follow(self, name: str, node: Partial | Parent, frame: _Frame) -> None:
        source, nodes = self._library.tree(name)
        blocks = frame.blocks
        if isinstance(node, Parent):
            # What an inheriting template replaces, it replaces in all ancestors.
            own = {
                argument.tag.name: _Filling(argument.children, frame)
                for argument in node.arguments
            }
            blocks = {**own, **frame.blocks}
            self.draft.spend(len(blocks), None)
        active = {**frame.active, name: len(frame.scopes)}
        inner = _enter(frame, node.tag)
        self.body(nodes, replace(inner, source=source, blocks=blocks, active=active))

    def _pass(
        self, node: Partial | Parent, frame: _Frame, at: Location, *, known: int
    ) -> None:
        """Note that a partial which is not followed may read all that is new to it.

        Args:
            node: The tag.
            frame: Where it stands.
            at: Its place.
            known: How many of the outermost contexts the partial was followed with.
        """
        arguments = node.arguments if isinstance(node, Parent) else ()
        if arguments:
            known = 0  # the partial may look anything up around its blocks
        for scope in frame.scopes[: len(frame.scopes) - known]:
            self.draft.read(
                scope[0], at, Use.PASSED, has_default=True, otherwise=scope[1:]
            )
        for argument in arguments:
            self.body(argument.children, _enter(frame, argument.tag))


def _enter(frame: _Frame, tag: Token) -> _Frame:
    """Return the frame of what *tag* holds, one level deeper."""
    if frame.depth == MAX_RENDER_DEPTH:
        raise exceeded("MAX_RENDER_DEPTH", tag.locate(frame.source))
    return replace(frame, depth=frame.depth + 1)


def _entered(meanings: Meanings) -> Meanings:
    """Return what a section over one of *meanings* pushes: the value or an element."""
    return _bounded(
        inner
        for path in meanings
        for inner in ((path,) if path == ANYTHING else (path, (*path, None)))
    )


def _bounded(paths: Iterator[NamePath]) -> Meanings:
    meanings = tuple(islice(paths, MAX_MEANINGS + 1))
    if len(meanings) > MAX_MEANINGS:
        return (*meanings[: MAX_MEANINGS - 1], ANYTHING)
    return meanings


def _prints_items(nodes: tuple[Node, ...]) -> bool:
    """Whether ``.`` is looked up among *nodes*, as the item of the section around."""
    for node in nodes:
        match node:
            case Variable(tag=tag) | Section(tag=tag) if tag.name == ".":
                return True
            case Section(tag=tag) if tag.kind is Kind.INVERTED:
                if _prints_items(node.children):
                    return True
            case Block() if _prints_items(node.children):
                return True
    return False
