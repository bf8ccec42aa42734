"""What must hold on the real files on people at work, counted another way with the csv module."""

from __future__ import annotations

import csv
import gzip
import os
import re
from collections import Counter
from pathlib import Path

import pytest

import job_titles
from macaw.relevance.positions import Position, definitions
from macaw.sources.h1b import read as h1b
from macaw.sources.jobs_zh import read as jobs_zh
from macaw.sources.lca import read as lca

pytestmark = pytest.mark.data
DATA = os.environ.get("MACAW_TEST_DATA")
if not DATA:
    pytest.skip("MACAW_TEST_DATA names no folder of real data", allow_module_level=True)
WORK = Path(DATA) / "workforce"


def rows(name: str) -> list[dict[str, str]]:
    opened = gzip.open if name.endswith(".gz") else open
    with opened(WORK / name, "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def answers(positions: list[dict[str, object]], definition: str) -> Counter[bool | None]:
    found = definitions()[definition]
    return Counter(found.of(Position(str(p["title"]), description=p["description"]))[0] for p in positions)


def test_approvals_of_a_year_add_up_to_the_file():
    name = "uscis_h1b_2022.csv.gz"
    made = h1b.read([WORK / name], WORK).table("source_h1b").to_pylist()
    for column, listed in (
        ("initial_approvals", "Initial Approvals"),
        ("continuing_approvals", "Continuing Approvals"),
    ):
        assert sum(r[column] for r in made) == sum(int(r[listed].replace(",", "")) for r in rows(name))


def test_parats_tech_team_on_the_applications_is_developers_and_programmers():
    name = "swizec_h1bs-2012-2016-shortened.csv"
    certified = Counter(r["job title"] for r in rows(name) if r["case status"] == "certified")
    made = lca.read([WORK / name], WORK).table("source_lca").to_pylist()
    assert len(made) == sum(certified.values())
    assert answers(made, "parat_tech_team_1")[True] == certified["developer"] + certified["programmer"] == 843
    assert answers(made, "parat_ai_jobs")[True] == answers(made, "macaw_ai_work")[True] == 0


def test_parats_ai_jobs_in_lagous_search_are_its_eight_classes_in_english():
    titles = {r["positionId"]: r["positionName"] for r in rows("lagou_2017.csv.gz")}
    classes = re.compile(
        r"data (analyst|engineer|scientist)|data analytics|statistician|machine learning engineer|operations analyst"
        r"|analytics specialist",
        re.IGNORECASE,
    )
    made = jobs_zh.read([WORK / "lagou_2017.csv.gz"], WORK).table("source_job_ads").to_pylist()
    assert len(made) == len(titles)
    assert answers(made, "parat_ai_jobs")[True] == sum(bool(classes.search(t)) for t in titles.values()) == 8


def test_boss_pages_are_all_read():
    pages = sorted(WORK.glob("boss_zhipin_*/*.md"))
    reading = jobs_zh.read(pages, WORK)
    made = reading.table("source_job_ads").to_pylist()
    assert len(made) == len(pages) == 57
    assert all(r["description"] for r in made)
    assert {r.action for r in reading.refused} == {"noted"}


def test_the_labelled_titles_are_the_ones_drawn_and_the_definition_agrees_with_them():
    sample = job_titles.drawn(job_titles.titles(Path(DATA)))
    with job_titles.LABELS.open(encoding="utf-8") as stream:
        labels = {row["title_sha256"]: row["label"] for row in csv.DictReader(stream)}
    assert {job_titles.digest(t) for t in sample} == set(labels)
    found = {t: definitions()["macaw_ai_work"].of(Position(t))[0] for t in sample}
    said = Counter((labels[job_titles.digest(t)], answer) for t, answer in found.items())
    assert said["yes", True] == 53
    assert said["no", True] == said["yes", False] == said["yes", None] == 0
