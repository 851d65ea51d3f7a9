"""What actions read: conditions, loops, and the templates that they call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Final

from provisionhub.outline import Guard, Outline, Use
from provisionhub.source import Location, Source
from provisionhub_gotemplate.executor import Program
from provisionhub_gotemplate.nodes import (
    Action,
    Block,
    Branch,
    Call,
    If,
    Pipeline,
    Range,
    Statement,
    Text,
    Tree,
    With,
)
from provisionhub_gotemplate.outlining.origins import (
    BOUND,
    COMPARED,
    LOOPED,
    PASSED,
    PRINTED,
    TESTED,
    Absence,
    Origin,
    Origins,
    Scope,
    Usage,
    stepped,
)
from provisionhub_gotemplate.outlining.pipelines import Pipelines
from provisionhub_gotemplate.outlining.places import Places
from provisionhub_gotemplate.outlining.terms import Argument, Stage, constant
from provisionhub_gotemplate.outlining.terms import Call as FunctionCall

_ROOT: Final[Origins] = (Origin(()),)
_KEYWORDS: Final[Mapping[type[Branch], str]] = {If: "if", Range: "range", With: "with"}
_PAIR: Final = 2


def outline_tree(tree: Tree, program: Program) -> Outline:
    """Return what a template reads.

    Args:
        tree: The template.
        program: The templates that it may call, and the functions.

    Raises:
        LimitExceededError: If templates make too much of it.
    """
    walker = _Walker(tree, program)
    walker.run(tree, _ROOT)
    return replace(walker.draft.finish(), condition=walker.condition(tree))


class _Walker(Pipelines):
    def __init__(self, tree: Tree, program: Program) -> None:
        self._main = tree.source_name
        self._sources: dict[str, Source] = {}
        self._running: set[Tree] = set()
        super().__init__(program, self._places(tree), Scope(_ROOT))

    def run(self, tree: Tree, dot: Origins) -> None:
        """Walk a template that is called with *dot*."""
        outer = self.places, self.scope
        self.places, self.scope = self._places(tree), Scope(dot, names={"$": dot})
        self._running.add(tree)
        self._walk(tree.root)
        self._running.discard(tree)
        self.places, self.scope = outer

    def condition(self, tree: Tree) -> tuple[Guard, ...] | None:
        """Return what has to hold for the one pipeline that *tree* prints."""
        nodes = [node for node in tree.root.nodes if not _is_blank(node)]
        if len(nodes) != 1 or not isinstance(nodes[0], Action):
            return None
        return self._asked(nodes[0].pipeline)

    def include(self, call: FunctionCall) -> None:
        """Note what a call of ``include`` or ``tpl`` reads."""
        first, *others = call.arguments
        name = constant(first) if call.name == "include" else None
        if (
            name is not None
            and isinstance(name[0], str)
            and not isinstance(first, Stage)
        ):
            self._call_tree(name[0], first.position, others)
            return
        self.visit(first, COMPARED)
        at = self.places.term(call.at)
        if call.name == "include":
            self.draft.include(None, at)
        for other in others:
            self.visit(other, PASSED)

    def _places(self, tree: Tree) -> Places:
        source = self._sources.get(tree.source_name)
        if source is None:
            source = Source(tree.source_name, tree.source)
            self._sources[tree.source_name] = source
        return Places(tree, source)

    def _walk(self, block: Block) -> None:
        self.draft.spend(1 + len(block.nodes), None)
        for node in block.nodes:
            self._walk_one(node)

    def _walk_one(self, node: Statement) -> None:
        match node:
            case Action():
                is_set = bool(node.pipeline.variables)
                self.visit_pipeline(node.pipeline, BOUND if is_set else PRINTED)
            case If() | With():
                self._walk_links(node)
            case Range():
                self._walk_range(node)
            case Call():
                given = [] if node.pipeline is None else [node.pipeline]
                self._call_tree(node.name, node.position, given)
            case _:
                pass

    def _walk_links(self, node: If | With) -> None:
        """Walk ``if`` or ``with``, and each ``else if`` that follows.

        Each is inside the ``else`` of the one before, and there may be many.
        """
        with ExitStack() as stack:
            link: If | With | None = node
            while link is not None:
                stack.enter_context(self._inside(Scope(self.scope.dot, self.scope)))
                self._walk_link(link)
                otherwise = link.otherwise
                if otherwise is None:
                    break
                guards = self._asked(link.pipeline, holds=False)
                link = self._chained(otherwise)
                if link is None:
                    self._walk_else(otherwise, guards)
                else:
                    stack.enter_context(self.draft.under(guards))

    def _walk_link(self, node: If | With) -> None:
        held = self.visit_pipeline(node.pipeline, TESTED)
        dot = held if isinstance(node, With) else self.scope.dot
        at = self.places.keyword(_KEYWORDS[type(node)], node.pipeline)
        with (
            self.draft.branch(at, self._asked(node.pipeline)),
            self._inside(Scope(dot, self.scope)),
        ):
            self._walk(node.body)

    def _chained(self, block: Block) -> If | With | None:
        """Return what an ``else`` goes on with in the same action."""
        match block.nodes:
            case [If() | With() as link] if self.places.is_chained(
                block, _KEYWORDS[type(link)]
            ):
                return link
            case _:
                return None

    def _walk_else(self, block: Block, guards: tuple[Guard, ...]) -> None:
        at = self.places.keyword("else", block)
        with (
            self.draft.branch(at, guards),
            self._inside(Scope(self.scope.dot, self.scope)),
        ):
            self._walk(block)

    def _walk_range(self, node: Range) -> None:
        with self._inside(Scope(self.scope.dot, self.scope)):
            values = self.visit_pipeline(node.pipeline, LOOPED)
            items = stepped(values, None, Absence.NIL)
            at = self.places.keyword("range", node.pipeline)
            scope = Scope(items, self.scope, is_loop=True)
            self._bind(node.pipeline, scope, items)
            with (
                self.draft.branch(at, self._asked(node.pipeline)),
                self._inside(scope),
            ):
                self._walk(node.body)
            if node.otherwise is not None:
                self._walk_else(node.otherwise, self._asked(node.pipeline, holds=False))

    def _bind(self, pipeline: Pipeline, scope: Scope, items: Origins) -> None:
        """Bind the variables of a loop: an item, or its name or index before it."""
        names = [variable.names[0] for variable in pipeline.variables]
        held: list[Origins] = [(), items] if len(names) == _PAIR else [items]
        for name, origins in zip(names, held, strict=False):
            if pipeline.is_assignment:
                self.scope.assign(name, origins)
            else:
                scope.names[name] = origins

    def _asked(self, pipeline: Pipeline, *, holds: bool = True) -> tuple[Guard, ...]:
        return self.guards(
            Stage(pipeline.commands, len(pipeline.commands)), holds=holds
        )

    def _call_tree(
        self, name: str, position: int, given: list[Argument] | list[Pipeline]
    ) -> None:
        """Note what the template called *name* reads of what it is given."""
        at = self.places.name(position, name)
        tree = self.program.trees.get(name)
        self._note_inclusion(name, tree, at)
        is_followed = tree is not None and tree not in self._running
        usage = Usage(Use.BOUND) if is_followed else PASSED
        dot: Origins = ()
        for argument in given:
            dot = self.visit(argument, usage)
        if tree is not None and is_followed:
            self.run(tree, dot)

    def _note_inclusion(self, name: str, tree: Tree | None, at: Location) -> None:
        """Note an inclusion; a template of the same text's own is none."""
        if tree is None:
            self.draft.include(name, at)
        elif tree.source_name != self.places.tree.source_name:
            self.draft.include(tree.source_name, at)

    @contextmanager
    def _inside(self, scope: Scope) -> Iterator[None]:
        outer = self.scope
        self.scope = scope
        try:
            yield
        finally:
            self.scope = outer


def _is_blank(node: Statement) -> bool:
    return isinstance(node, Text) and not node.text.strip()
