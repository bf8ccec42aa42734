"""The languages that a source names: names in English and Chinese, ISO codes, and what is taken together."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa
from langcodes import Language
from langcodes.registry_parser import parse_registry

from macaw import schema

if TYPE_CHECKING:
    import duckdb

INPUTS = ("source_gpt3_languages", "source_commoncrawl_languages", "source_territory_languages", "registry_figures")
_NAMED = """
  select language from source_gpt3_languages
  union select language from source_commoncrawl_languages
  union select language from source_territory_languages
  union select base_language from source_territory_languages
  union select substr(entity, 6) from registry_figures where entity like 'lang:%'
  union select 'und'
  order by 1
"""
_HAN = re.compile(r"[\u4e00-\u9fff]")


def languages_table(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """Rows of the table `languages` for every language that a source or a figure names."""
    rows = [_row(tag) for (tag,) in con.execute(_NAMED).fetchall()]
    arrow = schema.arrow_schema("languages")
    columns = [list(column) for column in zip(*rows, strict=True)]
    return pa.table(dict(zip(arrow.names, columns, strict=True)), schema=arrow)


def _row(tag: str) -> tuple[str, str, str | None, str | None, str | None, str]:
    language = Language.get(tag)
    chinese = language.display_name("zh-Hans")
    name_zh = chinese if _HAN.search(chinese) else None
    return tag, language.display_name("en"), name_zh, _alpha3(language), language.script, macrolanguage(tag)


def _alpha3(language: Language) -> str | None:
    try:
        return language.to_alpha3()
    except LookupError:
        return None


def macrolanguage(tag: str) -> str:
    """The language that a variety counts for where varieties are taken together; itself if it is none.

    >>> [macrolanguage(tag) for tag in ("yue", "zh-Hant", "zh", "en")]
    ['zh', 'zh', 'zh', 'en']
    """
    bare = tag.split("-")[0]
    return _macrolanguages().get(bare, bare)


@cache
def _macrolanguages() -> dict[str, str]:
    """Macrolanguage by variety, from the IANA registry of language tags that langcodes carries."""
    registry = parse_registry()  # type: ignore[no-untyped-call]
    entries = (e for e in registry if e["Type"] == "language" and "Macrolanguage" in e)
    return {str(e["Subtag"]): str(e["Macrolanguage"]) for e in entries}
