"""The observatory as files: a bilingual website of static pages, made from a build or the shipped release.

How to add a page. A page belongs to a part (`macaw.site.pages`): a module with `pages(data, lang)`, which yields a
`Page` each (path below the language's folder, template, title, context), and, where it needs data of its own,
`files(data)`, which yields a `File` each (path below the site's folder, bytes or JSON given to `data_file`). Name the
module in `pages.PARTS`; nothing else has to know of it. Every string stands in `strings.toml` and is asked for by
`lang.t("section.key", name=value)` in Python and `t("section.key", name=value)` in templates; numbers go through
`lang.number(value, unit)`. What a page shows of a build comes from `Data`, which reads it once. Charts are SVG from
`chart.py` and stand in the macro `figure` of `templates/macros.html`, which adds a table and the downloads. Links are
relative: `url("companies.html")` to a page of the same language, `asset("site.css")` to a file of the site, so that all
works from `file://`. Data that a script loads is a script itself: `data_file("records/baidu", value)` is
`data/records/baidu.js`, which hands the value to `macaw.load("records/baidu")`; no page fetches anything.

Addresses: `/en/…` and `/zh/…` hold the same pages; `company/<id>.html`, `country/<id>.html`, `group/<id>.html`
(a colon of an id becomes a hyphen), `companies.html`, `countries.html`, `compare.html`, `indicator/<id>.html`,
`claim/<id>.html`, `data.html`.
"""

from macaw.site.make import Report, make

__all__ = ["Report", "make"]
