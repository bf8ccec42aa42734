"""How sure are we: intervals and ranks of values on papers, by simulation of named errors on the aggregates."""

from macaw.uncertainty.chance import Draws
from macaw.uncertainty.intervals import Request, draws_by_value, ends, interval, with_intervals
from macaw.uncertainty.papers import INPUTS, PARTS, Papers
from macaw.uncertainty.reasons import Reason, reason, why_none

__all__ = [
    "INPUTS",
    "PARTS",
    "Draws",
    "Papers",
    "Reason",
    "Request",
    "draws_by_value",
    "ends",
    "interval",
    "reason",
    "why_none",
    "with_intervals",
]
