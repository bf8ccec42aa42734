"""Where the decision departs from the trees' likelihoods, and why.

The trees learn from labels that mostly assert one organisation a string, and from labels that guess where a name has
several meanings. Macaw says every organisation that is named in full, and refuses where nothing tells which one is
meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from macaw.organisations.candidates import Text
from macaw.organisations.features import Rows, beside
from macaw.organisations.lexicon import KINDS, RULES, TELLING, Flags, Floats, Lexicon

# Least likelihood of an organisation the trees choose; of one named in full; of one named in full beside its parent.
LEAST = 0.45
LEAST_IN_FULL = 0.2
LEAST_BESIDE_PARENT = 0.02
# Least likelihood where nothing in the text tells which of several organisations of the name is meant.
LEAST_UNSETTLED = 0.8
# Least likelihood where the text names a country in which the organisation is not.
LEAST_ELSEWHERE = 0.9
# Least likelihood of a company that only ROR knows, inside a part of the text.
LEAST_INSIDE = 0.9
# Least likelihood of a listed company by a similar name: its own names are many, and kept by hand.
LEAST_SIMILAR_COMPANY = 0.7
# Rows less likely than this are not looked at again.
_HOPELESS = 0.02


def named_in_full(lexicon: Lexicon, of: Rows, likelihood: Floats, country: Floats) -> Flags:
    """Rows whose name is a whole part of the text and can mean nothing else there.

    It means nothing else if it is one organisation's name, or one's in the country the text names (of several there,
    the only official one), or if the text also names an organisation above it. A laboratory beside its own university
    is left to the trees: it is the university's work; an institute beside its academy is an organisation of its own.
    """
    kept = of.is_whole & ~of.is_similar & ~of.is_covered & (lexicon.entry_rule[of.entry] >= RULES.index("phrase"))
    kept &= (of.column("words") >= 2) & (of.column("weight") >= TELLING)
    alone = (of.column("meanings") == 1) & (country >= 0)
    alone |= (of.column("rivals_in_country") == 1) & (country > 0)
    alone |= _only_official(lexicon, of) & (country > 0)
    under = _beside_parent(lexicon, of, kept)
    return np.asarray(kept & ((alone & (likelihood >= LEAST_IN_FULL)) | (under & (likelihood >= LEAST_BESIDE_PARENT))))


def _only_official(lexicon: Lexicon, of: Rows) -> Flags:
    """Rows whose name is the official one of their organisation alone, among all that bear it."""
    official = lexicon.entry_rule[of.entry] == RULES.index("official")
    span = np.unique(np.column_stack([of.text, of.start, of.end]), axis=0, return_inverse=True)[1].ravel()
    return np.asarray(official & (np.bincount(span, weights=official)[span] == 1)) if len(of) else official


def _least(lexicon: Lexicon, of: Rows, country: Floats) -> Floats:
    """The least likelihood of each row.

    It is more where the text tells no country of a vague name, or another country, and where the name of one or two
    words of a company that only ROR knows stands among others ("Decision Systems Engineering").
    """
    vague = (of.column("meanings") > 1) | (of.column("weight") < TELLING)
    unsettled = vague & (country == 0) & (of.column("city") <= 0)
    least = np.where(unsettled, LEAST_UNSETTLED, np.where(country < 0, LEAST_ELSEWHERE, LEAST))
    company = ~lexicon.is_listed[of.organisation] & (lexicon.kind[of.organisation] == KINDS.index("company"))
    inside = company & ~of.is_alone & (of.column("words") <= 2)
    similar = np.where(lexicon.is_listed[of.organisation], LEAST_SIMILAR_COMPANY, LEAST)
    return np.where(of.is_similar, similar, np.where(inside, LEAST_INSIDE, least))


@dataclass(frozen=True)
class Decided:
    """For each row the trees' likelihood, the least it needs, the score by which names are chosen, and what decides."""

    likelihood: Floats
    least: Floats
    score: Floats
    rows: Rows
    by_hand: Flags
    in_full: Flags
    is_acronym: Flags

    @property
    def is_open(self) -> Flags:
        """Rows worth showing and choosing from."""
        return (self.likelihood > _HOPELESS) | self.by_hand

    def rule(self, row: int) -> str:
        """What decides a row, in the words of its evidence."""
        if self.by_hand[row]:
            return "registry"
        if self.rows.is_similar[row]:
            return "similar name"
        if self.in_full[row] and self.likelihood[row] < LEAST:
            return "name in full"
        return "acronym" if self.is_acronym[row] else "name"


def decided(lexicon: Lexicon, texts: Sequence[Text], of: Rows, likelihood: Floats) -> Decided:
    """What is to be chosen of the rows of some texts.

    A score is 1 where the hand-kept registry decides, 0 where nothing may be chosen, else the likelihood, of a name in
    full no less than `LEAST`.
    """
    country = np.where(_place_is_anothers(texts, of), 0.0, of.column("country"))
    by_hand, no_name = _by_hand(lexicon, of, likelihood, country)
    in_full = named_in_full(lexicon, of, likelihood, country)
    least = _least(lexicon, of, country)
    score = np.where(likelihood >= least, likelihood, 0.0)
    score = np.where(in_full, np.maximum(likelihood, LEAST), score)
    score = np.where(by_hand, 1.0, np.where(no_name, 0.0, score))
    is_acronym = lexicon.entry_rule[of.entry] == RULES.index("acronym")
    return Decided(likelihood, least, score, of, by_hand, in_full, is_acronym)


def _by_hand(lexicon: Lexicon, of: Rows, likelihood: Floats, country: Floats) -> tuple[Flags, Flags]:
    """Rows of a name that the registry gives, and rows where it is no name.

    A company's stands anywhere, an institution's not where another is meant: "Northeastern University" is the American
    one by the registry, but not beside Shenyang; and "CMU" inside another name ("UMR CMU 12") is left to the trees if
    they hold it hopeless. It is no name inside a longer one, nor a short one ("MIT") in small letters, nor is what
    resembles an institution's short name.
    """
    kept, listed = lexicon.entry_sure[of.entry], lexicon.is_listed[of.organisation]
    small = lexicon.entry_in_capitals[of.entry] & (of.column("is_capital") == 0) & (of.column("text_in_capitals") == 0)
    no_name = kept & np.where(of.is_similar, ~listed, of.is_covered | small)
    elsewhere = (country < 0) & ((of.column("rivals_in_country") > 0) | lexicon.entry_in_capitals[of.entry])
    elsewhere |= (of.column("city") < 1) & (of.column("rivals_in_city") > 0)
    likely = of.is_whole | (likelihood >= LEAST_BESIDE_PARENT)
    # What ROR calls a record that the registry gives to a company is the company's name too.
    claimed = listed & (lexicon.entry_rule[of.entry] >= RULES.index("phrase")) & ~of.is_covered
    by_hand = np.where(listed, kept | claimed, kept & likely & ~elsewhere) & ~no_name & ~of.is_similar
    return np.asarray(by_hand), no_name


def _place_is_anothers(texts: Sequence[Text], of: Rows) -> Flags:
    """Rows of which a place in the text says nothing: between the name and each place stands another name.

    "Tsinghua University; Google, USA" does not say that Tsinghua University is in the USA.
    """
    anothers = np.zeros(len(of), bool)
    names = ~of.is_similar & ~of.is_covered & ((of.column("is_sure") > 0) | (of.column("weight") >= TELLING))
    for row in np.flatnonzero(names & (of.column("country") < 0)).tolist():
        first, last = np.searchsorted(of.text, [of.text[row], of.text[row] + 1])
        others = of.segment[first:last][names[first:last] & (of.start[first:last] >= of.end[row])]
        places = [p.segment for p in texts[of.text[row]].places]
        anothers[row] = all(np.any(others <= place) for place in places)
    return anothers


def _beside_parent(lexicon: Lexicon, of: Rows, among: Flags) -> Flags:
    """Rows among some beside which stands, in other words of the text, the exact name of what is above them."""
    one, other = beside(of, np.flatnonzero(among))
    apart = (of.end[one] <= of.start[other]) | (of.start[one] >= of.end[other])
    exact = ~of.is_similar[other] & ~of.is_covered[other]
    exact &= lexicon.kind[of.organisation[other]] != KINDS.index("education")
    found = apart & exact & lexicon.has_above(of.organisation[one], of.organisation[other])
    marked = np.zeros(len(of), bool)
    marked[one[found]] = True
    return marked
