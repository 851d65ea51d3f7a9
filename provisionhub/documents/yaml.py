"""YAML, read strictly: what JSON can say, and the place of each value.

Read from PyYAML's event stream (its pure Python scanner: the C one can crash on
hostile input), so that nothing is built before it is known to be harmless.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import yaml

from provisionhub.documents.error import DocumentError
from provisionhub.documents.text import DEEPEST, LONGEST, decode
from provisionhub.documents.yaml_faults import not_yaml
from provisionhub.documents.yaml_nodes import Node, NodeBuilder, place
from provisionhub.jsontypes import JsonValue
from provisionhub.source import Location, Source

# Readers disagree on whether a lone CR, NEL, LS and PS end a line.
_REFUSED: Final = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd"
    "\U00010000-\U0010ffff]|\r(?!\n)"
)


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A document that was read.

    Attributes:
        source: The text it was read from.
        root: The node of the whole.
    """

    source: Source
    root: Node

    @property
    def value(self) -> JsonValue:
        """What the document says."""
        return self.root.value

    def locate(self, pointer: str, *, key: bool = False) -> Location:
        """Return where the value that *pointer* leads to stands.

        Where nothing stands there, it is the key of the nearest value on the way.

        Args:
            pointer: A JSON Pointer (RFC 6901).
            key: Return the place of the value's key instead, if it has one.
        """
        node, is_found = self._find(pointer)
        wants_key = key or not is_found
        return place(self.source, node.key if node.key and wants_key else node.span)

    def _find(self, pointer: str) -> tuple[Node, bool]:
        """Return the node that *pointer* leads to, or the nearest on the way."""
        node = self.root
        for part in pointer.split("/")[1:]:
            child = node.child(part.replace("~1", "/").replace("~0", "~"))
            if child is None:
                return node, False
            node = child
        return node, True


def read_yaml(
    document: bytes | str, *, file: str, longest: int = LONGEST, deepest: int = DEEPEST
) -> YamlDocument:
    """Return a YAML document as what JSON can say.

    Plain scalars follow the core schema of YAML 1.2; anchors, aliases, merge keys,
    tags, several documents in one, duplicate keys and keys that are not texts are
    refused.

    Args:
        document: UTF-8 without a byte order mark, or a text.
        file: Its name, for error places.
        longest: Bound on its size, in bytes.
        deepest: Bound on how many mappings and lists stand in one another.

    Raises:
        DocumentError: With a reason of ``too-large``, ``not-utf-8``,
            ``byte-order-mark``, ``lone-surrogate``, ``empty``,
            ``control-character``, ``too-deep``, ``too-many-values``, ``anchor``,
            ``tag``, ``merge-key``, ``several-documents``, ``key-not-text``,
            ``duplicate-key``, ``not-finite``, ``number-too-long`` or ``not-yaml``.
    """
    source = decode(document, file=file, longest=longest)
    _check_characters(source)
    builder = NodeBuilder(source, deepest)
    _feed(builder, source)
    if builder.root is None:
        at = source.at(1)
        raise DocumentError("the document holds only comments", "empty", at)
    return YamlDocument(source, builder.root)


def _check_characters(source: Source) -> None:
    found = _REFUSED.search(source.text)
    if found is not None:
        code = ord(found[0])
        raise DocumentError(
            f"the character U+{code:04X} can't stand in YAML",
            "control-character",
            source.locate(found.start()),
            hint=f'write it as an escape in double quotes: "\\u{code:04x}"',
        )


def _feed(builder: NodeBuilder, source: Source) -> None:
    loader = yaml.SafeLoader(source.text)
    try:
        while (event := loader.get_event()) is not None:  # type: ignore[no-untyped-call]
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise not_yaml(error, source) from None
    except (ValueError, OverflowError) as error:
        if isinstance(error, DocumentError):
            raise
        # PyYAML converts the digits of directives and escapes without looking.
        at = source.locate(loader.get_mark().index)
        message = "this number is beyond what YAML knows"
        raise DocumentError(message, "not-yaml", at) from None
    finally:
        loader.dispose()
