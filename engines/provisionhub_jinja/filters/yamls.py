"""Filters between data and YAML.

What is written is the part of YAML on which 1.1 and 1.2 agree, and reads back equal:
plain words where they can mean nothing else, double quotes for all other text, block
literals for text of several lines.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import yaml

from provisionhub.errors import TemplateRuntimeError
from provisionhub_jinja.filters.data import check_unicode, quote_text
from provisionhub_jinja.kinds import check_data, to_text
from provisionhub_jinja.limits import (
    MAX_NESTING,
    check_slow_text,
    exceed,
    spend_text,
)

_MAX_INDENT: Final = 16
_NOT_JSON: Final = (":timestamp", ":merge", ":value")
# A key on one line with its colon may have 1024 characters at most.
_LONGEST_KEY: Final = 100
_WORD: Final = r"[\w./@%+=-](?:[\w./@%+=,-]|:(?=[\w./-]))*"
_PLAIN: Final = re.compile(rf"(?=[^\W\d]|[/])(?:{_WORD})(?: {_WORD})*", re.ASCII)
_RESERVED: Final = frozenset(
    {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
)
_BLOCK: Final = re.compile(r"(?=\S)[\t -~\u00a0-\ud7ff]*(?:\n[\t -~\u00a0-\ud7ff]*)+")
_NOT_IN_BLOCK: Final = re.compile("[\u2028\u2029]|[ \t](?:\n|\\Z)|\n\t")


def to_yaml(value: object, indent: int = 2) -> str:
    """Return *value* as YAML in block style, without a line end after it.

    Args:
        value: The data; keys keep their order.
        indent: Blanks for each level, from 1.

    Raises:
        TemplateRuntimeError: If YAML can't say it.
        LimitExceededError: If it is nested too deeply, or the text is too long.
    """
    check_data(value)
    if not 1 <= indent <= _MAX_INDENT:
        exceed("the indent is too large or too small", "jinja2.indent", _MAX_INDENT)
    lines: list[str] = []
    for line in _lines(value, " " * indent):
        spend_text(len(line) + 1)
        lines.append(line)
    return "\n".join(lines)


def from_yaml(value: object) -> object:
    """Return the data that the text *value* says as YAML.

    One document of mappings, lists and scalars of JSON's types: without anchors,
    aliases, tags and dates.

    Raises:
        TemplateRuntimeError: If it is not such YAML.
        LimitExceededError: If it is too long or nested too deeply.
    """
    text = str(to_text(value))
    check_slow_text(text)
    try:
        _check_events(text)
        data: object = yaml.load(text, Loader=_JsonLoader)  # noqa: S506 - of the safe loader
    except (yaml.YAMLError, ValueError, TypeError) as error:
        problem = getattr(error, "problem", None) or "it can't be read"
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark is not None else ""
        raise TemplateRuntimeError(f"the text is not YAML: {problem}{where}") from None
    check_unicode(data)
    return data


def _lines(value: object, step: str) -> Iterator[str]:
    """Yield the lines of *value*, as they stand at the left margin."""
    if isinstance(value, range):
        value = list(value)
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _entry(_scalar(key), item, step)
    elif isinstance(value, (list, tuple)) and value:
        for item in value:
            first, *rest = _lines(item, step)
            yield f"- {first}"
            yield from (f"  {line}" if line else line for line in rest)
    elif isinstance(value, str) and _is_block(value):
        yield "|-"
        yield from (step + line if line else line for line in value.split("\n"))
    else:
        yield _scalar(value)


def _entry(key: str, item: object, step: str) -> Iterator[str]:
    if len(key) > _LONGEST_KEY:
        yield f"? {key}"
        key = ""
    first, *rest = _lines(item, step)
    if not isinstance(item, (dict, list, tuple, range)) or not item:
        yield f"{key}: {first}"
        yield from rest
        return
    yield f"{key}:"
    yield from (step + line if line else line for line in (first, *rest))


def _scalar(value: object) -> str:
    if isinstance(value, str):
        is_plain = _PLAIN.fullmatch(value) and value.lower() not in _RESERVED
        return value if is_plain else quote_text(str(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (dict, list, tuple, range)):
        return "{}" if isinstance(value, dict) else "[]"
    return "null"


def _float(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    digits, exponent, power = repr(value).partition("e")
    return (digits if "." in digits else f"{digits}.0") + exponent + power


def _is_block(text: str) -> bool:
    """Tell whether *text* reads well, and back, as a block literal."""
    return (
        "\n" in text
        and not text.endswith("\n")
        and _BLOCK.fullmatch(text) is not None
        and _NOT_IN_BLOCK.search(text) is None
    )


class _JsonLoader(yaml.SafeLoader):
    """A safe loader that knows the types of JSON only."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own form
        character: [each for each in resolvers if not each[0].endswith(_NOT_JSON)]
        for character, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _check_events(text: str) -> None:
    """Refuse what makes much of little, before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=_JsonLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise TemplateRuntimeError("the YAML has an anchor or an alias")
        if getattr(event, "tag", None):
            raise TemplateRuntimeError("the YAML has a tag")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_NESTING:
            exceed("the YAML is nested too deeply", "jinja2.nesting", MAX_NESTING)


YAML_FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "from_yaml": from_yaml,
    "to_yaml": to_yaml,
}
"""The filters of this module, by name."""
