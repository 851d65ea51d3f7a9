"""Schemas, and the cases that are derived from them."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from provisionhub.jsontypes import JsonObject
from provisionhub.matrix import Matrix, derive_cases
from provisionhub.values import ValueSchema

Properties = dict[str, Any]


def derive(
    schema: dict[str, Any], *examples: JsonObject, odd_texts: bool = False
) -> Matrix:
    """Return the matrix of *schema*."""
    return derive_cases(ValueSchema(schema), examples, odd_texts=odd_texts)


def values_at(matrix: Matrix, name: str) -> list[Any]:
    """Return what the cases have as the member *name*, each once, in order."""
    found = [case.values[name] for case in matrix.cases if name in case.values]
    # By their texts: to Python, 1 is True.
    return list({repr(each): each for each in found}.values())


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        pytest.param({"enum": ["a", "b", 3]}, ["a", "b", 3], id="enum"),
        pytest.param({"const": "only"}, ["only"], id="const"),
        pytest.param({"type": "boolean"}, [True, False], id="both booleans"),
        pytest.param(
            {"type": "integer", "minimum": 1, "maximum": 9}, [1, 9], id="bounds"
        ),
        pytest.param(
            {"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 9},
            [2, 8],
            id="exclusive bounds",
        ),
        pytest.param(
            {"type": "integer", "minimum": 7, "maximum": 23, "multipleOf": 5},
            [10, 20],
            id="multiples",
        ),
        pytest.param(
            {"type": "number", "minimum": 0, "maximum": 1, "multipleOf": 0.3},
            [0, 0.9],
            id="multiples of a fraction",
        ),
        pytest.param({"type": ["boolean", "null"]}, [True, False, None], id="null"),
        pytest.param(
            {"type": "string", "minLength": 2, "maxLength": 4},
            ["some", "so"],
            id="lengths",
        ),
        pytest.param(
            {"type": "array", "items": {"enum": ["x", "y"]}, "maxItems": 2},
            [["x"], [], ["x", "x"], ["y"]],
            id="arrays",
        ),
        pytest.param(
            {"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": True}
            | {"minItems": 2, "maxItems": 3},
            [[1, 2], [1, 2, 3], [2, 1], [3, 2]],
            id="unique items",
        ),
        pytest.param(
            {"allOf": [{"enum": [1, 2, 3]}, {"enum": [2, 3, 4]}]}, [2, 3], id="allOf"
        ),
        pytest.param(
            {"anyOf": [{"const": 1}, {"type": "boolean"}]}, [1, True, False], id="anyOf"
        ),
    ],
)
def test_one_value(schema: Properties, expected: list[Any]) -> None:
    """What a value may be is covered to its edges, and no more."""
    matrix = derive({"properties": {"v": schema}, "required": ["v"]})

    found = values_at(matrix, "v")

    assert sorted(map(repr, found)) == sorted(map(repr, expected))


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        pytest.param(
            {"properties": {"v": {"enum": ["a", "b"]}}},
            ["v=a", "v=b"],
            id="choices",
        ),
        pytest.param(
            {"properties": {"v": {"type": "integer", "maximum": 5}}},
            ["v=5 (maximum)", "v=4"],
            id="a bound",
        ),
        pytest.param(
            {"properties": {"v": {"type": "object", "properties": {"w": {}}}}},
            ["v={} (only what is required)", "v (everything)"],
            id="inside an object",
        ),
        pytest.param(
            {"properties": {"k": {"enum": ["hidden1", "hidden2"], "writeOnly": True}}},
            ["k (given)", "k (given) #2"],
            id="a secret is not shown",
        ),
        pytest.param(
            {"properties": {"é b": {"type": "boolean"}}},
            ['"\\u00e9 b"=false'],
            id="odd names",
        ),
    ],
)
def test_names_say_what_is_varied(schema: Properties, expected: list[str]) -> None:
    """A case's name is what it varies, in printable ASCII."""
    names = [case.name for case in derive(schema).cases]

    assert [name for name in expected if name not in names] == []
    assert all(name.isascii() and name.isprintable() for name in names)


def test_examples_are_what_is_varied() -> None:
    """Whatever a case does not vary is as the first fitting example has it."""
    schema = {
        "required": ["owner"],
        "properties": {"owner": {"type": "string"}, "tls": {"type": "boolean"}},
    }

    matrix = derive(schema, {"owner": "ada", "tls": True})

    by_name = {case.name: case.values for case in matrix.cases}
    assert by_name["tls=false"] == {"owner": "ada", "tls": False}
    assert by_name["no tls"] == {"owner": "ada"}


def test_examples_are_no_cases_themselves() -> None:
    """Values that an example renders already are not rendered again."""
    matrix = derive({"properties": {"v": {"type": "boolean"}}}, {"v": True}, {"v": 1})

    assert {"v": True} not in [case.values for case in matrix.cases]
    assert {"v": False} in [case.values for case in matrix.cases]


CONDITION: Properties = {
    "additionalProperties": False,
    "required": ["database"],
    "properties": {
        "database": {"enum": ["none", "postgres"]},
        "version": {"type": "integer", "minimum": 12, "maximum": 18},
    },
    "if": {"properties": {"database": {"const": "postgres"}}},
    "then": {"required": ["version"]},
    "else": {"properties": {"version": False}},
}


def test_conditions_are_taken_both_ways() -> None:
    """``then`` and ``else`` each have cases, and what they ask for is put in."""
    matrix = derive(CONDITION)

    values = [case.values for case in matrix.cases]
    assert {"database": "none"} in values
    assert {"database": "postgres", "version": 12} in values
    assert {"database": "postgres", "version": 18} in values
    assert matrix.missed == ()


def test_what_another_member_asks_for_is_put_in() -> None:
    """``dependentRequired`` is satisfied, and left unsatisfied never."""
    schema = {
        "properties": {"user": {"enum": ["ada"]}, "word": {"enum": ["x"]}},
        "dependentRequired": {"user": ["word"]},
    }

    found = [case.values for case in derive(schema).cases]

    assert {"user": "ada", "word": "x"} in found
    assert {"user": "ada"} not in found
    assert {"word": "x"} in found


def test_every_form_has_a_case() -> None:
    """Each form of ``oneOf`` is taken, with what is varied inside it."""
    forms = [
        {
            "title": kind,
            "required": ["kind", kind],
            "additionalProperties": False,
            "properties": {"kind": {"const": kind}, kind: {"type": "boolean"}},
        }
        for kind in ("redis", "kafka", "amqp")
    ]

    matrix = derive({"oneOf": forms})

    values = [case.values for case in matrix.cases]
    assert all(
        {"kind": kind, kind: flag} in values
        for kind in ("redis", "kafka", "amqp")
        for flag in (True, False)
    )
    assert "values (form 2 of 3: kafka)" in [case.name for case in matrix.cases]


def test_recursive_schema_ends() -> None:
    """A schema that leads to itself is followed a few levels deep."""
    node = {
        "type": "object",
        "required": ["leaf"],
        "properties": {
            "leaf": {"type": "boolean"},
            "inside": {"type": "array", "items": {"$ref": "#/$defs/node"}},
        },
    }

    matrix = derive({"$defs": {"node": node}, "properties": {"root": node}})

    names = [case.name for case in matrix.cases]
    assert "root.inside[0].leaf=false" in names
    assert len(names) < 50


def test_names_that_nobody_lists_are_tried() -> None:
    """Objects that are maps get members, with odd names where those are allowed."""
    text = {"type": "string"}
    open_map = {"type": "object", "additionalProperties": text}
    narrow = {**open_map, "propertyNames": {"pattern": "^[a-z]{3}$"}}

    matrix = derive({"properties": {"open": open_map, "narrow": narrow}})

    names = {key for each in values_at(matrix, "open") for key in each}
    narrow_names = {key for each in values_at(matrix, "narrow") for key in each}
    assert {"a b", "yes", "-x"} <= names
    assert narrow_names
    assert all(len(name) == 3 for name in narrow_names)


def test_odd_texts_stand_wherever_they_fit() -> None:
    """Each odd text is in one case, in every place that takes it, and in no secret."""
    schema = {
        "properties": {
            "one": {"type": "string"},
            "two": {"type": "string"},
            "line": {"type": "string", "pattern": "^[^\\n]*$"},
            "word": {"type": "string", "writeOnly": True},
        }
    }

    matrix = derive(schema, odd_texts=True)

    by_name = {case.name: case.values for case in matrix.cases}
    assert by_name["every text: yes"] == {"one": "yes", "two": "yes", "line": "yes"}
    assert by_name["every text: two lines"] == {"one": "one\ntwo", "two": "one\ntwo"}
    assert not any(name.startswith("every text") for name in _names(derive(schema)))


def _names(matrix: Matrix) -> list[str]:
    return [case.name for case in matrix.cases]


def test_made_up_secret_stands_in_no_other_text() -> None:
    """A secret is not a part of what other values are given."""
    text = {"type": "string", "maxLength": 200}
    schema = {
        "required": ["note", "word"],
        "properties": {"note": text, "word": {**text, "writeOnly": True}},
    }

    cases = derive(schema).cases

    assert cases
    assert not any(str(c.values["word"]) in str(c.values["note"]) for c in cases)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        pytest.param(
            {"enum": ["a", "z"], "not": {"const": "z"}},
            "v: the schema refuses v=z itself",
            id="a contradiction",
        ),
        pytest.param(
            {"type": "string", "minLength": 50_000},
            "v: texts of more than 10000 characters are not made",
            id="a long text",
        ),
        pytest.param(
            {"type": "string", "pattern": r"^(a)\1$"},
            "v: nothing was found that the schema accepts there",
            id="no text",
        ),
    ],
)
def test_what_no_case_covers_is_told(schema: Properties, expected: str) -> None:
    """What could not be covered is named, with the reason."""
    assert expected in derive({"properties": {"v": schema, "w": {"const": 1}}}).missed


def test_too_many_cases_are_cut_and_told() -> None:
    """Beyond the bound there are no cases, and that is said."""
    schema = ValueSchema({"properties": {"v": {"enum": list(range(30))}}})

    matrix = derive_cases(schema, [], most=10)

    assert len(matrix.cases) == 10
    assert matrix.missed == ("there would be more than 10 cases",)


def test_work_is_bounded() -> None:
    """A schema that is dear to check costs a bounded time, and the rest is told."""
    levels: Properties = {
        f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(14)
    }
    schema = {
        "$defs": {**levels, "d14": {"type": "boolean"}},
        "properties": {f"p{n}": {"$ref": "#/$defs/d0"} for n in range(9)},
    }

    matrix = derive(schema)

    assert matrix.missed == (
        "what remains: the schema asks for too much work on these values",
    )


@pytest.mark.parametrize("schema", [{}, {"type": "object"}], ids=["empty", "an object"])
def test_schema_that_names_nothing_has_no_cases(schema: Properties) -> None:
    """Where anything goes, there is nothing to derive."""
    assert derive(schema) == Matrix()


def test_examples_that_do_not_fit_are_left_out() -> None:
    """Broken examples are for their own tests to tell."""
    endless: Any = {}
    endless["v"] = endless

    matrix = derive({"properties": {"v": {"type": "boolean"}}}, {"v": "x"}, endless)

    assert values_at(matrix, "v") == [True, False]


def test_cases_are_the_same_in_every_process() -> None:
    """Nothing depends on how this process hashes texts."""
    program = (
        "from provisionhub.matrix import derive_cases\n"
        "from provisionhub.values import ValueSchema\n"
        f"print(derive_cases(ValueSchema({CONDITION!r}), [{{'database': 'none'}}]))\n"
        "print(derive_cases(ValueSchema({'properties': {n: {'enum': [1, 2], 'minimum':"
        " 0, 'maxLength': 3} for n in 'abcdefgh'}}), []))\n"
    )

    shown = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(shown) == 1
