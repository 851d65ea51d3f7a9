"""The few calls into the Linux kernel for which Python has no function of its own."""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import sys
from functools import cache
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_NO_NEW_PRIVS: Final = 38

_SECCOMP: Final = {"x86_64": 317, "aarch64": 277}
_SECCOMP_SET_MODE_FILTER: Final = 1
_SECCOMP_FILTER_FLAG_TSYNC: Final = 1

_LANDLOCK_CREATE_RULESET: Final = 444
_LANDLOCK_RESTRICT_SELF: Final = 446
_LANDLOCK_CREATE_RULESET_VERSION: Final = 1

# Rights by the ABI that brought them: 13 for files, then REFER, TRUNCATE, IOCTL_DEV.
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NEWEST_FILE_RIGHTS: Final = 5
_NETWORK_SINCE: Final = 4  # TCP bind and connect
_SCOPES_SINCE: Final = 6  # abstract sockets and signals


def machine() -> str | None:
    """Return the architecture if there are filters for it: x86_64 or aarch64."""
    name = os.uname().machine if sys.platform == "linux" else ""
    return name if name in _SECCOMP else None


def die_with_parent(parent: int) -> None:
    """Have this process killed when the thread that forked it ends.

    Args:
        parent: Id of the parent; if it is gone already, this process ends at once.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def forgo_privileges() -> None:
    """Take nothing from set-user-id programs, ever again; Landlock asks for it."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def forbid_inspection() -> None:
    """Let no other process of this user read the memory or attach a debugger."""
    _prctl(_PR_SET_DUMPABLE, 0)


def landlock_abi() -> int:
    """Return the Landlock ABI of this kernel, 0 where there is none."""
    if machine() is None:
        return 0
    found = _libc().syscall(
        _LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_CREATE_RULESET_VERSION
    )
    return max(0, int(found))


def deny_files_and_network(abi: int) -> None:
    """Handle every right that *abi* knows, and grant none.

    Raises:
        OSError: If the kernel refuses.
    """
    rights = _FILE_RIGHTS[min(abi, _NEWEST_FILE_RIGHTS)]
    attributes = struct.pack("=Q", (1 << rights) - 1)
    if abi >= _NETWORK_SINCE:
        attributes += struct.pack("=Q", 0b11)
    if abi >= _SCOPES_SINCE:
        attributes += struct.pack("=Q", 0b11)
    ruleset = _checked(
        _libc().syscall(_LANDLOCK_CREATE_RULESET, attributes, len(attributes), 0)
    )
    try:
        _checked(_libc().syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)


def filter_calls(program: bytes) -> None:
    """Put every later system call of this process through the BPF *program*.

    Raises:
        OSError: If the kernel refuses.
    """
    code = ctypes.create_string_buffer(program, len(program))
    described = _Program(len(program) // 8, ctypes.addressof(code))
    _checked(
        _libc().syscall(
            _SECCOMP_CALL,
            _SECCOMP_SET_MODE_FILTER,
            _SECCOMP_FILTER_FLAG_TSYNC,
            ctypes.byref(described),
        )
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, value: int) -> None:
    _checked(_libc().prctl(option, value, 0, 0, 0))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


# Known before any filter stands: a locked process may not ask.
_SECCOMP_CALL: Final = _SECCOMP.get(machine() or "", -1)
