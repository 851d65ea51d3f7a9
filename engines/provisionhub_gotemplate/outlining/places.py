"""Where names stand in a template: the whole chain of them, ``.Values.db.host``."""

from __future__ import annotations

from provisionhub.source import Location, Source
from provisionhub_gotemplate.nodes import (
    Bool,
    Chain,
    Field,
    Node,
    Pipeline,
    String,
    Term,
    Tree,
    Variable,
)


class Places:
    """The places of the words of one template."""

    def __init__(self, tree: Tree, source: Source) -> None:
        self.tree = tree
        self._source = source

    def term(self, *terms: Term) -> Location:
        """Return the place from the first of *terms* to the last."""
        start = min(_start(term) for term in terms)
        end = max(_end(term) for term in terms)
        return self._span(start, end)

    def name(self, position: int, name: str) -> Location:
        """Return the place of a template's *name*, whose literal is at *position*."""
        return self._source.locate(position + 1, max(1, len(name)))

    def keyword(self, keyword: str, before: Node) -> Location:
        """Return the place of the *keyword* that stands before a node."""
        start = self.tree.source.rfind(keyword, 0, before.position)
        return self._source.locate(max(0, start), len(keyword))

    def is_chained(self, node: Node, keyword: str) -> bool:
        """Whether *node*, which follows an ``else``, begins in the same action."""
        return self.tree.source.startswith(keyword, node.position)

    def _span(self, start: int, end: int) -> Location:
        line_end = self.tree.source.find("\n", start, end)
        return self._source.locate(start, (end if line_end < 0 else line_end) - start)


def _start(term: Term) -> int:
    match term:
        case Field(names=names) if len(names) > 1:
            # The place of a chain is that of its second element, as in Go.
            return term.position - len(names[0]) - 1
        case Variable(names=names) if len(names) > 1:
            return term.position - len(names[0])
        case Chain(term=Pipeline() as inner):
            return min(term.position, _innermost(inner))
        case _:
            return term.position


def _innermost(pipeline: Pipeline) -> int:
    """Return where the first name in parentheses begins, if there is but a name."""
    term: Term = pipeline
    while isinstance(term, Pipeline):
        if len(term.commands) != 1 or len(term.commands[0].arguments) != 1:
            return term.position
        term = term.commands[0].arguments[0]
    return _start(term)


def _end(term: Term) -> int:
    match term:
        case Field(names=names):
            return _start(term) + sum(len(name) + 1 for name in names)
        case Variable(names=names):
            return _start(term) + sum(map(len, names)) + len(names) - 1
        case Chain(names=names):
            return term.position + sum(len(name) + 1 for name in names)
        case String(quoted=quoted):
            return term.position + len(quoted)
        case Bool(value=value):
            return term.position + len("true" if value else "false")
        case _:
            return term.position + 1
