"""USCIS's yearly files of employers. Every employer here is invented; the layouts are the publisher's."""

from __future__ import annotations

import pytest

from macaw.errors import SourceError
from macaw.sources.h1b.fetch import remote_files
from macaw.sources.h1b.read import read

_COUNTS = ("Initial Approvals", "Initial Denials", "Continuing Approvals", "Continuing Denials")
OLD = f"Fiscal Year,Employer,{','.join(_COUNTS)},NAICS,Tax ID,State,City,ZIP\n"
NEW = OLD.replace("Approvals", "Approval").replace("Denials", "Denial")


@pytest.fixture
def petitions(write, tmp_path, rows):
    def make(*lines, header=OLD, name="h1b/h1b_datahubexport-2022.csv"):
        reading = read([write(name, header + "\n".join(lines) + "\n")], tmp_path)
        return rows(reading, "source_h1b"), [(r.action, r.reason, r.value, r.position) for r in reading.refused]

    return make


@pytest.mark.parametrize("header", [OLD, NEW])
def test_both_spellings_of_the_header_are_read(petitions, header):
    made, refused = petitions('2022,PARROT  AI LLC ,"1,010",2,30,4,54,0001,WA,NOWHERE,98000', header=header)
    assert refused == []
    wanted = (
        "raw_name",
        "period",
        "initial_approvals",
        "initial_denials",
        "continuing_approvals",
        "continuing_denials",
    )
    assert [made[0][c] for c in wanted] == ["PARROT AI LLC", 2022, 1010, 2, 30, 4]
    assert "0001" not in map(str, made[0].values())


def test_an_employer_without_a_name_stays_in_the_total(petitions):
    made, refused = petitions("2022,,1,0,0,0,54,,WA,X,1", "2022,#NAME?,2,0,0,0,54,,WA,X,1")
    assert [(r["raw_name"], r["initial_approvals"]) for r in made] == [(None, 1), (None, 2)]
    assert refused == [("noted", "employer has no name: its approvals are in the total only", "2 rows", None)]


@pytest.mark.parametrize(
    ("line", "reason", "value"),
    [
        ("20222,PARROT,1,0,0,0,54,,WA,X,1", "fiscal year is no year", "20222"),
        ("1022,PARROT,1,0,0,0,54,,WA,X,1", "fiscal year is no year", "1022"),
        ("2022,PARROT,-1,0,0,0,54,,WA,X,1", "Initial Approval is not a whole number", "-1"),
        ("2022,PARROT,1,0,,0,54,,WA,X,1", "Continuing Approval is not a whole number", ""),
        ("2022,PARROT,1,0,1.5,0,54,,WA,X,1", "Continuing Approval is not a whole number", "1.5"),
        ("2022,PARROT", "has 2 cells, the header 11", "2022"),
    ],
)
def test_a_row_that_cannot_be_used_is_listed_with_its_value(petitions, line, reason, value):
    assert petitions(line) == ([], [("rejected", reason, value, 0)])


def test_another_file_is_refused_by_name(petitions):
    with pytest.raises(SourceError, match="has no column 'Employer'"):
        petitions("2022,X", header="Fiscal Year,Company\n")


def test_a_year_in_two_files_is_refused(write, tmp_path):
    line = "2022,PARROT,1,0,0,0,54,,WA,X,1\n"
    paths = [write("h1b/a.csv", OLD + line), write("h1b/b.csv", NEW + line)]
    with pytest.raises(SourceError, match="holds fiscal year 2022 too"):
        read(paths, tmp_path)


def test_the_addresses_to_fetch(tmp_path):
    files = remote_files(None, tmp_path)
    assert files[0].url.endswith("h1b_datahubexport-2009.csv")
    assert len({f.path for f in files}) == len(files) >= 15
