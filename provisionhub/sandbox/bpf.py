"""Builds seccomp filters: classic BPF programs over a system call's number.

A program's bytes are the same for every process but for its own id, so they are
built once and only that is filled in.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from provisionhub.sandbox.syscalls import (
    ALLOWED,
    ALLOWED_TO_FORK,
    AUDIT_ARCH,
    DENIED,
    NUMBERS,
)

_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_AND: Final = 0x54  # BPF_ALU | BPF_AND | BPF_K
_JUMP_IF_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_JUMP_IF_BITS: Final = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN: Final = 0x06  # BPF_RET | BPF_K

_KILL: Final = 0x80000000  # SECCOMP_RET_KILL_PROCESS
_ALLOW: Final = 0x7FFF0000
_EPERM: Final = 0x00050001  # SECCOMP_RET_ERRNO with EPERM

_NUMBER: Final = 0  # offsets into struct seccomp_data
_ARCHITECTURE: Final = 4
_ARGUMENTS: Final = 16
_X32: Final = 0x40000000

_PROT_EXEC: Final = 0x4
_SIGCHLD: Final = 17
_FORK_FLAGS: Final = 0x01200000  # CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID
_PR_SET_PDEATHSIG: Final = 1
_NOBODY: Final = 0x7FFFFFFF
"""Stands for the process's own id in a program that is not filled in yet."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A call that is allowed if an argument, masked, has a value.

    Attributes:
        call: The call's name.
        argument: Which of its arguments, from 0; its lower 32 bits count.
        mask: The bits that count.
        value: What they must be.
    """

    call: str
    argument: int
    mask: int
    value: int


_CONDITIONS: Final = (
    Condition("mmap", 2, _PROT_EXEC, 0),
    Condition("mprotect", 2, _PROT_EXEC, 0),
    Condition("tgkill", 0, 0xFFFFFFFF, _NOBODY),
)
_CONDITIONS_TO_FORK: Final = (
    Condition("clone", 0, 0xFFFFFFFF & ~_FORK_FLAGS, _SIGCHLD),
    Condition("prctl", 0, 0xFFFFFFFF, _PR_SET_PDEATHSIG),
    Condition("prlimit64", 0, 0xFFFFFFFF, 0),
)


@dataclass(frozen=True, slots=True)
class Filter:
    """A program in which the process's own id is still to be filled in."""

    program: bytes

    def for_process(self, process_id: int) -> bytes:
        """Return the program for the process *process_id*, 8 bytes an instruction."""
        own = _instruction(_JUMP_IF_EQUAL, process_id, 0, 1)
        return self.program.replace(_OWN, own)


def render_filter(machine: str) -> Filter:
    """Return the filter of a render process: compute, answer and exit.

    Args:
        machine: ``x86_64`` or ``aarch64``.
    """
    return _assemble(machine, ALLOWED, _CONDITIONS)


def template_filter(machine: str) -> Filter:
    """Return the filter of a template process: it forks render processes too."""
    allowed = (*ALLOWED, *ALLOWED_TO_FORK)
    return _assemble(machine, allowed, (*_CONDITIONS, *_CONDITIONS_TO_FORK))


def _assemble(
    machine: str, allowed: Iterable[str], conditions: Iterable[Condition]
) -> Filter:
    numbers = NUMBERS[machine]
    program = [
        _instruction(_LOAD, _ARCHITECTURE),
        _instruction(_JUMP_IF_EQUAL, AUDIT_ARCH[machine], 1, 0),
        _instruction(_RETURN, _KILL),
        _instruction(_LOAD, _NUMBER),
        _instruction(_JUMP_IF_BITS, _X32 if machine == "x86_64" else 0, 0, 1),
        _instruction(_RETURN, _KILL),
    ]
    for call in allowed:
        program += _answer(numbers.get(call), _ALLOW)
    for condition in conditions:
        program += _conditional(numbers[condition.call], condition)
    for call in DENIED:
        program += _answer(numbers.get(call), _EPERM)
    return Filter(b"".join([*program, _instruction(_RETURN, _KILL)]))


def _answer(number: int | None, action: int) -> list[bytes]:
    if number is None:
        return []
    return [_instruction(_JUMP_IF_EQUAL, number, 0, 1), _instruction(_RETURN, action)]


def _conditional(number: int, condition: Condition) -> list[bytes]:
    return [
        _instruction(_JUMP_IF_EQUAL, number, 0, 5),
        _instruction(_LOAD, _ARGUMENTS + 8 * condition.argument),
        _instruction(_AND, condition.mask),
        _instruction(_JUMP_IF_EQUAL, condition.value, 0, 1),
        _instruction(_RETURN, _ALLOW),
        _instruction(_RETURN, _KILL),
    ]


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


_OWN: Final = _instruction(_JUMP_IF_EQUAL, _NOBODY, 0, 1)
