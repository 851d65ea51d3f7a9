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


class TemplateError(Exception):
    """A template failed.

    Attributes:
        template: The name of the template at fault.
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
        super().__init__(text)
        self.template = template
        self.line = line
        self.column = column

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle, so that the error passes from process to process."""
        return _restored, (
            type(self),
            str(self),
            self.template,
            self.line,
            self.column,
        )


def _restored(
    kind: type[TemplateError],
    text: str,
    template: str,
    line: int | None,
    column: int | None,
) -> TemplateError:
    return kind(text, template=template, line=line, column=column)


class ParseError(TemplateError):
    """A template could not be parsed; its text is Go's, to the letter."""


class ExecError(TemplateError):
    """A template failed while it was executed; its text is Go's, to the letter."""


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

    def __init__(
        self,
        text: str,
        *,
        limit: str,
        allowed: int,
        template: str = "",
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(text, template=template, line=line, column=column)
        self.limit = limit
        self.allowed = allowed

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle, bound included."""
        return _restored_limit, (str(self), self.limit, self.allowed, self.__dict__)


def _restored_limit(
    text: str, limit: str, allowed: int, state: dict[str, object]
) -> LimitError:
    error = LimitError(text, limit=limit, allowed=allowed)
    error.__dict__.update(state)
    return error
