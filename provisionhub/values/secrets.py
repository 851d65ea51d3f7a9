"""A secret in every guise in which a template may write it, and how it is hidden."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from urllib.parse import quote, quote_plus

from provisionhub.jsontypes import JsonScalar, JsonValue

_MASK: Final = "***"
_SHORTEST_NUMBER: Final = 4
_SHORTEST_LINE: Final = 16
_MOST_LINES: Final = 200
_SHORTEST_CORE: Final = 6
_DEEPEST: Final = 100


@dataclass(frozen=True)
class Secret:
    """A value that must not be seen.

    Attributes:
        pointer: JSON Pointer (RFC 6901) to it in the values.
        value: The value itself; never shown.
    """

    pointer: str
    value: JsonScalar = field(repr=False)

    def forms(self) -> frozenset[str]:
        """Return the texts in which it may appear.

        As it is, base64 (alone or inside a longer text), escaped for URLs, JSON,
        HTML, YAML and the shell; of several lines, also each of the first 200 that
        has 16 characters or more. What says nothing has no forms: empty texts,
        true, false and null, and numbers of less than four digits.
        """
        return self._forms

    @cached_property
    def _forms(self) -> frozenset[str]:
        return frozenset(
            form for text in _texts(self.value) for form in _forms(text) if form
        )

    @cached_property
    def _needles(self) -> tuple[bytes, ...]:
        """The forms as bytes, without those in which another one stands."""
        needles: list[bytes] = []
        for form in sorted(self._forms, key=lambda form: (len(form), form)):
            needle = form.encode("utf-8", "surrogatepass")
            if not any(shorter in needle for shorter in needles):
                needles.append(needle)
        return tuple(needles)

    def stands_in(self, data: bytes) -> bool:
        """Tell whether any of its forms stands in *data*."""
        return any(needle in data for needle in self._needles)


def find_secret(data: bytes, secrets: Iterable[Secret]) -> Secret | None:
    """Return the first of the *secrets* that stands in *data*, in any of its forms."""
    return next((secret for secret in secrets if secret.stands_in(data)), None)


class Redactor:
    """Hides secrets in texts: each of their forms becomes ``***``."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        forms = {form for secret in secrets for form in secret.forms()}
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def redact(self, text: str) -> str:
        """Return *text* with every form of every secret hidden."""
        return self._pattern.sub(_MASK, text)

    def redact_json(self, value: JsonValue) -> JsonValue:
        """Return *value* with secrets hidden in all its texts, names and numbers."""
        return self._redact_json(value, 0)

    def _redact_json(self, value: JsonValue, depth: int) -> JsonValue:
        if depth > _DEEPEST:
            return _MASK
        match value:
            case str():
                return self.redact(value)
            case bool() | None:
                return value
            case int() | float():
                shown = json.dumps(value)
                return value if self.redact(shown) == shown else _MASK
            case list():
                return [self._redact_json(each, depth + 1) for each in value]
            case dict():
                return {
                    self.redact(name): self._redact_json(each, depth + 1)
                    for name, each in value.items()
                }


def _texts(value: JsonScalar) -> Iterator[str]:
    """Yield what of a secret may appear by itself."""
    match value:
        case str():
            yield value
            yield value.strip()
            lines = value.splitlines()[:_MOST_LINES]
            if len(lines) > 1:
                stripped = (line.strip() for line in lines)
                yield from (line for line in stripped if len(line) >= _SHORTEST_LINE)
        case bool() | None:
            pass
        case int() | float():
            shown = json.dumps(value)
            if sum(map(str.isdigit, shown)) >= _SHORTEST_NUMBER:
                yield shown


def _forms(text: str) -> Iterator[str]:
    yield text
    data = text.encode("utf-8", "surrogatepass")
    yield from _base64_forms(data)
    yield from _url_forms(data)
    yield from _json_forms(text)
    yield from _markup_forms(text)
    yield text.replace("'", "''")  # YAML and SQL
    yield text.replace("'", "'\\''")  # the shell


def _base64_forms(data: bytes) -> Iterator[str]:
    """Yield *data* in base64, alone and as it stands inside a longer text.

    Inside, it starts at one of three places in a group of three bytes; what is
    certain are the characters that hold no bit of its neighbours.
    """
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        alone = encode(data).decode()
        for before in range(3):
            first = -(-before * 8 // 6)
            behind = (before + len(data)) * 8 // 6
            core = encode(bytes(before) + data).decode()[first:behind]
            if len(core) >= _SHORTEST_CORE:
                yield core
        if len(alone.rstrip("=")) >= _SHORTEST_CORE:
            yield alone
            yield alone.rstrip("=")


def _url_forms(data: bytes) -> Iterator[str]:
    for escaped in (quote(data), quote(data, safe=""), quote_plus(data)):
        yield escaped
        yield re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), escaped)


def _json_forms(text: str) -> Iterator[str]:
    for ensure_ascii in (True, False):
        escaped = json.dumps(text, ensure_ascii=ensure_ascii)[1:-1]
        yield escaped
        yield escaped.replace("/", "\\/")
        yield escaped.translate(_GO_JSON)


def _markup_forms(text: str) -> Iterator[str]:
    yield html.escape(text, quote=False)
    quoted = html.escape(text)
    yield quoted
    # Go and MarkupSafe write both quotes as numbers, chevron only one of them.
    yield quoted.replace("&#x27;", "'")
    yield quoted.replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


# encoding/json escapes what could end a script element.
_GO_JSON: Final = {
    ord(character): f"\\u{ord(character):04x}" for character in "<>&"
} | {
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}
