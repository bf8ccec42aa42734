"""The index of names: which organisations a folded name may mean, and how it may match."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from macaw.organisations.names import has_han, simplified, tokens

# Words that, alone or together, name no organisation in particular.
GENERIC = frozenset(
    """
    academy advanced agency analysis applied application applications architecture artificial arts
    automation biology business campus center chemical chemistry city civil college communication
    communications company computation computational computer computers computing control corporation
    data department design development division economics education electrical electronic electronics
    energy engineering environment environmental faculty foundation graduate group health hospital human
    image industrial industry informatics information institute institution integrated intelligence
    intelligent international key laboratory language law learning machine management manufacturing
    materials mathematical mathematics mechanical mechatronics medical medicine ministry multimedia
    national natural network networks neural office optical pattern perception physics polytechnic
    postgraduate private processing program project public recognition research robot robotics school
    science security signal social society software space state statistics studies system systems
    technical technological technology telecommunications theoretical theory unit university vision
    visual north south east west northern southern eastern western central new one first second
    """.split()
)
_NOISE_WORDS = frozenset("research laboratory group team ai inc company technology science global labs".split())
_TRAILING_COUNTRY = re.compile(r"\s*\([^()]*\)\s*$")
# Words that are in many names and yet tell whose they are.
_PROPER = frozenset(
    """american austrian australian brazilian british canadian chinese czech danish dutch finnish fraunhofer french
    german helmholtz hungarian indian iranian israeli italian japanese korean leibniz max norwegian planck polish
    russian spanish swedish swiss turkish""".split()
)
_SCHOOLS = frozenset("university universite universitat universita universidad universidade polytechnic".split())
# A word in more names than this says little by itself.
_FREQUENT = 100
_NAMING = frozenset("institute university academy".split())
# A one-word name that is part of more names than this is a common word, not a name.
_COMMON = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of a name. `sure` entries come from the hand-kept registry."""

    organisation: str
    ror: str | None
    country: str | None
    rule: str
    sure: bool


class NameIndex:
    """Names by their folded words.

    `official` names and other `phrase` names match anywhere, `segment` names only as the whole of a part
    between commas, `acronym` names only so and where the text writes them in capitals.
    """

    def __init__(self, legal_forms: Iterable[str]) -> None:
        # A form that folds to another word ("SCI" to "science") would cut names that end in that word.
        latin = {form.casefold() for form in legal_forms if not has_han(form)}
        self._legal = {tuple(tokens(form)) for form in latin if tokens(form) == form.split()}
        self._legal_han = sorted(
            {simplified(form) for form in legal_forms if has_han(form)}, key=lambda f: (-len(f), f)
        )
        self.names: dict[str, tuple[Entry, ...]] = {}
        self.longest: dict[str, int] = {}
        self.han: dict[str, tuple[Entry, ...]] = {}
        self.vocabulary: set[str] = set()
        # Names made of common words only ("Institute of Cognitive Science"): they need a place or a parent beside them.
        self.weak: set[str] = set()

    def without_legal_form(self, words: list[str]) -> list[str]:
        """Words without company forms at their end.

        >>> NameIndex(["Co", "Ltd", "Co Ltd"]).without_legal_form(["foo", "co", "ltd"])
        ['foo']
        """
        shorter = True
        while shorter and len(words) > 1:
            shorter = False
            for length in (4, 3, 2, 1):
                if len(words) > length and tuple(words[-length:]) in self._legal:
                    words, shorter = words[:-length], True
                    break
        return words

    def without_han_form(self, text: str) -> str:
        """A Chinese or Japanese company name without its legal form at either end."""
        for form in self._legal_han:
            if text.endswith(form) and len(text) > len(form):
                return text[: -len(form)]
            if text.startswith(form) and len(text) > len(form):
                return text[len(form) :]
        return text

    def _keys(self, words: list[str], *, sure: bool) -> set[str]:
        """A name with and without its legal form; a hand-kept name is not cut to a single word ("Ant Group")."""
        bare = self.without_legal_form(words)
        return {" ".join(words), " ".join(words if sure and len(bare) < 2 else bare)}

    def _only_legal(self, key: str) -> bool:
        return tuple(key.split()) in self._legal

    def core(self, words: list[str]) -> str:
        """What remains of a segment without legal forms and words like "research" or "lab" around the name."""
        words = self.without_legal_form([w for w in words if not w.isdigit()] or words)
        while len(words) > 1 and words[-1] in _NOISE_WORDS:
            words = words[:-1]
        return " ".join(words)

    def build(
        self,
        rows: Iterable[tuple[str, str, str, str | None, str | None, bool]],
        is_place: Callable[[str], bool] = lambda words: False,
    ) -> None:
        """Fill the index from (organisation, name, rule, country, ror, sure)."""
        latin: dict[str, list[Entry]] = defaultdict(list)
        han: dict[str, list[Entry]] = defaultdict(list)
        singles: Counter[str] = Counter()
        for organisation, name, rule, country, ror, sure in rows:
            name = _TRAILING_COUNTRY.sub("", name) or name
            if has_han(name):
                han[self.without_han_form(simplified(name).replace(" ", ""))].append(
                    Entry(organisation, ror, country, rule, sure)
                )
                continue
            words = tokens(name)
            singles.update(set(words))
            for key in self._keys(words, sure=sure):
                # Whether a single word means a company ("Hitachi" is a city too) is the registry's to say.
                if key and (sure or " " in key or organisation.startswith("ror:")):
                    latin[key].append(Entry(organisation, ror, country, rule, sure))
        self.names = {
            key: kept
            for key, entries in latin.items()
            if not self._only_legal(key) and (kept := _kept(key, entries, singles))
        }
        frequent = {w for w, n in singles.items() if n > _FREQUENT and w not in _PROPER and not is_place(w)}
        common = frequent | GENERIC | {w for w in singles if w.isdigit()}
        self.weak = {
            key
            for key in self.names
            if common.issuperset(key.split()) and (len(key.split()) < 4 or not _SCHOOLS.intersection(key.split()))
        }
        self.han = {key: _unique(entries) for key, entries in han.items() if len(key) > 1}
        for key in self.names:
            words = key.split()
            self.vocabulary.update(words)
            self.longest[words[0]] = max(self.longest.get(words[0], 0), len(words))


def _unique(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries without repetition.

    Where the hand-kept registry gives the name to a company, only the registry's meanings stay; and a name
    that it lets match only as a whole segment does so in ROR's records of the same company too.
    """
    unique = dict.fromkeys(entries)
    sure = {e.organisation: e.rule for e in unique if e.sure}
    # "Robert Bosch GmbH" less its legal form does not loosen the segment name "Robert Bosch".
    sure |= {e.organisation: "segment" for e in unique if e.sure and e.rule == "segment"}
    if any(not organisation.startswith("ror:") for organisation in sure):
        unique = {e: None for e in unique if e.organisation in sure}
    return tuple(
        dict.fromkeys(replace(e, rule="segment") if sure.get(e.organisation) == "segment" else e for e in unique)
    )


def _kept(key: str, entries: list[Entry], singles: Counter[str]) -> tuple[Entry, ...]:
    words = key.split()
    unique = _unique(entries)
    if any(e.sure for e in unique):
        return unique
    if len(key) < 2 or key.isdigit() or all(w in GENERIC or w.isdigit() for w in words):
        # "Institute of Automation" names something, but only beside its parent or place; match.py asks for that.
        return unique if len(words) > 1 and not _NAMING.isdisjoint(words) else ()
    if len(words) == 1:
        common = singles[key] > _COMMON or len(key) < 4
        return tuple(
            Entry(
                e.organisation,
                e.ror,
                e.country,
                "segment" if common and e.rule != "acronym" else e.rule,
                e.sure,
            )
            for e in unique
        )
    return unique
