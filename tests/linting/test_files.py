"""Rules about files: names, secrets, conditions, partials, and what can't be read."""

from __future__ import annotations

import pytest

from support.languages import GO, JINJA, LANGUAGES, MUSTACHE, Language
from support.linting import found, manifest, report

every_language = pytest.mark.parametrize(
    "language", LANGUAGES, ids=[each.engine for each in LANGUAGES]
)

SECRET = "required: [token], properties: {token: {type: string, writeOnly: true}}"


def named(language: Language, schema: str, name: str | None = None) -> list[str]:
    """Return what is found in a blueprint whose only file is named by a value."""
    part = language.show("Values.a") if name is None else name
    written = f"required: [a], properties: {{a: {{{schema}}}}}"
    return [
        line.split()[0]
        for line in found({f"template/{part}": ""}, manifest(language, written))
    ]


@every_language
@pytest.mark.parametrize(
    "schema",
    [
        pytest.param("type: string", id="any text"),
        pytest.param("type: string, minLength: 8", id="any long text"),
        pytest.param("", id="anything"),
        pytest.param("type: string, pattern: '^[^ ]+$'", id="no blanks"),
        pytest.param("type: string, pattern: '^[a-z./]+$'", id="dots and slashes"),
        pytest.param("type: string, pattern: '^v.*$', default: v1", id="prefix"),
        pytest.param("type: string, pattern: '^[^/]*$'", id="no slash"),
        pytest.param("type: string, format: uri-reference", id="format"),
        pytest.param("enum: [a, ../b]", id="enum"),
        pytest.param("type: string, pattern: '[a-z]'", id="not anchored"),
        pytest.param("type: string, pattern: '^[a-zA-Z0-9._-]+$'", id="only dots"),
    ],
)
def test_value_that_may_hold_anything_names_no_file(
    language: Language, schema: str
) -> None:
    """A value in a file's name is to be held to what a name may be."""
    assert named(language, schema) == ["unsanitised-path"]


@every_language
@pytest.mark.parametrize(
    "schema",
    [
        "type: string, pattern: '^[a-z][a-z0-9_]*$'",
        "type: string, pattern: '^[a-z]+(/[a-z]+)*$'",
        "type: string, pattern: '^(?!.*[.][.])[a-z0-9.]*[a-z0-9]$'",
        "enum: [none, postgres]",
        "const: x",
        "type: integer",
        "type: boolean",
        "type: string, format: uuid",
        "type: string, format: hostname",
        "type: string, format: date",
    ],
)
def test_value_that_makes_a_name_is_no_finding(language: Language, schema: str) -> None:
    """Patterns, formats and choices that leave only names are enough."""
    assert named(language, schema) == []


@every_language
def test_dots_harm_only_where_they_are_all(language: Language) -> None:
    """A value with text around it may be dots."""
    schema = "type: string, pattern: '^[a-zA-Z0-9._-]+$'"

    assert named(language, schema, language.show("Values.a") + ".txt") == []


@pytest.mark.parametrize(
    ("language", "name"),
    [
        (JINJA, "{{ Values.a | slug }}"),
        (JINJA, "{{ Values.a | lower | kebab_case }}"),
        (GO, "{{ .Values.a | sha256sum }}"),
        (GO, '{{ regexReplaceAll "[^a-z]" .Values.a "" }}'),
    ],
)
def test_function_that_makes_names_is_trusted(language: Language, name: str) -> None:
    """What passes through functions that change it is not judged."""
    assert named(language, "type: string", name) == []


@pytest.mark.parametrize(
    ("language", "name"),
    [(JINJA, "{{ Values.a | lower }}"), (GO, "{{ .Values.a | lower | trim }}")],
)
def test_function_that_keeps_everything_is_looked_through(
    language: Language, name: str
) -> None:
    """Lower case is no less dangerous."""
    assert named(language, "type: string", name) == ["unsanitised-path"]


@every_language
def test_secret_in_a_file_that_does_not_name_it(language: Language) -> None:
    """A secret reaches only files that name it, or a part of the values it is in."""
    show = language.show("Values.token")
    files = {
        f"template/a{language.suffix}": show,
        f"template/b{language.suffix}": f"1\n{show}",
    }
    rest = "files: [{path: a, secrets: [token]}]\n"

    assert found(files, manifest(language, SECRET, rest)) == [
        f"exposed-secret /token template/b{language.suffix}:2"
    ]


@every_language
def test_secret_in_names_conditions_and_messages(language: Language) -> None:
    """No path, condition or commit message may write a secret."""
    show = language.show("Values.token")
    rest = (
        f"files: [{{path: x, secrets: [token], when: '{show}'}}]\n"
        f"repository: {{commit_message: '{show}'}}\n"
    )
    files = {"template/x": "", f"template/y{show}": ""}
    codes = [each.split()[0] for each in found(files, manifest(language, SECRET, rest))]

    assert codes.count("exposed-secret") == 3


@every_language
def test_asking_whether_a_secret_is_there_shows_none(language: Language) -> None:
    """A condition tells nothing of a secret."""
    schema = "properties: {token: {type: string, minLength: 1, writeOnly: true}}"
    asked = {
        "mustache": "{{#Values.token}}x{{/Values.token}}",
        "jinja2": "{% if Values.token is defined %}x{% endif %}",
        "go": '{{ if index .Values "token" }}x{{ end }}',
    }
    files = {f"template/a{language.suffix}": asked[language.engine]}

    assert found(files, manifest(language, schema)) == []


@pytest.mark.parametrize(
    ("language", "template"),
    [(JINJA, "{{ Values | to_yaml }}"), (GO, "{{ toJson .Values }}")],
)
def test_secret_in_all_values_is_exposed(language: Language, template: str) -> None:
    """Writing the values as a whole writes their secrets."""
    files = {f"template/a{language.suffix}": template}

    assert found(files, manifest(language, SECRET)) == [
        f"exposed-secret /token template/a{language.suffix}:1"
    ]


@pytest.mark.parametrize(
    ("language", "template"),
    [(JINJA, "{{ Values.token | sha256 }}"), (GO, "{{ .Values.token | sha256sum }}")],
)
def test_hash_of_a_secret_shows_none(language: Language, template: str) -> None:
    """What can't be turned back is no secret."""
    files = {f"template/a{language.suffix}": template}

    assert found(files, manifest(language, SECRET)) == []


@every_language
def test_files_of_one_name_collide(language: Language) -> None:
    """A file and a template of the same name become one path."""
    files = {"template/a.txt": "", f"template/a.txt{language.suffix}": ""}

    assert found(files, manifest(language)) == [
        f"path-collision - template/a.txt{language.suffix}:1"
    ]


@every_language
def test_files_may_collide_for_some_values(language: Language) -> None:
    """A value may make of a name what another file is called."""
    schema = (
        "required: [a, b], properties: {a: {type: string, pattern: '^[a-z]+$'}, b: "
        "{enum: [x, y]}}"
    )
    a, b = language.show("Values.a"), language.show("Values.b")
    files = {
        "template/main.txt": "",
        f"template/{a}.txt": "",
        f"template/sub/{a}": "",
        f"template/sub/{b}": "",
        f"template/{b}-{a}": "",
    }
    listed = found(files, manifest(language, schema))

    assert [each.split()[0] for each in listed] == ["path-collision"] * 2


@every_language
def test_names_that_never_meet_are_no_findings(language: Language) -> None:
    """Values that the schema keeps apart make no collision."""
    schema = (
        "required: [a, b, c], properties: {a: {type: string, pattern: '^a[a-z]+$'}, "
        "b: {enum: [x, y]}, c: {type: string, pattern: '^c[a-z]*$'}}"
    )
    a, b, c = (language.show(f"Values.{name}") for name in "abc")
    files = {
        "template/main": "",
        f"template/{a}": "",
        f"template/{b}": "",
        f"template/{c}": "",
        f"template/{a}/x": "",
        f"template/{a}/y": "",
        f"template/{c}.txt": "",
    }

    assert found(files, manifest(language, schema)) == []


@pytest.mark.parametrize("language", [JINJA, GO], ids=["jinja2", "go"])
def test_conditions_that_exclude_each_other_keep_files_apart(
    language: Language,
) -> None:
    """Two files of one path are fine where only one of them is ever made."""
    equal = language.equal("Values.db", "x", "true")
    other = language.equal("Values.db", "y", "true")
    schema = "required: [db], properties: {db: {enum: [x, y]}}"
    rest = (
        f"files: [{{path: a.txt{language.suffix}, when: '{equal}'}}, "
        f"{{path: a.*, when: '{other}'}}]\n"
    )
    files = {f"template/a.txt{language.suffix}": "", "template/a.txt": ""}
    apart = rest.replace("a.*", "b").replace("a.txt" + language.suffix, "c")
    apart_files = {f"template/b{language.suffix}": "", "template/c": ""}

    assert found(apart_files, manifest(language, schema, apart)) == []
    assert "unreachable-when" in found(files, manifest(language, schema, rest))[0]


@every_language
def test_condition_that_never_holds_is_told(language: Language) -> None:
    """A file that is never made is told at its condition."""
    schema = "properties: {db: {const: false, default: false}}"
    rest = f"files: [{{path: a, when: '{language.show('Values.db')}'}}]\n"

    assert found({"template/a": ""}, manifest(language, schema, rest)) == [
        "unreachable-when /db blueprint.yaml:6"
    ]


@pytest.mark.parametrize(
    ("language", "condition"),
    [
        (JINJA, '{{ Values.db == "postgras" }}'),
        (JINJA, '{% if Values.db == "postgras" %}true{% endif %}'),
        (JINJA, '{{ Values.db == "postgres" and Values.db == "none" }}'),
        (GO, '{{ eq .Values.db "postgras" }}'),
        (GO, '{{ if eq .Values.db "postgras" }}true{{ end }}'),
        (GO, '{{ and (eq .Values.db "postgres") (eq .Values.db "none") }}'),
        (MUSTACHE, "{{^Values.db}}true{{/Values.db}}"),
    ],
)
def test_expression_that_never_holds_is_told(
    language: Language, condition: str
) -> None:
    """Conditions are understood as the languages write them."""
    schema = "required: [db], properties: {db: {enum: [none, postgres]}}"
    rest = f"files: [{{path: a, when: '{condition}'}}]\n"

    assert found({"template/a": ""}, manifest(language, schema, rest)) == [
        "unreachable-when /db blueprint.yaml:6"
    ]


@every_language
def test_rule_that_matches_nothing_is_told_beside_all_else(language: Language) -> None:
    """A rule without a file is a finding, and lint goes on."""
    rest = "files: [{path: b, verbatim: true}]\n"
    files = {f"template/a{language.suffix}": language.show("Nmae")}

    assert found(files, manifest(language, rest=rest)) == [
        "unmatched-rule - blueprint.yaml:5",
        f"undeclared-value - template/a{language.suffix}:1",
    ]


@every_language
def test_secret_that_the_schema_does_not_have_is_told(language: Language) -> None:
    """A rule may only name secrets that there are."""
    rest = "files: [{path: a, secrets: [tokne]}]\n"
    files = {f"template/a{language.suffix}": language.show("Values.token")}

    assert found(files, manifest(language, SECRET, rest))[0] == (
        "undeclared-value - blueprint.yaml:6"
    )


@every_language
def test_partials_that_are_missing_or_unused(language: Language) -> None:
    """An inclusion of nothing is an error, a partial that nobody includes a warning."""
    files = {
        f"template/a{language.suffix}": language.include("used"),
        f"template/b{language.suffix}": language.include("usde"),
        f"partials/used{language.suffix}": language.include("inner"),
        f"partials/inner{language.suffix}": "x",
    }
    unused = {
        f"template/a{language.suffix}": language.include("used"),
        f"partials/used{language.suffix}": language.include("inner"),
        f"partials/inner{language.suffix}": "x",
        f"partials/other{language.suffix}": "x",
    }

    assert found(files, manifest(language)) == [
        f"unknown-partial - template/b{language.suffix}:1"
    ]
    assert "did you mean" in str(report(files, manifest(language)).findings[0].hint)
    assert found(unused, manifest(language)) == [
        f"unused-partial - partials/other{language.suffix}:1"
    ]


@every_language
def test_values_of_an_unused_partial_are_no_findings_beside_it(
    language: Language,
) -> None:
    """What only a partial reads that nobody includes, is told by that partial."""
    schema = "required: [a], properties: {a: {type: string}}"
    files = {f"partials/p{language.suffix}": language.show("Values.a")}

    assert found(files, manifest(language, schema)) == [
        f"unused-partial - partials/p{language.suffix}:1"
    ]


@every_language
def test_finding_in_a_partial_is_told_once(language: Language) -> None:
    """A partial that two templates include has its faults once."""
    files = {
        f"template/a{language.suffix}": language.include("p"),
        f"template/b{language.suffix}": language.include("p"),
        f"partials/p{language.suffix}": "1\n" + language.show("Values.nope"),
    }

    assert found(files, manifest(language, "additionalProperties: false")) == [
        f"undeclared-value /nope partials/p{language.suffix}:2"
    ]


BROKEN = {"mustache": "{{#a}}", "jinja2": "{% if %}", "go": "{{ if }}"}


@every_language
def test_every_file_that_is_broken_is_told(language: Language) -> None:
    """Syntax errors are findings, of all files at once, and stop nothing else."""
    broken = BROKEN[language.engine]
    files = {
        f"template/a{language.suffix}": broken,
        f"template/b{language.suffix}": f"\n{broken}",
        f"template/c{language.suffix}": language.show("Nmae"),
        f"partials/p{language.suffix}": broken,
    }
    rest = f"files: [{{path: c, when: '{broken}'}}]\n"

    assert found(files, manifest(language, "properties: {a: {}}", rest)) == [
        "syntax - blueprint.yaml:6",
        f"syntax - partials/p{language.suffix}:1",
        f"syntax - template/a{language.suffix}:1",
        f"syntax - template/b{language.suffix}:2",
        f"undeclared-value - template/c{language.suffix}:1",
    ]


@every_language
def test_broken_name_is_told(language: Language) -> None:
    """A file's name may be broken, too."""
    files = {f"template/{BROKEN[language.engine]}": ""}

    (line,) = found(files, manifest(language))
    assert line.startswith("syntax - ")


HEAD = "apiVersion: provisionhub.io/v1\nname: a\nversion: 1.0.0\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name: [\n", 1),
        (HEAD.replace("1.0.0", "1") + "engine: go\n", 3),
        (HEAD + "engine: goo\n", 4),
        (HEAD + "engine: go\nengine_options: {missin: x}\n", 5),
        (HEAD + "engine: go\nschema: {typ: object}\n", 5),
    ],
)
def test_broken_manifest_is_told(text: str, line: int) -> None:
    """A manifest or a schema that can't be used is a finding with its place."""
    assert found({}, text) == [f"syntax - blueprint.yaml:{line}"]


@every_language
def test_file_that_is_no_text_is_told(language: Language) -> None:
    """A template is UTF-8."""
    files = {f"template/a{language.suffix}": b"\xff"}

    assert found(files, manifest(language)) == [
        f"syntax - template/a{language.suffix}:1"
    ]


@every_language
def test_affected_files_are_told_by_value(language: Language) -> None:
    """Content, names and conditions make a file depend on a value."""
    schema = (
        "required: [a, b, c], properties: {a: {enum: [x]}, b: {type: boolean}, c: "
        "{type: object, required: [d], properties: {d: {type: string}}}}"
    )
    name = f"{language.show('Values.a')}.txt{language.suffix}"
    files = {f"template/{name}": language.show("Values.c.d"), "template/p": ""}
    rest = (
        f"files: [{{path: '*', when: '{language.show('Values.b')}'}}]\n"
        f"repository: {{commit_message: '{language.show('Values.a')}'}}\n"
    )

    assert report(files, manifest(language, schema, rest)).affects == {
        "/a": ("blueprint.yaml", f"template/{name}"),
        "/b": ("template/p", f"template/{name}"),
        "/c/d": (f"template/{name}",),
    }
