"""The examples of functions: templates in a file, results from the engine.

A line of a file is ``name: template``, with ``⏎`` for a line end inside; a name may
have several. ``[kind]`` heads the names of one kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from provisionhub.engine import Engine
from provisionhub.errors import ProvisionError
from provisionhub.jsontypes import JsonObject
from tools.reference.markdown import code

CONTEXT: Final[JsonObject] = {
    "Name": "orders",
    "Namespace": "shop",
    "Values": {
        "title": "Orders & more",
        "port": 8080,
        "debug": False,
        "labels": {"tier": "web"},
        "ports": [{"port": 80, "public": True}, {"port": 9090, "public": False}],
        "partial": "greeting",
    },
}
"""What every example is rendered with."""

PARTIALS: Final = {
    "greeting": "Hello {{Name}}",
    "page": "<{{$title}}Untitled{{/title}}>",
}
"""What examples of Mustache include."""

_HOME: Final = Path(__file__).parent / "examples"
_LINE_END: Final = "⏎"


class Examples:
    """The examples for one engine.

    Args:
        file: The name of their file, without its suffix.
        engine: What renders them.
        partials: What they may include.
    """

    def __init__(
        self, file: str, engine: Engine, partials: Mapping[str, str] | None = None
    ) -> None:
        self._file = _HOME / f"{file}.txt"
        self._templates = _read(self._file)
        self._engine = engine
        self._partials = partials or {}

    def cells(self, kind: str, names: Iterable[str]) -> tuple[str, str]:
        """Return the examples of *names* and their results, as cells of a table.

        Raises:
            LookupError: If there is none.
        """
        known = self._templates[kind]
        templates = [each for name in names for each in known.get(name, ())]
        if not templates:
            raise LookupError(
                f"`{', '.join(names)}` needs an example under `[{kind}]`, {self._file}"
            )
        results = [self._result(template) for template in templates]
        return "<br>".join(map(code, templates)), "<br>".join(results)

    def _result(self, template: str) -> str:
        text = template.replace(_LINE_END, "\n")
        try:
            compiled = self._engine.compile(
                text, name="example", partials=self._partials
            )
            return code(compiled.render(CONTEXT))
        except ProvisionError as error:
            complaint = error.message.partition("error calling ")[2] or error.message
            return f"error: {complaint}"


def _read(file: Path) -> Mapping[str, Mapping[str, list[str]]]:
    read: dict[str, dict[str, list[str]]] = {}
    kind = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
            read[kind] = {}
        elif line:
            name, _, template = line.partition(": ")
            read[kind].setdefault(name, []).append(template)
    return read
