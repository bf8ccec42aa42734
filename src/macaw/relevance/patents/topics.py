"""The table `patent_topics`: flags of families by rule, and those that CSET and 1790 Analytics gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from macaw import schema
from macaw.relevance.patents.classify import classify

if TYPE_CHECKING:
    import duckdb

INPUTS = ("patents", "patent_members", "patent_parts", "registry_patent_categories")


def patent_topics(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """One row per family, topic and definition. The database's own flags stand in place of the rules of `cset_1790`."""
    con.execute("""
        create or replace temp view patent_texts as
        select m.family, d.title || coalesce(' . ' || d.abstract, '') as text
        from patents as d
        join patent_members as m on m.document = d.document
        where d.title is not null
    """)
    con.execute("""
        create or replace temp view patent_codes as
        select distinct m.family, p.part_kind as scheme, p.name as symbol
        from patent_parts as p
        join patent_members as m on m.document = p.document
        where p.part_kind in ('cpc', 'ipc')
    """)
    con.register("ruled", classify(con))
    rows = con.sql("""
        with flagged as (
          select distinct m.family as work, p.name
          from patent_parts as p
          join patent_members as m on m.document = p.document
          where p.part_kind = 'category'
        ),
        given as (
          select work, 'ai' as topic from flagged
          union
          select f.work, c.topic
          from flagged as f
          join registry_patent_categories as c on c.column_name = f.name
        )
        select work, topic, definition, probability, reason
        from ruled
        where definition <> 'cset_1790' or topic = 'all' or work not in (select work from flagged)
        union all
        select work, topic, 'cset_1790', 1.0, 'flag of CSET and 1790 Analytics' from given
        order by work, topic, definition
    """)
    return rows.to_arrow_table().cast(schema.arrow_schema("patent_topics"))
