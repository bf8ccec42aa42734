"""How well the English–Chinese definition of AI work agrees with a reader's labels of 200 job titles.

    python benchmarks/job_titles.py --data DIR

The titles were drawn from five lists by the order of their SHA-256 (so without a choice), and labelled before the
definition was run on any of them; labels are shipped as SHA-256 of the title and label, as no row of the lists is.
`yes`: the work is to build, study or direct AI systems, as the title alone tells. `no`: it is not. `unclear`: the title
does not tell (data scientist, algorithm engineer); such titles are reported apart and are in no share.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import re
import tarfile
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
LABELS = HERE / "job_titles.csv"
# List: how many titles are drawn of it.
DRAWN = {"lagou": 60, "boss": 40, "ai_ads_us": 20, "aijobs_net": 60, "onet_computing": 20}


def digest(text: str) -> str:
    """SHA-256 of a title as the lists have it, without blanks around it."""
    return sha256(text.strip().encode()).hexdigest()


def titles(data: Path) -> dict[str, list[str]]:
    """The titles of each list below the data folder."""
    work, text = data / "workforce", data / "text"
    with gzip.open(work / "lagou_2017.csv.gz", "rt", encoding="utf-8") as stream:
        lagou = [row["positionName"] for row in csv.DictReader(stream)]
    heads = [page.read_text("utf-8").partition("\n")[0] for page in work.glob("boss_zhipin_*/*.md")]
    with (work / "cset_bg_US_AI_2019_jobtitles.csv").open(encoding="utf-8") as stream:
        ads = [row["job_title"] for row in csv.DictReader(stream)]
    net = [row["title"] for row in _lines(text / "jobs_aijobsnet_titles_2025.jsonl.gz")]
    onet = _lines(text / "jobs_onet27_alternate_titles.jsonl.gz")
    return {
        "lagou": lagou,
        "boss": [found[1] for head in heads if (found := re.search(r"「(.+?)(?:招聘)?」", head))],
        "ai_ads_us": ads,
        "aijobs_net": net,
        "onet_computing": [row["title"] for row in onet if row["soc"].startswith("15-")],
    }


def _lines(path: Path) -> list[dict[str, str]]:
    raw = gzip.decompress(path.read_bytes())
    if raw[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(raw)) as packed:
            member = packed.extractfile(packed.getmembers()[0])
            raw = member.read() if member else b""
    return [json.loads(line) for line in raw.decode("utf-8").splitlines() if line.strip()]


def drawn(found: dict[str, Iterable[str]]) -> dict[str, str]:
    """The titles that were drawn, each with the list it is from."""
    sample: dict[str, str] = {}
    for name, number in DRAWN.items():
        pool = sorted({t.strip() for t in found[name]} - {"", "NULL", *sample}, key=digest)
        sample |= dict.fromkeys(pool[:number], name)
    return sample
