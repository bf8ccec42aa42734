"""Papers and credits as arrays, and sums over them in every draw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from macaw.indicators import Indicator, Specification
from macaw.uncertainty.chance import Bytes, Draws, Ints, Words, hashes, of_kind, right_and_missed, stand_ins
from macaw.uncertainty.rates import Floats, rates

if TYPE_CHECKING:
    import duckdb

# What the simulation reads of a build.
INPUTS = (
    "credit_names",
    "authorships",
    "works",
    "activity",
    "record_topics",
    "record_measures",
    "venue_years",
    "entities",
    "coverage",
    "group_members",
    "registry_venue_lists",
    "registry_venues",
)
DRAWS = 200
# Works that are drawn: an index of works has no intervals (reasons.toml), and may hold millions.
_WORKS = """(
  select w.* from works as w left join registry_venues as v on v.venue = w.venue and v.kind = 'index'
  where v.venue is null
)"""
_NAMES = f"(select a.work, a.raw_name from authorships as a join {_WORKS} as w on w.work = a.work)"
# The parts of an interval that can be shown apart.
PARTS = ("matching", "imputation", "classification")
WORLD = "WLD"
_PLACES = {"any": 0, "workplace": 1, "owner": 2}
_OWNERSHIPS = {"any": 0, "as_is": 1, "as_was": 2, "none": 3}
# Credits that are drawn at once: their draws fit into the processor's cache.
_BLOCK = 4000
# Cells whose draws are kept at once.
_CELLS = 4000


@dataclass(frozen=True)
class Series:
    """Sums of a measure in every draw: rows are an entity, place of work and year, columns draws (0: as counted)."""

    # Index of the entity and place of work, and the year, of each row; in order of both.
    key: Ints
    period: Ints
    total: Draws
    # Works, or shares of works, that have the measure.
    weight: Draws
    # Works that have the measure, as counted.
    works: Ints


@dataclass(frozen=True)
class Sum:
    """What is summed over works: a measure, its switches, and what a work must have to be known to lack it."""

    measure: str
    territory: str
    needs: str
    counting: str
    topic: str
    definition: str

    @classmethod
    def of(cls, of: Indicator, spec: Specification) -> Sum:
        """The sum on which an indicator rests under a specification, of all venues."""
        measure = str(of.parameters["measure"])
        return cls(measure, spec.territory, of.needs, spec.counting, spec.topic, spec.definition)


@dataclass(frozen=True)
class _Credits:
    """Rows of credit_names and of the world, in order of entity, place of work, year, venue and work."""

    key: NDArray[np.int32]
    place: NDArray[np.int8]
    ownership: NDArray[np.int8]
    work: NDArray[np.int32]
    name: NDArray[np.int32]
    wrong: NDArray[np.float32]
    share: NDArray[np.float32]


@dataclass
class Papers:
    """The papers of a build in every draw. `con` must know the tables of `INPUTS`.

    Of the credits only those of `entities` are read (None: all). `parts` are the errors that are drawn.
    """

    con: duckdb.DuckDBPyConnection
    entities: Collection[str] | None = None
    parts: Collection[str] = PARTS
    draws: int = DRAWS
    _arrays: dict[tuple[str, str], NDArray[np.float32]] = field(default_factory=dict)
    _of_kind: dict[tuple[str, str], Bytes] = field(default_factory=dict)
    _topics: dict[tuple[str, str], NDArray[np.bool_]] = field(default_factory=dict)

    # What is read

    @cached_property
    def works(self) -> dict[str, Any]:
        """Published works of collected venue-years: venue, year, country of the first place, whether located, cited."""
        self.con.execute(
            f"""create or replace temp table papers_read as
            select row_number() over (order by w.work) - 1 as i, w.work, w.venue, w.period, y.citations_collected,
              m.work is not null as located, coalesce(a.country, '') as country
            from {_WORKS} as w
            join venue_years as y on y.venue = w.venue and y.period = w.period
            left join record_measures as m on m.work = w.work and m.measure = 'papers'
            left join (select work, min(country) as country from activity where not is_ancestor group by work) as a
              on a.work = w.work
            where w.is_published and y.is_collected
            order by w.work"""
        )
        return dict(self.con.execute("select * exclude (i) from papers_read order by i").fetchnumpy())

    @cached_property
    def keys(self) -> list[tuple[str, str]]:
        """Entity and place of work of each key, the world's last."""
        chosen, asked = self._chosen_credits
        found = self.con.execute(
            f"select distinct entity, place_country from credit_names where {chosen} order by all", asked
        ).fetchall()
        return [*found, (WORLD, "")]

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Kind of each entity."""
        return dict(self.con.execute("select entity, kind from entities").fetchall())

    @cached_property
    def _groups(self) -> dict[str, str]:
        """What each group is of: companies or countries."""
        return dict(self.con.execute("select distinct group_id, kind from group_members").fetchall())

    @cached_property
    def _names(self) -> tuple[list[str], Ints, float]:
        """Raw names of the credits, papers of each, and how many missed names make up for the papers of a mean one."""
        chosen, asked = self._chosen_credits
        rows = self.con.execute(
            f"""with on_papers as (select raw_name, count(distinct work) as works from {_NAMES} as n group by raw_name)
            select raw_name, works from on_papers
            where raw_name in (select raw_name from credit_names where {chosen}) order by raw_name""",
            asked,
        ).fetchall()
        # Names of applicants and employers, which raw_names holds too, say nothing of papers.
        [(several,)] = self.con.execute(
            f"""select sum(works) / sum(least(works, {rates().missed_works}))
            from (select count(distinct work) as works from {_NAMES} as n group by raw_name)"""
        ).fetchall()
        return [n for n, _ in rows], np.array([w for _, w in rows], np.int64), float(several or 1.0)

    @property
    def _chosen_credits(self) -> tuple[str, dict[str, list[str]]]:
        """The condition for the credits of the entities, and what it binds."""
        if self.entities is None:
            return "true", {}
        return "entity in (select unnest($entities))", {"entities": sorted(self.entities)}

    @cached_property
    def _credits(self) -> _Credits:
        chosen, asked = self._chosen_credits
        _ = self.works
        self._register("key_ids", {"entity": [e for e, _ in self.keys], "place_country": [p for _, p in self.keys]})
        self._register("name_ids", {"raw_name": self._names[0]})
        read = self.con.execute(
            f"""select k.i as "key", {_code("place", _PLACES)} as place, {_code("ownership", _OWNERSHIPS)} as ownership,
              p.i as "work", n.i as "name", 1 - c.probability as wrong, c.share
            from (select * from credit_names where {chosen}) as c
            join key_ids as k on k.entity = c.entity and k.place_country = c.place_country
            join papers_read as p on p.work = c.work
            join name_ids as n on n.raw_name = c.raw_name
            order by k.i, p.period, p.venue, p.i, place, ownership, n.i""",
            asked,
        ).fetchnumpy()
        # The world's credit rests on no name: it is right of every located paper.
        world = np.lexsort((self._venue_codes, self.works["period"]))
        world = world[self.works["located"][world]]
        ends = {
            "key": len(self.keys) - 1,
            "place": 0,
            "ownership": 0,
            "work": world,
            "name": -1,
            "wrong": 0,
            "share": 1,
        }
        made = {n: np.concatenate([read[n], np.broadcast_to(v, len(world))]) for n, v in ends.items()}
        return _Credits(
            made["key"].astype(np.int32),
            made["place"].astype(np.int8),
            made["ownership"].astype(np.int8),
            made["work"].astype(np.int32),
            made["name"].astype(np.int32),
            made["wrong"].astype(np.float32),
            made["share"].astype(np.float32),
        )

    def _register(self, name: str, columns: dict[str, list[str]]) -> None:
        made = pa.table({"i": range(len(next(iter(columns.values())))), **columns})
        self.con.register(name, made)

    # What is drawn

    @cached_property
    def _units(self) -> tuple[Ints, Bytes, Draws]:
        """For each credit row its unit (a name as one rate sees it); for each unit right, and gained, in every draw."""
        c = self._credits
        rate_names = [rates().key(e, *self._kind(e)) for e, _ in self.keys]
        is_place = np.array([self._kind(e)[1] for e, _ in self.keys])
        keys, rate = np.unique(np.array(rate_names), return_inverse=True)
        millionths = np.rint(c.wrong * np.where(is_place[c.key], rates().wrong_country, 1.0) * 1e6).astype(np.int64)
        packed = (c.name.astype(np.int64) + 1) * (len(keys) * 1_000_001) + rate[c.key] * 1_000_001 + millionths
        packed[c.name < 0] = 0
        found, unit = np.unique(packed, return_inverse=True)
        unit = unit.astype(np.int32)
        name, rest = np.divmod(found, len(keys) * 1_000_001)
        which, wrong = np.divmod(rest, 1_000_001)
        if "matching" not in self.parts:
            shape = (len(found), self.draws + 1)
            return unit, np.ones(shape, np.uint8), np.zeros(shape, np.float32)
        names, works, several = self._names
        right, missed = right_and_missed(
            np.concatenate([np.zeros(1, np.uint64), hashes(names)])[name],
            wrong / 1e6,
            keys.tolist(),
            which,
            self.draws,
            several,
        )
        right[name == 0], missed[name == 0] = 1, 0
        # A name that was missed is on few papers, however many the found one is on.
        part = np.minimum(1, rates().missed_works / np.concatenate([[1], works]))[name].astype(np.float32)
        return unit, right, np.asarray(missed * part[:, None], np.float32)

    @cached_property
    def _right_and_gained(self) -> Draws:
        _, right, gained = self._units
        return right + gained

    @cached_property
    def recalls(self) -> dict[str, float]:
        """The chance that a paper's name is found, by rate."""
        drawn = "matching" in self.parts
        used = {*self._rate_of.values(), *(rates().key(e, *self._kind(e)) for e, _ in self.keys)}
        return {rate: rates().by_kind[rate].recall if drawn else 1.0 for rate in sorted(used)}

    @cached_property
    def recall(self) -> Floats:
        """The same by key; the world's papers need no name."""
        return np.array([1.0 if e == WORLD else self.recalls[rates().key(e, *self._kind(e))] for e, _ in self.keys])

    @cached_property
    def key_hashes(self) -> Words:
        """64 bits of each key."""
        return hashes([f"{entity} {place}" for entity, place in self.keys])

    def rate_table(self) -> pa.Table:
        """The rate that holds of each entity."""
        return pa.table({"entity": list(self._rate_of), "rate": list(self._rate_of.values())})

    @cached_property
    def _rate_of(self) -> dict[str, str]:
        return {entity: rates().key(entity, *self._kind(entity)) for entity in self.kinds}

    def _kind(self, entity: str) -> tuple[str, bool]:
        """By which kind of rate an entity's names are judged, and whether it is a place."""
        kind = self._groups.get(entity, self.kinds.get(entity, "other"))
        return kind, kind == "country"

    def stands_for(self, needs: str) -> Bytes:
        """For each work and draw how many papers it stands for; `needs` is affiliation or citation."""
        return self._stands_for_cited if needs == "citation" else self._stands_for_located

    @cached_property
    def _stands_for_located(self) -> Bytes:
        return self._stand_ins("affiliation", self.works["located"], np.ones(len(self.works["venue"]), bool))

    @cached_property
    def _stands_for_cited(self) -> Bytes:
        cited = ~np.isnan(self.measure("citations", "any"))
        return self._stand_ins("citation", self.works["located"] & cited, self.works["citations_collected"])

    def _stand_ins(self, needs: str, known: NDArray[np.bool_], counted: NDArray[np.bool_]) -> Bytes:
        made = np.ones((len(known), self.draws + 1), np.uint8)
        if "imputation" not in self.parts:
            return made
        venues, code = self._venue_names
        group = code * 10_000 + self.works["period"]
        order = np.argsort(group, kind="stable")
        starts = np.flatnonzero(np.diff(group[order], prepend=-1))
        for at in np.split(order, starts[1:]):
            donors = at[known[at]]
            missing = int(counted[at].sum()) - len(donors)
            name = f"{needs} {venues[code[at[0]]]} {self.works['period'][at[0]]}"
            countries = self.works["country"][donors].tolist()
            made[donors] = stand_ins(name, countries, missing, self.draws, rates().unlocated_spread)
        return made

    # What is measured

    def measure(self, measure: str, territory: str) -> NDArray[np.float32]:
        """A measure of each work under a territory rule; not a number where it has none."""
        if not self._arrays:
            self._read_measures()
        return self._arrays[measure, territory if (measure, territory) in self._arrays else "any"]

    def is_of_kind(self, measure: str, territory: str) -> Bytes | None:
        """For each work and draw whether it is of a kind of paper; None of what is no kind, or has no such error."""
        if measure not in rates().kinds_of_paper or "classification" not in self.parts:
            return None
        key = (measure, territory if (measure, territory) in self._arrays else "any")
        if key not in self._of_kind:
            said = self.measure(measure, territory) > 0
            self._of_kind[key] = of_kind(self._work_hashes, said, measure, self.draws)
        return self._of_kind[key]

    @cached_property
    def _work_hashes(self) -> NDArray[np.uint64]:
        return hashes(self.works["work"].tolist())

    def _read_measures(self) -> None:
        count = len(self.works["venue"])
        rows = self.con.execute(
            """select measure, territory, p.i, m.value from record_measures as m join papers_read as p using (work)
            order by measure, territory <> 'any', territory"""
        ).fetchnumpy()
        names = rows["measure"].astype(str) + " " + rows["territory"].astype(str)
        starts = np.flatnonzero(names[1:] != names[:-1]) + 1
        empty = np.full(count, np.nan, np.float32)
        for at in np.split(np.arange(len(names)), starts):
            if len(at):
                measure, _, territory = names[at[0]].partition(" ")
                values = self._arrays.get((measure, "any"), empty).copy()
                values[rows["i"][at]] = rows["value"][at]
                self._arrays[measure, territory] = values
        for measure in ("papers", "citations", "highly_cited", "international", "us_china", "industry_academia"):
            self._arrays.setdefault((measure, "any"), empty)

    def _is_of_topic(self, topic: str, definition: str) -> NDArray[np.bool_]:
        if (topic, definition) not in self._topics:
            made = np.zeros(len(self.works["venue"]), bool)
            rows = self.con.execute(
                """select p.i from record_topics as t join papers_read as p using (work)
                where topic = ? and definition = ?""",
                [topic, definition],
            ).fetchnumpy()
            made[rows["i"]] = True
            self._topics[topic, definition] = made
        return self._topics[topic, definition]

    @cached_property
    def _venue_names(self) -> tuple[list[str], Ints]:
        """All venues in order, and the index of each work's."""
        venues, code = np.unique(self.works["venue"].astype(str), return_inverse=True)
        return venues.tolist(), code

    @property
    def _venue_codes(self) -> Ints:
        return self._venue_names[1]

    @cached_property
    def listed(self) -> dict[str, NDArray[np.bool_]]:
        """Of each list of venues whether a venue is on it."""
        lists: dict[str, set[str]] = defaultdict(set)
        for name, venue in self.con.execute("select venues, venue from registry_venue_lists").fetchall():
            lists[name].add(venue)
        return {n: np.array([v in members for v in self._venue_names[0]], bool) for n, members in lists.items()}

    def values(self, of: Sum) -> NDArray[np.float32]:
        """What each work adds to a sum; not a number where it is of another topic or lacks the measure."""
        return np.where(self._is_of_topic(of.topic, of.definition), self.measure(of.measure, of.territory), np.nan)

    def whole_windows(self, spec: Specification, span: int) -> tuple[int, ...]:
        """Years that end `span` years in each of which all venues of a panel took place and were collected."""
        rows = self.con.execute(
            """with whole as (select venues, max(held_venues) as listed from coverage group by venues)
            select c.period, c.is_panel and c.collected_venues = w.listed
            from coverage as c join whole as w using (venues)
            where venues = ? and topic = ? and definition = ?""",
            [spec.venues, spec.topic, spec.definition],
        ).fetchall()
        whole = {period for period, is_whole in rows if is_whole}
        return tuple(sorted(y for y in whole if all(y - k in whole for k in range(span))))

    # Sums

    def chunks(self, place: str, ownership: str, keys: NDArray[np.bool_], sums: Collection[Sum]) -> Iterator[Chunk]:
        """Sums of some keys under a rule of attribution, a few keys at a time."""
        c, period = self._credits, self.works["period"]
        rows = np.flatnonzero(
            keys[c.key]
            & ((c.place == 0) | (c.place == _PLACES[place]))
            & ((c.ownership == 0) | (c.ownership == _OWNERSHIPS[ownership]))
        )
        if not len(rows):
            return
        cell = np.cumsum(_changes(c.key[rows], period[c.work[rows]], self._venue_codes[c.work[rows]]))
        starts = np.flatnonzero(_changes(c.key[rows]))
        taken = cell[starts] // _CELLS
        for part in np.split(rows, starts[1:][taken[1:] != taken[:-1]]):
            chunk = Chunk(self, part)
            chunk.add(sums)
            yield chunk

    def world(self, of: Indicator, spec: Specification) -> Series:
        """The world's sums; its credit is the same under every rule."""
        self._world.add([Sum.of(of, spec)])
        return self._world.series(of, spec)

    @cached_property
    def _world(self) -> Chunk:
        return Chunk(self, np.flatnonzero(self._credits.key == len(self.keys) - 1))


def _changes(*columns: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether a row differs from the one before."""
    made = np.ones(len(columns[0]), bool)
    made[1:] = np.any([c[1:] != c[:-1] for c in columns], axis=0)
    return made


@dataclass(frozen=True)
class _Cells:
    """A sum in every draw, by cell: what was summed, the works (or shares of works) summed, and how many they are."""

    total: Draws
    weight: Draws
    works: NDArray[np.int64]


class Chunk:
    """Sums over the credits of a few keys by key, year and venue, in every draw: a list of venues is a sum of these."""

    def __init__(self, papers: Papers, rows: Ints) -> None:
        self.papers = papers
        c = papers._credits
        self._rows, self._starts = rows, np.flatnonzero(_changes(c.key[rows], c.work[rows]))
        self._work = c.work[rows[self._starts]]
        key, period, venue = c.key[rows[self._starts]], papers.works["period"], papers._venue_codes
        is_new = _changes(key, period[self._work], venue[self._work])
        first = np.flatnonzero(is_new)
        self._cell_of = np.cumsum(is_new) - 1
        self._key, self._period, self._venue = key[first], period[self._work[first]], venue[self._work[first]]
        self._cells: dict[Sum, _Cells] = {}

    def add(self, sums: Collection[Sum]) -> None:
        """Sum what was not summed before."""
        wanted = [s for s in dict.fromkeys(sums) if s not in self._cells]
        shape = (len(self._key), self.papers.draws + 1)
        for s in wanted:
            none = np.zeros(len(self._key), np.int64)
            self._cells[s] = _Cells(np.zeros(shape, np.float32), np.zeros(shape, np.float32), none)
        by_credit: dict[str, dict[str, list[tuple[Sum, NDArray[np.float32]]]]] = defaultdict(lambda: defaultdict(list))
        for s in wanted:
            by_credit[s.counting][s.needs].append((s, self.papers.values(s)[self._work]))
        for start in range(0, len(self._work), _BLOCK):
            at = slice(start, min(start + _BLOCK, len(self._work)))
            for counting, by_need in by_credit.items():
                own = self._own(counting, at)
                for needs, held in by_need.items():
                    credit = own * self.papers.stands_for(needs)[self._work[at]]
                    for s, values in held:
                        self._sum(s, values[at], credit, at)

    def _sum(self, of: Sum, values: NDArray[np.float32], credit: Draws, at: slice) -> None:
        cell = self._cell_of[at]
        ends = np.append(np.flatnonzero(_changes(cell)), len(cell))
        held, cells = slice(cell[0], cell[-1] + 1), self._cells[of]
        known = ~np.isnan(values)
        cells.works[held] += np.add.reduceat(known.astype(np.int64), ends[:-1])

        def summed(factor: NDArray[Any], draws: Draws) -> Draws:
            shape = (len(ends) - 1, len(cell))
            return np.asarray(csr_matrix((factor.astype(np.float32), np.arange(len(cell)), ends), shape) @ draws)

        weight = summed(known, credit)
        cells.weight[held] += weight
        of_kind = self.papers.is_of_kind(of.measure, of.territory)
        if of_kind is not None:
            cells.total[held] += summed(known, credit * of_kind[self._work[at]])
        elif of.measure == "papers":
            cells.total[held] += weight
        else:
            cells.total[held] += summed(np.where(known, values, 0), credit)

    def _own(self, counting: str, at: slice) -> Draws:
        """The credit of each key and work in every draw: all of it if any name is right, or each name's share."""
        unit, right, gained = self.papers._units
        ends = np.append(self._starts, len(self._rows))[at.start : at.stop + 1]
        rows = self._rows[ends[0] : ends[-1]]
        ends = ends - ends[0]
        units, names, starts = unit[rows], np.diff(ends), ends[:-1]
        shape = (len(starts), len(right))
        if counting == "fractional":
            share = self.papers._credits.share[rows]
            return np.asarray(csr_matrix((share, units, ends), shape) @ self.papers._right_and_gained)
        made = right[units[starts]]
        for nth in range(1, int(names.max())):
            more = np.flatnonzero(names > nth)
            made[more] = np.maximum(made[more], right[units[starts[more] + nth]])
        part = np.repeat((1 / names).astype(np.float32), names)
        return np.asarray(made + csr_matrix((part, units, ends), shape) @ gained)

    def series(self, of: Indicator, spec: Specification) -> Series:
        """Sums of an indicator's measure by key and year over a list of venues; they must have been added."""
        cells = self._cells[Sum.of(of, spec)]
        at = np.flatnonzero(self.papers.listed[spec.venues][self._venue] & (cells.works > 0))
        key, period = self._key[at], self._period[at]
        starts = np.flatnonzero(_changes(key, period))
        ends = np.append(starts, len(at))
        ones = csr_matrix((np.ones(len(at), np.float32), at, ends), (len(starts), len(self._key)))
        works = np.add.reduceat(cells.works[at], starts) if len(at) else cells.works[:0]
        return Series(key[starts], period[starts], ones @ cells.total, ones @ cells.weight, works)


def _code(column: str, codes: dict[str, int]) -> str:
    cases = " ".join(f"when '{name}' then {code}" for name, code in codes.items())
    return f"case c.{column} {cases} end"
