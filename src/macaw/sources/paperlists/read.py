"""Reads Paper Copilot's conference files as they are published.

A file is a JSON array of papers, named `<folder><year>.json`, plain or gzipped. Two shapes of the
affiliation field exist: one slot per author (`;`), with several affiliations of one author joined by
`+`; and a shorter list for the paper as a whole. Both are kept as slots; the column `listing` of the
table `venue_years` tells them apart. KDD's field `affs` joins a department and its university with
the same `+` that elsewhere joins two employers, so it is not read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from macaw.errors import SourceError
from macaw.sources.dates import LATEST
from macaw.sources.files import read_json
from macaw.sources.paperlists.authors import Authors
from macaw.sources.records import Reading, Rejected, is_text

SOURCE = "paperlists"
TABLES = ("source_papers", "source_affiliations", "source_abstracts", "source_authors")
FIRST_YEAR = 1950

_FILE_NAME = re.compile(r"(?P<folder>[a-z0-9]*[a-z])(?P<year>\d{4,})\.json(?:\.gz)?")
# Fields seen in the publisher's files. Others are noted, once a file, so that a change of format is noticed.
_KNOWN_FIELDS = frozenset(
    """
    abstract aff aff_campus_unique aff_campus_unique_index aff_country_unique aff_country_unique_index
    aff_domain aff_unique_abbr aff_unique_dep aff_unique_index aff_unique_norm aff_unique_url affs arxiv
    author author_num author_site authorids authors award bibtex confidence confidence_avg contribution
    correctness decision doi email emails excitement excitement_avg gender github google_scholar
    gs_citation gs_cited_by_link gs_version_total homepage id keywords linkedin metareview num_authors
    openreview or orcid page pdf pdf_size poster position pp primary_area proceeding profile project
    psid rating ratings recommendation reproducibility reproducibility_avg review reviewers scope
    scope_avg sess session site slides soundness ssid status strengths strengths_avg suitability
    suitability_avg supp supplementary tags title title_site tldr track url_paper url_sess venue video
    year youtube
    """.split()
)
# Fields that name persons (a leaked title page does too): no text of theirs is shown.
_PERSONAL = frozenset({"author", "authors", "aff"})
_MOST_CITATIONS = 10**9
_TEXT_FIELDS = ("status", "track", "author", "authors", "aff", "site", "pdf", "aff_country_unique")
_YEAR = re.compile("[0-9]{4}")
_ABSTRACT = re.compile(r"\n\s*abstract\b", re.IGNORECASE)
_SCORE_FIELD = re.compile(r"_(avg|std|min|max|wtd)$|^(wc|corr|cnt|replies|gs|pc|or)_")


@dataclass(frozen=True)
class FileName:
    """Venue folder and year, as the file's name tells them."""

    folder: str
    year: int

    @classmethod
    def of(cls, path: Path) -> FileName:
        """Parse a file name; `SourceError` if it names no venue, or a year out of range.

        >>> FileName.of(Path("cvpr2013.json.gz"))
        FileName(folder='cvpr', year=2013)
        """
        found = _FILE_NAME.fullmatch(path.name)
        if not found:
            raise SourceError(
                f"{path}: the name does not tell venue and year",
                "name it <venue><year>.json, as in cvpr2013.json",
            )
        year = int(found["year"])
        if not FIRST_YEAR <= year <= LATEST:
            raise SourceError(
                f"{path}: year {year} is out of range ({FIRST_YEAR}–{LATEST})", "rename or remove the file"
            )
        return cls(found["folder"], year)


def work_id(file: FileName, title: str, repeat: int = 0) -> str:
    """The permanent id of a work: file and a hash of its title's letters and digits.

    Spacing, case and punctuation do not matter. A later paper of the same file with the same title but
    other authors gets `-2`, `-3`, ….

    >>> work_id(FileName("cvpr", 2016), "Deep Residual Learning") == work_id(
    ...     FileName("cvpr", 2016), "Deep residual learning.")
    True
    """
    letters = "".join(c for c in unicodedata.normalize("NFKC", title).casefold() if c.isalnum())
    digest = blake2b((letters or title).encode(), digest_size=6).hexdigest()
    return f"{file.folder}{file.year}/{digest}" + (f"-{repeat + 1}" if repeat else "")


def authors_of(record: dict[str, Any]) -> list[str]:
    """Authors as listed, by `;` or, where there is none, by `,`. ICRA and IROS list them twice: halved.

    >>> authors_of({"author": "A One;B Two;A One;B Two"})
    ['A One', 'B Two']
    """
    field = record.get("author") or record.get("authors") or ""
    authors = [a.strip() for a in field.split(";" if ";" in field else ",") if a.strip()]
    half = len(authors) // 2
    return authors[:half] if half and authors[:half] == authors[half:] else authors


def affiliation_slots(field: str) -> list[list[str]]:
    """Author slots, each the list of its affiliations; an empty slot is an empty list.

    >>> affiliation_slots("MIT; Google+ETH Zurich;;")
    [['MIT'], ['Google', 'ETH Zurich'], [], []]

    Where the title page of the PDF leaked into the field, only its head up to the abstract is kept:

    >>> affiliation_slots("A Title\\n1MIT, 2Google\\nAbstract\\nWe show; that it works\\nvery well\\n; Baidu")
    [['A Title\\n1MIT, 2Google'], [], ['Baidu']]
    """
    slots: list[list[str]] = []
    leaked = False
    for slot in field.split(";"):
        head = _ABSTRACT.split(slot, maxsplit=1)
        if len(head) > 1:
            leaked = True
        elif leaked and "\n" in slot.strip():
            head = [""]
        else:
            leaked = False
        parts = head[0].split("+") if "\n" not in head[0].strip() else [head[0]]
        slots.append([p.strip() for p in parts if p.strip(" .,-")])
    return slots


def _problem(record: object) -> tuple[str, object] | None:
    """Why a record cannot be used, with the value; None if it can."""
    if not isinstance(record, dict):
        return "not an object", record
    if "title" not in record:
        return "field 'title' is missing", None
    title = record["title"]
    if not isinstance(title, str):
        return "title is not text", title
    if not title.strip():
        return "title is empty", record.get("ssid") or record.get("id")
    for name in ("title", *_TEXT_FIELDS):
        value = record.get(name)
        if value is not None and not is_text(value):
            problem = "is not valid Unicode" if isinstance(value, str) else "is not text"
            return f"field '{name}' {problem}", _shown(name, value)
    return _problem_of_numbers(record)


def _shown(field: str, value: object) -> object:
    return None if field in _PERSONAL and not isinstance(value, int | float) else value


def _problem_of_numbers(record: dict[str, Any]) -> tuple[str, object] | None:
    citations = record.get("gs_citation")
    if citations is not None and (isinstance(citations, bool) or not isinstance(citations, int)):
        return "field 'gs_citation' is not a whole number", citations
    if citations is not None and citations > _MOST_CITATIONS:
        return "field 'gs_citation' is out of range", citations
    year = record.get("year")
    if year is not None and not (_YEAR.fullmatch(str(year)) and FIRST_YEAR <= int(year) <= LATEST):
        return "year is out of range", year
    return None


def _citations(record: dict[str, Any]) -> int | None:
    count = record.get("gs_citation")
    return count if count is not None and count >= 0 else None


def read_file(path: Path, name: str, reading: Reading, numbers: Authors) -> None:
    """Read one conference file into `reading`; `name` is the path to show. Raises `SourceError`."""
    file = FileName.of(path)
    records = read_json(path, SOURCE)
    if not isinstance(records, list):
        raise SourceError(
            f"{path}: holds a JSON {type(records).__name__}, expected an array of papers",
            f"delete the file and run: macaw fetch {SOURCE}",
        )
    refuse = reading.refused.append
    unknown = sorted({k for r in records if isinstance(r, dict) for k in r if not _is_known(k)})
    if unknown:
        refuse(Rejected(SOURCE, name, None, "unknown column", ", ".join(unknown), "noted"))
    seen: dict[str, list[list[str]]] = {}
    for position, record in _best_first(records):
        problem = _problem(record)
        if problem:
            refuse(Rejected(SOURCE, name, position, *problem))
            continue
        authors = authors_of(record)
        others = seen.setdefault(work_id(file, record["title"]), [])
        if authors in others:
            refuse(Rejected(SOURCE, name, position, "duplicate of a paper in the same file", record["title"]))
            continue
        others.append(authors)
        work = work_id(file, record["title"], len(others) - 1)
        _add_paper(reading, file, name, position, record, authors, work)
        _add_authors(reading, work, authors, numbers)


def _is_known(field: object) -> bool:
    return field in _KNOWN_FIELDS or bool(_SCORE_FIELD.search(str(field)))


def _best_first(records: list[Any]) -> Iterator[tuple[int, Any]]:
    """Records with their place; refused ones last, so that of duplicates the accepted one stays."""

    def refused(record: Any) -> bool:
        status = record.get("status") if isinstance(record, dict) else None
        return isinstance(status, str) and ("reject" in status.lower() or "withdraw" in status.lower())

    return iter(sorted(enumerate(records), key=lambda item: refused(item[1])))


def _add_paper(
    reading: Reading,
    file: FileName,
    name: str,
    position: int,
    record: dict[str, Any],
    authors: list[str],
    work: str,
) -> None:
    field = record.get("aff") or ""
    slots = affiliation_slots(field) if field.strip() else []
    if any("\n" in part for slot in slots for part in slot):
        reading.refused.append(
            Rejected(
                SOURCE,
                name,
                position,
                "title page leaked into the affiliations; its head is read",
                None,
                "noted",
            )
        )
    reading.add(
        "source_papers",
        work,
        SOURCE,
        name,
        position,
        file.folder,
        file.year,
        " ".join(record["title"].split()),
        record.get("status"),
        record.get("track"),
        len(authors) or None,
        len(slots),
        record.get("site") or record.get("pdf") or None,
        _citations(record),
        record.get("aff_country_unique") or None,
    )
    abstract = record.get("abstract")
    if isinstance(abstract, str) and abstract.strip():
        reading.add("source_abstracts", work, " ".join(abstract.split()))
    for slot, parts in enumerate(slots):
        for part, raw_name in enumerate(parts):
            reading.add("source_affiliations", work, slot, part, raw_name)


def _add_authors(reading: Reading, work: str, authors: list[str], numbers: Authors) -> None:
    for slot, author in enumerate(authors):
        number = numbers.of(author)
        if number:
            reading.add("source_authors", work, slot, *number)


def read(paths: list[Path], root: Path) -> Reading:
    """All conference files in order. Paths are shown relative to `root`, the data folder."""
    reading, numbers = Reading(), Authors()
    by_name: dict[FileName, Path] = {}
    for path in paths:
        other = by_name.setdefault(FileName.of(path), path)
        if other != path:
            raise SourceError(f"{path}: {other} is the same conference and year", "remove one of the two files")
        read_file(path, path.relative_to(root).as_posix(), reading, numbers)
    return reading
