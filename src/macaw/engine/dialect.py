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
    BigQuery's NUMERIC holds nine decimals, so decimals become BIGNUMERIC there.

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
    if dialect == "bigquery":
        tree = tree.transform(_wide_decimals)
    try:
        return tree.sql(dialect=dialect, pretty=True, unsupported_level=sqlglot.ErrorLevel.RAISE)
    except sqlglot.errors.UnsupportedError as error:
        raise MacawError(f"the query cannot be said in {dialect}: {error}", "keep to the portable subset") from None


def _portable(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Literal) and not node.is_string and not node.is_int:
        return exp.cast(node.copy(), "double")
    if isinstance(node, exp.Parameter):
        return exp.Placeholder(this=node.name)
    return node


def _wide_decimals(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.DataType) and node.is_type("decimal"):
        return exp.DataType.build("bigdecimal")
    return node
