"""The error of a schema that can't be used."""

from __future__ import annotations


class SchemaError(ValueError):
    """A blueprint's schema is wrong, whatever the values.

    Args:
        message: What is wrong: lower case, no full stop.
        pointer: JSON Pointer (RFC 6901) to the place in the schema.
        hint: How to mend it.
        of_name: Whether it is the keyword's name that is wrong, and not its value.
    """

    def __init__(
        self,
        message: str,
        pointer: str,
        hint: str | None = None,
        of_name: bool = False,  # noqa: FBT001, FBT002 - positional, as args are pickled
    ) -> None:
        # All as args, so that the error survives pickling.
        super().__init__(message, pointer, hint, of_name)
        self.message = message
        self.pointer = pointer
        self.hint = hint
        self.of_name = of_name

    def __str__(self) -> str:
        return f"{self.message} (at `{self.pointer or '/'}` of the schema)"
