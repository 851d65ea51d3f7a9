"""Single paths that no tree may hold, from the public record and from the rules."""

from __future__ import annotations

import pytest

from provisionhub.errors import UnsafePathError
from provisionhub.tree import Entry, Tree, TreeLimits, check_tree

LIMITS = TreeLimits(files=100, file_bytes=1000, total_bytes=10_000)

CHARACTERS = [
    pytest.param("a\x00b", "control character (U+0000)", id="NUL"),
    pytest.param("a\tb", "control character (U+0009)", id="tab"),
    pytest.param("a\nb", "control character (U+000A)", id="line feed"),
    pytest.param("a\rb", "control character (U+000D)", id="carriage return"),
    pytest.param("\x1b[2Jb", "control character (U+001B)", id="terminal escape"),
    pytest.param("a\x7fb", "control character (U+007F)", id="delete"),
    pytest.param("a\x85b", "control character (U+0085)", id="next line"),
    pytest.param("a\x9bb", "control character (U+009B)", id="8-bit escape"),
    pytest.param("a\u2028b", "line separator", id="line separator"),
    pytest.param("a\u2029b", "paragraph separator", id="paragraph separator"),
    pytest.param(
        "exe\u202etxt.sh", "formatting character", id="right-to-left override"
    ),
    pytest.param("a\u202ab", "formatting character", id="left-to-right embedding"),
    pytest.param("a\u2066b", "formatting character", id="left-to-right isolate"),
    pytest.param("a\u2069b", "formatting character", id="pop isolate"),
    pytest.param("a\u200fb", "formatting character", id="right-to-left mark"),
    pytest.param("a\u061cb", "formatting character", id="Arabic letter mark"),
    pytest.param("a\u200bb", "formatting character", id="zero-width space"),
    pytest.param("a\u200db", "formatting character", id="zero-width joiner"),
    pytest.param("a\u00adb", "formatting character", id="soft hyphen"),
    pytest.param("\ufeffa", "formatting character", id="byte order mark"),
    pytest.param("a\U000e0041b", "formatting character", id="tag character"),
    pytest.param("a\ud800b", "surrogate", id="high surrogate"),
    pytest.param("a\udcffb", "surrogate", id="undecodable byte"),
    pytest.param("a\uf03ab", "private-use", id="WSL's colon"),
    pytest.param("a\U000f0000b", "private-use", id="private plane"),
    pytest.param("a\uffffb", "not assigned", id="noncharacter"),
    pytest.param("a\ufdd0b", "not assigned", id="noncharacter of Arabic"),
    pytest.param("a\u0378b", "not assigned", id="unassigned"),
    pytest.param("a\\b", "holds `\\`", id="back-slash"),
    pytest.param("..\\..\\b", "holds `\\`", id="back-slash traversal"),
    pytest.param("a:b", "holds `:`", id="colon"),
    pytest.param("C:/b", "holds `:`", id="drive"),
    pytest.param("C:b", "holds `:`", id="drive-relative"),
    pytest.param("a<b", "holds `<`", id="less-than"),
    pytest.param("a>b", "holds `>`", id="greater-than"),
    pytest.param('a"b', 'holds `"`', id="quotation mark"),
    pytest.param("a|b", "holds `|`", id="bar"),
    pytest.param("a?b", "holds `?`", id="question mark"),
    pytest.param("a*b", "holds `*`", id="star"),
]

SHAPES = [
    pytest.param("", "empty part", id="empty"),
    pytest.param("a//b", "empty part", id="double slash"),
    pytest.param("a/", "empty part", id="trailing slash"),
    pytest.param("/etc/passwd", "absolute", id="absolute"),
    pytest.param("//host/share", "absolute", id="network share"),
    pytest.param("/", "absolute", id="root"),
    pytest.param(".", "part `.`", id="dot"),
    pytest.param("a/./b", "part `.`", id="dot inside"),
    pytest.param("..", "part `..`", id="dot-dot"),
    pytest.param("../b", "part `..`", id="dot-dot first"),
    pytest.param("a/../../b", "part `..`", id="dot-dot inside"),
    pytest.param("a/..", "part `..`", id="dot-dot last"),
    pytest.param("a.", "dot or a blank", id="trailing dot"),
    pytest.param("a...", "dot or a blank", id="trailing dots"),
    pytest.param("a./b", "dot or a blank", id="folder's trailing dot"),
    pytest.param("a ", "dot or a blank", id="trailing blank"),
    pytest.param("a /b", "dot or a blank", id="folder's trailing blank"),
    pytest.param(" ", "dot or a blank", id="blank only"),
    pytest.param("a\u00a0", "dot or a blank", id="trailing no-break space"),
    pytest.param("a\u3000", "dot or a blank", id="trailing wide blank"),
    pytest.param("...", "dot or a blank", id="three dots"),
    pytest.param("\u2025/b", "stands for", id="two-dot leader"),
    pytest.param("\uff0e\uff0e/b", "stands for", id="wide dots"),
    pytest.param("..\uff0fb", "stands for", id="wide slash"),
    pytest.param("..\uff3cb", "stands for", id="wide back-slash"),
    pytest.param("\u3164", "invisible", id="Hangul filler only"),
    pytest.param("\ufe0f/b", "invisible", id="variation selector only"),
    pytest.param("x" * 256, "255 bytes", id="part of 256 bytes"),
    pytest.param("ü" * 128, "255 bytes", id="part of 128 two-byte letters"),
    pytest.param("/".join(["x" * 200] * 6), "1024 bytes", id="path of 1205 bytes"),
    pytest.param("x" * 1_000_000, "1024 bytes", id="path of a megabyte"),
    pytest.param("/".join("x" * 41), "41 levels", id="41 levels"),
]

GIT = [
    pytest.param(".git", id="itself"),
    pytest.param(".git/config", id="its configuration"),
    pytest.param(".git/hooks/post-checkout", id="its hooks"),
    pytest.param("a/.git/config", id="nested"),
    pytest.param(".Git/config", id="case, CVE-2014-9390"),
    pytest.param(".GIT/hooks/pre-commit", id="upper case, CVE-2014-9390"),
    pytest.param("git~1/config", id="short name, CVE-2014-9390"),
    pytest.param("GIT~1", id="upper short name"),
    pytest.param("git~2", id="second short name, CVE-2019-1353"),
    pytest.param("git~42/config", id="any short name"),
    pytest.param(".\uff47it", id="wide letter"),
    pytest.param("\uff0egit", id="wide dot"),
    pytest.param("\u2024git/config", id="one-dot leader"),
    pytest.param(".gi\u034ft", id="grapheme joiner"),
    pytest.param(".gi\ufe0ft", id="variation selector"),
    pytest.param(".g\u17b4it", id="Khmer inherent vowel"),
    pytest.param(".g\u2139t", id="information source sign"),
    pytest.param(".\U0001d420\U0001d422\U0001d42d", id="mathematical letters"),
    pytest.param(".git\uff1a\uff1a$INDEX_ALLOCATION", id="stream with wide colons"),
    pytest.param(".git\u2026", id="ellipsis for trailing dots"),
    pytest.param(".gitmodules", id="modules, CVE-2018-11235"),
    pytest.param("sub/.gitmodules", id="nested modules"),
    pytest.param(".GitModules", id="modules in another case, CVE-2018-11235"),
    pytest.param(".gitmodule\u017f", id="modules with a long s"),
    pytest.param("gitmod~1", id="short name of modules, CVE-2018-11235"),
    pytest.param("GITMOD~4", id="fourth short name of modules"),
    pytest.param("gi7eba~1", id="hashed short name of modules"),
    pytest.param("GI7EB~10", id="hashed short name with two digits"),
    pytest.param("gi7e~100", id="hashed short name, three digits"),
    pytest.param(".gitmodules/x", id="modules as a folder"),
]

SPELLINGS_CAUGHT_EARLIER = [
    pytest.param(".git.", id="trailing dot"),
    pytest.param(".git ", id="trailing blank, CVE-2014-9390"),
    pytest.param(".git . . ", id="trailing dots and blanks"),
    pytest.param(".git::$INDEX_ALLOCATION", id="stream, CVE-2019-1352"),
    pytest.param(".git:x/config", id="named stream, CVE-2019-1352"),
    pytest.param(".g\u200cit", id="zero-width non-joiner, CVE-2014-9390"),
    pytest.param(".g\u200dit/config", id="zero-width joiner, CVE-2014-9390"),
    pytest.param("\u206f.git", id="digit shapes, CVE-2014-9390"),
    pytest.param(".gi\ufefft", id="byte order mark, CVE-2014-9390"),
    pytest.param(".git\\config", id="back-slash, CVE-2019-1354"),
    pytest.param(".gitmodules ", id="modules with a blank, CVE-2018-11235"),
    pytest.param(".gitmodules::$DATA", id="modules' stream"),
    pytest.param(".git\u200emodules", id="modules with a mark"),
    pytest.param("a\\..\\.git\\hooks\\x", id="back-slash path, CVE-2019-1354"),
    pytest.param("sub/.git./config", id="nested trailing dot"),
]

DEVICES = [
    pytest.param("con", id="con"),
    pytest.param("CON", id="upper case"),
    pytest.param("con.go", id="con with an extension"),
    pytest.param("prn", id="prn"),
    pytest.param("aux.c", id="aux with an extension"),
    pytest.param("a/aux/b", id="aux as a folder"),
    pytest.param("nul", id="nul"),
    pytest.param("nul.tar.gz", id="nul with two extensions"),
    pytest.param("NUL .txt", id="nul with a blank"),
    pytest.param("com1", id="com1"),
    pytest.param("COM9.txt", id="com9"),
    pytest.param("com\u00b9", id="com with superscript one"),
    pytest.param("com\u00b2.txt", id="com with superscript two"),
    pytest.param("lpt1", id="lpt1"),
    pytest.param("lpt\u00b3", id="lpt with superscript three"),
    pytest.param("conin$", id="console input"),
    pytest.param("CONOUT$", id="console output"),
    pytest.param("\uff43on", id="wide letter"),
]


@pytest.mark.parametrize(("path", "rule"), CHARACTERS + SHAPES)
def test_refuses_path_and_names_the_rule(path: str, rule: str) -> None:
    """A hostile path is refused with a message that says which rule it breaks."""
    with pytest.raises(UnsafePathError) as caught:
        check_tree(Tree([Entry(path, b"")]), LIMITS)

    assert rule in caught.value.message


@pytest.mark.parametrize("path", GIT)
def test_refuses_names_that_are_git_s_own(path: str) -> None:
    """No spelling of ``.git`` and ``.gitmodules`` gets through as a harmless name."""
    with pytest.raises(UnsafePathError, match="Git's own"):
        check_tree(Tree([Entry(path, b"")]), LIMITS)


@pytest.mark.parametrize("path", SPELLINGS_CAUGHT_EARLIER)
def test_refuses_spellings_with_forbidden_characters(path: str) -> None:
    """Spellings that need a forbidden character or end fall to the plainer rules."""
    with pytest.raises(UnsafePathError):
        check_tree(Tree([Entry(path, b"")]), LIMITS)


@pytest.mark.parametrize("path", DEVICES)
def test_refuses_windows_devices(path: str) -> None:
    """A device name is refused in every case, folder and with every extension."""
    with pytest.raises(UnsafePathError, match="a device on Windows"):
        check_tree(Tree([Entry(path, b"")]), LIMITS)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("README.md", id="plain"),
        pytest.param(".gitignore", id="ignore file"),
        pytest.param(".gitattributes", id="attributes file"),
        pytest.param(".gitkeep", id="keep file"),
        pytest.param(".gitlab-ci.yml", id="GitLab pipeline"),
        pytest.param(".gitlab/agents/x/config.yaml", id="GitLab folder"),
        pytest.param(".github/workflows/ci.yml", id="GitHub folder"),
        pytest.param(".git-blame-ignore-revs", id="blame file"),
        pytest.param("git/config", id="git without a dot"),
        pytest.param("git~a", id="tilde without a number"),
        pytest.param("main.go~1", id="backup copy"),
        pytest.param("...a", id="leading dots"),
        pytest.param("a..b", id="dots inside"),
        pytest.param(" a", id="leading blank"),
        pytest.param("a b/c d.txt", id="blanks inside"),
        pytest.param("Grüße.md", id="German"),
        pytest.param("日本語/質問\uff1f.md", id="Japanese with a wide question mark"),
        pytest.param("документы/план.md", id="Russian"),
        pytest.param("हिन्दी.md", id="Hindi with combining marks"),
        pytest.param("مرحبا.md", id="Arabic"),
        pytest.param("❤️.md", id="emoji with a variation selector"),
        pytest.param("Wait….md", id="ellipsis"),
        pytest.param("console.go", id="begins like a device"),
        pytest.param("com10.txt", id="no such port"),
        pytest.param("com0", id="port zero"),
        pytest.param("src/auxiliary.c", id="aux as a beginning"),
        pytest.param("a.con", id="device as an extension"),
        pytest.param("x{{y}}'()[]#%&+,;=@^`~!$-", id="other punctuation"),
        pytest.param("x" * 255, id="part of 255 bytes"),
        pytest.param("/".join("x" * 40), id="40 levels"),
    ],
)
def test_accepts_harmless_paths(path: str) -> None:
    """Paths that real projects have are let through."""
    check_tree(Tree([Entry(path, b"")]), LIMITS)


def test_record_of_hostile_paths_is_long_enough() -> None:
    """The tables hold at least the 98 paths of the measured record."""
    tables = (CHARACTERS, SHAPES, GIT, SPELLINGS_CAUGHT_EARLIER, DEVICES)

    paths = {row.values[0] for table in tables for row in table}

    assert len(paths) >= 98


def test_hostile_path_is_shown_safely() -> None:
    """A path that steers a terminal is shown without its controls, and clipped."""
    with pytest.raises(UnsafePathError) as caught:
        check_tree(Tree([Entry("\x1b[31m\u202e\ud800" + "x" * 500, b"")]), LIMITS)

    assert caught.value.path.startswith("␛[31m\ufffd\ufffdxxx")
    assert len(caught.value.path) == 200
    assert caught.value.message.isprintable()
