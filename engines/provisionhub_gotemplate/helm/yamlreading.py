"""YAML to values, as ``sigs.k8s.io/yaml`` reads it: through JSON."""

from __future__ import annotations

import re
from typing import Final

import yaml

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.fmt import sprintf
from provisionhub_gotemplate.helm.scalars import resolve
from provisionhub_gotemplate.sprig.jsons import encode_float
from provisionhub_gotemplate.sprig.limits import spend_depth

_PLAIN: Final = "!plain"
_QUOTED: Final = "tag:yaml.org,2002:str"
_CONVERTING: Final = "error converting YAML to JSON: yaml: "
_MOST_VALUES: Final = 200_000
_MERGE: Final = "<<"


_WORDINGS: Final = tuple(
    (re.compile(pattern, re.DOTALL), wording)
    for pattern, wording in (
        ("found character .* that cannot", "found character that cannot"),
        ("found unknown escape character .*", "found unknown escape character"),
        (r"expected (',' or '[]}]'), but got .*", r"did not find expected \1"),
        (
            "expected the node content, but found .*",
            "did not find expected node content",
        ),
        ("expected <block end>, but found .*", "did not find expected key"),
        ("expected '-' indicator, .*", "did not find expected '-' indicator"),
        ("expected escape sequence .*", "did not find expected hexdecimal number"),
        ("expected '<document start>', .*", "did not find expected <document start>"),
        (
            "expected (chomping or indentation indicators|a comment or a).*",
            "did not find expected comment or line break",
        ),
        (
            "expected alphabetic or numeric character, .*",
            "did not find expected alphabetic or numeric character",
        ),
        (
            r"(mapping values|mapping keys) are not allowed here",
            r"\1 are not allowed in this context",
        ),
        (
            "sequence entries are not allowed here",
            "block sequence entries are not allowed in this context",
        ),
        ("found undefined alias (.*)", r"unknown anchor \1 referenced"),
    )
)
"""Complaints of PyYAML, and what Go's parser says instead."""


class _Loader(yaml.BaseLoader):
    """Composes nodes; a scalar without quotes and tag is marked as plain."""


_Loader.add_implicit_resolver(_PLAIN, re.compile(""), None)


def read_yaml(text: str) -> object:
    """Return the value of the first document in *text*; all numbers are floats.

    Raises:
        FunctionError: If it is no YAML.
    """
    try:
        loader = _Loader(text)
        node = loader.get_node() if loader.check_node() else None
    except yaml.MarkedYAMLError as error:
        raise FunctionError(f"{_CONVERTING}{_complaint(error, text)}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise FunctionError(f"{_CONVERTING}{error}") from None
    return None if node is None else _Builder().build(node, 0)


def _complaint(error: yaml.MarkedYAMLError, text: str) -> str:
    """Return what is wrong in the words of Go's parser, and in which line."""
    line = 0
    if error.problem_mark is not None:
        line = error.problem_mark.line
        is_at_end = error.problem_mark.index >= len(text)
        if isinstance(error, yaml.scanner.ScannerError):
            line += bool(line)
        elif is_at_end and not text.endswith("\n"):
            line += 1
    if not line and error.context_mark is not None:
        line = error.context_mark.line
    problem = error.problem or ""
    if isinstance(error, yaml.composer.ComposerError):
        line = 0
    if error.context == "while parsing a block collection":
        problem = problem.replace("<block end>", "'-' indicator")
    for pattern, wording in _WORDINGS:
        problem = pattern.sub(wording, problem)
    return f"line {line}: {problem}" if line else problem


class _Builder:
    """Makes values of nodes; what aliases multiply is counted each time."""

    def __init__(self) -> None:
        self._count = 0

    def build(self, node: yaml.Node, depth: int) -> object:
        """Return the value of *node*."""
        self._count += 1
        if self._count > _MOST_VALUES:
            raise FunctionError(f"{_CONVERTING}document contains excessive aliasing")
        spend_depth(depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(each, depth + 1) for each in node.value]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        return _number(_scalar(node))

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, object]:
        merged: dict[str, object] = {}
        entries: dict[str, object] = {}
        for key_node, value_node in node.value:
            value = self.build(value_node, depth + 1)
            key = self._key(key_node, value)
            if key == _MERGE and key_node.tag == _PLAIN:
                _merge_into(merged, value)
            else:
                entries[key] = value
        return merged | entries

    def _key(self, node: yaml.Node, value: object) -> str:
        """Return a key as JSON has it: a text."""
        if not isinstance(node, yaml.ScalarNode):
            raise FunctionError(f"{_CONVERTING}unsupported map key")
        key = _scalar(node)
        if isinstance(key, bool):
            return "true" if key else "false"
        if key is None:
            raise FunctionError(
                "error converting YAML to JSON: Unsupported map key of type: "
                f"%!s(<nil>), key: <nil>, value: {sprintf('%#v', value)}"
            )
        return encode_float(key) if isinstance(key, float) else str(key)


def _merge_into(merged: dict[str, object], value: object) -> None:
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, dict):
            raise FunctionError(
                f"{_CONVERTING}map merge requires map or sequence of maps as the value"
            )
        for key in each:
            merged.setdefault(key, each[key])


def _scalar(node: yaml.Node) -> object:
    """Return what a scalar stands for; one in quotes is a text."""
    text: str = node.value
    return text if node.tag == _QUOTED else resolve(text)


def _number(value: object) -> object:
    return float(value) if type(value) is int else value
