"""Writes random templates after Go's grammar; most of them parse."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from tools.gotemplate import vocabulary

_DEEPEST: Final = 4


class Author:
    """Writes one set of templates; knows which variables and templates there are.

    Attributes:
        is_typed: Whether it also calls functions with types of their own.
    """

    def __init__(self, random: Random, *, is_typed: bool, prefix: str = "") -> None:
        self.is_typed = is_typed
        self._blocks = 0
        self._prefix = prefix
        self._random = random
        self._variables: list[str] = ["$"]
        self._templates: list[str] = []
        self._loops = 0

    def write(self) -> str:
        """Return the source of a template."""
        for _ in range(self._random.choice((0, 0, 1, 2))):
            self._templates.append(f"{self._prefix}d{len(self._templates)}")
        defined = "".join(
            self._definition(depth) for depth in range(len(self._templates))
        )
        body = self._body(0)
        return self._random.choice((defined + body, body + defined))

    def write_formats(self) -> str:
        """Return a source that prints values in random formats, and does no more."""
        return "\n".join(
            self._tag(
                f"printf {vocabulary.string_format(self._random)} "
                + " ".join(self._operand(2) for _ in range(self._random.randint(0, 3)))
            )
            for _ in range(3)
        )

    def write_pipeline(self) -> str:
        """Return a source of one action."""
        return self._tag(self._pipeline())

    def _definition(self, depth: int) -> str:
        """Return a definition, whose body calls earlier templates only."""
        everything, self._templates = self._templates, self._templates[:depth]
        variables, self._variables = self._variables, ["$"]
        head = self._tag(f'define "{everything[depth]}"')
        body = self._body(2)
        self._templates, self._variables = everything, variables
        return f"{head}{body}{self._tag('end')}"

    def _body(self, depth: int) -> str:
        known = len(self._variables)
        parts = []
        for _ in range(self._random.choice((1, 1, 2, 3 if depth < 2 else 1))):
            parts.append(vocabulary.text(self._random))
            parts.append(self._action(depth))
        parts.append(vocabulary.text(self._random))
        del self._variables[known:]
        return "".join(parts)

    def _tag(self, inside: str) -> str:
        """Return an action, with trim markers and blanks now and then."""
        left = self._random.choice(("{{", "{{", "{{", "{{ ", "{{- ", "{{-\n", "{{\n"))
        right = self._random.choice(("}}", "}}", "}}", " }}", " -}}", "\t-}}", "\n}}"))
        return f"{left}{inside}{right}"

    def _action(self, depth: int) -> str:
        simple: tuple[Callable[[int], str], ...] = (
            self._print, self._print, self._print, self._variable, self._template,
            self._comment, self._jump,
        )  # fmt: skip
        nested: tuple[Callable[[int], str], ...] = (
            self._if, self._if, self._with, self._range, self._range, self._block,
        )  # fmt: skip
        is_deep = depth >= _DEEPEST - 1
        return self._random.choice(simple if is_deep else simple + nested)(depth)

    def _print(self, _depth: int) -> str:
        return self._tag(self._pipeline())

    def _comment(self, _depth: int) -> str:
        return self._random.choice(
            ("{{/* c */}}", "{{- /* c\n */ -}}", "{{/**/ -}}", "{{- /* . */}}")
        )

    def _jump(self, _depth: int) -> str:
        is_allowed = self._loops or self._random.random() < 0.02
        words = ("break", "continue") if is_allowed else (".", "$", "1")
        return self._tag(self._random.choice(words))

    def _variable(self, _depth: int) -> str:
        pipeline = self._pipeline()
        if len(self._variables) > 1 and self._random.random() < 0.5:
            return self._tag(f"{self._random.choice(self._variables)} = {pipeline}")
        return self._tag(f"{self._declared()} := {pipeline}")

    def _declared(self) -> str:
        name = self._random.choice(("$x", "$y", "$v", "$long_1", "$é"))
        self._variables.append(name)
        return name

    def _template(self, _depth: int) -> str:
        if not self._templates:
            return self._print(0)
        name = self._random.choice(self._templates)
        argument = self._random.choice(("", " .", " $", f" {self._pipeline()}"))
        return self._tag(f'template "{name}"{argument}')

    def _block(self, depth: int) -> str:
        self._blocks += self._random.random() < 0.97
        name = f"{self._prefix}b{self._blocks}"
        head = self._tag(f'block "{name}" {self._pipeline()}')
        variables, self._variables = self._variables, ["$"]
        loops, self._loops = self._loops, 0
        body = self._body(depth + 1)
        self._variables, self._loops = variables, loops
        return f"{head}{body}{self._tag('end')}"

    def _condition(self) -> str:
        pipeline = self._pipeline()
        chance = self._random.random()
        if chance < 0.15:
            return f"{self._declared()} := {pipeline}"
        return pipeline

    def _if(self, depth: int) -> str:
        known = len(self._variables)
        parts = [self._tag(f"if {self._condition()}"), self._body(depth + 1)]
        while self._random.random() < 0.25:
            parts += [self._tag(f"else if {self._condition()}"), self._body(depth + 1)]
        return self._ended(parts, depth, known)

    def _with(self, depth: int) -> str:
        known = len(self._variables)
        parts = [self._tag(f"with {self._condition()}"), self._body(depth + 1)]
        while self._random.random() < 0.2:
            parts += [
                self._tag(f"else with {self._condition()}"),
                self._body(depth + 1),
            ]
        return self._ended(parts, depth, known)

    def _range(self, depth: int) -> str:
        known = len(self._variables)
        over = self._random.choice(
            (".l", ".ls", ".m", ".u", ".le", ".n", ".x", "3", "0", "-1", ".i", "$", ".",
             ".lm", "(len .s)", '"abc"', ".f", "$.u", "(slice .l 1)", self._operand(9))
        )  # fmt: skip
        head = self._random.choice(("", "", "one", "two", "set"))
        if head == "one":
            over = f"{self._declared()} := {over}"
        elif head == "two":
            over = f"{self._declared()}, {self._declared()} := {over}"
        elif head == "set":
            over = f"{self._random.choice(self._variables)} = {over}"
        self._loops += 1
        parts = [self._tag(f"range {over}"), self._body(depth + 1)]
        self._loops -= 1
        return self._ended(parts, depth, known)

    def _ended(self, parts: list[str], depth: int, known: int) -> str:
        if self._random.random() < 0.4:
            parts += [self._tag("else"), self._body(depth + 1)]
        del self._variables[known:]
        return "".join([*parts, self._tag("end")])

    def _pipeline(self, depth: int = 0) -> str:
        stages = self._random.choice((1, 1, 1, 1, 2, 2, 3))
        first = self._command(depth)
        rest = [self._call(depth, piped=True) for _ in range(stages - 1)]
        return self._random.choice((" | ", "|", " |\n")).join([first, *rest])

    def _command(self, depth: int) -> str:
        if self._random.random() < 0.45:
            return self._operand(depth)
        return self._call(depth, piped=False)

    def _call(self, depth: int, *, piped: bool) -> str:
        if not piped and self._random.random() < 0.5:
            ready = vocabulary.CALLS
            return self._random.choice(
                ready + vocabulary.TYPED_CALLS if self.is_typed else ready
            )
        functions = dict(vocabulary.ARGUMENTS)
        if self.is_typed:
            functions.update(vocabulary.TYPED)
        name, (least, most) = self._random.choice(list(functions.items()))
        count = max(self._random.randint(least, most) - piped, 0)
        if self._random.random() < 0.04:
            count = self._random.randint(0, 4)
        arguments = [self._operand(depth + 1) for _ in range(count)]
        if name == "printf" and self._random.random() < 0.95:
            arguments.insert(0, vocabulary.string_format(self._random))
        return " ".join([name, *arguments])

    def _operand(self, depth: int) -> str:
        chance = self._random.random()
        if chance < 0.5:
            return self._random.choice(("", "", "$")) + vocabulary.field(self._random)
        if chance < 0.7:
            return vocabulary.constant(self._random)
        if chance < 0.76:
            return "."
        if chance < 0.86 or depth > 1:
            ending = self._random.choice((*[""] * 12, ".a", ".m.b"))
            return f"{self._random.choice(self._variables)}{ending}"
        ending = self._random.choice((*[""] * 12, ".a", ".x.y"))
        return f"({self._pipeline(depth + 1)}){ending}"
