"""System calls by name, on the two architectures, and what becomes of each.

What is not listed here kills the process that asks for it.
"""

from __future__ import annotations

from typing import Final

AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""What the kernel calls each architecture in a filter's data."""

# fmt: off
NUMBERS: Final[dict[str, dict[str, int]]] = {
    "x86_64": {
        "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5,
        "lstat": 6, "poll": 7, "lseek": 8, "mmap": 9, "mprotect": 10, "munmap": 11,
        "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15,
        "ioctl": 16, "pread64": 17, "readv": 19, "writev": 20, "access": 21,
        "sched_yield": 24, "mremap": 25, "madvise": 28, "nanosleep": 35,
        "getpid": 39, "recvmsg": 47, "clone": 56, "exit": 60, "wait4": 61,
        "uname": 63, "fcntl": 72, "getdents": 78, "getcwd": 79, "readlink": 89,
        "gettimeofday": 96, "getrlimit": 97, "getrusage": 98, "sysinfo": 99,
        "times": 100, "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108,
        "getppid": 110, "sigaltstack": 131, "prctl": 157, "setrlimit": 160,
        "gettid": 186, "time": 201, "futex": 202, "sched_getaffinity": 204,
        "getdents64": 217, "restart_syscall": 219, "clock_gettime": 228,
        "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231,
        "tgkill": 234, "waitid": 247, "openat": 257, "newfstatat": 262,
        "readlinkat": 267, "faccessat": 269, "ppoll": 271, "set_robust_list": 273,
        "prlimit64": 302, "seccomp": 317, "getrandom": 318, "statx": 332,
        "rseq": 334, "openat2": 437, "faccessat2": 439,
    },
    "aarch64": {
        "getcwd": 17, "fcntl": 25, "ioctl": 29, "faccessat": 48, "openat": 56,
        "close": 57, "getdents64": 61, "lseek": 62, "read": 63, "write": 64,
        "readv": 65, "writev": 66, "pread64": 67, "ppoll": 73, "readlinkat": 78,
        "newfstatat": 79, "fstat": 80, "exit": 93, "exit_group": 94, "waitid": 95,
        "futex": 98, "set_robust_list": 99, "nanosleep": 101, "clock_gettime": 113,
        "clock_getres": 114, "clock_nanosleep": 115, "sched_getaffinity": 123,
        "sched_yield": 124, "restart_syscall": 128, "tgkill": 131,
        "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135,
        "rt_sigreturn": 139, "times": 153, "uname": 160, "getrlimit": 163,
        "setrlimit": 164, "getrusage": 165, "prctl": 167, "gettimeofday": 169,
        "getpid": 172, "getppid": 173, "getuid": 174, "geteuid": 175,
        "getgid": 176, "getegid": 177, "gettid": 178, "sysinfo": 179,
        "recvmsg": 212, "brk": 214, "munmap": 215, "mremap": 216, "clone": 220,
        "mmap": 222, "mprotect": 226, "madvise": 233, "wait4": 260,
        "prlimit64": 261, "seccomp": 277, "getrandom": 278, "statx": 291,
        "rseq": 293, "openat2": 437, "faccessat2": 439,
    },
}
"""The calls that a filter names, by architecture; what one lacks is left out."""

ALLOWED: Final = (
    "read", "write", "futex", "brk", "munmap", "mremap", "madvise", "readv",
    "writev", "close", "rt_sigreturn", "rt_sigprocmask", "sigaltstack",
    "clock_gettime", "clock_getres", "gettimeofday", "time", "getrandom", "getpid",
    "gettid", "sched_yield", "restart_syscall", "exit", "exit_group",
)
"""What computing and answering take."""

ALLOWED_TO_FORK: Final = (
    "recvmsg", "poll", "ppoll", "wait4", "waitid", "pread64", "set_robust_list",
    "seccomp", "setrlimit", "getppid",
)
"""What a process that forks render processes and locks them takes beyond that."""

DENIED: Final = (
    "open", "openat", "openat2", "stat", "fstat", "lstat", "newfstatat", "statx",
    "access", "faccessat", "faccessat2", "readlink", "readlinkat", "getcwd",
    "getdents", "getdents64", "lseek", "ioctl", "fcntl", "nanosleep",
    "clock_nanosleep", "poll", "ppoll", "pread64", "rt_sigaction", "uname",
    "getrlimit", "getrusage", "sysinfo", "times", "getuid", "getgid", "geteuid",
    "getegid", "getppid", "sched_getaffinity", "set_robust_list", "rseq", "prctl",
)
"""What lazy imports and libraries probe harmlessly: it fails with EPERM."""
# fmt: on
