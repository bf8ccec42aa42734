"""Short programs that read the downloads and the interface, as the data page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template


@dataclass(frozen=True)
class Snippet:
    """A program in one language; `needs` is what must be installed for it."""

    language: str
    needs: str
    code: str


_PYTHON = Template('''\
import duckdb  # pip install duckdb

site = "$site"  # the address of this site, or of the folder it was copied to
print(duckdb.sql(f"""
    select entity, period, value, status
    from '{site}/downloads/values.parquet'
    where indicator = 'papers_share' and venues = 'CVPR' and counting = 'fractional'
      and entity in ('USA', 'CHN') and ownership = 'as_is' and place = 'workplace' and topic = 'ai'
      and territory = 'mainland'
    order by period, entity
"""))
''')

_JSON = Template("""\
import json
from urllib.request import urlopen

site = "$site"
with urlopen(site + "/api/v1/values/notable_models.json") as answer:
    found = json.load(answer)
for series in found["series"]:
    if series["entity"] in ("USA", "CHN") and series["counting"] == "full":
        print(series["entity"], series["values"][-1])  # period, value, low, high, status, n, completeness
""")

_R = Template("""\
# R 4 or newer, nothing else
site <- "$site"
values <- read.csv(paste0(site, "/downloads/values/papers_share.csv"), encoding = "UTF-8")
shown <- subset(values, entity %in% c("USA", "CHN") & counting == "fractional")
print(shown[, c("entity", "period", "value", "status")], row.names = FALSE)
""")


def snippets(site: str) -> tuple[Snippet, ...]:
    """The programs, for a site at an address (file:// where it is a folder).

    >>> [s.language for s in snippets("https://example.org")]
    ['Python', 'Python', 'R']
    """
    return (
        Snippet("Python", "duckdb", _PYTHON.substitute(site=site)),
        Snippet("Python", "", _JSON.substitute(site=site)),
        Snippet("R", "", _R.substitute(site=site)),
    )
