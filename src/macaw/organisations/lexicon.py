"""All organisations' names as arrays, so that many raw strings are looked up at once.

A name is a sequence of folded words; a word is a number. A sequence is known by a rolling hash of its numbers, and
the hashes of all beginnings of names are kept sorted: finding every known name in every string is then a few passes of
binary search over all positions at once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from macaw.organisations.names import bare_name, has_han, simplified, tokens
from macaw.organisations.places import Gazetteer

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

KINDS = ("education", "facility", "healthcare", "company", "government", "nonprofit", "funder", "archive", "other")
# How a name may match: an acronym in capitals, a segment name as a whole part, the others anywhere.
RULES = ("acronym", "segment", "phrase", "official")
NameRow = tuple[str, str, str, str | None, str | None, bool]

_FACTOR = 0x9E3779B97F4A7C15
_STEP = 2654435761
_MASK = (1 << 64) - 1
# Words that, alone or together, name no organisation ("Computer Sciences Corporation", less its legal form), unless
# one of them says that it is one ("Institute of Automation").
GENERIC = frozenset(
    """
    advanced agency analysis applied application applications architecture artificial arts automation biology business
    campus center chemical chemistry city civil college communication communications company computation computational
    computer computing control corporation data department design development division economics education electrical
    electronic electronics energy engineering environment environmental faculty foundation graduate group health
    hospital human image industrial industry informatics information institution integrated intelligence intelligent
    international key laboratory language law learning machine management manufacturing materials mathematical
    mathematics mechanical mechatronics medical medicine ministry multimedia national natural network networks neural
    office optical pattern perception physics polytechnic postgraduate private processing program project public
    recognition research robot robotics school science security signal social society software space state statistics
    study system technical technology telecommunications theoretical theory unit vision visual north south east west
    northern southern eastern western central new one first second
    """.split()
)
_KINDS_OF_PLACE = frozenset("academy college hospital institute laboratory university".split())
# A name of no more letters may be an abbreviation.
SHORT = 4
# Weight from which a name tells which organisation is meant: "Data Science Institute" does not.
TELLING = 8.0
_STEPS = 1024
# A name that more organisations than this share says nothing by itself.
_SHARED = 40


@dataclass(frozen=True, slots=True)
class Facts:
    """What the matcher must know of an organisation."""

    kind: str
    country: str | None
    city: str | None


def is_listed(organisation: str) -> bool:
    """Whether an organisation is a company of the hand-kept registry; the others are known from ROR alone."""
    return not organisation.startswith("ror:")


def extend(hashes: Any, words: Any) -> Any:
    """The hashes of sequences one word longer."""
    return hashes * np.uint64(_FACTOR) + words.astype(np.uint64) * np.uint64(_STEP) + np.uint64(1)


def sequence_hash(words: Iterable[int]) -> int:
    """The same for one sequence, from its start.

    >>> one = extend(np.zeros(1, np.uint64), np.array([7]))
    >>> int(extend(one, np.array([9]))[0]) == sequence_hash([7, 9])
    True
    """
    return reduce(_longer, words, 0)


def _longer(value: int, word: int) -> int:
    return (value * _FACTOR + word * _STEP + 1) & _MASK


class LegalForms:
    """Company forms, to be cut off the end of a name.

    >>> forms = LegalForms(["Co", "Ltd", "Co Ltd", "有限公司"])
    >>> forms.cut(["foo", "co", "ltd"]), forms.cut_han("华为技术有限公司")
    (['foo'], '华为技术')
    """

    def __init__(self, forms: Iterable[str]) -> None:
        forms = list(forms)
        # A form that folds to another word ("SCI" to "science") would cut names that end in that word.
        latin = {form.casefold() for form in forms if not has_han(form)}
        self._latin = {tuple(tokens(form)) for form in latin if tokens(form) == form.split()}
        self._han = sorted({simplified(form) for form in forms if has_han(form)}, key=lambda f: (-len(f), f))

    def cut(self, words: list[str]) -> list[str]:
        """Words without company forms at their end."""
        shorter = True
        while shorter and len(words) > 1:
            shorter = False
            for length in (4, 3, 2, 1):
                if len(words) > length and tuple(words[-length:]) in self._latin:
                    words, shorter = words[:-length], True
                    break
        return words

    def is_form(self, words: Iterable[str]) -> bool:
        """Whether the words are nothing but a company form."""
        return tuple(words) in self._latin

    def cut_han(self, text: str) -> str:
        """A Chinese or Japanese company name without its legal form at either end."""
        for form in self._han:
            if text.endswith(form) and len(text) > len(form):
                return text[: -len(form)]
            if text.startswith(form) and len(text) > len(form):
                return text[len(form) :]
        return text


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of a name. `sure` entries come from the hand-kept registry."""

    organisation: str
    ror: str | None
    country: str | None
    rule: str
    sure: bool
    # An institution's short hand-kept name ("MIT") is one only in capitals.
    in_capitals: bool = False


def meanings(
    names: Iterable[NameRow], forms: LegalForms, is_city: Callable[[str], bool] = lambda name: False
) -> tuple[dict[str, list[Entry]], dict[str, list[Entry]]]:
    """Entries by folded name (words joined by blanks), and by Chinese name.

    Where the hand-kept registry gives a name to a company, only the registry's meanings stay; and a name that it lets
    match only as a whole part does so in ROR's records of the same company too.
    """
    latin: dict[str, dict[Entry, None]] = defaultdict(dict)
    han: dict[str, dict[Entry, None]] = defaultdict(dict)
    for organisation, name, rule, country, ror, sure in names:
        name = bare_name(name, is_city)
        short = (
            sure
            and not is_listed(organisation)
            and name.isascii()
            and name.isalpha()
            and name.isupper()
            and len(name) <= SHORT
        )
        entry = Entry(organisation, ror, country, rule, sure, short)
        if has_han(name):
            han[forms.cut_han(simplified(name).replace(" ", ""))][entry] = None
            continue
        words = tokens(name)
        bare = forms.cut(words)
        # A hand-kept name is not cut to a single word ("Ant Group"), nor a segment name loosened by being cut.
        for key in {" ".join(words), " ".join(words if sure and len(bare) < 2 else bare)}:
            if _is_name(key, forms) and (sure or not _is_vague(organisation, key.split(), is_city)):
                latin[key][entry] = None
    return ({k: _settled(v) for k, v in latin.items()}, {k: _settled(v) for k, v in han.items() if len(k) > 1})


def _is_name(key: str, forms: LegalForms) -> bool:
    return len(key) > 1 and not key.isdigit() and not forms.is_form(key.split())


def _is_vague(organisation: str, words: list[str], is_city: Callable[[str], bool]) -> bool:
    """Whether ROR's name is too common; of a listed company also a single word, which is the registry's to say."""
    if not is_listed(organisation):
        return GENERIC.issuperset(words)
    return len(words) < 2 or all(w in GENERIC or is_city(w) for w in words)


def _settled(entries: Iterable[Entry]) -> list[Entry]:
    """One entry for each organisation: the hand-kept one if there is one, else that of the strongest rule."""
    unique = sorted(entries, key=lambda e: (e.sure, RULES.index(e.rule), e.country or "", e.ror or ""))
    by_hand = {e.organisation for e in unique if e.sure}
    whole = {e.organisation for e in unique if e.sure and e.rule == "segment"}
    companies = any(map(is_listed, by_hand))
    best: dict[str, Entry] = {}
    for e in unique:
        if not companies or e.organisation in by_hand:
            ror = e.ror or (best[e.organisation].ror if e.organisation in best else None)
            best[e.organisation] = replace(e, ror=ror, rule="segment" if e.organisation in whole else e.rule)
    return [best[organisation] for organisation in sorted(best)]


@dataclass
class Lexicon:
    """Names, organisations and places as arrays.

    Names: `beginnings` are the sorted hashes of all beginnings of names, `whole` the name that ends there (-1: none).
    The meanings of name k are entries `meaning[k]:meaning[k + 1]`; its different words are
    `parts[part[k]:part[k + 1]]`; the names with word w are `holders[holder[w]:holder[w + 1]]`.
    """

    words: dict[str, int]
    weight: Floats
    is_number: Flags
    is_generic: Flags
    is_form: Flags
    keys: list[str]
    beginnings: Hashes
    whole: Ints
    meaning: Ints
    entry_organisation: Ints
    entry_rule: Ints
    entry_sure: Flags
    entry_in_capitals: Flags
    entry_country: list[str | None]
    entry_ror: list[str | None]
    part: Ints
    parts: Ints
    key_weight: Floats
    holder: Ints
    holders: Ints
    is_place: Flags
    # Whether the hand-kept registry gives a name.
    is_sure: Flags
    organisations: list[str]
    is_listed: Flags
    kind: Ints
    country: Ints
    city: Hashes
    children: Ints
    parents: Ints
    names: Ints
    above: Ints
    # A country's number by its code, and by its number another one that does not depend on which others there are.
    countries: dict[str, int]
    country_letters: Ints
    han: dict[str, list[Entry]]

    def has_above(self, below: Ints, above: Ints) -> Flags:
        """For pairs of organisations: whether the second stands above the first."""
        return found(self.above, below * len(self.organisations) + above)


def found(sorted_values: Any, wanted: Any) -> Flags:
    """For each wanted value whether it is among the sorted ones."""
    if not len(sorted_values):
        return np.zeros(len(wanted), bool)
    place = np.minimum(np.searchsorted(sorted_values, wanted), len(sorted_values) - 1)
    return np.asarray(sorted_values[place] == wanted)


def distinct(values: Ints) -> Ints:
    """The different values, sorted (NumPy's own `unique` hashes, which is slower here)."""
    ordered = np.sort(values)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def compiled(
    names: Iterable[NameRow],
    facts: Mapping[str, Facts],
    ancestors: Mapping[str, frozenset[str]],
    places: Gazetteer,
    forms: LegalForms,
    weights: Mapping[str, float],
) -> Lexicon:
    """The lexicon of some names; `weights` says how telling a word is (unknown words tell most)."""
    rows = [row for row in names if row[0] in facts]
    latin, han = meanings(rows, forms, places.is_city)
    keys = sorted(k for k, entries in latin.items() if len(entries) <= _SHARED or any(e.sure for e in entries))
    words = {w: i for i, w in enumerate(sorted({w for k in keys for w in k.split()}), start=1)}
    most = max(weights.values(), default=12.0)
    # In steps that a sum of doubles holds exactly: a string's features must not depend on the strings before it.
    weight = np.round(np.array([most, *(weights.get(w, most) for w in words)]) * _STEPS) / _STEPS
    sequences = [[words[w] for w in k.split()] for k in keys]
    beginnings, whole = _beginnings(sequences)
    entries = [e for k in keys for e in latin[k]]
    organisations = sorted(facts)
    number = {o: i for i, o in enumerate(organisations)}
    countries = {c: i for i, c in enumerate(["", *sorted({f.country for f in facts.values() if f.country})])}
    unique = [sorted(set(s)) for s in sequences]
    part = (
        np.concatenate([[0], np.cumsum([len(u) for u in unique], dtype=np.int64)]) if unique else np.zeros(1, np.int64)
    )
    parts = np.array([w for u in unique for w in u], np.int64)
    order = np.argsort(parts, kind="stable")
    counts = Counter(row[0] for row in rows)
    kids = Counter(a for above in ancestors.values() for a in above)
    above = sorted(
        number[o] * len(organisations) + number[a]
        for o, found in ancestors.items()
        if o in number
        for a in found
        if a in number
    )
    return Lexicon(
        words=words,
        weight=weight,
        is_number=np.array([False, *(w.isdigit() for w in words)]),
        is_generic=np.array([False, *(w in GENERIC or w in _KINDS_OF_PLACE for w in words)]),
        is_form=np.array([False, *(forms.is_form([w]) for w in words)]),
        keys=keys,
        beginnings=beginnings,
        whole=whole,
        meaning=np.concatenate([[0], np.cumsum([len(latin[k]) for k in keys], dtype=np.int64)]),
        entry_organisation=np.array([number[e.organisation] for e in entries], np.int64),
        entry_rule=np.array([RULES.index(e.rule) for e in entries], np.int64),
        entry_sure=np.array([e.sure for e in entries], bool),
        entry_in_capitals=np.array([e.in_capitals for e in entries], bool),
        entry_country=[e.country for e in entries],
        entry_ror=[e.ror for e in entries],
        part=part,
        parts=parts,
        key_weight=np.array([weight[u].sum() for u in unique]),
        holder=np.searchsorted(parts[order], np.arange(len(weight) + 1)),
        holders=np.repeat(np.arange(len(keys)), np.diff(part))[order],
        is_place=np.array([places.is_place(k) for k in keys], bool),
        is_sure=np.array([any(e.sure for e in latin[k]) for k in keys], bool),
        organisations=organisations,
        is_listed=np.array([is_listed(o) for o in organisations], bool),
        kind=np.array([KINDS.index(facts[o].kind) for o in organisations], np.int64),
        country=np.array([countries.get(facts[o].country or "", 0) for o in organisations], np.int64),
        city=np.array([_city_hash(facts[o].city, words) for o in organisations], np.uint64),
        children=np.array([kids[o] for o in organisations], np.int64),
        parents=np.bincount([pair // len(organisations) for pair in above], minlength=len(organisations)),
        names=np.array([counts[o] for o in organisations], np.int64),
        above=np.array(above, np.int64),
        countries=countries,
        country_letters=np.array([_letters(c) for c in countries], np.int64),
        han=han,
    )


def _beginnings(sequences: list[list[int]]) -> tuple[Hashes, Ints]:
    ends: dict[int, int] = {}
    for name, sequence in enumerate(sequences):
        hashes = list(accumulate(sequence, _longer, initial=0))
        for value in hashes[1:]:
            ends.setdefault(value, -1)
        ends[hashes[-1]] = name
    beginnings = np.fromiter(ends, np.uint64, len(ends))
    order = np.argsort(beginnings)
    return beginnings[order], np.fromiter(ends.values(), np.int64, len(ends))[order]


def _letters(country: str) -> int:
    return sum((ord(c) - 64) * 27**i for i, c in enumerate(reversed(country)))


def _city_hash(city: str | None, words: Mapping[str, int]) -> int:
    numbers = [words.get(w, 0) for w in tokens(city or "")]
    return sequence_hash(numbers) if numbers and all(numbers) else 0
