"""Whatever a template tree holds, it renders or is refused with an error of ours."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisionhub.blueprint import BlueprintFile, Example, Subject
from provisionhub.errors import ProvisionError
from provisionhub.registry import engine_plugins
from provisionhub.renderer import Renderer
from provisionhub.tree import Mode, TreeLimits
from support.blueprints import MANIFEST, blueprint

LIMITS = TreeLimits(files=20, file_bytes=1000, total_bytes=5000)
PIECES = [
    "{{ Name }}", "{{ Values.a }}", "{{ Nmae }}", "{% if Values.a %}", "{% endif %}",
    "{% include 'p' %}", "{{#Values.a}}", "{{/Values.a}}", "{{> p}}", "{{", "}}", "{%",
    "..", ".git", "/", "a", "A", ".j2", ".mustache", "\r\n", "\n", " ", "é", "\ud800",
    "{{ Values.a * 99999 }}", "{{ Values }}",
]  # fmt: skip
TEXT = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
FILE = st.builds(
    BlueprintFile,
    TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(Mode),
)
NAME = TEXT.filter(lambda name: bool(name) and "\ud800" not in name)


@pytest.mark.parametrize("engine", sorted(engine_plugins()))
@settings(deadline=None)
@given(
    files=st.dictionaries(
        st.builds("{}{}".format, st.sampled_from(["template/", "partials/"]), NAME),
        FILE,
        max_size=4,
    ),
    value=st.none() | st.booleans() | st.integers() | TEXT | st.lists(TEXT, max_size=2),
)
def test_any_tree_renders_or_is_refused(
    engine: str, files: dict[str, BlueprintFile], value: bool | int | str | None
) -> None:
    """No tree of templates and no value raise anything but our own errors."""
    plugins = engine_plugins()
    manifest = MANIFEST.replace("jinja2", engine)

    with suppress(ProvisionError):
        found = blueprint(files, manifest=manifest)
        example = Example("x", "my-service", "my-team", {"a": value})
        accepted = found.accept(example.values)
        subject = Subject.of_example(example, found)
        Renderer(plugins, LIMITS).preview(found, accepted, subject)
