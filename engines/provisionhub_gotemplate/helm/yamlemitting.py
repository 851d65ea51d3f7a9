"""PyYAML's emitter, made to write scalars as Go's does.

Both descend from the same C library, and differ in a few places only.
"""

from __future__ import annotations

import re
from typing import Final

import yaml
from yaml.emitter import ScalarAnalysis
from yaml.events import ScalarEvent

from provisionhub_gotemplate.sprig.runes import to_bytes

_LONGEST_KEY: Final = 128
_LAST_PRINTABLE: Final = "\uffff"
_PRINTABLE: Final = re.compile(
    "[ -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]"
)


class GoDumper(yaml.Dumper):
    """Writes scalars as they are, where Go's emitter and PyYAML's differ as Go's."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, object]]] = {}  # noqa: RUF012 - PyYAML's

    def ignore_aliases(self, data: object) -> bool:
        """Write what stands in two places twice."""
        del data
        return True

    def analyze_scalar(self, scalar: str) -> ScalarAnalysis:
        r"""Take for special what Go does: ``\r`` and all beyond the first plane."""
        analysis = super().analyze_scalar(scalar)
        analysis.multiline = analysis.multiline or "\r" in scalar
        if scalar and max(scalar) > _LAST_PRINTABLE:
            analysis.allow_flow_plain = analysis.allow_block_plain = False
            analysis.allow_single_quoted = analysis.allow_block = False
        return analysis

    def check_simple_key(self) -> bool:
        """Whether the key goes without ``?``; the empty text does, unlike PyYAML's."""
        if not isinstance(self.event, ScalarEvent):
            return False
        key = self.event.value
        if self.analysis is None:
            self.analysis = self.analyze_scalar(key)
        return not self.analysis.multiline and len(to_bytes(key)) <= _LONGEST_KEY

    def write_double_quoted(self, text: str, split: bool = True) -> None:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Write *text* in double quotes; long lines are folded at spaces only."""
        self.write_indicator('"', need_whitespace=True)
        after_space = False
        for index, character in enumerate(text):
            is_space = character == " "
            is_inside = 0 < index < len(text) - 1
            is_too_long = self.column > self.best_width
            if is_space and split and is_inside and is_too_long and not after_space:
                self.write_indent()
                self._put("\\" if text[index + 1] == " " else "")
            else:
                self._put(character if is_space else _escaped(character))
            after_space = is_space
        self.write_indicator('"', need_whitespace=False)

    def _put(self, text: str) -> None:
        self.column += len(text)
        self.stream.write(text)


def _escaped(character: str) -> str:
    short = yaml.Dumper.ESCAPE_REPLACEMENTS.get(character)
    if short is not None and character != "\u00a0":
        return f"\\{short}"
    code = ord(character)
    if _PRINTABLE.match(character):
        return character
    if code <= 0xFF:  # noqa: PLR2004 - what two digits can tell
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if character <= _LAST_PRINTABLE else f"\\U{code:08X}"
