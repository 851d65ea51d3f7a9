"""Helm's own functions: YAML, TOML, JSON, and templates inside templates."""

from __future__ import annotations

import pytest

from support.go_rendering import complaint, render


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("x", "x", id="plain"),
        pytest.param("", '""', id="nothing"),
        pytest.param("yes", '"yes"', id="a truth of YAML 1.1"),
        pytest.param("123", '"123"', id="a number"),
        pytest.param("0x1F", '"0x1F"', id="a hexadecimal number"),
        pytest.param("1.2.3", "1.2.3", id="a version"),
        pytest.param("1:20", '"1:20"', id="sixties"),
        pytest.param("2020-01-02", '"2020-01-02"', id="a date"),
        pytest.param("2020-13-99", "2020-13-99", id="no date"),
        pytest.param("a: b", "'a: b'", id="colon"),
        pytest.param("it's", "it's", id="apostrophe"),
        pytest.param("a\tb", '"a\\tb"', id="tabulator"),
        pytest.param("a\nb", "|-\n  a\n  b", id="lines"),
        pytest.param("a\n\n", "|+\n  a\n", id="blank line at the end"),
        pytest.param(1.0, "1", id="whole"),
        pytest.param(1e30, "1e+30", id="large"),
        pytest.param(None, "null", id="nil"),
        pytest.param([], "[]", id="no elements"),
        pytest.param([[1], {"a": [2]}], "- - 1\n- a:\n  - 2", id="nested"),
        pytest.param(
            {"a10": 1, "a2": 2, "B": {}, "on": 3},
            'B: {}\na2: 2\na10: 1\n"on": 3',
            id="order of keys",
        ),
    ],
)
def test_writes_yaml_like_helm(value: object, expected: str) -> None:
    """Quotes, order and indentation are those of ``sigs.k8s.io/yaml``."""
    assert expected == render("{{ toYaml .v }}", {"v": value})


def test_reads_yaml_like_helm() -> None:
    """Scalars are resolved as go-yaml does; all numbers are floats."""
    text = "a: [x, on, ~, 0x10, 1_0, 1:20, 2020-01-01, '5', 1.5]\nb: &b {k: v}\n"
    text += "c:\n  <<: *b\n  z: 1\n1: one\n"

    read = render("{{ fromYaml .t | toJson }}", {"t": text})

    assert read == (
        '{"1":"one","a":["x",true,null,16,10,"1:20","2020-01-01","5",1.5],'
        '"b":{"k":"v"},"c":{"k":"v","z":1}}'
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            '{{ fromYaml "- a" }}',
            "map[Error:error unmarshaling JSON: while decoding JSON: json: cannot"
            " unmarshal array into Go value of type map[string]interface {}]",
            id="YAML of another kind",
        ),
        pytest.param(
            '{{ fromJson "[1]" }}',
            "map[Error:json: cannot unmarshal array into Go value of type"
            " map[string]interface {}]",
            id="JSON of another kind",
        ),
        pytest.param(
            '{{ fromJson "{" }}',
            "map[Error:unexpected end of JSON input]",
            id="no JSON",
        ),
        pytest.param('{{ fromJsonArray "[1]" }}', "[1]", id="JSON list"),
        pytest.param('{{ fromYamlArray "[a, 1]" }}', "[a 1]", id="YAML list"),
        pytest.param(
            '{{ (fromYaml "a: [b").Error | hasPrefix "error converting" }}',
            "true",
            id="no YAML",
        ),
        pytest.param(
            '{{ (fromToml "a = [").Error | hasPrefix "toml:" }}', "true", id="no TOML"
        ),
        pytest.param('{{ typeOf (fromToml "a = 1").a }}', "int64", id="TOML integer"),
    ],
)
def test_reads_into_values_that_tell_what_went_wrong(
    source: str, expected: str
) -> None:
    """A text that cannot be read gives a value with the complaint."""
    assert render(source) == expected


def test_writes_toml_like_helm() -> None:
    """Values come before tables, tables are indented, keys quoted where needed."""
    value = {
        "n": 1,
        "f": 2.0,
        "a b": "x\n",
        "t": {"u": {"v": [1, {"k": True}]}},
        "l": [{"x": 1}, {"x": 2}],
        "gone": None,
    }

    assert render("{{ toToml .v }}", {"v": value}) == (
        '"a b" = "x\\n"\nf = 2.0\nn = 1\n'
        "\n[[l]]\n  x = 1\n\n[[l]]\n  x = 2\n"
        "\n[t]\n  [t.u]\n    v = [1, {k = true}]\n"
    )


def test_includes_templates_as_text() -> None:
    """What a template gives can be piped on."""
    source = '{{ define "x" }}a{{ .b }}{{ end }}{{ include "x" (dict "b" 1) | upper }}'

    assert render(source) == "A1"


def test_renders_text_among_the_templates() -> None:
    """``tpl`` knows the templates of the set it is used in, and changes none."""
    source = '{{ define "x" }}<{{ . }}>{{ end }}{{ tpl .t . }}{{ include "x" 2 }}'

    assert render(source, {"t": '{{ include "x" 1 }}'}) == "<1><2>"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('{{ required "give a name" .name }}', "give a name"),
        ('{{ required "give a name" "" }}', "give a name"),
        ('{{ tpl "{{.a" . }}', "template: tpl:1: unclosed action"),
    ],
)
def test_ends_with_what_the_template_says(source: str, message: str) -> None:
    """The error's text is the inner one."""
    assert complaint(source) == message
