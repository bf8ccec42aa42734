"""Lists the licence of every package that Macaw installs, and refuses those that are not permissive.

    python benchmarks/licences.py            # what `make run` installs
    python benchmarks/licences.py locks/test.txt

A package that states no licence in a form that can be read is named in `READ`, with what was read in its files.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

LOCK = Path(__file__).parent.parent / "locks" / "run.txt"
PERMISSIVE = re.compile(
    r"\b(MIT|BSD|BSD-[23]-Clause|0BSD|Apache(?:[- ]2\.0)?|Apache Software License|ISC|PSF(?:-2\.0)?|Python Software"
    r" Foundation License|MPL[- ]2\.0|Mozilla Public License 2\.0|Unlicense|Zlib|CC0-1\.0|HPND|BlueOak-1\.0\.0)\b"
)
REFUSED = re.compile(r"\b(A?GPL|LGPL|GNU|SSPL|proprietary|non-?commercial)", re.IGNORECASE)
# Packages whose metadata say nothing that can be read, and what their own licence file says.
READ = {
    "axe-playwright-python": "MIT",
    # Of its two licences the first is chosen.
    "marisa-trie": "MIT AND BSD-2-Clause",
}


@dataclass(frozen=True)
class Licence:
    """One installed package and what it says of its licence."""

    package: str
    version: str
    licence: str

    @property
    def is_permissive(self) -> bool:
        """Whether the licence lets anybody use, change and pass on the package without passing on his own code."""
        return bool(PERMISSIVE.search(self.licence)) and not REFUSED.search(self.licence)


def names(lock: Path) -> list[str]:
    """The packages a lock file names."""
    return re.findall(r"^([\w.-]+)==", lock.read_text("utf-8"), re.MULTILINE)


def licence_of(package: str) -> Licence | None:
    """What an installed package says of its licence; None if it is not installed (for another system)."""
    try:
        found = metadata.metadata(package)
    except metadata.PackageNotFoundError:
        return None
    classified = [c.rpartition(" :: ")[2] for c in found.get_all("Classifier") or () if c.startswith("License ::")]
    stated = found.get("License-Expression") or "; ".join(classified) or (found.get("License") or "").splitlines()[:1]
    text = stated if isinstance(stated, str) else " ".join(stated)
    return Licence(package, found["Version"], READ.get(package, text[:80]))


def listed(lock: Path) -> list[Licence]:
    """The licences of a lock file's packages that are installed here."""
    return [found for name in names(lock) if (found := licence_of(name))]


def main() -> None:
    """The command line: exits with 1 if a licence is not permissive."""
    found = listed(Path(sys.argv[1]) if len(sys.argv) > 1 else LOCK)
    for each in found:
        print(f"{each.package:32} {each.version:14} {each.licence}{'' if each.is_permissive else '   NOT PERMISSIVE'}")
    if not all(each.is_permissive for each in found):
        sys.exit(1)


if __name__ == "__main__":
    main()
