"""Years still filling up: our own releases as the triangle, counted and expected apart."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from macaw import schema
from macaw.errors import UsageError
from macaw.indicators import default_specification, indicator
from macaw.release.filling import filling, released_on
from macaw.sure.nowcast import Delay

OF = indicator("notable_models")
TRUE = Delay(1.2, 1.0, 1.0, 0.0, 0.0, ((0.0, 0.0), (0.0, 0.0)), True, 0, ())


def release(folder, name, counts, status="P"):
    """A release whose last years are provisional; counts by year, fractional, of the world."""
    spec = vars(default_specification(OF)) | {"counting": "fractional"}
    rows = []
    for period, count in counts.items():
        row = dict.fromkeys(schema.arrow_schema("values").names)
        row |= spec | {
            "entity": "WLD", "place_country": "", "indicator": OF.id, "period": period, "value": float(count),
            "unit": OF.unit, "status": status if period >= max(counts) - 2 else "A", "n": round(count), "release": name,
        }  # fmt: skip
        rows.append(row)
    out = folder / name
    out.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema.arrow_schema("values")), out / "values.parquet")
    (out / "release.json").write_text(json.dumps({"release": name}), "utf-8")
    return out


def growing(folder, names):
    """Releases in which every year fills up by one delay to 1000."""
    made = []
    for name in names:
        at = int(name[:4]) + int(name[5:7]) / 12
        years = range(2014, int(name[:4]) + 1)
        made.append(release(folder, name, {y: round(1000 * TRUE.complete(y, at)) for y in years}))
    return made


def test_a_single_release_teaches_nothing_and_says_so(tmp_path):
    found = filling([release(tmp_path, "2026-11", {2025: 40, 2026: 11})], OF, ["WLD"])
    assert [(n.period, n.counted.value, n.counted.status) for n in found.found] == [(2025, 40, "P"), (2026, 11, "P")]
    assert all(n.expected.value is None and n.expected.status == "O" for n in found.found)
    assert "only release" in found.why_not
    assert "只有" in found.why_not_zh


def test_two_values_with_two_statuses_where_a_delay_was_learned(tmp_path):
    found = filling(growing(tmp_path, ["2023-12", "2024-12", "2025-12"]), OF, ["WLD"])
    assert not found.why_not
    by_year = {n.period: n for n in found.found}
    assert set(by_year) == {2023, 2024, 2025}
    for year in (2023, 2024):
        one = by_year[year]
        assert (one.counted.status, one.expected.status) == ("P", "F")
        assert one.counted.value < one.expected.value
        assert one.expected.low <= 1000 <= one.expected.high
    assert by_year[2025].refused  # Of its last year less than half is known.


def test_releases_that_do_not_move_tell_no_delay(tmp_path):
    still = dict.fromkeys(range(2014, 2026), 100)
    found = filling([release(tmp_path, n, still) for n in ("2025-11", "2025-12")], OF, ["WLD"])
    assert all(n.expected.value is None or n.expected.value >= n.counted.value for n in found.found)


def test_without_a_provisional_value_nothing_is_filling_up(tmp_path):
    found = filling([release(tmp_path, "2026-11", {2024: 40}, status="A")], OF, ["WLD"])
    assert not found.found
    assert "none is filling up" in found.why_not


def test_a_share_is_refused(tmp_path):
    with pytest.raises(UsageError, match="does not add up over records"):
        filling([release(tmp_path, "2026-11", {2024: 40})], indicator("papers_share"), ["WLD"])


def test_only_names_that_are_dates_count(tmp_path):
    assert released_on("2026-13") is None
    found = filling([release(tmp_path, "spring", {2024: 40})], OF, ["WLD"])
    assert found.releases == ()
    assert found.why_not


def test_the_command_says_both_languages(run, tmp_path):
    release(tmp_path / "releases", "2026-11", {2025: 40, 2026: 11})
    shown = run("nowcast", "--indicator", OF.id, "--entity", "WLD", "--releases", tmp_path / "releases")
    assert shown.code == 0
    assert "only release" in shown.err
    assert "只有" in shown.err
    rows = json.loads(
        run(
            "nowcast", "--indicator", OF.id, "--entity", "WLD", "--releases", tmp_path / "releases", "--format", "json"
        ).out
    )
    assert [(r["counted"], r["counted_status"], r["expected_status"]) for r in rows] == [(40, "P", "O"), (11, "P", "O")]


@pytest.mark.parametrize("arguments", [(), ("a.csv", "--indicator", "papers")])
def test_a_file_or_an_indicator(run, arguments):
    assert run("nowcast", *arguments).code == 2


def test_values_show_what_is_expected_beside_what_is_counted(run, tmp_path):
    growing(tmp_path, ["2023-12", "2024-12", "2025-12"])
    asked = ("values", OF.id, "--entity", "WLD", "--period", "2022:")
    shown = run(*asked, "--releases", tmp_path)
    assert "Still filling up" in shown.err
    assert "预期终值" in shown.err
    assert " F" in shown.out
    alone = run(*asked)
    assert "nothing is expected" in alone.err
    assert "expected" not in alone.out
