"""Takes texts of the repository that pages show (examples that are tests, method, glossary, changes) into the wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TEXTS = ("CHANGELOG.md", "GLOSSARY.md", "docs/method.md", "tests/spec/*.md")


class ProjectTexts(BuildHookInterface):  # type: ignore[type-arg]
    """Puts each text below macaw/site/project under its own path; an editable install reads them where they are."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files to take in."""
        if version == "editable":
            return
        root = Path(self.root)
        for pattern in TEXTS:
            for path in sorted(root.glob(pattern)):
                place = path.relative_to(root).as_posix()
                build_data["force_include"][str(path)] = f"macaw/site/project/{place}"
