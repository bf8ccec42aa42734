"""Who says a sentence, and what of it stands between quotation marks."""

from __future__ import annotations

import re
from functools import cache

from macaw.claims.reading.lexicon import any_of, words

_QUOTES = {"“": "”", "「": "」", "『": "』", "‘": "’", "«": "»", "《": "》"}
_HAN_NAME = r"[\u4e00-\u9fffA-Za-z·・]{1,30}"


def quotations(text: str) -> list[tuple[int, int]]:
    """Where the outermost quotations stand, marks included; one that is not closed runs to the end.

    >>> text = '他说：“所谓‘关起门搞AI’，会拉大差距。”'
    >>> [text[a:b] for a, b in quotations(text)]
    ['“所谓‘关起门搞AI’，会拉大差距。”']
    """
    found: list[tuple[int, int]] = []
    closing: list[str] = []
    start = 0
    for at, c in enumerate(text):
        if closing and c == closing[-1]:
            if _is_apostrophe(text, at):
                continue
            closing.pop()
            if not closing:
                found.append((start, at + 1))
        elif (c in _QUOTES and c != "《") or (c == '"' and '"' not in closing):
            if not closing:
                start = at
            closing.append(_QUOTES.get(c, '"'))
    if closing:
        found.append((start, len(text)))
    return found


def _is_apostrophe(text: str, at: int) -> bool:
    return text[at] == "’" and at + 1 < len(text) and text[at + 1].isalpha() and text[at + 1].isascii()


def speaker(text: str, folded: str) -> str | None:
    """The person or body that a sentence attributes its content to, as written, without title; None if nobody is named.

    >>> speaker("西原大学副教授丁雅静认为，一些地方重建设。", "西原大学副教授丁雅静认为，一些地方重建设。")
    '丁雅静'
    >>> speaker("Losses fell, according to Statistics Korea.", "Losses fell, according to Statistics Korea.")
    'Statistics Korea'
    """
    span = _chinese(folded) if re.search(r"[\u4e00-\u9fff]", folded) else _english(folded)
    return text[span[0] : span[1]] if span else None


@cache
def _zh_patterns() -> list[re.Pattern[str]]:
    zh = words("speech")["zh"]
    verbs = rf"(?:{any_of(zh['verbs'])})(?<!来说)(?<!的说)(?!师|人士|法|明|服|信|为|员|学|题)"
    ends = rf"(?:{any_of(zh['according_end'])})(?=[，,：:、]|显示|称|指|的|中|所|了|发布|公布|测算|$)"
    adverbs = r"(?:则|还|也|却|曾|又|进一步|随后|近日|日前|今日|今天|昨日|昨天|周[一二三四五六日]|在.{1,20}(?:中|上|时)|对.{1,12}|向.{1,12}|于.{1,10}|笑着|早前|明确|当天|\x00+|补充|接受.{1,12}时|透过.{1,8}|直接|公开|强烈|反复|同时|此前|回应|\d+[日月]){0,3}"
    name = rf"(?P<name>{_HAN_NAME}?)"
    return [
        re.compile(rf"(?:^|[，。；：,\s])(?:{any_of(zh['according'])}){name}(?:最新|近日|今天|日前|昨日)?(?:{ends})"),
        re.compile(
            rf"^(?:据)?{name}(?:\d+日|昨日|昨天|今日|今天|近日|日前|周[一二三四五六日]|本周|上周|最新)?(?:发布|公布|披露|印发)的[^，]{{0,20}}(?:显示|表明|称|指出)"
        ),
        re.compile(rf"(?:^|，)在{name}看来"),
        re.compile(
            rf"^(?:据|根据)?{name}的(?:[^，的]{{0,8}})(?:报告|数据|研究|调查|统计|研报|白皮书)(?:则|还|也)?(?:显示|指出|称|表明|发现|认为|估计|预测)"
        ),
        re.compile(rf"[“「](?P<name>[\u4e00-\u9fffA-Za-z·]{{1,6}})[”」]{adverbs}(?:{verbs})"),
        re.compile(rf"[”」』\"][，,]?\s?{name}{adverbs}(?:{verbs})"),
        re.compile(
            rf"^(?:但|不过|而|然而|对此|随后|同时|其中|此外|另外|，)?{name}(?:（[^）]*）|\([^)]*\))?{adverbs}(?:{verbs})"
        ),
        re.compile(rf"[，,；]{name}(?:（[^）]*）)?{adverbs}(?:{verbs})(?=[，,：:“「])"),
    ]


def _chinese(folded: str) -> tuple[int, int] | None:
    for pattern in _zh_patterns():
        for match in pattern.finditer(folded):
            span = _bare_name(folded, match.start("name"), match.end("name"))
            if span:
                return span
    return None


def _bare_name(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The name without the titles before it: 园区运维负责人马国栋 → 马国栋; None for nobody in particular."""
    zh = words("speech")["zh"]
    trailing = re.search(
        r"(?:受访时|受访|接受采访时|采访时|则|也|还|却|曾|又|近日|日前|今日|今天|昨日|昨天|上周|本周|上月|去年|今年|随后|此前|\d+[日月年])+$",
        text[start:end],
    )
    end = start + trailing.start() if trailing else end
    name = text[start:end]
    if not name or any(name == n or (len(n) > 1 and name.endswith(n)) for n in zh["nobody"]):
        return None
    if (
        name[0] in "他她它这该其我你某"
        or re.match(r"[近约超逾]|\d|[一二三四五六七八九十半]成|过半", name)
        or name[0] in "据对从以当依按就连"
        or re.search(r"一[位名项份个篇]|多[位名]|不愿|匿名|不少|一些|许多|[的是在了和与不有]", name)
    ):
        tail = re.search(rf"(?:{any_of(zh['titles'])})(?P<n>[\u4e00-\u9fff·]{{2,4}})$", name)
        return (start + tail.start("n"), end) if tail and "不愿" not in name else None
    if name in zh["offices"]:
        return start, end
    titles = list(re.finditer(any_of(zh["titles"]), name))
    title = titles[-1] if titles else None
    if title:
        rest = name[title.end() :]
        if len(rest) >= 2:
            return start + title.end(), end
        holder = name[title.start() :]
        return (start, end) if holder in zh["offices"] else None
    return start, end


@cache
def _en_patterns() -> list[re.Pattern[str]]:
    en = words("speech")["en"]
    verbs = any_of(en["verbs"])
    part = r"(?:[A-Z][\w.'&-]*|[A-Z]\.)"
    name = rf"(?P<name>(?:the )?{part}(?:(?: (?:of|for|and|the|de|van|von|bin|al))* {part}){{0,6}})"
    office = rf"(?:[Tt]he|[Aa]n?) (?:[\w-]+(?:'s)? ){{0,3}}?(?P<office>{any_of(en['offices'])})"
    who = rf"(?:{name}|{office})(?:'s (?:group|team|report|survey|data|filing|study))?"
    aside = r"(?:, (?:[^,.;“\"]|\d,\d){2,90}(?:, [^,.;“\"]{2,60})?,)?"
    adverb = r"(?: (?:also|later|then|has|had|have|recently|once|repeatedly))?"
    return [
        re.compile(
            rf"[Aa]ccording to (?:an? |the )?(?:[a-z-]+ ){{0,4}}(?:report|data|study|survey|analysis|figures|estimates?|index|paper|statistics|filing)s?"
            rf"(?: (?:published|released|issued|compiled|conducted|collected)(?: \w+)?)? (?:from|by|of)(?: [a-z-]+){{0,3}} {name}(?P<office>(?!))?"
        ),
        re.compile(rf"[Aa]ccording to {who}"),
        re.compile(rf"[”\"],? (?:{verbs}) {who}"),
        re.compile(rf"[”\"],? {who}{aside}{adverb} (?:{verbs})\b"),
        re.compile(
            rf"^(?:But |And |Yet |Still, |However, |Last \w+, |On \w+, |In \w+, )?{who}{aside}{adverb} (?!added|put(?! the)|posted)(?:{verbs})\b(?! (?:a record|at|in (?:20|19)))"
        ),
        re.compile(rf", (?:{verbs}) {who}"),
        re.compile(rf", {who}{aside}{adverb} (?:{verbs})(?=[.,]| (?:on|in|last|this|during|at))"),
    ]


def _english(folded: str) -> tuple[int, int] | None:
    nobody = words("speech")["en"]["nobody"]
    for pattern in _en_patterns():
        for match in pattern.finditer(folded):
            if match["office"]:
                return match.span("office")
            start, end = match.span("name")
            name = folded[start:end]
            if name.casefold().startswith("the "):
                start, name = start + 4, name[4:]
            if name.casefold().split()[0] in nobody:
                continue
            if name.endswith(".") and name.split()[-1] not in ("Inc.", "Corp.", "Co.", "Ltd.", "Jr."):
                end -= 1
            if name.endswith("'s"):
                end -= 2
            return start, end
    return None
