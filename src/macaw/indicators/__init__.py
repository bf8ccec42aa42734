"""Indicators: a TOML file each (what it means) beside an SQL file (how it is computed)."""

from macaw.indicators.indicator import (
    BASES,
    BY_QUERIES_OF_PAPERS,
    COVERAGES,
    RECORDS_OF,
    Indicator,
    categories,
    indicator,
    indicators,
    is_fraction,
    links,
    of_patents,
    recorded,
)
from macaw.indicators.values import Specification, compute, default_specification, published

__all__ = [
    "BASES",
    "BY_QUERIES_OF_PAPERS",
    "COVERAGES",
    "RECORDS_OF",
    "Indicator",
    "Specification",
    "categories",
    "compute",
    "default_specification",
    "indicator",
    "indicators",
    "is_fraction",
    "links",
    "of_patents",
    "published",
    "recorded",
]
