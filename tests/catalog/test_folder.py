"""Catalogs in folders, alone and in order of precedence."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisionhub.catalog import Catalogs, FolderCatalog
from provisionhub.errors import BlueprintNotFoundError, InvalidBlueprintError
from provisionhub.job import BlueprintRef
from support.blueprints import MANIFEST, write_blueprint


def catalog(root: Path, **versions: str) -> FolderCatalog:
    """Return a catalog in *root* with blueprints of these names and versions."""
    for name, version in versions.items():
        manifest = MANIFEST.replace("sample", name).replace("1.2.0", version)
        write_blueprint(root / "blueprints" / name, {}, manifest)
    return FolderCatalog(root, longest=10_000)


def test_blueprint_is_found_by_name_and_version(tmp_path: Path) -> None:
    """A name finds what the catalog has, and a pin only the version that it names."""
    catalogs = Catalogs([catalog(tmp_path, sample="1.2.0")])

    assert catalogs.find(BlueprintRef("sample")).version == "1.2.0"
    assert catalogs.find(BlueprintRef("sample", "1.2.0")).name == "sample"
    with pytest.raises(BlueprintNotFoundError, match=r"no version 2\.0\.0.* 1\.2\.0"):
        catalogs.find(BlueprintRef("sample", "2.0.0"))


def test_first_catalog_goes_before_the_second(tmp_path: Path) -> None:
    """The first catalog that has a blueprint gives it; a pin may lead to the next."""
    catalogs = Catalogs(
        [
            catalog(tmp_path / "a", sample="2.0.0"),
            catalog(tmp_path / "b", sample="1.0.0", other="1.0.0"),
        ]
    )

    found = catalogs.find(BlueprintRef("sample"))
    pinned = catalogs.find(BlueprintRef("sample", "1.0.0"))

    assert (found.version, pinned.version) == ("2.0.0", "1.0.0")
    assert [item.name for item in catalogs.list()] == ["sample", "other"]


def test_files_are_read_without_being_loaded(tmp_path: Path) -> None:
    """The files of a blueprint are had as bytes, from the first catalog that has it."""
    catalogs = Catalogs(
        [
            catalog(tmp_path / "a", sample="2.0.0"),
            catalog(tmp_path / "b", sample="1.0.0", other="1.0.0"),
        ]
    )
    manifest = tmp_path / "a/blueprints/sample/blueprint.yaml"
    manifest.write_text("name: [", encoding="utf-8")

    source = catalogs.read("sample")

    assert catalogs.names() == ("sample", "other")
    assert (source.label, source.name) == (str(manifest.parent), "sample")
    assert source.files["blueprint.yaml"].content == b"name: ["
    with pytest.raises(BlueprintNotFoundError, match="no blueprint is called `nope`"):
        catalogs.read("nope")


def test_unknown_blueprint_is_told_with_near_names(tmp_path: Path) -> None:
    """A blueprint that no catalog has is refused with where we looked, and a hint."""
    catalogs = Catalogs([catalog(tmp_path, sample="1.2.0")])

    with pytest.raises(BlueprintNotFoundError, match=str(tmp_path)) as caught:
        catalogs.find(BlueprintRef("smaple"))

    assert caught.value.hint == "did you mean `sample`?"


def test_empty_catalog_says_how_to_name_one(tmp_path: Path) -> None:
    """Where there is no blueprint at all, the setting is named."""
    with pytest.raises(BlueprintNotFoundError) as caught:
        Catalogs([FolderCatalog(tmp_path, longest=1)]).find(BlueprintRef("x"))

    assert "BLUEPRINT_CATALOGS" in (caught.value.hint or "")


@pytest.mark.parametrize("name", ["../sample", "a/../sample", ".", "..", ""])
def test_name_is_never_a_path(name: str, tmp_path: Path) -> None:
    """A name that could lead elsewhere finds nothing."""
    write_blueprint(tmp_path / "sample", {})
    catalogs = Catalogs([catalog(tmp_path / "c", sample="1.2.0")])

    with pytest.raises(BlueprintNotFoundError):
        catalogs.find(BlueprintRef(name))


def test_blueprint_is_called_as_its_folder(tmp_path: Path) -> None:
    """A blueprint whose manifest and folder differ in name is refused."""
    write_blueprint(tmp_path / "blueprints" / "other", {})

    with pytest.raises(InvalidBlueprintError, match="its folder is called `other`"):
        FolderCatalog(tmp_path, longest=10_000).find(BlueprintRef("other"))


def test_broken_blueprint_is_listed_with_its_error(tmp_path: Path) -> None:
    """A list shows what is broken, and all the rest."""
    write_blueprint(tmp_path / "blueprints" / "broken", {}, "engine: [")
    catalogs = Catalogs([catalog(tmp_path, sample="1.2.0")])

    listed = {item.name: item for item in catalogs.list()}

    assert listed["sample"].blueprint is not None
    assert isinstance(listed["broken"].error, InvalidBlueprintError)
