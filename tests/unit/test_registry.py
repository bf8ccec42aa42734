"""The hand-kept registry: every file is read, every reference leads somewhere, nothing contradicts itself."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections import Counter, defaultdict
from importlib.resources import files

import pytest

from macaw import registry
from macaw.errors import RegistryError
from macaw.indicators import indicators
from macaw.organisations.names import has_han, tokens
from macaw.organisations.ownership import ROLLED_UP, Edge, owners
from macaw.registry import load

NAME_PROPERTIES = {
    "name",
    "alias",
    "legal_name",
    "short_name",
    "former_name",
    "lab",
    "segment_alias",
    "segment_lab",
}
OTHER_PROPERTIES = {"kind", "sector", "country", "ror", "domain", "founded", "stage", "ticker", "name_is_ambiguous"}


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files("macaw.registry").joinpath(name).read_text("utf-8"))))


def toml(name: str) -> dict[str, dict]:
    return tomllib.loads(files("macaw.registry").joinpath(name).read_text("utf-8"))


FACTS = rows("organisations.csv")
INSTITUTIONS = rows("institutions.csv")
COMPANIES = {r["organisation"] for r in FACTS if not r["organisation"].startswith("ror:")}
OWNERSHIP = rows("ownership.csv")
COUNTRIES = rows("countries.csv")
CODES = {r["code"] for r in COUNTRIES}
VENUES = {r["venue"]: r for r in rows("venues.csv")}
LISTS = toml("venue_lists.toml")
GROUPS = toml("groups.toml")
TOPICS = toml("topics.toml")

# ISO 3166-1 alpha-3, all 249, and the user-assigned code of Kosovo.
ISO = set(
    """
    ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM
    BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR
    CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB
    GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA
    JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA
    MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR
    NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS
    SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON
    TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE XKX
    """.split()
)


def repeated(values) -> list:
    return sorted(str(v) for v, n in Counter(values).items() if n > 1)


def by_organisation(*properties: str) -> dict[str, list[str]]:
    found = defaultdict(list)
    for row in FACTS:
        if row["property"] in properties:
            found[row["organisation"]].append(row["value"])
    return found


def test_all_tables_are_read():
    tables = registry.tables()
    assert set(tables) == set(registry.TABLES)
    assert [name for name, table in tables.items() if table.num_rows == 0] == []


# -- countries and places ------------------------------------------------------------------------------------


def test_countries_are_those_of_iso_3166():
    assert CODES == ISO
    assert len(COUNTRIES) == len(ISO)


@pytest.mark.parametrize("column", ["alpha2", "name", "name_zh"])
def test_countries_are_told_apart_by(column):
    assert repeated(r[column] for r in COUNTRIES) == []
    assert all(r[column] for r in COUNTRIES)


def test_countries_have_their_two_letters_and_a_region():
    assert [r["alpha2"] for r in COUNTRIES if not re.fullmatch(r"[A-Z]{2}", r["alpha2"])] == []
    assert [r["name_zh"] for r in COUNTRIES if not has_han(r["name_zh"])] == []
    assert {r["region"] for r in COUNTRIES} == {"Africa", "Americas", "Asia", "Europe", "Oceania"}
    known = {r["code"]: r["alpha2"] for r in COUNTRIES}
    some = {"CHN": "CN", "USA": "US", "GBR": "GB", "DEU": "DE", "CHE": "CH", "KOR": "KR", "TWN": "TW", "HKG": "HK"}
    assert {code: known[code] for code in some} == some


def test_no_word_names_two_countries():
    named = defaultdict(set)
    for row in COUNTRIES:
        for name in [row["name"], row["name_zh"], *filter(None, row["aliases"].split("|"))]:
            named[" ".join(tokens(name))].add(row["code"])
    assert {name: codes for name, codes in named.items() if len(codes) > 1} == {}


def test_every_place_lies_in_a_country():
    places = rows("places.csv")
    assert {r["country"] for r in places} - CODES == set()
    assert {r["kind"] for r in places} == {"city", "state", "state_code"}


def test_no_place_lies_in_two_countries():
    where = defaultdict(set)
    for row in rows("places.csv"):
        where[row["place"].casefold()].add(row["country"])
    assert {place: found for place, found in where.items() if len(found) > 1} == {}


# -- organisations -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("property_", ["kind", "country", "sector"])
def test_company_has_exactly_one(property_):
    found = by_organisation(property_)
    assert {o for o in COMPANIES if len(found[o]) != 1} == set()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_company_has_at_most_one_name_in_a_language(language):
    names = [r["organisation"] for r in FACTS if r["property"] == "name" and r["language"] == language]
    assert repeated(names) == []


def test_company_has_an_english_name():
    named = {r["organisation"] for r in FACTS if r["property"] == "name" and r["language"] == "en"}
    assert COMPANIES - named == set()


def test_companies_are_companies():
    assert {v for found in by_organisation("kind").values() for v in found} == {"company"}


def test_ids_are_slugs():
    assert [o for o in COMPANIES if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", o)] == []


@pytest.mark.parametrize("table", [FACTS, INSTITUTIONS], ids=["organisations.csv", "institutions.csv"])
class TestFacts:
    def test_properties_are_known(self, table):
        assert {r["property"] for r in table} <= NAME_PROPERTIES | OTHER_PROPERTIES

    def test_no_value_is_empty_or_padded(self, table):
        assert [r for r in table if not r["value"] or r["value"] != " ".join(r["value"].split())] == []

    def test_no_row_stands_twice(self, table):
        assert repeated((r["organisation"], r["property"], r["value"], r["country"]) for r in table) == []

    def test_names_have_a_language_and_only_names(self, table):
        assert {r["property"] for r in table if r["language"]} <= NAME_PROPERTIES
        assert [r["value"] for r in table if r["property"] in NAME_PROPERTIES and not r["language"]] == []

    def test_chinese_names_are_marked_as_such(self, table):
        wrong = [
            r["value"]
            for r in table
            if r["property"] in NAME_PROPERTIES and (r["language"] == "en" and has_han(r["value"]))
        ]
        assert wrong == []

    def test_countries_are_known(self, table):
        assert {r["country"] for r in table if r["country"]} - CODES == set()
        assert {r["value"] for r in table if r["property"] == "country"} - CODES == set()

    def test_years_are_in_order(self, table):
        assert [r for r in table if r["from"] and r["to"] and r["from"] > r["to"]] == []

    def test_every_row_names_its_source(self, table):
        assert [r for r in table if not r["source"]] == []


def ror_is_valid(number: str) -> bool:
    """The check digits of a ROR id (base 32 after Crockford, ISO/IEC 7064 mod 97-10)."""
    if not re.fullmatch(r"0[a-hj-km-np-tv-z0-9]{6}\d\d", number):
        return False
    value = 0
    for char in number[:-2]:
        value = value * 32 + "0123456789abcdefghjkmnpqrstvwxyz".index(char)
    return 98 - (value * 100) % 97 == int(number[-2:])


def test_ror_ids_have_valid_check_digits():
    assert ror_is_valid("03cve4549")
    assert not ror_is_valid("03cve4548")
    numbers = {r["value"] for r in FACTS if r["property"] == "ror"}
    numbers |= {r["organisation"].removeprefix("ror:") for r in FACTS + INSTITUTIONS if r["organisation"][:4] == "ror:"}
    assert [n for n in sorted(numbers) if not ror_is_valid(n)] == []


def test_no_ror_record_is_claimed_by_two_companies():
    assert repeated(r["value"] for r in FACTS if r["property"] == "ror") == []


def test_institutions_are_not_claimed_by_a_company():
    claimed = {f"ror:{r['value']}" for r in FACTS if r["property"] == "ror"}
    assert {r["organisation"] for r in FACTS + INSTITUTIONS} & claimed == set()


def test_only_joint_laboratories_have_two_owners():
    meant = defaultdict(set)
    for row in FACTS + INSTITUTIONS:
        if row["property"] in NAME_PROPERTIES:
            meant[row["value"].casefold()].add((row["organisation"], row["property"]))
    shared = {name: found for name, found in meant.items() if len({o for o, _ in found}) > 1}
    assert {name: found for name, found in shared.items() if {p for _, p in found} != {"lab"}} == {}
    assert "mit-ibm watson ai lab" in shared


def test_no_two_companies_have_a_name_of_the_same_words():
    meant = defaultdict(set)
    for row in FACTS:
        if row["property"] in NAME_PROPERTIES - {"lab"} and row["organisation"] in COMPANIES:
            meant["".join(tokens(row["value"]))].add(row["organisation"])
    assert {name: found for name, found in meant.items() if len(found) > 1} == {}


def test_no_name_is_a_place():
    places = {" ".join(tokens(r["place"])) for r in rows("places.csv")}
    places |= {" ".join(tokens(n)) for r in COUNTRIES for n in (r["name"], r["name_zh"])}
    names = [r["value"] for r in FACTS if r["property"] in NAME_PROPERTIES - {"name"}]
    assert [n for n in names if " ".join(tokens(n)) in places] == []


@pytest.mark.parametrize("value", ["yes"])
def test_ambiguous_names_are_marked_in_one_way(value):
    assert {r["value"] for r in FACTS if r["property"] == "name_is_ambiguous"} == {value}


# -- ownership and groups ------------------------------------------------------------------------------------


def test_owned_and_owners_exist():
    assert {r["child"] for r in OWNERSHIP} - COMPANIES == set()
    others = {r["parent"] for r in OWNERSHIP} - COMPANIES
    assert [o for o in others if not (o.startswith("ror:") and ror_is_valid(o.removeprefix("ror:")))] == []
    assert others & {f"ror:{r['value']}" for r in FACTS if r["property"] == "ror"} == set()


def test_ownership_is_stated_once_and_in_order():
    assert repeated((r["child"], r["parent"], r["from"]) for r in OWNERSHIP) == []
    assert [r for r in OWNERSHIP if r["from"] and r["to"] and r["from"] > r["to"]] == []
    assert [r for r in OWNERSHIP if r["child"] == r["parent"]] == []


def test_owners_are_settled_in_every_year():
    edges = [
        Edge(r["child"], r["parent"], load.year(r["from"], ""), load.year(r["to"], ""))
        for r in OWNERSHIP
        if r["kind"] in ROLLED_UP
    ]
    assert len(owners(edges)) > len(edges)


def test_members_of_groups_exist_and_stand_once():
    for group, entry in GROUPS.items():
        known = {"company": COMPANIES, "country": CODES}[entry["kind"]]
        assert set(entry["members"]) - known == set(), group
        assert repeated(entry["members"]) == [], group


def test_a_wider_china_is_china_and_more():
    territories = {e["territory"]: set(e["members"]) for e in GROUPS.values() if "territory" in e}
    assert territories == {"with_hkg_mac": {"CHN", "HKG", "MAC"}, "with_twn": {"CHN", "HKG", "MAC", "TWN"}}
    assert {e["territory_of"] for e in GROUPS.values() if "territory" in e} == {"CHN"}
    assert set(territories) < set(load.TERRITORIES)


def test_no_member_of_a_group_is_owned_from_outside_it_today():
    owned = {r["child"]: r["parent"] for r in OWNERSHIP if r["kind"] == "subsidiary" and not r["to"]}
    for group, entry in GROUPS.items():
        members = set(entry["members"])
        assert {m for m in members & set(owned) if owned[m] not in members} == set(), group


@pytest.mark.parametrize(("group", "size"), [("EU27", 27), ("OECD", 38), ("Five-Eyes", 5), ("ASEAN", 10)])
def test_size_of_well_known_groups(group, size):
    assert len(GROUPS[group]["members"]) == size


def test_ids_of_entities_are_told_apart():
    assert repeated([*COMPANIES, *CODES, *GROUPS, "WLD"]) == []


# -- venues --------------------------------------------------------------------------------------------------


def test_members_of_venue_lists_are_known_or_without_data_by_name():
    # SIGIR belongs to PARAT's published list; no list of its papers is at hand.
    unknown = {v for entry in LISTS.values() for v in entry["venues"]} - set(VENUES)
    assert unknown == {"SIGIR"}
    assert [name for name, entry in LISTS.items() if repeated(entry["venues"])] == []
    assert set(LISTS["all"]["venues"]) == set(VENUES)


def test_no_list_is_named_like_a_venue():
    assert {name.casefold() for name in LISTS} & {venue.casefold() for venue in VENUES} == set()


def test_panels_are_lists_of_ai_venues_held_in_all_their_years():
    held = defaultdict(set)
    for row in rows("venue_calendar.csv"):
        held[row["venue"]] |= set(load.held_years(row["years"], ""))
    partial = {(r["venue"], int(r["year"])) for r in rows("venue_years.csv") if r["complete"] == "no"}
    panels = {name: entry for name, entry in LISTS.items() if name.startswith("panel")}
    assert panels
    for name, entry in panels.items():
        assert name == f"panel_{entry['start']}_{entry['end']}"
        assert set(entry["venues"]) <= set(LISTS["ai"]["venues"])
        for year in range(entry["start"], entry["end"] + 1):
            assert [v for v in entry["venues"] if year not in held[v]] == [], (name, year)
            assert [v for v in entry["venues"] if (v, year) in partial] == [], (name, year)


@pytest.mark.parametrize("name", ["venue_calendar.csv", "venue_years.csv", "tracks.csv", "statuses.csv"])
def test_venues_are_known(name):
    assert {r["venue"] for r in rows(name)} - set(VENUES) <= {"*"}


def test_every_venue_has_a_calendar_and_a_folder_of_its_own():
    assert {r["venue"] for r in rows("venue_calendar.csv")} == set(VENUES)
    assert repeated(r["paperlists"] for r in VENUES.values()) == []


def test_reported_papers_are_of_years_in_which_the_venue_was_held():
    held = {(r["venue"], r["period"]) for r in registry.tables()["registry_held"].to_pylist()}
    years = registry.tables()["registry_venue_years"].to_pylist()
    assert [(r["venue"], r["period"]) for r in years if (r["venue"], r["period"]) not in held] == []
    assert [r for r in years if r["papers_reported"] is not None and r["papers_reported"] <= 0] == []
    assert {r["file_complete"] for r in years} <= {"yes", "no", "unknown"}
    assert repeated((r["venue"], r["period"]) for r in years) == []


@pytest.mark.parametrize(("name", "column"), [("statuses.csv", "status"), ("tracks.csv", "track")])
def test_status_and_track_are_judged_once(name, column):
    assert repeated((r["venue"], r[column]) for r in rows(name)) == []


def test_refused_and_withdrawn_papers_do_not_count():
    wrong = [
        (r["venue"], r["status"])
        for r in rows("statuses.csv")
        if r["published"] == "yes" and re.search("reject|withdr", r["status"], re.IGNORECASE)
    ]
    assert wrong == []


# -- topics --------------------------------------------------------------------------------------------------


def test_topics_rest_on_a_venue_or_a_word():
    empty = [t for t, entry in TOPICS.items() if not entry["venues_fields"] and not entry["keywords"]]
    assert empty == ["ai"]
    fields = {f for r in VENUES.values() for f in r["fields"].split("|")}
    assert {f for entry in TOPICS.values() for f in entry["venues_fields"]} <= fields


@pytest.mark.parametrize("topic", TOPICS)
def test_keywords_can_match_a_title_in_lower_case(topic):
    keywords = TOPICS[topic]["keywords"]
    assert repeated(keywords) == []
    assert [k for k in keywords if k != k.lower() or k != k.strip() or not k] == []
    # Word boundaries need a letter or digit at both ends.
    assert [k for k in keywords if k.isascii() and not (k[0].isalnum() and k[-1].isalnum())] == []


@pytest.mark.parametrize("entries", [LISTS, GROUPS, TOPICS], ids=["venue_lists", "groups", "topics"])
def test_names_are_given_in_both_languages(entries):
    assert [e for e in entries.values() if not e["name"] or has_han(e["name"])] == []
    assert [e["name_zh"] for e in entries.values() if not has_han(e["name_zh"])] == []
    assert repeated(e["name"] for e in entries.values()) == []
    assert repeated(e["name_zh"] for e in entries.values()) == []


# -- a file that breaks a rule -------------------------------------------------------------------------------


@pytest.fixture
def replaced(monkeypatch):
    """Reads the registry with one file put in another's place."""

    def with_(name: str, text: str):
        true = load.text_of
        monkeypatch.setattr(load, "text_of", lambda asked: text if asked == name else true(asked))
        return load.tables.__wrapped__()

    return with_


@pytest.mark.parametrize(
    ("name", "text", "message", "remedy"),
    [
        (
            "ownership.csv",
            "child,parent,kind,from,to,source\na,b,subsidiary,2010,,x,y\n",
            "line 2: expected 6",
            "quote",
        ),
        ("ownership.csv", "child,parent,kind,from,to,source\na,b\n", "line 2: expected 6 cells", "quote a cell"),
        (
            "ownership.csv",
            "child,parent,kind,from,to,source\n\na,b,owned,,,x\n",
            "line 3: kind is 'owned'",
            "subsidiary",
        ),
        ("ownership.csv", "child,parent,kind,from,to,source\na,b,affiliate,soon,,x\n", "'soon' is not a date", "YYYY"),
        ("statuses.csv", "venue,status,published,note\n*,Poster,maybe,\n", "line 2: published is 'maybe'", "yes or no"),
        ("tracks.csv", "venue,track,published,note\nACL,Demo,,\n", "line 2: published is ''", "yes or no"),
        (
            "venue_calendar.csv",
            "venue,years,source\nACL,2010–2013,x\n",
            "line 2: '2010–2013' is not a year",
            "2013-2025",
        ),
    ],
)
def test_a_broken_rule_is_named_by_file_and_line(replaced, name, text, message, remedy):
    with pytest.raises(RegistryError) as caught:
        replaced(name, text)
    assert f"registry/{name}" in caught.value.what
    assert message in caught.value.what
    assert remedy in str(caught.value.remedy)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "venue_years.csv",
            "venue,year,papers_reported,complete,affiliation_source,note,source\nACL,2021,many,yes,per_author,,x\n",
        ),
        ("ownership.csv", "child,parent,kind,from\na,b,affiliate,2010\n"),
        ("groups.toml", '[x]\nname = "X"\n'),
        ("groups.toml", "[x\n"),
        ("groups.toml", "x = 1\n"),
        (
            "groups.toml",
            '[x]\nname = "X"\nname_zh = "某"\nkind = "group"\nmembers = ["CHN"]\nterritory = "with_twn"\n',
        ),
    ],
    ids=["text for a number", "a column is missing", "a key is missing", "not TOML", "no table", "territory of what"],
)
def test_other_broken_rules_are_named_too(replaced, name, text):
    with pytest.raises(RegistryError, match=re.escape(f"registry/{name}")):
        replaced(name, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2010-2012", [2010, 2011, 2012]),
        ("2013-2019/2", [2013, 2015, 2017, 2019]),
        ("1998 2001-2002", [1998, 2001, 2002]),
        ("", []),
    ],
)
def test_years_of_a_calendar(text, expected):
    assert load.held_years(text, "") == expected


@pytest.mark.parametrize("text", ["2014-99", "20145", "2014 or so"])
def test_only_dates_are_dates(text):
    with pytest.raises(RegistryError):
        load.year(text, "x.csv, line 2")


# -- figures -------------------------------------------------------------------------------------------------

FIGURES = rows("figures.csv")
_GOOD = dict.fromkeys(FIGURES[0], "") | {
    "figure": "a_figure",
    "series": "population",
    "title": "Population",
    "title_zh": "人口",
    "entity": "CHN",
    "period": "2024",
    "value": "5",
    "unit": "persons",
    "unit_zh": "人",
    "scope": "all",
    "scope_zh": "全部",
    "source_title": "A book",
    "url": "https://example.org",
    "accessed": "2026-11-24",
    "grade": "read",
}


def figures_file(**changes: str) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(_GOOD))
    writer.writeheader()
    writer.writerow(_GOOD | changes)
    return out.getvalue()


def test_a_series_of_figures_has_one_title_and_unit():
    for column in ("title", "title_zh", "unit", "unit_zh"):
        meant = defaultdict(set)
        for row in FIGURES:
            meant[row["series"]].add(row[column])
        assert {series: found for series, found in meant.items() if len(found) > 1} == {}, column


def test_a_figure_is_a_value_of_an_indicator_and_definition_that_there_are():
    placed = {(r["indicator"], r["definition"]) for r in FIGURES if r["indicator"]}
    assert placed
    for indicator, definition in placed:
        of = indicators()[indicator]
        assert (of.base, of.parameters["series"]) == ("evidence", indicator)
        assert definition in of.definitions


def test_chinese_columns_of_figures_are_chinese():
    assert [r for r in FIGURES for c in ("title_zh", "unit_zh", "scope_zh") if not has_han(r[c])] == []
    assert [r for r in FIGURES if r["note"] and not has_han(r["note_zh"])] == []


def test_a_figure_is_read_with_numbers_and_without_what_is_missing(replaced):
    [row] = replaced("figures.csv", figures_file(low="4.5", high="6"))["registry_figures"].to_pylist()
    assert (row["period"], row["value"], row["low"], row["high"]) == (2024, 5.0, 4.5, 6.0)
    assert (row["page"], row["note"]) == (None, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"entity": "WLD"},
        {"entity": "EU27"},
        {"entity": "baidu"},
        {"entity": "lang:zh-Hant"},
        {"value": "", "low": "1", "high": "2"},
        {"grade": "unread", "url": "", "accessed": ""},
    ],
    ids=str,
)
def test_a_figure_may_be(replaced, changes):
    assert replaced("figures.csv", figures_file(**changes))["registry_figures"].num_rows == 1


@pytest.mark.parametrize(
    ("changes", "message", "remedy"),
    [
        ({"scope": ""}, "scope is empty", "fill it in"),
        ({"figure": "A figure"}, "figure is 'A figure'", "small letters"),
        ({"entity": "China"}, "entity is 'China'", "a country code"),
        ({"entity": "lang:Chinese"}, "entity is 'lang:Chinese'", "lang:zh"),
        ({"period": "FY2024"}, "period is 'FY2024'", "write a year"),
        ({"value": "5,000"}, "value is '5,000'", "digits only"),
        ({"value": "1e9"}, "value is '1e9'", "digits only"),
        ({"value": ""}, "neither a value nor a range", "low and high"),
        ({"low": "6"}, "low, value, high are [6.0, 5.0]", "ascending"),
        ({"grade": "sure"}, "grade is 'sure'", "read, reported, unread"),
        ({"url": ""}, "grade is 'read' but url is empty", "grade it unread"),
        ({"accessed": "24/11/2026"}, "accessed is '24/11/2026'", "YYYY-MM-DD"),
        ({"indicator": "gross_rd"}, "indicator or definition stands alone", "both, or neither"),
        ({"disputed": "perhaps"}, "disputed is 'perhaps'", "yes"),
        ({"disputed": "yes"}, "is disputed without a note", "contradicts"),
        ({"note": "so"}, "the note stands in one language only", "note_zh"),
    ],
)
def test_a_figure_that_breaks_a_rule_is_named_by_line_and_value(replaced, changes, message, remedy):
    with pytest.raises(RegistryError) as caught:
        replaced("figures.csv", figures_file(**changes))
    assert caught.value.what.startswith("registry/figures.csv, line 2: ")
    assert message in caught.value.what
    assert remedy in str(caught.value.remedy)


def test_no_figure_stands_twice(replaced):
    text = figures_file()
    with pytest.raises(RegistryError, match=r"line 3: figure 'a_figure' stands twice"):
        replaced("figures.csv", text + text.splitlines()[1] + "\n")
