"""What templates read that are included, imported or extended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from jinja2 import nodes

from provisionhub.outline import Guard, Outline
from provisionhub.source import Location
from provisionhub_jinja.outlining.origins import (
    COMPARED,
    ROOT,
    Binding,
    Bundle,
    Scope,
    Text,
)
from provisionhub_jinja.outlining.statements import Statements


class Library(Protocol):
    """The partials that a template may include."""

    def find(self, name: str) -> str | None:
        """Return the key of the partial that *name* means, if there is one."""
        ...

    def text(self, key: str) -> Text:
        """Return the partial with this key, parsed."""
        ...


def outline_template(text: Text, library: Library, *, is_lenient: bool) -> Outline:
    """Return what a template reads.

    Args:
        text: The template.
        library: The partials that it may include.
        is_lenient: What is missing is nothing, rather than an error.

    Raises:
        TemplateSyntaxError: If a partial is broken.
        LimitExceededError: If partials and macros make too much of it.
    """
    outliner = _Templates(text, library, is_lenient=is_lenient)
    outliner.render(text, Scope())
    outline = outliner.draft.finish()
    return replace(outline, condition=outliner.condition(text))


class _Blocks:
    """The blocks of templates that extend each other.

    Attributes:
        bodies: For each block, what stands for it: the innermost heir's first.
        parents: What the current template extends; values may decide which.
        base: The names that each block can use.
    """

    def __init__(self, base: Scope) -> None:
        self.bodies: dict[str, list[tuple[nodes.Block, Text]]] = {}
        self.parents: list[str] = []
        self.base = base


class _Templates(Statements):
    def __init__(self, text: Text, library: Library, *, is_lenient: bool) -> None:
        super().__init__(text, is_lenient=is_lenient)
        self._library = library
        self._blocks = _Blocks(self.scope)
        self._at: tuple[str, int] | None = None
        self._active: dict[str, Scope] = {}

    def render(self, text: Text, scope: Scope) -> None:
        """Walk a template and what it extends, with the names of *scope*."""
        outer = self._blocks, self._at
        self._blocks, self._at = _Blocks(scope), None
        with self.audible():
            self._inherit(text, scope)
        self._blocks, self._at = outer

    def condition(self, text: Text) -> tuple[Guard, ...] | None:
        """Return what has to hold for the one expression that *text* prints."""
        body = text.tree.body
        if len(body) != 1 or not isinstance(body[0], nodes.Output):
            return None
        said = [each for each in body[0].nodes if not _is_blank(each)]
        if len(said) != 1 or isinstance(said[0], nodes.TemplateData):
            return None
        with self.within(Scope(), text):
            return self.guards(said[0])

    def walk_template(self, node: nodes.Stmt) -> None:
        """Walk a tag that includes, imports, extends, or is extended."""
        match node:
            case nodes.Include():
                self._include(node)
            case nodes.Import():
                self.scope.names[node.target] = self._import(node)
            case nodes.FromImport():
                self._import_names(node)
            case nodes.Extends():
                keys = self._chosen(node.template)
                self._blocks.parents += keys or []
                if keys is None:
                    self.note_pass(ROOT, self._place(node.template))
                self.is_muted = self.is_muted or self.scope is self._blocks.base
            case nodes.Block() if not self.is_muted:
                inner = Scope(self.scope if node.scoped else self._blocks.base)
                self._block(node.name, 0, inner)

    def call_block(self, node: nodes.Call) -> bool:
        """Note what ``super()`` or ``self.name()`` reads, if *node* is such a call."""
        match node.node:
            case nodes.Name(name="super") if self._at is not None:
                name, index = self._at
                self._block(name, index + 1, Scope(self.scope))
                return True
            case nodes.Getattr(node=nodes.Name(name="self"), attr=name):
                if name in self._blocks.bodies:
                    self._block(name, 0, Scope(self._blocks.base))
                    return True
            case _:
                pass
        return False

    def _inherit(self, text: Text, scope: Scope) -> None:
        blocks = self._blocks
        for block in text.tree.find_all(nodes.Block):
            blocks.bodies.setdefault(block.name, []).append((block, text))
        blocks.parents, blocks.base = [], scope
        with self.within(scope, text):
            self.walk(text.tree.body)
        for key in dict.fromkeys(blocks.parents):
            if key in self._active:
                continue
            self.is_muted = False
            bodies = {name: list(each) for name, each in blocks.bodies.items()}
            with self._entering(key):
                self._inherit(self._library.text(key), Scope(scope))
            blocks.bodies = bodies

    def _block(self, name: str, index: int, scope: Scope) -> None:
        bodies = self._blocks.bodies.get(name, [])
        if index >= len(bodies):
            return
        node, text = bodies[index]
        if node in self._running:
            return
        outer, self._at = self._at, (name, index)
        self._running.add(node)
        with self.audible(), self.within(scope, text):
            self.walk(node.body)
        self._running.discard(node)
        self._at = outer

    def _include(self, node: nodes.Include) -> None:
        keys = self._chosen(node.template, may_miss=node.ignore_missing)
        if keys is None and node.with_context:
            self.note_pass(ROOT, self._place(node.template))
        for key in keys or ():
            if key not in self._active:
                with self._entering(key):
                    self.render(self._library.text(key), self._inner(node))
            elif node.with_context:
                self._pass_names(key, self._place(node.template))

    def _import(self, node: nodes.Import | nodes.FromImport) -> Bundle:
        keys = self._chosen(node.template)
        if keys is None and node.with_context:
            self.note_pass(ROOT, self._place(node.template))
        names: dict[str, Binding] = {}
        for key in keys or ():
            if key in self._active:
                continue
            scope = self._inner(node)
            with self._entering(key):
                self.render(self._library.text(key), scope)
            names.update(scope.names)
        return Bundle(names)

    def _import_names(self, node: nodes.FromImport) -> None:
        bundle = self._import(node)
        for each in node.names:
            name, alias = each if isinstance(each, tuple) else (each, each)
            self.scope.names[alias] = bundle.names.get(name, ())

    def _inner(self, node: nodes.Include | nodes.Import | nodes.FromImport) -> Scope:
        if node.with_context:
            return Scope(self.scope)
        return Scope(has_context=False)

    def _chosen(self, node: nodes.Expr, *, may_miss: bool = False) -> list[str] | None:
        """Return the keys of the partials that *node* may name; None for any.

        One that need not be there and is not includes nothing.
        """
        self.visit(node, COMPARED)
        names = _names(node)
        if names is None:
            self.draft.include(None, self._place(node))
            return None
        keys: list[str] = []
        for choice in names:
            found = [
                (key, name)
                for name in choice
                if (key := self._library.find(str(name.value))) is not None
            ]
            for key, name in found[:1]:
                self.draft.include(key, self._place(name))
                keys.append(key)
            if not found and choice and not may_miss:
                self.draft.include(str(choice[0].value), self._place(choice[0]))
        return keys

    def _place(self, node: nodes.Expr) -> Location:
        first = node
        while not isinstance(first, (nodes.Const, nodes.Name)):
            inner = next(first.iter_child_nodes(), None)
            if not isinstance(inner, nodes.Expr):
                break
            first = inner
        return self.text.places.word(first.lineno)

    def _pass_names(self, key: str, at: Location) -> None:
        """Note that a partial under way gets the names bound since it was entered."""
        known, scope = self._active[key], self.scope
        names: dict[str, Binding] = {}
        while scope is not known and scope.outer is not None:
            names = {**scope.names, **names}
            scope = scope.outer
        for binding in names.values():
            if isinstance(binding, tuple):
                self.note_pass(binding, at)

    @contextmanager
    def _entering(self, key: str) -> Iterator[None]:
        self._active[key] = self.scope
        try:
            yield
        finally:
            del self._active[key]


def _is_blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.TemplateData) and not node.data.strip()


def _names(node: nodes.Node) -> list[list[nodes.Const]] | None:
    """Return the constant names that *node* may have, each with its alternatives."""
    match node:
        case nodes.Const(value=str()) as constant:
            return [[constant]]
        case nodes.List(items=items) | nodes.Tuple(items=items):
            names = [item for item in items if isinstance(item, nodes.Const)]
            return [names] if len(names) == len(items) else None
        case nodes.CondExpr(expr1=left, expr2=right) if right is not None:
            one, other = _names(left), _names(right)
            return None if one is None or other is None else [*one, *other]
        case _:
            return None
