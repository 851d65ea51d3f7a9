"""Attacks on the Mustache engine: attributes, files as partials, and bombs."""

from __future__ import annotations

from typing import Final

from provisionhub.jsontypes import JsonObject
from support.attacks.attack import Attack, End

_VALUES: Final[JsonObject] = {
    "text": "abc",
    "list": [0] * 200,
    "object": {"a": 1},
    "lambda": "{{text}}",
}

_NAMES: Final = (
    "__class__", "Values.__class__", "Values.text.__class__", "Values.text.upper",
    "Values.list.append", "Values.list.__len__", "Values.object.items",
    "Values.object.__class__.__mro__", "Meta.__init__.__globals__", "Name.format",
    "Values.object.keys", "Values.text.__doc__", "Name.0", "Values.list.sort",
)  # fmt: skip
_FILES: Final = (
    "/etc/passwd", "../../../etc/passwd", "file:///etc/passwd", "http://127.0.0.1/",
    "/proc/self/environ", "..", ".", "~/.ssh/id_rsa", "C:\\Windows\\win.ini",
)  # fmt: skip
_BOMBS: Final = {
    "sections multiply": "{{#Values.list}}" * 6 + "x" + "{{/Values.list}}" * 6,
    "sections multiply silently": "{{#Values.list}}" * 6 + "{{/Values.list}}" * 6,
    "deep sections": "{{#Values.object}}" * 5_000 + "{{/Values.object}}" * 5_000,
    "deep inverted": "{{^Values.no}}" * 5_000 + "{{/Values.no}}" * 5_000,
    "unclosed": "{{#Values.list}}" * 20_000,
    "open tags": "{{" * 50_000,
    "long name": "{{" + "a" * 500_000 + "}}",
    "long dotted name": "{{Values" + ".a" * 100_000 + "}}",
    "delimiters": "{{=<% %>=}}<%={{ }}=%>" * 20_000 + "{{nothing}}",
    "bad delimiters": "{{= = =}}" * 1_000,
}
_PARTIAL_BOMBS: Final = {
    "partial in itself": {"p.mustache": "{{> p}}"},
    "partial twice in itself": {"p.mustache": "{{> p}}{{> p}}"},
    "two partials in turn": {"p.mustache": "{{> q}}", "q.mustache": "{{> p}}{{> p}}"},
    "indented partial": {"p.mustache": "x\n    {{> p}}\n"},
    "parent in itself": {"p.mustache": "{{< p}}{{$a}}x{{/a}}{{/ p}}"},
}

ATTACKS: Final = [
    *(Attack(f"attribute: {name}", f"{{{{{name}}}}}", End.REFUSED, _VALUES)
      for name in _NAMES),
    *(Attack(f"attribute, raw: {name}", f"{{{{{{{name}}}}}}}", End.REFUSED, _VALUES)
      for name in _NAMES),
    *(Attack(f"section: {n}", f"{{{{#{n}}}}}x{{{{/{n}}}}}", End.HARMLESS, _VALUES)
      for n in _NAMES),
    *(Attack(f"partial: {name}", f"{{{{> {name}}}}}", End.REFUSED, _VALUES)
      for name in _FILES),
    *(Attack(f"parent: {n}", f"{{{{< {n}}}}}{{{{/ {n}}}}}", End.REFUSED, _VALUES)
      for n in _FILES),
    *(Attack(f"dynamic: {n}", "{{> *Values.name}}", End.REFUSED, {"name": n})
      for n in _FILES),
    *(Attack(f"bomb: {name}", text, End.ANY_ERROR, _VALUES)
      for name, text in _BOMBS.items()),
    *(Attack(f"bomb: {name}", "{{> p}}", End.ANY_ERROR, _VALUES, partials)
      for name, partials in _PARTIAL_BOMBS.items()),
    Attack("text of a value is data", "{{Values.lambda}}", End.HARMLESS, _VALUES),
]  # fmt: skip
