"""Reads from CLDR how many people live in each territory and what share of them speaks each language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from macaw.errors import SourceError
from macaw.sources.files import decode, read_bytes
from macaw.sources.language_codes import UNDETERMINED, base, language_of
from macaw.sources.records import WHOLE, Reading, Rejected

SOURCE = "cldr"
TABLES = ("source_territories", "source_territory_languages")

# The file states no year for its figures; the last year of its copyright is the latest they can be of.
_YEAR = re.compile(r"Copyright © \d{4}-(\d{4}) Unicode")


def read(paths: list[Path], root: Path) -> Reading:
    """Every territory and every language of it, as listed; languages no code stands for are noted."""
    reading = Reading()
    for path in paths:
        file = path.relative_to(root).as_posix()
        text = decode(read_bytes(path, SOURCE), path, SOURCE)
        period = _period(text, path)
        for position, territory in enumerate(_territories(text, path)):
            problem = _add(reading, territory, period)
            if problem:
                reading.refused.append(Rejected(SOURCE, file, position, *problem))
    return reading


def _period(text: str, path: Path) -> int:
    found = _YEAR.search(text)
    if found is None:
        raise SourceError(f"{path}: names no year of copyright", "install language-data 1.4 or later")
    return int(found[1])


def _territories(text: str, path: Path) -> Iterator[ElementTree.Element]:
    try:
        info = ElementTree.fromstring(text).find("territoryInfo")  # noqa: S314
    except ElementTree.ParseError as error:
        raise SourceError(f"{path}: not valid XML ({error})", "install language-data again") from None
    if info is None:
        raise SourceError(f"{path}: holds no territoryInfo", "install language-data 1.4 or later")
    return iter(info)


def _add(reading: Reading, territory: ElementTree.Element, period: int) -> tuple[str, object] | None:
    """Add one territory, or say why not."""
    code, population = territory.get("type"), territory.get("population", "")
    if not code or not WHOLE.fullmatch(population):
        return "the territory has no code or no whole population", f"{code}: {population}"
    listed = [(entry.get("type", ""), entry.get("populationPercent", "")) for entry in territory]
    wrong = next((pair for pair in listed if not pair[0] or not _is_percentage(pair[1])), None)
    if wrong:
        return "a language has no code or no percentage from 0 to 100", f"{code}: {wrong[0]} {wrong[1]}"
    reading.add(TABLES[0], code, period, int(population))
    for language, percentage in listed:
        tag = language_of(language) or UNDETERMINED
        speakers = int(population) * float(percentage) / 100
        reading.add(TABLES[1], code, language, tag, base(tag), float(percentage), speakers)
    return None


def _is_percentage(text: str) -> bool:
    return bool(re.fullmatch(r"\d+(\.\d+)?(E-\d+)?", text)) and 0 <= float(text) <= 100
