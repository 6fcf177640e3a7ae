"""What the desk has of other projects: one built file, its versions and its licences."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "batchsend/desk/static/vendor"


def test_the_editor_is_built_from_the_pinned_versions_and_has_their_licences() -> None:
    lock = json.loads((ROOT / "vendor/prosemirror/package-lock.json").read_text("utf-8"))
    shipped = {
        path.removeprefix("node_modules/"): each["version"]
        for path, each in lock["packages"].items()
        if path and not each.get("dev")
    }
    pinned = json.loads((ROOT / "vendor/prosemirror/package.json").read_text("utf-8"))
    assert pinned["dependencies"].items() <= shipped.items()
    banner = (BUILT / "prosemirror.js").read_text("utf-8").partition("*/")[0]
    licences = (BUILT / "prosemirror.LICENSE.txt").read_text("utf-8")
    for name, version in shipped.items():
        assert f"{name} {version}" in banner
        assert f"{name} {version}\n\n" in licences
    assert licences.count("Permission is hereby granted") == len(shipped)
