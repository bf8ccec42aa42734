"""What a page of an entity says beside its series: fields, venues, places, cited papers, quality of matches."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from macaw.relevance import DEFINITION
from macaw.site.data import COUNTING, Data, Point, inert

CITED = 8
VENUES = 10


@dataclass(frozen=True)
class Cited:
    """A highly cited paper."""

    title: str
    venue: str
    period: int
    link: str
    citations: int


@dataclass(frozen=True)
class Quality:
    """How the names on an entity's papers were matched: how many distinct ones, how sure, and by what rule."""

    names: int
    probability: float
    sure: float
    rules: tuple[tuple[str, float], ...]


class Facts:
    """Reads each fact for all entities at once; what the shipped release does not hold is empty."""

    def __init__(self, data: Data) -> None:
        self.data = data

    def _rows(self, needs: tuple[str, ...], query: str) -> list[tuple[Any, ...]]:
        if not all(self.data.has(table) for table in needs):
            return []
        found: list[tuple[Any, ...]] = self.data.observatory.connection(needs).execute(query).fetchall()
        return found

    @cached_property
    def topics(self) -> dict[str, dict[str, list[Point]]]:
        """AI papers by field: series by entity and topic."""
        rows = self._rows(
            ("values", "entities"),
            """select v.entity, e.kind, counting, topic, period, value, low, high, status, n, completeness
            from "values" as v join entities as e using (entity)
            where indicator = 'papers' and venues = 'ai' and topic not in ('ai', 'all') and place = 'workplace'
              and ownership = 'as_is' and territory = 'mainland' and place_country = ''
              and e.kind in ('company', 'country', 'group')
            order by v.entity, topic, period""",
        )
        found: dict[str, dict[str, list[Point]]] = {}
        for entity, kind, counting, topic, *point in rows:
            if COUNTING[kind] == counting:
                found.setdefault(entity, {}).setdefault(topic, []).append(Point(*point))
        return found

    @cached_property
    def places(self) -> dict[str, list[tuple[str, float, int, int]]]:
        """Where an organisation's papers were written: country, papers, first and last year; the largest first."""
        rows = self._rows(
            ("values",),
            """select entity, place_country, sum(value) as papers, min(period), max(period) from "values"
            where indicator = 'papers' and venues = 'ai' and topic = 'ai' and place_country <> '' and counting = 'full'
              and ownership = 'as_is' and territory = 'mainland' and value > 0
            group by entity, place_country order by entity, papers desc, place_country""",
        )
        return _by_entity(rows)

    @cached_property
    def ownership(self) -> dict[str, dict[str, list[Point]]]:
        """AI papers of organisations that own or are owned, under each rule of ownership."""
        rows = self._rows(
            ("values", "entities"),
            """select v.entity, ownership, period, value, low, high, status, n, completeness
            from "values" as v join entities as e using (entity)
            where indicator = 'papers' and venues = 'ai' and topic = 'ai' and place_country = '' and counting = 'full'
              and territory = 'mainland' and e.kind = 'company'
            order by v.entity, ownership, period""",
        )
        found: dict[str, dict[str, list[Point]]] = {}
        for entity, ownership, *point in rows:
            found.setdefault(entity, {}).setdefault(ownership, []).append(Point(*point))
        return {entity: rules for entity, rules in found.items() if len(rules) > 1}

    @cached_property
    def venues(self) -> dict[str, list[tuple[str, int]]]:
        """Venues with the most AI papers of an entity."""
        rows = self._rows(
            ("credits", "works", "record_topics", "record_measures", "entities"),
            f"""select entity, venue, papers from (
              select c.entity, w.venue, count(distinct c.work) as papers,
                row_number() over (partition by c.entity order by count(distinct c.work) desc, w.venue) as place
              from credits as c join entities as e using (entity) join works as w using (work)
                join record_topics as t on t.work = c.work and t.topic = 'ai' and t.definition = '{DEFINITION}'
                join record_measures as m on m.work = c.work and m.measure = 'papers'
              where e.kind in ('company', 'country') and c.place_country = '' and c.place in ('any', 'workplace')
                and c.ownership in ('any', 'as_is')
              group by c.entity, w.venue)
            where place <= {VENUES} order by entity, papers desc, venue""",
        )
        return _by_entity(rows)

    @cached_property
    def cited(self) -> dict[str, list[Cited]]:
        """The most cited AI papers of an entity."""
        rows = self._rows(
            ("credits", "works", "record_topics", "record_measures", "entities"),
            f"""select entity, title, venue, period, coalesce(link, ''), citations from (
              select c.entity, w.title, w.venue, w.period, w.link, cast(m.value as bigint) as citations,
                row_number() over (partition by c.entity order by m.value desc, w.title, w.work) as place
              from (select distinct entity, work from credits where place_country = ''
                  and place in ('any', 'workplace') and ownership in ('any', 'as_is')) as c
                join entities as e using (entity) join works as w using (work)
                join record_topics as t on t.work = c.work and t.topic = 'ai' and t.definition = '{DEFINITION}'
                join record_measures as m on m.work = c.work and m.measure = 'citations'
              where e.kind in ('company', 'country') and m.value > 0)
            where place <= {CITED} order by entity, citations desc, title""",
        )
        return {entity: [_cited(*row) for row in found] for entity, found in _by_entity(rows).items()}

    @cached_property
    def quality(self) -> dict[str, Quality]:
        """How names were matched to a company, or to a country's organisations; weighed by how often a name stands."""
        rows = self._rows(
            ("matches", "raw_names", "owners", "entities"),
            """with named as (
              select m.raw_name, coalesce(o.owner, m.organisation) as entity, m.probability, m.evidence
              from matches as m
              left join owners as o on o.organisation = m.organisation and o.ownership = 'as_is'
              where m.country is not null
              union all
              select raw_name, country as entity, probability, evidence from matches where country is not null
            )
            select entity, split_part(evidence, ':', 1) as rule, count(distinct raw_name),
              sum(r.mentions), sum(r.mentions * probability), sum(case when probability >= 0.9 then r.mentions end)
            from named join entities as e using (entity) join raw_names as r using (raw_name)
            where e.kind in ('company', 'country') group by entity, rule order by entity, sum(r.mentions) desc, rule""",
        )
        found = {}
        for entity, rules in _by_entity(rows).items():
            mentions = sum(r[2] for r in rules) or 1
            found[entity] = Quality(
                names=sum(r[1] for r in rules),
                probability=sum(r[3] for r in rules) / mentions,
                sure=sum(r[4] or 0 for r in rules) / mentions,
                rules=tuple((r[0], r[2] / mentions) for r in rules),
            )
        return found


def _cited(title: str, venue: str, period: int, link: str, citations: int) -> Cited:
    """A cited paper; an address that is not of the web is none."""
    return Cited(inert(title), venue, period, link if link.startswith(("https://", "http://")) else "", citations)


def _by_entity(rows: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for entity, *row in rows:
        found[entity].append(tuple(row))
    return dict(found)
