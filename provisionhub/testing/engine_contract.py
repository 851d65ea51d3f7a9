"""The suite that every template engine passes, the built-in ones and yours.

Subclass it in a test module and say how the language writes a few things::

    class TestMustache(EngineContract):
        engine = MustacheEngine
        broken = "{{#open}}"

        def show(self, path: str) -> str:
            return "{{" + path + "}}"

        def include(self, name: str) -> str:
            return "{{> " + name + "}}"

        def guard(self, path: str, text: str) -> str:
            return "{{#" + path + "}}" + text + "{{/" + path + "}}"

pytest then runs one test for each clause of the contract, named after it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar, Final

import pytest

from provisionhub.engine import Engine, Template
from provisionhub.errors import (
    InvalidBlueprintError,
    LimitExceededError,
    PlacedError,
    TemplateError,
    TemplateRuntimeError,
    TemplateSyntaxError,
)
from provisionhub.jsontypes import JsonObject
from provisionhub.outline import NOTHING, Outline, Outlines, Use

_CONTEXT: Final[JsonObject] = {
    "Name": "orders",
    "Namespace": "shop",
    "Values": {
        "text": "plain",
        "items": ["a", "b"],
        "keys": "a key of the user's",
        "nested": {"deep": "found"},
        "count": 3,
    },
    "Meta": {"run_id": "r-1"},
}

_FIDELITY: Final = {
    "nothing": "",
    "one line": "text",
    "trailing line end": "text\n",
    "two trailing line ends": "text\n\n",
    "only line ends": "\n\n\n",
    "CR LF": "a\r\nb\r\n",
    "mixed line ends": "a\r\nb\nc\rd",
    "tabs and trailing blanks": "\ta  \n  b\t\n",
    "Unicode": "é世界 \U0001f600 a\u0301\u00a0\u2028\n",
    "byte order mark": "\ufefftext",
    "markup": "<a href='x'>\"&amp;\"</a>",
    "quotes and back-slashes": "'\"\\n\\\\`",
}

_ATTRIBUTES: Final = (
    "Name.__class__",
    "Name.upper",
    "Values.__class__",
    "Values.__class__.__mro__",
    "Values.__init__.__globals__",
    "Values.items.append",
    "Values.items.__len__",
    "Values.get",
    "Values.nested.pop",
    "Values.count.real",
    "Values.count.__class__",
)

_ESCAPES: Final = (
    "../secret",
    "../../etc/passwd",
    "/etc/passwd",
    "a/../../secret",
    "file:///etc/passwd",
    "~/secret",
    "absent",
)


class EngineContract:
    """One test for each clause of ``provisionhub.engine``'s contract.

    Attributes:
        engine: The engine's class.
        broken: A template that is not written in the language.
    """

    engine: ClassVar[type[Engine]]
    broken: ClassVar[str]

    def show(self, path: str) -> str:
        """Return the template that prints the value at *path*.

        Args:
            path: Names with dots between them, such as ``Values.nested.deep``.
        """
        raise NotImplementedError

    def include(self, name: str) -> str | None:
        """Return the template that includes the partial called *name*.

        None, which is the default, says that the language can't include.
        """
        del name
        return None

    def guard(self, path: str, text: str) -> str | None:
        """Return the template that renders *text* if the value at *path* is true.

        None, which is the default, says that the language has no conditions.
        """
        del path, text
        return None

    def default(self, path: str) -> str | None:
        """Return the template that prints the value at *path*, absent or not.

        None, which is the default, says that the language can't.
        """
        del path
        return None

    def test_suffix_is_an_extension(self) -> None:
        """``suffix`` is a dot and a name: files that end in it are templates."""
        assert self.engine.suffix.startswith(".")
        assert len(self.engine.suffix) > 1
        assert "/" not in self.engine.suffix

    def test_unknown_option_is_refused(self) -> None:
        """An option that the engine doesn't know is an error, never ignored."""
        with pytest.raises(InvalidBlueprintError, match="no_such_option"):
            self.engine({"no_such_option": True})

    @pytest.mark.parametrize("text", _FIDELITY.values(), ids=_FIDELITY)
    def test_text_without_tags_is_kept(self, text: str) -> None:
        """Text without tags renders to itself, line ends and all."""
        assert self._render(text) == text

    @pytest.mark.parametrize("text", _FIDELITY.values(), ids=_FIDELITY)
    def test_value_is_printed_as_it_is(self, text: str) -> None:
        """A value is printed without escaping, wherever it stands in a line."""
        context: JsonObject = {**_CONTEXT, "Name": text}

        assert self._render(f"a {self.show('Name')} z", context) == f"a {text} z"

    @pytest.mark.parametrize("around", ["\n%s\n", "\r\n%s\r\n", "é %s é", "%s%s"])
    def test_text_around_a_tag_is_kept(self, around: str) -> None:
        """What stands around a tag keeps its line ends and its blanks."""
        text = around.replace("%s", self.show("Values.text"))

        assert self._render(text) == around.replace("%s", "plain")

    def test_nested_value_is_found(self) -> None:
        """A path leads through objects."""
        assert self._render(self.show("Values.nested.deep")) == "found"

    def test_users_key_comes_before_any_attribute(self) -> None:
        """``Values.keys`` is the user's own key, whatever Python calls so."""
        assert self._render(self.show("Values.keys")) == "a key of the user's"

    @pytest.mark.parametrize("path", _ATTRIBUTES)
    def test_no_attribute_is_reached(self, path: str) -> None:
        """A Python attribute is no more there than any other missing name."""
        with pytest.raises(TemplateError):
            self._render(self.show(path))

    def test_value_is_never_a_template(self) -> None:
        """Tags inside a value are printed, not followed."""
        tag = self.show("Namespace")
        context: JsonObject = {**_CONTEXT, "Name": tag}

        assert self._render(self.show("Name"), context) == tag

    def test_undefined_name_is_an_error_at_its_place(self) -> None:
        """An undefined name is an error, with file, line and column."""
        error = self._failure(f"first\n  {self.show('Values.absent')}\n")

        assert isinstance(error, TemplateRuntimeError)
        _check_place(error, "main", line=2, columns=range(3, 3 + 40))
        assert "absent" in error.message

    def test_place_counts_characters(self) -> None:
        """Columns are counted in characters, whatever is before the tag."""
        before = "é世\U0001f600 "
        plain = self._failure(f"xxxx{self.show('Values.absent')}")
        wide = self._failure(f"{before}{self.show('Values.absent')}")

        assert plain.at is not None
        assert wide.at is not None
        assert wide.at.column == plain.at.column

    def test_place_is_the_same_after_cr_lf(self) -> None:
        """A line that ends in CR LF counts as one."""
        error = self._failure(f"a\r\nb\r\n{self.show('Values.absent')}\r\n")

        _check_place(error, "main", line=3, columns=range(1, 40))

    def test_broken_template_is_an_error_at_its_place(self) -> None:
        """What is not written in the language is an error of ``compile``."""
        with pytest.raises(TemplateSyntaxError) as caught:
            self._compile(f"first\n{self.broken}")

        _check_place(caught.value, "main", line=2, columns=range(1, 80))

    def test_error_shows_its_line(self) -> None:
        """An error's explanation holds the line it stands in, and a caret."""
        error = self._failure(f"first\nsecond {self.show('Values.absent')}\n")

        assert f"second {self.show('Values.absent')}" in error.explain()
        assert "^" in error.explain()

    def test_equal_values_give_equal_text(self) -> None:
        """A template is pure: what it rendered before makes no difference."""
        template = self._compile(self._everything(), self._partials())
        first = template.render(copy.deepcopy(_CONTEXT))
        other = template.render({**_CONTEXT, "Name": "another"})

        assert template.render(copy.deepcopy(_CONTEXT)) == first
        assert other != first

    def test_a_failure_leaves_nothing_behind(self) -> None:
        """A render that fails changes nothing for the next."""
        template = self._compile(self.show("Values.text"))
        with pytest.raises(TemplateError):
            template.render({"Values": {}})

        assert template.render(_CONTEXT) == "plain"

    def test_context_is_never_changed(self) -> None:
        """Rendering leaves the context as it was."""
        context = copy.deepcopy(_CONTEXT)

        self._render(self._everything(), context, self._partials())

        assert context == _CONTEXT

    def test_threads_do_not_meet(self) -> None:
        """One template renders in many threads at once, each its own values."""
        template = self._compile(self._everything(), self._partials())
        contexts: list[JsonObject] = [
            {**_CONTEXT, "Name": f"name-{number}"} for number in range(40)
        ]
        expected = [template.render(context) for context in contexts]

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(template.render, contexts)) == expected

    def test_partial_is_included(self) -> None:
        """A partial is included by its name, its suffix left out or not."""
        suffix = self.engine.suffix
        name = f"parts/greeting{suffix}"
        partials = {name: f"Hi {self.show('Name')}"}

        bare = self._render(self._include("parts/greeting"), partials=partials)
        whole = self._render(self._include(name), partials=partials)

        assert (bare, whole) == ("Hi orders", "Hi orders")

    @pytest.mark.parametrize("name", _ESCAPES)
    def test_only_partials_are_included(self, name: str) -> None:
        """A name that is no partial's is an error, whatever path it looks like."""
        text = self._include(name)

        with pytest.raises(TemplateError):
            self._render(text, partials={"greeting": "Hi"})

    def test_error_in_a_partial_names_the_partial(self) -> None:
        """A failure inside a partial has its place there."""
        name = f"part{self.engine.suffix}"
        text = f"\n\n{self._include('part')}"

        error = self._failure(text, {name: f"\n{self.show('Values.absent')}"})

        _check_place(error, name, line=2, columns=range(1, 40))

    def test_endless_inclusion_ends(self) -> None:
        """A partial that includes itself ends as an error, not as a crash."""
        partials = {f"loop{self.engine.suffix}": f"x{self._include('loop')}"}
        text = self._include("loop")

        with pytest.raises((TemplateError, LimitExceededError)):
            self._render(text, partials=partials)

    def test_broken_text_ends_as_an_error(self) -> None:
        """However often it is broken, a template is refused and no more."""
        with pytest.raises((TemplateError, LimitExceededError)):
            self._render(self.broken * 2_000)

    def test_names_are_reported(self) -> None:
        """``outline`` tells of each name that is printed, and of no other."""
        outline = self._outline(self._everything(), self._partials())

        reads = [read for read in outline.reads if read.use is not Use.BOUND]
        expected = {("Name",), ("Values", "text"), ("Values", "count")}
        assert {read.path for read in reads} == expected
        assert {read.use for read in reads} == {Use.PRINTED}
        assert not any(read.guards or read.has_default for read in reads)

    def test_reported_name_has_its_place(self) -> None:
        """A name's place covers the name, in the line in which it stands."""
        text = f"first\r\né {self.show('Values.nested.deep')}"
        [read] = self._outline(text).reads

        assert (read.at.file, read.at.line) == ("main", 2)
        start = read.at.column - 1
        assert "deep" in text.split("\n")[1][start : start + read.at.width]

    def test_text_without_tags_reads_nothing(self) -> None:
        """There is nothing to report of a text without tags."""
        for text in _FIDELITY.values():
            assert self._outline(text) == NOTHING

    def test_broken_template_reports_nothing(self) -> None:
        """``outline`` refuses what ``compile`` refuses, at its place."""
        with pytest.raises(TemplateSyntaxError) as caught:
            self._outline(f"first\n{self.broken}")

        _check_place(caught.value, "main", line=2, columns=range(1, 80))

    def test_name_in_a_partial_is_reported_there(self) -> None:
        """What a partial reads has its place there; the inclusion tells its key."""
        name = f"part{self.engine.suffix}"
        partials = {name: self.show("Name"), "unused": self.show("Namespace")}
        outline = self._outline(self._include("part"), partials)

        reads = [read for read in outline.reads if read.use is not Use.BOUND]
        assert [(read.path, read.at.file) for read in reads] == [(("Name",), name)]
        assert [inclusion.name for inclusion in outline.inclusions] == [name]

    def test_endless_inclusion_is_reported_once(self) -> None:
        """A partial that includes itself is followed once, or refused."""
        loop = f"{self.show('Name')}{self._include('loop')}"
        try:
            outline = self._outline(loop, {f"loop{self.engine.suffix}": loop})
        except LimitExceededError:
            return

        assert {("Name",)} <= {read.path for read in outline.reads}

    def test_guarded_name_is_reported_with_its_guard(self) -> None:
        """A name under a condition has the condition among its guards."""
        text = self.guard("Values.text", self.show("Name"))
        if text is None:
            pytest.skip("the language has no conditions")
        outline = self._outline(text)

        asked, printed = (
            [each for each in outline.reads if (each.use is Use.PRINTED) is is_printed]
            for is_printed in (False, True)
        )
        assert [read.path for read in asked] == [("Values", "text")]
        [read] = printed
        assert ("Name",) in (read.path, *read.otherwise)
        guards = [(guard.path, guard.holds) for guard in read.guards]
        assert guards == [(("Values", "text"), True)]
        assert [branch.guards for branch in outline.branches] == [read.guards]

    def test_defaulted_name_is_reported_as_such(self) -> None:
        """A name that may be absent where it is printed is known to be."""
        text = self.default("Values.absent")
        if text is None:
            pytest.skip("the language has no defaults")
        reached = [read for read in self._outline(text).reads if not read.guards]

        self._render(text)
        assert [read.path for read in reached] == [("Values", "absent")]
        assert [read.has_default for read in reached] == [True]

    def _outline(self, text: str, partials: Mapping[str, str] | None = None) -> Outline:
        engine = self.engine({})
        if not isinstance(engine, Outlines):
            pytest.skip("the engine doesn't tell what templates read")
        outline = engine.outline(text, name="main", partials=partials or {})
        again = engine.outline(text, name="main", partials=partials or {})
        assert outline == again, "the same text has another outline each time"
        return outline

    def _everything(self) -> str:
        parts = (self.show(path) for path in ("Name", "Values.text", "Values.count"))
        return "\n".join([*parts, self.include("part") or ""])

    def _partials(self) -> Mapping[str, str]:
        return {f"part{self.engine.suffix}": f"[{self.show('Name')}]"}

    def _include(self, name: str) -> str:
        text = self.include(name)
        if text is None:
            pytest.skip("the language can't include")
        return text

    def _compile(
        self, text: str, partials: Mapping[str, str] | None = None
    ) -> Template:
        return self.engine({}).compile(text, name="main", partials=partials or {})

    def _render(
        self,
        text: str,
        context: JsonObject | None = None,
        partials: Mapping[str, str] | None = None,
    ) -> str:
        wanted = _CONTEXT if context is None else context
        return self._compile(text, partials).render(wanted)

    def _failure(
        self, text: str, partials: Mapping[str, str] | None = None
    ) -> PlacedError:
        with pytest.raises(TemplateError) as caught:
            self._render(text, partials=partials)
        return caught.value


def _check_place(error: PlacedError, file: str, *, line: int, columns: range) -> None:
    assert error.at is not None, "the error has no place"
    assert (error.at.file, error.at.line) == (file, line)
    assert error.at.column in columns
