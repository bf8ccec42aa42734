"""The tables that are published, as files: Parquet, CSV and workbooks, with their hashes."""

from __future__ import annotations

import gzip
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from macaw import provenance, schema
from macaw.api import Observatory
from macaw.engine import connect, scan
from macaw.engine.duckdb import quoted
from macaw.errors import MacawError
from macaw.indicators import Indicator, default_specification, indicators
from macaw.release.inert import inert_sql
from macaw.release.workbook import write_workbook
from macaw.sources import Origin, origin, withheld

MEDIA_TYPES = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A table with more rows is compressed as CSV, and as workbooks it is cut by indicator.
LARGE = 200_000
FOLDER = "downloads"


@dataclass(frozen=True)
class Published:
    """A table that is published: why its rows may be, and the sources whose own rows it repeats."""

    name: str
    why: str
    why_zh: str
    rows_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class File:
    """One file: its path below the site, what it holds, and how to know that it arrived whole."""

    path: str
    table: str
    format: str
    rows: int
    bytes: int
    sha256: str
    indicator: str = ""

    @property
    def is_compressed(self) -> bool:
        """Whether the file is gzipped."""
        return self.path.endswith(".gz")

    @property
    def media_type(self) -> str:
        """The media type, of what is inside where it is compressed."""
        return MEDIA_TYPES[self.format]


@dataclass(frozen=True)
class Downloads:
    """All files of a release, the sources its values rest on, and whether it is for its maker only."""

    release: str
    is_private: bool
    files: tuple[File, ...]
    sources: tuple[Origin, ...]

    def of(self, table: str, indicator: str = "") -> list[File]:
        """The files of one table, or of one indicator's values."""
        return [f for f in self.files if f.table == table and f.indicator == indicator]


@cache
def published_tables() -> dict[str, Published]:
    """The published tables by name, in the order of the data page.

    >>> published_tables()["models"].rows_of
    ('epoch',)
    """
    entries = tomllib.loads(files("macaw.release").joinpath("downloads.toml").read_text("utf-8"))["table"]
    made = (Published(**{**entry, "rows_of": tuple(entry.get("rows_of", ()))}) for entry in entries)
    return {each.name: each for each in made}


def sources_of(observatory: Observatory) -> tuple[Origin, ...]:
    """The sources that the values of a build, or of the shipped release, rest on."""
    record = provenance.read_json(record_of(observatory))
    if "sources" not in record:
        raise MacawError(
            f"{observatory.path}: does not say which sources it was built from", "build again with this version"
        )
    return tuple(origin(name) for name in sorted(record["sources"]))


def record_of(observatory: Observatory) -> Path:
    """The file that says how a build, or the shipped release, came about."""
    if observatory.path is None:
        return Path(str(files("macaw.released").joinpath("release.json")))
    return observatory.path / "build.json"


def check_releasable(observatory: Observatory, *, private: bool) -> tuple[Origin, ...]:
    """The sources, after refusing what may not be published; with `private` nothing is refused.

    Raises `MacawError` naming the sources that forbid it.
    """
    sources = sources_of(observatory)
    refused = withheld(provenance.read_json(record_of(observatory)))
    if refused and not private:
        raise MacawError(
            f"values of {', '.join(refused)} may not be published",
            "build with --releasable, or make a site for yourself with --private",
        )
    return sources


def write_downloads(observatory: Observatory, out: Path, *, private: bool = False) -> Downloads:
    """Write every published table below `out`/downloads as Parquet, CSV and workbook, and SHA256SUMS.

    A large table is cut by indicator for workbooks, each under the indicator's usual specification: `values` whole
    is a Parquet file and a compressed CSV. Text that a spreadsheet would compute stands after an apostrophe in CSV.
    """
    sources = check_releasable(observatory, private=private)
    folder = out / FOLDER
    made: list[File] = []
    for name in published_tables():
        if observatory.file(name).is_file():
            made += _write_table(observatory, name, folder)
    made += _write_values(observatory, folder)
    release = pq.ParquetFile(observatory.file("values")).read_row_group(0, ["release"])["release"][0].as_py()
    sums = "".join(f"{f.sha256}  {f.path.removeprefix(FOLDER + '/')}\n" for f in made)
    with provenance.atomic(folder / "SHA256SUMS") as temporary:
        temporary.write_text(sums, "utf-8")
    return Downloads(release, private, tuple(made), sources)


def _write_table(observatory: Observatory, name: str, folder: Path) -> Iterator[File]:
    source = observatory.file(name)
    rows = pq.read_metadata(source).num_rows
    target = folder / f"{name}.parquet"
    with provenance.atomic(target) as temporary:
        shutil.copyfile(source, temporary)
    yield _file(target, name, "parquet", rows)
    con = connect()
    scan(con, name, source)
    yield _write_csv(con, f'select * from "{name}"', folder / f"{name}.csv", name, rows)
    if rows <= LARGE:
        yield _write_xlsx(observatory.table(name), folder / f"{name}.xlsx", name, _about_table(name))


def _write_values(observatory: Observatory, folder: Path) -> Iterator[File]:
    """Each indicator's values under its usual specification, as CSV and workbook."""
    con = connect()
    scan(con, "values", observatory.file("values"))
    for of in indicators().values():
        query, parameters = usual_values(of)
        rows = con.sql(query, params=parameters).to_arrow_table()
        if rows.num_rows:
            con.register("rows", rows)
            target = folder / "values" / f"{of.id}.csv"
            yield _write_csv(con, "select * from rows", target, "values", rows.num_rows, of.id)
            yield _write_xlsx(rows, target.with_suffix(".xlsx"), "values", _about_indicator(of), of.id)


def usual_values(of: Indicator) -> tuple[str, dict[str, str]]:
    """A query, and what to bind, for an indicator's values where no switch is turned.

    Both countings and all definitions, ordered by key; a connection must know the table `values`.
    """
    usual = default_specification(of)
    switches = ("topic", "venues", "place", "ownership", "territory")
    conditions = " and ".join(f"{s} = ${s}" for s in switches)
    # How China is told matters to few indicators, and venues to none on evidence: their tables say so in these columns.
    query = f"""select * from "values" where indicator = $indicator and place_country = '' and {conditions}
      order by entity, definition, counting, period"""
    return query, {"indicator": of.id, **{s: getattr(usual, s) for s in switches}}


def _write_csv(con: Any, query: str, target: Path, table: str, rows: int, indicator: str = "") -> File:
    """Write a query's rows as CSV that no spreadsheet computes; compressed if it is long."""
    columns = schema.arrow_schema(table)
    shown = ", ".join(inert_sql(f.name) if pa.types.is_string(f.type) else f'"{f.name}"' for f in columns)
    if rows > LARGE:
        target = target.with_name(f"{target.name}.gz")
    with provenance.atomic(target) as temporary:
        con.execute(f"copy (select {shown} from ({query})) to {quoted(temporary)} (format csv, header)")
        if rows > LARGE:
            _compress(temporary)
    return _file(target, table, "csv", rows, indicator)


def _compress(path: Path) -> None:
    """Gzip a file in place; without a date inside, so that the same rows give the same bytes."""
    packed = path.with_name(f"{path.name}.packed")
    try:
        with (
            path.open("rb") as plain,
            packed.open("wb") as target,
            gzip.GzipFile("", "wb", 6, target, mtime=0) as stream,
        ):
            shutil.copyfileobj(plain, stream, 1 << 20)
        packed.replace(path)
    finally:
        packed.unlink(missing_ok=True)


def _write_xlsx(rows: pa.Table, target: Path, table: str, about: list[tuple[str, str]], indicator: str = "") -> File:
    with provenance.atomic(target) as temporary:
        write_workbook(rows, temporary, about)
    return _file(target, table, "xlsx", rows.num_rows, indicator)


def _about_table(name: str) -> list[tuple[str, str]]:
    table = schema.table(name)
    return [("table", name), ("rows", table.grain), ("行", table.grain_zh)]


def _about_indicator(of: Indicator) -> list[tuple[str, str]]:
    """What a workbook of an indicator's values says of itself."""
    usual = {k: v for k, v in asdict(default_specification(of)).items() if k not in ("counting", "definition")}
    return [
        ("indicator", of.id),
        ("title", of.title),
        ("标题", of.title_zh),
        ("unit", of.unit),
        ("单位", of.unit_zh),
        ("definition", of.short),
        ("定义", of.short_zh),
        *(("to know", text) for text in of.know),
        *(("须知", text) for text in of.know_zh),
        ("switches", ", ".join(f"{k} = {v}" for k, v in usual.items())),
    ]


def _file(path: Path, table: str, format: str, rows: int, indicator: str = "") -> File:  # noqa: A002
    below = path.parts[path.parts.index(FOLDER, -3 if indicator else -2) :]
    return File("/".join(below), table, format, rows, path.stat().st_size, provenance.hash_file(path), indicator)
