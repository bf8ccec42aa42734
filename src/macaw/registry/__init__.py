"""The hand-kept registry: organisations, owners, groups, countries, places, venues, statuses,
topics, published figures.

Every file is a CSV or TOML beside this module. `tables()` reads and validates them all and gives them as
Arrow tables named `registry_*`, which the SQL of every stage may read.
"""

from macaw.registry.load import TABLES, tables

__all__ = ["TABLES", "tables"]
