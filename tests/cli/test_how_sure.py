"""Commands that say how sure a number is."""

from __future__ import annotations

import json


def test_an_estimate_is_printed_in_every_format(run):
    told = run("estimate", "public-ai-rd", "--draws", 500, "--set", "nkp_ai_share=0.1:0.2", "--format", "json")
    [answer] = json.loads(told.out)
    assert told.code == 0
    assert answer["settles_a_claim"] is False
    assert {a["money"] for a in answer["amounts"]} == {"own", "nominal", "real", "ppp"}
    assert next(f for f in answer["factors"] if f["id"] == "nkp_ai_share")["sentence"] == "Set by the reader."
    assert "civil_rd,total,nominal," in run("estimate", "public-ai-rd", "--draws", 500, "--format", "csv").out
    table = run("estimate", "public-ai-rd", "--country", "usa", "--draws", 500)
    assert "Scenario: judged factors" in table.out + table.err


def test_a_wrong_estimate_is_told_without_a_traceback(run):
    for arguments in (
        ["--year", 2017],
        ["--set", "nothing=1"],
        ["--set", "nothing"],
        ["--file", "/nowhere.toml"],
        ["--draws", 0],
    ):
        told = run("estimate", "public-ai-rd", *arguments)
        assert told.code in (1, 2)
        assert told.err.startswith("macaw: ")
        assert "→" in told.err
    assert run("estimate", "public-love").code == 2


def test_a_multiverse_is_printed_and_drawn(run, tmp_path):
    told = run("multiverse", "papers CHN > USA", "--period", "2018:2019", "--chart", tmp_path / "c.svg")
    assert told.code == 0
    assert "most_variance" in told.out
    assert (tmp_path / "c.svg").read_text("utf-8").startswith("<svg")
    rows = json.loads(run("multiverse", "papers CHN > USA", "--period", 2019, "--format", "json").out)
    assert {r["period"] for r in rows} == {2019}
    assert {"counting", "venues", "window", "holds"} <= set(rows[0])
    assert "No year" in run("multiverse", "papers CHN > USA", "--period", 1900).err


def test_a_wrong_multiverse_is_told_without_a_traceback(run, tmp_path):
    for arguments in (
        ["papers CHN USA"],
        ["papers CHN > Nowhereland"],
        ["papers CHN > USA", "--over", "venues"],
        ["papers CHN > USA", "--over", "counting=half"],
        ["papers CHN > USA", "--over", "window=0"],
        ["papers CHN > USA", "--over", "colour=red"],
        ["papers CHN > USA", "--over", "venues=nowhere"],
        ["papers CHN > USA", "--chart", tmp_path / "c.pdf"],
        ["papers CHN > USA", "--topic", "love"],
    ):
        told = run("multiverse", *arguments)
        assert told.code in (1, 2), arguments
        assert told.err.startswith("macaw: "), arguments


def test_a_nowcast_is_printed_and_a_wrong_file_told(run, tmp_path):
    file = tmp_path / "releases.csv"
    lines = ["series,released,period,count"]
    for released in (2020, 2021, 2022, 2023):
        for period in range(2014, released):
            share = 1 - 0.5 ** (2 * (released - period))
            lines.append(f"a,{released}-01-01,{period},{round(1000 * share)}")
    file.write_text("\n".join(lines), "utf-8")
    rows = json.loads(run("nowcast", file, "--format", "json").out)
    youngest = rows[-1]
    assert youngest["period"] == 2022
    assert (youngest["counted_status"], youngest["expected_status"]) == ("P", "F")
    assert youngest["low"] < 1000 < youngest["high"] * 1.1
    assert json.loads(run("nowcast", file, "--least", 0.99, "--format", "json").out)[-1]["expected"] is None
    for content in (b"\xff\xfe\x00", b"", b"series,released,period,count\na,2020-01-01,2019,x"):
        file.write_bytes(content)
        told = run("nowcast", file)
        assert told.code == 1
        assert told.err.startswith("macaw: ")
    assert run("nowcast", tmp_path / "nothing.csv").code == 1
