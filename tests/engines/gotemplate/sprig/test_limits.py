"""Calls whose result would be huge end as errors, before memory matters."""

from __future__ import annotations

import pytest

from support.go_rendering import complaint, render

_TEXT = "x" * 50_000


@pytest.mark.parametrize(
    "source",
    [
        '{{ repeat 1000000000 "x" }}',
        '{{ indent 1000000000 "x" }}',
        '{{ nindent 1000000000 "x" }}',
        "{{ until 1000000000 }}",
        "{{ until -1000000000 }}",
        "{{ untilStep 0 9223372036854775807 1 }}",
        "{{ seq 1000000000 }}",
        "{{ seq 0 1 1000000000 }}",
        '{{ replace "" .x .x }}',
        '{{ join .x (splitList "" .x) }}',
        "{{ wrapWith 1 .x .x }}",
        '{{ regexReplaceAll "" .x .x }}',
    ],
)
def test_bounds_what_a_call_makes(source: str) -> None:
    """The error names the size that was asked for and the limit."""
    assert "above the limit of" in complaint(source, {"x": _TEXT})


@pytest.mark.parametrize("call", ["deepCopy $d", "deepEqual $d $d", "mustToJson $d"])
def test_ends_at_a_dictionary_that_holds_itself(call: str) -> None:
    """What Go would follow for ever, or until its stack is full, is an error."""
    source = f'{{{{ $d := dict }}}}{{{{ $_ := set $d "a" $d }}}}{{{{ {call} }}}}'

    assert "nested deeper" in complaint(source)


def test_counts_what_aliases_of_yaml_multiply() -> None:
    """A document of a few lines that stands for billions of values is refused."""
    lines = ["a0: &a0 [x]"]
    for index in range(1, 12):
        aliases = ", ".join([f"*a{index - 1}"] * 10)
        lines.append(f"a{index}: &a{index} [{aliases}]")

    read = render("{{ (fromYaml .y).Error }}", {"y": "\n".join(lines)})

    assert read.endswith("document contains excessive aliasing")
