"""How sure are we: intervals and ranks of values on papers, by simulation of named errors on the aggregates."""

from macaw.uncertainty.intervals import with_intervals
from macaw.uncertainty.papers import INPUTS, PARTS, Papers

__all__ = ["INPUTS", "PARTS", "Papers", "with_intervals"]
