"""The vocabulary of columns and the grain of every table, written once."""

from macaw.schema.schema import Column, Table, arrow_schema, check, column, table, tables, to_table

__all__ = ["Column", "Table", "arrow_schema", "check", "column", "table", "tables", "to_table"]
