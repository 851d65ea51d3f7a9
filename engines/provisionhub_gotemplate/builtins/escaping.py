"""``html``, ``js`` and ``urlquery``."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote_plus

from provisionhub_gotemplate.fmt import sprint
from provisionhub_gotemplate.printable import is_printable
from provisionhub_gotemplate.quoting import is_raw_byte
from provisionhub_gotemplate.values import MISSING


def _joined(values: tuple[object, ...]) -> str:
    if len(values) == 1 and isinstance(values[0], str):
        return values[0]
    shown = [
        "<no value>" if item is None or item is MISSING else item for item in values
    ]
    return sprint(*shown)


_HTML: Final = str.maketrans(
    {
        '"': "&#34;",
        "'": "&#39;",
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "\0": "\ufffd",
    }
)


def html(*values: object) -> str:
    """Return *values* as one text, safe in HTML."""
    return _joined(values).translate(_HTML)


_JS: Final = {
    "\\": "\\\\",
    "'": "\\'",
    '"': '\\"',
    "<": "\\u003C",
    ">": "\\u003E",
    "&": "\\u0026",
    "=": "\\u003D",
}
_JS_SPECIAL: Final = re.compile(r"""[\\'"<>&=\x00-\x1f]|[^\x00-\x7f]""")


def js(*values: object) -> str:
    """Return *values* as one text, safe in a string of JavaScript."""
    return _JS_SPECIAL.sub(_js_escape, _joined(values))


def _js_escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in _JS:
        return _JS[character]
    if is_printable(character) or is_raw_byte(character):
        return character
    return f"\\u{ord(character):04X}"


def urlquery(*values: object) -> str:
    """Return *values* as one text, safe in the query of a URL."""
    text = _joined(values).encode("utf-8", "surrogateescape")
    return quote_plus(text, safe="")
