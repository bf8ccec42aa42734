"""Flags of patent families by every definition: each rule is met by the classes and words of all members together."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from macaw import schema
from macaw.relevance.patents.definitions import AI, Clause, categories, concordance, definitions, intervals
from macaw.relevance.patents.symbols import held, key, plain
from macaw.relevance.patents.words import pattern

if TYPE_CHECKING:
    import duckdb


# So many families are judged at a time: memory does not grow with their number.
_BATCH = 100_000


@dataclass(frozen=True)
class _Rule:
    """A clause with the definition and topic it belongs to."""

    number: int
    definition: str
    topic: str
    clause: Clause


def classify(con: duckdb.DuckDBPyConnection, of: Collection[str] | None = None) -> pa.Table:
    """The rows of `record_topics` for patent families, under the definitions named or all.

    The connection must know `patent_texts` (family, text) and `patent_codes` (family, scheme: cpc or ipc, symbol), a
    row for each of a family's members or for all of them. Every family has the topic `all`; `ai` and the 36 categories
    follow the rules; a category is given to AI families only. Without text or codes a family meets what it can.
    """
    rules = _rules(definitions() if of is None else of)
    _register_rules(con, rules)
    _register_symbols(con, rules)
    con.execute(
        """
        create or replace temp table patent_batches as
        select family, (row_number() over (order by family) - 1) // $size as batch
        from (select family from patent_texts union select family from patent_codes)
    """,
        {"size": _BATCH},
    )
    batches = con.execute("select coalesce(max(batch) + 1, 0) from patent_batches").fetchall()[0][0]
    arrow = schema.arrow_schema("record_topics")
    parts = [_of_batch(con, rules, batch).cast(arrow) for batch in range(batches)]
    return pa.concat_tables(parts) if parts else arrow.empty_table()


def _of_batch(con: duckdb.DuckDBPyConnection, rules: list[_Rule], batch: int) -> pa.Table:
    """The flags of one batch of families."""
    con.execute(f"create or replace temp table batch as select family from patent_batches where batch = {batch}")
    _register_code_hits(con)
    _register_word_hits(con, rules)
    return con.sql(_FLAGS).to_arrow_table()


def _rules(of: Iterable[str]) -> list[_Rule]:
    made: list[_Rule] = []
    for name in of:
        groups = [(AI, definitions()[name].universe), *((c.topic, c.clauses) for c in categories().values())]
        for topic, clauses in groups:
            made += [_Rule(len(made) + i, name, topic, clause) for i, clause in enumerate(clauses)]
    return made


def _register_rules(con: duckdb.DuckDBPyConnection, rules: list[_Rule]) -> None:
    rows = [
        {
            "rule": r.number,
            "definition": r.definition,
            "topic": r.topic,
            "needs_code": r.clause.needs_code,
            "needs_word": bool(r.clause.words),
        }
        for r in rules
    ]
    con.register("patent_rules", pa.Table.from_pylist(rows))
    kinds = [{"topic": c.topic, "dimension": c.dimension, "remainder": c.remainder} for c in categories().values()]
    con.register("patent_categories", pa.Table.from_pylist(kinds))
    con.register("patent_definitions", pa.table({"definition": sorted({r.definition for r in rules})}))


def _register_symbols(con: duckdb.DuckDBPyConnection, rules: list[_Rule]) -> None:
    """The table `rule_symbols`: each rule with every class given that meets it."""
    parts = []
    for scheme in ("cpc", "ipc"):
        symbols = [
            s for (s,) in con.execute("select distinct symbol from patent_codes where scheme = ?", [scheme]).fetchall()
        ]
        known = [(s, k) for s in symbols if (k := key(s)) is not None]
        keys = np.array([k for _, k in known], dtype=str)
        written = np.array([s for s, _ in known], dtype=object)
        shown = np.array([plain(k) for _, k in known], dtype=object)
        for rule in rules:
            successors = concordance() if definitions()[rule.definition].concordance else ()
            patterns = rule.clause.cpc if scheme == "cpc" else rule.clause.ipc
            chosen = held(keys, intervals(patterns, successors))
            if chosen.any():
                n = int(chosen.sum())
                parts.append(
                    pa.table(
                        {
                            "rule": pa.array([rule.number] * n, pa.int64()),
                            "scheme": pa.array([scheme] * n),
                            "symbol": pa.array(list(written[chosen]), pa.string()),
                            "shown": pa.array(list(shown[chosen]), pa.string()),
                        }
                    )
                )
    empty = pa.schema({"rule": pa.int64(), "scheme": pa.string(), "symbol": pa.string(), "shown": pa.string()})
    con.register("rule_symbols", pa.concat_tables(parts) if parts else empty.empty_table())


def _register_code_hits(con: duckdb.DuckDBPyConnection) -> None:
    """The table `code_hits`: family, rule and one class that meets it."""
    con.execute("""
        create or replace temp table code_hits as
        select c.family, r.rule, min(r.scheme || ': ' || r.shown) as reason
        from patent_codes as c
        join batch as b on b.family = c.family
        join rule_symbols as r on r.scheme = c.scheme and r.symbol = c.symbol
        group by c.family, r.rule
    """)


def _register_word_hits(con: duckdb.DuckDBPyConnection, rules: list[_Rule]) -> None:
    """The table `word_hits`: family, rule and one word that meets it; each expression runs over the texts once."""
    con.execute("create or replace temp table word_hits (family varchar, rule bigint, reason varchar)")
    by_words: dict[tuple[str, ...], list[int]] = {}
    for rule in rules:
        if rule.clause.words:
            by_words.setdefault(rule.clause.words, []).append(rule.number)
    for words, numbers in by_words.items():
        con.execute(
            """
            insert into word_hits
            select family, unnest($numbers::bigint[]) as rule, reason
            from (
              select family, min('text: ' || lower(regexp_extract(text, $pattern, 0, 'i'))) as reason
              from patent_texts
              join batch using (family)
              where regexp_matches(text, $pattern, 'i')
              group by family
            )
            """,
            {"numbers": numbers, "pattern": pattern(words)},
        )


# A rule that needs both is met by both, of whichever members. Families in none of a dimension's other categories are
# its remainder.
_FLAGS = """
with met as (
  select r.definition, r.topic, coalesce(c.family, w.family) as family, coalesce(c.reason, w.reason) as reason
  from (
    select family, rule from code_hits
    union
    select family, rule from word_hits
  ) as h
  join patent_rules as r on r.rule = h.rule
  left join code_hits as c on c.family = h.family and c.rule = h.rule
  left join word_hits as w on w.family = h.family and w.rule = h.rule
  where (not r.needs_code or c.family is not null) and (not r.needs_word or w.family is not null)
),
flagged as (
  select family, topic, definition, min(reason) as reason from met group by family, topic, definition
),
ai as (
  select family, definition from flagged where topic = 'ai'
),
categorised as (
  select f.family, f.topic, f.definition, f.reason, k.dimension
  from flagged as f
  join ai as a on a.family = f.family and a.definition = f.definition
  join patent_categories as k on k.topic = f.topic
),
families as (
  select family from batch
),
together as (
  select family, topic, definition, reason from flagged where topic = 'ai'
  union all
  select family, topic, definition, reason from categorised
  union all
  select a.family, k.topic, a.definition, 'no other' as reason
  from ai as a
  join patent_categories as k on k.remainder
  where not exists (
    select 1
    from categorised as c
    where c.family = a.family and c.definition = a.definition and c.dimension = k.dimension
  )
  union all
  select f.family, 'all' as topic, d.definition, 'any topic' as reason
  from families as f
  cross join patent_definitions as d
)
select family as work, topic, definition, 1.0 as probability, reason
from together
order by work, topic, definition
"""
