"""Write a snapshot like OpenAlex's of any size: works and institutions in partitions, gzipped, with manifests.

    python benchmarks/openalex_data.py --out DIR/openalex --works 100000 [--seed 1] [--ror DIR]

Seeded: the same seed and size give the same bytes. Organisations, cities and years are drawn with the skew of real
ones, and so is the dirt: departments and postal codes around names, misspellings, strings without a name, works without
abstract, title or affiliation, older versions of works in earlier partitions, merged works, lines cut off. With --ror
the names are those of the Research Organization Registry in DIR/ror, else names made of the registry's companies and
cities. No person has a name.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path

from macaw import registry

AI_SHARE, ABSTRACT_SHARE, LISTED_SHARE = 0.06, 0.55, 0.65
# Works of a file; a published one holds up to 400,000.
PER_FILE = 50_000
# Shares of lines: an older version in an earlier partition, a merged work, a line cut off.
OLDER, MERGED, BROKEN = 0.01, 0.001, 0.00002
FIRST, LAST = 1990, 2026
_TYPES = (
    ("article", 66), ("preprint", 7), ("book-chapter", 9), ("dataset", 6), ("dissertation", 4), ("review", 3),
    ("other", 2), ("paratext", 1), ("peer-review", 1), ("editorial", 1),
)  # fmt: skip
_AI = """deep neural network learning convolutional image recognition language model transformer attention reinforcement
policy graph representation object detection segmentation speech translation generative adversarial self-supervised
classification training dataset robust federated prompt reasoning retrieval robot navigation""".split()
_OTHER = """patients clinical trial protein cell expression tumour soil water growth market policy history education
temperature pressure alloy catalyst reaction synthesis surface quantum field galaxy stress crack flow heat species
forest climate disease risk therapy bone blood gene bacteria infection women children urban law trade labour
energy battery membrane polymer laser spectroscopy seismic ocean sediment fracture nursing surgery""".split()
_COMMON = """we study the effect of in and a on with for from using results show that analysis model method data based
between high low new approach evidence significant increase review case system development""".split()
_DEPARTMENTS = (
    "Department of Computer Science", "School of Medicine", "Department of Physics", "Faculty of Engineering",
    "College of Chemistry", "Institute of Automation", "Key Laboratory of Intelligent Systems", "School of Business",
    "Department of Electrical and Computer Engineering", "Research Center for Data Science", "Department of Biology",
    "Laboratoire d'informatique", "Fakultät für Informatik", "State Key Laboratory of Materials", "AI Lab",
)  # fmt: skip
_KINDS = (
    "University of {}", "{} University", "{} Institute of Technology", "{} Medical College", "{} General Hospital",
    "{} Academy of Sciences", "Technical University of {}", "{} Polytechnic", "{} Normal University",
)  # fmt: skip


@dataclass(frozen=True)
class Institution:
    """An organisation with its ids, its country as a code and a name, and its city."""

    number: int
    name: str
    ror: str | None
    alpha2: str
    country: str
    city: str


def institutions(ror: Path | None, seed: int) -> list[Institution]:
    """Organisations in the order of their size: those of ROR, or names made from the registry."""
    rng = random.Random(seed)
    names = {c["alpha2"]: c["name"] for c in _countries() if c["alpha2"]}
    found = _of_ror(ror) if ror else list(_made())
    rng.shuffle(found)
    return [Institution(i, n, r, a, names.get(a, ""), c) for i, (n, r, a, c) in enumerate(found, 1) if a in names]


@cache
def _countries() -> list[dict[str, str]]:
    places = registry.tables()["registry_places"].to_pylist()
    shown = {p["country"]: p["name"] for p in reversed(places) if p["place_kind"] == "country"}
    rows = registry.tables()["registry_countries"].to_pylist()
    return [{"alpha2": r["alpha2"], "country": r["country"], "name": shown.get(r["country"], "")} for r in rows]


def _of_ror(folder: Path) -> list[tuple[str, str | None, str, str]]:
    from macaw.sources.origin import origin
    from macaw.sources.ror import read

    files = sorted({f for p in origin("ror").patterns for f in folder.glob(p)})
    reading = read.read(files, folder)
    names = {
        r["ror"]: r["name"]
        for r in reading.table("source_organisation_names").to_pylist()
        if r["name_kind"] == "display"
    }
    return [
        (names[r["ror"]], r["ror"], r["alpha2"], r["city"] or "")
        for r in reading.table("source_organisations").to_pylist()
        if r["ror"] in names and r["alpha2"]
    ]


def _made() -> Iterator[tuple[str, str | None, str, str]]:
    codes = {c["country"]: c["alpha2"] for c in _countries()}
    for place in registry.tables()["registry_places"].to_pylist():
        if place["place_kind"] in ("city", "region") and place["name"].isascii() and codes.get(place["country"]):
            for kind in _KINDS:
                yield kind.format(place["name"]), None, codes[place["country"]], place["name"]
    facts = registry.tables()["registry_facts"].to_pylist()
    homes = {f["organisation"]: f["value"] for f in facts if f["property"] == "country"}
    for fact in facts:
        if fact["property"] in ("name", "alias", "lab") and fact["value"].isascii():
            alpha2 = codes.get(homes.get(fact["organisation"], ""))
            if alpha2:
                yield fact["value"], None, alpha2, ""


def _zipf(n: int, power: float = 0.8) -> list[float]:
    return list(accumulate(1 / (i + 5) ** power for i in range(n)))


class Writer:
    """Makes records of works as lines of JSON, drawn from a seeded generator."""

    def __init__(self, of: Sequence[Institution], works: int, seed: int) -> None:
        self.rng = random.Random(seed)
        self.of, self.works = of, works
        self.weights = _zipf(len(of))
        self.years = list(accumulate(1.06 ** (y - FIRST) for y in range(FIRST, LAST + 1)))
        self.abstracts = {ai: [self._abstract(ai) for _ in range(4000)] for ai in (True, False)}

    def _words(self, ai: bool, n: int) -> list[str]:
        own = _AI if ai else _OTHER
        return [self.rng.choice(own if self.rng.random() < 0.4 else _COMMON) for _ in range(n)]

    def _abstract(self, ai: bool) -> str:
        index: dict[str, list[int]] = {}
        for place, word in enumerate(self._words(ai, max(20, int(self.rng.gauss(150, 50))))):
            index.setdefault(word, []).append(place)
        return json.dumps(index, separators=(",", ":"))

    def _string(self, of: Institution) -> str:
        """An affiliation as authors write it."""
        rng, name = self.rng, of.name
        chance = rng.random()
        if chance < 0.03 and len(name) > 4:
            at = rng.randrange(1, len(name) - 2)
            name = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        elif chance < 0.05:
            name = name.upper()
        if rng.random() < 0.02:
            return ", ".join(filter(None, [rng.choice(_DEPARTMENTS), of.city, of.country]))
        parts = [name]
        if rng.random() < 0.6:
            parts.insert(0, rng.choice(_DEPARTMENTS))
        if of.city and rng.random() < 0.7:
            parts.append(of.city if rng.random() < 0.6 else f"{of.city} {rng.randrange(10_000, 10_200)}")
        if rng.random() < 0.75:
            parts.append(of.country)
        return ", ".join(filter(None, parts)) + ("." if rng.random() < 0.2 else "")

    def _authorships(self, listed: bool) -> list[dict[str, object]]:
        rng = self.rng
        n = 1 if rng.random() < 0.2 else min(1 + int(rng.expovariate(1 / 3.2)), 60)
        home = rng.choices(self.of, cum_weights=self.weights, k=2)
        shared = [self._string(of) for of in home]
        made: list[dict[str, object]] = []
        for author in range(n):
            record: dict[str, object] = {
                "author_position": "first" if author == 0 else "middle",
                "author": {"id": f"https://openalex.org/A{10**9 + rng.randrange(self.works)}", "display_name": ""},
                "institutions": [], "countries": [], "raw_affiliation_strings": [], "affiliations": [],
            }  # fmt: skip
            if listed and rng.random() < 0.95:
                which = 0 if rng.random() < 0.75 else 1
                for of, raw in [(home[which], shared[which])] + (
                    [(home[0], shared[0])] if which and rng.random() < 0.2 else []
                ):
                    # OpenAlex does not find every institution.
                    found = rng.random() < 0.85
                    ids = [f"https://openalex.org/I{of.number}"] if found else []
                    record["raw_affiliation_strings"].append(raw)  # type: ignore[attr-defined]
                    record["affiliations"].append({"raw_affiliation_string": raw, "institution_ids": ids})  # type: ignore[attr-defined]
                    if found:
                        ror = f"https://ror.org/{of.ror}" if of.ror else None
                        record["institutions"].append(  # type: ignore[attr-defined]
                            {
                                "id": ids[0],
                                "display_name": of.name,
                                "ror": ror,
                                "country_code": of.alpha2,
                                "type": "education",
                            }
                        )
                        record["countries"].append(of.alpha2)  # type: ignore[attr-defined]
            made.append(record)
        return made

    def line(self, number: int, updated: date) -> str:
        """The record of a work; without an end of line."""
        rng = self.rng
        ai = rng.random() < AI_SHARE
        year = rng.choices(range(FIRST, LAST + 1), cum_weights=self.years)[0]
        title = None if rng.random() < 0.005 else " ".join(self._words(ai, rng.randrange(5, 14))).capitalize()
        kind = rng.choices([t for t, _ in _TYPES], cum_weights=_TYPE_WEIGHTS)[0]
        subfield, field = (1702, 17) if ai else (2204, 22)
        topic = f"T1{rng.randrange(4000):04d}"
        record = {
            "id": f"https://openalex.org/W{number}",
            "doi": f"https://doi.org/10.5555/{number}",
            "title": title, "display_name": title, "publication_year": year, "publication_date": f"{year}-01-01",
            "language": "en", "type": kind, "is_retracted": rng.random() < 0.0005, "is_paratext": kind == "paratext",
            "cited_by_count": int(rng.paretovariate(0.9)) - 1,
            "primary_location": {"source": {"display_name": f"Journal {rng.randrange(5000)}"}},
            "authorships": self._authorships(rng.random() < LISTED_SHARE),
            "topics": [{
                "id": f"https://openalex.org/{topic}", "display_name": topic, "score": round(rng.random(), 4),
                "subfield": {"id": f"https://openalex.org/subfields/{subfield}"},
                "field": {"id": f"https://openalex.org/fields/{field}"},
                "domain": {"id": "https://openalex.org/domains/3"},
            }],
            "referenced_works": [
                f"https://openalex.org/W{1 + int(self.works * rng.random() ** 2)}" for _ in range(rng.randrange(25))
            ] if rng.random() < 0.5 else [],
            "updated_date": updated.isoformat(),
        }  # fmt: skip
        text = json.dumps(record, separators=(",", ":"))
        abstract = rng.choice(self.abstracts[ai]) if rng.random() < ABSTRACT_SHARE else "null"
        return f'{text[:-1]},"abstract_inverted_index":{abstract}}}'


_TYPE_WEIGHTS = list(accumulate(w for _, w in _TYPES))


def generate(out: Path, works: int, seed: int = 1, ror: Path | None = None, per_file: int = PER_FILE) -> None:
    """Write the snapshot below `out`: data/jsonl/…, and data/merged_ids."""
    of = institutions(ror, seed)
    writer = Writer(of, works, seed)
    home = out / "data" / "jsonl"
    entries = {"works": list(_works(writer, home, works, per_file)), "institutions": [_institutions(of, home)]}
    for entity, listed in entries.items():
        (home / entity / "manifest").write_text(json.dumps({"entries": listed}))
    merged = out / "data" / "merged_ids" / "works"
    merged.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed + 1)
    gone = sorted(rng.sample(range(1, works + 1), int(works * MERGED)))
    with gzip.GzipFile(merged / "2026-06-26.csv.gz", "wb", mtime=0) as stream:
        stream.write(b"merge_date,id,merge_into_id\n")
        stream.writelines(f"2026-06-26,W{n},W{1 + n % works}\n".encode() for n in gone)


def _works(writer: Writer, home: Path, works: int, per_file: int) -> Iterator[dict[str, object]]:
    """Files of works, later ones in later partitions; older versions of some stand in the one before."""
    rng = random.Random(writer.rng.random())
    files = -(-works // per_file)
    for file in range(files):
        first, last = file * per_file + 1, min((file + 1) * per_file, works)
        numbers = list(range(first, last + 1))
        # Versions that a later partition replaces.
        numbers += [n for n in (rng.randrange(1, works + 1) for _ in range(int(per_file * OLDER))) if n > last]
        updated = date(2026, 6, 26) - timedelta(days=(files - 1 - file) // 2)
        folder = home / "works" / f"updated_date={updated}"
        yield _written(folder, file, (_cut(writer.line(n, updated), rng) for n in numbers), len(numbers))


def _cut(line: str, rng: random.Random) -> str:
    return line if rng.random() > BROKEN else line[: len(line) // 2]


def _institutions(of: Sequence[Institution], home: Path) -> dict[str, object]:
    lines = (
        json.dumps({
            "id": f"https://openalex.org/I{i.number}", "ror": f"https://ror.org/{i.ror}" if i.ror else None,
            "display_name": i.name, "country_code": i.alpha2, "type": "education", "updated_date": "2026-06-26",
        })
        for i in of
    )  # fmt: skip
    return _written(home / "institutions" / "updated_date=2026-06-26", 0, lines, len(of))


def _written(folder: Path, number: int, lines: Iterator[str], n: int) -> dict[str, object]:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"part_{number:04d}.gz"
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 3, raw, mtime=0) as stream:
        for line in lines:
            stream.write(line.encode() + b"\n")
    url = f"s3://openalex/{'/'.join(path.parts[-5:])}"
    return {"url": url, "meta": {"content_length": path.stat().st_size, "record_count": n}}


def main() -> None:
    """Write a snapshot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--works", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ror", type=Path)
    options = parser.parse_args()
    generate(options.out, options.works, options.seed, options.ror)


if __name__ == "__main__":
    main()
