"""Constant formats of ``printf`` as f-strings, for arguments of the usual types."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from provisionhub_gotemplate.compiled.values import (
    Names,
    Value,
    all_of,
    bind,
    either,
    formatted,
    is_type,
    joined,
    local,
)
from provisionhub_gotemplate.quoting import quote

_LONG_TEXT: Final = 10_000
"""Characters from which on the general ``printf`` is called, which counts them."""

_VERB: Final = re.compile(
    r"%(?P<flags>[-0]?)(?P<width>(?:[1-9]\d{0,2})?)(?P<precision>\.\d{1,2})?(?P<verb>.)"
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A verb: how Python spells it.

    Attributes:
        kind: The type of argument that it suits.
        specification: For Python's ``format``.
        quoted: Whether the argument is quoted first.
    """

    kind: type
    specification: str
    quoted: bool = False


def inline_format(
    text: str, arguments: Sequence[Value], names: Names, general: ast.expr
) -> ast.expr | None:
    """Return ``printf text arguments`` without a call, if the format is plain.

    Args:
        text: The format.
        arguments: Its arguments.
        names: Where names come from.
        general: The function for arguments of other types.
    """
    pieces = _pieces(text)
    if pieces is None or sum(isinstance(p, _Piece) for p in pieces) != len(arguments):
        return None
    may_grow = _may_grow(pieces)
    parts: list[ast.expr] = []
    tests: list[ast.expr] = []
    values: list[ast.expr] = []
    waiting = iter(arguments)
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(ast.Constant(piece))
            continue
        name = names.fresh("p")
        test = _test(piece, name, next(waiting).node)
        if may_grow and piece.kind is str:
            test = ast.BoolOp(ast.And(), [test, _is_short(local(name))])
        tests.append(test)
        values.append(local(name))
        node: ast.expr = local(name)
        parts.append(
            formatted(
                names.call(quote, node) if piece.quoted else node, piece.specification
            )
        )
    if not tests:
        return joined(parts)
    slow = ast.Call(general, [ast.Constant(text), *values], [])
    return either(all_of(tests), joined(parts), slow)


def _may_grow(pieces: Sequence[str | _Piece]) -> bool:
    """Whether what is made may be twice as long as an argument, or longer."""
    texts = [
        piece for piece in pieces if isinstance(piece, _Piece) and piece.kind is str
    ]
    return len(texts) > 1 or any(piece.quoted for piece in texts)


def _is_short(node: ast.expr) -> ast.expr:
    """Return the test that a text may be part of another without being counted."""
    length = ast.Call(local("len"), [node], [])
    return ast.Compare(length, [ast.Lt()], [ast.Constant(_LONG_TEXT)])


def _test(piece: _Piece, name: str, node: ast.expr) -> ast.expr:
    """Return the test that *node*, then called *name*, suits *piece*."""
    test = is_type(bind(name, node), piece.kind)
    if piece.kind is not float:
        return test
    # Neither infinite nor no number: Go spells these otherwise.
    zero = ast.BinOp(local(name), ast.Sub(), local(name))
    finite = ast.Compare(zero, [ast.Eq()], [ast.Constant(0.0)])
    return ast.BoolOp(ast.And(), [test, finite])


def _pieces(text: str) -> list[str | _Piece] | None:
    """Return texts and verbs in order; nothing if one verb is not plain."""
    pieces: list[str | _Piece] = []
    position = 0
    while (start := text.find("%", position)) >= 0:
        if start > position:
            pieces.append(text[position:start])
        found = _VERB.match(text, start)
        piece = None if found is None else _piece(found)
        if found is None or piece is None:
            return None
        pieces.append(piece)
        position = found.end()
    if position < len(text):
        pieces.append(text[position:])
    return pieces


def _piece(found: re.Match[str]) -> str | _Piece | None:
    verb, flags = found["verb"], found["flags"]
    width, precision = found["width"], found["precision"]
    if found[0] == "%%":
        return "%"
    left = "<" if flags == "-" else ">"
    if verb == "f":
        align = "0" if flags == "0" else left
        return _Piece(float, f"{align}{width}{precision or '.6'}f")
    if precision:
        return None
    if verb in {"s", "q"} and flags != "0":
        specification = f"{left}{width}" if width else ""
        return _Piece(str, specification, quoted=verb == "q")
    if verb in {"d", "x"}:
        align = "0" if flags == "0" else left
        return _Piece(int, f"{align}{width}{verb}" if width or verb == "x" else "")
    return None
