"""Profiles: what stands side by side, among whom, and what is never made of nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest

import macaw
from macaw import registry
from macaw.errors import UsageError
from macaw.indicators import categories
from macaw.indicators.indicator import indicators
from macaw.indicators.pillars import pillars
from macaw.profiles import Profiles, parse_weights, profile, view
from macaw.schema import arrow_schema

RESEARCH, MODELS = "papers", "notable_models"


class World:
    """A build of a few companies and countries, written by hand."""

    def __init__(self, values, entities):
        self.tables = {"profiles": values, "entities": entities}

    def table(self, name):
        return Rows(self.tables[name])

    def entity(self, text):
        return text


class Rows(list):
    def to_pylist(self):
        return list(self)


def row(entity, indicator, value, status="A", period=2024, first=2022):
    pillar = indicators()[indicator].category
    given = {"entity": entity, "pillar": pillar, "indicator": indicator, "first_period": first, "period": period}
    return dict.fromkeys(arrow_schema("profiles").names) | given | {"value": value, "status": status, "n": 3}


def company(entity, country="USA", kind="company"):
    return {"entity": entity, "name": entity.title(), "name_zh": None, "kind": kind, "country": country}


# baidu, alphabet, tencent and meta are of the sector internet; openai is not.
COMPANIES = ["baidu", "alphabet", "tencent", "openai"]


@pytest.fixture
def world():
    values = [row(e, RESEARCH, v) for e, v in zip(COMPANIES, (5.0, 9.0, 5.0, 0.0), strict=True)]
    values += [row("baidu", MODELS, None, "L"), row("alphabet", MODELS, 4.0), row("openai", MODELS, 7.0)]
    return World(values, [company(e, "CHN" if e in ("baidu", "tencent") else "USA") for e in COMPANIES])


def test_a_profile_has_every_pillar_and_says_what_was_not_collected(world):
    found = profile(world, "baidu")
    assert list(found.lines) == list(pillars()) == ["research", "patents", "people", "models", "money"]
    assert found.lines["money"] == ()
    (line,) = found.lines["models"]
    assert (line.row["status"], line.row["value"], line.standing) == ("L", None, None)


def test_value_rank_percentile_and_ties(world):
    (line,) = profile(world, "baidu").lines["research"]
    assert line.leads
    assert (line.standing.best, line.standing.worst, line.standing.of) == (2, 3, 4)
    assert line.standing.percentile == pytest.approx(100 / 3)


def test_a_missing_pillar_is_left_out_and_never_zero(world):
    score = profile(world, "baidu").vitality
    assert score.known == ("research",)
    assert score.score == pytest.approx(100 / 3)
    # Four other pillars: at worst 0, at best 100.
    assert (score.lowest, score.highest) == (pytest.approx(100 / 15), pytest.approx((100 / 3 + 400) / 5))
    # A zero that was counted is one.
    assert profile(world, "openai").vitality.known == ("research", "models")
    assert profile(world, "openai").vitality.score == pytest.approx(50)


def test_ranks_are_among_those_of_whom_the_same_pillars_are_known(world):
    assert profile(world, "baidu").vitality.of == 4
    found = profile(world, "alphabet").vitality
    assert (found.of, found.best, found.top, found.bottom) == (2, 1, 1, 2)


def test_weights(world):
    found = profile(world, "openai", weights="models=3")
    assert found.vitality.score == pytest.approx(75)
    assert profile(world, "openai", weights="models=0").vitality.score == 0
    assert parse_weights("research=1.5")["research"] == Fraction(3, 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [("luck=1", "no pillar 'luck'"), ("research=much", "is 'much'"), ("research=-1", "is '-1'"), ("research", "is ''")],
)
def test_weights_that_make_no_sense(text, said):
    with pytest.raises(UsageError, match=said):
        parse_weights(text)


def test_all_weights_zero():
    with pytest.raises(UsageError, match="all weights are 0"):
        parse_weights(",".join(f"{p}=0" for p in pillars()))


def test_peers_of_too_small_a_sector_are_all(world):
    assert profile(world, "baidu").peers.id == "all"


def test_a_company_without_a_sector_stands_among_all(world):
    world.tables["entities"].append(company("ror:0"))
    world.tables["profiles"].append(row("ror:0", RESEARCH, 1.0))
    assert profile(world, "ror:0").peers.id == "all"


def test_peers_by_choice(world):
    def members(peers):
        return sorted(profile(world, "baidu", peers=peers).peers.members)

    assert members("sector") == ["alphabet", "baidu", "tencent"]
    assert members("country") == ["baidu", "tencent"]
    assert members("country+sector") == ["baidu", "tencent"]
    # A group of the registry: its members with any record, and the entity itself.
    assert members("us-big-tech") == ["alphabet", "baidu"]
    assert members("美国科技巨头") == ["alphabet", "baidu"]


def test_a_sector_with_ten_peers_is_the_default():
    facts = registry.tables()["registry_facts"].to_pylist()
    many = ["baidu", *(r["organisation"] for r in facts if r["property"] == "sector" and r["value"] == "internet")][:13]
    found = Profiles(
        World([row(e, RESEARCH, 1.0) for e in dict.fromkeys(many)], [company(e) for e in dict.fromkeys(many)])
    ).of("baidu")
    assert found.peers.id == "sector=internet"


@pytest.mark.parametrize(("entity", "peers"), [("baidu", "nonsense"), ("baidu", "EU27"), ("CHN", "sector")])
def test_peers_that_do_not_exist(world, entity, peers):
    world.tables["entities"].append(company("CHN", "CHN", "country"))
    with pytest.raises(UsageError, match=r"no peers|no sector"):
        profile(world, entity, peers=peers)


def test_only_companies_and_countries_have_a_profile(world):
    world.tables["entities"].append(company("WLD", None, "world"))
    with pytest.raises(UsageError, match="WLD is a world"):
        profile(world, "WLD")
    with pytest.raises(UsageError, match="has no record"):
        profile(world, "nobody")


def test_output_per_head_needs_a_headcount_of_the_year(world, monkeypatch):
    every = Profiles(world)
    assert every.of("baidu").lines["research"][0].per_1000_staff is None
    every.__dict__["_headcounts"] = {("baidu", 2024): 1000.0, ("alphabet", 2023): 1000.0}
    # Five papers in three years.
    assert every.of("baidu").lines["research"][0].per_1000_staff == pytest.approx(5 / 3)
    assert every.of("alphabet").lines["research"][0].per_1000_staff is None


def test_views_in_both_languages(world):
    found = [profile(world, e, peers="all") for e in COMPANIES]
    for lang in view.LANGUAGES:
        assert view.title(found[0], lang)
        assert len(view.table(found[0], lang)) == 5
        assert len(view.side_by_side(found, lang)) == 5 + 3
        assert all(view.notes(found, lang))
    assert any("并非为零" in cell for r in view.table(found[0], "zh") for cell in r.values())
    rows = view.rows(found[0])
    assert [r["pillar"] for r in rows] == [*pillars(), "vitality"]
    assert rows[-2]["status"] == "L"
    assert rows[-2]["value"] is None


def test_every_status_and_pillar_has_its_words():
    for lang in view.LANGUAGES:
        assert all(view.say(f"status_{letter}", lang) for letter in "BEFIKLMOPQU")
        assert all(view.pillar_name(p, lang) for p in pillars().values())


def test_an_id_in_profile_toml_is_an_indicator_unless_its_part_is_not_built():
    import tomllib
    from importlib.resources import files

    document = tomllib.loads(files("macaw.indicators").joinpath("published", "profile.toml").read_text("utf-8"))
    built = {i.category for i in indicators().values()}
    for pillar, entry in document.items():
        assert pillar in categories()
        named = {*entry["company"], *entry["country"], *entry.get("one_year", ())}
        if pillar in built:
            assert named - set(indicators()) == set(), pillar


def test_the_demo_has_profiles(demo_build):
    observatory = macaw.open(demo_build)
    table = observatory.table("profiles").to_pylist()
    assert {r["pillar"] for r in table} <= set(pillars())
    papers = {r["entity"]: r for r in table if r["indicator"] == RESEARCH}
    for entity, held in papers.items():
        years = observatory.values(RESEARCH, entity=entity, period=f"{held['first_period']}:{held['period']}")
        values = [v for v in years["value"].to_pylist() if v is not None]
        if held["value"] is not None:
            assert held["value"] == pytest.approx(sum(values)), entity
