"""Definitions of AI work: what each says of positions, and PARAT's on the demo records against a count by hand."""

from __future__ import annotations

import pytest

import macaw
from macaw.indicators import indicators
from macaw.relevance.positions import Position, definitions, skills

CS, EE, BIO = "Computer Science", "B.Sc. in Electrical Engineering", "Biology"
ML = "Applies machine learning"


@pytest.mark.parametrize(
    ("position", "team", "ai"),
    [
        (Position("Software Engineer"), True, False),
        (Position("Senior Software Engineer II, Payments"), True, False),
        (Position(".NET Developer"), True, False),
        (Position("Machine Learning Engineer"), True, True),
        (Position("Sr. Data Scientist"), True, True),
        # The longest class wins: a UX researcher is no researcher, a data scientist no scientist.
        (Position("User Experience Researcher", None, ML, "PhD", CS), True, False),
        (Position("Scientist", None, ML, "Ph.D.", CS), True, True),
        (Position("Scientist", None, "Studies birds", "Ph.D.", CS), True, False),
        (Position("Scientist", None, ML, "Ph.D.", BIO), False, False),
        (Position("Scientist", None, ML, "Master of Science", CS), False, False),
        (Position("Scientist", None, ML, "PhD", None), None, None),
        (Position("Scientist", None, None, "PhD", CS), True, None),
        (Position("R&D Engineer", None, "Uses NLP", "BSc", EE), True, True),
        (Position("R&D Engineer", None, "Designs antennas", "BSc", EE), True, False),
        (Position("Systems Engineer"), None, False),
        (Position("Systems Engineer", None, None, "High school", CS), False, False),
        (Position("Systems Engineer", None, None, "硕士", "Computer Engineering"), True, False),
        (Position("Account Executive"), False, False),
        # Where the list has an occupation, the title is not looked at.
        (Position("Ninja", "Data Engineer"), True, True),
        (Position("Data Engineer", "Ninja"), False, False),
        (Position("机器学习工程师"), False, False),
    ],
)
def test_parats_definitions(position, team, ai):
    assert definitions()["parat_tech_team_1"].of(position)[0] is team
    assert definitions()["parat_ai_jobs"].of(position)[0] is ai


def test_parats_list_has_its_111_classes():
    team, ai = definitions()["parat_tech_team_1"], definitions()["parat_ai_jobs"]
    assert [len(r.classes) for r in team.rules] == [85, 23, 3]
    assert [len(r.classes) for r in ai.rules] == [8, 3, 3]
    assert ai.known == team.known
    assert len(team.known) == 111


@pytest.mark.parametrize(
    ("title", "description", "expected"),
    [
        ("NLP算法工程师", None, True),
        ("自动驾驶感知工程师", None, True),
        ("LLM应用开发", None, True),
        ("Computer Vision Engineer", None, True),
        ("AI Product Manager", None, True),
        ("Chairman", None, False),
        ("Retail Manager", None, False),
        ("HTML developer", None, False),
        ("人工智能产品销售", None, False),
        ("AI Sales Executive", None, False),
        ("数据标注员（自动驾驶）", None, False),
        ("数据分析师", "使用机器学习与深度学习", False),
        ("算法工程师", None, None),
        ("算法工程师", "负责深度学习与自然语言处理", True),
        ("算法工程师", "负责深度学习", False),
        ("Data Scientist", "Dashboards in Tableau", False),
        ("Data Scientist", "PyTorch, deep learning", True),
    ],
)
def test_macaws_definition(title, description, expected):
    assert definitions()["macaw_ai_work"].of(Position(title, description=description))[0] is expected


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("熟悉PyTorch/TensorFlow", {"pytorch", "tensorflow"}),
        ("torchlight", set()),
        ("掌握飞桨或昇思", {"paddle", "mindspore"}),
        ("JavaScript, MySQL", {"sql"}),
        ("C++、Java", {"cpp", "java"}),
        ("paddle", {"paddle"}),
    ],
)
def test_skills(text, named):
    assert {skill for skill, pattern in skills().items() if pattern.search(text)} == named


def test_the_indicator_stands_under_every_skill_and_definition():
    assert indicators()["skills_asked_share"].definitions == tuple(skills())
    for name in ("ai_jobs", "ai_filings", "ai_postings", "ai_postings_share"):
        assert set(indicators()[name].definitions) == set(definitions())


def test_every_definition_says_where_it_is_from_and_how_it_differs_in_both_languages():
    for each in definitions().values():
        assert each.version
        assert each.source
        assert each.name_zh != each.name
        assert each.differs
        assert each.differs_zh


# Counted by hand on demo/people/positions/demo.csv (the rows' members in brackets).
BY_HAND = {
    # Microsoft and LinkedIn: 1, 2, 3, 6, 9; open: 10, as no degree is given. 3 holds two positions, 8 has left.
    ("microsoft", "as_is", "parat_tech_team_1"): (5, 5, 6),
    # Microsoft alone: 1, 2, 3, 6; open: 10. LinkedIn alone: 3 and 9.
    ("microsoft", "none", "parat_tech_team_1"): (4, 4, 5),
    ("linkedin", "none", "parat_tech_team_1"): (2, None, None),
    # 1, 3 (once) and 9.
    ("microsoft", "as_is", "parat_ai_jobs"): (3, None, None),
    # 1 and 3 (a scientist with AI in the description).
    ("microsoft", "none", "parat_ai_jobs"): (2, None, None),
    # 11: its list gives an occupation; 12 has none, and its title is Chinese.
    ("baidu", "none", "parat_ai_jobs"): (1, None, None),
    # 11 and 12.
    ("baidu", "none", "macaw_ai_work"): (2, None, None),
}


@pytest.fixture(scope="module")
def people(demo_data, tmp_path_factory):
    """A build of the demo's records of people at work."""
    out = tmp_path_factory.mktemp("people")
    macaw.build(demo_data / "people", out)
    return out


@pytest.mark.parametrize(("entity", "ownership", "definition"), BY_HAND)
def test_the_demo_records_as_counted_by_hand(people, entity, ownership, definition):
    found = macaw.open(people).values(
        "ai_jobs", entity=entity, ownership=ownership, definition=definition, period=2024, counting="full"
    )
    row = found.to_pylist()[0]
    value, low, high = BY_HAND[entity, ownership, definition]
    assert (row["value"], row["low"], row["high"]) == (value, low or value, high or value)
