"""SQL files as objects: what they read, which parameters they bind, and their text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import sqlglot
from sqlglot import exp

from macaw.errors import MacawError


@dataclass(frozen=True)
class Query:
    """One SQL file in DuckDB's dialect.

    `inputs` are the tables it reads, `parameters` the names it binds with `$`; both found by parsing,
    so that the order of a build and a query's lineage need not be written twice.
    """

    name: str
    text: str
    inputs: tuple[str, ...]
    parameters: tuple[str, ...]

    @property
    def title(self) -> str:
        """The comment at the head of the file: what its rows are."""
        lines = [line.removeprefix("--").strip() for line in self.text.splitlines() if line.startswith("--")]
        return " ".join(lines)


def parse(name: str, text: str) -> Query:
    """A query from its text.

    >>> q = parse("example", "with a as (select work from works where period = $period) select work from a")
    >>> q.inputs, q.parameters
    (('works',), ('period',))
    """
    try:
        tree = sqlglot.parse_one(text, read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise MacawError(f"{name}.sql cannot be parsed: {error}", "mend the file") from None
    defined = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    inputs = sorted({t.name for t in tree.find_all(exp.Table)} - defined)
    parameters = sorted({p.name for p in tree.find_all(exp.Parameter, exp.Placeholder) if p.name})
    return Query(name, text, tuple(inputs), tuple(parameters))


@cache
def load(package: str, name: str) -> Query:
    """The query in `<name>.sql` beside the modules of `package`.

    >>> load("macaw.tables", "raw_names").inputs
    ('authorships', 'model_parts')
    """
    file = files(package).joinpath(f"{name}.sql")
    if not file.is_file():
        raise MacawError(f"there is no query {name}.sql in {package}", "check the name")
    return parse(name, file.read_text("utf-8"))
