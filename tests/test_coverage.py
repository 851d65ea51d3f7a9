"""The tags of a text, taken in their order, make its regions."""

from __future__ import annotations

from provisionhub.coverage import Kind, Region, Surveyor

TEXT = "a <if x>b <y></if> <try>c<or>d</try> <for z>e<else>f</for>"


def at(tag: str) -> tuple[int, int]:
    """Return where a tag starts and ends."""
    return TEXT.index(tag), TEXT.index(tag) + len(tag)


def surveyed() -> Surveyor:
    """Return a surveyor that has taken every tag."""
    surveyor = Surveyor(TEXT)
    surveyor.opening(Kind.BRANCH, "if x", *at("<if x>"), asks=True)
    surveyor.output(*at("<y>"))
    surveyor.closing(at("</if>")[0])
    surveyor.pair(at("<try>")[0])
    surveyor.turning("or", *at("<or>"), is_last=False)
    surveyor.closing(at("</try>")[0])
    surveyor.opening(Kind.LOOP, "for\n z", *at("<for z>"))
    surveyor.turning("else", *at("<else>"), is_last=True)
    surveyor.closing(at("</for>")[0])
    surveyor.aside("then of " + "x" * 100, at("<y>")[0])
    return surveyor


def text_of(region: Region) -> str:
    """Return the region's own text."""
    return TEXT[region.start : region.end]


def test_regions_have_their_names_and_texts() -> None:
    """Each region is called by its tag, on one line, and has the text behind it."""
    regions = surveyed().survey().regions

    assert [(r.kind, r.what, text_of(r)) for r in regions] == [
        (Kind.TEXT, "the whole file", TEXT),
        (Kind.BRANCH, "if x", "b <y>"),
        (Kind.OUTPUT, "<y>", "<y>"),
        (Kind.BRANCH, "else of if x", ""),
        (Kind.BRANCH, "or", "d"),
        (Kind.LOOP, "for z", "e"),
        (Kind.BRANCH, "else of for z", "f"),
        (Kind.BRANCH, "then of " + "x" * 41 + "…", ""),
    ]


def test_tags_lead_to_their_regions() -> None:
    """By its offset, a tag has the region that it begins, and that of its ``else``."""
    survey = surveyed().survey()

    assert survey.begun == {
        at("<if x>")[0]: 1,
        at("<y>")[0]: 2,
        at("<or>")[0]: 4,
        at("<for z>")[0]: 5,
        at("<else>")[0]: 6,
    }
    assert survey.lacking == {at("<if x>")[0]: 3, at("<for z>")[0]: 6}


def test_what_no_text_has_stands_at_its_tag() -> None:
    """A region without text of its own starts and ends at the tag that asks."""
    (_, _, _, lacking, *_), start = surveyed().survey().regions, at("<if x>")[0]

    assert (lacking.at, lacking.start, lacking.end) == (start, start, start)
