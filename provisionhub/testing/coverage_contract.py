"""The part of the engines' contract that is about coverage.

It is kept by engines that have what ``provisionhub.coverage.Covers`` asks for, and
skipped with the others.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

import pytest

from provisionhub.coverage import Covers, Kind, Region
from provisionhub.engine import Engine
from provisionhub.errors import TemplateError, TemplateSyntaxError
from provisionhub.jsontypes import JsonObject

_CONTEXT: Final[JsonObject] = {
    "Name": "orders",
    "Values": {"text": "plain", "on": True, "off": False},
}
_TEXTS: Final = ("", "text", "one\ntwo\r\n", "é世\U0001f600\n")


@dataclass(slots=True)
class _Reached:
    """What a watched template has told."""

    numbers: set[int] = field(default_factory=set)
    partials: dict[str, set[int]] = field(default_factory=dict)

    def tell(self, number: int) -> None:
        self.numbers.add(number)

    def tell_in(self, key: str, number: int) -> None:
        self.partials.setdefault(key, set()).add(number)


class CoverageContract:
    """One test for each clause of ``provisionhub.coverage.Covers``.

    Attributes:
        engine: The engine's class.
        broken: A template that is not written in the language.
    """

    engine: ClassVar[type[Engine]]
    broken: ClassVar[str]

    def show(self, path: str) -> str:
        """Return the template that prints the value at *path*."""
        raise NotImplementedError

    def include(self, name: str) -> str | None:
        """Return the template that includes the partial called *name*, or None."""
        raise NotImplementedError

    def guard(self, path: str, text: str) -> str | None:
        """Return the template that renders *text* if the value at *path* is true.

        None, which is the default, says that the language has no conditions.
        """
        del path, text
        return None

    @pytest.mark.parametrize("text", _TEXTS)
    def test_text_without_tags_is_one_region(self, text: str) -> None:
        """Text without tags is reached as a whole, and that is all."""
        reached = self._watch(text)

        whole = (Kind.TEXT, 0, 0, len(text))
        assert [_plain(region) for region in self._regions(text)] == [whole]
        assert reached.numbers == {0}

    def test_regions_are_inside_their_text(self) -> None:
        """The first region is the whole text; the others are parts of it."""
        text = f"é\n{self._asking('Values.on')}{self._asking('Values.off')}\n"

        whole, *others = self._regions(text)

        assert _plain(whole) == (Kind.TEXT, 0, 0, len(text))
        for region in others:
            assert region.kind in _ENGINES_KINDS
            assert 0 <= region.at <= region.start <= region.end <= len(text)
            assert region.what
            assert "\n" not in region.what

    def test_equal_texts_have_equal_regions(self) -> None:
        """Regions are numbered alike each time that they are asked for."""
        text = self._asking("Values.on")

        assert self._regions(text) == self._regions(text)

    def test_broken_template_has_no_regions(self) -> None:
        """What is not written in the language is an error with its place."""
        with pytest.raises(TemplateSyntaxError) as told:
            self._regions(f"first\n{self.broken}")

        assert told.value.at is not None
        assert (told.value.at.file, told.value.at.line) == ("main", 2)

    def test_output_is_a_region_that_is_reached(self) -> None:
        """A tag that writes a value is a region, at its place."""
        tag = self.show("Name")
        text = f"é\n {tag} "

        outputs = {
            number: text[region.start : region.end]
            for number, region in enumerate(self._regions(text))
            if region.kind is Kind.OUTPUT
        }

        assert list(outputs.values()) == [tag]
        assert set(outputs) <= self._watch(text).numbers

    def test_watched_template_renders_the_same(self) -> None:
        """Being watched changes nothing of the text, however often it is rendered."""
        engine, reached = self._covers(), _Reached()
        text, partials = self._whole_template()
        watched = engine.compile_watched(
            text,
            name="main",
            partials=partials,
            reached=reached.tell,
            reached_in=reached.tell_in,
        )
        ordinary = self.engine({}).compile(text, name="main", partials=partials)

        for number in range(3):
            context: JsonObject = {**_CONTEXT, "Name": f"name-{number}"}
            expected = ordinary.render(copy.deepcopy(context))
            assert watched.render(context) == expected

    def test_watched_template_fails_the_same(self) -> None:
        """A name that means nothing is the same error at the same place."""
        text = f"first\n {self.show('Values.absent')}"
        ordinary = self.engine({}).compile(text, name="main", partials={})

        with pytest.raises(TemplateError) as expected:
            ordinary.render(_CONTEXT)
        with pytest.raises(TemplateError) as told:
            self._watch(text)

        assert told.value.explain() == expected.value.explain()

    def test_partial_is_told_by_its_key(self) -> None:
        """What is reached of a partial is told by its key, and apart from the text."""
        used, unused = (f"{name}{self.engine.suffix}" for name in ("used", "unused"))
        text = self.include("used")
        if text is None:
            pytest.skip("the language can't include")
        partials = {used: self.show("Name"), unused: self.show("Name")}

        reached = self._watch(text, partials)

        assert set(reached.partials) == {used}
        assert reached.partials[used] == set(range(len(self._regions(partials[used]))))
        assert 0 in reached.numbers

    def test_branch_is_reached_if_it_is_taken(self) -> None:
        """A branch has two regions: of one rendering, one of them is reached."""
        if self.guard("Values.on", "") is None:
            pytest.skip("the language has no conditions")
        taken, left = self._asking("Values.on"), self._asking("Values.off")

        missed = self._missed(taken)
        assert [region.kind for region in missed] == [Kind.BRANCH]
        assert missed[0].start == missed[0].end, "what no text has ends at its start"
        (other,) = (r for r in self._missed(left) if r.kind is Kind.BRANCH)
        assert left[other.start : other.end] == f"<{self.show('Values.text')}>"

    def _asking(self, path: str) -> str:
        text = f"<{self.show('Values.text')}>"
        return self.guard(path, text) or text

    def _whole_template(self) -> tuple[str, Mapping[str, str]]:
        asking = [self._asking(path) for path in ("Values.on", "Values.off")]
        text = "\n".join(["é", self.show("Name"), *asking, self.include("part") or ""])
        return text, {f"part{self.engine.suffix}": f"[{self.show('Name')}]"}

    def _missed(self, text: str) -> list[Region]:
        numbers = self._watch(text).numbers
        regions = enumerate(self._regions(text))
        return [region for number, region in regions if number not in numbers]

    def _watch(self, text: str, partials: Mapping[str, str] | None = None) -> _Reached:
        reached = _Reached()
        template = self._covers().compile_watched(
            text,
            name="main",
            partials=partials or {},
            reached=reached.tell,
            reached_in=reached.tell_in,
        )
        template.render(_CONTEXT)
        return reached

    def _regions(self, text: str) -> tuple[Region, ...]:
        return self._covers().regions(text, name="main")

    def _covers(self) -> Covers:
        engine = self.engine({})
        if not isinstance(engine, Covers):
            pytest.skip("the engine has no coverage: see `provisionhub.coverage`")
        return engine


_ENGINES_KINDS: Final = (Kind.BRANCH, Kind.DEFINITION, Kind.LOOP, Kind.OUTPUT)


def _plain(region: Region) -> tuple[Kind, int, int, int]:
    return region.kind, region.at, region.start, region.end
