"""``encoding/json``: values to JSON and back, with Go's floats and escapes."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.sprig.encodings import encode_base64
from provisionhub_gotemplate.sprig.jsonsyntax import check_json
from provisionhub_gotemplate.sprig.limits import spend_depth, spend_text
from provisionhub_gotemplate.sprig.nothing import NilSlice
from provisionhub_gotemplate.sprig.runes import to_bytes, to_runes, to_text
from provisionhub_gotemplate.values import Opaque, Slice, go_type

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ESCAPED: Final = re.compile('[\x00-\x1f"\\\\\u2028\u2029\ud800-\udfff]')
_ESCAPED_FOR_HTML: Final = re.compile('[\x00-\x1f"\\\\\u2028\u2029\ud800-\udfff<>&]')
_SHORT: Final = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}
_LEAST_PLAIN: Final = 1e-6
_LEAST_SCIENTIFIC: Final = 1e21


class Encoder:
    """Writes values as JSON.

    Args:
        indent: What to move each level right by; compact if empty.
        for_html: Whether to escape ``<``, ``>`` and ``&`` as well.
    """

    def __init__(self, indent: str = "", *, for_html: bool = True) -> None:
        self._indent = indent
        self._pattern = _ESCAPED_FOR_HTML if for_html else _ESCAPED

    def encode(self, value: object, depth: int = 0) -> str:
        """Return *value* as JSON.

        Raises:
            FunctionError: If JSON has nothing like it.
        """
        if value is None or isinstance(value, NilSlice):
            return "null"
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return str(int(value))
        if isinstance(value, float):
            return encode_float(value)
        spend_depth(depth)
        return self._encode_compound(value, depth)

    def _encode_compound(self, value: object, depth: int) -> str:
        if isinstance(value, Slice) and value.elem == "uint8":
            return f'"{encode_base64(to_text(bytes(value)))}"'  # type: ignore[arg-type]
        if isinstance(value, list):
            items = [self.encode(each, depth + 1) for each in value]
            return self._enclose("[", items, "]", depth)
        if isinstance(value, dict):
            colon = ": " if self._indent else ":"
            entries = [
                self._text(key) + colon + self.encode(value[key], depth + 1)
                for key in sorted(value, key=to_bytes)
            ]
            return self._enclose("{", entries, "}", depth)
        if isinstance(value, Opaque):
            return self._opaque(value, depth)
        raise FunctionError(f"json: unsupported type: {go_type(value)}")

    def _opaque(self, value: Opaque, depth: int) -> str:
        if value.go_type == "time.Time":
            return self._text(getattr(value, "to_json", value.go_string)())
        if value.go_type.endswith("semver.Version"):
            return self._text(value.go_string())
        return self.encode(dict(value.go_fields), depth)

    def _enclose(self, start: str, items: list[str], end: str, depth: int) -> str:
        # Values that hold the same part twice, again and again, grow without bound.
        spend_text(_JSON_COST * sum(map(len, items)))
        if not items or not self._indent:
            return start + ",".join(items) + end
        outer = "\n" + self._indent * depth
        inner = outer + self._indent
        return start + inner + f",{inner}".join(items) + outer + end

    def _text(self, text: str) -> str:
        return '"' + self._pattern.sub(_escape, text) + '"'


_JSON_COST: Final = 4
"""What a character of JSON costs, in characters of other texts."""


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if _SURROGATE.match(character):
        return "\ufffd"
    return _SHORT.get(character) or f"\\u{ord(character):04x}"


def encode_float(number: float) -> str:
    """Return *number* in the fewest digits, as JavaScript would.

    Raises:
        FunctionError: If it is no number of JSON.
    """
    if not math.isfinite(number):
        name = "NaN" if math.isnan(number) else "+Inf" if number > 0 else "-Inf"
        raise FunctionError(f"json: unsupported value: {name}")
    shortest = Decimal(repr(number))
    if number == 0 or _LEAST_PLAIN <= abs(number) < _LEAST_SCIENTIFIC:
        return f"{shortest:f}".removesuffix(".0")
    digits = "".join(map(str, shortest.as_tuple().digits)).rstrip("0")
    mantissa = digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}"
    sign = "-" if number < 0 else ""
    return f"{sign}{mantissa}e{shortest.adjusted():+d}"


class _RangeError(ValueError):
    """A number is too large."""


def decode_json(text: str) -> object:
    """Return the value that the JSON *text* stands for; all numbers are floats.

    Raises:
        FunctionError: If *text* is no JSON.
    """
    try:
        value = json.loads(
            to_runes(text),
            parse_int=_number,
            parse_float=_number,
            parse_constant=_reject,
        )
    except (ValueError, RecursionError) as error:
        check_json(to_bytes(text))
        # Go looks for faults in the whole text before it reads a number.
        message = str(error) if isinstance(error, _RangeError) else "exceeded max depth"
        raise FunctionError(message) from None
    return _without_surrogates(value) if "\\u" in text else value


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _RangeError(
            f"json: cannot unmarshal number {text} into Go value of type float64"
        )
    return number


def _reject(name: str) -> float:
    raise ValueError(name)


def _without_surrogates(value: object) -> object:
    """Return *value* with U+FFFD for each half of a pair that an escape left alone."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_without_surrogates(each) for each in value]
    if isinstance(value, dict):
        return {
            _SURROGATE.sub("\ufffd", key): _without_surrogates(each)
            for key, each in value.items()
        }
    return value


def _or_nothing(encoder: Encoder, value: object) -> str:
    """Return *value* as JSON; ``""`` if it cannot be."""
    try:
        return encoder.encode(value)
    except FunctionError:
        return ""


def _decode_or_nothing(text: str) -> object:
    """Return the value that the JSON *text* stands for; nil if it is none."""
    try:
        return decode_json(text)
    except FunctionError:
        return None


def _writers(name: str, encoder: Encoder, how: str) -> dict[str, Function]:
    """Return the function *name*, and the one that ends the template instead."""
    return {
        f"to{name}": function(
            partial(_or_nothing, encoder),
            "func(any) string",
            about=f"Return *value* as JSON {how}; nothing if it cannot be.",
        ),
        f"mustTo{name}": function(
            encoder.encode,
            "func(any) (string, error)",
            about=f"Return *value* as JSON {how}; end the template if it cannot be.",
        ),
    }


JSONS: Final[Mapping[str, Function]] = {
    **_writers("Json", Encoder(), "in one line, safe in HTML"),
    **_writers("PrettyJson", Encoder("  "), "in lines, safe in HTML"),
    **_writers("RawJson", Encoder(for_html=False), "in one line, not escaped for HTML"),
    "fromJson": function(_decode_or_nothing, "func(string) any"),
    "mustFromJson": function(decode_json, "func(string) (any, error)"),
}
"""The functions, by their names in templates."""
