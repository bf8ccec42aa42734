"""NCSES tables re-cut to CSV: cells, flags, three layouts and lost axes. Every figure here is invented."""

from __future__ import annotations

import pytest

from macaw import registry
from macaw.errors import SourceError
from macaw.sources.ncses import axes as lost
from macaw.sources.ncses.axes import Axes, Proof, recover
from macaw.sources.ncses.cells import Cell, parse
from macaw.sources.ncses.fetch import known_tables
from macaw.sources.ncses.read import TABLES, read
from macaw.tables.statistics import statistics

README = """# Parrots by country: 2019–20

**Modal ID:** 6208

**Table Number:** P-1

**Units:** (Millions of dollars)

## Notes

Parrots are <i>counted</i> at home.

## Sources

Bureau of Birds.

## Files
"""
WIDE = (
    "table_id,row_id,country_full_path,country_level_1,country_level_2,country_hierarchy_depth,field_2019,field_2020\n"
    "6208,r001,Total,Total,,1,100,200\n"
    "6208,r002,Total -> Asia,Total,Asia,2,\"['1,060', 'i ']\",\"['70', '&nbsp;']\"\n"
    "6208,r003,Total -> Asia -> China<sup>a</sup>,Total,Asia,3,NA,0\n"
    "6208,r004,Heading,Heading,,1,,\n"
)
LONG = (
    "table_id,row_id,time_period,column_level_1,column_level_2,column_hierarchy_depth,value\n"
    "10946,r001,Japan (2019),R&D source of funds: Share of total (percent),Government,2,15.5\n"
    "10946,r002,Non-OECD -> China,R&D source of funds: Share of total (percent),Government,2,19.0\n"
    "10946,r003,,R&D source of funds: Share of total (percent),Government,2,20.0\n"
)
LOST = "table_id,row_id,time_period,value\n77,r001,2019,1.0\n77,r002,2019,2.0\n"


@pytest.fixture
def reading(write, tmp_path):
    def put(**files):
        paths = [write(f"ncses/{name.replace('__', '.')}", text) for name, text in files.items()]
        return read(sorted(paths), tmp_path)

    return put


def refused(reading):
    return [(r.reason, r.value) for r in reading.refused]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("['37,014', 'i ']", Cell(37014.0, "i")),
        ("['3', '']", Cell(3.0, "")),
        ("['3.5', 'r']", Cell(3.5, "r")),
        ("['3', '&nbsp;']", Cell(3.0, "")),
        ("['D', '']", Cell(None, "D")),
        ("['0 - 1,769', '  ']", Cell(None, "range")),
        ("12", Cell(12.0, "")),
        ("-0.5", Cell(-0.5, "")),
        ("na", Cell(None, "na")),
        ("**", Cell(None, "**")),
        ("1,2", Cell(None, "", "cell is neither a number nor a known mark")),
        ("['3', 'zz']", Cell(None, "zz", "cell has an unknown flag")),
        ("['3'", Cell(None, "", "cell is not a list of value and flag")),
        ("['3', 'i', 'r']", Cell(None, "", "cell is not a list of value and flag")),
        ("[3, 4]", Cell(None, "", "cell is not a list of value and flag")),
    ],
)
def test_a_cell_is_a_number_with_its_flag_or_says_why_not(text, cell):
    assert parse(text) == cell


def test_a_wide_table_gives_a_row_per_cell_and_none_for_headings(reading, rows):
    made = reading(**{"6208__csv": WIDE, "6208__README__md": README})
    assert [(r["row_label"], r["column_label"], r["amount"], r["flag"]) for r in rows(made, "source_statistics")] == [
        ("Total", "2019", 100.0, None),
        ("Total", "2020", 200.0, None),
        ("Total -> Asia", "2019", 1060.0, "i"),
        ("Total -> Asia", "2020", 70.0, None),
        ("Total -> Asia -> China", "2019", None, "NA"),
        ("Total -> Asia -> China", "2020", 0.0, None),
    ]
    about = rows(made, "source_statistic_tables")[0]
    assert (about["title"], about["units"]) == ("Parrots by country: 2019–20", "Millions of dollars")
    assert (about["notes"], about["producers"]) == ("Parrots are counted at home.", "Bureau of Birds.")
    assert made.refused == []


def test_a_long_table_names_its_measure_in_levels_and_a_row_without_label_is_refused(reading, rows):
    made = reading(**{"10946__csv": LONG, "10946__README__md": README})
    assert [r["row_label"] for r in rows(made, "source_statistics")] == ["Japan (2019)", "Non-OECD -> China"]
    assert [(r.reason, r.position) for r in made.refused] == [("row has no label", 2)]


def test_a_table_that_lost_an_axis_is_refused_and_counted(reading, rows):
    made = reading(**{"77__csv": LOST, "77__README__md": README})
    assert rows(made, "source_statistics") == []
    assert refused(made) == [
        ("axis labels lost at source and no mapping in axes.toml: the table is not used", "2 cells")
    ]


def test_odd_files_are_named(reading):
    made = reading(**{"6208__csv": WIDE + "6208,r005,Total\n"})
    assert refused(made) == [
        ("has 3 cells, the header 8", "6208"),
        ("table has no README", "6208"),
    ]
    with pytest.raises(SourceError, match="expected table_id and row_id"):
        reading(**{"9__csv": "a,b\n1,2\n"})
    with pytest.raises(SourceError, match="holds a header and no rows"):
        reading(**{"9__csv": WIDE.splitlines()[0] + "\n"})


def test_the_same_table_in_two_files_is_read_once(write, tmp_path):
    paths = [write(f"{folder}/6208.csv", WIDE) for folder in ("money/ncses", "ncses")]
    made = read(paths, tmp_path)
    assert made.table("source_statistics").num_rows == 6
    assert ("table was read from another file", "6208") in refused(made)


def axes(**changes):
    fields = {
        "table": "1",
        "labels": r"\d{4}",
        "order": ("USA", "", "CHN"),
        "blocks": ("dollars", "share"),
        "row": "{position}",
        "column": "{block} -> {label}",
        "proof": "",
        "proofs": (Proof("2019", 0, ("USA", "CHN"), table="2", row="{position} (2019)", column="dollars"),),
    }
    return Axes(**{**fields, **changes})


LABELS = ["2018"] * 3 + ["2019"] * 3 + ["2018"] * 3 + ["2019"] * 3 + ["growth"]
NUMBERS = [1.0, 9.0, 2.0, 3.0, 9.0, 4.0, 0.1, 0.9, 0.2, 0.3, 0.9, 0.4, 7.0]


def known(table, row, column):
    return {("2", "USA (2019)", "dollars"): 3.0, ("2", "CHN (2019)", "dollars"): 4.0}.get((table, row, column))


def test_a_lost_axis_is_put_back_where_its_proof_holds():
    found = recover(axes(), LABELS, NUMBERS, known)
    assert found.labels[3] == ("USA", "dollars -> 2019")
    assert found.labels[8] == ("CHN", "share -> 2018")
    assert 4 not in found.labels
    assert found.refused == [
        ("axis labels lost at source: position in the run is not proven", "4 cells"),
        ("axis labels lost at source: rows with this label are not mapped", "growth: 1 cells"),
    ]


@pytest.mark.parametrize(
    ("labels", "numbers", "reason"),
    [
        (
            LABELS,
            [*NUMBERS[:3], 3.1, *NUMBERS[4:]],
            "2019, USA, dollars is 3.1, expected 3.0 (table 2, USA (2019), dollars)",
        ),
        (LABELS, [*NUMBERS[:4], 3.0, *NUMBERS[5:]], "2019, USA, dollars is 3.0, which stands 2 times in its run"),
        (LABELS[1:], NUMBERS[1:], "'2018' stands on 2 rows, expected 3"),
        ([*LABELS[:-1], "2018", "2018", "2018"], [*NUMBERS, 0, 0], "'2018' comes more than 2 times"),
    ],
)
def test_one_failed_equality_refuses_the_whole_table(labels, numbers, reason):
    found = recover(axes(), labels, numbers, known)
    assert found.labels == {}
    assert reason in found.refused[0][0]
    assert found.refused[0][1] == f"{len(labels)} cells"


def test_a_proof_by_a_published_figure_or_by_the_table_itself():
    by_value = Proof("2019", 1, ("CHN",), value=0.4, source="Bureau of Birds")
    itself = Proof("2018", 0, ("USA",), table="1", row="USA", column="dollars -> 2018")
    assert recover(axes(proofs=(by_value, itself)), LABELS, NUMBERS, known).labels
    wrong = Proof("2019", 1, ("CHN",), value=0.5, source="Bureau of Birds")
    assert "Bureau of Birds" in recover(axes(proofs=(wrong,)), LABELS, NUMBERS, known).refused[0][0]


def test_a_proof_by_growth_names_the_rows_of_an_earlier_year():
    growth = {"table": "3", "row": "{position}", "column": "growth", "growth_since": "2018"}
    proof = Proof("2019", 0, ("USA", "CHN"), **growth)

    def stated(table, row, column):
        return {"USA": 200.0, "CHN": 100.0}[row]

    assert recover(axes(proofs=(proof,)), LABELS, NUMBERS, stated).labels
    swapped = [2.0, 9.0, 1.0, *NUMBERS[3:]]
    refused = recover(axes(proofs=(proof,)), LABELS, swapped, stated).refused[0][0]
    assert "2019, USA, dollars, growth since 2018 is 50.0, expected 200.0" in refused
    nothing = [None, 9.0, 2.0, *NUMBERS[3:]]
    assert recover(axes(proofs=(proof,)), LABELS, nothing, stated).labels == {}


WHOLE = Proof("2019", 0, ("USA",), table="2", column="dollars", parts=("learning", "logic"))


@pytest.mark.parametrize(
    ("learning", "logic", "holds"),
    [(2.0, 1.0, True), (3.0, 3.0, True), (3.1, 1.0, False), (1.0, 1.9, False), (3.0, None, False)],
)
def test_a_whole_lies_between_its_largest_part_and_the_sum_of_its_parts(learning, logic, holds):
    cells = {"learning": learning, "logic": logic}
    found = recover(axes(proofs=(WHOLE,)), LABELS, NUMBERS, lambda _, row, __: cells[row])
    assert bool(found.labels) is holds
    assert holds or "2019, USA, dollars is 3.0, no whole of" in found.refused[0][0]


def test_every_mapping_states_its_proof_and_fetch_knows_all_it_needs():
    for mapping in lost.lost_axes().values():
        assert len(mapping.proof) > 100
        assert mapping.proofs
    assert {"6208", "6293", "6305", "10067"} <= set(known_tables())


def test_statistics_give_each_figure_its_entity_year_and_status(reading, rows):
    made = reading(**{"6208__csv": WIDE, "6208__README__md": README, "10946__csv": LONG, "10946__README__md": README})
    rules = registry.tables()["registry_statistics"].to_pylist()
    cells, tables = rows(made, "source_statistics"), rows(made, "source_statistic_tables")
    found = statistics(cells, tables, rules, {"China": "CHN", "Japan": "JPN"})
    assert [(r["series"], r["entity"], r["period"], r["amount"], r["status"]) for r in found.table().to_pylist()] == [
        ("government_rd_share", "JPN", 2019, 0.155, "A"),
        ("government_rd_share", "CHN", 2021, 0.19, "P"),
        ("ai_venture_capital", "WLD", 2019, 100.0, "A"),
        ("ai_venture_capital", "WLD", 2020, 200.0, "A"),
        ("ai_venture_capital", "CHN", 2019, None, "O"),
        ("ai_venture_capital", "CHN", 2020, 0.0, "A"),
    ]
    assert ("label is no country: its figures are not used", "Asia") in refused(found)
    assert ("no cell fits [10946-business] of statistics.toml", None) in refused(found)


def test_a_label_on_the_first_of_a_places_years_is_that_of_the_others(reading, rows):
    head = "table_id,row_id,time_period,column_level_1,column_level_2,column_hierarchy_depth,value\n"
    lines = [
        f"6317,r00{n}_{part},{label},{column},,1,{value}\n"
        for n, (label, year) in enumerate((("Japan", 2000), ("", 2019), ("EU-27", 2000), ("", 2019)), 1)
        for part, column, value in ((1, "Year", year), (2, "GBARD", n))
    ]
    found = rows(reading(**{"6317__csv": head + "".join(lines), "6317__README__md": README}), "source_statistics")
    assert [(r["row_label"], r["amount"]) for r in found if r["column_label"] == "GBARD"] == [
        ("Japan (2000)", 1.0),
        ("Japan (2019)", 2.0),
        ("EU-27 (2000)", 3.0),
        ("EU-27 (2019)", 4.0),
    ]


@pytest.mark.parametrize("years", [(2000, 2019, 2000, 2010), (2019, 2000, 2019, 2000), (2000, 2019, 2000, "")])
def test_rows_without_a_label_are_refused_where_years_do_not_prove_whose_they_are(reading, rows, years):
    head = "table_id,row_id,time_period,column_level_1,column_level_2,column_hierarchy_depth,value\n"
    lines = [
        f"6317,r00{n}_{part},{label},{column},,1,{value}\n"
        for n, (label, year) in enumerate(zip(("Japan", "", "EU-27", ""), years, strict=True), 1)
        for part, column, value in ((1, "Year", year), (2, "GBARD", n))
    ]
    made = reading(**{"6317__csv": head + "".join(lines), "6317__README__md": README})
    assert {r["row_label"] for r in rows(made, "source_statistics")} == {"Japan", "EU-27"}
    assert "row has no label" in {reason for reason, _ in refused(made)}


def test_eu_27_and_all_of_oecd_are_the_groups(reading, rows):
    groups = LONG.replace("Japan (2019)", "EU-27").replace("Non-OECD -> China", "Total OECD")
    made = reading(**{"10946__csv": groups, "10946__README__md": README})
    rules = registry.tables()["registry_statistics"].to_pylist()
    found = statistics(rows(made, "source_statistics"), rows(made, "source_statistic_tables"), rules, {})
    assert {r["entity"] for r in found.table().to_pylist()} == {"EU27", "OECD"}


def test_a_second_figure_for_the_same_year_is_listed_not_added(reading, rows):
    again = WIDE + "6208,r006,Other -> China,Other,China,2,5,6\n"
    made = reading(**{"6208__csv": again, "6208__README__md": README})
    rules = [r for r in registry.tables()["registry_statistics"].to_pylist() if r["rule"] == "6208"]
    found = statistics(rows(made, "source_statistics"), rows(made, "source_statistic_tables"), rules, {"China": "CHN"})
    assert [r["amount"] for r in found.rows if r["entity"] == "CHN"] == [None, 0.0]
    assert [v for reason, v in refused(found) if reason.startswith("a second figure")] == [5.0, 6.0]


TECHNIQUES = "".join(
    f"10565,{row}\n".replace("10565,table_id", "table_id")
    for row in (
        "table_id,row_id,category_full_path,category_level_1,category_hierarchy_depth,field_united_states,field_china",
        "r001,AI techniques,AI techniques,1,,",
        "r002,AI techniques -> Machine learning,AI techniques,2,7,9",
        'r003,"Application fields -> Networks (e.g., social, IOT)",Application fields,2,1,0',
    )
)


def test_a_table_whose_rows_are_definitions_and_whose_columns_are_places(reading, rows):
    made = reading(**{"10565__csv": TECHNIQUES, "10565__README__md": README})
    rules = [r for r in registry.tables()["registry_statistics"].to_pylist() if r["table_id"] == "10565"]
    assert len(rules) == registry.tables()["registry_patent_categories"].num_rows
    found = statistics(rows(made, "source_statistics"), rows(made, "source_statistic_tables"), rules, {})
    assert [(r["definition"], r["entity"], r["period"], r["amount"]) for r in found.table().to_pylist()] == [
        ("technique_machine_learning", "CHN+HKG", 2022, 9.0),
        ("technique_machine_learning", "USA", 2022, 7.0),
        ("field_networks", "CHN+HKG", 2022, 0.0),
        ("field_networks", "USA", 2022, 1.0),
    ]


def test_tables_are_named():
    assert TABLES == ("source_statistic_tables", "source_statistics")
