"""A generated snapshot through the whole way to cells, against a count in plain Python over the same JSON lines."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import openalex_data
from macaw import pipeline, registry
from macaw.engine import connect, load
from macaw.indicators import BASES

WORKS = 3000
# Country and how many shares of how many works it has in a year.
Counts = dict[tuple[str, int], tuple[Fraction, int]]


def upstream(steps: list[pipeline.Step], wanted: str) -> frozenset[str]:
    """The names of the steps that a table rests on."""
    made_by = {table: step for step in steps for table in step.outputs}
    names: set[str] = set()
    waiting = [wanted]
    while waiting:
        step = made_by.get(waiting.pop())
        if step and step.name not in names:
            names.add(step.name)
            waiting += step.inputs
    return frozenset(names)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, demo_data: Path) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "ror").mkdir()
    for file in (demo_data / "ror").iterdir():
        (folder / "ror" / file.name).write_bytes(file.read_bytes())
    openalex_data.generate(folder / "openalex", WORKS, seed=11, ror=demo_data, per_file=800)
    return folder


@pytest.fixture(scope="module")
def parquet(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of a build that goes as far as cells, of papers and of references."""
    out = tmp_path_factory.mktemp("out")
    steps = pipeline.steps(data)
    pipeline.Build(data, out).run(upstream(steps, "cells") | upstream(steps, "citation_flows"))
    return out / "parquet"


class Plain:
    """The count, from the JSON lines and what the matcher says of each string."""

    def __init__(self, data: Path, parquet: Path) -> None:
        self.matches: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for match in pq.read_table(parquet / "matches.parquet").to_pylist():
            self.matches[match["raw_name"]].append(match)
        self.known = set(pq.read_table(parquet / "organisations.parquet")["organisation"].to_pylist())
        tables = registry.tables()
        self.codes = {r["alpha2"]: r["country"] for r in tables["registry_countries"].to_pylist()}
        self.claimed = {
            f["value"]: f["organisation"] for f in tables["registry_facts"].to_pylist() if f["property"] == "ror"
        }
        statuses = tables["registry_statuses"].to_pylist()
        counted = {r["status"] for r in statuses if r["venue"] == "OpenAlex" and r["published"]}
        self.works = [w for w in newest(data) if not w["is_retracted"] and w["type"] in counted]
        told = pq.read_table(parquet / "record_topics.parquet").to_pylist()
        self.about = {t["work"] for t in told if (t["topic"], t["definition"]) == ("ai", "model")}

    def shares(self, work: dict[str, Any]) -> dict[str, Fraction]:
        """Each country's share of a work."""
        slots = []
        for authorship in work["authorships"]:
            institutions = {i["id"]: i for i in authorship["institutions"]}
            parts = [self._countries(a, institutions) for a in authorship["affiliations"]]
            slots.append([p for p in parts if p])
        slots = [s for s in slots if s]
        found: dict[str, Fraction] = defaultdict(Fraction)
        for parts in slots:
            for countries in parts:
                for country in countries:
                    found[country] += Fraction(1, len(slots) * len(parts) * len(countries))
        return found

    def _countries(self, affiliation: dict[str, Any], institutions: dict[str, Any]) -> list[str]:
        matches = [m for m in self.matches[affiliation["raw_affiliation_string"].strip()] if m["country"]]
        if any(m["organisation"] for m in matches):
            return [m["country"] for m in matches if not m["is_ancestor"]] or [m["country"] for m in matches]
        place = min((m["country"] for m in matches), default=None)
        linked = set()
        for number in affiliation["institution_ids"]:
            ror = (institutions[number]["ror"] or "").rsplit("/", 1)[-1]
            organisation = self.claimed.get(ror, f"ror:{ror}")
            if organisation in self.known:
                linked.add((organisation, place or self.codes[institutions[number]["country_code"]]))
        return [country for _, country in linked] or ([place] if place else [])

    def collected(self) -> Iterator[dict[str, Any]]:
        """The works of years in which at least half of the works list an affiliation."""
        by_year: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for work in self.works:
            by_year[work["publication_year"]].append(work)
        for works in by_year.values():
            if 2 * sum(any(a["affiliations"] for a in w["authorships"]) for w in works) >= len(works):
                yield from works

    def counts(self) -> Counts:
        """By country and year."""
        found: dict[tuple[str, int], tuple[Fraction, int]] = {}
        for work in self.collected():
            for country, share in self.shares(work).items():
                total, n = found.get((country, work["publication_year"]), (Fraction(0), 0))
                found[country, work["publication_year"]] = (total + share, n + 1)
        return found

    def flows(self) -> dict[tuple[str, str, int], tuple[Fraction, int]]:
        """References of works about AI by citing country, cited country and year: shares of both, and how many."""
        places = {w["id"]: self.shares(w) for w in self.works}
        found: dict[tuple[str, str, int], tuple[Fraction, int]] = defaultdict(lambda: (Fraction(0), 0))
        for work in self.collected():
            if id_of(work) not in self.about:
                continue
            for cited in set(work["referenced_works"]) - {work["id"]}:
                for here, own in places[work["id"]].items():
                    for there, share in places.get(cited, {}).items():
                        total, n = found[here, there, work["publication_year"]]
                        found[here, there, work["publication_year"]] = (total + own * share, n + 1)
        return dict(found)

    def normalised(self, least: int) -> dict[str, Fraction]:
        """Citations over the mean of the subfield, year and type, where there are so many works."""
        sets: dict[tuple[str, int, str], list[int]] = defaultdict(list)
        for work in self.works:
            sets[self._set(work)].append(work["cited_by_count"])
        found = {}
        for work in self.collected():
            every = sets[self._set(work)]
            if len(every) >= least and sum(every):
                found[id_of(work)] = Fraction(work["cited_by_count"] * len(every), sum(every))
        return found

    @staticmethod
    def _set(work: dict[str, Any]) -> tuple[str, int, str]:
        return work["topics"][0]["subfield"]["id"], work["publication_year"], work["type"]


def id_of(work: dict[str, Any]) -> str:
    """A work's id in the tables."""
    return f"openalex/{work['id'].rsplit('/', 1)[1]}"


def newest(data: Path) -> Iterator[dict[str, Any]]:
    """The newest version of each work that was not merged into another."""
    with gzip.open(next(data.glob("openalex/data/merged_ids/works/*.gz")), "rt") as stream:
        merged = {line.split(",")[1] for line in stream}
    works = {}
    for file in sorted(data.glob("openalex/data/jsonl/works/*/*.gz")):
        with gzip.open(file, "rt") as stream:
            for line in stream:
                if line.endswith("}\n"):
                    record = json.loads(line)
                    works[record["id"].rsplit("/", 1)[1]] = record
    return (record for number, record in works.items() if number not in merged)


def test_papers_of_countries_are_those_of_a_plain_count(data, parquet):
    expected = Plain(data, parquet).counts()
    cells = pq.read_table(parquet / "cells.parquet")
    wanted = cells.filter(
        (pc.field("venue") == "OpenAlex")
        & (pc.field("topic") == "all")
        & (pc.field("measure") == "papers")
        & (pc.field("place") == "workplace")
        & pc.field("entity").isin(list(registry.tables()["registry_countries"]["country"].to_pylist()))
    ).to_pylist()
    found = {(c["entity"], c["period"]): (c["shared_total"], c["records"]) for c in wanted}
    assert sum(n for _, n in expected.values()) > WORKS / 3
    assert found.keys() == expected.keys()
    for key, (total, n) in expected.items():
        assert found[key][1] == n, key
        assert found[key][0] == pytest.approx(float(total), abs=1e-9), key


def test_some_works_are_placed_by_a_link_alone(parquet):
    links = pq.read_table(parquet / "affiliation_links.parquet")
    assert links.num_rows > 0
    assert links["organisation"].null_count == 0


def test_works_about_ai_are_those_written_about_it(parquet):
    """The generator writes six per cent of works with words of AI; the model tells most of them by their text."""
    topics = pq.read_table(parquet / "record_topics.parquet")
    told = topics.filter((pc.field("topic") == "ai") & (pc.field("definition") == "model"))
    works = pq.read_table(parquet / "works.parquet").filter(pc.field("is_published"))
    share = told.num_rows / works.num_rows
    assert 0.03 < share < 0.12


def test_references_between_countries_are_those_of_a_plain_count(data, parquet):
    expected = Plain(data, parquet).flows()
    flows = pq.read_table(parquet / "citation_flows.parquet", filters=[("definition", "=", "model")]).to_pylist()
    countries = set(registry.tables()["registry_countries"]["country"].to_pylist())
    for number, counting in enumerate(("fractional", "full")):
        found = {
            (f["entity"], f["cited_entity"], f["period"]): f["references_made"]
            for f in flows
            if f["counting"] == counting and {f["entity"], f["cited_entity"]} <= countries
        }
        assert len(found) > 100
        assert found == {key: pytest.approx(float(told[number]), abs=1e-9) for key, told in expected.items()}


def test_the_records_behind_references_add_up_to_them(parquet):
    base, con = BASES["references"], connect()
    for table in base.record_tables:
        if table in registry.TABLES:
            con.register(table, registry.tables()[table])
        else:
            con.execute(f"create view {table} as select * from read_parquet('{parquet}/{table}.parquet')")
    asked = {"entity": "USA", "cited": "itself", "venues": "OpenAlex", "topic": "ai", "definition": "model"}
    asked |= {"place": "workplace", "ownership": "as_is", "first_year": 2015, "last_year": 2025}
    for query in (load("macaw.indicators", name) for name in base.records):
        found = con.sql(query.text, params={p: asked[p] for p in query.parameters}).to_arrow_table()
        con.register("chosen", found)
    records = {r["work"]: r["value"] for r in found.to_pylist()}
    wanted = [
        ("entity", "=", "USA"),
        ("cited_entity", "=", "USA"),
        ("definition", "=", "model"),
        ("counting", "=", "full"),
    ]
    flows = pq.read_table(parquet / "citation_flows.parquet", filters=wanted).to_pylist()
    assert sum(records.values()) == sum(f["references_made"] for f in flows if 2015 <= f["period"] <= 2025) > 0


def test_shares_of_countries_add_up(parquet):
    flows = pq.read_table(parquet / "citation_flows.parquet", filters=[("definition", "=", "model")]).to_pylist()
    countries = set(registry.tables()["registry_countries"]["country"].to_pylist())
    summed: dict[tuple[str, int], float] = defaultdict(float)
    for flow in flows:
        if flow["counting"] == "fractional" and flow["cited_entity"] in countries:
            summed[flow["entity"], flow["period"]] += flow["references_share"]
    assert len(summed) > 30
    assert list(summed.values()) == [pytest.approx(1.0, abs=1e-9)] * len(summed)


def test_citations_against_the_field_are_those_of_a_plain_count(data, parquet):
    expected = Plain(data, parquet).normalised(50)
    wanted = [("measure", "=", "normalised_citations")]
    measured = pq.read_table(parquet / "record_measures.parquet", filters=wanted).to_pylist()
    assert len(expected) > 500
    assert {m["work"]: m["value"] for m in measured} == {w: pytest.approx(float(v)) for w, v in expected.items()}


def test_a_tenth_of_every_field_is_its_top_tenth(parquet):
    wanted = [("measure", "=", "top_tenth_of_field")]
    measured = pq.read_table(parquet / "record_measures.parquet", filters=wanted)
    venue_years = pq.read_table(parquet / "venue_years.parquet", filters=[("venue", "=", "OpenAlex")])
    assert measured.num_rows > 500
    # Every year of the generated works is collected, so that no set is cut.
    assert pc.all(venue_years["is_collected"]).as_py()
    assert pc.sum(measured["value"]).as_py() == pytest.approx(measured.num_rows / 10)
