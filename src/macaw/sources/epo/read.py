"""Reads the European Patent Office's exchange documents, from DOCDB files and from answers of Open Patent Services.

Both give the same things in several data formats beside each other (docdb, epodoc, original), of which one is taken;
names of applicants in epodoc carry the country, as in `9SOLUTIONS OY [FI]`.
"""

from __future__ import annotations

import re
from pathlib import Path

from macaw.sources.patents import (
    Collector,
    Document,
    add_parties,
    application_number,
    publication_number,
    tables_of,
)
from macaw.sources.records import Reading
from macaw.sources.xml_stream import DamagedError, Element, parsed, records_of, text_of

SOURCE = "epo"
TABLES = tables_of(SOURCE)

_AGAIN = "get the file again from the European Patent Office"
_ROOTS = ("exch:exchange-document", "exchange-document")
# Which data format is taken where there are several: in DOCDB that of DOCDB, in OPS there is epodoc.
_FORMATS = ("docdb", "epodoc", "docdba", "original")
_COUNTRY = re.compile(r"(.*?)\s*\[([A-Z]{2})\]\s*")
# A class of the IPC stands on these first places of a text of fixed width; version and origin follow.
_SYMBOL = 19
_EPODOC = re.compile(r"([A-Z]{2})(\w+)")


def read(paths: list[Path], root: Path) -> Reading:
    """The documents of all files; answers without exchange documents, such as legal events, are noted."""
    reading = Reading()
    seen: set[str] = set()
    for path in paths:
        collector = Collector(SOURCE, path.relative_to(root).as_posix(), reading, seen)
        position = None
        for position, record in records_of(path, _AGAIN, _ROOTS):
            _record(record, position, collector)
        if position is None:
            collector.refuse(0, "file holds no exchange document: nothing to read", None, "noted")
    return reading


def _record(record: bytes | DamagedError, position: int, collector: Collector) -> None:
    try:
        if isinstance(record, DamagedError):
            raise record
        # The prefix is declared on the file's root, which is not parsed.
        element = parsed(record.replace(b"<exch:", b"<").replace(b"</exch:", b"</"))
    except DamagedError as damaged:
        collector.refuse(position, f"document {damaged}", None)
        return
    if element.get("status") in ("not found", "D"):
        collector.refuse(position, "document was not found or is deleted", element.get("doc-number"), "noted")
        return
    document = _document(element, position, collector)
    if document.title is None and not document.parts:
        collector.refuse(position, "document has no bibliographic data", document.id, "noted")
        return
    collector.add(position, document)


def _document(element: Element, position: int, collector: Collector) -> Document:
    office = element.get("country", "")
    found = element.find("bibliographic-data")
    holder = element if found is None else found
    published = element.get("date-publ") or text_of(_first(holder, "publication-reference"), ".//date")
    document = Document(
        office,
        publication_number(office, element.get("doc-number", "")),
        element.get("kind", ""),
        title=_english(holder.findall("invention-title")),
        abstract=_english(element.findall("abstract")),
        published=collector.day(position, published, "publication date"),
        family=element.get("family-id"),
    )
    document.application, document.filed = _application(
        _references(holder, "application-reference"), position, collector
    )
    for claim in _of_one_format(holder.findall("priority-claims/priority-claim")):
        document.priority(*_application([claim], position, collector))
    _classes(holder, document)
    parties = holder.find("parties")
    if parties is not None:
        kinds = ("applicant", "inventor")
        applicants, inventors = (
            [_party(e, kind) for e in _of_one_format(parties.findall(f"{kind}s/{kind}"))] for kind in kinds
        )
        add_parties(document, applicants, inventors)
    for citation in holder.iterfind("references-cited/citation"):
        _citation(citation, document, position, collector)
    document.link = f"https://worldwide.espacenet.com/patent/search?q=pn%3D{document.id}"
    return document


def _first(holder: Element, tag: str) -> Element | None:
    return next(iter(_references(holder, tag)), None)


def _references(holder: Element, tag: str) -> list[Element]:
    return sorted(holder.findall(tag), key=lambda e: _rank(e.get("data-format")))


def _rank(data_format: str | None) -> int:
    return _FORMATS.index(data_format) if data_format in _FORMATS else 0


def _of_one_format(elements: list[Element]) -> list[Element]:
    """Those of the elements that stand in the data format taken first."""
    best = min((_rank(e.get("data-format")) for e in elements), default=0)
    return [e for e in elements if _rank(e.get("data-format")) == best]


def _english(elements: list[Element]) -> str | None:
    """The English text of several languages, else the first."""
    chosen = sorted(elements, key=lambda e: e.get("lang") != "en")
    return text_of(chosen[0]) if chosen else None


def _application(references: list[Element], position: int, collector: Collector) -> tuple[str | None, str | None]:
    """Key and day of an application from its ids in several formats."""
    ids = [i for reference in references for i in reference.iter("document-id")]
    ids.sort(key=lambda i: _rank(i.get("document-id-type")))
    day = next((d for i in ids if (d := collector.day(position, text_of(i, "date"), "date of application"))), None)
    for each in ids:
        office, number = text_of(each, "country"), text_of(each, "doc-number") or ""
        if office is None and each.get("document-id-type") == "epodoc":
            found = _EPODOC.fullmatch(number)
            office, number = found.groups() if found else (None, number)
        if office and number:
            return application_number(office, number, text_of(each, "kind") or "", day), day
    return None, day


def _citation(citation: Element, document: Document, position: int, collector: Collector) -> None:
    ids = sorted(citation.iterfind("patcit/document-id"), key=lambda i: _rank(i.get("document-id-type")))
    # An epodoc number holds the office, and has no kind.
    cited = next((i for i in ids if text_of(i, "country")), None)
    if cited is not None:
        day = collector.day(position, text_of(cited, "date"), "date of a cited document")
        document.citation(text_of(cited, "country"), text_of(cited, "doc-number"), text_of(cited, "kind"), day)
    elif ids and (found := _EPODOC.fullmatch(text_of(ids[0], "doc-number") or "")):
        office, number = found.groups()
        day = collector.day(position, text_of(ids[0], "date"), "date of a cited document")
        document.citation(office, number, None, day)
    document.literature(text_of(citation, "nplcit/text"))


def _classes(holder: Element, document: Document) -> None:
    for e in holder.iterfind("classifications-ipcr/classification-ipcr/text"):
        document.code("ipc", " ".join((e.text or "")[:_SYMBOL].split()))
    for e in holder.iterfind("patent-classifications/patent-classification"):
        scheme = e.find("classification-scheme")
        if scheme is None or not scheme.get("scheme", "").startswith("CPC"):
            continue
        parts = [text_of(e, tag) or "" for tag in ("section", "class", "subclass", "main-group", "subgroup")]
        symbol = f"{''.join(parts[:4])}/{parts[4]}" if all(parts) else text_of(e, "classification-symbol")
        if symbol:
            document.code("cpc", symbol)


def _party(party: Element, kind: str) -> tuple[str, str | None]:
    name = text_of(party, f"{kind}-name/name") or ""
    found = _COUNTRY.fullmatch(name)
    if found:
        return found[1].rstrip(", "), found[2]
    return name.rstrip(", "), text_of(party, "residence/country")
