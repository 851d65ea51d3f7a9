"""The tags of the Mustache engine."""

from __future__ import annotations

from typing import Final

from provisionhub_mustache import MustacheEngine
from provisionhub_mustache.lexer import MEANINGS, SIGILS, Kind
from provisionhub_mustache.options import OPTIONS
from tools.reference.examples import PARTIALS, Examples
from tools.reference.markdown import code, page, section, sentence, table
from tools.reference.options import options_of

_SPECIAL: Final = {Kind.COMMENT: "{{! … }}", Kind.DELIMITERS: "{{=<% %>=}}"}


def write() -> str:
    """Return the page."""
    examples = Examples("mustache", MustacheEngine({}), PARTIALS)
    rows = [
        (
            ", ".join(map(code, _written(kind))),
            sentence(meaning),
            *examples.cells("tags", [kind.name]),
        )
        for kind, meaning in MEANINGS.items()
    ]
    partials = [f"{code(name)} is {code(text)}" for name, text in PARTIALS.items()]
    return page(
        "Mustache: options and tags",
        "Every tag that a template of the Mustache engine may hold, with an example;"
        " see also [the engine's page](../../engines/mustache.md).",
        options_of(OPTIONS),
        section(
            "Tags",
            "Mustache has no functions. All tags are its specification's.",
            table(("tag", "what it does", "example", "result"), rows),
            f"Of the partials that the examples include, {' and '.join(partials)}.",
        ),
    )


def _written(kind: Kind) -> list[str]:
    if kind in _SPECIAL:
        return [_SPECIAL[kind]]
    sigils = [sigil for sigil, meant in SIGILS.items() if meant is kind] or [""]
    return ["{{" + sigil + "name" + _closing(sigil) + "}}" for sigil in sigils]


def _closing(sigil: str) -> str:
    return {"{": "}", "=": "="}.get(sigil, "")
