"""Each rule, in each language: what is wrong is found, and what is right is not."""

from __future__ import annotations

import pytest

from support.languages import LANGUAGES, Language
from support.linting import codes, found, manifest

every_language = pytest.mark.parametrize(
    "language", LANGUAGES, ids=[each.engine for each in LANGUAGES]
)
with_equality = pytest.mark.parametrize(
    "language",
    [each for each in LANGUAGES if each.comparing],
    ids=[each.engine for each in LANGUAGES if each.comparing],
)

PORT = (
    "additionalProperties: false, required: [port], properties: {port: {type: integer}}"
)
OPTIONAL = "properties: {port: {type: integer}}"


@every_language
def test_declared_values_and_the_context_are_no_findings(language: Language) -> None:
    """Whatever the schema or the context gives may be read."""
    names = (
        *("Name", "Namespace", "Values.port", "Meta.run_id", "Meta.timestamp"),
        *("Meta.type", "Meta.version", "Meta.blueprint.name"),
        *("Meta.blueprint.version", "Meta.blueprint.digest"),
    )

    assert codes(language, " ".join(map(language.show, names)), PORT) == []


@every_language
@pytest.mark.parametrize(
    "name", ["Values.prot", "Nmae", "Meta.runid", "Meta.blueprint.nmae", "Values.other"]
)
def test_undeclared_names_are_errors(language: Language, name: str) -> None:
    """What neither the schema nor the context gives is an error, whatever is near."""
    template = language.show("Values.port") + language.show(name)

    assert codes(language, template, PORT) == ["undeclared-value"]


@every_language
def test_undeclared_value_is_found_where_more_is_accepted(language: Language) -> None:
    """A schema that forgets `additionalProperties: false` still declares names."""
    schema = "required: [port], properties: {port: {type: integer}}"
    template = language.show("Values.port") + language.show("Values.other")

    assert codes(language, template, schema) == ["undeclared-value"]


@every_language
@pytest.mark.parametrize(
    "schema",
    [
        pytest.param("", id="no schema"),
        pytest.param("additionalProperties: true", id="anything"),
        pytest.param("additionalProperties: {type: string}", id="any text"),
        pytest.param("patternProperties: {'^ot': {type: string}}", id="a pattern"),
    ],
)
def test_values_that_need_no_declaration_are_no_findings(
    language: Language, schema: str
) -> None:
    """Where the schema takes any name, nobody can tell a wrong one."""
    assert codes(language, language.show("Values.other"), schema) == []


@every_language
def test_undeclared_member_of_an_element_is_found(language: Language) -> None:
    """What loops over a list is held to the schema of its items."""
    schema = (
        "additionalProperties: false, required: [users], properties: {users: {type: "
        "array, items: {type: object, additionalProperties: false, required: [name], "
        "properties: {name: {type: string}}}}}"
    )
    right = language.each("Values.users", language.member("name"))
    wrong = language.each(
        "Values.users", language.member("name") + language.member("nmae")
    )

    assert codes(language, right, schema) == []
    assert codes(language, wrong, schema) == ["undeclared-value"]


@every_language
@pytest.mark.parametrize(
    "schema",
    [
        pytest.param(
            "required: [a], properties: {a: {$ref: '#/$defs/a'}}, $defs: {a: {type: "
            "object, required: [b], additionalProperties: false, properties: {b: {}}}}",
            id="reference",
        ),
        pytest.param(
            "allOf: [{required: [a], properties: {a: {type: object, required: [b], "
            "properties: {b: {type: string}}}}}]",
            id="allOf",
        ),
        pytest.param(
            "required: [a], properties: {a: {oneOf: [{type: object, required: [b], "
            "properties: {b: {type: string}}}]}}",
            id="oneOf",
        ),
        pytest.param(
            "required: [a], properties: {a: {type: object, unevaluatedProperties: "
            "false, allOf: [{required: [b], properties: {b: {type: string}}}]}}",
            id="unevaluated",
        ),
        pytest.param(
            "properties: {a: {type: object, default: {}, properties: {b: {default: 1}}"
            "}}",
            id="defaults",
        ),
    ],
)
def test_declarations_are_found_wherever_they_stand(
    language: Language, schema: str
) -> None:
    """References and combinations of schemas are looked through."""
    assert "undeclared-value" not in codes(
        language, language.show("Values.a.b"), schema
    )


@every_language
def test_unused_value_is_found_in_the_schema(language: Language) -> None:
    """What is declared and never read is told where it is declared."""
    schema = (
        "required: [port, used], properties: {port: {type: integer}, used: {type: "
        "object, required: [a, b], properties: {a: {type: string}, b: {type: string}}}}"
    )
    files = {f"template/a{language.suffix}": language.show("Values.used.a")}

    assert found(files, manifest(language, schema)) == [
        "unused-value /port blueprint.yaml:5",
        "unused-value /used/b blueprint.yaml:5",
    ]


@every_language
def test_values_read_by_names_and_conditions_are_used(language: Language) -> None:
    """A file's name, a condition and the commit message read values as well."""
    schema = (
        "required: [a, b, c], properties: {a: {enum: [x]}, b: {type: boolean}, c: "
        "{type: string}}"
    )
    rest = (
        f"files: [{{path: '*', when: '{language.show('Values.b')}'}}]\n"
        f"repository: {{commit_message: '{language.show('Values.c')}'}}\n"
    )
    files = {f"template/{language.show('Values.a')}.txt": ""}

    assert found(files, manifest(language, schema, rest)) == []


@every_language
@pytest.mark.parametrize(
    "schema",
    [
        "properties: {port: {type: integer, deprecated: true}}",
        "properties: {port: {type: integer}}, dependentRequired: {port: [name]}",
        "properties: {port: {type: integer}}, if: {required: [port]}, then: {}",
    ],
)
def test_values_that_are_kept_or_asked_about_need_no_reader(
    language: Language, schema: str
) -> None:
    """What is deprecated, or decides about other values, may go unread."""
    assert codes(language, "", schema) == []


@every_language
def test_optional_value_is_to_be_guarded(language: Language) -> None:
    """A value that may be absent is an error where nothing makes sure of it."""
    template = language.show("Values.port")

    assert codes(language, template, OPTIONAL) == ["unguarded-optional"]


@pytest.mark.parametrize(
    ("language", "template"),
    [
        (LANGUAGES[0], "{{#Values.port}}{{Values.port}}{{/Values.port}}"),
        (LANGUAGES[0], "{{#Values.port}}{{.}}{{/Values.port}}"),
        (LANGUAGES[1], "{% if Values.port is defined %}{{ Values.port }}{% endif %}"),
        (LANGUAGES[1], "{{ Values.port | default(80) }}"),
        (LANGUAGES[1], "{{ Values.port if Values.port is defined else 80 }}"),
        (LANGUAGES[1], "{{ Values.get('port', 80) }}"),
        (
            LANGUAGES[1],
            "{% if Values.port is defined and Name %}{{ Values.port }}{% endif %}",
        ),
        (
            LANGUAGES[1],
            "{% if Values.port is undefined %}-{% else %}{{ Values.port }}{% endif %}",
        ),
        (LANGUAGES[2], '{{ if index .Values "port" }}{{ .Values.port }}{{ end }}'),
        (LANGUAGES[2], '{{ with index .Values "port" }}{{ . }}{{ end }}'),
        (LANGUAGES[2], '{{ if hasKey .Values "port" }}{{ .Values.port }}{{ end }}'),
        (LANGUAGES[2], '{{ index .Values "port" | default 80 }}'),
        (LANGUAGES[2], '{{ get .Values "port" }}'),
        (LANGUAGES[2], '{{ dig "port" 80 .Values }}'),
        (
            LANGUAGES[2],
            '{{ if not (hasKey .Values "port") }}-{{ else if .Values.port }}-{{ end }}',
        ),
    ],
)
def test_optional_value_that_is_guarded_is_no_finding(
    language: Language, template: str
) -> None:
    """Conditions and defaults make sure of a value, each language in its ways."""
    assert codes(language, template, OPTIONAL) == []


@every_language
def test_condition_of_a_file_guards_its_content(language: Language) -> None:
    """What a file's ``when`` asks about is there in the file."""
    conditions = {
        "mustache": "{{#Values.port}}true{{/Values.port}}",
        "jinja2": "{{ Values.port is defined }}",
        "go": '{{ hasKey .Values "port" }}',
    }
    rest = f"files: [{{path: a.txt, when: '{conditions[language.engine]}'}}]\n"

    assert codes(language, language.show("Values.port"), OPTIONAL, rest) == []


@pytest.mark.parametrize(
    ("language", "options"),
    [
        (LANGUAGES[0], "missing: empty"),
        (LANGUAGES[1], "missing: empty"),
        (LANGUAGES[2], "missing: default"),
    ],
)
def test_engine_that_forgives_needs_no_guards(language: Language, options: str) -> None:
    """Where what is missing is no error, an optional value needs no guard."""
    rest = f"engine_options: {{{options}}}\n"

    assert codes(language, language.show("Values.port"), OPTIONAL, rest) == []


@every_language
def test_value_required_by_a_condition_counts_under_conditions(
    language: Language,
) -> None:
    """What the schema asks for in some cases is not called unguarded in those."""
    schema = (
        "required: [db], properties: {db: {type: boolean}, url: {type: string}}, if: "
        "{properties: {db: {const: true}}}, then: {required: [url]}"
    )
    template = language.when("Values.db", language.show("Values.url"))

    assert codes(language, template, schema) == []


@every_language
@pytest.mark.parametrize("kind", ["string", "boolean", "number"])
def test_value_without_members_is_not_looked_into(
    language: Language, kind: str
) -> None:
    """Going below a scalar is an error."""
    schema = f"required: [a], properties: {{a: {{type: {kind}}}}}"

    assert codes(language, language.show("Values.a.b"), schema) == ["wrong-type"]


@pytest.mark.parametrize("language", LANGUAGES[1:], ids=["jinja2", "go"])
@pytest.mark.parametrize("kind", ["string", "boolean"])
def test_what_is_no_list_is_not_looped_over(language: Language, kind: str) -> None:
    """A loop needs a list or an object."""
    schema = f"required: [a], properties: {{a: {{type: {kind}}}}}"

    assert codes(language, language.each("Values.a", "x"), schema) == ["wrong-type"]


def test_go_counts_up_to_an_integer() -> None:
    """In Go a loop may take an integer, and goes that often."""
    schema = "required: [a], properties: {a: {type: integer}}"

    assert codes(LANGUAGES[2], "{{ range .Values.a }}x{{ end }}", schema) == []
    assert codes(LANGUAGES[1], "{% for i in Values.a %}x{% endfor %}", schema) == [
        "wrong-type"
    ]


@every_language
@pytest.mark.parametrize("kind", ["array", "object"])
def test_container_is_not_printed(language: Language, kind: str) -> None:
    """A list or an object is not printed as it is."""
    schema = f"required: [a], properties: {{a: {{type: {kind}}}}}"

    assert codes(language, language.show("Values.a"), schema) == ["wrong-type"]


@pytest.mark.parametrize(
    ("language", "template"),
    [
        (LANGUAGES[1], "{{ Values.a | to_yaml }}"),
        (LANGUAGES[1], "{{ Values.a | join(', ') }}"),
        (LANGUAGES[2], "{{ .Values.a | toJson }}"),
        (LANGUAGES[2], '{{ join "," .Values.a }}'),
    ],
)
def test_container_is_printed_through_a_function(
    language: Language, template: str
) -> None:
    """Functions and filters write lists and objects."""
    schema = "required: [a], properties: {a: {type: array}}"

    assert codes(language, template, schema) == []


@with_equality
def test_comparison_that_never_holds_is_an_unreachable_branch(
    language: Language,
) -> None:
    """A value is never what its enum does not list; the near choice is told."""
    schema = "required: [db], properties: {db: {enum: [none, postgres]}}"
    right = language.equal("Values.db", "postgres", "x")
    wrong = language.equal("Values.db", "postgras", "x")

    assert codes(language, right, schema) == []
    assert codes(language, wrong, schema) == ["unreachable-branch"]


@with_equality
def test_text_is_never_equal_to_what_is_no_text(language: Language) -> None:
    """A constant of another type is never equal."""
    schema = "required: [port], properties: {port: {type: integer}}"
    template = language.equal("Values.port", "80", "x")

    assert codes(language, template, schema) == ["unreachable-branch"]


@with_equality
def test_conditions_that_exclude_each_other_are_told_once(language: Language) -> None:
    """A part inside of one that excludes it is told, what is inside of it is not."""
    schema = "required: [db], properties: {db: {type: string}}"
    inner = language.equal("Values.db", "y", language.when("Values.db", "z"))

    assert codes(language, language.equal("Values.db", "x", inner), schema) == [
        "unreachable-branch"
    ]


@every_language
def test_condition_and_its_contrary_are_told(language: Language) -> None:
    """What holds around a part can't be asked the other way round in it."""
    schema = "properties: {a: {type: boolean, default: true}}"
    template = language.when("Values.a", language.unless("Values.a", "x"))

    assert codes(language, template, schema) == ["unreachable-branch"]


@every_language
@pytest.mark.parametrize(
    ("said", "is_always_true"),
    [
        ("type: boolean", False),
        ("const: true", True),
        ("type: integer, minimum: 1", True),
        ("type: integer", False),
        ("type: string, minLength: 1", True),
        ("type: string", False),
        ("type: array", False),
        ("type: array, minItems: 1", True),
        ("type: object", False),
        ("enum: [a, b]", True),
        ("enum: ['', b]", False),
        ("anyOf: [{type: integer, minimum: 3}, {const: x}]", True),
        ("type: [string, 'null'], minLength: 1", False),
    ],
)
def test_part_for_what_is_never_false_is_unreachable(
    language: Language, said: str, *, is_always_true: bool
) -> None:
    """The schema tells whether a value can be false in any language's sense."""
    schema = f"required: [a], properties: {{a: {{{said}}}}}"
    template = language.unless("Values.a", "x")

    expected = ["unreachable-branch"] if is_always_true else []
    assert codes(language, template, schema) == expected


@every_language
def test_optional_value_may_always_be_absent(language: Language) -> None:
    """A value that is never false may still be absent."""
    schema = "properties: {a: {type: string, minLength: 1}}"
    absent = {
        "mustache": "{{^Values.a}}x{{/Values.a}}",
        "jinja2": "{% if Values.a is not defined %}x{% endif %}",
        "go": '{{ if not (index .Values "a") }}x{{ end }}',
    }

    assert codes(language, absent[language.engine], schema) == []


@with_equality
def test_conditional_part_of_the_schema_makes_nothing_unreachable(
    language: Language,
) -> None:
    """What the schema refuses in some cases only is possible in others."""
    schema = (
        "required: [a, db], properties: {a: {type: boolean}, db: {enum: [x, y]}}, if: "
        "{properties: {a: {const: true}}}, then: {properties: {db: {const: x}}}"
    )
    template = language.when("Values.a", "1") + language.equal("Values.db", "y", "2")

    assert codes(language, template, schema) == []


@pytest.mark.parametrize(
    ("language", "template"),
    [
        (LANGUAGES[1], "{% if Values.db != 'oracle' %}x{% endif %}"),
        (LANGUAGES[2], '{{ if ne .Values.db "oracle" }}x{{ end }}'),
    ],
)
def test_comparison_that_always_comes_out_different_is_told(
    language: Language, template: str
) -> None:
    """A constant that a value never is, is compared with in vain."""
    schema = "required: [db], properties: {db: {enum: [none, postgres]}}"

    assert codes(language, template, schema) == ["wrong-type"]


@with_equality
def test_last_branch_of_all_choices_is_unreachable(language: Language) -> None:
    """Where each choice has its branch, nothing is left for the last one."""
    schema = "required: [db], properties: {db: {enum: [none, postgres]}}"
    template = {
        "jinja2": "{% if Values.db == 'none' %}1{% elif Values.db == 'postgres' %}2"
        "{% else %}3{% endif %}",
        "go": '{{ if eq .Values.db "none" }}1{{ else if eq .Values.db "postgres" }}2'
        "{{ else }}3{{ end }}",
    }

    assert codes(language, template[language.engine], schema) == ["unreachable-branch"]


def test_secret_given_to_a_partial_is_not_written() -> None:
    """What a partial with a computed or unknown name does with a secret is unknown."""
    schema = "required: [t], properties: {t: {type: string, writeOnly: true}}"

    assert codes(LANGUAGES[1], "{% include Name %}", schema) == []
    assert codes(LANGUAGES[2], '{{ template "nope" . }}', schema) == ["unknown-partial"]
    assert codes(LANGUAGES[0], "{{>*Name}}", schema) == []


MACRO = (
    "{% macro m(x) %}{% if x == 'a' %}1{% endif %}{% if x != 'b' %}2{% endif %}"
    "{% endmacro %}"
)
IN_PARTS = {
    "jinja2": (
        MACRO,
        "{% from 'p' import m %}{{ m(Values.db) }}",
        "{{ m('a') }}{{ m(Name) }}",
    ),
    "go": (
        '{{ if eq . "a" }}1{{ end }}{{ if ne . "b" }}2{{ end }}',
        '{{ template "p" .Values.db }}',
        '{{ template "p" "a" }}{{ template "p" .Name }}',
    ),
}


@with_equality
def test_part_that_is_reached_from_elsewhere_is_reachable(language: Language) -> None:
    """What one use of a partial never comes to, another may."""
    schema = "required: [db], properties: {db: {enum: [none, postgres]}}"
    partial, first, others = IN_PARTS[language.engine]
    main = f"template/a{language.suffix}"
    once = {main: first, f"partials/p{language.suffix}": partial}
    often = once | {main: first + others}

    assert found(often, manifest(language, schema)) == []
    assert [each.split()[0] for each in found(once, manifest(language, schema))] == [
        "unreachable-branch",
        "wrong-type",
    ]


@every_language
def test_member_of_what_may_be_null_may_be_absent(language: Language) -> None:
    """What is required in an object is not there where null stands for the object."""
    schema = (
        "properties: {a: {type: [object, 'null'], default: null, required: [b], "
        "properties: {b: {const: true}}}}"
    )
    template = language.unless("Values.a.b", "x")

    assert codes(language, template, schema) == []


@every_language
def test_name_below_an_undeclared_one_is_told_by_that(language: Language) -> None:
    """Of a path that goes astray, the first name that is not there is told."""
    schema = "properties: {port: {type: integer, default: 1}}"
    template = language.show("Values.port") + language.show("Values.other.x")

    assert codes(language, template, schema) == ["undeclared-value"]
