"""The command line. Commands only: each calls the function of the same name in the Python API."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Literal

from cyclopts import App, CycloptsError, Parameter

from macaw.errors import EXIT_FAILED, EXIT_USAGE, EXIT_WARNED, MacawError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from macaw.organisations.match import Candidate, Trace
    from macaw.profiles import Profile

app = App(
    name="macaw",
    help="Measures who is active in artificial intelligence, by how much, and how sure we can be. "
    "衡量谁在从事人工智能、多少、有多确定。",
    help_format="plaintext",
    version_flags=["--version"],
)

Format = Literal["table", "csv", "json"]
# Options that several commands share.
Topic = Annotated[str | None, Parameter(help="ai, vision, language, learning, robotics, … or all.")]
Venues = Annotated[str | None, Parameter(help="A venue or a named list of venues.")]
Period = Annotated[str | None, Parameter(help="A year or a range, as in 2013:2024.")]
Place = Annotated[str | None, Parameter(help="workplace (where the work is done) or owner (the owner's country).")]
Ownership = Annotated[str | None, Parameter(help="as_is (today's owners), as_was (owners of the year) or none.")]
Territory = Annotated[str | None, Parameter(help="What China means: mainland, with_hkg_mac or with_twn.")]
Definition = Annotated[str | None, Parameter(help="A definition of an indicator on evidence (see its page).")]
Names = Annotated[
    Path | None, Parameter(name="--build", help="Folder of a build; without it the names of the data folder.")
]
Folder = Annotated[Path | None, Parameter(name="--build", help="Folder of a build; without it the shipped release.")]


# -- data in ---------------------------------------------------------------------------------------------


@app.command
def sources(*, format: Format = "table") -> None:
    """List the data sources: producer, licence, where to get them.

    Example: macaw sources
    """
    from macaw.sources import origins

    rows = [
        {
            "source": o.name,
            "title": o.title,
            "title_zh": o.title_zh,
            "producer": o.producer,
            "licence": o.licence,
            "url": o.url_main,
            "released": "yes" if o.values_may_be_released else "no",
        }
        for o in origins().values()
    ]
    _print(rows, format, ["source", "title", "producer", "licence", "url", "released"])


@app.command
def fetch(
    *names: str,
    data: Path | None = None,
    force: bool = False,
    organisation: str | None = None,
    subfield: str | None = None,
    years: str | None = None,
    most: int | None = None,
) -> None:
    """Download sources from their publishers, with resume and checksums.

    Example: macaw fetch ror paperlists --data ~/macaw-data

    Some works of OpenAlex by its API: macaw fetch openalex --organisation huawei --years 2018:2024

    Parameters
    ----------
    names
        Sources to fetch; all that have a download address if none is named.
    data
        Folder to fill (default: ~/.macaw/data).
    force
        Download again what is there already.
    organisation
        Of openalex: the works of companies or ROR ids, separated by commas, by its API; needs OPENALEX_API_KEY.
    subfield
        Of openalex: the works of a subfield, 1702 (artificial intelligence) or 1707 (computer vision).
    years
        Of openalex: years of the works, as in 2018:2024.
    most
        Of openalex: stop where there are more works than this (default: 100,000).
    """
    from macaw.api import fetched_folder
    from macaw.sources import origins
    from macaw.sources.fetch import fetch as fetch_source

    folder = data or fetched_folder()
    if any(given is not None for given in (organisation, subfield, years, most)):
        _collect(names, folder, force, organisation, subfield, years, most)
        return
    for name in names or [o.name for o in origins().values() if o.is_fetched]:
        fetched = fetch_source(name, folder, force=force)
        _say(f"{name}: {fetched.new} new, {fetched.kept} kept, {fetched.missing} not published → {folder / name}")


def _collect(
    names: Sequence[str],
    folder: Path,
    force: bool,
    organisation: str | None,
    subfield: str | None,
    years: str | None,
    most: int | None,
) -> None:
    """Fetch works from OpenAlex's API and say what they can tell."""
    from macaw.sources.openalex import collect

    if tuple(names) != ("openalex",) or (organisation is None) == (subfield is None) or years is None:
        raise UsageError(
            "--organisation, --subfield, --years and --most are of openalex: one of the first two, and years",
            "as in: macaw fetch openalex --organisation huawei --years 2018:2024",
        )
    asked = collect.organisations(organisation, years) if organisation else collect.subfield(subfield or "", years)
    with _progress() as step:
        found = collect.collect(asked, folder, most=most or collect.MOST, force=force, progress=step)
    _say(f"openalex: {found.works:,} records {'kept' if found.kept else 'fetched'} → {found.folder}")
    if found.unknown:
        _say(f"  OpenAlex knows no institution with the ROR ids {', '.join(found.unknown)}")
    if asked.kind == "organisations":
        _say(
            "  These count for the organisations asked for alone: shares, countries and the world get no value of them."
        )
    else:
        _say("  These count in a list of their own; shares are shares of that list, not of all research.")


@app.command
def build(
    *,
    data: Path | None = None,
    out: Path = Path("macaw-build"),
    releasable: bool = False,
    engine: Literal["duckdb", "spark"] = "duckdb",
) -> None:
    """Build every table and value from raw source files.

    On DuckDB a process for each core, at most four, matches and classifies; MACAW_PROCESSES sets another number.

    Example: macaw build --data ~/macaw-data --out macaw-build

    Parameters
    ----------
    data
        Folder that holds paperlists/ and ror/ (default: MACAW_DATA, else what was fetched, else the demo).
    out
        Folder to write; a build that fails leaves the last good one in it untouched.
    releasable
        Leave out sources whose values may not be released (macaw sources says which), as a release needs.
    engine
        Where queries, the matcher and the classifier run: in this process, or on Spark (docs/cluster.md).
    """
    from macaw import api, pipeline

    folder = api.data_folder(data)
    if folder == pipeline.DEMO:
        _say("No data folder given: building from the demo records, which are an illustration, not a sample.")
    with _progress() as step:
        report = api.build(folder, out, step, releasable=releasable, engine=engine)
    if report.left_out:
        _say(f"  left out, since their values may not be released: {', '.join(report.left_out)}")
    for name in report.missing:
        without = _WITHOUT.get(name, f"its indicators have no value (macaw fetch {name})")
        _say(f"  no file of source {name} below {folder}: {without}")
    for action, reason, n in report.refused:
        _say(f"  {n:,} {action}: {reason}")
    if report.refused:
        _say(f"  listed in {out / 'rejected.csv'}")
    if report.damaged:
        _say(f"  damaged or lost since the last build, and made anew: {', '.join(report.damaged)}")
    for name in report.parquet_only:
        _say(f"  {name}: {report.rows[name]:,} rows, as Parquet only (no CSV, not in macaw.duckdb)")
    for alarm in report.drift[:_NAMED]:
        _say(f"  drift: {alarm}")
    if len(report.drift) > _NAMED:
        _say(f"  … and {len(report.drift) - _NAMED} more (macaw drift --build {out})")
    rows = report.rows
    _say(
        f"{rows['works']:,} works, {rows['raw_names']:,} raw names, {rows['entities']:,} entities, "
        f"{rows['values']:,} values → {out} ({len(report.ran)} steps run, {len(report.kept)} kept)"
    )


_WITHOUT = {
    "paperlists": "there are no papers to count (macaw fetch paperlists)",
    "ror": "only the companies of Macaw's own registry are matched (macaw fetch ror)",
    "ncses": "money by country and year is not collected (macaw fetch ncses)",
    "deals": "there are no deals of your own (docs/beside-papers.md)",
    "positions": "there are no tables of positions of your own (docs/people.md)",
    "h1b": "petitions of US employers are not counted (macaw fetch h1b)",
    "lca": "there are no applications with job titles (macaw fetch lca)",
    "jobs_zh": "there are no job advertisements in Chinese (macaw fetch jobs_zh)",
    "eto_chips": "there are no shares in the supply of chips (macaw fetch eto_chips)",
    "repositories": "there are no source trees of your own (docs/chips-and-frameworks.md)",
    "amplyfi": "there are no links between Chinese companies and investors (macaw fetch amplyfi)",
    "procurement": "there are no Chinese military contracts (macaw fetch procurement)",
    "gpt3_languages": "languages of training data are not counted by GPT-3's (macaw fetch gpt3_languages)",
    "commoncrawl": "languages of training data are not counted by Common Crawl's (macaw fetch commoncrawl)",
    "cldr": "there are no speakers to compare with (install language-data 1.4 or later)",
}


# -- values out ------------------------------------------------------------------------------------------


@app.command
def values(
    indicator: str,
    *,
    entity: str | None = None,
    topic: Topic = None,
    venues: Venues = None,
    period: Period = None,
    counting: str | None = None,
    place: Place = None,
    ownership: Ownership = None,
    territory: Territory = None,
    definition: Definition = None,
    by_country: bool = False,
    releases: Path | None = None,
    build: Folder = None,
    format: Format = "table",
) -> None:
    """Values of an indicator; of years still filling up also what is expected in the end, where releases tell.

    Example: macaw values papers_share --entity USA,CHN --venues CVPR --period 2013:2024

    Parameters
    ----------
    indicator
        Id of an indicator (macaw indicators lists them).
    entity
        Ids, ISO codes or names, separated by commas; without it the twenty with the largest values.
    counting
        full or fractional (default: fractional for countries, full for organisations).
    by_country
        One row for each place of work of an organisation.
    releases
        Folder of earlier releases, as macaw update writes it: how late records come is learned from them.
    """
    import pyarrow.compute as pc

    import macaw

    observatory = macaw.open(build)
    rows = observatory.values(
        indicator,
        entity=entity,
        topic=topic,
        venues=venues,
        period=period,
        counting=counting,
        place=place,
        ownership=ownership,
        territory=territory,
        definition=definition,
        by_country=by_country,
    )
    if format != "table":
        _print(rows.to_pylist(), format, rows.column_names)
        return
    _values_table(rows, observatory, limited=entity is None)
    filling_up = rows.filter((pc.field("status") == "P") & pc.field("value").is_valid())
    if filling_up.num_rows and entity is not None:
        _filling_up(indicator, sorted(set(filling_up["entity"].to_pylist())), releases)


@app.command
def uncertainty(
    indicator: str,
    *,
    entity: str,
    topic: Topic = None,
    venues: Venues = None,
    period: Period = None,
    counting: str | None = None,
    place: Place = None,
    ownership: Ownership = None,
    territory: Territory = None,
    definition: Definition = None,
    build: Folder = None,
    lang: Literal["en", "zh"] = "en",
    format: Format = "table",
) -> None:
    """What the intervals of values are made of: all errors, and each part alone; and why values have none.

    Example: macaw uncertainty papers_share --entity USA,CHN --venues CVPR --period 2019 --build macaw-build

    Parameters
    ----------
    indicator
        Id of an indicator (macaw indicators lists them).
    entity
        Ids, ISO codes or names, separated by commas.
    counting
        full or fractional (default: fractional for countries, full for organisations).
    lang
        Language of the table.
    """
    import macaw
    from macaw.uncertainty import report

    rows = macaw.open(build).uncertainty(
        indicator,
        entity=entity,
        topic=topic,
        venues=venues,
        period=period,
        counting=counting,
        place=place,
        ownership=ownership,
        territory=territory,
        definition=definition,
    )
    if format != "table":
        _print(rows, format, list(rows[0]) if rows else [])
        return
    for heading, shown in report.tables(rows, lang):
        _say(heading)
        if shown:
            _print(shown, "table")


@app.command
def records(
    indicator: str,
    *,
    entity: str,
    period: Period = None,
    topic: Topic = None,
    venues: Venues = None,
    place: Place = None,
    ownership: Ownership = None,
    territory: Territory = None,
    definition: Definition = None,
    build: Folder = None,
    format: Format = "table",
) -> None:
    """The records behind a number: works with the raw string and the matched organisation, models, deals, figures.

    Example: macaw records papers --entity Huawei --period 2023 --venues CVPR --build macaw-build

    Parameters
    ----------
    indicator
        Id of an indicator, or of what has records and no number: investment_links, military_contracts.
    entity
        An id, ISO code or name.
    """
    import macaw

    rows = macaw.open(build).records(
        indicator,
        entity=entity,
        period=period,
        topic=topic,
        venues=venues,
        place=place,
        ownership=ownership,
        territory=territory,
        definition=definition,
    )
    columns = _RECORD_COLUMNS[rows.column_names[0]]
    if format == "table" and not rows.num_rows:
        _say("No record: none was found under this choice, or none was collected (macaw values says which).")
        return
    _print(rows.to_pylist(), format, columns if format == "table" else rows.column_names)


@app.command
def frontier(on: str, *, entity: str = "CHN", build: Path, format: Format = "table") -> None:
    """How far a country's best model stood behind that of the United States on a date, in points and in days.

    Example: macaw frontier 2024-02-21 --build macaw-build

    Parameters
    ----------
    on
        A date, as in 2024-02-21.
    entity
        A country.
    build
        Folder of a build.
    """
    import macaw

    _print(macaw.open(build).frontier(entity, on), format)


# What a table of records shows, by what the records are.
_RECORD_COLUMNS = {
    "work": ["period", "venue", "title", "value", "raw_name", "organisation", "country", "probability", "evidence"],
    "record": ["period", "title", "amount", "share", "status", "detail", "link"],
}


@app.command
def indicators(*, format: Format = "table") -> None:
    """List the indicators with their meaning.

    Example: macaw indicators
    """
    from macaw.indicators import indicators as known

    rows = [
        {"indicator": i.id, "title": i.title, "title_zh": i.title_zh, "unit": i.unit, "short": i.short}
        for i in known().values()
    ]
    _print(rows, format, ["indicator", "title", "title_zh", "unit"])


@app.command
def profile(
    *entity: str,
    peers: str | None = None,
    weights: str | None = None,
    lang: Literal["en", "zh"] = "en",
    build: Folder = None,
    format: Format = "table",
) -> None:
    """Research, patents, people, models and money of a company or country side by side, each with its rank among peers.

    Example: macaw profile Baidu --lang zh --build macaw-build

    Parameters
    ----------
    entity
        Ids, ISO codes or names; several stand side by side.
    peers
        sector, country, country+sector, all, or a group as global-big-tech (default: a company's sector where it has
        ten peers, else all; all for several).
    weights
        Of the pillars in the vitality score, as research=2,money=0 (default: equal).
    lang
        Language of the table.
    """
    import macaw
    from macaw.profiles import Profiles, view

    if not entity:
        raise UsageError("name a company or country", "as in: macaw profile Baidu")
    observatory = macaw.open(build)
    every = Profiles(observatory)
    among = peers if peers or len(entity) == 1 else "all"
    found = [every.of(observatory.entity(name), peers=among, weights=weights) for name in entity]
    if format != "table":
        rows = [row for each in found for row in view.rows(each)]
        _print(rows, format, list(rows[0]))
        return
    _profiles(found, lang)


def _profiles(found: Sequence[Profile], lang: str) -> None:
    from macaw.profiles import view

    if len(found) > 1:
        _say(view.title_of_several(found, lang))
    else:
        _say(view.title(found[0], lang))
    rows = view.table(found[0], lang) if len(found) == 1 else view.side_by_side(found, lang)
    _table(rows, list(rows[0]))
    for line in view.notes(found, lang):
        _say(line)


@app.command
def entities(text: str = "", *, build: Folder = None, format: Format = "table") -> None:
    """Find entities by a part of their name or id, in English or Chinese.

    Example: macaw entities 华为
    """
    import macaw

    _print(macaw.open(build).find(text), format, ["entity", "name", "name_zh", "kind", "country"])


@app.command
def headline(*, build: Folder = None) -> None:
    """The first result: who publishes at CVPR, the United States or China, and when that turned.

    Example: macaw headline
    """
    import macaw
    from macaw.release.headline import headline as lines

    for line in lines(macaw.open(build)):
        print(line)


@app.command
def diff(
    old: str,
    new: str,
    *,
    limit: int = 20,
    lang: Literal["en", "zh"] = "en",
    format: Format = "table",
) -> None:
    """Which values changed between two releases or builds, by how much, and why; and which left their own interval.

    Causes: new data, corrected data, matching, definition, code; where several are possible all are named, and what a
    side did not record is said. Exits with 3 if a value lies beyond its interval of the older side.

    Example: macaw diff shipped macaw-build --limit 10

    Parameters
    ----------
    old
        Folder of a build or of a release, or the word shipped for the release in the package.
    new
        The same, of later.
    limit
        Values shown in a table, and warnings.
    lang
        Language of the table.
    format
        json has all: what speaks for each cause, the values, the warnings; csv has the values.
    """
    import macaw
    from macaw.release import diff_report

    found = macaw.diff(old, new)
    if format == "json":
        print(json.dumps(diff_report.document(found), ensure_ascii=False, indent=1))
    elif format == "csv":
        _print(found.values.to_pylist(), format, found.values.column_names)
    else:
        for heading, rows in diff_report.tables(found, lang, limit):
            _say(heading)
            if rows:
                _print(rows, "table")
    if found.warnings:
        sys.exit(EXIT_WARNED)


@app.command
def drift(*, build: Path, all: bool = False, format: Format = "table") -> None:
    """Classes, venues and sources that died, fell or jumped since earlier periods or the last release.

    Example: macaw drift --build macaw-build

    Parameters
    ----------
    build
        Folder of a build.
    all
        Also what is as expected.
    """
    import macaw

    rows = [r for r in macaw.open(build).table("drift").to_pylist() if all or r["alarm"]]
    if not rows and format == "table":
        _say("Nothing drifted.")
        return
    _print(rows, format)


@app.command
def bounds(*, build: Path, format: Format = "table") -> None:
    """Test the data of a build: bounds on rows and figures, and records by source and year against the last release.

    Names the rows that break a bound. Exits with 1 if one breaks a bound that may not be broken; others are warnings.

    Example: macaw bounds --build macaw-build
    """
    import macaw
    from macaw import schema
    from macaw.drift import bounds as data_tests

    observatory = macaw.open(build)
    results = data_tests.check(observatory.connection, [t for t in schema.tables() if observatory.file(t).is_file()])
    _print([vars(r) for r in results if r.broken or format != "table"], format)
    *_, (release, then) = data_tests.history().items()
    for line in data_tests.revised(data_tests.source_years(observatory.connection), then):
        _say(f"  warn: {line} (release {release})")
    failed = [r.bound for r in results if r.broken and r.severity == "fail"]
    _say(f"{len(results)} bounds, {sum(r.broken for r in results)} broken → {build}")
    if failed:
        raise MacawError(f"{build}: breaks {', '.join(failed)}", "mend the source or the query that made these rows")


@app.command
def release(*, build: Path, out: Path, name: str) -> None:
    """Freeze the values of a build that may be redistributed.

    Example: macaw release --build macaw-build --out released --name 2026-11

    Parameters
    ----------
    build
        Folder of a build.
    out
        Folder to write the values to, with what they cover and whom.
    name
        Name of the release, which every value then carries.
    """
    from macaw.release.freeze import freeze

    rows = freeze(build, out, name)
    _say(", ".join(f"{n:,} {table}" for table, n in rows.items()) + f" → {out}")


@app.command
def verify(folder: Path | None = None, *, data: Path | None = None) -> None:
    """Prove that a build or a release is as its record says; with its sources, that they give it again.

    Exits with 1 if anything is not.

    Example: macaw verify macaw-build --data ~/macaw-data

    Parameters
    ----------
    folder
        Folder of a build or a release (default: the release that comes with Macaw).
    data
        Folder of the sources: everything is built anew in a temporary folder and compared row by row.
    """
    from macaw.release.verify import verify as compare

    found = compare(folder, data)
    for line in (*found.notes, *found.findings):
        _say(f"  {line}")
    _say(f"{len(found.whole):,} files as recorded, {len(found.findings):,} findings → {found.folder}")
    if found.findings:
        raise MacawError(f"{found.folder}: is not what its record says", "build again, or get the release again")


@app.command
def update(
    *,
    folder: Path = Path("macaw-monthly"),
    data: Path | None = None,
    name: str | None = None,
    source: tuple[str, ...] = (),
    fetch: bool = True,
    force: bool = False,
    strict: bool = False,
    url: str = "",
    dry_run: bool = False,
) -> None:
    """The monthly run: fetch, build, check, diff to the last release, release and site, each whole or not at all.

    Stops at the first stage that fails and exits with 1; the same command goes on from there. Exits with 3 if all was
    done and a value lies beyond its own interval of the last release. What may not be released stays out.

    Example: macaw update --folder macaw-monthly --dry-run

    Parameters
    ----------
    folder
        Where build, releases/NAME (with diff.json) and site stand.
    data
        Folder of source files (default: what macaw fetch fills; with --no-fetch also MACAW_DATA or the demo).
    name
        Name of the release (default: this month, as in 2026-11).
    source
        A source to fetch; may be repeated (default: all that can be fetched and may be released).
    fetch
        With --no-fetch the files that are there are used.
    force
        Download again what is there already, so that corrections of the publishers come in.
    strict
        Stop before the release if a value lies beyond its own interval of the last one.
    url
        Where the site will stand.
    dry_run
        Say what each stage would do, and do nothing.
    """
    from macaw import update as monthly

    with _progress() as step:
        run = monthly.Run(
            folder,
            name or monthly.this_month(),
            data or monthly.data_folder(fetched=fetch),
            monthly.to_fetch(source) if fetch else (),
            force=force,
            strict=strict,
            url=url,
            say=_say,
            progress=lambda text: None if dry_run else step(text),
        )
        if not dry_run:
            monthly.update(run)
    if dry_run:
        _print([{"stage": stage, "would": would} for stage, would in monthly.planned(run)], "table")
    elif run.warnings:
        sys.exit(EXIT_WARNED)


@app.command
def site(*, out: Path, build: Folder = None, private: bool = False, url: str = "") -> None:
    """Write the observatory as a website of static files, in English and Chinese.

    Needs the extra `site`: pip install 'macaw-observatory[site]'.

    Example: macaw site --build macaw-build --out site

    Parameters
    ----------
    out
        A new or empty folder, or a site made before, which is replaced once the new one is finished.
    private
        Also from a build whose sources forbid that their values be published: a site for yourself, which says so.
    url
        Where the site will stand, as in https://example.org/macaw/: pages then name it, and a sitemap lists them.
    """
    import macaw

    try:
        from macaw.site import make
    except ModuleNotFoundError as error:
        raise MacawError(
            f"the website needs the package {error.name}", "install it: pip install 'macaw-observatory[site]'"
        ) from None
    with _progress() as step:
        report = make(macaw.open(build), out, step, private=private, url=url)
    if report.not_for_publication:
        _say(f"  for your own use only: values from {', '.join(report.not_for_publication)} may not be published")
    _say(f"{report.pages:,} pages, {report.files:,} files, {report.size / 1e6:,.0f} MB → {out / 'index.html'}")


@app.command
def sql(
    indicator: str | None = None,
    *,
    all: bool = False,
    dialect: Literal["duckdb", "spark", "bigquery"] = "duckdb",
    out: Path | None = None,
) -> None:
    """Print the SQL behind an indicator, or of the whole build, in an engine's dialect.

    Example: macaw sql papers --dialect bigquery

    Parameters
    ----------
    all
        The whole build: statements that run in their order (docs/bigquery.md).
    out
        With --all, a folder to write instead: a numbered file for each table and indicator, the registry as Parquet.
    """
    from macaw.release.script import script, statements, write_set

    if (indicator is None) != all:
        raise UsageError("name one indicator, or give --all", "as in: macaw sql papers --dialect spark")
    if indicator is not None and out is not None:
        raise UsageError("--out is for the whole build", "as in: macaw sql --all --dialect bigquery --out DIR")
    if indicator is not None:
        print(script(indicator, dialect))
    elif out is None:
        print("\n\n".join(statements(dialect).values()))
    else:
        count = write_set(out, dialect)
        _say(f"{count} files of statements → {out} (what to run when: {out / 'ORDER.md'})")


@app.command
def serve(
    *,
    site: Path = Path("macaw-site"),
    build: Names = None,
    data: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 8000,
    name: tuple[str, ...] = (),
) -> None:
    """Show a site on this machine, and answer what files cannot: an article checked, names resolved, SQL.

    Needs the extra `site`. Its description stands at /api/openapi.json.

    Example: macaw serve --site macaw-site

    Parameters
    ----------
    site
        Folder that macaw site wrote.
    data
        Folder that holds ror/, for names (default: MACAW_DATA, else what was fetched, else the demo).
    host
        Address to listen at; any other than 127.0.0.1 lets others in.
    port
        Port to listen at.
    name
        A further name the server is asked by, where it stands behind one; may be repeated.
    """
    try:
        from macaw.serve.run import serve as run
    except ModuleNotFoundError as error:
        raise MacawError(
            f"serving needs the package {error.name}", "install it: pip install 'macaw-observatory[site]'"
        ) from None
    run(site, build=build, data=data, host=host, port=port, names=name, say=_say)


# -- texts -----------------------------------------------------------------------------------------------


@app.command
def classify(
    file: Annotated[str, Parameter(allow_leading_hyphen=True)] = "-",
    *,
    corpus: str | None = None,
    format: Literal["table", "jsonl"] = "table",
) -> None:
    """Say of titles and abstracts, English or Chinese, whether they are about AI, and which fields.

    Example: echo "Deep residual learning for image recognition" | macaw classify -

    Parameters
    ----------
    file
        A file with a text or a JSON object (title, abstract, categories) a line, or - for standard input.
    corpus
        A labelled corpus like the texts (docs/relevance.md): its threshold is used, and how many texts are about AI is
        said at the end, corrected by the errors measured there.
    """
    from macaw import api

    refused = 0
    counted: dict[str, tuple[int, int]] = {}
    with _stream(file) as stream:
        for line in api.classify(stream, corpus):
            answer = line.answer
            if line.problem:
                refused += 1
                if refused <= _NAMED:
                    _say(f"  line {line.number}: {line.problem}")
            if answer.ai is not None:
                said, total = counted.get(answer.kind, (0, 0))
                counted[answer.kind] = said + answer.ai, total + 1
            if format == "jsonl":
                print(json.dumps(answer.document(), ensure_ascii=False))
            else:
                print(_answer_row(answer, line.text))
    if refused:
        _say(f"{refused:,} lines could not be read; their answer is empty and says why")
    if corpus and counted:
        made = api.corrected_count(counted, corpus)
        said, total = (sum(n) for n in zip(*counted.values(), strict=True))
        _say(f"{said:,} of {total:,} said to be AI; corrected {made.value:,.0f} ({made.low:,.0f}–{made.high:,.0f})")


# Lines that are named before they are only counted.
_NAMED = 20
_SHOWN = 60


def _answer_row(answer: Any, text: str) -> str:
    said = "–" if answer.ai is None else "AI" if answer.ai else "not"
    probability = "–" if answer.probability is None else f"{answer.probability:.3f}"
    fields = ", ".join(f"{topic} {p:.2f}" for topic, p in answer.fields) or "–"
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return f"{said:<4} {probability:>5}  {fields:<32}  {short}  [{answer.reason}]"


# -- names -----------------------------------------------------------------------------------------------


@app.command
def resolve(
    file: Annotated[str, Parameter(allow_leading_hyphen=True)] = "-",
    *,
    build: Names = None,
    data: Path | None = None,
    format: Literal["table", "csv", "jsonl"] = "table",
    matches: Path | None = None,
) -> None:
    """Say which organisations raw names mean, one name a line.

    Example: echo "Huawei Noah's Ark Lab, Hong Kong" | macaw resolve -

    Parameters
    ----------
    file
        A text file, or - for standard input.
    data
        Folder that holds ror/ (default: MACAW_DATA, else what was fetched, else the demo).
    matches
        A Parquet file to write instead: the table `matches` of these names, for a warehouse (docs/bigquery.md).
    """
    import macaw

    texts = _lines(file)
    _warn_of_demo(build, data)
    if matches is not None:
        _write_matches(texts, build, data, matches)
        return
    answers = macaw.resolve(texts, build=build, data=data)
    if format == "jsonl":
        for answer in answers:
            print(json.dumps(answer, ensure_ascii=False))
        return
    columns = [
        "id",
        "name",
        "name_zh",
        "kind",
        "country",
        "ror",
        "parent_id",
        "parent_name",
        "probability",
        "evidence",
    ]
    rows = [
        {"text": answer["text"], **(found or dict.fromkeys(columns))}
        for answer in answers
        for found in answer["organisations"] or [None]
    ]
    shown = ["text", "id", "name", "country", "parent_name", "probability", "evidence"]
    _print(rows, format, shown if format == "table" else ["text", *columns])


@app.command
def explain(name: str, *, build: Names = None, data: Path | None = None) -> None:
    """Show each step of the decision on one raw name.

    Example: macaw explain "Institute of Automation, Chinese Academy of Sciences, Beijing"
    """
    from macaw import api

    _warn_of_demo(build, data)
    trace = api.matcher(build, data)[0].trace(name)
    text = trace.text
    print(f"repaired    {text.repaired}")
    print(f"parts       {' | '.join(text.parts) or '(none: this is no organisation)'}")
    print(f"places      {', '.join(f'{p.words} → {p.country} ({p.kind})' for p in text.places) or '(none)'}")
    for c in sorted(trace.candidates, key=lambda c: (-c.score, -c.likelihood, c.start, c.entry.organisation)):
        print(f"candidate   “{c.key}”: {c.entry.organisation} ({_rule_of(c)}) → {_decision_on(c, trace)}")
    for match in trace.matches:
        above = ", above another organisation named" if match.is_ancestor else ""
        organisation = match.organisation or "(place only)"
        print(f"match       {organisation} {match.country} p={match.probability} [{match.evidence}]{above}")
    if not trace.matches:
        print("match       none: no match is an answer")


def _rule_of(candidate: Candidate) -> str:
    by_hand = candidate.rule == "registry"
    return "registry" if by_hand else f"{candidate.rule}, likelihood {candidate.likelihood:.2f}"


def _decision_on(candidate: Candidate, trace: Trace) -> str:
    if candidate in trace.chosen:
        return "chosen"
    if candidate.score > 0:
        return "gives way to another name"
    if candidate.rule == "registry":
        return "refused: it must be a whole part of the text"
    return f"refused: needs {candidate.needs:.2f}"


def _warn_of_demo(build: Path | None, data: Path | None) -> None:
    from macaw import api, pipeline

    if build is None and api.data_folder(data) == pipeline.DEMO:
        _say("Only the demo's few institutions are known here; for all of ROR: macaw fetch ror, or --data DIR.")


# -- the registry ----------------------------------------------------------------------------------------

registry_app = App(
    name="registry", help="The hand-kept registry of companies, owners and groups. 手工维护的机构登记库。"
)
app.command(registry_app)


@registry_app.command(name="check")
def registry_check(
    *, show: Literal["counts", "thin", "unchecked"] = "counts", limit: int = 20, format: Format = "table"
) -> None:
    """Validate every file of the registry and say what there is, what is thin and what nobody has checked.

    Exits with 1 if a row breaks a rule; each is named by file and line, with what to do.

    Example: macaw registry check --show thin

    Parameters
    ----------
    show
        counts (companies by country, with what is known of them), thin (companies that lack something) or
        unchecked (rows that rest on general knowledge).
    limit
        Rows shown in a table; csv and json give all.
    """
    from macaw.organisations import check

    held = check.validate()
    found = check.findings(held)
    lists = {"counts": check.counts(held), "thin": check.thin(held), "unchecked": check.unchecked(held)}
    rows = lists[show]
    _print(rows[:limit] if format == "table" else rows, format)
    if format == "table" and len(rows) > limit:
        _say(f"… and {len(rows) - limit:,} more: --limit {len(rows)}, or --format csv")
    edges = len(held.ownership)
    _say(f"{len(held.companies):,} companies, {len(held.facts):,} rows, {edges} ownerships, {len(held.groups)} groups")
    _say(f"{len(lists['thin']):,} companies are thin, {len(lists['unchecked']):,} rows are unchecked")
    for each in found:
        _say(f"registry/{each.where}: {each.what}\n  → {each.remedy}")
    if found:
        raise MacawError(f"the registry breaks {len(found)} of its rules", "mend the rows named above")
    _say("no row breaks a rule")


@registry_app.command(name="show")
def registry_show(company: str, *, format: Format = "table") -> None:
    """All that the registry says of one company: names, facts with their sources, owners and owned over time.

    Example: macaw registry show deepmind

    Parameters
    ----------
    company
        The id of a company (macaw entities finds it by name).
    """
    from macaw.organisations import check

    _print(check.about(check.validate(), company), format, ["says", "value", "from", "to", "source", "where"])


# -- how sure ----------------------------------------------------------------------------------------------


@app.command
def estimate(
    name: str,
    *,
    country: str = "CHN",
    year: int = 2018,
    set: Annotated[
        list[str] | None, Parameter(name="--set", help="factor=low:high, a what-if; may be repeated.")
    ] = None,
    file: Path | None = None,
    draws: int = 40_000,
    seed: int = 20261130,
    format: Format = "table",
) -> None:
    """An open estimate of what nobody counts: every factor with its reason, every total with its width.

    Example: macaw estimate public-ai-rd --country CHN --year 2018 --set nkp_ai_share=0.02:0.2

    Parameters
    ----------
    name
        public-ai-rd.
    country
        ISO code of a country.
    file
        A model of your own (TOML), for instance an edited copy of a shipped one.
    draws
        Draws to make.
    seed
        The same seed gives the same numbers.
    """
    from macaw.estimates import answer, report

    pairs = [text.partition("=") for text in set or ()]
    if bad := [p for p in pairs if not p[1]]:
        raise UsageError(f"--set {bad[0][0]!r} names no value", "as in --set factor=0.1:0.3")
    changes = {name: value for name, _, value in pairs}
    found = answer.estimate(name, country.upper(), year, changes=changes, file=file, draws=draws, seed=seed)
    if format == "json":
        _print([answer.document(found)], format)
    elif format == "csv":
        _print([vars(a) for a in found.amounts], format)
    else:
        for heading, rows in report.tables(found):
            _say(heading)
            if rows:
                _print(rows, "table")


@app.command
def multiverse(
    statement: str,
    *,
    period: Period = None,
    topic: str = "ai",
    over: Annotated[
        list[str] | None, Parameter(help="switch=choice,choice instead of the usual choices; may be repeated.")
    ] = None,
    chart: Path | None = None,
    build: Folder = None,
    format: Format = "table",
) -> None:
    """Whether a comparison holds under every combination of reasonable definitions, and which switch turns it.

    Example: macaw multiverse "papers CHN > USA" --period 2019

    Parameters
    ----------
    statement
        'papers CHN > USA', 'papers CHN > 1.5 x USA', 'papers CHN rank <= 3', 'papers CHN > 1000'; the indicator * is
        every one. Countries and companies.
    topic
        ai, vision, language, learning, robotics, … or all.
    chart
        File to write: the specification curve of the last year with data, as .svg, .html or .png.
    format
        csv and json have every combination.
    """
    import macaw
    from macaw.sure import curve
    from macaw.sure import multiverse as worlds

    chosen = {}
    for text in over or ():
        switch, equals, choices = text.partition("=")
        if not equals:
            raise UsageError(f"--over {text!r} names no choice", "as in --over venues=CVPR,ai")
        chosen[switch] = choices.split(",")
    found = macaw.open(build).multiverse(statement, period=period, topic=topic, over=chosen)
    if not found:
        _say("No year of the period has values of both under any combination.")
        return
    if chart is not None:
        curve.write(found[-1], statement, chart)
        _say(f"specification curve of {found[-1].period} → {chart}")
    if format == "table":
        _print([worlds.row(m) for m in found], format)
        _say("holds and of: combinations whose values are sure enough; unsure: those of low reliability, which count")
        _say(
            "in at_face only. most_variance and turns_most: the switch that moves the outcome most, and turns it most."
        )
        if "*" not in statement and (year := worlds.turned(found)):
            _say(f"Holds under most combinations from {year} on.")
        return
    _print([r for m in found for r in worlds.rows(m)], format)


@app.command
def sensitivity(
    *statement: str,
    period: Period = None,
    venues: Venues = None,
    topic: str = "ai",
    counting: Literal["full", "fractional"] = "fractional",
    lang: Literal["en", "zh"] = "en",
    build: Path,
    format: Format = "table",
) -> None:
    """How far headlines move when one input is left out: each venue of a list, or each source of evidence, in turn.

    Of the vitality score's weights: macaw profile gives the range of ranks over all weights.

    Example: macaw sensitivity "papers CHN > USA" --period 2022 --build macaw-build

    Parameters
    ----------
    statement
        As in macaw multiverse; the main headlines if none is given. One of one year is shown input by input.
    counting
        full or fractional.
    build
        Folder of a build.
    """
    import macaw
    from macaw.sure import sensitivity as inputs

    observatory = macaw.open(build)
    found = [
        (text, one)
        for text in inputs.headlines(statement)
        for one in observatory.sensitivity(text, period=period, venues=venues, topic=topic, counting=counting)
    ]
    if format != "table":
        _print([{"headline": text, **row} for text, one in found for row in inputs.rows(one)], format)
    elif not found:
        _say("No year of the period has values of both.")
    elif len(found) == 1:
        _print(inputs.detail(found[0][1], lang), "table")
    else:
        _print([inputs.summary(text, one, lang) for text, one in found], "table")


@app.command
def nowcast(
    file: Path | None = None,
    *,
    indicator: str | None = None,
    entity: str = "USA,CHN,WLD",
    releases: Path | None = None,
    least: float = 0.5,
    format: Format = "table",
) -> None:
    """What years not yet complete will come to, learned from successive releases: of a file, or our own.

    Counted so far has status P; expected in the end has F and a 90 % interval, or O where nothing can be said.

    Example: macaw nowcast --indicator notable_models --releases macaw-monthly/releases

    Parameters
    ----------
    file
        CSV with the columns series, released (YYYY-MM-DD), period and count: one source or office, whose series share
        one delay; a row for each year in each release.
    indicator
        Instead of a file: an indicator whose values in our own releases are the triangle.
    entity
        Ids, ISO codes or names, separated by commas.
    releases
        Folder of releases named by month, as macaw update writes it (default: the shipped release alone).
    least
        Share of a year that must be known; of one less complete nothing is expected.
    """
    from macaw.release import filling
    from macaw.sure.nowcast import of_last_release, read_file

    if (file is None) == (indicator is None):
        raise UsageError("name a file or --indicator", "as in: macaw nowcast releases.csv")
    if file is not None:
        found = filling.Filling((), tuple(of_last_release(read_file(file), least=least)))
    else:
        found = _filling(str(indicator), entity, releases, least)
    _print(filling.rows(found), format)
    if found.why_not:
        _say(f"Nothing is expected: {found.why_not}\n不作预期：{found.why_not_zh}")


def _filling(name: str, entity: str, releases: Path | None, least: float) -> Any:
    import macaw
    from macaw.indicators import indicator
    from macaw.release import filling

    observatory = macaw.open()
    ids = [observatory.entity(one) for one in entity.split(",")]
    return filling.filling(_releases(releases), indicator(name), ids, least=least)


def _releases(folder: Path | None) -> list[Path] | list[str]:
    """Earlier releases: those of a folder, else the shipped one alone."""
    from macaw.update import releases as held

    if folder is not None and not held(folder):
        raise MacawError(f"{folder}: holds no release", "give the folder that macaw update fills: releases/NAME")
    return held(folder) if folder else ["shipped"]


def _filling_up(name: str, entities: Sequence[str], releases: Path | None) -> None:
    """Under a table of values: what provisional years will come to, or why nothing is expected of them."""
    from macaw.indicators import indicator
    from macaw.release import filling

    try:
        found = filling.filling(_releases(releases), indicator(name), entities)
    except UsageError:  # A share or growth: a delay of records tells nothing of it.
        return
    rows = filling.rows(found)
    if found.why_not:
        _say(f"P: counted so far; nothing is expected: {found.why_not}\nP：迄今已计；不作预期：{found.why_not_zh}")
    elif rows:
        _say("Still filling up, under the usual choices: counted so far (P), expected in the end (F, 90 %; O: refused)")
        _say("仍在增补（默认口径）：迄今已计（P），预期终值（F，90 %；O：不作预期）")
        _table(rows, list(rows[0]))


# -- articles ----------------------------------------------------------------------------------------------


@app.command
def check(
    source: Annotated[str, Parameter(allow_leading_hyphen=True)] = "-",
    *,
    date: str | None = None,
    build: Folder = None,
    draft: Path | None = None,
    url_base: str | None = None,
    published: str | None = None,
    format: Literal["table", "json", "markdown", "claimreview"] = "table",
) -> None:
    """Read an article: which sentences can be checked, what could settle them, and the values at hand.

    Example: macaw check article.md --format json

    Parameters
    ----------
    source
        A text, Markdown or HTML file, an http(s) address, or - for standard input. English and Chinese.
    date
        Date of the article, as in 2024-10-29, where it states none; last year and 去年 are told from it.
    draft
        File to write: a draft of a record for the ledger, its rules left for you.
    url_base
        For claimreview: the address below which each claim has its page.
    published
        For claimreview: the day of publication, as in 2026-11-30 (default: today).
    format
        claimreview is JSON-LD of sentences that a claim of the ledger with a verdict holds.
    """
    from macaw import api
    from macaw.claims.reading import output
    from macaw.claims.reading.draft import draft_record

    if source.startswith("-") and source != "-":
        raise UsageError(f"Unknown option: {source!r}", "macaw --help (a file of that name is written ./-NAME)")
    report = api.check(source, build=build, on=_day(date, "--date") if date else None)
    if draft is not None:
        draft.write_text(draft_record(report), "utf-8")
        _say(f"draft of {sum(not c.claims for c in report.checkable)} claims → {draft}")
    if format == "json":
        print(json.dumps(output.document(report), ensure_ascii=False, indent=1))
    elif format == "markdown":
        print(output.markdown(report), end="")
    elif format == "claimreview":
        tied = {c.id for found in report.checked for c in found.claims}
        _claimreview([dict(d) for i, d in report.verdicts.items() if i in tied], url_base, published)
    else:
        _report(output.lines(report))


def _day(text: str, option: str) -> Any:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r} is not a date", "as in 2024-10-29") from None


def _report(lines: Iterable[tuple[str, str]]) -> None:
    """Lines of a report with hanging indents; nothing in them is taken for markup."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    styles = {"head": "bold", "sentence": "", "found": "cyan", "evidence": "green", "ledger": "magenta", "note": "dim"}
    console = Console(width=min(_width(), 100), markup=False, highlight=False)
    for style, line in lines:
        indent = 0 if style in ("head", "sentence") else 4 if style != "note" else 6
        if style == "sentence":
            console.print()
        console.print(Padding(Text(line.strip(), style=styles[style]), (0, 0, 0, indent)))


# -- the ledger of claims --------------------------------------------------------------------------------

claims_app = App(name="claims", help="The ledger of claims: what is said, and what the evidence says. 主张台账。")
app.command(claims_app)
Language = Literal["both", "en", "zh"]
Records = Annotated[
    Path | None, Parameter(name="--records", help="A record of your own (TOML), or a folder of them; needs a build.")
]


@claims_app.command(name="run")
def claims_run(
    *,
    build: Folder = None,
    records: Records = None,
    language: Language = "both",
    format: Literal["table", "json", "csv", "claimreview"] = "table",
    url_base: str | None = None,
    published: str | None = None,
) -> None:
    """The verdict on every claim, with its reason in one line; json has all: rules, values, reasons in full, history.

    Example: macaw claims run --build macaw-build

    Parameters
    ----------
    language
        Language of the table.
    format
        claimreview is JSON-LD of schema.org, of the claims whose verdict can be rated.
    url_base
        For claimreview: the address below which each claim has its page.
    published
        For claimreview: the day of publication, as in 2026-11-30 (default: today).
    """
    from macaw.claims import answers

    found = _claims(build, records)
    if format == "claimreview":
        _claimreview(found, url_base, published)
    elif format == "json":
        _print(found, format)
    elif format == "csv":
        plain = ("id", "verdict", "statement", "statement_zh", "summary", "summary_zh", "reason", "reason_zh",
                 "holds_under", "holds_under_zh", "share_holding", "then", "now", "release")  # fmt: skip
        _print([{k: d[k] for k in plain} for d in found], format, list(plain))
    else:
        _claims_table(found, language)
        _say("; ".join(f"{n} {v.replace('_', ' ')}" for v, n in answers.totals(found).items()))
        _say("One in full: macaw claims show ID. Its values: macaw claims evidence ID.")


@claims_app.command(name="show")
def claims_show(
    claim: str, *, build: Folder = None, records: Records = None, format: Literal["text", "json"] = "text"
) -> None:
    """One claim in full: quotation, rule, verdict, reason in both languages, figures of others, earlier verdicts.

    Example: macaw claims show rfa-20241029-gpt3-chinese

    Parameters
    ----------
    claim
        Id of a claim, or its end if no other has it.
    """
    from macaw.claims import answers

    found = answers.one(_claims(build, records), claim)
    if format == "json":
        _print([found], format)
        return
    _claim_text(found)


@claims_app.command(name="evidence")
def claims_evidence(
    claim: str,
    *,
    test: str | None = None,
    opened: Annotated[bool, Parameter(name="--open", negative="")] = False,
    build: Folder = None,
    records: Records = None,
    format: Format = "table",
) -> None:
    """The values that a verdict rests on, under every specification; with --open the records behind one test.

    Example: macaw claims evidence rfa-20241029-gap-evident --test models --open --build macaw-build

    Parameters
    ----------
    claim
        Id of a claim, or its end if no other has it.
    test
        One test of the claim's rule.
    opened
        Show the records instead of the values; needs a build.
    """
    import macaw
    from macaw.claims import answers

    found = answers.one(_claims(build, records), claim)
    if opened:
        if test is None:
            raise UsageError("--open opens one test", "name it: --test " + " or ".join(_tests(found)))
        rows = answers.records_behind(macaw.open(build), found, test)
        first = "work" if rows and "work" in rows[0] else "record"
        shown = ["asked", "under", *_RECORD_COLUMNS[first]]
        _print(rows, format, shown if format == "table" else None)
        return
    if test is not None and test not in _tests(found):
        raise UsageError(
            f"claim {found['id']} has no test {test!r}", f"its tests: {', '.join(_tests(found)) or 'none'}"
        )
    rows = [v for v in found["values"] if test in (None, v["test"])]
    if format != "table":
        _print(rows, format)
    elif rows:
        _evidence_table(rows)
    else:
        _say(f"{found['id']} has no test: {found['summary']}")


@claims_app.command(name="check")
def claims_check(records: Path | None = None) -> None:
    """Validate records: every field, indicator, definition, entity, date and bound, and that ids and rules agree.

    Example: macaw claims check my-article.toml

    Parameters
    ----------
    records
        A record or a folder of them (default: the package's own).
    """
    from macaw.claims import answers

    found = answers.claims_of(records)
    drafts = sum(c.article.state == "draft" for c in found)
    tests = sum(len(c.rule.tests) for c in found)
    _say(f"{len(found)} claims with {tests} tests in {len({c.file for c in found})} records break no rule")
    if drafts:
        _say(f'{drafts} of them are drafts: no verdict until a person has read the rules and set state = "confirmed"')


def _claims(build: Path | None, records: Path | None) -> list[dict[str, Any]]:
    import macaw
    from macaw.claims import answers

    observatory = macaw.open(build)
    found = answers.documents(observatory, records)
    if observatory.is_release:
        _say("Verdicts as frozen in the shipped release, from sources that may be released; records need a build.")
    return found


def _claimreview(found: Sequence[dict[str, Any]], url_base: str | None, published: str | None) -> None:
    from datetime import date

    from macaw.claims import claimreview

    if url_base is None:
        raise UsageError("claimreview needs --url-base", "as in --url-base https://example.org/claims")
    try:
        day = date.fromisoformat(published) if published else date.today()
    except ValueError:
        raise UsageError(f"--published {published!r} is not a date", "as in 2026-11-30") from None
    _print(claimreview.reviews(found, url_base, day), "json")


def _tests(found: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(v["test"] for v in found["values"]))


def _claims_table(found: Sequence[dict[str, Any]], language: Language) -> None:
    """Claims as blocks of lines: 100 columns are too few for both languages side by side."""
    import textwrap

    for d in found:
        print(f"{d['id']}: " + " · ".join(d[f"verdict_name{s}"] for s in _suffixes(language)))
        for suffix in _suffixes(language):
            line = f"{d[f'statement{suffix}']} → {d[f'summary{suffix}']}"
            width = 94 if not suffix else 47  # A Chinese sign takes two columns.
            print(textwrap.indent("\n".join(textwrap.wrap(line, width)), "    "))


def _suffixes(language: Language) -> list[str]:
    return {"both": ["", "_zh"], "en": [""], "zh": ["_zh"]}[language]


def _claim_text(d: dict[str, Any]) -> None:
    article, rule = d["article"], d["rule"]
    lines = [
        f"{d['id']}: {d['verdict_name']} · {d['verdict_name_zh']}",
        f"says        {d['statement']}\n            {d['statement_zh']}",
        f"quotation   {d['quote']}\n            {d['translation']}",
        f"place       {article['outlet_en']}, {article['date']}, paragraph {d['paragraph']}, sentence {d['sentence']}",
        f"            {article['url']}",
        f"said by     {d['speaker']} · {d['speaker_zh']}",
        f"authority   {d['authority']} · {d['authority_zh']}",
        f"kind        {d['part']}, {d['type']}, {d['tense']}",
        f"rule        written {rule['registered']} ({d['rule_hash']}), {len(rule['tests'])} tests; {rule['seen']}",
        f"reason      {d['reason']}\n            {d['reason_zh']}",
    ]
    if d["replaced_by"]:
        lines.append(f"replaced    by {d['replaced_by']}")
    if d["replaces"]:
        lines.append(f"replaces    {d['replaces']}")
    lines += [f"earlier     {h['release']}: {h['verdict'].replace('_', ' ')}" for h in d["history"]]
    print("\n".join(lines))


def _evidence_table(rows: Sequence[dict[str, Any]]) -> None:
    """Values with the switches that differ, and how each opens into records."""
    switches = ("definition", "venues", "counting", "place", "ownership", "territory", "topic")
    varying = [s for s in switches if len({r[s] for r in rows}) > 1]
    shown = [
        "test",
        "role",
        "view",
        "data_period",
        *varying,
        "value",
        "low",
        "high",
        "unit",
        "status",
        "holds",
        "why_open",
    ]
    _print(rows, "table", shown)
    for indicator, entity in dict.fromkeys((r["indicator"], r["entity"]) for r in rows):
        _say(
            f"Values: macaw values {indicator} --entity {entity}; records: macaw claims evidence ID --test TEST --open"
        )


# -- printing --------------------------------------------------------------------------------------------


def _say(text: str) -> None:
    print(_visible(text), file=sys.stderr)


# Control characters but tab and line end, and marks that turn the text around them: they would act on the terminal.
_ACTING = {
    c: f"\\u{c:04x}"
    for c in (
        *(c for c in range(32) if chr(c) not in "\t\n"),
        *range(0x7F, 0xA0),
        0x061C,
        *range(0x200E, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2066, 0x206A),
    )
}


def _visible(text: str) -> str:
    """The text with what would act on a terminal written out."""
    return text.translate(_ACTING)


def _write_matches(texts: list[str], build: Path | None, data: Path | None, path: Path) -> None:
    from macaw import api, provenance
    from macaw.engine import write_parquet

    found = api.matches(texts, build=build, data=data)
    with provenance.atomic(path) as temporary:
        write_parquet(found, temporary)
    _say(f"{len(set(texts)):,} names, {found.num_rows:,} matches → {path}")


def _lines(file: str) -> list[str]:
    if file.startswith("-") and file != "-":
        raise UsageError(f"Unknown option: {file!r}", "macaw --help (a file of that name is written ./-NAME)")
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise MacawError(
            f"{file}: cannot be read ({error.strerror})", "give a text file, or - for standard input"
        ) from None
    except UnicodeDecodeError as error:
        raise MacawError(f"{file}: byte {error.start} is not UTF-8", "convert the file to UTF-8") from None
    return [line.rstrip("\r") for line in text.removesuffix("\n").split("\n")] if text else []


@contextmanager
def _stream(file: str) -> Iterator[BinaryIO]:
    """A file, or standard input, to be read line by line."""
    if file.startswith("-") and file != "-":
        raise UsageError(f"Unknown option: {file!r}", "macaw --help (a file of that name is written ./-NAME)")
    if file == "-":
        yield sys.stdin.buffer
        return
    with ExitStack() as stack:
        try:
            opened = stack.enter_context(Path(file).open("rb"))
        except OSError as error:
            raise MacawError(
                f"{file}: cannot be read ({error.strerror})", "give a text file, or - for standard input"
            ) from None
        yield opened


class _progress:  # noqa: N801
    """Shows the step that is running, on a terminal only."""

    def __enter__(self) -> Callable[[str], None]:
        from rich.console import Console

        self._status = Console(stderr=True).status("starting")
        self._status.start()
        return lambda step: self._status.update(step)

    def __exit__(self, *exc: object) -> None:
        self._status.stop()


def _print(rows: Sequence[dict[str, Any]], format: str, columns: list[str] | None = None) -> None:
    if format == "json":
        print(json.dumps(list(rows), ensure_ascii=False, indent=1))
    elif format == "csv":
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\n")
        names = list(rows[0]) if rows else columns or []
        writer.writerow(names)
        writer.writerows([[_field(row[n]) for n in names] for row in rows])
    else:
        _table(rows, columns or (list(rows[0]) if rows else []))


def _field(value: object) -> object:
    """A cell of a CSV file, which a spreadsheet must not compute."""
    from macaw.release.inert import inert

    return "" if value is None else inert(value) if isinstance(value, str) else value


def _table(rows: Iterable[dict[str, Any]], columns: list[str]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    listed = list(rows)
    for name in columns:
        numeric = any(isinstance(row[name], int | float) for row in listed)
        # An address broken into two lines cannot be opened.
        whole = name == "url"
        table.add_column(name, justify="right" if numeric else "left", overflow="fold", no_wrap=whole)
    for row in listed:
        table.add_row(*(_cell(row[name]) for name in columns))
    Console(width=_width(), markup=False, highlight=False).print(table)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float) and abs(value) >= 1e12:
        return f"{value:.3g}"
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1 else f"{value:,.2f}".rstrip("0").rstrip(".")
    return _visible(str(value))


def _width() -> int:
    from rich.console import Console

    return Console().width if sys.stdout.isatty() else 200


def _values_table(rows: pa.Table, observatory: Any, *, limited: bool) -> None:
    """Entities as rows, years as columns; then what the statuses mean."""
    from macaw.indicators import indicator

    listed = rows.to_pylist()
    if not listed:
        _say("No value: no entity has records under this choice, or the years lie outside the data.")
        return
    names = observatory.names()
    varying = [
        c
        for c in ("topic", "counting", "place", "ownership", "definition", "venues", "territory", "place_country")
        if len({r[c] for r in listed}) > 1
    ]
    years = sorted({r["period"] for r in listed})
    series: dict[tuple[str, ...], dict[int, dict[str, Any]]] = {}
    for row in listed:
        series.setdefault((row["entity"], *(row[c] for c in varying)), {})[row["period"]] = row
    ordered = sorted(series, key=lambda k: -max(r["value"] or 0 for r in series[k].values()))
    shown = ordered[:20] if limited else sorted(series)
    # Names and switches take about 16 columns each, a number 7: more would fold the numbers.
    left_out = len(years) - max(4, (_width() - 16 * (1 + len(varying))) // 7)
    if left_out > 0:
        years = years[left_out:]
        _say(f"The last {len(years)} years; {left_out} earlier ones with --period or --format csv.")
    drawn = any(series[key].get(y, {}).get("low") is not None for key in shown for y in years)
    # An interval takes up to 16 columns.
    fits = 16 * (1 + len(varying) + len(years)) <= _width()
    table: list[dict[str, Any]] = []
    for key in shown:
        said = {"entity": names.get(key[0], key[0]), **dict(zip(varying, key[1:], strict=True))}
        table.append({**said, **{str(y): _marked(series[key].get(y)) for y in years}})
        ends = {str(y): _ends(series[key].get(y)) for y in years}
        if fits and any(ends.values()):
            table.append({"entity": "  90 %", **dict.fromkeys(varying, ""), **ends})
    first = listed[0]
    of = indicator(first["indicator"])
    told = ("definition",) if of.single else ("counting", *of.rests_on.switches)
    fixed = ", ".join(
        f"{c} {first[c]}"
        for c in ("topic", "counting", "place", "ownership", "definition", "venues")
        if c in told and c not in varying
    )
    _say(f"{first['indicator']} ({first['unit']}){': ' if fixed else ''}{fixed}; release {first['release']}")
    _table(table, list(table[0]))
    if limited and len(ordered) > len(shown):
        _say(f"… and {len(ordered) - len(shown):,} more; name some with --entity, or use --format csv")
    if drawn and not fits:
        _say("Intervals (90 %): name fewer years with --period, or --format csv (columns low and high).")
    statuses = {r["status"] for r in listed} - {"A"}
    for status in sorted(statuses):
        hint = _PARTLY_COLLECTED if status == "U" and "venues" in told else ""
        hint = _NOT_FILLED if status == "L" and of.rests_on.hidden == "L" else hint
        hint += _NOT_LISTED.get(of.base, "") if status == "L" else ""
        _say(f"{status}: {_STATUS[status]}{hint}")


_STATUS = {
    "B": "series break: the way of collecting changed",
    "E": "estimated by the source",
    "I": "imputed: filled in by the source's own method",
    "K": "included in another category: an owner counts for the work (see --ownership), a language for its variety, "
    "a group for a country that its source does not tell apart",
    "L": "exists, but was not collected",
    "M": "cannot exist",
    "O": "missing: the source holds the record, but not this about it",
    "P": "provisional: the source may still add or revise",
    "Q": "suppressed by the source, to keep a secret",
    "U": "low reliability: few records, some without their amount, or a source that is not sure",
}
_NOT_FILLED = (
    ", or cannot be compared yet: offices publish at different speed, so that families of several offices have no "
    "value of a year until nine tenths are published, those of one office (--venues US) until half are; nor where most "
    "of them name no applicant (by office they can be counted: ai_patents_by_office)"
)
_NOT_LISTED = {
    "patent_citations": "; citations need a collection of all documents that lists what they cite (docs/patents.md), "
    "and those received within five years of publication are known five years later still",
    "science_links": "; works that patents cite need a collection of all documents that lists literature with DOIs, "
    "and those works of OpenAlex (docs/patents.md)",
}
_PARTLY_COLLECTED = (
    ", or only a part of the list was collected, so that years cannot be compared "
    "(one venue or a panel can: --venues CVPR, --venues panel_2013_2018)"
)


def _ends(row: dict[str, Any] | None) -> str:
    return "" if row is None else _between(row["low"], row["high"])


def _between(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{_cell(low)} – {_cell(high)}"


def _marked(row: dict[str, Any] | None) -> str | None:
    if row is None:
        return None
    if row["value"] is None:
        return str(row["status"])
    mark = "" if row["status"] == "A" else f" {row['status']}"
    return _cell(row["value"]) + mark


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with warnings (diff, update)."""
    try:
        app(arguments, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        _say(f"macaw: {error}\n  → macaw --help")
        sys.exit(EXIT_USAGE)
    except MacawError as error:
        _say(f"macaw: {error}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _say("macaw: interrupted; finished steps are kept, run the same command again to go on")
        sys.exit(EXIT_FAILED)
    except BrokenPipeError:
        sys.exit(0)
    except MemoryError:
        _say("macaw: there is not enough memory\n  → close other programs, or ask for less")
        sys.exit(EXIT_FAILED)
    except OSError as error:
        from macaw.provenance import cannot_write

        _say(f"macaw: {cannot_write(Path(error.filename or '.'), error)}")
        sys.exit(EXIT_FAILED)
    except Exception as error:
        _explain(error)
        sys.exit(EXIT_FAILED)


def _explain(error: Exception) -> None:
    """Say what an error of the engine means; any other is a defect of Macaw and raised as it is."""
    from macaw.engine import explained

    try:
        with explained("reading the tables"):
            raise error
    except MacawError as told:
        _say(f"macaw: {told}")


if __name__ == "__main__":
    main()
