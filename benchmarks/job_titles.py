"""How well the English–Chinese definition of AI work agrees with a reader's labels of 200 job titles.

    python benchmarks/job_titles.py --data DIR

The titles were drawn from five lists by the order of their SHA-256 (so without a choice), and labelled before the
definition was run on any of them; labels are shipped as SHA-256 of the title and label, as no row of the lists is.
`yes`: the work is to build, study or direct AI systems, as the title alone tells. `no`: it is not. `unclear`: the title
does not tell (data scientist, algorithm engineer); such titles are reported apart and are in no share. Beside the 200,
80 titles were drawn that hold a word near AI, as most titles of the lists are easy.
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
# Titles that hold a word near AI, where a definition can go wrong: as many again are drawn of the lists together.
NEAR = {
    "near_zh": (40, re.compile(r"算法|智能|学习|挖掘|模型|建模|视觉|语音|图像|科学|研究|机器|无人")),
    "near_en": (
        40,
        re.compile(r"(?i)learning|vision|language|robot|scien|algorithm|intelligen|model|autonom|speech|\bai\b|\bml\b"),
    ),
}


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
    every = {t.strip() for listed in found.values() for t in listed} - set(sample)
    for name, (number, near) in NEAR.items():
        pool = sorted((t for t in every if near.search(t) and t not in sample), key=digest)
        sample |= dict.fromkeys(pool[:number], name)
    return sample


def scores(sample: dict[str, str], labels: dict[str, str], answers: dict[str, bool | None]) -> list[str]:
    """Lines of a report: how answers and labels agree, by list and together; open answers are told apart."""
    lines = ["list             yes-labels  found  missed  open | no-labels  wrongly yes  open | unclear: yes no open"]
    for name in (*DRAWN, "drawn", *NEAR, "all"):
        mine = [t for t, of in sample.items() if name in (of, "all") or (name == "drawn" and of in DRAWN)]
        by = Counter((labels[digest(t)], answers[t]) for t in mine)
        yes, no, unclear = ({a: by[label, a] for a in (True, False, None)} for label in ("yes", "no", "unclear"))
        lines.append(
            f"{name:16} {sum(yes.values()):10} {yes[True]:6} {yes[False]:7} {yes[None]:5} |"
            f" {sum(no.values()):9} {no[True]:12} {no[None]:5} |"
            f" {unclear[True]:12} {unclear[False]:2} {unclear[None]:4}"
        )
        if name in ("drawn", "all"):
            found, wrong = yes[True], no[True]
            lines += [
                f"precision {found}/{found + wrong} = {found / (found + wrong):.3f}"
                f" · recall {found}/{sum(yes.values())} = {found / sum(yes.values()):.3f}"
                " (titles labelled unclear left out)"
            ]
    return lines


def main() -> None:
    """Print the report, and the titles on which label and definition differ."""
    from macaw.relevance.positions import Position, definitions

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--definition", default="macaw_ai_work")
    parser.add_argument("--show", action="store_true", help="also the titles on which label and definition differ")
    asked = parser.parse_args()
    sample = drawn(titles(asked.data))
    with LABELS.open(encoding="utf-8") as stream:
        labels = {row["title_sha256"]: row["label"] for row in csv.DictReader(stream)}
    missing = [title for title in sample if digest(title) not in labels]
    if missing:
        raise SystemExit(f"{len(missing)} titles have no label: the lists have changed since they were drawn")
    definition = definitions()[asked.definition]
    answers = {title: definition.of(Position(title))[0] for title in sample}
    print(f"definition {definition.id}, version {definition.version}, on titles alone")
    print("\n".join(scores(sample, labels, answers)))
    if asked.show:
        for title, name in sample.items():
            label = labels[digest(title)]
            if label != "unclear" and answers[title] is not (label == "yes"):
                print(f"{name}: {label}, definition says {answers[title]}: {title}")


if __name__ == "__main__":
    main()
