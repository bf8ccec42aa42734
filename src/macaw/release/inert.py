"""Text that a spreadsheet shows and never computes."""

from __future__ import annotations

# What makes spreadsheets take a cell for a formula, full-width forms and leading blanks included.
STARTS = frozenset("=+-@\t\r\n＝＋－＠")


def inert(text: str) -> str:
    """The text, after an apostrophe where a spreadsheet would take it for a formula.

    >>> inert('=HYPERLINK("x")'), inert("AI@MIT"), inert("-5")
    ('\\'=HYPERLINK("x")', 'AI@MIT', "'-5")
    """
    return f"'{text}" if text[:1] in STARTS else text


def inert_sql(column: str) -> str:
    """The same as an SQL expression over a text column."""
    name = '"' + column.replace('"', '""') + '"'
    starts = ", ".join(f"chr({ord(start)})" for start in sorted(STARTS))
    return f"case when left({name}, 1) in ({starts}) then '''' || {name} else {name} end as {name}"
