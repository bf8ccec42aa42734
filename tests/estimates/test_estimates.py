"""The factor model: its arithmetic by hand, its intervals against drawn truths, its indices against a formula."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from macaw.errors import MacawError, UsageError
from macaw.estimates import available, estimate, read_model
from macaw.estimates.answer import document
from macaw.estimates.distributions import Distribution
from macaw.estimates.draws import amounts, draw, factors
from macaw.estimates.model import JUDGEMENT, changed
from macaw.estimates.report import tables
from macaw.estimates.sensitivity import judged_share, shares

CHINA = read_model("public-ai-rd", "CHN", 2018)
SMALL = """
title = "t"
title_zh = "t"
note = "n"
note_zh = "n"
[money]
currency = "CNY"
rate = "exchange_rate_cny_2018"
deflator = "gdp_deflator_usa_2018"
base_year = 2017
per_international_dollar = 4.0
sources = []
[[factor]]
id = "a"
title = "a"
title_zh = "a"
unit = "bn CNY"
distribution = "lognormal"
low = 10
high = 40
grade = "read"
sentence = "s"
sentence_zh = "s"
source_title = "x"
url = "https://example.org"
accessed = "2026-11-30"
[[factor]]
id = "b"
title = "b"
title_zh = "b"
unit = "ratio"
distribution = "lognormal"
low = 0.5
high = 1.5
grade = "judgement"
sentence = "s"
sentence_zh = "s"
[[component]]
id = "c"
title = "c"
title_zh = "c"
scope = "basic"
times = ["a", "b"]
[[total]]
id = "all"
title = "all"
title_zh = "all"
scopes = ["basic"]
"""


@pytest.fixture
def small(tmp_path):
    def write(text: str = SMALL):
        (tmp_path / "model.toml").write_text(text, "utf-8")
        return tmp_path / "model.toml"

    return write


def by_hand(v: dict[str, float]) -> dict[str, float]:
    """China's model written out once more, without its file."""
    local = 1.546 * v["local_content"]
    basic = v["nsfc_budget"] * v["nsfc_ai_share"] / v["basic_coverage"] * (1 + local)
    rest = (v["nkp_budget"] * v["nkp_ai_share"] + v["megaproject"]) / v["applied_coverage"] * (1 + local)
    defence = v["defence_rd"] * v["defence_ai_share"]
    funds = 4760 * v["guidance_public"] * v["guidance_invested"] * v["guidance_ai_share"] / v["guidance_years"]
    return {
        "civil_research": basic + rest * v["applied_share"],
        "civil_rd": basic + rest,
        "rd": basic + rest + defence,
        "rd_and_funds": basic + rest + defence + funds,
    }


def test_totals_are_what_the_formula_says():
    drawn, found = draw(CHINA, 50, 1)
    for n in range(50):
        for name, value in by_hand({k: float(v[n]) for k, v in drawn.items()}).items():
            assert found[name][n] == pytest.approx(value, rel=1e-12)


def test_ninety_percent_intervals_hold_drawn_truths():
    ends = {t.id: (estimate("public-ai-rd", "CHN", 2018, draws=20_000).amount(t.id)) for t in CHINA.totals}
    truths = draw(CHINA, 4_000, 7)[0]
    by_total = [by_hand({k: float(v[n]) for k, v in truths.items()}) for n in range(4_000)]
    for name, a in ends.items():
        covered = np.mean([a.p5 <= truth[name] <= a.p95 for truth in by_total])
        assert 0.88 <= covered <= 0.92, (name, covered)


def test_the_same_seed_gives_the_same_numbers_and_another_others():
    one, two = (estimate("public-ai-rd", "CHN", 2018, draws=500, seed=s).amounts for s in (3, 3))
    assert one == two
    assert one != estimate("public-ai-rd", "CHN", 2018, draws=500, seed=4).amounts


def test_factors_that_err_together_widen_their_sum():
    apart = replace(CHINA, together=())
    width = [np.ptp(np.quantile(draw(m, 20_000, 1)[1]["rd_and_funds"], (0.05, 0.95))) for m in (CHINA, apart)]
    assert width[0] > width[1] * 1.1


def test_correlated_factors_have_the_correlation_of_the_file():
    drawn, _ = draw(CHINA, 20_000, 1)
    logit = {k: np.log(drawn[k] / (1 - drawn[k])) for k in ("nsfc_ai_share", "nkp_ai_share", "local_content")
             if drawn[k].max() < 1}  # fmt: skip
    assert np.corrcoef(logit["nsfc_ai_share"], logit["nkp_ai_share"])[0, 1] == pytest.approx(0.6, abs=0.02)
    assert np.corrcoef(drawn["nsfc_budget"], drawn["nkp_budget"])[0, 1] == pytest.approx(0, abs=0.02)


def test_sobol_indices_of_a_product_of_lognormals_are_those_of_the_formula(small):
    model = read_model("public-ai-rd", "CHN", 2018, small())
    s = {f.id: np.log(f.distribution.high / f.distribution.low) / (2 * 1.6448536269514722) for f in model.factors}
    variance = np.exp(s["a"] ** 2 + s["b"] ** 2) - 1
    found = {x.factors[0]: x for x in shares(model, "all", 1)}
    for name in ("a", "b"):
        assert found[name].alone == pytest.approx((np.exp(s[name] ** 2) - 1) / variance, abs=0.03)
    total_of_b = 1 - (np.exp(s["a"] ** 2) - 1) / variance
    assert judged_share(model, "all", 1) == pytest.approx(total_of_b, abs=0.03)


@pytest.mark.parametrize(("grade", "scenario"), [("read", False), ("judgement", True)])
def test_a_scenario_is_one_whose_width_is_judged(small, grade, scenario):
    source = 'source_title = "x"\nurl = "u"\naccessed = "2026-11-30"\n'
    text = SMALL.replace('grade = "judgement"\n', f'grade = "reported"\n{source}')
    text = text.replace('grade = "read"', f'grade = "{grade}"')
    answer = estimate("public-ai-rd", "CHN", 2018, file=small(text), draws=500)
    assert answer.is_scenario("all") is scenario
    assert answer.settles is not scenario


def test_both_shipped_models_are_scenarios_and_have_one_shape():
    models = [read_model(*entry) for entry in available()]
    assert len(models) == 2
    assert len({m.scopes for m in models}) == 1
    assert len({tuple((t.id, t.scopes) for t in m.totals) for m in models}) == 1
    for model in models:
        assert not estimate(model.name, model.country, model.year, draws=500).settles


def test_money_is_told_in_four_kinds():
    answer = estimate("public-ai-rd", "CHN", 2018, draws=500)
    own, nominal, real, ppp = (answer.amount("rd", m).median for m in ("own", "nominal", "real", "ppp"))
    assert nominal == pytest.approx(own / 6.609)
    assert real == pytest.approx(nominal / 1.02291)
    assert ppp == pytest.approx(own / 4.227)


def test_a_factor_can_be_set_and_is_then_judged():
    model = changed(CHINA, "local_ratio", "1:2")
    assert model.factor("local_ratio").distribution == Distribution("lognormal", 1, 2)
    assert model.factor("local_ratio").grade == JUDGEMENT
    assert changed(CHINA, "nkp_ai_share", "0.1").factor("nkp_ai_share").distribution.kind == "fixed"
    low = estimate("public-ai-rd", "CHN", 2018, draws=500).amount("rd").median
    assert (
        estimate("public-ai-rd", "CHN", 2018, draws=500, changes={"nkp_ai_share": "0.3:0.5"}).amount("rd").median > low
    )


@pytest.mark.parametrize(
    ("factor", "text", "told"),
    [
        ("nothing", "1", "has no factor 'nothing'"),
        ("nkp_ai_share", "0.2:1.2", "a share lies between 0 and 1"),
        ("nkp_ai_share", "1.5", "a share lies between 0 and 1"),
        ("nkp_budget", "40:20", "low must be below high"),
        ("nkp_budget", "-1", "not below 0"),
        ("nkp_budget", "many", "not a number or a range"),
        ("nkp_budget", "nan", "finite"),
    ],
)
def test_a_wrong_setting_is_told(factor, text, told):
    with pytest.raises(UsageError, match=told):
        changed(CHINA, factor, text)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('times = ["a", "b"]', 'times = ["a", "z"]', "component c: there is no factor z"),
        ('times = ["a", "b"]', 'of = ["later"]', "`of` names later"),
        ("low = 10", "low = 50", "factor a: low and high are 50 and 40"),
        ('url = "https://example.org"\n', "", "factor a: grade is 'read' without"),
        ('grade = "judgement"', 'grade = "guess"', "grade is 'guess'"),
        ('id = "b"', 'id = "a"', "a: stands 2 times"),
        ('scopes = ["basic"]', 'scopes = ["other"]', "there is no scope 'other'"),
        ('note = "n"\n', "", "'note' is missing"),
        ('title = "c"', 'name = "c"', "missing or unknown"),
        ("[money]", "[money", "is not TOML"),
        ("[money]", "n = " + "9" * 5000, "is not TOML"),
        ("[money]", "n = 0x" + "F" * 6000, "is not TOML"),
        ('rate = "exchange_rate_cny_2018"', 'rate = "none"', "no figure 'none'"),
    ],
)
def test_a_wrong_file_is_told(small, old, new, told):
    with pytest.raises(MacawError) as caught:
        read_model("public-ai-rd", "CHN", 2018, small(SMALL.replace(old, new, 1)))
    assert told in caught.value.what


@given(st.sampled_from(["lognormal", "logitnormal", "uniform"]), st.floats(0.001, 0.4), st.floats(0.01, 0.5))
def test_points_of_a_distribution_are_those_it_was_given(kind, low, width):
    d = Distribution(kind, low, low + width)
    p5, middle, p95 = d.points()
    assert p5 < middle < p95
    if kind != "uniform":
        assert (p5, p95) == pytest.approx((low, low + width))
    else:
        assert middle == pytest.approx(low + width / 2)


def test_fixed_factors_do_not_vary():
    values = factors(CHINA, np.zeros((sum(len(g) for g in CHINA.groups()), 3)))
    assert (values["local_ratio"] == 1.546).all()
    assert amounts(CHINA, values)["rd"].shape == (3,)


def test_no_table_is_empty_of_meaning():
    answer = estimate("public-ai-rd", "CHN", 2018, draws=500)
    headings = [heading for heading, rows in tables(answer)]
    assert len(headings) == 3 + len(CHINA.totals) + 2
    assert document(answer)["label"] == dict.fromkeys([t.id for t in CHINA.totals], "scenario")
