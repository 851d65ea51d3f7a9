"""Lists, dictionaries, JSON and encodings."""

from __future__ import annotations

import pytest

from support.go_rendering import complaint, render


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("{{ uniq (list 1 1.0 true 1) }}", "[1 1 true]", id="types differ"),
        pytest.param("{{ has 1.0 (list 1) }}", "false", id="int is no float64"),
        pytest.param(
            '{{ deepEqual (splitList "," "a") (list "a") }}', "false", id="list types"
        ),
        pytest.param("{{ rest list | toJson }}", "null", id="nil slice"),
        pytest.param("{{ initial (list 1) | toJson }}", "[]", id="empty slice"),
        pytest.param("{{ concat | toJson }}", "null", id="nothing to concatenate"),
        pytest.param("{{ chunk -5 (list 1 2) }}", "[]", id="negative chunks"),
        pytest.param(
            '{{ $l := splitList "," "c,a" }}{{ $_ := sortAlpha $l }}{{ $l }}',
            "[a c]",
            id="sorted in place",
        ),
        pytest.param(
            '{{ $a := dict "x" (dict) }}{{ $s := dict "x" (dict "y" 1) }}'
            '{{ $_ := merge $a $s }}{{ $_ = set $a.x "y" 2 }}{{ $s }}',
            "map[x:map[y:1]]",
            id="an empty dictionary is filled, not replaced",
        ),
        pytest.param(
            '{{ $a := dict }}{{ $s := dict "x" (dict "y" 1) }}'
            '{{ $_ := merge $a $s }}{{ $_ = set $a.x "y" 2 }}{{ $s }}',
            "map[x:map[y:2]]",
            id="a missing dictionary is shared",
        ),
        pytest.param(
            '{{ mergeOverwrite (dict "a" (dict "b" 1)) (dict "a" nil) }}',
            "map[a:<nil>]",
            id="nil overwrites",
        ),
        pytest.param('{{ keys (dict "b" 1 "a" 2) }}', "[a b]", id="keys are sorted"),
        pytest.param('{{ dig "a" "b" "none" (dict "a" (dict)) }}', "none", id="dig"),
    ],
)
def test_handles_collections_like_sprig(source: str, expected: str) -> None:
    """The output is Go's."""
    assert render(source) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(1e20, "100000000000000000000", id="plain"),
        pytest.param(1e21, "1e+21", id="large"),
        pytest.param(1e-6, "0.000001", id="small"),
        pytest.param(1.5e-7, "1.5e-7", id="tiny"),
        pytest.param(
            "<&>\u2028\x7f\b\x01",
            '"\\u003c\\u0026\\u003e\\u2028\x7f\\b\\u0001"',
            id="text",
        ),
        pytest.param({"b": 1, "a": [None]}, '{"a":[null],"b":1}', id="sorted"),
    ],
)
def test_writes_json_like_go(value: object, expected: str) -> None:
    """Floats, escapes and order are those of ``encoding/json``."""
    assert expected == render("{{ toJson .v }}", {"v": value})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "unexpected end of JSON input"),
        ("[1", "unexpected end of JSON input"),
        ("1 2", "invalid character '2' after top-level value"),
        ("{1:2}", "invalid character '1' looking for beginning of object key string"),
        ('{"a",}', "invalid character ',' after object key"),
        ('{"a":1 "b"}', "invalid character '\"' after object key:value pair"),
        ("[1 2]", "invalid character '2' after array element"),
        ("trux", "invalid character 'x' in literal true (expecting 'e')"),
        ("-x", "invalid character 'x' in numeric literal"),
        ("1.x", "invalid character 'x' in numeric literal"),
        ("1ex", "invalid character 'x' in numeric literal"),
        ('"\\x"', "invalid escape sequence `\\x` in string"),
        ('"\\u00g0"', "invalid escape sequence `\\u00g0` in string"),
        ('"a\nb"', "invalid character '\\n' in string"),
        ("'a'", "invalid character '\\'' looking for beginning of value"),
        ("NaN", "invalid character 'N' looking for beginning of value"),
        ("1e999", "json: cannot unmarshal number 1e999 into Go value of type float64"),
    ],
)
def test_says_what_is_wrong_with_json_as_go_does(text: str, message: str) -> None:
    """A text that is no JSON ends the template with the text of Go's scanner."""
    assert complaint("{{ mustFromJson .t }}", {"t": text}) == message


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{{ b64dec "aGk" }}', "illegal base64 data at input byte 0"),
        ('{{ b64dec "a===" }}', "illegal base64 data at input byte 1"),
        ('{{ b64dec "aG=k" }}', "illegal base64 data at input byte 2"),
        ('{{ b64dec "aGk=x" }}', "illegal base64 data at input byte 4"),
        ('{{ b64dec "aG\\nk=\\n" }}', "hi"),
        ('{{ b32dec "MZXW6===" }}', "foo"),
        ('{{ b32dec "MZXW6" }}', "illegal base32 data at input byte 0"),
        ('{{ b32dec "MZX=====" }}', "illegal base32 data at input byte 3"),
        ('{{ b32dec "mzxw6===" }}', "illegal base32 data at input byte 0"),
        ('{{ decryptAES "k" "AAAA" }}', None),
    ],
)
def test_decodes_like_go(source: str, expected: str | None) -> None:
    """Faults are found at the byte where Go's decoders find them."""
    if expected is None:
        assert complaint(source).startswith("runtime error: slice bounds out of range")
    else:
        assert render(source) == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('{{ first "x" }}', "Cannot find first on type string"),
        (
            "{{ push nil 1 }}",
            "runtime error: invalid memory address or nil pointer dereference",
        ),
        ("{{ concat (list) 5 }}", "Cannot concat type int as list"),
        ("{{ slice (list 1) 2 }}", "reflect.Value.Slice: slice index out of bounds"),
        ("{{ chunk 0 (list 1) }}", "runtime error: makeslice: len out of range"),
        ('{{ dig "a" 1 }}', "dig needs at least three arguments"),
        (
            '{{ dig "a" "b" 1 (dict "a" 5) }}',
            "interface conversion: interface {} is int, not map[string]interface {}",
        ),
    ],
)
def test_complains_like_sprig(source: str, message: str) -> None:
    """What Sprig and Go say is the text of the error."""
    assert complaint(source) == message
