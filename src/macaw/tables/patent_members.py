"""Which documents are one family: by simple family where a source gives it, else by the priorities they share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyarrow as pa

from macaw import schema

if TYPE_CHECKING:
    import duckdb

INPUTS = ("patents", "patent_parts")


def patent_members(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """The table `patent_members`: one row per document with its family.

    Documents are joined by simple family and by application (its publication and its grant); a document whose simple
    family no source gives also by each application whose priority it claims. A family is called by its simple family,
    or by the first of its documents.
    """
    documents = con.execute("select document, simple_family, application from patents order by document").fetchall()
    claimed = con.execute("""
        select p.document, p.name
        from patent_parts as p
        join patents as d on d.document = p.document and d.simple_family is null
        where p.part_kind = 'priority' and p.name is not null
        order by p.document, p.name
    """).fetchall()
    links: list[tuple[str, str]] = []
    for document, family, application in documents:
        links += [(document, f"family {family}")] if family else []
        links += [(document, f"application {application}")] if application else []
    links += [(document, f"application {name}") for document, name in claimed]
    groups = components(links)
    names: dict[str, str] = {}
    for document, family, _ in documents:
        group = groups.get(document, document)
        named = names.get(group)
        if named is None or (family and (not named.startswith("docdb:") and not named.startswith("lens:"))):
            names[group] = family or f"family:{document}"
    rows = [(d, names[groups.get(d, d)]) for d, _, _ in documents]
    columns = [list(c) for c in zip(*rows, strict=True)] if rows else [[], []]
    return pa.table(columns, schema=schema.arrow_schema("patent_members"))


def components(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For everything linked, directly or through others, one and the same of them.

    >>> found = components([("a", "1"), ("b", "1"), ("c", "2")])
    >>> found["a"] == found["b"], found["a"] == found["c"]
    (True, False)
    """
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        top = node
        while parent.setdefault(top, top) != top:
            top = parent[top]
        while parent[node] != top:
            parent[node], node = top, parent[node]
        return top

    for one, other in links:
        a, b = root(one), root(other)
        if a != b:
            # The first in order stands for all, whichever way the links come.
            parent[max(a, b)] = min(a, b)
    return {node: root(node) for node in parent}
