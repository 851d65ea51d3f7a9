"""Writes random Jinja2 templates over a known context; most of them render."""

from __future__ import annotations

from random import Random
from typing import Final

from provisionhub.jsontypes import JsonObject

CONTEXT: Final[JsonObject] = {
    "Name": "shop",
    "Values": {
        "on": True,
        "off": False,
        "text": "a,b",
        "count": 2,
        "none": None,
        "list": ["x", "y"],
        "items": [
            {"name": "a", "on": True, "tags": ["t"]},
            {"name": "b", "on": False, "tags": []},
        ],
        "map": {"k": {"name": "c", "on": True}, "l": {"name": "d", "on": False}},
        "empty": [],
    },
}
"""What the templates may be rendered with."""

PARTIALS: Final = {
    "part": "{{ Values.text }}{{ it.name if it is defined else Name }}",
    "macros": "{% macro show(it, other='-') %}{{ it.name }}{{ other }}{% endmacro %}",
    "layout": "{{ Name }}{% block body %}{{ Values.count }}{% endblock %}",
}
"""What the templates may include."""

_DEEPEST: Final = 3
_TEXTS: Final = ("Name", "Values.text", "Values['text']", "Values.list[0]")
_LISTS: Final = ("Values.list", "Values.empty", "Values['list']")
_OBJECTS: Final = ("Values.map.k", "Values.map['l']", "Values.items[1]")
_FLAGS: Final = ("Values.on", "Values.off", "Values.none", "Values.absent is defined")


class Author:
    """Writes templates; knows which names hold texts, and which objects."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._texts = list(_TEXTS)
        self._objects = list(_OBJECTS)
        self._count = 0

    def write(self) -> str:
        """Return the source of a template."""
        start = self._random.choice(("", "", "", "{% extends 'layout' %}"))
        body = self._body(0)
        block = "{% block body %}" + self._body(1) + "{{ super() }}{% endblock %}"
        return start + (block if start else body)

    def _body(self, depth: int) -> str:
        known = len(self._texts), len(self._objects)
        body = "".join(self._tag(depth) for _ in range(self._random.randint(1, 3)))
        del self._texts[known[0] :], self._objects[known[1] :]
        return body

    def _tag(self, depth: int) -> str:
        tags = [self._print, self._print, self._set, self._include, self._call]
        if depth < _DEEPEST:
            inner = (self._if, self._for, self._for_pairs, self._with, self._macro)
            tags += [lambda tag=tag: tag(depth + 1) for tag in inner]  # type: ignore[misc]
        return self._random.choice(tags)()

    def _print(self) -> str:
        return "{{ " + self._text() + " }}"

    def _text(self, depth: int = 0) -> str:
        pick = self._random.choice
        simple = (
            pick(self._texts),
            pick(self._objects) + pick((".name", "['name']", ".get('name', '-')")),
        )
        if depth > _DEEPEST:
            return pick(simple)
        inner = self._text(depth + 1)
        return pick(
            (
                *simple,
                f"{inner} | {pick(('upper', 'default(Name)', 'quote', 'length'))}",
                f"({inner} if {self._flag()} else {self._text(depth + 1)})",
                f"({inner} or {self._text(depth + 1)})",
                f"({inner} ~ {self._text(depth + 1)})",
                f"({self._object()}).name",
                f"{self._items()} | map(attribute='name') | join('-')",
                f"{self._list()} | join(',')",
                f"{self._object()} | to_json",
                f"({self._items()} | selectattr('on') | list | first).name",
                f"({self._items()} | sort(attribute='name') | last).name",
                "Values.absent | default('none')",
            )
        )

    def _object(self) -> str:
        pick = self._random.choice
        one, other = pick(self._objects), pick(self._objects)
        return pick(
            (
                one,
                f"({one} if {self._flag()} else {other})",
                f"({one} or {other})",
                f"(Values.absent | default({one}))",
                f"Values.items[Values.count - {pick((1, 2))}]",
            )
        )

    def _list(self) -> str:
        pick = self._random.choice
        one = pick(_LISTS)
        text = pick(self._texts)
        return pick((one, f"({one} + {pick(_LISTS)})", f"{text}.split(',')"))

    def _items(self) -> str:
        return self._random.choice(
            ("Values.items", "(Values.items | reverse | list)", "Values.map.values()")
        )

    def _flag(self) -> str:
        pick = self._random.choice
        flag = pick(_FLAGS)
        text = pick(self._texts)
        return pick(
            (
                flag,
                f"not {flag}",
                f"({flag} and {pick(_FLAGS)})",
                f"({flag} or {pick(_FLAGS)})",
                f"{text} == 'a'",
                f"{text} in ['b', 'shop']",
                f"{pick(self._objects)}.on",
                f"{pick(_LISTS)} | length > 1",
                f"{text} is defined",
                "Values.none is none",
            )
        )

    def _new(self) -> str:
        self._count += 1
        return f"v{self._count}"

    def _set(self) -> str:
        name = self._new()
        if self._random.random() < 0.5:
            tag = f"{{% set {name} = {self._text()} %}}"
            self._texts.append(name)
            return tag
        tag = f"{{% set {name} = {self._object()} %}}"
        self._objects.append(name)
        return tag

    def _include(self) -> str:
        name = self._random.choice(("'part'", "['no', 'part']"))
        if self._random.random() < 0.5:
            return f"{{% include {name} %}}"
        bound = f"{{% with it = {self._object()} %}}"
        return f"{bound}{{% include {name} %}}{{% endwith %}}"

    def _call(self) -> str:
        call = f"m.show({self._object()}, {self._text()})"
        return f"{{% import 'macros' as m %}}{{{{ {call} }}}}"

    def _if(self, depth: int) -> str:
        other = f"{{% elif {self._flag()} %}}{self._body(depth)}"
        other = self._random.choice(("", other))
        last = self._random.choice(("", "{% else %}" + self._body(depth)))
        first = f"{{% if {self._flag()} %}}{self._body(depth)}"
        return f"{first}{other}{last}{{% endif %}}"

    def _for(self, depth: int) -> str:
        name, items = self._new(), self._items()
        test = self._random.choice(("", f" if {name}.on"))
        self._objects.append(name)
        body = self._body(depth)
        self._objects.remove(name)
        other = self._random.choice(("", "{% else %}" + self._body(depth)))
        return f"{{% for {name} in {items}{test} %}}{body}{other}{{% endfor %}}"

    def _for_pairs(self, depth: int) -> str:
        key, name = self._new(), self._new()
        pairs = self._random.choice((".items()", " | dictsort", " | items"))
        self._objects.append(name)
        self._texts.append(key)
        body = self._body(depth)
        self._objects.remove(name)
        self._texts.remove(key)
        return f"{{% for {key}, {name} in Values.map{pairs} %}}{body}{{% endfor %}}"

    def _with(self, depth: int) -> str:
        name = self._new()
        start = f"{{% with {name} = {self._object()} %}}"
        self._objects.append(name)
        body = self._body(depth)
        self._objects.remove(name)
        return f"{start}{body}{{% endwith %}}"

    def _macro(self, depth: int) -> str:
        macro, name = self._new(), self._new()
        self._objects.append(name)
        body = self._body(depth)
        self._objects.remove(name)
        define = f"{{% macro {macro}({name}) %}}{body}{{% endmacro %}}"
        return f"{define}{{{{ {macro}({self._object()}) }}}}"
