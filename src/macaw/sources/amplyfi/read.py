"""Reads investments that a machine found in Chinese news: who is named as investor in which company, in what words.

An amount stays beside its sentence and is never summed: the machine took "TOP 10" for money of Tonga, "2000万元" for
the year 2000, and shares for prices.
"""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

from macaw.sources.currencies import currency
from macaw.sources.files import json_lines
from macaw.sources.records import WHOLE, Reading, Rejected, finite, is_text

SOURCE = "amplyfi"
TABLES = ("source_mentions", "source_mention_investors")
# Tables of the registry that reading depends on.
REGISTRY = ("registry_currencies",)

# The news was collected in 2020 and early 2021; a later year is a misread number, and so is one before the reform era.
FIRST_YEAR, LAST_YEAR = 1978, 2021
_NEEDED = ("entity_id", "original_entity", "original_subjects")
_OPTIONAL = ("sentence_texts", "year", "series", "currency")
# After a number: counts and money, not a year.
_COUNTED = "[万亿余多首家元]"


def read(paths: list[Path], root: Path) -> Reading:
    """The mentions of all files; what cannot be an investment is refused, odd years and repetitions are noted."""
    reading = Reading()
    for path in paths:
        shown = path.relative_to(root).as_posix()
        seen: Counter[tuple[object, ...]] = Counter()
        for line, record in json_lines(path, SOURCE):
            problem = _problem(record)
            if problem:
                reading.refused.append(Rejected(SOURCE, shown, line, *problem))
                continue
            _add(reading, shown, line, record)
            key = tuple(record.get(field) for field in ("original_entity", "year", "amount", "currency"))
            seen[key] += 1
            if seen[key] > 1:
                reason = "same company, year, amount and currency as an earlier record: perhaps the same deal"
                reading.refused.append(Rejected(SOURCE, shown, line, reason, record["original_entity"], "noted"))
    return reading


def _problem(record: object) -> tuple[str, object] | None:
    if isinstance(record, Exception):
        return "not valid JSON", None
    if not isinstance(record, dict):
        return "not an object", record
    for field in (*_NEEDED, *_OPTIONAL):
        value = record.get(field)
        if (field in _NEEDED and not value) or (value is not None and not is_text(value)):
            return f"field {field!r} is missing or not text", value
    amount = record.get("amount")
    if amount is not None and (type(amount) not in (int, float) or finite(amount) is None):
        return "field 'amount' is not a number", amount
    if amount is not None and currency(record.get("currency") or "") is None:
        return "currency is unknown: not in registry/currencies.csv, so what was read is no deal", record.get(
            "currency"
        )
    return None


def _add(reading: Reading, shown: str, line: int, record: dict[str, Any]) -> None:
    sentences = record.get("sentence_texts")
    period, doubt = year_of(record.get("year"), sentences or "")
    if doubt:
        reading.refused.append(Rejected(SOURCE, shown, line, doubt, record.get("year"), "noted"))
    if not sentences:
        reason = "no sentence: nothing shows the link"
        reading.refused.append(Rejected(SOURCE, shown, line, reason, record["original_entity"], "noted"))
    amount = record.get("amount")
    mention = f"{SOURCE}:{_hash(record)}"
    reading.add(
        "source_mentions",
        mention,
        SOURCE,
        shown,
        line,
        record["original_entity"].strip(),
        record.get("year"),
        period,
        record.get("series"),
        None if amount is None else float(amount),
        currency(record["currency"]) if amount is not None else None,
        sentences,
    )
    for investor in dict.fromkeys(filter(None, (part.strip() for part in record["original_subjects"].split(";")))):
        reading.add("source_mention_investors", mention, investor)


def _hash(record: dict[str, Any]) -> str:
    """A hash of what the record says: the publisher's entity_id is the company's, not the record's."""
    fields = ("entity_id", "original_entity", "original_subjects", "year", "series", "amount", "currency")
    return sha256(repr([record.get(f) for f in (*fields, "sentence_texts")]).encode("utf-8")).hexdigest()[:16]


def year_of(text: str | None, sentences: str) -> tuple[int | None, str | None]:
    """The year of a mention and why it is doubted; no year where it cannot be one.

    >>> year_of("2019", "2019年，融资1亿元"), year_of("2105", "")[0], year_of("2000", "完成 2000 万美元融资")[0]
    ((2019, None), None, None)
    """
    if text is None:
        return None, None
    if not WHOLE.fullmatch(text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        return None, f"year is not between {FIRST_YEAR} and {LAST_YEAR}: the mention keeps no year"
    if re.search(rf"{text}\s*{_COUNTED}", sentences) and not re.search(rf"{text}\s*[年\-/.]", sentences):
        return None, "year stands in the sentence only as a count or an amount: the mention keeps no year"
    return int(text), None
