"""Formats: verbs, flags and faults, as Go's ``fmt.Sprintf`` has them."""

from __future__ import annotations

import pytest

from provisionhub_gotemplate.errors import LimitError
from provisionhub_gotemplate.fmt import sprintf
from provisionhub_gotemplate.values import (
    MISSING,
    Float32,
    Int32,
    Int64,
    Map,
    Slice,
    Uint8,
    Uint64,
)

_BYTES = Slice("uint8", [Uint8(0), Uint8(7), Uint8(178)])


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("%d|", 42, "42|"),
        ("%+d|", 42, "+42|"),
        ("% d|", 42, " 42|"),
        ("%06d|", -42, "-00042|"),
        ("%-06d|", -42, "-42   |"),
        ("%.4d|", 7, "0007|"),
        ("%.0d|", 0, "|"),
        ("%3c|", 0x4E16, "  世|"),
        ("%c", -1, "\ufffd"),
        ("%q", 39, "'\\''"),
        ("%+q", 0x4E16, "'\\u4e16'"),
        ("%#x %[1]X %#[1]o %[1]O %#[1]b", 255, "0xff FF 0377 0o377 0b11111111"),
        ("%U %#[1]U", 0x1F600, "U+1F600 U+1F600 '\U0001f600'"),
        ("%#U", 0xD800, "U+D800"),
        ("%#U", Int32(-1), "U+FFFFFFFFFFFFFFFF"),
        ("%#v %[1]v", Uint64(2**64 - 1), "0xffffffffffffffff 18446744073709551615"),
    ],
)
def test_integers_follow_verb_and_flags(text: str, value: int, expected: str) -> None:
    """Bases, signs, zeros, precisions, characters."""
    assert expected == sprintf(text, value)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("%v", 999999.0, "999999"),
        ("%v", 123456789.0, "1.23456789e+08"),
        ("%v", 1e21, "1e+21"),
        ("%v", 5e-324, "5e-324"),
        ("%v", -0.0, "-0"),
        ("%6.2f|", 3.14159, "  3.14|"),
        ("%08.2f|", -3.14159, "-0003.14|"),
        ("%+e", 12345.678, "+1.234568e+04"),
        ("%.3g", 1234567.0, "1.23e+06"),
        ("%#g", 1.0, "1.00000"),
        ("%#.3x", 1.0, "0x1.000p+00"),
        ("%x", 3.25, "0x1.ap+01"),
        ("%X", -0.1, "-0X1.999999999999AP-04"),
        ("%b", 1.0, "4503599627370496p-52"),
        ("%b", Float32(1.0), "8388608p-23"),
        ("%v", Float32(0.10000000149011612), "0.1"),
        ("%08f|", float("inf"), "    +Inf|"),
        ("% f|", float("nan"), " NaN|"),
        ("%.1f", 0.25, "0.2"),
        ("%v", complex(1, -2.5), "(1-2.5i)"),
    ],
)
def test_floats_follow_verb_and_flags(text: str, value: object, expected: str) -> None:
    """Shortest digits, roundings to even, hexadecimal, infinities."""
    assert expected == sprintf(text, value)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("%5s|%-5[1]s|", "世界", "   世界|世界   |"),
        ("%05s", "ab", "000ab"),
        ("%.2s", "héllo", "hé"),
        ("%q", 'a"b\n\x7f\u00a0', '"a\\"b\\n\\x7f\\u00a0"'),
        ("%+q", "é\U0001f600", '"\\u00e9\\U0001f600"'),
        ("%#q", "a b", "`a b`"),
        ("%#q", "a`b", '"a`b"'),
        ("%q", "\udcff", '"\\xff"'),
        ("%x|% [1]X|%# [1]x", "hé", "68c3a9|68 C3 A9|0x68 0xc3 0xa9"),
        ("%q", "\U00033479", '"\U00033479"'),
        ("%t|%5[1]t", True, "true| true"),
    ],
)
def test_texts_follow_verb_and_flags(text: str, value: object, expected: str) -> None:
    """Widths count runes, hexadecimal counts bytes, quotes know Unicode 17."""
    assert expected == sprintf(text, value)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("%v", [1, "a", None, [True]], "[1 a <nil> [true]]"),
        ("%03d", [1, "a"], "[001 %!d(string=00a)]"),
        ("%#v", [1, None], "[]interface {}{1, interface {}(nil)}"),
        ("%#v", Map("int", {"b": 1, "a": 2}), 'map[string]int{"a":2, "b":1}'),
        ("%s", {"k": 1}, "map[k:%!s(int=1)]"),
        ("%q", Slice("string", ["a", "b"]), '["a" "b"]'),
        ("%T", Slice("[]interface {}", []), "[][]interface {}"),
        ("%v|%[1]x|%[1]q", _BYTES, '[0 7 178]|0007b2|"\\x00\\a\\xb2"'),
        ("%#v", _BYTES, "[]byte{0x0, 0x7, 0xb2}"),
        ("%v", {"\udcff": 1, "\ue000": 2}, "map[\ue000:2 \udcff:1]"),
    ],
)
def test_verbs_reach_into_lists_and_maps(
    text: str, value: object, expected: str
) -> None:
    """Each element takes the verb and the flags; keys are sorted by their bytes."""
    assert expected == sprintf(text, value)


@pytest.mark.parametrize(
    ("text", "arguments", "expected"),
    [
        ("%d", ("hi",), "%!d(string=hi)"),
        ("%s", (None,), "%!s(<nil>)"),
        ("%v %s", (MISSING, MISSING), "<nil> %!s(<nil>)"),
        ("%d %d", (1,), "1 %!d(MISSING)"),
        ("%d", (1, "a", None), "1%!(EXTRA string=a, <nil>)"),
        ("100%", (), "100%!(NOVERB)"),
        ("%!", (), "%!!(MISSING)"),
        ("%!", (1,), "%!!(int=1)"),
        ("%z", (Int64(3),), "%!z(int64=3)"),
        ("%w", (3,), "%!w(int=3)"),
        ("%w", (_BYTES,), "[%!w(uint8=0) %!w(uint8=7) %!w(uint8=178)]"),
        ("%[3]d", (1,), "%!d(BADINDEX)"),
        ("%[x]d", (1,), "%!d(BADINDEX)"),
        ("%[", (1,), "%!(NOVERB)"),
        ("%*d", ("a", 1), "%!(BADWIDTH)1"),
        ("%.*d", ("a", 1), "%!(BADPREC)1"),
        ("%*d|", (-5, 1), "1    |"),
        ("%[3]*.[2]*[1]f", (12.0, 2, 6), " 12.00"),
        ("%[2]d %[1]d", (1, 2), "2 1"),
        ("%*d", (1_000_001, 1), "%!(BADWIDTH)1"),
        ("%%%s", ("a",), "%a"),
        ("%5%", (), "%"),
        ("%é", (1,), "%!é(int=1)"),
    ],
)
def test_faults_are_told_in_the_text(
    text: str, arguments: tuple[object, ...], expected: str
) -> None:
    """Wrong verbs, missing and superfluous arguments, bad indexes and widths."""
    assert expected == sprintf(text, *arguments)


def test_huge_widths_end_as_an_error() -> None:
    """A list of wide elements stops long before memory matters."""
    with pytest.raises(LimitError, match="output too large"):
        sprintf("%1000000d", [1] * 1000)
