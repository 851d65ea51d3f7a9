"""Cases for the Go engine: what a template makes of data, as real Go answered.

A file holds the cases of one subject. Text before the first case is a note::

    === name of the case
    @ {"options": ["missingkey=zero"]}
    {"A": 1}
    ---
    {{.A}}{{template "b" .}}
    --- b
    b
    >>> output
    1b

The line with ``@`` is optional (``options``, ``delims``, ``funcs``). The first template
is named ``t`` and is executed. What follows ``>>>`` is recorded by ``make oracle``:
``output``, ``output in base64`` (what is no UTF-8), ``parse error``, ``exec error`` or
``option error``. The line end before a mark belongs to the mark, and so does the empty
line before the next case.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from provisionhub.jsontypes import JsonObject, JsonValue

MAIN: Final = "t"
_NEXT: Final = re.compile(r"(?:\A|\n\n|\n)=== (?=[^\n]+\n)")
_MARK: Final = re.compile(r"\n(---|>>>)(?: ([^\n]+))?\n")


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a case: text, or an error of a phase."""

    text: str
    """The output, with bytes that are no UTF-8 as lone surrogates, or the error."""
    phase: str = ""
    """`parse`, `exec` or `option` if `text` is an error; else empty."""

    def block(self) -> str:
        """Return the answer as a case file has it."""
        if self.phase:
            return f">>> {self.phase} error\n{self.text}"
        raw = self.text.encode("utf-8", "surrogateescape")
        try:
            return f">>> output\n{raw.decode('utf-8')}"
        except UnicodeDecodeError:
            return f">>> output in base64\n{base64.b64encode(raw).decode('ascii')}"


@dataclass(frozen=True, slots=True)
class Case:
    """Templates, of which `t` is executed with data, and what came of it."""

    name: str
    templates: Mapping[str, str]
    data: JsonValue = None
    options: Sequence[str] = ()
    delims: Sequence[str] = ()
    funcs: str = "builtin"
    answer: Answer | None = None
    layout: str = field(default="", compare=False)
    """How the data is written in the file; empty: as JSON on one line."""

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a case, from its name to its answer."""
        name, _, rest = text.partition("\n")
        settings: JsonObject = {}
        if rest.startswith("@ "):
            line, _, rest = rest.removeprefix("@ ").partition("\n")
            settings = json.loads(line)
        layout, *parts = _MARK.split(f"{rest}\n")
        parts[-1] = parts[-1].removesuffix("\n")
        marks = list(zip(parts[::3], parts[1::3], parts[2::3], strict=True))
        answers = [_answer(what, said) for mark, what, said in marks if mark == ">>>"]
        return cls(
            name=name,
            templates={
                title or MAIN: body for mark, title, body in marks if mark == "---"
            },
            data=json.loads(layout),
            answer=answers[0] if answers else None,
            layout=layout,
            options=_texts(settings.get("options")),
            delims=_texts(settings.get("delims")),
            funcs=str(settings.get("funcs", "builtin")),
        )

    def text(self) -> str:
        """Return the case as a file has it."""
        settings = {
            key: value
            for key, value in (
                ("options", list(self.options)),
                ("delims", list(self.delims)),
                ("funcs", "" if self.funcs == "builtin" else self.funcs),
            )
            if value
        }
        head = [f"=== {self.name}"]
        if settings:
            head.append(f"@ {json.dumps(settings)}")
        head.append(self.layout or json.dumps(self.data, ensure_ascii=False))
        for title, body in self.templates.items():
            head.append(f"---\n{body}" if title == MAIN else f"--- {title}\n{body}")
        if self.answer is not None:
            head.append(self.answer.block())
        return "\n".join(head)


def _texts(value: JsonValue) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _answer(what: str, said: str) -> Answer:
    if what == "output":
        return Answer(said)
    if what == "output in base64":
        return Answer(base64.b64decode(said).decode("utf-8", "surrogateescape"))
    return Answer(said, what.removesuffix(" error"))


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file of cases, and the note at its head."""

    note: str
    cases: Sequence[Case]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file of cases."""
        with path.open(encoding="utf-8", newline="") as file:
            note, *cases = _NEXT.split(file.read().removesuffix("\n"))
        return cls(note, [Case.read(case) for case in cases])

    def save(self, path: Path) -> None:
        """Write the cases, each with its answer."""
        text = "\n\n".join([self.note, *(case.text() for case in self.cases)])
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(f"{text}\n")


def load_cases(folder: Path) -> Iterator[tuple[str, Case]]:
    """Yield every case below *folder*, with `file: name` to call it by."""
    for path in sorted(folder.glob("*.txt")):
        for case in CaseFile.load(path).cases:
            yield f"{path.stem}: {case.name}", case
