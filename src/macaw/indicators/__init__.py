"""Indicators: a TOML file each (what it means) beside an SQL file (how it is computed)."""

from macaw.indicators.indicator import BASES, Indicator, categories, indicator, indicators, links, recorded
from macaw.indicators.values import Specification, compute, default_specification, published

__all__ = [
    "BASES",
    "Indicator",
    "Specification",
    "categories",
    "compute",
    "default_specification",
    "indicator",
    "indicators",
    "links",
    "published",
    "recorded",
]
