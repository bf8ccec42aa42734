"""How well the definitions of an AI patent do: against CSET and 1790 Analytics, people's labels, and direct counts.

    python benchmarks/patents.py --data DIR [--rows 1000000]

Prints, each beside how it was counted:
- NVIDIA's grants before March 2020 against the database of CSET and 1790 Analytics;
- patents labelled by people: the words of every definition, and membership in the database;
- Lens.org's documents published from 2000 that are in the database: flags of categories at document level;
- the database itself: families by priority year, office and category in the tables of a build and counted directly;
- with --rows, seconds and memory for that many generated rows of PatentsView, and for a weekly file of the USPTO.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import random
import re
import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from macaw.relevance.patents import categories, classify, definitions
from macaw.relevance.patents.words import pattern
from macaw.sources.patents import publication_number


def main() -> None:
    """Print every measurement for which the data are at hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=0)
    options = parser.parse_args()
    patents = options.data / "patents"
    nvidia(patents)
    labelled(patents)
    lens(patents)
    direct(options.data)
    if options.rows:
        throughput(options.rows)
        weekly()


def _database(patents: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(
        f"create table db as select * from read_csv('{patents}/cset_1790/derived_1790_full.csv.gz', all_varchar = true)"
    )
    return con


def nvidia(patents: Path) -> dict[str, tuple[int, int, int]]:
    """For each definition: grants before March 2020 found in the database, found beside it, and missed."""
    con = _database(patents)
    for name in ("patent", "patent_abstract", "cpc"):
        file = patents / "patentsview" / f"nvidia_{name}.csv.gz"
        con.execute(f"create table {name} as select * from read_csv('{file}', all_varchar = true)")
    con.execute("""create view patent_texts as
        select patent_id as family, patent_title || ' . ' || coalesce(patent_abstract, '') as text
        from patent left join patent_abstract using (patent_id) where withdrawn <> '1'""")
    con.execute("create view patent_codes as select patent_id as family, 'cpc' as scheme, cpc_group as symbol from cpc")
    con.register("flags", classify(con))
    counts = {}
    for name in definitions():
        counts[name] = con.execute(
            """with ours as (select work from flags where topic = 'ai' and definition = ?),
            listed as (select Publication_number as number from db where Publication_country = 'US'),
            grants as (select patent_id from patent where patent_date < '2020-03' and withdrawn <> '1')
            select
              count(*) filter (patent_id in (from ours) and patent_id in (from listed)),
              count(*) filter (patent_id in (from ours) and patent_id not in (from listed)),
              count(*) filter (patent_id not in (from ours) and patent_id in (from listed))
            from grants""",
            [name],
        ).fetchone()
    print("NVIDIA's grants before March 2020 against CSET and 1790 Analytics")
    for name, (both, more, missed) in counts.items():
        print(f"  {name:22} {both} of {both + missed} found, {more} beside them")
    dead = con.execute("select count(*) from cpc where cpc_group like 'G06K9/%'").fetchone()
    living = con.execute("select count(distinct patent_id) from cpc where cpc_group like 'G06V%'").fetchone()
    print(f"  in today's classification: {dead[0]} classes G06K 9, {living[0]} patents with G06V")
    for topic in ("function_vision", "function_language"):
        rows = con.execute(
            "select definition, count(*) from flags where topic = ? and definition like 'cset%' group by all", [topic]
        ).fetchall()
        found = dict(rows)
        print(f"  {topic}: {found.get('cset_1790_published', 0)} frozen, {found.get('cset_1790', 0)} with concordance")
    return counts


def labelled(patents: Path) -> dict[str, tuple[float, float]]:
    """Precision and recall of every definition's words, and of membership in the database, on labelled patents."""
    with gzip.open(patents / "labelled" / "us_patents_human_labelled_dev.csv.gz", "rt") as stream:
        rows = [
            (r["app number"], r["actual"] == "1", r["abstract"], r["application year"]) for r in csv.DictReader(stream)
        ]
    print(f"Labelled US patents: {sum(r[1] for r in rows)} AI of {len(rows)}; words of title and abstract")
    found = {}
    for name, definition in definitions().items():
        alone = [w for c in definition.universe if not c.needs_code for w in c.words]
        met = re.compile(pattern(alone), re.IGNORECASE | re.ASCII)
        found[name] = _scores([(label, bool(met.search(text))) for _, label, text, _ in rows])
        print(f"  {name:22} precision {found[name][0]:.3f} recall {found[name][1]:.3f}")
    con = _database(patents)
    members = {
        n for (n,) in con.execute("select Publication_number from db where Publication_country = 'US'").fetchall()
    }
    shown = [(label, _number(number) in members) for number, label, _, year in rows]
    late = [(label, _number(number) in members) for number, label, _, year in rows if int(year or 0) >= 2000]
    found["membership"], found["membership since 2000"] = _scores(shown), _scores(late)
    for name in ("membership", "membership since 2000"):
        print(f"  {name:22} precision {found[name][0]:.3f} recall {found[name][1]:.3f}")
    return found


def _number(shown: str) -> str:
    return publication_number("US", re.sub(r"^US|[A-Z]\d?$", "", shown))


def _scores(pairs: list[tuple[bool, bool]]) -> tuple[float, float]:
    """Precision and recall of pairs (label, said)."""
    right = sum(label and said for label, said in pairs)
    return right / max(1, sum(said for _, said in pairs)), right / max(1, sum(label for label, _ in pairs))


def lens(patents: Path) -> tuple[float, float]:
    """Precision and recall of the classification's flags on Lens.org's documents that are in the database."""
    from macaw.sources.lens import read as reader

    files = sorted((patents / "lens").glob("drones_families*"))
    reading = reader.read(files, patents.parent)
    con = _database(patents)
    con.register("documents", reading.table(reader.TABLES[0]))
    con.register("parts", reading.table(reader.TABLES[1]))
    con.execute("""create view patent_texts as
        select document as family, title as text from documents where title is not null""")
    con.execute("""create view patent_codes as
        select document as family, part_kind as scheme, name as symbol from parts where part_kind in ('cpc', 'ipc')""")
    con.execute("""create table shared as
        select d.document, db.*
        from documents as d
        join db on db.Publication_country = d.office and db.Publication_type = d.kind_code
          and db.Publication_number = d.document_number""")
    con.register("flags", classify(con, ["cset_1790_published"]))
    # Categories of documents that are AI in the database, whether or not the rules of the universe find them.
    right = said = true = 0
    for category in categories().values():
        if category.dimension == "technique":
            continue
        row = con.execute(
            f"""select
              count(*) filter (listed and ours), count(*) filter (ours), count(*) filter (listed)
            from (
              select s."{category.column}" = '1' as listed, m.family is not null as ours
              from shared as s left join (select family from code_hits join patent_rules using (rule)
                where topic = ?) as m on m.family = s.document
            )""",
            [category.topic],
        ).fetchone()
        right, said, true = right + row[0], said + row[1], true + row[2]
    n = con.execute("select count(*) from shared").fetchone()[0]
    print(f"Lens.org's documents in the database ({n}): {true} flags of fields and functions by class")
    print(f"  precision {right / said:.3f} recall {right / true:.3f}")
    return right / said, right / true


def direct(data: Path) -> int:
    """How many cells of priority year, office and category differ between a build's tables and a direct count."""
    from macaw import pipeline

    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        (scratch / "data" / "patents").mkdir(parents=True)
        (scratch / "data" / "patents" / "cset_1790").symlink_to(data / "patents" / "cset_1790")
        pipeline.Build(scratch / "data", scratch / "out").run()
        con = _database(data / "patents")
        parquet = scratch / "out" / "parquet"
        con.execute(f"""create table built as
            select c.entity, c.topic, c.period, c.total
            from '{parquet}/patent_cells.parquet' as c
            where c.measure = 'families' and c.definition = 'cset_1790'
              and (c.entity = 'WLD' or c.entity like 'office:%')""")
        topics = {"ai": "true"} | {c.topic: f"max(\"{c.column}\") = '1'" for c in categories().values()}
        unions = " union all ".join(
            f"select '{topic}' as topic, Simple_family_ID as family from db group by all having {met}"
            for topic, met in topics.items()
        )
        con.execute(f"""create table counted as
            with years as (
              select Simple_family_ID as family, min(try_cast(Priority_Year as bigint)) as period from db group by all
            ),
            flagged as ({unions}),
            offices as (
              select distinct Simple_family_ID as family, 'office:' || Publication_country as entity from db
              union all
              select distinct Simple_family_ID, 'WLD' from db
            )
            select o.entity, f.topic, y.period, count(*) as total
            from flagged as f join years as y using (family) join offices as o using (family)
            group by all""")
        cells, wrong = con.execute("""
            select count(*), count(*) filter (c.total is distinct from b.total)
            from counted as c full join built as b using (entity, topic, period)""").fetchone()
    print(
        f"Families of the database by priority year, office and category: {wrong} of {cells} cells differ from a count"
    )
    return int(wrong)


# -- throughput ------------------------------------------------------------------------------------------------


def throughput(rows: int) -> None:
    """Seconds and peak memory for generated rows of PatentsView, read and classified."""
    from macaw.sources.patentsview import read as reader

    rng = random.Random(1)
    groups = ["G06N3/08", "G06N20/00", "G06V10/82", "H04L9/32", "A61B5/00", "G06F16/35", "H01L21/02", "B60W60/001"]
    words = "a method of data processing using neural network image signal vehicle battery semiconductor layer".split()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "patentsview"
        home.mkdir()
        with (
            (home / "g_patent.tsv").open("w") as patent,
            (home / "g_patent_abstract.tsv").open("w") as abstract,
            (home / "g_cpc_current.tsv").open("w") as cpc,
            (home / "g_assignee_disambiguated.tsv").open("w") as assignee,
        ):
            patent.write(
                "patent_id\tpatent_type\tpatent_date\tpatent_title\twipo_kind\tnum_claims\twithdrawn\tfilename\n"
            )
            abstract.write("patent_id\tpatent_abstract\n")
            cpc.write("patent_id\tcpc_sequence\tcpc_section\tcpc_class\tcpc_subclass\tcpc_group\tcpc_type\n")
            assignee.write(
                "patent_id\tassignee_sequence\tassignee_id\tdisambig_assignee_organization\tassignee_type\tlocation_id\n"
            )
            for i in range(rows):
                number = 5_000_000 + i
                text = " ".join(rng.choices(words, k=90))
                year = 1997 + i * 28 // rows
                patent.write(f'{number}\tutility\t{year}-01-07\t"{text[:60]}"\tB2\t10\t0\tx.xml\n')
                abstract.write(f'{number}\t"{text}"\n')
                for k, group in enumerate(rng.sample(groups, 4)):
                    cpc.write(f"{number}\t{k}\t{group[0]}\t{group[:3]}\t{group[:4]}\t{group}\tinventional\n")
                assignee.write(f"{number}\t0\ta{i % 5000}\tCompany {i % 5000}\t2\tl{i % 99}\n")
        started = time.perf_counter()
        reading = reader.read(sorted(home.glob("*.tsv")), Path(folder))
        documents, parts = (reading.table(t) for t in reader.TABLES)
        read = time.perf_counter() - started
        con = duckdb.connect()
        con.execute("set memory_limit = '3GB'")
        con.register("documents", documents)
        con.register("parts", parts)
        con.execute(
            "create view patent_texts as select document as family, title || ' . ' || abstract as text from documents"
        )
        con.execute(
            "create view patent_codes as select document as family, part_kind as scheme, name as symbol "
            "from parts where part_kind = 'cpc'"
        )
        started = time.perf_counter()
        flags = classify(con)
        judged = time.perf_counter() - started
    print(f"{rows:,} generated patents ({parts.num_rows:,} parts): read {read:.1f} s, {rows / read:,.0f} a second;")
    print(f"  classified under {len(definitions())} definitions {judged:.1f} s, {flags.num_rows:,} flags")
    print(f"  peak memory {_memory():.2f} GB")


def weekly(documents: int = 7000, size: int = 110_000) -> None:
    """Seconds and peak memory for a weekly file of grants of realistic size, written for this and read as a stream."""
    import subprocess

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "uspto" / "ipg250107.xml"
        file.parent.mkdir()
        body = "<p>" + "the invention of the present disclosure " * 50 + "</p>\n"
        filler = body * (size // len(body))
        with file.open("w") as stream:
            for i in range(documents):
                stream.write(_GRANT.format(number=12_000_000 + i, application=18_000_000 + i, filler=filler))
        code = (
            "import sys,time,resource;from pathlib import Path;from macaw.sources.uspto import read;"
            "t=time.perf_counter();r=read.read([Path(sys.argv[1])],Path(sys.argv[1]).parents[1]);n=r.table(read.TABLES[0]).num_rows;"
            "print(n,time.perf_counter()-t,resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/1024**2)"
        )
        done = subprocess.run([sys.executable, "-c", code, str(file)], check=True, capture_output=True, text=True)
        n, seconds, memory = done.stdout.split()
        gigabytes = file.stat().st_size / 1024**3
    print(
        f"A weekly file of {gigabytes:.2f} GB: {n} grants in {float(seconds):.1f} s, peak memory {float(memory):.2f} GB"
    )


_GRANT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE us-patent-grant SYSTEM "us-patent-grant-v47-2022-02-17.dtd" [ ]>
<us-patent-grant lang="EN" country="US"><us-bibliographic-data-grant>
<publication-reference><document-id><country>US</country><doc-number>{number}</doc-number><kind>B2</kind><date>20250107</date></document-id></publication-reference>
<application-reference><document-id><country>US</country><doc-number>{application}</doc-number><date>20230301</date></document-id></application-reference>
<classifications-cpc><main-cpc><classification-cpc><section>G</section><class>06</class><subclass>N</subclass><main-group>3</main-group><subgroup>08</subgroup></classification-cpc></main-cpc></classifications-cpc>
<invention-title>Title</invention-title></us-bibliographic-data-grant><abstract><p>An abstract.</p></abstract>
<description>
{filler}</description></us-patent-grant>
"""


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


if __name__ == "__main__":
    main()
