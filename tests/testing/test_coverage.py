"""Figures, lines and reports of what of blueprints was reached."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from provisionhub.blueprint import BlueprintFile
from provisionhub.coverage import Kind, Region
from provisionhub.jsontypes import JsonObject
from provisionhub.renderer import FileRegion
from provisionhub.testing.coverage import cobertura, figures_json, html
from provisionhub.testing.coverage.figures import (
    BlueprintCoverage,
    Counted,
    FileCoverage,
    Share,
    count,
)
from provisionhub.testing.coverage.lines import State, lines_of
from provisionhub.testing.coverage.terminal import table
from provisionhub_mustache import MustacheEngine
from support.covered import MUSTACHE, covered, only

ROOT = Path("/catalog")
TEXT = """\
head {{Name}}
{{#Values.tls}}
  tls
{{^Values.old}}

  new
{{/Values.old}}
{{/Values.tls}}
a {{#Values.b}}b{{/Values.b}} c
"""
FILES = {"template/a.mustache": TEXT, "template/b.txt": "1\n2\n"}


def file_of(found: BlueprintCoverage, path: str) -> FileCoverage:
    """Return the coverage of one file."""
    return next(file for file in found.files if file.path == path)


def never_rendered(path: str, text: str, *, folder: str) -> BlueprintCoverage:
    """Return the coverage of a blueprint with one file, of which no case was made."""
    regions = MustacheEngine({}).regions(text, name=path)
    return count(
        Path(folder),
        {path: BlueprintFile(text.encode())},
        [FileRegion(path, region) for region in regions],
        {},
    )


def told(found: BlueprintCoverage) -> dict[str, list[str]]:
    """Return what was missed, by file, as people see it."""
    return {f.path: list(map(str, f.misses)) for f in found.files if f.misses}


@pytest.mark.parametrize(
    ("reached", "total", "shown"),
    [
        (0, 0, "100.0%"),
        (0, 3, "0.0%"),
        (2, 3, "66.6%"),
        (9_999, 10_000, "99.9%"),
        (3, 3, "100.0%"),
    ],
)
def test_share_is_rounded_down(reached: int, total: int, shown: str) -> None:
    """Only what is reached to the last region is a hundred per cent."""
    assert str(Share(reached, total)) == shown


def test_misses_are_told_by_line() -> None:
    """A miss has the lines from its tag to its last character that is not blank."""
    found = covered(FILES, {"one": {"b": 1}})

    assert told(found) == {
        "template/a.mustache": ["2-7 #Values.tls", "9 else of #Values.b"]
    }
    assert file_of(found, "template/a.mustache").share == Share(4, 8)


def test_cases_count_together() -> None:
    """What one case misses another may reach."""
    first: JsonObject = {"tls": True, "b": 0}
    second: JsonObject = {"tls": True, "old": 1, "b": 1}

    found = covered(FILES, {"one": first, "two": second, "none": {}})

    assert told(found) == {}
    assert (found.share.percent, found.cases) == (100.0, 3)


def test_whole_file_missed_is_one_miss() -> None:
    """Of a file that no case produced, nothing but the file is named."""
    manifest = f'{MUSTACHE}files: [{{path: "*", when: "{{{{Values.on}}}}"}}]\n'

    found = covered(FILES, {"one": {"on": False}}, manifest=manifest)

    assert told(found) == {
        "blueprint.yaml": ["6 true `when` of *"],
        "template/a.mustache": ["1-9 the whole file"],
        "template/b.txt": ["1-2 the whole file"],
    }


def test_branch_of_a_name_has_no_line() -> None:
    """What a file's name asks is told as being in the name."""
    found = covered({"template/a{{#Values.x}}b{{/Values.x}}": "text"}, {"one": {}})

    assert list(told(found).values()) == [["in its name: #Values.x"]]


def test_lines_tell_how_much_of_them_was_reached() -> None:
    """A line is reached, partly or never; one line may be cut into pieces."""
    found = covered(FILES, {"one": {"b": 0}, "two": {"b": ""}})

    lines = list(lines_of(file_of(found, "template/a.mustache")))

    assert [line.state for line in lines] == [
        State.REACHED,
        State.PARTLY,
        *[State.NEVER] * 5,
        State.REACHED,
        State.PARTLY,
    ]
    assert [line.cases for line in lines] == [2, 2, 0, 0, 0, 0, 0, 2, 2]
    assert lines[8].pieces == (
        ("a {{#Values.b}}", False),
        ("b", True),
        ("{{/Values.b}} c", False),
    )
    assert (
        "\n".join("".join(t for t, _ in line.pieces) for line in lines) + "\n" == TEXT
    )


def test_lines_of_the_manifest_are_those_that_ask() -> None:
    """In the manifest only the conditions' lines count."""
    manifest = f'{MUSTACHE}files:\n- path: "*"\n  when: "{{{{Values.on}}}}"\n'
    found = covered(FILES, {"one": {"on": True}}, manifest=manifest)

    states = [line.state for line in lines_of(file_of(found, "blueprint.yaml"))]

    assert states == [State.NONE] * 7 + [State.PARTLY]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_are_no_part_of_lines(end: str) -> None:
    """Lines are the same whatever ends them, the last with or without an end."""
    found = covered({"template/a.mustache": f"a{end}{{{{b}}}}{end}{end}c"}, {"one": {}})

    lines = list(lines_of(file_of(found, "template/a.mustache")))

    assert ["".join(t for t, _ in line.pieces) for line in lines] == [
        "a",
        "{{b}}",
        "",
        "c",
    ]
    assert {line.state for line in lines} == {State.REACHED}


def test_regions_that_no_sound_process_tells_harm_nothing() -> None:
    """Regions that overlap, or lie behind the text, are shown somehow."""
    regions = [
        Counted(Region(Kind.BRANCH, "a", at, start, end), cases)
        for cases, (at, start, end) in enumerate(
            [(0, 0, 2), (1, 1, 9), (1, 2, 3), (50, 60, 70), (5, 5, 5), (0, 0, 9)]
        )
    ]
    file = FileCoverage("a", "12\n45\n78", tuple(regions))

    lines = list(lines_of(file))

    assert ["".join(t for t, _ in line.pieces) for line in lines] == ["12", "45", "78"]
    assert [str(miss) for miss in file.misses] == ["1 a"]


def test_table_names_every_file_and_every_miss() -> None:
    """The terminal's table has a row a file, its misses below, and sums."""
    found = covered(FILES, {"one": {"b": 1}})
    dark = BlueprintCoverage(Path("/catalog/blueprints/dark"), 0, unmeasured="no way")

    lines = [line.text.rstrip() for line in table(only(dark, found))]

    assert lines == [
        "                       regions  missed  reached",
        "dark, 0 cases: not measured: no way",
        "  template/a.mustache        8       4    50.0%",
        "      2-7 #Values.tls",
        "      9 else of #Values.b",
        "  template/b.txt             1       0   100.0%",
        "sample, 1 case               9       4    55.5%",
        "all blueprints               9       4    55.5%",
    ]


class _Page(HTMLParser):
    """What of a page is a tag, and what is text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_pages_show_the_files(tmp_path: Path) -> None:
    """There is a page a file, with its text as it is, and one that leads there."""
    found = covered(FILES, {"one": {"b": 1}})

    html.write_pages(only(found), tmp_path / "new" / "pages")

    pages = {p.name: p.read_text("utf-8") for p in (tmp_path / "new/pages").iterdir()}
    index = _Page(pages.pop("index.html"))
    assert sorted(index.links) == sorted(pages)
    assert "55.5%" in index.texts
    (name,) = (name for name in pages if "a-mustache" in name)
    page = pages[name]
    rows = re.findall(r'<tr id="L(\d+)" class="(\w+)">', page)
    assert [int(number) for number, _ in rows] == list(range(1, 10))
    assert rows[1] == ("2", "partly")
    assert rows[2] == ("3", "never")
    assert "never: #Values.tls" in page
    assert 'href="#L2">line 2-7</a>' in page
    assert "head {{Name}}" in page


def test_pages_run_nothing_of_a_template(tmp_path: Path) -> None:
    """Whatever a blueprint says, on a page it is text: no tag, no script, no link."""
    evil = "<script>alert(1)</script><img src=x onerror='a()'>\"&amp;\x1b[2J\u202e"
    path = "template/<script>a<&'\".mustache"
    text = f"{evil}\n{{{{#Values.<b>}}}}{evil}{{{{/Values.<b>}}}}\n\t</table>"
    found = never_rendered(path, text, folder="/catalog/blueprints/<i>'\"")
    dark = BlueprintCoverage(Path("/catalog/<u>"), 0, unmeasured="<b>no</b>")

    html.write_pages(only(found, dark), tmp_path)

    for file in tmp_path.iterdir():
        assert re.fullmatch(r"[A-Za-z0-9-]+\.html", file.name)
        shown = file.read_text("utf-8")
        page = _Page(shown)
        assert not {"script", "img", "i", "b", "u"} & set(page.tags)
        assert page.tags.count("table") <= 1
        assert all(re.fullmatch(r"#L\d+|[\w-]+\.html", link) for link in page.links)
        assert not any(c in shown for c in "\x1b\u202e")
        assert "default-src 'none'" in shown


def test_pages_of_like_names_are_apart(tmp_path: Path) -> None:
    """Two files whose names differ in odd characters only have a page each."""
    files = {"template/a b": "1", "template/a-b": "2", "template/a+b": "3"}

    html.write_pages(only(covered(files, {"one": {}})), tmp_path)

    assert len(list(tmp_path.iterdir())) == 1 + 3


def test_json_has_the_figures_and_the_misses(tmp_path: Path) -> None:
    """The JSON report says what the terminal does, for programs."""
    found = covered(FILES, {"one": {"b": 1}})
    dark = BlueprintCoverage(Path("/catalog/blueprints/dark"), 0, unmeasured="no way")

    figures_json.write(only(dark, found), tmp_path / "new/report.json", ROOT)

    said = json.loads((tmp_path / "new/report.json").read_text("utf-8"))
    assert (said["regions"], said["reached"], said["percent"]) == (9, 5, 55.56)
    unmeasured, measured = said["blueprints"]
    assert unmeasured == {
        "folder": "blueprints/dark",
        "cases": 0,
        "unmeasured": "no way",
    }
    assert measured["folder"] == "blueprints/sample"
    assert measured["files"][0]["missed"] == [
        {"line": 2, "end_line": 7, "kind": "branch", "what": "#Values.tls"},
        {"line": 9, "end_line": 9, "kind": "branch", "what": "else of #Values.b"},
    ]


def test_cobertura_has_the_lines(tmp_path: Path) -> None:
    """The XML report names files from the root, with hits and branches by line."""
    found = covered(FILES, {"one": {"b": 1}, "two": {"b": 1}})
    odd = never_rendered("template/<&'\x01", "a", folder="/elsewhere/<&")

    cobertura.write(only(found, odd), tmp_path / "new/report.xml", ROOT)

    report = ET.fromstring((tmp_path / "new/report.xml").read_text("utf-8"))  # noqa: S314 - our own
    assert report.findtext("sources/source") == "/catalog"
    assert report.get("lines-valid") == "12"
    assert report.get("lines-covered") == "6"
    assert report.get("branch-rate") == "0.5000"
    of_file, copied, of_odd = report.iter("class")
    assert of_file.get("filename") == "blueprints/sample/template/a.mustache"
    assert copied.get("line-rate") == "1.0000"
    assert of_odd.get("filename") == "/elsewhere/<&/template/<&'\u2401"
    lines = {
        line.get("number"): (line.get("hits"), line.get("condition-coverage"))
        for line in of_file.iter("line")
    }
    assert lines["1"] == ("2", None)
    assert lines["2"] == ("2", "50% (1/2)")
    assert lines["3"] == ("0", None)
    assert lines["4"] == ("0", "0% (0/2)")
    assert lines["9"] == ("2", "50% (1/2)")
