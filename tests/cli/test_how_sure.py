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
    for arguments in (["--year", 2017], ["--set", "nothing=1"], ["--set", "nothing"], ["--file", "/nowhere.toml"]):
        told = run("estimate", "public-ai-rd", *arguments)
        assert told.code in (1, 2)
        assert told.err.startswith("macaw: ")
        assert "→" in told.err
    assert run("estimate", "public-love").code == 2
