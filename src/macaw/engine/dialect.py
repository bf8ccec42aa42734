"""Translates the project's SQL for engines that others already run.

The SQL files keep to a portable subset (docs/architecture.md), so translation is a matter of spelling;
what sqlglot cannot spell raises instead of being guessed.
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from macaw.errors import MacawError, UsageError

DIALECTS = ("duckdb", "spark", "bigquery")


def translate(sql: str, dialect: str) -> str:
    """The query in another dialect; raises `UsageError` for an unknown one.

    Literals with a decimal point become doubles: Spark reads `0.5` as DECIMAL, whose products overflow.
    BigQuery's NUMERIC holds nine decimals, so decimals become BIGNUMERIC there; it has no split_part, and its least
    and greatest are nothing where any of their arguments is nothing. Spark changes the case of whole words, DuckDB that
    of each letter: of a dotted capital I, of a sigma that ends a word and of a sharp s Spark would make others. Of
    ligatures and others whose capital is several letters (ﬁ, ŉ) Spark still makes several, DuckDB one.

    >>> print(translate("select 0.5 * share as half from credits where period = $period", "spark"))
    SELECT
      CAST(0.5 AS DOUBLE) * share AS half
    FROM credits
    WHERE
      period = :period
    """
    if dialect not in DIALECTS:
        raise UsageError(f"there is no dialect {dialect!r}", f"choose one of {', '.join(DIALECTS)}")
    if dialect == "duckdb":
        return sql.strip()
    tree = sqlglot.parse_one(sql, read="duckdb").transform(_portable)
    if dialect == "spark":
        _case_of_letters(tree)
    if dialect == "bigquery":
        tree = tree.transform(_wide_decimals).transform(_functions_of_bigquery)
    try:
        return tree.sql(dialect=dialect, pretty=True, unsupported_level=sqlglot.ErrorLevel.RAISE)
    except sqlglot.errors.UnsupportedError as error:
        raise MacawError(f"the query cannot be said in {dialect}: {error}", "keep to the portable subset") from None


def _portable(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Literal) and not node.is_string and not node.is_int:
        return exp.cast(node.copy(), "double")
    if isinstance(node, exp.Parameter):
        return exp.Placeholder(this=node.name)
    if isinstance(node, exp.CTE):
        # Others choose themselves what they keep.
        node.set("materialized", None)
    return node


# What stands for letters before a text is put into small letters or capitals.
_LETTERS: dict[type[exp.Expression], tuple[str, str]] = {exp.Lower: ("İΣ", "iσ"), exp.Upper: ("ß", "ẞ")}


def _case_of_letters(tree: exp.Expression) -> None:
    for node in list(tree.find_all(*_LETTERS)):
        letters = map(exp.Literal.string, _LETTERS[type(node)])
        # Not copied: what stands within may change its case too.
        node.set("this", exp.func("translate", node.this, *letters, copy=False))


def _wide_decimals(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.DataType) and node.is_type("decimal"):
        return exp.DataType.build("bigdecimal")
    return node


def _functions_of_bigquery(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.SplitPart):
        return _part_of_split(node)
    if isinstance(node, exp.Least | exp.Greatest):
        return _least_of_what_is_there(node)
    return node


def _part_of_split(node: exp.SplitPart) -> exp.If:
    """A part that is not there is an empty text; no text has no parts."""
    text, delimiter, index = (node.args[name] for name in ("this", "delimiter", "part_index"))
    part = f"split({text.sql('bigquery')}, {delimiter.sql('bigquery')})[safe_ordinal({index.sql()})]"
    filled = exp.func("coalesce", sqlglot.parse_one(part, read="bigquery"), exp.Literal.string(""))
    return exp.If(this=text.copy().is_(exp.null()), true=exp.null(), false=filled)


def _least_of_what_is_there(node: exp.Least | exp.Greatest) -> exp.Expression:
    given = [node.this, *node.expressions]
    filled = [exp.func("coalesce", g.copy(), *(o.copy() for o in given if o is not g)) for g in given]
    return type(node)(this=filled[0], expressions=filled[1:], ignore_nulls=False)
