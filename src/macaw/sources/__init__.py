"""Sources: one folder per open data set, each with origin.toml, fetch.py and read.py.

A reader turns the publisher's own files into source tables and refuses, by name and reason, what it
cannot use. Only fetch.py touches the network.
"""

from macaw.sources.origin import Origin, origin, origins, withheld
from macaw.sources.records import Reading, Rejected

__all__ = ["Origin", "Reading", "Rejected", "origin", "origins", "withheld"]
