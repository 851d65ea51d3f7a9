"""What can go wrong in a Go template, with the very texts of Go.

::

    Exception
    ├── TemplateError       what a caller of this package catches
    │   ├── ParseError      the template is not one
    │   ├── ExecError       it failed while it ran
    │   └── OptionError     an option that Go would panic about
    └── FunctionError       raised by functions; becomes an ExecError
"""

from __future__ import annotations

import re
from typing import Final


class TemplateError(Exception):
    """A template failed.

    Attributes:
        template: The name of the text at fault.
        line: Where, counted from 1.
        column: The byte in that line, counted from 0; ``None`` where Go tells the
            line only.
    """

    def __init__(
        self,
        text: str,
        *,
        template: str = "",
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(_printable(text))
        self.template = template
        self.line = line
        self.column = column

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments live in __dict__, which the default would lose.
        return _revived, (type(self), self.args, self.__dict__)


_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NO_BYTE: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def _printable(text: str) -> str:
    """Return *text* with U+FFFD for each byte that is no part of UTF-8."""
    if not _SURROGATE.search(text):
        return text
    encoded = _NO_BYTE.sub("\ufffd", text).encode("utf-8", "surrogateescape")
    return _SURROGATE.sub("\ufffd", encoded.decode("utf-8", "surrogateescape"))


def _revived(
    kind: type[TemplateError], args: tuple[object, ...], state: dict[str, object]
) -> TemplateError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class ParseError(TemplateError):
    """A template could not be parsed; its text is Go's, to the letter."""


class ExecError(TemplateError):
    """A template failed while it was executed; its text is Go's, to the letter.

    Attributes:
        context: The piece of the template that failed, as the text quotes it.
    """

    context: str = ""


class OptionError(TemplateError):
    """An option is unknown; its text is what Go panics with."""


class FunctionError(Exception):
    """A function called by a template failed, as a Go function returns an error.

    The executor wraps it: ``error calling upper: <text>``.
    """


class LimitError(TemplateError):
    """A template asks for more than this engine grants; Go might have gone on.

    Attributes:
        limit: The name of the bound in ``limits``.
        allowed: What it grants.
    """

    limit: str = ""
    allowed: int = 0
