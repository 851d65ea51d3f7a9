"""Side by side with chevron, in the part of the language where chevron is right.

Left out on purpose: what chevron prints for lists, objects and booleans, sections
inside a list's section of the same name (it loses its place), blanks after a tag that
ends the template, tags indented by tabs, and partials amid a line.
"""

from __future__ import annotations

import chevron
from hypothesis import given, settings
from hypothesis import strategies as st

from provisionhub.jsontypes import JsonObject

from .conftest import Render

_WORDS = st.sampled_from(["x", "-", "- y", "<&>", "}", "{ z }", "é"])
_BLANKS = st.sampled_from(["", " ", "  "])
_ENDS = st.sampled_from(["", "\n", "\n\n"])
_VARIABLES = st.sampled_from(
    ["{{text}}", "{{ text }}", "{{{text}}}", "{{&text}}", "{{n}}", "{{o.text}}"]
)
_COMMENTS = st.sampled_from(["{{! c }}", "{{!}}"])
_OUTER = st.sampled_from(["items", "none", "o"])
_INNER = st.sampled_from(["yes", "no", "nothing"])


def _line(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(_BLANKS, parts, _BLANKS, _ENDS).map("".join)


def _section(
    names: st.SearchStrategy[str], inside: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    return st.builds(
        "{{{{{sigil}{name}}}}}{end}{inside}{blanks}{{{{/{name}}}}}{last}".format,
        sigil=st.sampled_from("#^"),
        name=names,
        end=_ENDS,
        inside=st.lists(inside, max_size=3).map("".join),
        blanks=_BLANKS,
        last=_ENDS,
    )


_LINES = _line(_WORDS | _VARIABLES | _COMMENTS)
_SECTIONS = _section(_OUTER, _LINES | _section(_INNER, _LINES))
_TEMPLATES = st.lists(_LINES | _SECTIONS, max_size=6).map(
    lambda pieces: "".join([*pieces, "\n"])
)


@settings(deadline=None)
@given(_TEMPLATES, st.text("ab<&>\"'", max_size=4), st.integers(1, 99))
def test_renders_like_chevron(
    render: Render, template: str, text: str, number: int
) -> None:
    """Variables, sections, comments and standalone lines render as in chevron."""
    context: JsonObject = {
        "text": text,
        "n": number,
        "yes": True,
        "no": False,
        "none": None,
        "nothing": [],
        "items": [{"text": "one"}, {"n": 2}],
        "o": {"text": "member"},
    }

    expected = chevron.render(template, context)

    assert expected == render(template, context, escape="html")
