"""Templates that tell which of their regions an execution reaches.

They are parsed as any other; then probes are put between the nodes of their trees,
which cost no step and write nothing. Compiled code knows no probes, so that the
executor walks these templates, always.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from provisionhub.coverage import Kind, Reached, ReachedIn, Region, Survey, Surveyor
from provisionhub_gotemplate.lexer import Token, tokenize
from provisionhub_gotemplate.nodes import (
    Action,
    Block,
    Branch,
    Delimiters,
    Probe,
    Statement,
    Tree,
)
from provisionhub_gotemplate.options import Options
from provisionhub_gotemplate.partials import PartialLibrary
from provisionhub_gotemplate.template_set import TemplateSet

_SETTING: Final = ("declare", "assign")


def regions_of(name: str, text: str, options: Options) -> tuple[Region, ...]:
    """Return the regions of *text*.

    Raises:
        TemplateError: If it is no template of Go.
    """
    templates = options.new_set()
    templates.parse(name, text)
    return _Surveyed(text, options.delimiters, templates.functions).survey.regions


class WatchedLibrary(PartialLibrary):
    """Partials, and what is parsed with them, that tell what is reached of them.

    Args:
        sources: The partials' texts by name.
        options: How they are read and executed.
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

    def watch(self, name: str, text: str, reached: Reached) -> TemplateSet:
        """Return what ``parse`` does; its templates tell which regions they reach."""
        templates = self.parse(name, text)
        surveys: dict[str, _Surveyed] = {}
        for tree in templates.trees:
            if _is_probed(tree):
                continue
            is_own = tree.source_name == name and tree.source == text
            tell = reached if is_own else partial(self._reached_in, tree.source_name)
            surveyed = surveys.get(tree.source)
            if surveyed is None:
                surveyed = _Surveyed(tree.source, tree.delimiters, templates.functions)
                surveys[tree.source] = surveyed
            _Prober(surveyed, tell).probe(tree)
        return templates


def _is_probed(tree: Tree) -> bool:
    """Whether *tree* is a partial's, which an earlier template refers to as well."""
    return bool(tree.root.nodes) and isinstance(tree.root.nodes[0], Probe)


class _Prober:
    """Puts probes into trees, however deep, without nesting itself."""

    def __init__(self, surveyed: _Surveyed, reached: Reached) -> None:
        self._surveyed = surveyed
        self._reached = reached
        self._pending: list[tuple[Block, int | None]] = []

    def probe(self, tree: Tree) -> None:
        """Have *tree* tell what is reached of it."""
        root = tree.root
        # Only a text as a whole begins where the text does.
        number = self._surveyed.begun_before(root.position) if root.position else 0
        self._pending.append((root, number))
        while self._pending:
            block, number = self._pending.pop()
            nodes = [] if number is None else [self._new(block.position, number)]
            for node in block.nodes:
                nodes += self._probed(node)
            block.nodes = nodes

    def _probed(self, node: Statement) -> list[Statement]:
        if isinstance(node, Branch):
            self._branch(node)
        elif isinstance(node, Action):
            number = self._surveyed.begun_at(node.position)
            if number is not None:
                return [self._new(node.position, number), node]
        return [node]

    def _branch(self, node: Branch) -> None:
        """Probe a branch, and those that hang on it by ``else if``."""
        surveyed, first = self._surveyed, node.position
        self._pending.append((node.body, surveyed.begun_at(first)))
        while node.otherwise and surveyed.is_inside(node.otherwise.position):
            (following,) = node.otherwise.nodes
            assert isinstance(following, Branch)  # noqa: S101 - what ``else if`` is
            node = following
            self._pending.append((node.body, surveyed.begun_at(node.position)))
        number = surveyed.lacking_at(first)
        if node.otherwise is None and number is not None:
            node.otherwise = Block(node.position)
        if node.otherwise is not None:
            self._pending.append((node.otherwise, number))

    def _new(self, position: int, number: int) -> Statement:
        return Probe(position, partial(self._reached, number))


class _Surveyed:
    """The regions of a text, found by what trees know of places.

    Args:
        text: A sound template.
        delimiters: What its actions begin and end with.
        functions: The names of the functions that it may call.
    """

    def __init__(
        self, text: str, delimiters: Delimiters, functions: Container[str]
    ) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        words = frozenset(word for word in ("break", "continue") if word in functions)
        surveyor = Surveyor(text)
        for action in _actions(tokenize(text, delimiters, plain_words=words)):
            self._starts.append(action[0].start)
            self._ends.append(action[-1].start + len(delimiters[1]))
            _take(surveyor, action, self._ends[-1])
        self.survey: Survey = surveyor.survey()

    def begun_at(self, position: int) -> int | None:
        """Return the region that the action around *position* begins."""
        return self.survey.begun.get(self._start(position))

    def begun_before(self, position: int) -> int | None:
        """Return the region that the last action before *position* begins."""
        index = bisect_right(self._ends, position) - 1
        return self.survey.begun.get(self._starts[index])

    def lacking_at(self, position: int) -> int | None:
        """Return the ``else``, written or not, of the action around *position*."""
        return self.survey.lacking.get(self._start(position))

    def is_inside(self, position: int) -> bool:
        """Whether *position* is inside an action, behind its first character."""
        index = bisect_right(self._starts, position) - 1
        return index >= 0 and self._starts[index] < position < self._ends[index]

    def _start(self, position: int) -> int:
        return self._starts[bisect_right(self._starts, position) - 1]


def _actions(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """Yield the tokens of each action, delimiters included and spaces left out."""
    action: list[Token] = []
    for token in tokens:
        if token.kind == "left_delim":
            action = [token]
        elif token.kind not in ("space", "text", "eof"):
            action.append(token)
            if token.kind == "right_delim":
                yield action


def _take(surveyor: Surveyor, action: list[Token], end: int) -> None:
    """Take one action; its first and last tokens are its delimiters."""
    first, last, start = action[1], action[-2], action[0].start
    what = surveyor.text[first.start : last.start + len(last.value)]
    match first.kind:
        case "if" | "with":
            surveyor.opening(Kind.BRANCH, what, start, end, asks=True)
        case "range":
            surveyor.opening(Kind.LOOP, what, start, end)
        case "define" | "block":
            surveyor.opening(Kind.DEFINITION, what, start, end)
        case "else":
            surveyor.turning(what, start, end, is_last=first is last)
        case "end":
            surveyor.closing(start)
        case "template" | "break" | "continue":
            pass
        case _ if any(token.kind in _SETTING for token in action):
            pass
        case _:
            surveyor.output(start, end)
