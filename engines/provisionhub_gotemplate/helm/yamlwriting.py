"""Values to YAML, as ``sigs.k8s.io/yaml`` writes them.

What is left to do beside the emitter is the choice of quotes, the order of keys and
the form of numbers.
"""

from __future__ import annotations

from functools import cmp_to_key
from typing import Final

import yaml

from provisionhub_gotemplate.helm.scalars import can_be_plain
from provisionhub_gotemplate.helm.yamlemitting import GoDumper
from provisionhub_gotemplate.sprig.casting import wrap64
from provisionhub_gotemplate.sprig.jsons import Encoder, decode_json, encode_float
from provisionhub_gotemplate.sprig.limits import spend_depth, spend_text
from provisionhub_gotemplate.sprig.nothing import NilSlice
from provisionhub_gotemplate.sprig.printing import print_value
from provisionhub_gotemplate.sprig.runes import is_digit, is_letter, to_runes
from provisionhub_gotemplate.values import Opaque, Slice

_TEXT: Final = "tag:yaml.org,2002:str"
_LIST: Final = "tag:yaml.org,2002:seq"
_MAP: Final = "tag:yaml.org,2002:map"
_LARGEST_INTEGER: Final = 2**64
_MOST_DIGITS: Final = 1000
_ENCODER: Final = Encoder()


def write_yaml(value: object) -> str:
    """Return *value* as YAML, without a line break at its end.

    Raises:
        FunctionError: If JSON, through which Go passes it, has nothing like it.
    """
    text: str = yaml.serialize(_node(value, 0), Dumper=GoDumper, allow_unicode=True)
    # PyYAML ends a document that stays open with a marker; Go does not.
    if text.endswith("\n...\n"):
        text = text.removesuffix("...\n")
    text = text.removesuffix("\n")
    spend_text(len(text))
    return text


def _node(value: object, depth: int) -> yaml.Node:
    spend_depth(depth)
    if isinstance(value, Opaque) or (
        isinstance(value, Slice) and value.elem == "uint8"
    ):
        value = decode_json(_ENCODER.encode(value))
    if isinstance(value, str):
        return _text_node(to_runes(value))
    if isinstance(value, list) and not isinstance(value, NilSlice):
        items = [_node(each, depth + 1) for each in value]
        return yaml.SequenceNode(_LIST, items, flow_style=not items)
    if isinstance(value, dict):
        entries = [
            (_text_node(to_runes(key)), _node(value[key], depth + 1))
            for key in sorted(value, key=cmp_to_key(_compare_keys))
        ]
        return yaml.MappingNode(_MAP, entries, flow_style=not entries)
    return yaml.ScalarNode(_TEXT, _scalar(value))


def _scalar(value: object) -> str:
    if isinstance(value, float):
        return _float(value)
    return _ENCODER.encode(value)


def _float(number: float) -> str:
    """Return *number* as Go writes it after it was JSON, where it may be an integer."""
    if number == 0:
        return "0"
    text = encode_float(number)
    if text.lstrip("-").isdigit() and abs(number) < _LARGEST_INTEGER:
        return text
    return print_value(number)


def _text_node(text: str) -> yaml.ScalarNode:
    style = None
    if "\n" in text:
        style = "|"
    elif not can_be_plain(text):
        style = '"'
    return yaml.ScalarNode(_TEXT, text, style=style)


def _compare_keys(left: str, right: str) -> int:
    """Compare two keys as people sort them: ``a2`` is before ``a10``."""
    for index, (one, other) in enumerate(zip(left, right, strict=False)):
        if one == other:
            continue
        if is_letter(one) and is_letter(other):
            return 1 if one > other else -1
        if is_letter(one) or is_letter(other):
            return -1 if is_letter(other) else 1
        return _compare_numbers(left, right, index)
    return len(left) - len(right)


def _compare_numbers(left: str, right: str, index: int) -> int:
    """Compare two keys that differ from *index* on, where neither has a letter."""
    start = index
    if "0" in {left[index], right[index]}:
        while start > 0 and is_digit(left[start - 1]):
            start -= 1
    leads = bool(left[start:index].strip("0"))
    numbers = [_digits_from(key, index) for key in (left, right)]
    values = [wrap64(int(("1" if leads else "") + digits or "0")) for digits in numbers]
    if values[0] != values[1]:
        return 1 if values[0] > values[1] else -1
    if len(numbers[0]) != len(numbers[1]):
        return len(numbers[0]) - len(numbers[1])
    return 1 if left[index] > right[index] else -1


def _digits_from(key: str, start: int) -> str:
    end = start
    while end < len(key) and is_digit(key[end]):
        end += 1
    return key[start : min(end, start + _MOST_DIGITS)]
