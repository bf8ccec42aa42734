"""Claims and observations that are invented, written in a line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from macaw.claims.measure import Reading, readings
from macaw.claims.observations import Observations, specifications
from macaw.claims.record import Claim, Test, check_together, read_record
from macaw.claims.settle import Settled, settle
from macaw.indicators import indicators
from macaw.sure.observation import Observation
from macaw.sure.specifications import computed_under, counted_as

ARTICLE = """\
[article]
title = "标题"
title_en = "A title"
outlet = "某报"
outlet_en = "A paper"
date = 2024-10-29
url = "https://example.org/a"
language = "zh"
"""
CLAIM = """
[[claim]]
id = "rd"
statement = "China's R&D is at least 450"
statement_zh = "中国研发经费不低于 4500 亿"
quote = "中国研发经费不低于4500亿"
translation = "China's R&D is at least 450 bn"
paragraph = 1
sentence = 1
speaker = "A minister"
speaker_zh = "某部长"
authority = "own"
authority_zh = "自述"
part = "content"
type = "level"
tense = "present"
[claim.normal]
subject = "R&D"
subject_zh = "研发"
measure = "spending"
measure_zh = "支出"
definition = "not said"
definition_zh = "未说明"
place = "CHN"
period = "2024"
relation = "at least"
[claim.rule]
registered = 2026-11-01
seen = "nothing"
seen_zh = "无"
left_open = "Nothing."
left_open_zh = "无。"
[[claim.rule.test]]
id = "level"
says = "China's R&D"
says_zh = "中国研发经费"
role = "settles"
indicator = "gross_rd"
entity = "CHN"
period = "latest"
at_least = 450
stated = 450
"""
RECORD = ARTICLE + CLAIM
_CELL = re.compile(r"(?P<value>-?[0-9.]+)?(\[(?P<low>-?[0-9.]*),(?P<high>-?[0-9.]*)\])?(?P<status>[A-Z])?")


def claims(text: str = RECORD) -> tuple[Claim, ...]:
    """The claims of a record that is given as text."""
    return check_together(list(read_record(text.encode(), "invented.toml")))


def claim(test: dict[str, Any] | None = None, rule: dict[str, Any] | None = None, **changed: Any) -> Claim:
    """The claim above with other fields, another rule and another test."""
    made = claims()[0]
    tests = tuple(replace(t, **(test or {})) for t in made.rule.tests)
    return replace(made, rule=replace(made.rule, tests=tests, **(rule or {})), **changed)


def observation(cell: str) -> Observation:
    """A value as in `500`, `500U`, `500[400,600]P`, `[,600]`; a status alone has no value."""
    found = _CELL.fullmatch(cell)
    assert found, cell
    value, low, high = (float(found[k]) if found[k] else None for k in ("value", "low", "high"))
    return Observation(value, low, high, found["status"] or "A", 1)


def put(seen: Observations, test: Test, period: str, cells: Iterable[str], entity: str = "") -> None:
    """Values of one period, one for each definition of the test's indicator; – is none."""
    of = indicators()[test.indicator]
    for definition, cell in zip(of.definitions, cells, strict=False):
        for spec in specifications(test):
            if spec.definition == definition and cell != "–":
                found = counted_as(entity or test.entity, spec)
                seen.add(of.id, found, computed_under(of, spec), period, observation(cell))


def settled(made: Claim, periods: dict[str, str]) -> Settled:
    """The verdict on a claim of one test, whose values are given by period."""
    return settle(made, read(made, periods))


def read(made: Claim, periods: dict[str, str]) -> dict[str, list[Reading]]:
    """The readings of a claim of one test."""
    seen = Observations({})
    for period, cells in periods.items():
        put(seen, made.rule.tests[0], period, cells.split())
    return {t.id: readings(t, made.article, seen, made.due) for t in made.rule.tests}
