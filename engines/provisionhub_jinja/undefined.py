"""Values that are not there, and where in which template they were not found."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import NoReturn

from jinja2 import ChainableUndefined, StrictUndefined, TemplateNotFound, Undefined
from jinja2.exceptions import UndefinedError
from jinja2.utils import missing

from provisionhub_jinja.kinds import Value


class UnknownNameError(Exception):
    """A filter or a test that a template names does not exist.

    Attributes:
        kind: ``filter`` or ``test``.
        wanted: The name that is not known.
        known: All that are.
    """

    def __init__(self, kind: str, wanted: str, known: Iterable[str]) -> None:
        super().__init__(wanted)
        self.kind = kind
        self.wanted = wanted
        self.known = known


class OffLimitsError(Exception):
    """A template reaches for something that no template may have.

    Attributes:
        owner: What it reaches into.
        name: What it reaches for.
    """

    def __init__(self, owner: object, name: str) -> None:
        super().__init__(name)
        self.owner = owner
        self.name = name


class PartialNotFoundError(TemplateNotFound):
    """A template names a partial that does not exist.

    Attributes:
        wanted: The name that is not known.
        known: All that are.
    """

    def __init__(self, wanted: str, known: Iterable[str]) -> None:
        super().__init__(wanted)
        self.wanted = wanted
        self.known = known


class UndefinedFailureError(UndefinedError):
    """Something was done with a value that is not there.

    Attributes:
        value: The undefined value, which knows its origin.
    """

    def __init__(self, value: Missing, message: str = "") -> None:
        super().__init__(message)
        self.value = value


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in the generated code a value was not found.

    Attributes:
        frame: The frame of the template's code.
        instruction: Index of the instruction that looked for the value.
    """

    frame: FrameType
    instruction: int

    @classmethod
    def find(cls, *, skip: int = 0) -> Origin | None:
        """Return the innermost template code that runs now, *skip* levels up."""
        frame = inspect.currentframe()
        while frame is not None:
            if "__jinja_template__" in frame.f_globals:
                if not skip:
                    return cls(frame, frame.f_lasti)
                skip -= 1
            frame = frame.f_back
        return None


class Missing(Undefined):
    """A value that is not there.

    Attributes:
        origin: Where it was not found.
    """

    __slots__ = ("origin",)

    def __init__(
        self,
        hint: str | None = None,
        obj: Value = missing,
        name: Value = None,
        exc: object = None,
    ) -> None:
        del exc
        self._undefined_hint = hint
        self._undefined_obj = obj
        self._undefined_name = name
        # Who calls a macro without an argument is wrong, not the macro.
        is_parameter = hint is not None and hint.startswith("parameter ")
        self.origin = Origin.find(skip=int(is_parameter)) or Origin.find()

    @property
    def explanation(self) -> str | None:
        """Jinja2's own words, if it has any."""
        return self._undefined_hint

    @property
    def owner(self) -> Value:
        """What was asked for the value; Jinja2's ``missing`` if it was a name."""
        return self._undefined_obj

    @property
    def name(self) -> Value:
        """The name, key or index that is not there."""
        return self._undefined_name

    def fail(self) -> NoReturn:
        """Raise the error for using this value."""
        raise UndefinedFailureError(self)

    @property
    def _undefined_exception(self) -> Value:  # type: ignore[override]
        return partial(UndefinedFailureError, self)

    @property
    def _undefined_message(self) -> str:
        return ""

    def __index__(self) -> NoReturn:  # noqa: PLE0305 - it never returns
        self.fail()


class StrictMissing(Missing, StrictUndefined):
    """A value that is not there, and with which nothing can be done."""

    __slots__ = ()


class EmptyMissing(Missing, ChainableUndefined):
    """A value that is not there, and is empty wherever it is looked into or printed."""

    __slots__ = ()


class Nothing(Missing):
    """What ``a if b`` without an ``else`` is when ``b`` is false: prints as nothing."""

    __slots__ = ()


class Forbidden(StrictMissing):
    """An attribute that exists in Python and that no template may have."""

    __slots__ = ()


class Method(Missing):
    """A method of a piece of data: there if it is called, and else not.

    So ``labels.items()`` works, and ``labels.items`` is a key that is not there.

    Attributes:
        function: What a call calls.
    """

    __slots__ = ("function",)

    def __init__(self, function: Callable[..., object], obj: object, name: str) -> None:
        super().__init__(None, obj, name)
        self.function = function


class StrictMethod(Method, StrictMissing):
    """A method that is an error unless it is called."""

    __slots__ = ()


class EmptyMethod(Method, EmptyMissing):
    """A method that is empty unless it is called."""

    __slots__ = ()
