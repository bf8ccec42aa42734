"""Takes pictures of the main pages of a site into docs/screenshots/.

python docs/screenshots.py SITE     (a folder made by `macaw site`; needs playwright and /usr/bin/chromium)
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

OUT = Path(__file__).parent / "screenshots"
# Name, page, width, height, scheme.
SHOTS = (
    ("overview", "en/index.html", 1280, 1000, "light"),
    ("companies", "en/companies.html", 1280, 900, "light"),
    ("company", "en/company/baidu.html", 1280, 1250, "light"),
    ("compare-zh", "zh/compare.html", 1280, 1250, "light"),
    ("company-phone-zh", "zh/company/baidu.html", 390, 900, "dark"),
)


def main(site: Path) -> None:
    """Write one PNG for each of SHOTS."""
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, path, width, height, scheme in SHOTS:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto((site.resolve() / path).as_uri())
            page.wait_for_timeout(1000)
            page.screenshot(path=OUT / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
