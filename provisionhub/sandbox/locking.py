"""Locks a process for good, before it reads the first byte that is not trusted."""

from __future__ import annotations

import os
import resource
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import Flag, auto
from functools import cache
from math import ceil
from typing import Final, Self

from provisionhub.sandbox import kernel
from provisionhub.sandbox.bpf import Filter, render_filter, template_filter

_STACK: Final = 8 * 1024 * 1024
_FORKING_FILES: Final = 256
_SERVING_SECONDS: Final = 60
_NONE_OF: Final = ("RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE")


class Layer(Flag):
    """The layers of the lock; each stops something by itself."""

    PROCESS = auto()
    """No new privileges, not to be inspected, ends with its parent."""
    LANDLOCK = auto()
    """No file, no TCP port, no signal or abstract socket outside."""
    RLIMITS = auto()
    """Bounds on CPU time, memory, descriptors, processes and file sizes."""
    SECCOMP = auto()
    """No system call but those that computing takes."""

    @classmethod
    def whole(cls) -> Layer:
        """Return every layer."""
        return cls.PROCESS | cls.LANDLOCK | cls.RLIMITS | cls.SECCOMP

    @property
    def shown(self) -> str:
        """The layer's name, for people."""
        return str(self.name).lower().replace("|", ", ")

    @classmethod
    def here(cls) -> Layer:
        """Return the layers that this system can give."""
        layers = cls.RLIMITS
        if kernel.machine() is not None:
            layers |= cls.PROCESS | cls.SECCOMP
        if kernel.landlock_abi():
            layers |= cls.LANDLOCK
        return layers


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a process is locked with.

    Attributes:
        layers: The layers of the lock.
        cpu_seconds: CPU time; a render process has it for itself, a template
            process for loading and again for compiling.
        memory_bytes: Memory beyond what the process has when it is forked.
    """

    layers: Layer
    cpu_seconds: int
    memory_bytes: int

    _FORM = struct.Struct("!BIQ")
    LENGTH = _FORM.size

    def pack(self) -> bytes:
        """Return the bounds as bytes, always ``LENGTH`` of them."""
        return self._FORM.pack(self.layers.value, self.cpu_seconds, self.memory_bytes)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what ``pack`` was called on."""
        layers, cpu_seconds, memory_bytes = cls._FORM.unpack(data)
        return cls(Layer(layers), cpu_seconds, memory_bytes)


class Lock:
    """The lock of one template process and of the render processes it forks.

    Constructed in the process, before it is locked.

    Args:
        bounds: How tight it is.
        parent: Id of the process that forked this one.

    Attributes:
        parent: As it was given.
    """

    def __init__(self, bounds: Bounds, *, parent: int) -> None:
        self.parent = parent
        self._bounds = bounds
        self._memory = _OwnMemory()
        self._most_memory = self._memory.size() + 2 * bounds.memory_bytes

    def close_template_process(self) -> None:
        """Lock this process, which will fork others.

        Raises:
            OSError: If a layer can't be had.
        """
        bounds, layers = self._bounds, self._bounds.layers
        os.setpgid(0, 0)
        if layers & Layer.PROCESS:
            kernel.die_with_parent(self.parent)
            kernel.forbid_inspection()
        if layers & (Layer.PROCESS | Layer.LANDLOCK | Layer.SECCOMP):
            kernel.forgo_privileges()
        if layers & Layer.LANDLOCK:
            kernel.deny_files_and_network(kernel.landlock_abi())
        if layers & Layer.RLIMITS:
            for name in _NONE_OF:
                _limit(name, 0, 0)
            _limit("RLIMIT_STACK", _STACK, _STACK)
            _limit("RLIMIT_NOFILE", _FORKING_FILES, _FORKING_FILES)
            seconds = bounds.cpu_seconds
            _limit("RLIMIT_CPU", seconds, seconds + _SERVING_SECONDS)
            memory = self._memory.size() + bounds.memory_bytes
            self._limit_memory(memory, self._most_memory)
        if layers & Layer.SECCOMP:
            kernel.filter_calls(_filters()[0].for_process(os.getpid()))

    def allow_compiling(self) -> None:
        """Give a template process its CPU time anew; it took some to load."""
        if self._bounds.layers & Layer.RLIMITS:
            hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
            used = ceil(time.process_time())
            soft = min(hard, used + self._bounds.cpu_seconds)
            resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))

    def close_render_process(self, parent: int) -> None:
        """Lock this process, just forked from a locked one, once more.

        Args:
            parent: Id of the template process.

        Raises:
            OSError: If a layer can't be had.
        """
        bounds, layers = self._bounds, self._bounds.layers
        if layers & Layer.PROCESS:
            kernel.die_with_parent(parent)  # the rest is inherited, this is not
        if layers & Layer.RLIMITS:
            memory = min(self._memory.size() + bounds.memory_bytes, self._most_memory)
            self._limit_memory(memory, memory)
            _limit("RLIMIT_CPU", bounds.cpu_seconds, bounds.cpu_seconds + 1)
            _limit("RLIMIT_NPROC", 0, 0)
        self._memory.close()
        if layers & Layer.RLIMITS:
            _limit("RLIMIT_NOFILE", 0, 0)
        if layers & Layer.SECCOMP:
            kernel.filter_calls(_filters()[1].for_process(os.getpid()))

    def _limit_memory(self, soft: int, hard: int) -> None:
        if self._memory.is_known:
            _limit("RLIMIT_AS", soft, hard)


def prepare() -> None:
    """Build the filters, once, so that each fork has them."""
    if kernel.machine() is not None:
        _filters()


def become_nobody() -> None:
    """Give up root's identity where there is one to give up.

    Where the system forbids it, as in containers without the capability, the
    lock alone has to do.
    """
    if os.geteuid() != 0:
        return
    with suppress(OSError):
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)


_NOBODY: Final = 65534


class _OwnMemory:
    """The size of this process's address space, which a lock can't look up."""

    def __init__(self) -> None:
        try:
            self._file = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:  # macOS, where a limit on memory does not hold anyway
            self._file = -1
        self.is_known = self._file >= 0

    def size(self) -> int:
        """Return the size in bytes; a forked child has its parent's."""
        if self._file < 0:
            return 0
        pages = int(os.pread(self._file, 64, 0).split()[0])
        return pages * _PAGE

    def close(self) -> None:
        """Give the file back."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


_PAGE: Final = resource.getpagesize()


@cache
def _filters() -> tuple[Filter, Filter]:
    machine = kernel.machine() or "x86_64"
    return template_filter(machine), render_filter(machine)


def _limit(name: str, soft: int, hard: int) -> None:
    """Lower a resource limit, where this system knows it; never raise one."""
    kind = getattr(resource, name, None)
    if kind is None:
        return
    highest = resource.getrlimit(kind)[1]
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    resource.setrlimit(kind, (soft, hard))
