"""What the engine contract asks: pure, reusable templates with lazy partials."""

from __future__ import annotations

import copy
import inspect
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest

from provisionhub.errors import (
    LimitExceededError,
    ProvisionError,
    TemplateRuntimeError,
    TemplateSyntaxError,
)
from provisionhub.jsontypes import JsonObject
from provisionhub_jinja import JinjaEngine

STATEFUL: Final = {
    "namespace": "{% set ns = namespace(n=0) %}{% for i in range(3) %}"
    "{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}",
    "imported namespace": "{% import 'counter' as c %}{{ c.next() }}{{ c.next() }}",
    "cycler": "{% set c = cycler(1, 2, 3) %}{{ c.next() }}{{ c.next() }}",
    "imported cycler": "{% from 'cycle' import c %}{{ c.next() }}{{ c.next() }}",
    "joiner": "{% set j = joiner() %}{{ j() }}{{ j() }}",
    "loop": "{% for x in [1, 1] %}{{ loop.changed(x) }}{% endfor %}",
}
PARTIALS: Final = {
    "counter.j2": "{% set ns = namespace(n=0) %}{% macro next() %}"
    "{% set ns.n = ns.n + 1 %}{{ ns.n }}{% endmacro %}",
    "cycle.j2": "{% set c = cycler(1, 2, 3) %}",
}


@pytest.mark.parametrize("source", STATEFUL.values(), ids=STATEFUL)
def test_rendering_again_gives_the_same(source: str) -> None:
    """A template keeps nothing of one render for the next."""
    template = JinjaEngine({}).compile(source, name="t", partials=PARTIALS)

    assert template.render({}) == template.render({})


def test_rendering_in_threads_gives_the_same() -> None:
    """One template can be rendered by many threads at once."""
    source = (
        "{% import 'counter' as c %}{% for i in range(n) %}{{ c.next() }}{% endfor %}"
    )
    template = JinjaEngine({}).compile(source, name="t", partials=PARTIALS)
    contexts: list[JsonObject] = [{"n": number % 7} for number in range(200)]

    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(template.render, contexts))

    assert texts == ["123456"[: number % 7] for number in range(200)]


def test_the_context_is_not_changed() -> None:
    """Whatever a template does, the context stays as it was."""
    context: JsonObject = {"Values": {"list": [3, 1, 2], "map": {"a": [1]}}, "x": 1}
    before = copy.deepcopy(context)
    source = (
        "{% set x = 2 %}{% set Values = {} %}{% set y = Values %}"
        "{% for x in [5] %}{% endfor %}{{ x }}"
    )
    other = "{{ Values.list|sort }}{{ Values.map|combine({'a': 2}) }}{{ Values|items }}"

    for text in (source, other):
        JinjaEngine({}).compile(text, name="t", partials={}).render(context)

    assert before == context


def test_partials_are_compiled_when_needed() -> None:
    """A partial that nobody includes may be broken."""
    partials = {"broken.j2": "{% if %}", "fine.j2": "fine"}
    source = "{% if x %}{% include 'broken' %}{% else %}{% include 'fine' %}{% endif %}"
    template = JinjaEngine({}).compile(source, name="t", partials=partials)

    assert template.render({"x": False}) == "fine"
    with pytest.raises(TemplateSyntaxError, match="expected an expression"):
        template.render({"x": True})


def test_partials_are_those_of_the_compilation() -> None:
    """Each template includes the partials that it was compiled with."""
    engine = JinjaEngine({})
    first = engine.compile("{% include 'p' %}", name="a", partials={"p": "1"})
    second = engine.compile("{% include 'p' %}", name="b", partials={"p": "2"})

    assert (first.render({}), second.render({}), first.render({})) == ("1", "2", "1")


def test_partials_are_copied() -> None:
    """Whoever changes the mapping of partials later changes no template."""
    partials = {"p": "1"}
    template = JinjaEngine({}).compile("{% include 'p' %}", name="a", partials=partials)
    partials["p"] = "2"

    assert template.render({}) == "1"


def test_partials_may_be_any_mapping() -> None:
    """Partials are read through the mapping protocol."""

    class Shelf(Mapping[str, str]):
        def __getitem__(self, key: str) -> str:
            return {"p.j2": "found"}[key]

        def __iter__(self) -> Iterator[str]:
            return iter(["p.j2"])

        def __len__(self) -> int:
            return 1

    template = JinjaEngine({}).compile("{% include 'p' %}", name="a", partials=Shelf())

    assert template.render({}) == "found"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain", "plain"),
        ("suffixed", "suffixed"),
        ("suffixed.j2", "suffixed"),
        ("plain.j2", "plain"),
        ("dir/nested", "nested"),
        ("both", "without"),
        ("both.j2", "with"),
    ],
)
def test_a_partial_may_be_named_without_its_suffix(name: str, expected: str) -> None:
    """The suffix `.j2` may be left out or added; the exact name comes first."""
    partials = {
        "plain": "plain",
        "suffixed.j2": "suffixed",
        "dir/nested.j2": "nested",
        "both": "without",
        "both.j2": "with",
    }
    source = f"{{% include '{name}' %}}"

    assert expected == JinjaEngine({}).compile(
        source, name="t", partials=partials
    ).render({})


def test_errors_survive_pickling() -> None:
    """An error keeps its place and its text on the way from another process."""
    template = JinjaEngine({}).compile("{{ Values.x }}", name="t", partials={})

    with pytest.raises(TemplateRuntimeError) as caught:
        template.render({"Values": {}})

    revived: ProvisionError = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - its own bytes
    assert caught.value.explain() == revived.explain()


def test_the_same_error_each_time() -> None:
    """A template that fails does so in the same way when it is rendered again."""
    template = JinjaEngine({}).compile("{{ 1 + x }}", name="t", partials={})
    errors = []

    for context in ({"x": "a"}, {"x": 1}, {"x": "a"}):
        try:
            template.render(context)  # type: ignore[arg-type]  # JSON
        except ProvisionError as error:
            errors.append(error.explain())

    assert len(errors) == 2
    assert errors[0] == errors[1]


def test_half_a_surrogate_pair_is_refused() -> None:
    """Text that no file can hold is refused, at the tag that prints it."""
    source = "fine {{ 'é' }}\n{{ Values.x }} {{ Values.y }}"
    template = JinjaEngine({}).compile(source, name="t", partials={})

    with pytest.raises(TemplateRuntimeError) as caught:
        template.render({"Values": {"x": "fine", "y": "\ud800"}})

    assert str(caught.value.at) == "t:2:26"


def test_keys_that_are_functions_elsewhere() -> None:
    """What the context holds comes before what the engine offers."""
    template = JinjaEngine({}).compile("{{ range }}", name="t", partials={})

    assert template.render({"range": "mine"}) == "mine"


def test_nothing_is_printed_for_an_unmet_inline_condition() -> None:
    """`a if b` without an `else` prints nothing, and is not there for all else."""
    engine = JinjaEngine({})
    template = engine.compile("[{{ 1 if x }}]", name="t", partials={})
    failing = engine.compile("{{ (1 if x).y }}", name="t", partials={})

    assert template.render({"x": False}) == "[]"
    with pytest.raises(TemplateRuntimeError, match="evaluated to false"):
        failing.render({"x": False})


@pytest.mark.parametrize("name", ["ä b'c\"{%.j2", "{x}", "\\", "\n"])
def test_any_name_of_a_file_will_do(name: str) -> None:
    """A file's name is never read as code."""
    source = "{% from 'p' import a %}{{ 1 if false }}{{ a }}"
    template = JinjaEngine({}).compile(source, name=name, partials={"p": ""})

    with pytest.raises(TemplateRuntimeError) as caught:
        template.render({})

    assert caught.value.at is not None
    assert name == caught.value.at.file


@pytest.mark.parametrize(
    ("source", "context"),
    [
        ("{{ Values[x] }}", {"Values": {"\x1b[31m": 1}, "x": "\x1b[31n"}),
        ("{{ Values[x] }}", {"Values": {}, "x": "\ud800"}),
        ("{{ Values[x] }}", {"Values": {}, "x": "x" * 10**6}),
        ("{{ x % 1 }}", {"x": "%\ud800"}),
        ("{{ x | sha256 }}", {"x": "\ud800"}),
        ("{{ x | from_json }}", {"x": "\u202e"}),
        ("{% include x %}", {"x": "\x1b]0;"}),
        ("{{ [1] | map(x) }}", {"x": "\ud800"}),
        ("{{ a \x1b }}", {}),
        ("{{ 'a' '\x1b[31m }}", {}),
        ("{% \u202efor %}", {}),
    ],
)
def test_messages_are_fit_to_be_shown(source: str, context: JsonObject) -> None:
    """No error carries control characters, halves of characters or whole files."""
    with pytest.raises(ProvisionError) as caught:
        JinjaEngine({}).compile(source, name="t", partials={}).render(context)

    shown = caught.value.explain()
    assert shown.replace("\n", "").isprintable()
    assert len(shown) < 1500


def test_there_need_not_be_much_room_on_the_stack() -> None:
    """Where Python's own recursion limit is near, it is an ordinary error as well."""
    engine = JinjaEngine({})
    source = "{{ " + "(" * 20 + "x.y" + ")" * 20 + " }}"
    template = engine.compile(source, name="t", partials={})

    def at_depth(depth: int, action: Callable[[], object]) -> object:
        return at_depth(depth - 1, action) if depth else action()

    room = sys.getrecursionlimit() - len(inspect.stack())
    for left in range(60, room, 50):
        with pytest.raises((TemplateRuntimeError, LimitExceededError)):
            at_depth(room - left, lambda: template.render({"x": {}}))
    with pytest.raises(LimitExceededError):
        at_depth(room - 100, lambda: engine.compile(source, name="t", partials={}))


def test_places_do_not_need_all_of_pythons_positions() -> None:
    """Without columns in Python's code, the line still leads to the word."""
    program = (
        "from provisionhub_jinja import JinjaEngine\n"
        "source = 'a\\n{{ b }}{{ x.y }}'\n"
        "template = JinjaEngine({}).compile(source, name='t', partials={})\n"
        "try:\n    template.render({'x': {}, 'b': 1})\n"
        "except Exception as error:\n    print(error.at)\n"
    )

    done = subprocess.run(
        [sys.executable, "-X", "no_debug_ranges", "-c", program],
        capture_output=True,
        check=True,
        text=True,
    )

    assert done.stdout == "t:2:13\n"
