"""Whatever a manifest says, it is accepted or refused with its place."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisionhub.documents import write_yaml
from provisionhub.errors import ProvisionError
from provisionhub.jsontypes import JsonObject, JsonValue
from support.blueprints import blueprint

SOUND: JsonObject = {
    "apiVersion": "provisionhub.io/v1",
    "name": "sample",
    "version": "1.2.0",
    "title": "Sample",
    "engine": "jinja2",
    "engine_options": {"trim_blocks": True},
    "types": ["component"],
    "schema": {
        "type": "object",
        "properties": {
            "port": {"type": "integer", "default": 80},
            "token": {"type": "string", "writeOnly": True},
        },
    },
    "files": [{"path": "a", "when": "true", "secrets": ["token"]}],
    "repository": {"default_branch": "main", "topics": ["x"], "commit_message": "m"},
}
ANYTHING: st.SearchStrategy[JsonValue] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["**", "../x", "{{", "{% if", "$ref", "\x00", "a/b", "/token"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=8)
            | st.sampled_from(
                ["$ref", "type", "properties", "default", "writeOnly", "pattern"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*SOUND, "x-own", "schma"])
            | st.sampled_from(["schema/properties", "files/0", "repository"]),
            ANYTHING,
        ),
        min_size=1,
        max_size=3,
    ),
    st.dictionaries(st.sampled_from(["port", "token", "x"]), ANYTHING, max_size=3),
)
def test_any_manifest_is_accepted_or_refused(
    changes: list[tuple[str, JsonValue]], values: JsonObject
) -> None:
    """No manifest, and no values with it, raise anything but our own errors."""
    manifest: JsonObject = dict(SOUND)
    for name, value in changes:
        manifest[name.split("/")[0]] = value

    with suppress(ProvisionError):
        blueprint({"template/a": "x"}, manifest=write_yaml(manifest)).accept(values)


@settings(deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda b: b.decode("latin")))
def test_any_text_is_no_blueprint(text: str) -> None:
    """No text in a manifest's place raises anything but our own errors."""
    with suppress(ProvisionError):
        blueprint({}, manifest=text.encode("utf-8", "replace").decode())
