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
from macaw.registry import load


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files("macaw.registry").joinpath(name).read_text("utf-8"))))


def toml(name: str) -> dict[str, dict]:
    return tomllib.loads(files("macaw.registry").joinpath(name).read_text("utf-8"))


FACTS = rows("organisations.csv")
COMPANIES = {r["organisation"] for r in FACTS if not r["organisation"].startswith("ror:")}
COUNTRIES = rows("countries.csv")
CODES = {r["code"] for r in COUNTRIES}
VENUES = {r["venue"]: r for r in rows("venues.csv")}
CONFERENCES = {v for v, r in VENUES.items() if r["kind"] == "conference"}
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


def test_a_joint_laboratory_stands_with_both_owners():
    owners_of = {r["organisation"] for r in FACTS if r["value"].casefold() == "mit-ibm watson ai lab"}
    assert len(owners_of) > 1


# -- ownership and groups ------------------------------------------------------------------------------------


def test_a_wider_china_is_china_and_more():
    territories = {e["territory"]: set(e["members"]) for e in GROUPS.values() if "territory" in e}
    assert territories == {"with_hkg_mac": {"CHN", "HKG", "MAC"}, "with_twn": {"CHN", "HKG", "MAC", "TWN"}}
    assert {e["territory_of"] for e in GROUPS.values() if "territory" in e} == {"CHN"}
    assert set(territories) < set(load.TERRITORIES)


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
    assert set(LISTS["all"]["venues"]) == CONFERENCES


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


def test_every_conference_has_a_calendar_and_every_venue_a_folder_of_its_own():
    assert {r["venue"] for r in rows("venue_calendar.csv")} == CONFERENCES
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
    # AI is told by lists of venues; security by what titles and abstracts say.
    assert empty == ["ai", "security"]
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
