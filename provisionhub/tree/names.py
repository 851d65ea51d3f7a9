"""Names that mean something to Git or to an operating system.

A repository made here is cloned on other people's machines: on Windows, on macOS,
with a file system that folds case, drops characters or gives short names. A name
that is harmless here may be ``.git`` or a device there.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Unicode's Default_Ignorable_Code_Point, version 15.1, DerivedCoreProperties.txt:
# they show nothing, and HFS+ takes names that differ in them alone for one name.
_IGNORABLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

# Windows gives `.git` the short name GIT~1 and `.gitmodules` GITMOD~1 or, once four
# names begin alike, a hash: GI7EBA~1. See is_ntfs_dotgit in Git's path.c
# (CVE-2014-9390, CVE-2019-1353).
_GIT_NAME: Final = re.compile(
    r"\.git|\.gitmodules|git~\d+|gitmod~\d+|g(?:i(?:7(?:e(?:ba?)?)?)?)?~\d+"
)

# Reserved in every folder and with any extension, such as `con.go`; see
# is_valid_win32_path in Git's compat/mingw.c.
_DEVICE: Final = re.compile(r"con|prn|aux|nul|com[1-9]|lpt[1-9]|conin\$|conout\$")

_STREAM_OR_EXTENSION: Final = re.compile(r"[.:]")


def fold(name: str) -> str:
    """Return the key under which some file system may find *name*.

    Unicode's compatibility caseless match (definition D146) without the default
    ignorables: names with one key may be one file somewhere.
    """
    folded = _IGNORABLE.sub("", unicodedata.normalize("NFD", name)).casefold()
    folded = unicodedata.normalize("NFKD", folded).casefold()
    return unicodedata.normalize("NFKC", folded)


def is_git_name(folded: str) -> bool:
    """Tell whether a folded name can stand for ``.git`` or ``.gitmodules``.

    NTFS drops trailing dots and blanks, and takes what follows a colon for a
    stream of the same file: ``.git::$INDEX_ALLOCATION`` is ``.git``.
    """
    return _GIT_NAME.fullmatch(folded.partition(":")[0].rstrip(". ")) is not None


def is_device_name(folded: str) -> bool:
    """Tell whether Windows takes a folded name for a device: ``nul``, ``com1.txt``."""
    stem = _STREAM_OR_EXTENSION.split(folded, maxsplit=1)[0]
    return _DEVICE.fullmatch(stem.rstrip(" ")) is not None
