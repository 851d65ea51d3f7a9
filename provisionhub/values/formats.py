"""The formats of JSON Schema 2020-12, checked, each with its name for people.

The checks are jsonschema's, but where those are too lax, too slow on long texts or
not of this dialect. Other formats, such as ``password``, are notes for people.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from jsonschema import Draft202012Validator

from provisionhub.values.patterns import PatternError, compile_pattern

_LONGEST: Final = 4096
"""In characters; some checks take far more than linear time."""

_MAILBOX: Final = re.compile(r"[^@\s]+@[^@\s]+")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is checked.

    Attributes:
        noun: What a text of this format is, with its article.
        accepts: Whether a text is of this format.
    """

    noun: str
    accepts: Callable[[str], bool]


def _by_jsonschema(name: str) -> Callable[[str], bool]:
    checker = Draft202012Validator.FORMAT_CHECKER

    def accepts(text: str) -> bool:
        # No format but those that are about text may start or end with a blank.
        if len(text) > _LONGEST or text != text.strip():
            return False
        try:
            return bool(checker.conforms(text, name))
        except Exception:  # noqa: BLE001  # pragma: no cover - eight packages' checks
            return False

    return accepts


_is_uri: Final = _by_jsonschema("uri")
_is_uri_reference: Final = _by_jsonschema("uri-reference")


def _is_mailbox(text: str) -> bool:
    return len(text) <= _LONGEST and _MAILBOX.fullmatch(text) is not None


def _is_iri(text: str) -> bool:
    # RFC 3987 is RFC 3986 with more letters; a grammar of its own takes seconds.
    return text.isprintable() and _is_uri(_NOT_ASCII.sub("a", text))


def _is_iri_reference(text: str) -> bool:
    return text.isprintable() and _is_uri_reference(_NOT_ASCII.sub("a", text))


def _is_json_pointer(text: str) -> bool:
    return re.fullmatch(r"(?:/(?:[^~/]|~[01])*)*", text) is not None


def _is_relative_json_pointer(text: str) -> bool:
    start = re.match(r"(?:0|[1-9][0-9]*)(#\Z)?", text)
    return start is not None and (
        start[1] is not None or _is_json_pointer(text[start.end() :])
    )


def _is_pattern(text: str) -> bool:
    try:
        compile_pattern(text)
    except PatternError:
        return False
    return True


FORMATS: Final[dict[str, Format]] = {
    "date": Format("a date such as `2026-01-31`", _by_jsonschema("date")),
    "date-time": Format(
        "a date and time such as `2026-01-31T12:00:00Z`", _by_jsonschema("date-time")
    ),
    "time": Format("a time such as `12:00:00Z`", _by_jsonschema("time")),
    "duration": Format("a duration such as `P1DT12H`", _by_jsonschema("duration")),
    "email": Format("an e-mail address", _is_mailbox),
    "idn-email": Format("an e-mail address", _is_mailbox),
    "hostname": Format("a host name", _by_jsonschema("hostname")),
    "idn-hostname": Format("a host name", _by_jsonschema("idn-hostname")),
    "ipv4": Format("an IPv4 address", _by_jsonschema("ipv4")),
    "ipv6": Format("an IPv6 address", _by_jsonschema("ipv6")),
    "uri": Format("a URI such as `https://example.org/`", _is_uri),
    "uri-reference": Format("a URI or a path", _is_uri_reference),
    "iri": Format("an IRI such as `https://example.org/é`", _is_iri),
    "iri-reference": Format("an IRI or a path", _is_iri_reference),
    "uri-template": Format(
        "a URI template such as `/users/{id}`", _by_jsonschema("uri-template")
    ),
    "uuid": Format("a UUID", _by_jsonschema("uuid")),
    "json-pointer": Format("a JSON Pointer such as `/a/0`", _is_json_pointer),
    "relative-json-pointer": Format(
        "a relative JSON Pointer such as `1/a`", _is_relative_json_pointer
    ),
    "regex": Format("a regular expression of ECMA-262", _is_pattern),
}
"""Every format that is asserted, by its name in a schema."""
