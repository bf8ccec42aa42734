from __future__ import annotations

import contextlib
import io
import sys
from datetime import date
from pathlib import Path

import pytest

from macaw.claims.reading import article as articles
from macaw.claims.reading.article import open_article, read_text
from macaw.claims.reading.decoding import MAX_BYTES
from macaw.errors import MacawError, UsageError

CHINESE = "中国的人工智能论文数量在去年超过了美国，这是第一次。报告说，核心产业规模为1751亿元。" * 3
PAGE = """<!DOCTYPE html><html lang="zh"><head><title>标题 - 某站</title><meta charset="utf-8">
<meta property="og:title" content="标题"><meta property="article:published_time" content="2024-10-29T02:03:45Z">
<meta property="og:site_name" content="某报"><script>var x = "落后99年";</script><style>p{}</style></head><body>
<nav><p>首页 登录 关于我们的长长的导航文字占比超过90%</p></nav><article><h1>标题</h1>
<p>去年，规模为<b>1751</b>亿元，同比增长11.9%，比前年更高。<br>第二段也有足够的文字来让它被当作正文。</p>
<p onclick="alert(1)">&lt;script&gt;不是脚本&lt;/script&gt;，约占三成，这一段也有足够的文字。</p>
<ul><li><a href="/a">相关链接：落后五年</a></li></ul><figcaption>图注 55%</figcaption></article>
<footer><p>版权所有 2024 这里也有一些文字不属于正文的部分</p></footer></body></html>"""


def test_a_page_is_its_article() -> None:
    article = read_text(PAGE, "page.html")
    assert article.paragraphs == (
        "标题",
        "去年，规模为1751亿元，同比增长11.9%，比前年更高。",
        "第二段也有足够的文字来让它被当作正文。",
        "<script>不是脚本</script>，约占三成，这一段也有足够的文字。",
    )
    assert (article.title, article.date, article.outlet, article.language) == ("标题", date(2024, 10, 29), "某报", "zh")


def test_a_jekyll_post_is_read_with_its_front_matter() -> None:
    post = (
        '---\nlayout: post\ntitle: "标题：一个"\ndate: 2024-10-29T02:03:45.771Z\nauthor: 某台\nfrom: https://example.org/a\n'
        "tags: [ a ]\n---\n<!--NaN-->\n[标题：一个](https://example.org/a)\n------\n\n<div><p><span>规模为1751亿元。</span></p>"
        "<script>x</script></div>\n"
    )
    article = read_text(post, "post.md")
    assert (article.title, article.date, article.outlet, article.url) == (
        "标题：一个", date(2024, 10, 29), "某台", "https://example.org/a",
    )  # fmt: skip
    assert article.paragraphs == ("标题：一个", "规模为1751亿元。")


@pytest.mark.parametrize(
    ("front", "title", "day"),
    [
        ("title: a: b: c\ndate: 2024-05-06", "a: b: c", date(2024, 5, 6)),
        ("title: [1, 2\ndate: 2024/5/6 10:00", "[1, 2", date(2024, 5, 6)),
        ('title: "x"\ndate: 9999999999999-99-99', "x", None),
        (
            "title: !!python/object/apply:os.system ['false']\ndate: soon",
            "!!python/object/apply:os.system ['false']",
            None,
        ),
        ("- a\n- b", None, None),
        ("title: &a [*a]\ndate: 6 May 2024", None, date(2024, 5, 6)),
        ("title: \x01\ndate: 2024-02-30", "\x01", None),
        ("title: {" + "{" * 3000, None, None),
        ("? title\n: 5\ntitle: 7", "7", None),
        ("date: 2024-05-06", None, date(2024, 5, 6)),
        (f"title: 0x{'F' * 6000}\ndate: 0x{'F' * 6000}", None, None),
    ],
)
def test_odd_front_matter_is_no_error(front: str, title: str | None, day: date | None) -> None:
    article = read_text(f"---\n{front}\n---\nRevenue rose 5%.\n\nCosts fell.", "post.md")
    assert (article.title, article.date) == (title, day)
    assert "Revenue rose 5%." in article.paragraphs


def test_aliases_that_multiply_stay_small() -> None:
    front = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{c}: &{c} [*{p},*{p},*{p},*{p},*{p},*{p},*{p},*{p},*{p}]\n"
        for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert read_text(f"---\n{front}title: t\n---\nRevenue rose 5%.", "post.md").title == "t"


def test_plain_text_is_joined_where_it_was_wrapped() -> None:
    text = (
        "A headline without a stop\n\nThe first line of a paragraph that was wrapped at a\n"
        "fixed width goes on here and then it ends. It\n"
        "has a third line.\n\n第一行。\n第二行。"
    )
    article = read_text(text, "a.txt")
    assert article.title == "A headline without a stop"
    assert article.paragraphs[2:] == ("第一行。", "第二行。")


def test_places_hold_for_the_whole_text() -> None:
    article = read_text(PAGE, "page.html")
    assert article.text.index("第二段") == len("\n\n".join(article.paragraphs[:2])) + 2


# -- encodings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "big5", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_encodings_are_told_apart(tmp_path: Path, encoding: str) -> None:
    text = (
        CHINESE
        if encoding != "big5"
        else "中國的人工智慧論文數量在去年超過了美國，這是第一次。報告說，規模為一千億元。"
    )
    file = tmp_path / "a.txt"
    file.write_bytes(text.encode(encoding))
    assert open_article(str(file)).text == text


def test_a_page_that_declares_a_wrong_encoding_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(
        f"<html><head><meta charset='iso-8859-1'></head><body><p>{CHINESE}</p></body></html>".encode("gb18030")
    )
    assert open_article(str(file)).paragraphs == (CHINESE,)


def test_a_few_damaged_bytes_are_borne(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(CHINESE.encode() + b"\xe4\xb8")
    assert open_article(str(file)).text.startswith(CHINESE)


# -- what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "holds no text"),
        (b" \n\n\t", "holds no text"),
        (b"...!?\n---", "holds no text"),
        (b"<html><body><script>var text = 'x'</script></body></html>", "holds no text"),
        (b"PK\x03\x04" + b"\0" * 50, "is a zip archive"),
        (b"\x1f\x8b" + b"\0" * 50, "is a gzip file"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"\x89PNG\r\n", "is an image"),
        (bytes(range(256)) * 40, "is not a text|cannot be told"),
        (b"a" * (MAX_BYTES + 1), "is larger than"),
    ],
    ids=["empty", "blank", "marks", "script", "zip", "gzip", "pdf", "png", "binary", "large"],
)
def test_what_holds_no_article_is_named(tmp_path: Path, data: bytes, reason: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(data)
    with pytest.raises(MacawError, match=reason) as raised:
        open_article(str(file))
    assert raised.value.remedy


@pytest.mark.parametrize(
    ("name", "reason"), [("none.txt", "No such file"), (".", "is a folder"), ("a\0b", "is no file name")]
)
def test_files_that_cannot_be_read_are_named(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(MacawError, match=reason):
        open_article(str(tmp_path / name) if name != "." else str(tmp_path))


def test_a_file_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[int] = []

    class Endless(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            asked.append(size or -1)
            return b"a" * MAX_BYTES + b"b"

    monkeypatch.setattr(Path, "open", lambda *a, **k: Endless())
    with pytest.raises(MacawError, match="is larger than"):
        open_article("/dev/zero")
    assert asked == [MAX_BYTES + 1]


def test_standard_input_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x" * (MAX_BYTES + 5))))
    with pytest.raises(MacawError, match="standard input: is larger than"):
        open_article("-")


@pytest.mark.parametrize("source", ["ftp://example.org/a", "file:///etc/passwd", "gopher://x", "javascript://x"])
def test_other_schemes_are_refused(source: str) -> None:
    with pytest.raises(UsageError, match="only http and https"):
        open_article(source)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20_000 + "<p>Revenue rose 5% to $3 billion last year.</p>",
        "<p>" + "<b>" * 20_000 + "Revenue rose 5%.",
        "<!--" + "x" * 100_000 + "<p>Revenue rose 5%.</p>",
        "<p>Revenue rose 5%.</p>" + "<table><tr><td>" * 3000,
        "<script type='application/ld+json'>" + "[" * 50_000 + "</script><p>Revenue rose 5%.</p>",
        "<p>" + "&amp;" * 50_000 + " Revenue rose 5%.</p>",
    ],
    ids=["divs", "inline", "comment", "tables", "json", "entities"],
)
def test_hostile_pages_end(html: str) -> None:
    with contextlib.suppress(MacawError):  # "holds no text" is an answer too
        read_text(f"<html><body>{html}</body></html>", "a.html")


@pytest.mark.parametrize(
    "text", ["*" * 50_000, "[" * 20_000, "> " * 5000 + "a", "`" * 30_000, "**a" * 10_000, "- " * 5000 + "a"]
)
def test_hostile_markdown_ends(text: str) -> None:
    articles.read_text(text + "\n\nRevenue rose 5%.", "a.md")


def test_a_page_nested_without_end_is_refused() -> None:
    with pytest.raises(MacawError, match="nests more than 1,000 elements"):
        read_text("<!doctype html><body>" + "<div>" * 200_000 + "text", "a.html", "text/html")
