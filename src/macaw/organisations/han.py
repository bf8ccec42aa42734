"""Chinese names in a text: characters without blanks between words, so names are found by what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from macaw.organisations.lexicon import Entry, LegalForms, is_listed
from macaw.organisations.names import HAN, simplified
from macaw.organisations.places import Gazetteer

# Characters of a name, and a city in brackets behind it: 香港中文大学（深圳） is not 香港中文大学.
_RUN = re.compile(rf"[{HAN}\u3040-\u30ff][{HAN}\u3040-\u30ffA-Za-z0-9]*(?:[（(][{HAN}]{{2,4}}[）)])?")
_AND = re.compile("[与和及]")
# Behind a university's name: another institution, which the university is not.
_OTHER = re.compile("附属|医院|附中")
# What may follow a brand of two characters in a Chinese company or lab name; anything else makes it another word
# (京东方 is not 京东). A longer brand is distinctive enough to stand before anything.
_TAIL = re.compile(
    r"^(?:有限|股份|公司|集团|控股|技术|科技|网络|信息|通信|通讯|电子|软件|智能|人工智能|云|研究|实验|创新|创投|中心|部门|终端|汽车|"
    r"数据|数字|在线|投资|资本|产业|中国|总部|商城|网|地图|外卖|体育|新闻|财经|金融|支付|医疗|健康|生物|咨询|服务|手机|招聘|焦点|之家|"
    r"快运|物流|快递|机器人|自动化|电器|半导体|能源|系统|仿真|平台|联合|事业部|分公司|[A-Za-z0-9（(]|$)"
)
_DISTINCTIVE = 3
_INSTITUTIONS = ("大学", "学院", "研究所", "研究院", "公司")


class HanNames:
    """Finds the Chinese names of a lexicon in a part of a text.

    >>> jd = Entry("jd", None, None, "phrase", True)
    >>> names = HanNames({"京东": [jd]}, LegalForms(["公司"]), Gazetteer([("北京", "CHN", "city")]))
    >>> [(key, entry.organisation) for key, entry in names.find("北京京东科技")], list(names.find("京东方"))
    ([('京东', 'jd')], [])
    """

    def __init__(self, names: Mapping[str, list[Entry]], forms: LegalForms, places: Gazetteer) -> None:
        self._names = names
        self._forms = forms
        self._places = places
        self._most = max(map(len, names), default=0)

    def find(self, part: str) -> Iterator[tuple[str, Entry]]:
        """Each name with the organisation it means; a joint laboratory's with each of its partners."""
        for run in _RUN.findall(simplified(part)):
            rest: str | None = run.replace("(", "（").replace(")", "）")
            while rest:
                found, end = self._longest(rest)
                yield from found
                rest = self._partner(rest, end) if found else None

    def _partner(self, run: str, end: int) -> str | None:
        """What may name the partner of a name that ends there: behind an "and", or a company's name at once."""
        following = _AND.search(run, end)
        if following:
            return run[following.end() :]
        return run[end:] if self._is_company(run[end:]) else None

    def _is_company(self, run: str) -> bool:
        """Whether a run begins with a hand-kept name of a company: 广汽丰田 is a joint venture of both."""
        for name, tail, entries in self._beginnings(run, ("phrase",)):
            if all(e.sure and is_listed(e.organisation) for e in entries):
                return _stands(name, tail, entries)
        return False

    def _beginnings(self, run: str, rules: tuple[str, ...]) -> Iterator[tuple[str, str, list[Entry]]]:
        """The known names a run of characters begins with, the longest first: name, what follows it, its entries."""
        for length in range(min(len(run), self._most), 1, -1):
            entries = [e for e in self._names.get(run[:length], ()) if e.rule in rules]
            if entries:
                yield run[:length], run[length:], entries

    def _longest(self, run: str) -> tuple[list[tuple[str, Entry]], int]:
        """The longest known name a run of characters begins with, after a place name if there is one; and its end."""
        whole = self._forms.cut_han(run)
        if whole in self._names:
            return _one_meaning(whole, self._names[whole]), len(run)
        run = run.split("（")[0]
        starts = [0] + [n for n in (2, 3) if self._places.is_place(run[:n]) or self._places.is_place(run[:n] + "市")]
        for start in starts:
            rest = run[start:].removeprefix("市").removeprefix("省")
            first = len(run) - len(rest)
            for name, tail, entries in self._beginnings(rest, ("phrase", "official")):
                # 新竹清华大学 is not 清华大学: a place before an institution's name is part of it.
                if start and name.endswith(_INSTITUTIONS):
                    continue
                if _stands(name, tail, entries) or self._is_company(tail):
                    return _one_meaning(name, entries), first + len(name)
        return [], 0


def _stands(name: str, tail: str, entries: list[Entry]) -> bool:
    """Whether what follows a name leaves it that name."""
    if name.endswith(_INSTITUTIONS):
        return not _OTHER.search(tail)
    return bool(_TAIL.match(tail) or _AND.match(tail)) or _is_distinctive(name, entries)


def _is_distinctive(name: str, entries: list[Entry]) -> bool:
    """Whether a name is a hand-kept one long enough to be no part of another word."""
    return len(name) >= _DISTINCTIVE and all(e.sure for e in entries)


def _one_meaning(key: str, entries: list[Entry]) -> list[tuple[str, Entry]]:
    """The meanings of a name: those kept by hand, else the only one."""
    by_hand = [e for e in entries if e.sure]
    kept = by_hand or ([e for e in entries if e.rule == "official"] or entries)
    return [(key, e) for e in kept] if by_hand or len(kept) == 1 else []
