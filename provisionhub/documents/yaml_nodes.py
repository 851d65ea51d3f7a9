"""From YAML events to JSON values that know their places; no recursion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NoReturn, TypeAlias

import yaml

from provisionhub.documents.error import DocumentError
from provisionhub.documents.text import clip
from provisionhub.documents.yaml_scalars import (
    NotFiniteError,
    NumberTooLongError,
    resolve,
)
from provisionhub.jsontypes import JsonScalar, JsonValue
from provisionhub.source import Location, Source

Span: TypeAlias = tuple[int, int]
"""First character and the one behind the last, as offsets from 0."""

_MOST_NODES: Final = 50_000


@dataclass(slots=True)
class Node:
    """A value and its place.

    Attributes:
        value: What it says.
        span: Where it stands; a mapping or list only where it starts.
        key: Where its key stands, if it is the value of one.
        children: The nodes in it, as its value holds theirs.
    """

    value: JsonValue
    span: Span
    key: Span | None = None
    children: dict[str, Node] | list[Node] | None = None

    def child(self, part: str) -> Node | None:
        """Return the node in this one that a JSON Pointer calls *part*."""
        match self.children:
            case dict() as members:
                return members.get(part)
            case list() as items if part.isascii() and part.isdigit():
                return items[int(part)] if _is_index(part, len(items)) else None
            case _:
                return None


def _is_index(part: str, length: int) -> bool:
    return len(part) <= len(str(length)) and int(part) < length


@dataclass(slots=True)
class _OpenList:
    """A list that is not closed yet: its values and its nodes."""

    values: list[JsonValue]
    nodes: list[Node]

    def add(self, node: Node) -> None:
        self.values.append(node.value)
        self.nodes.append(node)


@dataclass(slots=True)
class _OpenMapping:
    """A mapping that is not closed yet, and the key whose value comes next."""

    start: int
    members: dict[str, JsonValue]
    nodes: dict[str, Node]
    key: tuple[str, Span] | None = None

    def add(self, node: Node) -> None:
        if self.key is not None:
            name, node.key = self.key
            self.members[name] = node.value
            self.nodes[name] = node
            self.key = None


def place(source: Source, span: Span) -> Location:
    """Return where *span* starts, as wide as it is on that line."""
    start, end = span
    line = source.text[start:end].partition("\n")[0].rstrip()
    return source.locate(start, max(1, len(line)))


class NodeBuilder:
    """Takes events one by one and refuses what JSON could not say.

    Attributes:
        root: The node of the whole, once there is one.
    """

    def __init__(self, source: Source, deepest: int) -> None:
        self.root: Node | None = None
        self._source = source
        self._deepest = deepest
        self._open: list[_OpenList | _OpenMapping] = []
        self._nodes = 0

    def take(self, event: yaml.Event) -> None:
        """Add what *event* says.

        Raises:
            DocumentError: If it says what is not accepted.
        """
        match event:
            case yaml.DocumentStartEvent():
                self._start_document(event)
            case yaml.AliasEvent():
                self._refuse_anchor(event)
            case yaml.ScalarEvent():
                self._check_properties(event)
                self._take_scalar(event)
            case yaml.CollectionStartEvent():
                self._check_properties(event)
                self._open_collection(event)
            case yaml.CollectionEndEvent():
                self._open.pop()
            case _:
                pass

    def _start_document(self, event: yaml.DocumentStartEvent) -> None:
        if self.root is not None:
            message = "a second document starts here, and one file holds one"
            self._refuse(message, "several-documents", event)
        if event.tags:
            self._refuse("tags are not accepted", "tag", event)

    def _check_properties(
        self, event: yaml.ScalarEvent | yaml.CollectionStartEvent
    ) -> None:
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            message = f"the document holds more than {_MOST_NODES} values"
            self._refuse(message, "too-many-values", event)
        if event.anchor is not None:
            self._refuse_anchor(event)
        if event.tag is not None:
            hint = "put a text that starts with `!` in quotes"
            self._refuse("tags are not accepted", "tag", event, hint=hint, words=1)

    def _take_scalar(self, event: yaml.ScalarEvent) -> None:
        match self._open:
            case [*_, _OpenMapping(key=None) as mapping]:
                mapping.key = self._key(event, mapping)
            case _:
                self._add(Node(self._scalar(event), _span(event)))

    def _open_collection(self, event: yaml.CollectionStartEvent) -> None:
        match self._open:
            case [*_, _OpenMapping(key=None) as mapping]:
                self._refuse_key(event, mapping)
            case opened if len(opened) == self._deepest:
                message = f"mappings and lists are nested deeper than {self._deepest}"
                self._refuse(message, "too-deep", event)
            case _ if isinstance(event, yaml.MappingStartEvent):
                self._open_mapping(_span(event)[0])
            case _:
                self._open_list(_span(event)[0])

    def _open_mapping(self, start: int) -> None:
        opened = _OpenMapping(start, {}, {})
        self._add(Node(opened.members, (start, start + 1), children=opened.nodes))
        self._open.append(opened)

    def _open_list(self, start: int) -> None:
        opened = _OpenList([], [])
        self._add(Node(opened.values, (start, start + 1), children=opened.nodes))
        self._open.append(opened)

    def _add(self, node: Node) -> None:
        """Put *node* where it belongs: the root, or what is open."""
        if self._open:
            self._open[-1].add(node)
        else:
            self.root = node

    def _key(self, event: yaml.ScalarEvent, mapping: _OpenMapping) -> tuple[str, Span]:
        name = self._scalar(event)
        if not isinstance(name, str):
            hint = f'put it in quotes: "{clip(event.value)}"' if event.value else None
            self._refuse("a key must be a text", "key-not-text", event, hint=hint)
        if name == "<<" and event.implicit[0]:
            hint = "write the members out"
            self._refuse("merge keys are not accepted", "merge-key", event, hint=hint)
        earlier = mapping.nodes.get(name)
        if earlier is not None and earlier.key is not None:
            line = self._source.locate(earlier.key[0]).line
            message = f"the key `{clip(name)}` stands here and on line {line}"
            self._refuse(message, "duplicate-key", event)
        return name, _span(event)

    def _scalar(self, event: yaml.ScalarEvent) -> JsonScalar:
        if not event.implicit[0]:
            return self._text(event)
        try:
            return resolve(event.value)
        except NotFiniteError:
            message = f"`{clip(event.value)}` is not a finite number"
            hint = "put it in quotes if a text is meant"
            self._refuse(message, "not-finite", event, hint=hint)
        except NumberTooLongError:
            self._refuse("the number is too long", "number-too-long", event)

    def _text(self, event: yaml.ScalarEvent) -> str:
        """Return a quoted text; two escapes may be the halves of one character."""
        text: str = event.value
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            message = "half of a surrogate pair is not a character"
            self._refuse(message, "lone-surrogate", event)

    def _refuse_anchor(self, event: yaml.NodeEvent) -> NoReturn:
        message = "anchors and aliases are not accepted"
        self._refuse(message, "anchor", event, hint="write the value out", words=1)

    def _refuse_key(
        self, event: yaml.CollectionStartEvent, mapping: _OpenMapping
    ) -> NoReturn:
        is_template = self._source.text.startswith("{{", mapping.start)
        hint = "put a value that starts with `{{` in quotes" if is_template else None
        self._refuse("a key must be a text", "key-not-text", event, hint=hint)

    def _refuse(
        self,
        message: str,
        reason: str,
        event: yaml.Event,
        *,
        hint: str | None = None,
        words: int | None = None,
    ) -> NoReturn:
        """Raise, with *event* as the place, or only so many *words* of it."""
        start, end = _span(event)
        if words is not None:
            end = start + len(self._source.text[start:end].split(maxsplit=words)[0])
        raise DocumentError(message, reason, place(self._source, (start, end)), hint)


def _span(event: yaml.Event) -> Span:
    # PyYAML counts in characters of the text, as we do.
    start = getattr(event.start_mark, "index", 0)
    return start, getattr(event.end_mark, "index", start)
