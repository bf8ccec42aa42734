"""Whether a sentence asserts something that can be looked up: a decision by clauses, with its reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from macaw.claims.reading.lexicon import Words, any_of, words
from macaw.claims.reading.quantities import Quantity
from macaw.claims.reading.times import Time

_BOUNDARY = re.compile(
    r"[，；;：:——]|,(?!\d)|\s[–—-]\s|(?<=\w)(?=\s(?:but|while|although|whereas|though|yet)\s)"
    r"|(?<=\w)(?=\sand\s(?:will|is expected|are expected|expects?|plans?|aims?|could|may|hopes?)\b)"
    r"|(?<=受访者)(?=认为|表示|预计|相信|预期)|(?<=respondents)\s(?=said|believe|expect|think)"
    r"|(?=并(?:将|计划|预计|有望))|(?=(?:但|不过|然而|而且)[^，]{4})"
)


@dataclass(frozen=True)
class Relation:
    """A relation a sentence asserts: exceeds, behind, grows, …; where its words stand, and whether they are denied."""

    id: str
    start: int
    end: int
    text: str
    negated: bool


@dataclass(frozen=True)
class Decision:
    """Whether a sentence can be checked, and why: one reason per clause that speaks for or against."""

    checkable: bool
    reasons: tuple[str, ...]


@cache
def _relation_patterns() -> list[tuple[str, Words]]:
    return [(row["id"], Words(row["zh"], row["en"])) for row in words("relations")["relation"]]


_NEGATION = re.compile(
    r"(?:未|没有|没|并不|不再|不|并非|从未|尚未|无)(?:能|会|曾|被|是|有)?$"
    r"|(?:\bnot|n't|\bnever|\bno longer|\bneither|\bnor|\bwithout|\bhardly)(?: \w+){0,1} ?$",
    re.IGNORECASE,
)


def find_relations(folded: str, quantities: list[Quantity]) -> list[Relation]:
    """The relations of a folded sentence, outside the words that belong to its quantities ("more than 60")."""
    taken = [(q.start, q.end) for q in quantities]
    found = []
    for name, pattern in _relation_patterns():
        for match in pattern.finditer(folded):
            if name in ("exceeds", "behind", "comparison") and _qualifies(folded, match, quantities):
                continue
            if any(a < match.end() and match.start() < b for a, b in taken) and name not in ("grows", "falls"):
                continue
            negated = bool(_NEGATION.search(folded[max(0, match.start() - 16) : match.start()]))
            found.append(Relation(name, match.start(), match.end(), match[0], negated))
    return sorted(found, key=lambda r: (r.start, r.end, r.id))


def _qualifies(folded: str, match: re.Match[str], quantities: list[Quantity]) -> bool:
    """Whether words of comparison only qualify the number behind them: 超过两成, more than 60."""
    return any(0 <= q.start - match.end() <= 2 and q.bound != "exact" for q in quantities)


@cache
def _word_patterns() -> dict[str, Words]:
    of = words("not_checkable")
    table = {row["id"]: Words(row["zh"], row["en"], hyphens=True) for row in of["veto"]}
    events = words("relations")["events"]
    return table | {
        "never": Words(of["never"]["zh"], of["never"]["en"], hyphens=True),
        "fact": Words(of["fact"]["zh"], of["fact"]["en"], hyphens=True),
        "event": Words([any_of(events["zh"])], [any_of(events["en"])]),
    }


@cache
def _notice() -> re.Pattern[str]:
    of = words("not_checkable")["notice"]
    return re.compile("|".join([*of["zh"], *of["en"]]), re.IGNORECASE)


def decide(folded: str, quantities: list[Quantity], times: list[Time], relations: list[Relation]) -> Decision:
    """Whether a folded sentence can be checked.

    It can if a clause asserts a quantity, a comparison, a rank, a share, a lag, a trend or a dated event, and is no
    forecast, condition, opinion, demand or definition. What a clause is holds on until a clause of fact follows.
    """
    patterns = _word_patterns()
    if re.search(r"[?？][”’」』\"')）]*$", folded.strip()):
        return Decision(False, ("question",))
    notice = _notice().search(folded)
    if notice:
        return Decision(False, (f"notice: {notice[0]}",))
    reasons: list[str] = []
    checkable, veto, lingering = False, "", ""
    undated = _undated(folded, times)
    for start, end in _clauses(folded):
        clause = patterns["never"].blanked(undated[start:end])
        own, weak = _veto(clause)
        if not own and lingering and re.match(r"\s*(?:and )?\w+ing\b", clause):
            own, weak = lingering, True
        lingering = own
        if own and not weak:
            veto = own
        elif veto and patterns["fact"].search(clause):
            veto = ""
        evidence = _evidence(folded, start, end, quantities, times, relations)
        if evidence and (veto or own):
            reasons.append(f"{evidence} — but {veto or own}")
        elif evidence:
            checkable = True
            reasons.append(evidence)
    return Decision(checkable, tuple(reasons))


def _undated(folded: str, times: list[Time]) -> str:
    """The text without its dates: May is no "may"."""
    for time in times:
        if time.kind in ("month", "day", "date", "weekday"):
            folded = folded[: time.start] + "·" * (time.end - time.start) + folded[time.end :]
    return folded


def _clauses(folded: str) -> list[tuple[int, int]]:
    cuts = [0, *(m.end() for m in _BOUNDARY.finditer(folded)), len(folded)]
    return [(a, b) for a, b in pairwise(cuts) if b > a]


def _veto(clause: str) -> tuple[str, bool]:
    """Why a clause cannot be checked, "" if it can; and whether that ends with the clause."""
    for row in words("not_checkable")["veto"]:
        match = _word_patterns()[row["id"]].search(clause)
        if match:
            return f"{row['id']}: {match[0]}", row.get("weak", False)
    return "", False


def _evidence(
    folded: str, start: int, end: int, quantities: list[Quantity], times: list[Time], relations: list[Relation]
) -> str:
    """What a clause asserts that can be looked up, "" if nothing."""
    for q in quantities:
        if start <= q.start < end and not _tells_nothing(folded, q):
            return f"{'rank' if q.kind == 'rank' else 'quantity'}: {q.text}"
    for relation in relations:
        if start <= relation.start < end:
            return f"{relation.id}: {relation.text}"
    dated = [t for t in times if t.start < end and t.kind not in ("now", "recent", "compared", "clock", "name")]
    event = _word_patterns()["event"].search(folded, start, end)
    if event and dated:
        return f"dated event: {dated[0].text} {event[0]}"
    return ""


@cache
def _trivial() -> re.Pattern[str]:
    of = words("not_checkable")["trivial"]
    return re.compile(rf"(?:{any_of(of['zh'])})|\b(?:{any_of(of['en'])})\b", re.IGNORECASE)


def _tells_nothing(folded: str, q: Quantity) -> bool:
    """Whether a quantity is an age or a number of reasons."""
    if q.kind == "age":
        return True
    if q.kind == "count" and (q.low or 0) <= 10:
        return bool(_trivial().search(folded, q.start, min(len(folded), q.end + 12)))
    return False
