"""Coverage as JSON, for programs."""

from __future__ import annotations

import json
from pathlib import Path

from provisionhub.jsontypes import JsonObject
from provisionhub.testing.coverage.figures import (
    BlueprintCoverage,
    Coverage,
    FileCoverage,
    Miss,
    Share,
)


def write(coverage: Coverage, file: Path, root: Path) -> None:
    """Write *coverage* into *file*, its paths below *root*."""
    said: JsonObject = {
        **_share(coverage.share),
        "blueprints": [_blueprint(each, root) for each in coverage.blueprints],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def _blueprint(blueprint: BlueprintCoverage, root: Path) -> JsonObject:
    said: JsonObject = {
        "folder": shown_below(blueprint.folder, root),
        "cases": blueprint.cases,
    }
    if blueprint.unmeasured:
        return said | {"unmeasured": blueprint.unmeasured}
    return {
        **said,
        **_share(blueprint.share),
        "files": [_file(file) for file in blueprint.files],
    }


def _file(file: FileCoverage) -> JsonObject:
    return {
        "path": file.path,
        **_share(file.share),
        "missed": [_miss(miss) for miss in file.misses],
    }


def _miss(miss: Miss) -> JsonObject:
    return {
        "line": miss.line,
        "end_line": miss.end_line,
        "kind": str(miss.kind),
        "what": miss.what,
    }


def _share(share: Share) -> JsonObject:
    return {
        "regions": share.total,
        "reached": share.reached,
        "percent": round(share.percent, 2),
    }


def shown_below(path: Path, root: Path) -> str:
    """Return *path* as it is seen from *root*, with slashes."""
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
