"""Places among all of a kind: the range that errors leave open, and the chance of being among the first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from macaw import schema
from macaw.indicators import Indicator, Specification, default_specification
from macaw.uncertainty.chance import Draws
from macaw.uncertainty.intervals import drawn, ends
from macaw.uncertainty.papers import Papers
from macaw.uncertainty.reasons import reason

# Kinds that are ranked, with the counting that is usual for them.
RANKED: Mapping[str, str] = {"company": "full", "education": "full", "country": "fractional"}
TOPS = (1, 3, 5, 10)


@dataclass(frozen=True)
class Places:
    """For each entity its place by the values as counted, the 90 % range, and the chance to be among the first k."""

    place: list[int]
    low: list[int]
    high: list[int]
    top: dict[int, list[float]]


def places(values: Draws) -> Places:
    """The places of entities (rows) in every draw (columns, the first as counted), the largest value first.

    Those with the same value share the better place. The range always holds the place as counted.

    >>> found = places(np.array([[5, 5, 5], [3, 3, 6], [1, 1, 1]], np.float32))
    >>> found.place, found.low, found.high, found.top[1]
    ([1, 2, 3], [1, 1, 3], [2, 2, 3], [0.5, 0.5, 0.0])
    """
    order = np.argsort(-values, axis=0, kind="stable")
    ordered = np.take_along_axis(values, order, axis=0)
    index = np.arange(len(values))[:, None]
    is_new = np.ones(values.shape, bool)
    is_new[1:] = ordered[1:] != ordered[:-1]
    first = np.maximum.accumulate(np.where(is_new, index, 0), axis=0)
    place = np.empty(values.shape, np.float32)
    np.put_along_axis(place, order, (first + 1).astype(np.float32), axis=0)
    low, high = ends(place)
    counted = place[:, 0]
    return Places(
        counted.astype(int).tolist(),
        np.minimum(np.floor(low), counted).astype(int).tolist(),
        np.maximum(np.ceil(high), counted).astype(int).tolist(),
        {k: np.round((place[:, 1:] <= k).mean(axis=1), 3).tolist() for k in TOPS},
    )


def ranks_table(papers: Papers, indicators: Iterable[Indicator], release: str) -> pa.Table:
    """The table `ranks`: all entities of a kind that have a value, by each indicator's usual definition and year."""
    requests = [
        (of, replace(default_specification(of), counting=counting))
        for of in indicators
        for counting in sorted(set(RANKED.values()))
        # What a few records make unsure by its own account is in no order.
        if of.few == 0 and reason(of, default_specification(of)) is None
    ]
    scope = {entity for entity, kind in papers.kinds.items() if kind in RANKED}
    found: dict[tuple[str, Specification, str, int], list[tuple[str, Draws]]] = defaultdict(list)
    for each in drawn(papers, requests, scope):
        s = each.series
        for key, period, draws in zip(s.key.tolist(), s.period.tolist(), s.total, strict=True):
            entity = papers.keys[key][0]
            kind = papers.kinds[entity]
            if RANKED[kind] == each.specification.counting and draws[0] > 0 and not np.isnan(draws).any():
                found[each.indicator.id, each.specification, kind, period].append((entity, draws))
    rows: list[dict[str, Any]] = []
    for (indicator, spec, kind, period), held in found.items():
        told, switches = places(np.stack([draws for _, draws in held])), asdict(spec)
        rows += [
            {
                "entity": entity,
                "kind": kind,
                "indicator": indicator,
                "period": period,
                **switches,
                "rank": told.place[i],
                "rank_low": told.low[i],
                "rank_high": told.high[i],
                "ranked": len(held),
                **{f"top_{k}": told.top[k][i] for k in TOPS},
                "release": release,
            }
            for i, (entity, _) in enumerate(held)
        ]
    rows.sort(key=lambda r: (r["indicator"], r["kind"], r["period"], r["rank"], r["entity"]))
    return pa.Table.from_pylist(rows, schema=schema.arrow_schema("ranks"))
