"""Reads answers of the Open Data Portal: an application with its publication and its grant, if any."""

from __future__ import annotations

import re
from typing import Any

from macaw.sources.patents import Collector, Document, add_parties, application_number, publication_number

_PUBLICATION = re.compile(r"US(\d{11})([A-Z]\d?)")


def documents(answer: Any, collector: Collector) -> None:
    """Add the documents of an answer; one without application data is listed."""
    bag = answer.get("patentFileWrapperDataBag") if isinstance(answer, dict) else None
    if not isinstance(bag, list):
        collector.refuse(0, "answer holds no patentFileWrapperDataBag: nothing to read", None, "noted")
        return
    for position, wrapper in enumerate(bag):
        data = wrapper.get("applicationMetaData") if isinstance(wrapper, dict) else None
        if not isinstance(data, dict):
            continue
        for document in _documents(wrapper, data, position, collector):
            collector.add(position, document)


def _documents(wrapper: dict[str, Any], data: dict[str, Any], position: int, collector: Collector) -> list[Document]:
    made = []
    publication = _PUBLICATION.fullmatch(str(data.get("earliestPublicationNumber") or ""))
    if publication:
        made.append(Document("US", publication[1], publication[2]))
        made[-1].published = collector.day(position, data.get("earliestPublicationDate"), "publication date")
    if data.get("patentNumber"):
        # The portal gives no kind code: a grant of an application that was published is B2, else B1.
        design = str(data.get("applicationTypeCode")) == "DSN"
        made.append(
            Document(
                "US", publication_number("US", data["patentNumber"]), "S1" if design else "B2" if publication else "B1"
            )
        )
        made[-1].published = collector.day(position, data.get("grantDate"), "grant date")
    if not made:
        collector.refuse(
            position, "application has no publication and no grant", wrapper.get("applicationNumberText"), "noted"
        )
    for document in made:
        _fill(document, wrapper, data, position, collector)
    return made


def _fill(
    document: Document, wrapper: dict[str, Any], data: dict[str, Any], position: int, collector: Collector
) -> None:
    document.title = str(data.get("inventionTitle") or "").strip() or None
    document.filed = collector.day(position, data.get("filingDate"), "filing date")
    document.application = application_number(
        "US", str(wrapper.get("applicationNumberText") or ""), filed=document.filed
    )
    document.link = f"https://patents.google.com/patent/{document.id}/en"
    for symbol in _bag(data, "cpcClassificationBag"):
        document.code("cpc", str(symbol))
    for claim in _bag(wrapper, "foreignPriorityBag"):
        day = collector.day(position, claim.get("filingDate"), "priority date")
        # The office stands in words; a number tells enough to join the family.
        document.priority(None, day)
    for parent in _bag(wrapper, "parentContinuityBag"):
        if parent.get("childApplicationNumberText") in (None, wrapper.get("applicationNumberText")):
            day = collector.day(position, parent.get("parentApplicationFilingDate"), "priority date")
            document.priority(
                application_number("US", str(parent.get("parentApplicationNumberText") or ""), filed=day), day
            )
    applicants = [(str(a.get("applicantNameText") or ""), _country(a)) for a in _bag(data, "applicantBag")]
    inventors = [(str(i.get("inventorNameText") or ""), _country(i)) for i in _bag(data, "inventorBag")]
    add_parties(document, applicants, inventors)


def _bag(holder: dict[str, Any], name: str) -> list[Any]:
    found = holder.get(name)
    return found if isinstance(found, list) else []


def _country(party: dict[str, Any]) -> str | None:
    for address in _bag(party, "correspondenceAddressBag"):
        if address.get("countryCode"):
            return str(address["countryCode"])
    return None
