"""An article as the reader sees it: from a file, standard input or an address to title, date, outlet and paragraphs."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt

from macaw.claims.reading.decoding import MAX_BYTES, decode
from macaw.claims.reading.fetch_article import fetch_article
from macaw.claims.reading.page import Page, read_page
from macaw.claims.reading.times import find_times
from macaw.errors import MacawError, UsageError

# BEIJING, May 14, 2024 — and 新华社北京2024年5月14日电; a day without its year tells nothing.
_AGENCY = re.compile(
    r"[A-Z][A-Z .,'-]{2,40}, .{4,40}?(?:\s[–—-]+\s|\(\w+\))"
    r"|.{2,12}(?:社|网|报).{0,12}\d{4}年\d{1,2}月\d{1,2}日.{0,3}[电電讯訊]"
)
_FRONT = re.compile(r"\A\s*---[ \t]*\n(?P<yaml>.{0,65536}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_HTML = re.compile(
    r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype|html|head|body|article|main|div|meta|p|section)\b",
    re.IGNORECASE | re.DOTALL,
)
_MARKDOWN = re.compile(
    r"^#{1,6} \S|^\s*[-*] \S|\[[^\]\n]{1,200}\]\([^)\n]{1,500}\)|^>\s|^={3,}$|^-{3,}$|\*\*[^*\n]+\*\*"
    r"|</?(?:p|div|span|a|br)\b",
    re.MULTILINE,
)
_KEYS = {
    "title": ("title", "headline", "标题"),
    "date": ("date", "published", "pubdate", "publish_date", "publishdate", "published_at", "created", "日期"),
    "outlet": ("outlet", "publisher", "source", "site", "media", "来源", "author"),
    "url": ("url", "link", "source_url", "original", "original_url", "canonical", "from", "permalink"),
    "language": ("lang", "language"),
}
_LONGEST_TITLE = 120
# Python writes whole numbers of up to 4,300 digits, some 14,000 bits.
_MOST_BITS = 10_000
_SENTENCE_END = re.compile(r"[。！？.!?;；]$")


@dataclass(frozen=True)
class Article:
    """An article: paragraphs of plain text, and what is known of it."""

    name: str
    paragraphs: tuple[str, ...]
    title: str | None = None
    date: date | None = None
    outlet: str | None = None
    url: str | None = None
    language: str = "en"

    @property
    def text(self) -> str:
        """The whole text, in which places are counted."""
        return "\n\n".join(self.paragraphs)


def open_article(source: str, on: date | None = None) -> Article:
    """The article in a file, at an address, or in standard input (`-`).

    `on` takes the place of the date the article states. Raises `MacawError` for what cannot be read or holds no text,
    `UsageError` for an address that is neither http nor https.
    """
    charset, media_type, name, url = None, "", source, None
    if source == "-":
        data, name = sys.stdin.buffer.read(MAX_BYTES + 1), "standard input"
    elif re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", source):
        if not re.match(r"https?://", source, re.IGNORECASE):
            raise UsageError(f"{source}: only http and https addresses are read", "give a file, an address or -")
        fetched = fetch_article(source)
        data, charset, media_type, url = fetched.data, fetched.charset, fetched.media_type, fetched.url
    else:
        data = _file(Path(source))
    if len(data) > MAX_BYTES:
        raise MacawError(f"{name}: is larger than {MAX_BYTES:,} bytes", "give one article, not an archive")
    article = read_text(decode(data, name, charset), name, media_type)
    if url and not article.url:
        article = replace(article, url=url)
    return replace(article, date=on) if on else article


def _file(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise MacawError(f"{path}: is a folder", "give a file, an address or -")
        with path.open("rb") as file:
            # One byte more than allowed is enough to know; a file that never ends is not read to its end.
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise MacawError(
            f"{path}: cannot be read ({error.strerror})",
            "give a text, Markdown or HTML file, an address, or - for standard input",
        ) from None
    except ValueError as error:
        raise MacawError(f"{str(path)!r}: is no file name ({error})", "give a file, an address or -") from None
    if len(data) > MAX_BYTES:
        raise MacawError(f"{path}: is larger than {MAX_BYTES:,} bytes", "give one article, not an archive")
    return data


def read_text(text: str, name: str, media_type: str = "") -> Article:
    """The article in a text that is plain, Markdown (with or without front matter) or HTML, told by its looks.

    Raises `MacawError` where no text is left once tags and menus are gone.
    """
    front, body = _front_matter(text)
    if media_type in ("text/html", "application/xhtml+xml") or (not front and _HTML.match(body)):
        article = _from_page(read_page(body), name)
    elif media_type != "text/plain" and (front or name.endswith((".md", ".markdown")) or _MARKDOWN.search(body)):
        html = MarkdownIt("commonmark", {"html": True, "maxNesting": 40}).render(body)
        article = _from_page(read_page(html, whole=False), name)
        if not article.paragraphs:  # nested too deeply to be rendered
            article = _from_plain(body, name)
    else:
        article = _from_plain(body, name)
    article = _with_front(article, front)
    if not any(re.search(r"\w", p) for p in article.paragraphs):
        raise MacawError(
            f"{name}: holds no text to read",
            "give an article; a page that scripts fill in must be saved from a browser",
        )
    if article.title and _bare(article.title) not in {_bare(p) for p in article.paragraphs[:3]}:
        article = replace(article, paragraphs=(article.title, *article.paragraphs))
    letters = re.findall(r"[\u4e00-\u9fff]|[A-Za-z]+", article.text[:20000])
    han = sum(1 for w in letters if w > "\u3000")
    language = "zh" if han > len(letters) / 2 else "en"
    when = article.date or _dateline(article.paragraphs)
    return replace(article, language=language, date=when)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The front matter of a post and what follows it; front matter that is no YAML is read line by line."""
    match = _FRONT.match(text)
    if not match:
        return {}, text
    try:
        found = yaml.safe_load(match["yaml"])
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError, TypeError, AttributeError):
        found = None
    if not isinstance(found, dict):
        pairs = re.findall(r"^([\w-]{1,40})[ \t]*:[ \t]*(.{0,2000})$", match["yaml"], re.MULTILINE)
        found = {key: value.strip().strip("\"'") for key, value in pairs}
    if not found:
        return {}, text
    front = {k.casefold(): v for k, v in found.items() if isinstance(k, str) and not _is_endless(v)}
    return front, text[match.end() :]


def _is_endless(value: Any) -> bool:
    """Whether a value is a whole number that Python will not write, as YAML can say in hexadecimal."""
    return isinstance(value, int) and value.bit_length() > _MOST_BITS


def _with_front(article: Article, front: dict[str, Any]) -> Article:
    def first(what: str) -> Any:
        return next(
            (front[k] for k in _KEYS[what] if isinstance(front.get(k), str | date | int) and str(front[k]).strip()),
            None,
        )

    title, outlet, url = first("title"), first("outlet"), first("url")
    return replace(
        article,
        title=str(title).strip() if title else article.title,
        date=_date(first("date")) or article.date,
        outlet=str(outlet).strip() if outlet else article.outlet,
        url=str(url).strip() if url and re.match("https?://", str(url)) else article.url,
    )


def _from_page(page: Page, name: str) -> Article:
    return Article(name, page.paragraphs, page.title, _date(page.date), page.outlet, page.url)


def _from_plain(text: str, name: str) -> Article:
    """Paragraphs by empty lines; lines that were wrapped are joined, other lines are paragraphs of their own."""
    paragraphs: list[str] = []
    for block in re.split(r"\n\s*\n", text):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        if _is_wrapped(lines):
            paragraphs.append(" ".join(lines))
        else:
            paragraphs.extend(lines)
    first = paragraphs[0] if paragraphs else ""
    title = first if len(first) <= _LONGEST_TITLE and not _SENTENCE_END.search(first) and len(paragraphs) > 1 else None
    return Article(name, tuple(paragraphs), title)


def _is_wrapped(lines: list[str]) -> bool:
    """Whether lines of a Latin text were broken at a width: most end no sentence, all but the last are long."""
    if len(lines) < 2:
        return False
    inner = lines[:-1]
    ended = sum(bool(re.search(r"[.!?:\"”]$", line)) for line in inner)
    return (
        all(40 <= len(line) <= 130 for line in inner)
        and ended <= len(inner) / 2
        and "".join(lines).isascii() is not None
        and not re.search(r"[\u4e00-\u9fff]", lines[0])
    )


def _date(value: Any) -> date | None:
    """A date from front matter or a page, in any of the usual forms."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value or "")[:60].strip()
    match = re.search(r"((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})", text)
    match = match or re.search(r"\b((?:19|20)\d\d)(\d\d)(\d\d)", text)
    if match:
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return None
    found = [t for t in find_times(text, None) if t.kind in ("day", "date") and t.first]
    return date.fromisoformat(found[0].first) if found and found[0].first else None


def _dateline(paragraphs: tuple[str, ...]) -> date | None:
    """A whole date in a short line at the head of a text without other date, or where a news agency sets it."""
    for line in paragraphs[:6]:
        agency = _AGENCY.match(line)
        if agency or (len(line) <= 80 and not _SENTENCE_END.search(line)):
            found = _date(agency[0] if agency else line)
            if found:
                return found
    return None
