"""The main text of a page: paragraphs of its article, without menus, scripts, captions and lists of links.

trafilatura would do this part; it is not used, since what it needs (tld) is not under a permissive licence.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from macaw.errors import MacawError

_REMOVED = (
    "script, style, noscript, template, nav, footer, aside, form, iframe, svg, button, select, object, embed, canvas, "
    "audio, video, figcaption, textarea, dialog, [hidden], [aria-hidden=true]"
)
_AROUND = re.compile(
    r"\b(?:caption|copyright|credit|share|social|related|comments?|subscribe|newsletter|promo|recommend\w*|breadcrumb|"
    r"sidebar|advert\w*|cookie|byline|toolbar|menu|tags?|pagination|lead_image_caption|zoomattribute|footer|nav)\b",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 li blockquote td th div section article main header dd dt pre ul ol table tr br hr figure "
    "body".split()
)
_CONTAINERS = "article, main, [role=main], [itemprop=articleBody], section, div, td, body"
_LONG_PARAGRAPH = 25
_LEAST_IN_ARTICLE = 0.5
_MOST_LINKED = 0.6
# Elements within one another; the cost of a parser grows with the square of it, and no article comes near.
_DEEPEST = 1000
# Elements that are always closed where they end.
_NESTED = re.compile(
    r"<(/?)(?:div|span|section|article|main|blockquote|ul|ol|table|font|center|b|i|em|strong|a)\b[^>]*", re.IGNORECASE
)


@dataclass(frozen=True)
class Page:
    """A page: its paragraphs, and what it says of itself."""

    paragraphs: tuple[str, ...]
    title: str | None
    date: str | None
    outlet: str | None
    url: str | None
    language: str | None


def read_page(html: str, *, whole: bool = True) -> Page:
    """The article of a page. With `whole` false the HTML is nothing but the article, as in a rendered Markdown file.

    Raises `MacawError` for elements nested deeper than in any article.

    >>> page = "<title>T</title><body><nav>Menu</nav><article><p>One <b>two</b>.</p><script>x()</script></article>"
    >>> read_page(page).paragraphs
    ('One two.',)
    """
    if _depth(html) > _DEEPEST:
        raise MacawError(f"the page nests more than {_DEEPEST:,} elements", "save its text and give that")
    tree = LexborHTMLParser(html)
    about = _about(tree)
    for node in tree.css(_REMOVED):
        node.decompose()
    body = tree.body or tree.root
    if body is None:
        return Page((), *about)
    for node in body.css("[class], [id]"):
        label = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        if (
            _AROUND.search(label.replace("_", "-"))
            and len(node.text()) < 2000
            and node.tag not in ("body", "article", "main")
        ):
            node.decompose()
    start = _article(body) if whole else body
    return Page(tuple(_paragraphs(start)), *about)


def _depth(html: str) -> int:
    depth = deepest = 0
    for tag in _NESTED.finditer(html):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _article(body: LexborNode) -> LexborNode:
    """The node that directly holds most of the text in paragraphs; a named article wins if it holds half of all."""
    held: dict[int, tuple[float, LexborNode]] = {}
    total = 0.0
    for p in body.css("p, br"):
        parent = p.parent
        if parent is None:
            continue
        size = float(len(p.text(strip=True))) if p.tag == "p" else 0.0
        if size < _LONG_PARAGRAPH:
            continue
        total += size
        for depth in range(3):
            if parent is None or parent.tag in ("html", "-undef"):
                break
            got = held.get(parent.mem_id, (0.0, parent))[0]
            held[parent.mem_id] = got + size * (1.0, 0.5, 0.25)[depth], parent
            parent = parent.parent
    if not held:
        return body
    for node in body.css("[itemprop=articleBody], article, main, [role=main]"):
        inside = sum(len(p.text(strip=True)) for p in node.css("p"))
        if inside >= _LEAST_IN_ARTICLE * total:
            return node
    best = max(held.values(), key=lambda h: h[0])[1]
    inside = sum(len(p.text(strip=True)) for p in best.css("p"))
    return best if inside >= _LEAST_IN_ARTICLE * total else body


def _paragraphs(start: LexborNode) -> list[str]:
    """Texts of the blocks below a node in order; blocks that are mostly links are left out."""
    blocks: list[tuple[list[str], int]] = [([], 0)]
    linked = 0
    found: list[str] = []

    def close() -> None:
        nonlocal linked
        text = re.sub(r"[ \t\r\n\f\u00a0]+", " ", "".join(blocks[-1][0])).strip()
        # A heading or sentence that is one link may stay where it is long; lists of links go.
        if text and linked <= _MOST_LINKED * len(text):
            found.append(text)
        blocks[-1] = ([], 0)
        linked = 0

    # The tree is walked without recursion: pages may be nested without end.
    stack: list[tuple[LexborNode | None, bool, str]] = [(start, False, "")]
    while stack:
        node, in_link, leaving = stack.pop()
        if leaving or node is None:
            close()
            continue
        if node.tag == "-text":
            text = node.text_content or ""
            blocks[-1][0].append(text)
            linked += len(text.strip()) if in_link else 0
            continue
        block = node.tag in _BLOCKS
        if block:
            close()
            stack.append((None, False, node.tag or "block"))
        children = list(node.iter(include_text=True))
        stack.extend((child, in_link or node.tag == "a", "") for child in reversed(children))
    close()
    return found


# -- what a page says of itself ------------------------------------------------------------------------------


def _about(tree: LexborHTMLParser) -> tuple[str | None, str | None, str | None, str | None, str | None]:
    """Title, date, outlet, address and language."""
    data = _linked_data(tree)
    title = (
        _meta(tree, "og:title", "twitter:title")
        or data.get("headline")
        or _first_text(tree, "h1")
        or _first_text(tree, "title")
    )
    date = _meta(
        tree, "article:published_time", "datePublished", "publishdate", "pubdate", "publish-date", "date", "DC.date",
        "dc.date.issued", "og:published_time", "parsely-pub-date", "sailthru.date", "weibo: article:create_at",
    )  # fmt: skip
    date = date or data.get("datePublished") or _attribute(tree, "time[datetime]", "datetime")
    outlet = _meta(tree, "og:site_name", "application-name") or data.get("publisher")
    url = _attribute(tree, "link[rel=canonical]", "href") or _meta(tree, "og:url")
    language = _attribute(tree, "html", "lang")
    return title, date, outlet, url, language


def _meta(tree: LexborHTMLParser, *names: str) -> str | None:
    wanted = {n.casefold(): rank for rank, n in enumerate(names)}
    best: tuple[int, str] | None = None
    for node in tree.css("meta[content]"):
        of = node.attributes
        name = (of.get("property") or of.get("name") or of.get("itemprop") or "").casefold()
        content = (of.get("content") or "").strip()
        if name in wanted and content and (best is None or wanted[name] < best[0]):
            best = wanted[name], content
    return best[1] if best else None


def _first_text(tree: LexborHTMLParser, selector: str) -> str | None:
    node = tree.css_first(selector)
    return (re.sub(r"\s+", " ", node.text()).strip() or None) if node else None


def _attribute(tree: LexborHTMLParser, selector: str, name: str) -> str | None:
    node = tree.css_first(selector)
    return (node.attributes.get(name) or "").strip() or None if node else None


def _linked_data(tree: LexborHTMLParser) -> dict[str, str]:
    """Headline, date and publisher from JSON-LD; nothing in it is run."""
    found: dict[str, str] = {}
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            waiting: list[Any] = [json.loads(node.text())]
        except (ValueError, RecursionError):
            continue
        for _ in range(200):
            if not waiting:
                break
            item = waiting.pop()
            if isinstance(item, list):
                waiting.extend(item)
            elif isinstance(item, dict):
                waiting.extend(v for k, v in item.items() if k == "@graph")
                publisher = item.get("publisher")
                values = {**item, "publisher": publisher.get("name") if isinstance(publisher, dict) else publisher}
                for key in ("headline", "datePublished", "publisher"):
                    if isinstance(values.get(key), str):
                        found.setdefault(key, values[key])
    return found
