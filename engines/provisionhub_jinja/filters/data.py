"""Filters between data and text: JSON, quoted text, Base64, digests."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from provisionhub.errors import TemplateRuntimeError
from provisionhub_jinja.kinds import check_data, describe, to_text
from provisionhub_jinja.limits import MAX_NESTING, exceed, spend_text

_MAX_INDENT: Final = 16
# YAML counts these as line ends or can't hold them, where JSON may.
_NOT_IN_YAML: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def quote_text(text: str) -> str:
    """Return *text* in double quotes, for JSON and YAML alike."""
    spend_text(len(text))
    quoted = json.dumps(text, ensure_ascii=False)
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def quote(value: object) -> str:
    """Return *value* as it is printed, in double quotes for JSON and YAML."""
    return quote_text(str(to_text(value)))


def to_json(
    value: object,
    indent: int | None = None,
    sort_keys: bool = False,  # noqa: FBT001, FBT002 - as Ansible's
) -> str:
    """Return *value* as JSON, in the order of its keys unless they are sorted.

    Raises:
        TemplateRuntimeError: If JSON can't say it.
    """
    _check_json(value, indent)
    text = json.dumps(
        value,
        ensure_ascii=False,
        allow_nan=False,
        indent=indent,
        sort_keys=sort_keys,
        default=_other,
    )
    spend_text(len(text))
    return text


def to_html_json(value: object, indent: int | None = None) -> Markup:
    """Return *value* as JSON that is safe inside HTML, its keys sorted, as Jinja2."""
    _check_json(value, indent)
    text = htmlsafe_json_dumps(value, indent=indent, sort_keys=True, default=_other)
    spend_text(len(text))
    return text


def from_json(value: object) -> object:
    """Return the data that the text *value* says as JSON.

    Raises:
        TemplateRuntimeError: If it is not JSON.
        LimitExceededError: If it is nested too deeply.
    """
    text = to_text(value)
    spend_text(len(text))
    try:
        data: object = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        exceed("the JSON is nested too deeply", "jinja2.nesting", MAX_NESTING)
    except ValueError as error:
        raise TemplateRuntimeError(f"the text is not JSON: {error}") from None
    check_unicode(data)
    return data


def check_unicode(data: object) -> None:
    """Refuse *data* in which half of a surrogate pair stands for a character."""
    check_data(data)
    try:
        json.dumps(data, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        raise TemplateRuntimeError("the text has half a surrogate pair") from None


def encode_base64(value: object) -> str:
    """Return the UTF-8 of *value* in Base64."""
    text = to_text(value)
    spend_text(2 * len(text))
    return base64.b64encode(text.encode()).decode()


def decode_base64(value: object) -> str:
    """Return the UTF-8 text that *value* holds in Base64.

    Raises:
        TemplateRuntimeError: If it is not Base64, or not of text.
    """
    text = to_text(value)
    spend_text(len(text))
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        raise TemplateRuntimeError("the value is not text in Base64") from None


def sha256(value: object) -> str:
    """Return the SHA-256 of the UTF-8 of *value*, in hexadecimal digits."""
    text = to_text(value)
    spend_text(len(text))
    return hashlib.sha256(text.encode()).hexdigest()


def _check_json(value: object, indent: object) -> None:
    check_data(value)
    if indent is not None and not isinstance(indent, int):
        raise TemplateRuntimeError(f"the indent is {describe(indent)}, not a number")
    if indent is not None and indent > _MAX_INDENT:
        exceed("the indent is too large", "jinja2.indent", _MAX_INDENT)


def _other(value: object) -> object:
    # A name that is not there and may be empty is the only other value.
    return list(value) if isinstance(value, range) else None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"`{name}` is not a number in JSON")


DATA_FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "b64decode": decode_base64,
    "b64encode": encode_base64,
    "from_json": from_json,
    "quote": quote,
    "sha256": sha256,
    "to_json": to_json,
    "tojson": to_html_json,
}
"""The filters of this module, by name."""
