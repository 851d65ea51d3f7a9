"""Places in source texts and how they are shown."""

from __future__ import annotations

from provisionhub.source import Source

TEXT = "apiVersion: v1\nname: {{ .Name | uppr }}\nend\n"


def test_place_shows_lines_and_caret() -> None:
    """A place shows the lines around it, and a caret under each character meant."""
    shown = Source("deployment.yaml.tmpl", TEXT).locate(TEXT.index("uppr"), 4).show()

    assert shown == (
        "  --> deployment.yaml.tmpl:2:18\n"
        "    1 | apiVersion: v1\n"
        "    2 > name: {{ .Name | uppr }}\n"
        "                         ^^^^\n"
        "    3 | end"
    )
